// Whose line is it? From the view, or from the store.
#include "line_loading.hpp"
#include "state.hpp"

#include <linecard/model/package.hpp>

#include <algorithm>

namespace linecard {

line directory::line_of_did(std::string_view e164, refusal* why) {
  return inside_->line_by(
      why, [&](const lines_view& in, line& into) { return in.by_number(e164, into); },
      [&](snapshot& facts, auto& features) { return line_by_number(facts, e164, features); });
}

line directory::line_of_extension(id_of<tenant> where, std::string_view number, refusal* why) {
  return inside_->line_by(
      why, [&](const lines_view& in, line& into) { return in.by_extension(where, number, into); },
      [&](snapshot& facts, auto& features) { return line_by_extension(facts, where, number, features); });
}

line directory::line_of_user(id_of<user> who, refusal* why) {
  return inside_->line_by(
      why, [&](const lines_view& in, line& into) { return in.by_user(who, into); },
      [&](snapshot& facts, auto& features) { return line_by_user(facts, who, features); });
}

line directory::line_of_external_ref(id_of<tenant> where, std::string_view ref, refusal* why) {
  return inside_->line_by(
      why, [&](const lines_view& in, line& into) { return in.by_external_ref(where, ref, into); },
      [&](snapshot& facts, auto& features) { return line_by_external_ref(facts, where, ref, features); });
}

refusal directory::lines_of_dids(std::span<const std::string_view> e164, std::span<line> into) {
  refusal why;
  if (into.size() != e164.size())
    why = refuse(status::invalid, "answers_invalid", "/into", "there must be room for one answer to each question");
  else if (inside_->lines)
    why = inside_->lines->ask_many(e164, into.data());
  else
    why = guarded([&] {
      return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
        for (std::size_t n = 0; n < e164.size(); ++n) into[n] = line_by_number(facts, e164[n], inside_->features);
        return std::nullopt;
      });
    });
  if (why) std::ranges::fill(into, line{});
  return why;
}

result<feature> directory::find_feature(std::string_view name) {
  auto found = inside_->features.find(name);
  if (found != feature::none) return found;
  bool carried = false;
  auto no = guarded([&] {
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      for (const auto& each : facts.list<&package_feature::package_id>()) carried |= each->feature == name;
      if (carried) found = inside_->features.number_of(name);
      return std::nullopt;
    });
  });
  if (no) return *std::move(no);
  if (!carried)
    return refuse(status::invalid, "feature_unknown", "/feature",
                  "no package carries a feature \"" + std::string(name) + "\"");
  if (found == feature::none)
    return refuse(status::limit, "too_many_features", "/feature", "look-ups tell of 255 features at most");
  return found;
}

} // namespace linecard
