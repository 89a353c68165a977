// A host's word for why something failed, as people who manage users read it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace linecard {

/// `given` where it is a slug of at most 64 characters, `unsaid` where it is empty, else `ill`.
[[nodiscard]] inline std::string slug_of(std::string_view given, std::string_view unsaid, std::string_view ill) {
  const bool fits = given.size() <= 64 && std::ranges::all_of(given, [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                    });
  return std::string(given.empty() ? unsaid : fits ? given : ill);
}

} // namespace linecard
