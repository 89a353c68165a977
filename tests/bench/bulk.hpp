// Many rows at once, straight into a store.
#pragma once

#include <linecard/ports/store.hpp>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace bench {

using namespace linecard;

inline void demand(bool so, const std::string& what) {
  if (so) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

template <class T> T must(result<T> r) {
  if (!r) demand(false, r.error().reason + ": " + r.error().message);
  return *std::move(r);
}

/// Rows for the store's apply, with the values they point into.
class bulk {
public:
  explicit bulk(store& into) : into_(into) {}
  ~bulk() { flush(); }
  template <class T> void add(const T& row) {
    const T& kept = keep(row);
    auto& values = values_.emplace_back();
    for (const auto& column : fields_of<T>) values.push_back(column.get(&kept));
    auto& key = values_.emplace_back();
    for (const auto c : info_of<T>.key) key.push_back(values[c]);
    changes_.push_back({.what = change::action::insert, .table = &info_of<T>, .key = key, .values = values});
    if (changes_.size() == 5000) flush();
  }
  void flush() {
    if (changes_.empty()) return;
    auto begun = into_.begin(access::write);
    demand(begun.has_value(), "begin");
    std::size_t conflicting = 0;
    auto no = (*begun)->apply(changes_, conflicting);
    if (!no) no = (*begun)->commit();
    demand(!no, no ? no->reason + " " + no->message : "");
    changes_.clear(), values_.clear(), kept_.clear();
  }

private:
  template <class T> const T& keep(const T& row) {
    auto owned = std::make_shared<T>(row);
    kept_.push_back(owned);
    return *owned;
  }
  store& into_;
  std::vector<change> changes_{};
  std::deque<std::vector<value>> values_{};
  std::vector<std::shared_ptr<void>> kept_{};
};

} // namespace bench
