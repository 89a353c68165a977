// Text that must not spread: passwords, tokens, codes. It moves and is never copied, printed or written; its bytes are
// overwritten when it ends. As a member of a command it is read from JSON and comes back from every face as "secret".
#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string_view>
#include <utility>

namespace linecard {

/// Bytes, mostly UTF-8. No part of them lies inside the object, so that moving leaves nothing behind. Since 0.1.
class secret_text {
public:
  secret_text() = default;
  explicit secret_text(std::string_view bytes);
  secret_text(secret_text&& from) noexcept : at_(std::move(from.at_)), size_(std::exchange(from.size_, 0)) {}
  secret_text& operator=(secret_text&& from) noexcept;
  ~secret_text() { wipe(); }

  /// Borrowed, and the one way to the bytes: whoever calls it answers for where they go.
  [[nodiscard]] std::string_view reveal() const { return {at_.get(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  bool operator==(const secret_text&) const = delete; ///< compare hashes, in constant time
  friend std::ostream& operator<<(std::ostream&, const secret_text&) = delete;

private:
  void wipe() noexcept;
  std::unique_ptr<char[]> at_{};
  std::size_t size_{};
};

/// Overwrites what a secret was read from, in a way no compiler leaves out.
void wipe_bytes(void* at, std::size_t size) noexcept;
/// In a time that depends on the sizes alone.
[[nodiscard]] bool same_bytes(std::string_view a, std::string_view b) noexcept;

} // namespace linecard
