#pragma once

#include <string_view>

namespace linecard::text {

/// Empty when `number` is an international number in the form of ITU-T E.164: "+", then 2 to 15 digits that begin with
/// an assigned country calling code and go on after it. Otherwise what would be accepted, a static phrase to follow
/// "number: ". National plans are not checked, for they change more often than software: ask the provider. Emergency
/// and short codes are no such numbers. Since 0.1.
[[nodiscard]] std::string_view e164_flaw(std::string_view number) noexcept;

/// The digits of the calling code `e164` begins with, a view into it: "44" of "+442079460000". Empty when there is
/// none. Since 0.1.
[[nodiscard]] std::string_view calling_code(std::string_view e164) noexcept;

/// Empty when `extension` is 2 to 8 digits (a first 0 is allowed: it is dialled, not counted); otherwise what would be
/// accepted, a static phrase to follow "extension: ". Since 0.1.
[[nodiscard]] std::string_view extension_flaw(std::string_view extension) noexcept;

} // namespace linecard::text
