// Messages handed to somebody else: told at least once, under one id, until it is done or given up in sight.
#include "directory/desk.hpp"

#include <algorithm>
#include <stdexcept>

using namespace kit;

ON_EVERY_STORE("messages are handed over after the commit, under one handover id, and no failure undoes the command") {
  desk w;
  static_cast<void>(must(w.dir.run(
      w.admin, adopt_user{.first_name = "X", .last_name = "Y", .email = "x@acme.example", .external_ref = "ext-1"})));
  const auto x = must(w.dir.ask(w.admin, find_user{.email = "x@acme.example"})).user_id;
  int throws = 2;
  std::vector<std::string> ids;
  w.keeper->answers = [&](const asset_handover& h) -> provider_answer {
    ids.emplace_back(h.handover_id);
    CHECK(h.tenant_id == any_id{w.tenant_id});
    CHECK(h.user_id == any_id{x});
    CHECK(h.to_user_id == any_id{w.vera});
    CHECK(h.external_ref == "ext-1");
    CHECK(h.to_external_ref.empty());
    if (throws-- > 0) throw std::runtime_error("no");
    return {errand_outcome::done, {}, {}};
  };
  const auto done = must(w.dir.run(w.admin, leave_assets{x, w.vera}));
  CHECK(done.command == "leave_assets");
  REQUIRE(w.standing().size() == 1);
  CHECK(w.standing().front().reason == "keeper_threw");
  CHECK(w.standing().front().to_user_id == w.vera);
  CHECK_FALSE(w.standing().front().order_key);
  w.pass(minute);
  CHECK(w.pumped() == "0 done, 1 postponed, 0 refused");
  w.pass(2 * minute);
  CHECK(w.pumped() == "1 done, 0 postponed, 0 refused");
  CHECK(w.standing().empty());
  REQUIRE(ids.size() == 3);
  CHECK(ids[0] == ids[1]);
  CHECK(ids[1] == ids[2]);
  CHECK(ids[0].starts_with("errand_"));
  w.keeper->answers = nullptr;
  static_cast<void>(must(w.dir.run(w.admin, leave_assets{w.ulf, w.vera}))); // in ordinary running told once
  CHECK(w.keeper->told.size() == 4);
  CHECK(w.standing().empty());
  CHECK(w.audited());
}

ON_EVERY_STORE("a refused handover, and one that fails 12 times, stands in sight until somebody retries it") {
  desk w;
  w.keeper->answers = [](const asset_handover&) { return never("mailbox_locked"); };
  static_cast<void>(must(w.dir.run(w.admin, leave_assets{w.ulf, w.vera})));
  REQUIRE(w.standing().size() == 1);
  const auto id = w.standing().front().errand_id;
  CHECK(w.standing().front().reason == "mailbox_locked");
  CHECK_FALSE(w.standing().front().next_attempt_at);
  w.pass(48 * 60 * minute);
  CHECK(w.pumped() == "0 done, 0 postponed, 0 refused");
  static_cast<void>(must(w.dir.run(w.admin, retry_errand{id})));
  w.keeper->answers = [](const asset_handover&) { return later("asleep"); };
  for (int n = 1; n <= 12; ++n) {
    REQUIRE(w.standing().front().next_attempt_at);
    w.clock->at = std::max(w.clock->at, *w.standing().front().next_attempt_at);
    CHECK(w.pumped() == (n == 12 ? "0 done, 0 postponed, 1 refused" : "0 done, 1 postponed, 0 refused"));
  }
  CHECK(w.keeper->told.size() == 13);
  CHECK_FALSE(w.standing().front().next_attempt_at);
  w.keeper->answers = nullptr;
  static_cast<void>(must(w.dir.run(w.admin, retry_errand{id})));
  CHECK(w.pumped() == "1 done, 0 postponed, 0 refused");
  CHECK(w.standing().empty());
}

ON_EVERY_STORE("B9 messages of somebody erased meanwhile are handed over under the host's own id") {
  desk w;
  static_cast<void>(must(w.dir.run(w.admin, set_tenant_policy{.restore_days = 0})));
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = w.ulf, .external_ref = "ext-1"})));
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = w.vera, .external_ref = "ext-2"})));
  w.keeper->answers = [](const asset_handover&) { return later(); };
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{.user_id = w.ulf, .assets_to = w.vera})));
  std::string told;
  w.keeper->answers = [&](const asset_handover& h) -> provider_answer {
    told = std::string(h.external_ref) + " to " + std::string(h.to_external_ref);
    return {errand_outcome::done, {}, {}};
  };
  w.pass(minute);
  CHECK(w.pumped() == "1 done, 0 postponed, 0 refused");
  CHECK(told == "ext-1 to ext-2");
  const auto all = must(w.dir.ask(w.admin, audit{.limit = 500}));
  for (const auto& entry : all.entries) CHECK(entry.details.find("ext-1") == std::string::npos);
  CHECK(w.audited());
}

ON_EVERY_STORE("messages are never handed to who has left, and another successor can be named") {
  desk w;
  w.keeper->answers = [](const asset_handover&) { return later(); };
  static_cast<void>(must(w.dir.run(w.admin, leave_assets{w.ulf, w.vera})));
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{.user_id = w.vera})));
  w.keeper->answers = nullptr;
  const auto told = w.keeper->told.size();
  w.pass(minute);
  CHECK(w.pumped() == "0 done, 0 postponed, 1 refused");
  CHECK(w.keeper->told.size() == told);
  REQUIRE(w.standing().size() == 1);
  CHECK(w.standing().front().reason == "successor_gone");
  CHECK_FALSE(w.standing().front().next_attempt_at);
  const auto id = w.standing().front().errand_id;
  static_cast<void>(
      must(w.dir.run(w.admin, define_role{.name = "clerk", .permissions = {"user.manage", "license.view"}})));
  const auto clerk = w.adopt("Cy", "C", "cy@acme.example");
  static_cast<void>(must(w.dir.run(w.admin, grant_role{.user_id = clerk, .role = "clerk"})));
  const auto as_clerk = must(w.dir.open_actor("cy@acme.example", w.tenant_id));
  for (const auto& wanted : {retry_errand{id, clerk}, retry_errand{id, w.vera}}) // nobody helps themselves to messages
    CHECK(refused_with(w.dir.run(as_clerk, wanted)).reason == "target_exceeds_own");
  CHECK(refused_with(w.dir.run(as_clerk, cancel_errand{id})).reason == "target_exceeds_own");
  const auto chief = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  CHECK(refused_with(w.dir.run(w.admin, retry_errand{id, w.vera})).reason == "successor_unknown");
  static_cast<void>(must(w.dir.run(w.admin, retry_errand{id, chief})));
  CHECK(w.pumped() == "1 done, 0 postponed, 0 refused");
  CHECK(w.standing().empty());
}

ON_EVERY_STORE("messages go to whom the errand names when it is taken, not when a pump found it due") {
  desk w;
  const auto chief = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  w.keeper->answers = [](const asset_handover&) { return later(); };
  for (const auto& from : {w.ulf, w.vera}) static_cast<void>(must(w.dir.run(w.admin, leave_assets{from, chief})));
  std::string told;
  w.keeper->answers = [&](const asset_handover& h) -> provider_answer {
    told += to_text(narrow<user>(h.user_id)) + ">" + to_text(narrow<user>(h.to_user_id)) + " ";
    for (const auto& row : w.standing()) // somebody names another one for those that wait
      if (row.user_id != narrow<user>(h.user_id) && row.user_id != w.ulf)
        static_cast<void>(must(w.dir.run(w.admin, retry_errand{row.errand_id, w.ulf})));
    return {errand_outcome::done, {}, {}};
  };
  w.pass(minute);
  static_cast<void>(w.pumped());
  static_cast<void>(w.pumped());
  const auto vera_to = told.find(to_text(w.vera) + ">");
  REQUIRE(vera_to != std::string::npos);
  CHECK(told.starts_with(to_text(w.ulf)));
  CHECK(told.find(to_text(w.vera) + ">" + to_text(w.ulf)) == vera_to);
  CHECK(w.standing().empty());
}

ON_EVERY_STORE("I12 handovers are shown to who manages users, orders to who configures numbers, and to nobody else") {
  desk w;
  w.keeper->answers = [](const asset_handover&) { return later(); };
  w.shop_says(later());
  static_cast<void>(must(w.dir.run(w.admin, leave_assets{w.vera, w.ulf})));
  static_cast<void>(refused_with(w.order()));
  REQUIRE(w.standing().size() == 2);
  const auto may = [&](std::string name, std::vector<std::string> permissions) {
    permissions.emplace_back("license.view");
    static_cast<void>(must(w.dir.run(w.admin, define_role{.name = name, .permissions = std::move(permissions)})));
    const auto email = name + "@acme.example";
    const auto id = w.adopt("X", name, email);
    static_cast<void>(must(w.dir.run(w.admin, grant_role{.user_id = id, .role = name})));
    const auto as = must(w.dir.open_actor(email, w.tenant_id));
    std::string seen;
    for (const auto& row : must(w.dir.ask(as, errands{})).errands) seen += std::string(word(row.kind)) + " ";
    for (const auto& row : w.standing()) // who is not shown it does not touch it
      seen += w.dir.preview(as, cancel_errand{row.errand_id}) ? "may " : "may_not ";
    return seen;
  };
  CHECK(may("viewer", {}) == "may_not may_not ");
  CHECK(may("numbers", {"number.configure"}) == "order_number may_not may ");
  CHECK(may("people", {"user.manage"}) == "hand_over_assets may_not may_not ");
}

ON_EVERY_STORE("handovers of one directory do not keep its orders waiting, nor the other way round") {
  desk w;
  auto seller = w.beside(w.shop);
  w.keeper->answers = [](const asset_handover&) { return later(); };
  w.shop_says(later());
  for (const auto& from : {w.ulf, w.vera}) static_cast<void>(must(w.dir.run(w.admin, leave_assets{from, w.ulf})));
  static_cast<void>(refused_with(w.order()));
  w.shop->answers = nullptr;
  w.pass(minute);
  CHECK(desk::pumped(seller, 1) == "1 done, 0 postponed, 0 refused, more"); // though two handovers are due before it
  CHECK(desk::pumped(seller, 1) == "0 done, 0 postponed, 0 refused");
  CHECK(w.standing().size() == 2);
}
