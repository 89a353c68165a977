// Own code rather than a Mustache library: the one at hand renders values as templates where a template asks for a
// partial, drops misspelt names in silence, and leaves copies of the token all over the heap.
#include "template.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace linecard::mail {

namespace {

struct named {
  std::string_view name{};
  std::string_view letter_fields::*field{};
};
constexpr std::array<named, 7> known{{{"first_name", &letter_fields::first_name},
                                      {"last_name", &letter_fields::last_name},
                                      {"tenant", &letter_fields::tenant},
                                      {"link", &letter_fields::link},
                                      {"code", &letter_fields::code},
                                      {"expires", &letter_fields::expires},
                                      {"sender_name", &letter_fields::sender_name}}};

enum class part_kind { words, field, section, inverted, end };

struct part {
  part_kind kind{};
  std::string_view words{}; ///< of a tag: the name
  std::string_view letter_fields::*field{};
  std::size_t end{}; ///< of a section: its end tag
};

std::string_view trimmed(std::string_view s) {
  const auto first = s.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

bool blank(std::string_view s) { return s.find_first_not_of(" \t") == std::string_view::npos; }

struct parser {
  std::string_view source;
  std::vector<part> parts{};
  std::vector<std::size_t> open{};
  std::string flaw{};

  void parse() {
    std::size_t at = 0;
    while (flaw.empty()) {
      const auto begin = source.find("{{", at);
      if (begin == std::string_view::npos) break;
      const auto end = source.find("}}", begin + 2);
      if (end == std::string_view::npos) return fail("a tag has no end: \"{{\" needs its \"}}\"", {});
      const auto inside = source.substr(begin + 2, end - begin - 2);
      auto words_end = begin, next = end + 2;
      if (!inside.empty() && std::string_view("#^/!").find(inside.front()) != std::string_view::npos)
        take_whole_line(at, words_end, next);
      if (words_end > at) parts.push_back({part_kind::words, source.substr(at, words_end - at)});
      tag(inside);
      at = next;
    }
    if (!flaw.empty()) return;
    if (at < source.size()) parts.push_back({part_kind::words, source.substr(at)});
    if (!open.empty()) fail("a section has no end", parts[open.back()].words);
  }

  /// A section tag or comment alone on its line leaves no empty line behind.
  void take_whole_line(std::size_t from, std::size_t& words_end, std::size_t& next) const {
    const auto before = source.substr(0, words_end).rfind('\n');
    const auto line = before == std::string_view::npos ? 0 : before + 1;
    const auto newline = std::min(source.find('\n', next), source.size());
    if (line < from || !blank(source.substr(line, words_end - line)) || !blank(source.substr(next, newline - next)))
      return;
    words_end = line;
    next = std::min(newline + 1, source.size());
  }

  void tag(std::string_view inside) {
    const char sign = inside.empty() ? ' ' : inside.front();
    if (sign == '!') return;
    const bool marked = sign == '#' || sign == '^' || sign == '/';
    const auto name = trimmed(marked ? inside.substr(1) : inside);
    const auto* found = std::ranges::find(known, name, &named::name);
    if (found == known.end()) return fail("no letter has this field", name);
    if (sign == '/') {
      if (open.empty() || parts[open.back()].words != name) return fail("a section ends that was not begun", name);
      parts[open.back()].end = parts.size();
      open.pop_back();
    } else if (marked) {
      open.push_back(parts.size());
    }
    const auto kind = sign == '#'   ? part_kind::section
                      : sign == '^' ? part_kind::inverted
                      : sign == '/' ? part_kind::end
                                    : part_kind::field;
    parts.push_back({kind, name, found->field});
  }

  void fail(std::string_view what, std::string_view name) {
    flaw = what;
    if (!name.empty()) flaw.append(": \"").append(name.substr(0, 40)).append("\"");
  }
};

void append_escaped(wiped_string& to, std::string_view words) {
  for (const char c : words) switch (c) {
    case '&':
      to += "&amp;";
      break;
    case '<':
      to += "&lt;";
      break;
    case '>':
      to += "&gt;";
      break;
    case '"':
      to += "&quot;";
      break;
    case '\'':
      to += "&#39;";
      break;
    default:
      to += c;
    }
}

/// Words as html, tags left alone.
void append_escaped_words(std::string& to, std::string_view block) {
  while (!block.empty()) {
    const auto tag = std::min(block.find("{{"), block.size());
    wiped_string words;
    append_escaped(words, block.substr(0, tag));
    to += words;
    block.remove_prefix(tag);
    const auto end = block.find("}}");
    const auto length = block.empty() ? 0 : std::min(end == std::string_view::npos ? end : end + 2, block.size());
    to += block.substr(0, length);
    block.remove_prefix(length);
  }
}

} // namespace

std::string template_flaw(std::string_view source) {
  parser read{source};
  read.parse();
  return read.flaw;
}

void append_rendered(wiped_string& to, std::string_view source, const letter_fields& fields, escaping how) {
  parser read{source};
  read.parse();
  for (std::size_t at = 0; at < read.parts.size(); ++at) {
    const auto& p = read.parts[at];
    if (p.kind == part_kind::words) to += p.words;
    if (!p.field) continue;
    const auto content = fields.*p.field;
    const bool skipped = p.kind == part_kind::section ? content.empty() : !content.empty();
    if (p.kind == part_kind::field && how == escaping::html)
      append_escaped(to, content);
    else if (p.kind == part_kind::field)
      to += content;
    else if (p.kind != part_kind::end && skipped)
      at = p.end;
  }
}

std::string html_template_of(std::string_view text, std::string_view language) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"" + std::string(language) +
                    "\">\n<body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">\n";
  while (!text.empty()) {
    const auto gap = text.find("\n\n");
    auto block = text.substr(0, gap);
    text.remove_prefix(gap == std::string_view::npos ? text.size() : gap + 2);
    while (block.ends_with('\n')) block.remove_suffix(1);
    while (block.starts_with('\n')) block.remove_prefix(1);
    if (block.empty()) continue;
    if (block == "{{link}}") {
      out += "{{#link}}<p><a href=\"{{link}}\">{{link}}</a></p>{{/link}}\n";
    } else if (block == "{{code}}") {
      out += "{{#code}}<p style=\"font-size:1.6em;letter-spacing:.2em\">{{code}}</p>{{/code}}\n";
    } else {
      out += "<p>";
      append_escaped_words(out, block);
      out += "</p>\n";
    }
  }
  return out + "</body>\n</html>\n";
}

} // namespace linecard::mail
