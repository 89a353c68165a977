// The version of the headers; CMakeLists.txt holds the same number (a test compares them).
#pragma once

#include <string_view>

namespace linecard {

inline constexpr std::string_view version = "0.1.0";

} // namespace linecard
