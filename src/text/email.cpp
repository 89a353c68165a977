#include <linecard/text/email.hpp>

#include "ascii.hpp"

namespace linecard::text {

namespace {

// RFC 5322, 3.2.3, atext.
bool atom_character(char c) {
  return ascii::alphanumeric(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
}

// Calls `holds` with each part of `text` between dots; the empty parts too, which neither grammar allows.
template <class Predicate> bool every_part(std::string_view text, Predicate holds) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!holds(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool atom(std::string_view part) { return !part.empty() && ascii::all(part, atom_character); }

// Whether an xn-- label decodes is not asked: no harm comes of one that does not, it merely has no mail server.
bool label(std::string_view part) {
  return !part.empty() && part.size() <= 63 && part.front() != '-' && part.back() != '-' &&
         ascii::all(part, [](char c) { return ascii::alphanumeric(c) || c == '-'; });
}

} // namespace

std::string_view email_flaw(std::string_view address) noexcept {
  if (!ascii::all(address, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return "must be ASCII before the \"@\"; after it, a domain with other letters can be given in its xn-- form";
  if (address.size() > 254) return "must be at most 254 characters";
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos || address.find('@', at + 1) != std::string_view::npos)
    return "must have exactly one \"@\", as in name@example.com";
  const std::string_view local = address.substr(0, at);
  const std::string_view domain = address.substr(at + 1);
  if (local.empty() || local.size() > 64) return "must have 1 to 64 characters before the \"@\"";
  if (!every_part(local, atom))
    return "must have only letters, digits, single dots and the signs !#$%&'*+-/=?^_`{|}~ before the \"@\"";
  const std::size_t last_dot = domain.rfind('.');
  if (last_dot == std::string_view::npos) return "must have a full domain after the \"@\", as in example.com";
  if (!every_part(domain, label))
    return "must have a domain whose labels are 1 to 63 letters, digits and inner hyphens";
  // Otherwise 192.0.2.1 would do for a domain (RFC 3696, section 2).
  if (ascii::all(domain.substr(last_dot + 1), ascii::digit)) return "must have a domain that does not end in a number";
  return {};
}

std::string email_key(std::string_view valid) { return ascii::lower(valid); }

} // namespace linecard::text
