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
  void take(const void* bytes, std::size_t size);
  alignas(64) std::array<unsigned char, 384> state_; ///< made by the constructor
  std::array<unsigned char, 512> waiting_;           ///< small parts go to the hash together
  std::size_t waits_{};
};

[[nodiscard]] std::string hex(std::string_view bytes);

} // namespace linecard
