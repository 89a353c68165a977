// BLAKE2b-256 over length-prefixed parts: the one hash of audit chain, digests and traces.
#pragma once

#include <linecard/record.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace linecard {

/// Each part enters as its length (8 bytes, little endian) and its bytes, so that no two part lists collide.
class hasher {
public:
  hasher();
  hasher& add(std::string_view part);
  hasher& add(std::int64_t number);
  hasher& add(const value& v);        ///< type, then content
  [[nodiscard]] std::string finish(); ///< 32 bytes; the hasher is used up

private:
  alignas(64) std::array<unsigned char, 384> state_{};
};

[[nodiscard]] std::string hex(std::string_view bytes);

} // namespace linecard
