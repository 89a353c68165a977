#include "foresight.hpp"

#include <exception>

namespace linecard {

namespace {

std::string name_of(const table_info& table, std::uint16_t index, std::span<const value> prefix) {
  std::string out(table.name);
  return out.append(1, '\0').append(std::to_string(index)).append(1, '\0') += sort_key(prefix);
}

} // namespace

/// Copies what the store lends.
struct foresight::keeper final : row_sink {
  std::vector<rows> kept{};
  std::exception_ptr thrown{};

  explicit keeper(std::size_t requests) : kept(requests) {}
  bool row(std::size_t request, std::int64_t version, std::span<const value> columns) override {
    try {
      auto& r = kept.at(request).emplace_back();
      r.version = version;
      r.columns.assign(columns.begin(), columns.end());
      for (const auto& v : columns)
        if (v.data != nullptr) r.bytes.append(v.bytes());
      return true;
    } catch (...) { // must not unwind through a host's store
      thrown = std::current_exception();
      return false;
    }
  }
  /// Once nothing moves any more.
  void settle() {
    if (thrown) std::rethrow_exception(thrown);
    for (auto& answer : kept)
      for (auto& r : answer) {
        const char* at = r.bytes.data();
        for (auto& v : r.columns)
          if (v.data != nullptr) v.data = at, at += v.number;
      }
  }
};

refusal foresight::ask(const expectations& expected) {
  std::vector<scan_request> requests;
  std::vector<std::string> names;
  for (const auto& q : expected.questions()) {
    auto name = name_of(*q.table, q.index, q.prefix);
    if (!known_.try_emplace(name).second) continue;
    names.push_back(std::move(name));
    requests.push_back(
        {.table = q.table, .index = q.index, .prefix = q.prefix, .limit = q.one_row ? 1u : 0u, .for_update = q.held});
  }
  keeper answers(requests.size());
  if (auto no = from_.scan(requests, answers)) return no;
  answers.settle();
  for (std::size_t i = 0; i < names.size(); ++i)
    known_[names[i]] = std::move(answers.kept[i]); // rows stay where they are
  return std::nullopt;
}

const foresight::rows* foresight::known(const scan_request& r) const {
  if (r.from != nullptr || r.below != nullptr || !r.after.empty() || r.descending || r.for_update || r.drifted)
    return nullptr;
  const auto it = known_.find(name_of(*r.table, r.index, r.prefix));
  return it == known_.end() ? nullptr : &it->second;
}

refusal foresight::scan(std::span<const scan_request> requests, row_sink& sink) {
  std::vector<const rows*> answers;
  std::vector<scan_request> missing;
  for (const auto& r : requests) {
    answers.push_back(known(r));
    if (answers.back() == nullptr) missing.push_back(r);
  }
  if (missing.size() == requests.size()) return from_.scan(requests, sink);
  keeper late(missing.size());
  if (!missing.empty())
    if (auto no = from_.scan(missing, late)) return no;
  late.settle();
  std::size_t next = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const rows& all = answers[i] != nullptr ? *answers[i] : late.kept[next++];
    std::uint32_t seen = 0;
    for (const auto& r : all)
      if (!sink.row(i, r.version, r.columns) || ++seen == requests[i].limit) break;
  }
  return std::nullopt;
}

} // namespace linecard
