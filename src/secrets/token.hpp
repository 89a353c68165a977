// How a token is written.
#pragma once

#include <linecard/secrets/secret.hpp>

#include <string_view>

namespace linecard {

inline constexpr std::size_t token_random_size = 32;

/// The token that these random bytes make.
[[nodiscard]] secret_text token_of(std::string_view purpose, std::string_view random);

} // namespace linecard
