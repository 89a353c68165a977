#pragma once

#include <string>
#include <string_view>

namespace linecard::text {

/// Empty when `address` is an e-mail address linecard accepts; otherwise what would be accepted, a static phrase to
/// follow "email: ". The profile is narrower than RFC 5321 on purpose: a dot-atom of at most 64 characters, "@", a
/// domain name of two labels or more (RFC 1123), 254 characters in all, ASCII only. Quoted local parts, comments,
/// address literals and SMTPUTF8 are refused; a domain of other letters comes as its A-labels (RFC 5890). Since 0.1.
[[nodiscard]] std::string_view email_flaw(std::string_view address) noexcept;

/// The unique form of an accepted address, for comparison only: mail goes to the address as written. The local part is
/// lower-cased with the domain, for no provider gives Ann@ and ann@ to different people; plus signs and dots stay, for
/// some do give those. Since 0.1.
[[nodiscard]] std::string email_key(std::string_view valid);

} // namespace linecard::text
