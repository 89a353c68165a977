#include "feature_numbers.hpp"

namespace linecard {

feature feature_numbers::find(std::string_view name) const {
  const std::scoped_lock hold(mutex_);
  const auto at = known_.find(name);
  return at == known_.end() ? feature::none : at->second;
}

feature feature_numbers::number_of(std::string_view name) {
  const std::scoped_lock hold(mutex_);
  if (const auto at = known_.find(name); at != known_.end()) return at->second;
  const auto next = known_.size() + 1;
  if (next >= most_features) return feature::none;
  return known_.emplace(name, static_cast<feature>(next)).first->second;
}

} // namespace linecard
