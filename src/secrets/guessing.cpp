#include "guessing.hpp"

#include <linecard/secrets/secret.hpp>

#include <zxcvbn.h>

#include <algorithm>
#include <array>

namespace linecard {

namespace {

/// zxcvbn's time grows with nearly the sixth power of the length: 7 ms for the worst 32 bytes, 1.5 s for the worst 100.
/// So a longer password is as good as its best piece.
constexpr std::size_t piece_size = 32;
constexpr double enough_bits = 26.58; // 10^8 guesses

/// What is repeated, whole or not at the end; zxcvbn sees that only where the last one is whole.
std::string_view repeated(std::string_view s) {
  for (std::size_t period = 1; period <= s.size() / 2; ++period)
    if (s.substr(period) == s.substr(0, s.size() - period)) return s.substr(0, period);
  return s;
}

} // namespace

bool soon_guessed(std::string_view folded) {
  for (auto left = repeated(folded); !left.empty(); left.remove_prefix(std::min(piece_size, left.size()))) {
    std::array<char, piece_size + 1> piece{};
    left.copy(piece.data(), piece_size);
    const bool enough = ZxcvbnMatch(piece.data(), nullptr, nullptr) >= enough_bits;
    wipe_bytes(piece.data(), piece.size());
    if (enough) return false;
  }
  return true;
}

} // namespace linecard
