#include "compose.hpp"

#include "secrets/base64url.hpp"

#include <linecard/text/time.hpp>
#include <linecard/text/utf8.hpp>

#include <algorithm>
#include <array>

namespace linecard::mail {

namespace {

bool plain(std::string_view s) {
  return std::ranges::all_of(s, [](char c) { return c >= 0x20 && c <= 0x7E; });
}

/// Each encoded word is whole characters, and 75 bytes at most (RFC 2047, 2 and 5).
std::string encoded_words(std::string_view line) {
  constexpr std::size_t most = 39; // bytes before base64: then "Subject: " leaves the first line within 76 as well
  std::string out, word;
  const auto finish = [&] {
    if (word.empty()) return;
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(word) + "?=";
    word.clear();
  };
  while (!line.empty()) {
    const auto length = std::max<std::size_t>(text::decode_first(line).length, 1);
    if (word.size() + length > most) finish();
    word += line.substr(0, length);
    line.remove_prefix(length);
  }
  finish();
  return out;
}

constexpr std::string_view hex_digits = "0123456789ABCDEF";

void append_header(wiped_string& to, std::string_view name, std::string_view content) {
  to += name;
  to += ": ";
  to += content;
  to += "\r\n";
}

std::string mailbox(std::string_view name, std::string_view address) {
  const auto shown = display_name(name);
  if (shown.empty()) return std::string(address);
  return shown + "\r\n <" + std::string(address) + ">"; // folded, so that no line is over-long
}

void append_part(wiped_string& to, std::string_view boundary, std::string_view type, std::string_view text) {
  to += "--";
  to += boundary;
  to += "\r\n";
  append_header(to, "Content-Type", std::string(type) + "; charset=utf-8");
  append_header(to, "Content-Transfer-Encoding", "quoted-printable");
  to += "\r\n";
  append_quoted_printable(to, text);
  to += "\r\n";
}

} // namespace

std::string mail_date(instant at) {
  constexpr std::array days{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; // 1970 began on a Thursday
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t a_day = 86'400'000;
  const auto written = text::rfc3339(at.milliseconds);
  const auto since_1970 = at.milliseconds / a_day - (at.milliseconds % a_day < 0 ? 1 : 0);
  const auto day = static_cast<std::size_t>((since_1970 % 7 + 7) % 7);
  const auto month = static_cast<std::size_t>((written[5] - '0') * 10 + written[6] - '0');
  return std::string(days[day]) + ", " + written.substr(8, 2) + " " + months[month - 1] + " " + written.substr(0, 4) +
         " " + written.substr(11, 8) + " +0000";
}

std::string header_text(std::string_view line) {
  constexpr std::size_t short_enough = 64; // with the longest name of ours within 78
  const auto one = text::one_line(line);
  return plain(one) && one.size() <= short_enough && one.find("=?") == std::string::npos ? one : encoded_words(one);
}

std::string display_name(std::string_view line) {
  const auto one = text::one_line(line);
  if (one.empty() || !plain(one) || one.size() > 60 || one.find("=?") != std::string::npos) return encoded_words(one);
  std::string out = "\"";
  for (const char c : one) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

void append_quoted_printable(wiped_string& to, std::string_view text) {
  constexpr std::size_t longest = 75; // and the soft break's "=" makes 76
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\n') {
      to += "\r\n";
      column = 0;
      continue;
    }
    const bool ends_line = at + 1 == text.size() || text[at + 1] == '\n';
    const bool as_is = byte != '=' && ((byte > 0x20 && byte < 0x7F) || ((byte == ' ' || byte == '\t') && !ends_line));
    const std::size_t width = as_is ? 1 : 3;
    if (column + width > longest) {
      to += "=\r\n";
      column = 0;
    }
    if (as_is) {
      to += static_cast<char>(byte);
    } else {
      to += '=';
      to += hex_digits[byte >> 4];
      to += hex_digits[byte & 15];
    }
    column += width;
  }
}

wiped_string compose(const outgoing_mail& mail, instant now) {
  const std::string id(mail.message_id), domain(mail.sender.substr(mail.sender.find('@') + 1));
  const auto boundary = "=_" + id; // no quoted-printable line begins with "--=_"
  std::string to_name(mail.first_name);
  if (!to_name.empty() && !mail.last_name.empty()) to_name += ' ';
  to_name += mail.last_name;
  wiped_string out;
  append_header(out, "Date", mail_date(now));
  append_header(out, "From", mailbox(mail.sender_name, mail.sender));
  append_header(out, "To", mailbox(to_name, mail.address));
  append_header(out, "Subject", header_text(mail.subject));
  append_header(out, "Message-ID", "<" + id + "@" + domain + ">");
  append_header(out, "Auto-Submitted", "auto-generated"); // RFC 3834: nobody's holiday notice answers
  append_header(out, "Content-Language", mail.language);
  append_header(out, "MIME-Version", "1.0");
  append_header(out, "Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + "\"");
  out += "\r\n";
  append_part(out, boundary, "text/plain", mail.text);
  append_part(out, boundary, "text/html", mail.html);
  out += "--" + wiped_string(boundary) + "--\r\n";
  return out;
}

} // namespace linecard::mail
