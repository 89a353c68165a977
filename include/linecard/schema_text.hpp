// The library's own description of every operation, as JSON Schema (2020-12) with the vocabulary's words.
#pragma once

#include <string>

namespace linecard {

/// {"linecard": version, "operations": {name: {"kind", "about", "needs", "acts_in", "request", "answer"}},
/// "permissions": [...]}
[[nodiscard]] std::string describe_operations();

} // namespace linecard
