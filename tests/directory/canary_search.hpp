// Finding a secret in text, whatever form it took on the way: raw, in hexadecimal, and in base64 wherever it may begin.
#pragma once

#include <linecard/hash.hpp>

#include "secrets/base64url.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace canary {

inline std::string upper(std::string s) {
  for (auto& c : s) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return s;
}

/// What a text that holds the secret has in it. Of long ones both ends, so that a part of it is found as well.
inline std::set<std::string> forms_of(std::string_view whole) {
  constexpr std::size_t enough = 16;
  std::set<std::string> out;
  for (const auto part : {whole.substr(0, enough), whole.substr(whole.size() - std::min(whole.size(), enough))}) {
    out.insert(std::string(part));
    out.insert(linecard::hex(part));
    out.insert(upper(linecard::hex(part)));
    for (std::size_t before = 0; before < 3; ++before) { // what does not depend on the bytes around it
      const auto shifted = std::string(before, 'x') + std::string(part);
      for (auto text : {linecard::base64url(shifted), linecard::base64_unpadded(shifted)}) {
        text.erase(0, before == 0 ? 0 : before + 1);
        if (shifted.size() % 3 != 0) text.pop_back();
        out.insert(text);
      }
    }
  }
  return out;
}

/// Six digits within a longer number are no code.
inline bool holds(std::string_view text, std::string_view form) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool number = form.size() == 6 && std::ranges::all_of(form, is_digit);
  for (auto at = text.find(form); at != text.npos; at = text.find(form, at + 1)) {
    const auto end = at + form.size();
    if (!number || ((at == 0 || !is_digit(text[at - 1])) && (end == text.size() || !is_digit(text[end])))) return true;
  }
  return false;
}

} // namespace canary
