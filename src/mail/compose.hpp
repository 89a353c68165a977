// A letter as an RFC 5322 message: multipart/alternative, 7-bit throughout, lines ended by CRLF.
#pragma once

#include "wiped.hpp"

#include <linecard/ports/mailer.hpp>

namespace linecard::mail {

/// Everything of `mail` but `source`, which this makes. Message-ID comes from the message's id, so that every attempt
/// has the same one.
[[nodiscard]] wiped_string compose(const outgoing_mail& mail, instant now);

/// RFC 5322, 3.3: "Sun, 22 Nov 2026 03:21:36 +0000".
[[nodiscard]] std::string mail_date(instant at);
/// A header's text after its name: as it is where it is short plain ASCII, else encoded words (RFC 2047), folded.
[[nodiscard]] std::string header_text(std::string_view line);
/// Before an address: an atom, a quoted string or encoded words.
[[nodiscard]] std::string display_name(std::string_view line);
/// RFC 2045, 6.7, of text with LF line ends.
void append_quoted_printable(wiped_string& to, std::string_view text);

} // namespace linecard::mail
