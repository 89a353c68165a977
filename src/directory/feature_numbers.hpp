// The numbers that features have in one open directory, in the order in which they were first met.
#pragma once

#include <linecard/model/call.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace linecard {

class feature_numbers {
public:
  /// none: it has not been met.
  [[nodiscard]] feature find(std::string_view name) const;
  /// Its number, from now on at least. none: there are as many as a feature_set holds.
  [[nodiscard]] feature number_of(std::string_view name);

private:
  mutable std::mutex mutex_{};
  std::map<std::string, feature, std::less<>> known_{};
};

} // namespace linecard
