// A small company to test on: one operator, a container, two tenants with an administrator each, three packages.
#pragma once

#include <linecard/hash.hpp>
#include <linecard/linecard.hpp>

#include <doctest/doctest.h>

#include "mail/post_box.hpp"
#include "number_shop.hpp"
#include "stores/fresh.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <utility>

namespace kit {

using namespace linecard;

/// Stands still unless told to move.
struct still_clock final : linecard::clock {
  instant at{1'790'000'000'000}; // 2026-09-21
  instant now() override { return at; }
};

/// The same bytes for the same seed; any thread may ask, as the port says.
struct seeded_random final : random_source {
  explicit seeded_random(std::uint64_t seed = 1) : state(seed) {}
  std::uint64_t state;
  std::mutex mutex{};
  void fill(void* into, std::size_t length) override {
    const std::scoped_lock hold(mutex);
    auto* bytes_out = static_cast<unsigned char*>(into);
    for (std::size_t i = 0; i < length; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      bytes_out[i] = static_cast<unsigned char>(state >> 56);
    }
  }
};

/// Keeps passwords as a quick hash, and counts; Argon2id has tests of its own.
struct quick_hasher final : password_hasher {
  std::atomic<int> hashed{0}, verified{0};
  std::string made_with = "quick1$";
  std::string hash(std::string_view password, std::string_view salt) override {
    ++hashed;
    return made_with + hex(salt) + "$" + hex(hasher{}.add(salt).add(password).finish());
  }
  bool verify(std::string_view password, std::string_view stored) override {
    ++verified;
    const auto salt_at = stored.find('$') + 1, end = stored.find('$', salt_at);
    if (end == std::string_view::npos) return false;
    std::string salt;
    for (auto i = salt_at; i + 1 < end; i += 2)
      salt += static_cast<char>(std::stoi(std::string(stored.substr(i, 2)), nullptr, 16));
    return stored.substr(end + 1) == hex(hasher{}.add(salt).add(password).finish());
  }
  bool outdated(std::string_view stored) override { return !stored.starts_with(made_with); }
  [[nodiscard]] int calls() const { return hashed + verified; }
};

/// The value, or a failed test that says why.
template <class T> T must(result<T> r) {
  if (!r) FAIL("refused: " << r.error().reason << " at \"" << r.error().path << "\": " << r.error().message);
  return std::move(r).value();
}

template <class T> error refused_with(const result<T>& r) {
  if (r) FAIL("expected a refusal");
  return r.error();
}

struct world {
  std::shared_ptr<still_clock> clock = std::make_shared<still_clock>();
  std::shared_ptr<seeded_random> random;
  std::shared_ptr<post_box> mail = std::make_shared<post_box>();
  std::shared_ptr<quick_hasher> passwords = std::make_shared<quick_hasher>();
  std::shared_ptr<number_shop> shop = std::make_shared<number_shop>();
  std::shared_ptr<message_keeper> keeper = std::make_shared<message_keeper>();
  host_key key{};
  directory dir;
  actor operator_, at_tenant, other_tenant; ///< the operator, on the platform and in the tenants
  actor admin, other_admin;
  id_of<container> container_id{};
  id_of<tenant> tenant_id{}, other_id{};
  id_of<package> basic{}, plus{}, fax{};

  explicit world(std::unique_ptr<store> on = fresh_store(), std::int32_t seats = 3, std::uint64_t seed = 1)
      : random(std::make_shared<seeded_random>(seed)),
        dir(make(std::move(on))),
        operator_(must(dir.bootstrap_operator("root@example.com"))) {
    container_id = must(dir.run(operator_, create_container{.name = "pbx-1"})).created_id<container>();
    const auto in_container = must(dir.open_actor(operator_.identity_id(), container_id));
    tenant_id = must(dir.run(in_container, create_tenant{.name = "Acme"})).created_id<tenant>();
    other_id = must(dir.run(in_container, create_tenant{.name = "Other"})).created_id<tenant>();
    at_tenant = must(dir.open_actor(operator_.identity_id(), tenant_id));
    other_tenant = must(dir.open_actor(operator_.identity_id(), other_id));
    basic = package_named("Basic", package_kind::base, 1000, {{"minutes.included", "100"}});
    plus = package_named("Plus", package_kind::base, 2000, {{"minutes.included", "500"}, {"video.hipaa", "yes"}});
    fax = package_named("Fax", package_kind::add_on, 300, {{"fax.pages", "50"}});
    for (const auto id : {basic, plus, fax}) {
      static_cast<void>(must(dir.run(at_tenant, offer_package{.package_id = id})));
      static_cast<void>(must(dir.run(at_tenant, set_seat_pool{.package_id = id, .purchased = seats})));
    }
    admin = administrator(at_tenant, "Ada", "Admin", "ada@acme.example");
    other_admin = administrator(other_tenant, "Otto", "Other", "otto@other.example");
  }

  id_of<package> package_named(std::string name, package_kind kind, std::int64_t price,
                               std::vector<feature_setting> features) {
    return must(dir.run(operator_, define_package{.name = std::move(name),
                                                  .kind = kind,
                                                  .price_minor = price,
                                                  .currency = "EUR",
                                                  .features = std::move(features)}))
        .created_id<package>();
  }
  actor administrator(const actor& by, std::string first, std::string last, std::string email) {
    static_cast<void>(must(dir.run(by, adopt_user{.first_name = std::move(first),
                                                  .last_name = std::move(last),
                                                  .email = email,
                                                  .role = "administrator"})));
    return must(dir.open_actor(email, by.in().id()));
  }
  id_of<user> adopt(std::string first, std::string last, std::string email) {
    return must(dir.run(admin, adopt_user{.first_name = std::move(first),
                                          .last_name = std::move(last),
                                          .email = std::move(email)}))
        .created_id<user>();
  }
  id_of<user> invite(std::string first, std::string last, std::string email,
                     std::optional<id_of<package>> package_id = {}) {
    return must(dir.run(admin, add_user{.first_name = std::move(first),
                                        .last_name = std::move(last),
                                        .email = std::move(email),
                                        .package_id = package_id}))
        .created_id<user>();
  }
  seat_pool_row pool(id_of<package> id) {
    for (const auto& row : must(dir.ask(admin, seat_pools{})).pools)
      if (row.package_id == id) return row;
    return {};
  }
  user_details details(id_of<user> id) { return must(dir.ask(admin, find_user{.user_id = id})); }
  std::string digest(any_id scope_id = {}) { return must(dir.state_digest(scope_id)); }

private:
  directory make(std::unique_ptr<store> on) {
    auto made = must(directory::create({.store = std::move(on),
                                        .clock = clock,
                                        .random = random,
                                        .mail = mail_through(mail),
                                        .provider = shop,
                                        .assets = keeper,
                                        .passwords = passwords}));
    key = made.key;
    return std::move(made.opened);
  }
};

} // namespace kit

namespace doctest {
template <class Noun> struct StringMaker<linecard::id_of<Noun>> {
  static String convert(linecard::id_of<Noun> id) { return linecard::to_text(id).c_str(); }
};
template <class T> struct StringMaker<linecard::result<T>> {
  static String convert(const linecard::result<T>& r) {
    return r ? "accepted" : (r.error().reason + " at \"" + r.error().path + "\": " + r.error().message).c_str();
  }
};
template <class T> struct StringMaker<std::optional<T>> {
  static String convert(const std::optional<T>& o) { return o ? toString(*o) : "nothing"; }
};
} // namespace doctest
