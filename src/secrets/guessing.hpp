// How soon somebody finds a password who tries words, names, dates and keyboard rows before anything else.
#pragma once

#include <string_view>

namespace linecard {

/// Whether zxcvbn would need fewer than 10^8 guesses: at the cost of one Argon2id hash each, some months of one core.
/// Always false where linecard was built without zxcvbn. `folded` is text::fold's: zxcvbn asks the process's locale
/// about capitals, and there are none.
[[nodiscard]] bool soon_guessed(std::string_view folded);

} // namespace linecard
