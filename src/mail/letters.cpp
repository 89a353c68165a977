#include "letters.hpp"

#include <linecard/text/email.hpp>
#include <linecard/text/language.hpp>
#include <linecard/text/utf8.hpp>

#include <algorithm>
#include <string>

namespace linecard::mail {

namespace {

/// The next wider tag of RFC 4647, 3.4: one subtag less, and no singleton at the end.
std::string_view wider(std::string_view tag) {
  auto cut = tag.rfind('-');
  if (cut == std::string_view::npos) return {};
  if (cut >= 2 && tag[cut - 2] == '-') cut -= 2;
  return tag.substr(0, cut);
}

const letter_words* find(std::span<const letter_words> among, std::string_view letter, std::string_view language) {
  const auto found =
      std::ranges::find_if(among, [&](const letter_words& w) { return w.letter == letter && w.language == language; });
  return found == among.end() ? nullptr : &*found;
}

error invalid(std::string_view slug, std::string path, std::string message) {
  return refuse(status::invalid, slug, path, std::move(message));
}

bool in_url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

bool link_base_fits(std::string_view s) {
  constexpr std::string_view scheme = "https://";
  if (!s.starts_with(scheme) || s.size() > 1000 || !std::ranges::all_of(s, in_url)) return false;
  const auto authority = s.substr(scheme.size(), s.find_first_of("/?#", scheme.size()) - scheme.size());
  return !authority.empty() && authority.front() != ':' && authority.find('@') == std::string_view::npos &&
         scheme.size() + authority.size() < s.size() &&
         std::string_view("/=#").find(s.back()) != std::string_view::npos;
}

refusal flaw_of(const letter_template& t, const std::string& path) {
  const auto flaw = [&](std::string_view member, std::string why) {
    return invalid("template_invalid", path + "/" + std::string(member), std::string(member) + ": " + why);
  };
  if (!find(english_letters(), t.letter, "en")) return flaw("letter", "linecard sends no letter of this name");
  if (const auto why = text::language_flaw(t.language); !why.empty()) return flaw("language", std::string(why));
  if (const auto why = text::line_flaw(t.subject, 200); !why.empty()) return flaw("subject", std::string(why));
  if (t.text.empty()) return flaw("text", "must not be empty");
  for (const auto& [member, source] : {std::pair{"subject", &t.subject}, {"text", &t.text}, {"html", &t.html}}) {
    if (!text::valid_utf8(*source)) return flaw(member, "must be UTF-8 text without NUL");
    if (auto why = template_flaw(*source); !why.empty()) return flaw(member, std::move(why));
  }
  return std::nullopt;
}

} // namespace

letter_words words_for(std::string_view letter, std::string_view language, std::span<const letter_template> of_host) {
  for (auto tag = language;; tag = wider(tag)) {
    if (tag.empty()) tag = "en";
    for (const auto& t : of_host)
      if (t.letter == letter && text::language_key(t.language) == tag)
        return {t.letter, t.language, t.subject, t.text, t.html};
    for (const auto& ours : {english_letters(), french_letters(), german_letters(), spanish_letters()})
      if (const auto* found = find(ours, letter, tag)) return *found;
    if (tag == "en") return {};
  }
}

rendered_letter render(std::string_view letter, std::string_view language, const letter_fields& fields,
                       std::span<const letter_template> of_host) {
  const auto words = words_for(letter, language, of_host);
  rendered_letter out{.language = words.language};
  append_rendered(out.subject, words.subject, fields, escaping::none);
  append_rendered(out.text, words.text, fields, escaping::none);
  if (words.html.empty())
    append_rendered(out.html, html_template_of(words.text, words.language), fields, escaping::html);
  else
    append_rendered(out.html, words.html, fields, escaping::html);
  return out;
}

refusal flaw_of(const mail_options& options) {
  if ((options.mailer || !options.link_base.empty()) && !link_base_fits(options.link_base))
    return invalid("link_base_invalid", "/link_base",
                   "link_base: must be an https address without user name, ending in '/', '=' or '#', to which the "
                   "token is appended: https://pbx.example/setup#");
  if (options.mailer || !options.sender.empty())
    if (const auto why = text::email_flaw(options.sender); !why.empty())
      return invalid("sender_invalid", "/sender", "sender: " + std::string(why));
  if (!options.sender_name.empty())
    if (const auto why = text::line_flaw(options.sender_name, 100); !why.empty())
      return invalid("sender_name_invalid", "/sender_name", "sender_name: " + std::string(why));
  for (std::size_t i = 0; i < options.templates.size(); ++i)
    if (auto no = flaw_of(options.templates[i], "/templates/" + std::to_string(i))) return no;
  return std::nullopt;
}

} // namespace linecard::mail
