// Counters in Prometheus' text format. Labels are names of commands and calls, which are ours, and reasons, which the
// tally holds to slugs and to a number of them; they are escaped all the same.
#include <linecard/counters.hpp>

#include <initializer_list>
#include <string_view>
#include <utility>

namespace linecard {

namespace {

struct label {
  std::string_view name{}, content{};
};

class page {
public:
  /// Opens a family of samples.
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  void sample(std::string_view number, std::initializer_list<label> labels = {}, std::string_view suffix = {}) {
    text_.append(name_).append(suffix);
    char before = '{';
    for (const auto& l : labels) {
      text_ += before;
      text_.append(l.name).append("=\"");
      append_escaped(l.content);
      text_ += '"';
      before = ',';
    }
    if (labels.size() != 0) text_ += '}';
    text_.append(" ").append(number).append("\n");
  }
  [[nodiscard]] std::string finish() { return std::move(text_); }

private:
  void append_escaped(std::string_view content) {
    for (const char c : content) {
      if (c == '\\' || c == '"') text_ += '\\';
      if (c == '\n')
        text_ += "\\n";
      else
        text_ += c;
    }
  }

  std::string text_{};
  std::string name_{};
};

std::string whole(std::int64_t n) { return std::to_string(n); }

/// `n` of so many to the second, as seconds, without a locale's comma and without a float's rounding.
std::string seconds(std::int64_t n, std::int64_t to_the_second) {
  const std::string rest = std::to_string(to_the_second + n % to_the_second).substr(1);
  return std::to_string(n / to_the_second) + "." + rest;
}

} // namespace

std::string to_prometheus(const directory_counters& counters) {
  page out;
  out.family("linecard_commands_total", "counter", "Commands run or confirmed, by what came of them.");
  for (const auto& c : counters.commands) {
    out.sample(whole(c.done), {{"command", c.command}, {"result", "done"}});
    out.sample(whole(c.refused), {{"command", c.command}, {"result", "refused"}});
  }
  out.family("linecard_refusals_total", "counter", "Refused commands by reason.");
  for (const auto& r : counters.refusals) out.sample(whole(r.count), {{"reason", r.reason}});
  out.family("linecard_reruns_total", "counter", "Rules decided again because somebody else was first.");
  out.sample(whole(counters.reruns));
  out.family("linecard_contended_total", "counter", "Commands given up because somebody else was always first.");
  out.sample(whole(counters.contended));
  out.family("linecard_store_seconds", "summary", "Time spent in calls of the store.");
  for (const auto& s : counters.store) {
    out.sample(seconds(s.microseconds, 1'000'000), {{"call", s.call}}, "_sum");
    out.sample(whole(s.count), {{"call", s.call}}, "_count");
  }
  out.family("linecard_after_commit_failures_total", "counter", "Times the host's after_commit failed.");
  out.sample(whole(counters.after_commit_failures));
  out.family("linecard_log_failures_total", "counter", "Times the host's log failed.");
  out.sample(whole(counters.log_failures));
  if (const auto& age = counters.view_age_milliseconds) {
    out.family("linecard_view_age_seconds", "gauge", "How long ago the views were last known to be current.");
    out.sample(seconds(*age, 1000));
  }
  return out.finish();
}

} // namespace linecard
