#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linecard::text {

/// An amount as people write it, by the currency's minor unit in ISO 4217: 1295 USD is "12.95 USD", 1295 JPY "1295
/// JPY", 1295 KWD "1.295 KWD", -5 EUR "-0.05 EUR". A currency this library does not know has two decimals. Since 0.1.
[[nodiscard]] std::string money(std::int64_t minor, std::string_view currency);

} // namespace linecard::text
