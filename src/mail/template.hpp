// Logic-less templates: the part of Mustache that letters need, with every tag checked when the template comes in.
#pragma once

#include "wiped.hpp"

#include <array>
#include <string>
#include <string_view>

namespace linecard::mail {

/// What templates may name; empty means absent.
struct letter_fields {
  std::string_view first_name{}, last_name{}, tenant{}, link{}, code{}, expires{}, sender_name{};
};

/// Empty when `source` can be rendered, else what is wrong with it.
[[nodiscard]] std::string template_flaw(std::string_view source);

enum class escaping { none, html };
/// `source` must be without flaw.
void append_rendered(wiped_string& to, std::string_view source, const letter_fields& fields, escaping how);

/// The html template for a text one: a paragraph for each block between blank lines; a block that is nothing but
/// {{link}} becomes a link, one that is nothing but {{code}} stands out.
[[nodiscard]] std::string html_template_of(std::string_view text, std::string_view language);

} // namespace linecard::mail
