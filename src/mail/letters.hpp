// Which words a letter has: the host's for its language, else ours, else those of a wider language, else English.
#pragma once

#include "template.hpp"

#include <linecard/ports/mailer.hpp>
#include <linecard/result.hpp>

#include <span>

namespace linecard::mail {

struct letter_words {
  std::string_view letter{}, language{}, subject{}, text{}, html{};
};
[[nodiscard]] std::span<const letter_words> english_letters();
[[nodiscard]] std::span<const letter_words> french_letters();
[[nodiscard]] std::span<const letter_words> german_letters();
[[nodiscard]] std::span<const letter_words> spanish_letters();

/// By RFC 4647, 3.4 (lookup): fr-CA, then fr, then en. There is always one for a letter of ours.
[[nodiscard]] letter_words words_for(std::string_view letter, std::string_view language,
                                     std::span<const letter_template> of_host);

/// A letter in words; `language` is the one found.
struct rendered_letter {
  std::string_view language{};
  wiped_string subject{}, text{}, html{};
};
[[nodiscard]] rendered_letter render(std::string_view letter, std::string_view language, const letter_fields& fields,
                                     std::span<const letter_template> of_host);

/// Refuses "link_base_invalid", "sender_invalid", "sender_name_invalid", "template_invalid".
[[nodiscard]] refusal flaw_of(const mail_options& options);

} // namespace linecard::mail
