// A world of lines with one that a test looks at: Acme's Ann.
#pragma once

#include "views/line_world.hpp"

namespace moving {

/// A number, two extensions, forwarding, a package and an id of the host's.
struct ann_world : line_world {
  id_of<tenant> acme = w.tenant_id;
  id_of<user> ann{};
  ann_world(std::uint64_t seed, std::unique_ptr<store> on = memory_store(),
            std::chrono::milliseconds stale = std::chrono::hours(1))
      : line_world(seed, std::move(on), stale) {
    ann = must(w.dir.run(w.admin, adopt_user{.first_name = "Ann",
                                             .last_name = "Line",
                                             .email = "ann@acme.example",
                                             .package_id = w.plus,
                                             .external_ref = "crm-4711",
                                             .extension = "2001",
                                             .forwarding_number = "+4915112345678"}))
              .created_id<user>();
    users[3].push_back(ann);
    put_extensions[{3, "2001"}] = {ann, false};
    REQUIRE(put_did(3, "+493012345", did_use::direct, ann, true));
    REQUIRE(put_ext(3, "0101", ann, true));
  }
  /// What every directory answers to a look-up; they must agree.
  template <class Ask> line all(Ask ask) {
    const line found = ask(w.dir);
    CHECK(ask(follower) == found);
    CHECK(ask(asker) == found);
    return found;
  }
  line by_did(std::string_view number) {
    return all([&](directory& d) { return d.line_of_did(number); });
  }
  line by_user() {
    return all([&](directory& d) { return d.line_of_user(ann); });
  }
  line by_extension(std::string_view number) {
    return all([&](directory& d) { return d.line_of_extension(acme, number); });
  }
  line by_ref(std::string_view ref) {
    return all([&](directory& d) { return d.line_of_external_ref(acme, ref); });
  }
};

} // namespace moving
