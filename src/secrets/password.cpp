#include <linecard/secrets/password.hpp>

#include "guessing.hpp"

#include <linecard/text/fold.hpp>
#include <linecard/text/utf8.hpp>

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

namespace linecard {

namespace {

constexpr std::size_t least_left = 8; ///< folded bytes that are nobody's name

/// Long ones that lists of leaked passwords have; the short ones are refused for their length.
constexpr std::array<std::string_view, 30> common{"passwordpassword",          "password12345678",
                                                  "password123456789",         "passw0rdpassw0rd",
                                                  "password1password1",        "administrator123",
                                                  "administrator1234",         "qwertyuiopasdfgh",
                                                  "qwertyuiop123456",          "qwertyuiop1234567890",
                                                  "qwertyqwertyqwerty",        "1q2w3e4r5t6y7u8i",
                                                  "1q2w3e4r5t6y7u8i9o0p",      "q1w2e3r4t5y6u7i8",
                                                  "1qaz2wsx3edc4rfv",          "1qaz2wsx3edc4rfv5tgb",
                                                  "qazwsxedcrfvtgb",           "zaq12wsxcde34rfv",
                                                  "iloveyouiloveyou",          "iloveyouforever",
                                                  "correcthorsebatterystaple", "correct horse battery staple",
                                                  "letmeinletmeinletmein",     "welcomewelcome123",
                                                  "changemechangeme",          "thisisapassword",
                                                  "thisismypassword",          "mypasswordispassword",
                                                  "trustno1trustno1",          "abcdefghijklmnop"};

/// A run such as abcdef or 987654, or a few characters over and over.
bool monotonous(std::string_view s) {
  const auto steps = [&](int by) {
    return std::ranges::adjacent_find(s, [by](char a, char b) { return b - a != by; }) == s.end();
  };
  if (steps(0) || steps(1) || steps(-1)) return true;
  for (std::size_t period = 2; period <= 4; ++period)
    if (std::equal(s.begin() + static_cast<std::ptrdiff_t>(period), s.end(), s.begin())) return true;
  constexpr std::string_view digits = "12345678901234567890123456789012345678901234567890";
  return digits.starts_with(s);
}

void remove_all(std::string& from, std::string_view word) {
  for (auto at = from.find(word); at != std::string::npos; at = from.find(word, at)) from.erase(at, word.size());
}

/// A working copy that does not outlive its use.
struct folded_copy {
  std::string text;
  explicit folded_copy(std::string_view s) : text(text::fold(s)) {}
  folded_copy(const folded_copy&) = delete;
  folded_copy& operator=(const folded_copy&) = delete;
  ~folded_copy() { wipe_bytes(text.data(), text.capacity()); }
};

} // namespace

secret_text normalised(const secret_text& password) {
  const auto given = password.reveal();
  utf8proc_uint8_t* out = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(given.data()), static_cast<utf8proc_ssize_t>(given.size()),
                   &out, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (size < 0) return secret_text(given); // no UTF-8: validation refuses it before, and here it only must not match
  secret_text made({reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)});
  wipe_bytes(out, static_cast<std::size_t>(size));
  std::free(out);
  return made;
}

refusal weakness(const secret_text& password, std::span<const std::string> context, std::string_view path) {
  if (text::code_points(password.reveal()) < least_password_length)
    return refuse(status::invalid, "password_too_short", path,
                  "a password has at least " + std::to_string(least_password_length) +
                      " characters; a few words in a row are easy to remember");
  folded_copy left(password.reveal());
  if (monotonous(left.text) || std::ranges::find(common, left.text) != common.end())
    return refuse(status::invalid, "password_common", path,
                  "this is among the first that anybody tries; take words that do not belong together");
  std::vector<std::string> words;
  for (const auto& word : context)
    if (auto folded = text::fold(word); folded.size() >= 3) words.push_back(std::move(folded));
  std::ranges::sort(words, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const auto& word : words) remove_all(left.text, word);
  if (left.text.size() < least_left)
    return refuse(status::invalid, "password_guessable", path,
                  "it is made of the person's own name, address or company; take other words");
  if (soon_guessed(left.text))
    return refuse(status::invalid, "password_guessable", path,
                  "whoever tries words, names, dates and keyboard rows finds this soon; take more words that do not "
                  "belong together");
  return std::nullopt;
}

} // namespace linecard
