// One run's secrets, from the directory's source of chance and its keys.
#pragma once

#include <linecard/ports/random.hpp>
#include <linecard/secrets/keyring.hpp>
#include <linecard/secrets/source.hpp>

namespace linecard {

class drawn_secrets final : public secret_source {
public:
  drawn_secrets(random_source& random, const keyring& keys) : random_(random), keys_(keys) {}

  [[nodiscard]] drawn_secret token(std::string_view purpose) override;
  [[nodiscard]] drawn_secret code(std::string_view context) override;
  [[nodiscard]] bytes code_hash(std::string_view context, const secret_text& code) const override;
  [[nodiscard]] bytes seal(std::string_view context, std::string_view content) const override;
  [[nodiscard]] std::optional<secret_text> open(std::string_view context, const bytes& sealed) const override;
  [[nodiscard]] bytes bucket(std::string_view kind, std::string_view what) const override;
  [[nodiscard]] std::uint64_t scatter(std::uint64_t stamp) const override;
  [[nodiscard]] bytes key_check() const override { return {keys_.recognition()}; }
  void hand_over(secret_text token, std::optional<second_factor> still_asked) override;

  struct handed {
    secret_text token{};
    std::optional<second_factor> still_asked{};
  };
  [[nodiscard]] handed take_handed() { return std::move(handed_); }

private:
  random_source& random_;
  const keyring& keys_;
  handed handed_{};
};

} // namespace linecard
