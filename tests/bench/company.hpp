// The company that the benchmarks work on: a tenant with two base packages, an administrator and a thousand users.
#pragma once

#include "measure.hpp"

#include <linecard/directory.hpp>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace bench {

using namespace linecard;

inline void demand(bool so, const char* what) {
  if (so) return;
  std::fprintf(stderr, "failed: %s\n", what);
  std::exit(1);
}

inline constexpr int people = 1000;

template <class T> T must(result<T> r) {
  if (!r) demand(false, (r.error().reason + ": " + r.error().message).c_str());
  return *std::move(r);
}

/// A tenant with two base packages, an administrator, and users who all hold the first one.
struct company {
  directory dir;
  host_key key;
  actor admin{};
  id_of<tenant> tenant_id{};
  std::array<id_of<package>, 2> packages{};
  std::vector<id_of<user>> users{};
  std::size_t turn{};

  explicit company(std::unique_ptr<store> on) : company(must(directory::create({.store = std::move(on)}))) {}

  /// User after user, from the package held to the other one.
  change_package next() {
    const change_package out{users[turn % users.size()], packages[(turn / users.size() + 1) % 2]};
    ++turn;
    return out;
  }

private:
  explicit company(directory::created made) : dir(std::move(made.opened)), key(made.key) {
    const auto root = must(dir.bootstrap_operator("root@example.com"));
    const auto pbx = must(dir.run(root, create_container{"pbx"})).created_id<container>();
    tenant_id =
        must(dir.run(must(dir.open_actor(root.identity_id(), pbx)), create_tenant{"Acme"})).created_id<tenant>();
    const auto at = must(dir.open_actor(root.identity_id(), tenant_id));
    for (std::size_t i = 0; i < 2; ++i) {
      packages[i] =
          must(dir.run(root, define_package{.name = i == 0 ? "Basic" : "Plus",
                                            .price_minor = i == 0 ? 1000 : 2000,
                                            .currency = "EUR",
                                            .features = {{"minutes.included", "500"}, {"video.hipaa", "yes"}}}))
              .created_id<package>();
      must(dir.run(at, offer_package{packages[i]}));
      must(dir.run(at, set_seat_pool{packages[i], people}));
    }
    must(dir.run(
        at,
        adopt_user{.first_name = "Ada", .last_name = "Admin", .email = "ada@acme.example", .role = "administrator"}));
    admin = must(dir.open_actor("ada@acme.example", tenant_id));
    std::vector<adopt_user> newcomers(people);
    std::vector<request> adoptions;
    for (int i = 0; i < people; ++i) {
      const auto n = std::to_string(1000 + i);
      auto& one = newcomers[static_cast<std::size_t>(i)];
      one = {.first_name = "First " + n, .last_name = "Last " + n, .email = "user" + n + "@acme.example"};
      one.package_id = packages[0];
      one.external_ref = n, one.extension = n, one.forwarding_number = "+49301234" + n;
      one.devices = {{"desk", "a telephone"}};
      adoptions.push_back(request_of(one));
    }
    for (const auto& r : must(dir.run_all(admin, adoptions))) users.push_back(r.created_id<user>());
  }
};

inline std::int64_t raw(any_id id) { return static_cast<std::int64_t>(id.value); }

/// What was written by hand must satisfy the library, or the comparison is of different things.
inline void verify(company& c) {
  const auto chain = must(c.dir.ask(c.admin, verify_audit{}));
  demand(chain.intact, chain.message.c_str());
  std::int64_t seats = 0;
  for (const auto& pool : must(c.dir.ask(c.admin, seat_pools{})).pools) seats += pool.used;
  demand(seats == people, "a seat was lost");
}

} // namespace bench
