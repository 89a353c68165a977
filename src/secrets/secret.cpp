#include <linecard/secrets/secret.hpp>

#include <sodium.h>

#include <algorithm>

namespace linecard {

secret_text::secret_text(std::string_view bytes) : at_(new char[bytes.size()]), size_(bytes.size()) {
  std::ranges::copy(bytes, at_.get());
}

secret_text& secret_text::operator=(secret_text&& from) noexcept {
  if (this != &from) {
    wipe();
    at_ = std::move(from.at_);
    size_ = std::exchange(from.size_, 0);
  }
  return *this;
}

void secret_text::wipe() noexcept {
  if (at_) wipe_bytes(at_.get(), size_);
}

void wipe_bytes(void* at, std::size_t size) noexcept { sodium_memzero(at, size); }

bool same_bytes(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace linecard
