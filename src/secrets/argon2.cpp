#include "base64url.hpp"

#include <linecard/secrets/password.hpp>

#include <sodium.h>

#include <array>
#include <new>
#include <string>

namespace linecard {

namespace {

constexpr std::string_view peppered = "pepper:"; // in front of a hash that needs it

class argon2 final : public password_hasher {
public:
  explicit argon2(argon2_options options) : options_(std::move(options)) {}

  std::string hash(std::string_view password, std::string_view salt) override {
    std::array<unsigned char, 32> made{};
    const auto input = options_.pepper.empty() ? secret_text(password) : with_pepper(password);
    if (crypto_pwhash(made.data(), made.size(), input.reveal().data(), input.size(),
                      reinterpret_cast<const unsigned char*>(salt.data()), options_.passes,
                      std::size_t{options_.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
      throw std::bad_alloc();
    auto out = (options_.pepper.empty() ? "" : std::string(peppered)) +
               "$argon2id$v=19$m=" + std::to_string(options_.memory_kib) + ",t=" + std::to_string(options_.passes) +
               ",p=1$" + base64_unpadded(salt) + "$" +
               base64_unpadded({reinterpret_cast<const char*>(made.data()), made.size()});
    wipe_bytes(made.data(), made.size());
    return out;
  }

  bool verify(std::string_view password, std::string_view stored) override {
    if (!stored.starts_with(peppered)) return matches(password, std::string(stored));
    if (options_.pepper.empty()) return false;
    return matches(with_pepper(password).reveal(), std::string(stored.substr(peppered.size())));
  }

  bool outdated(std::string_view stored) override {
    const bool has_pepper = stored.starts_with(peppered);
    if (has_pepper == options_.pepper.empty()) return true;
    const std::string phc(has_pepper ? stored.substr(peppered.size()) : stored);
    return crypto_pwhash_str_needs_rehash(phc.c_str(), options_.passes, std::size_t{options_.memory_kib} * 1024) != 0;
  }

private:
  static bool matches(std::string_view password, const std::string& phc) {
    return phc.size() < crypto_pwhash_STRBYTES &&
           crypto_pwhash_str_verify(phc.c_str(), password.data(), password.size()) == 0;
  }
  [[nodiscard]] secret_text with_pepper(std::string_view password) const {
    std::array<char, 32> mixed{};
    const auto key = options_.pepper.reveal();
    crypto_generichash(reinterpret_cast<unsigned char*>(mixed.data()), mixed.size(),
                       reinterpret_cast<const unsigned char*>(password.data()), password.size(),
                       reinterpret_cast<const unsigned char*>(key.data()), key.size());
    secret_text out({mixed.data(), mixed.size()});
    wipe_bytes(mixed.data(), mixed.size());
    return out;
  }

  argon2_options options_;
};

} // namespace

result<std::shared_ptr<password_hasher>> argon2_hasher(argon2_options options) {
  const argon2_options least;
  if (sodium_init() < 0) return refuse(status::internal, "libsodium", "", "libsodium could not be initialised");
  if (options.passes < least.passes || options.passes > 100)
    return refuse(status::invalid, "passes_invalid", "/passes", "passes must be from 3 to 100");
  if (options.memory_kib < least.memory_kib || options.memory_kib > 1024 * 1024)
    return refuse(status::invalid, "memory_kib_invalid", "/memory_kib", "memory_kib must be from 65536 to 1048576");
  if (!options.pepper.empty() &&
      (options.pepper.size() < 16 || options.pepper.size() > crypto_generichash_KEYBYTES_MAX))
    return refuse(status::invalid, "pepper_invalid", "/pepper", "a pepper is 16 to 64 bytes");
  return std::shared_ptr<password_hasher>(std::make_shared<argon2>(std::move(options)));
}

} // namespace linecard
