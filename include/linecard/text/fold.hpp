#pragma once

#include <string>
#include <string_view>

namespace linecard::text {

/// The form in which names are searched and sorted: case folded, compatibility forms opened (NFKD), accents and
/// invisible characters dropped, letters that have no decomposition spelt out (ß ss, ø o, ł l, đ d, æ ae, þ th), white
/// space runs one space and none at the ends. Invalid UTF-8 gives "". fold(fold(x)) == fold(x); the result holds no
/// control character. It is no identity: different names may share a key, so never make it unique. The key may change
/// with the Unicode version behind utf8proc; keep it in memory or be ready to rebuild it. Since 0.1.
[[nodiscard]] std::string fold(std::string_view text);

/// Sort key by last name, then first; compare as bytes. Since 0.1.
[[nodiscard]] std::string sort_name(std::string_view first, std::string_view last);

/// The first letter or digit of each name in title case, accents kept, in NFC. A name without any adds nothing.
/// Since 0.1.
[[nodiscard]] std::string initials(std::string_view first, std::string_view last);

} // namespace linecard::text
