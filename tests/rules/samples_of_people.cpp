// Samples: scopes, packages, people who come, leave and are replaced, roles and rights, audit.
#include "rules/samples_parts.hpp"

namespace samples {

namespace {

/// One at a time: a world on it has ended before the next is made.
contract::host_file* fresh_host() {
  static std::unique_ptr<contract::host_file> made;
  return (made = std::make_unique<contract::host_file>()).get();
}

std::string pool_of(id_of<package> id, int purchased) {
  return "{\"package_id\":" + quoted(id) + ",\"purchased\":" + std::to_string(purchased) + "}";
}
/// The tenant as it is, moved to a name and ids of its own.
std::string new_tenant(world& w) {
  auto document = must(w.dir.ask(w.at_tenant, export_tenant{}));
  document.tenant.tenant_id = {make_id(tag_of<tenant>, 77)};
  document.tenant.name = "Moved";
  auto& only = document.users.at(0);
  only.user_id = {make_id(tag_of<user>, 77)};
  document.tenant.owner_user_id = only.user_id;
  only.login.identity_id = {make_id(tag_of<identity>, 77)};
  only.login.email = "moved@acme.example";
  only.grants.at(0).grant_id = {make_id(tag_of<grant>, 77)};
  only.team_members.at(0).bridge_id.reset();
  return to_json(document);
}
/// Somebody deleted.
id_of<user> gone(world& w) {
  const auto id = w.adopt("Ida", "I", "ida@acme.example");
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{id})));
  return id;
}
/// Somebody with an extension and a package, and somebody else.
std::pair<id_of<user>, id_of<user>> two(world& w) {
  const adopt_user with{.first_name = "Mona",
                        .last_name = "M",
                        .email = "mona@acme.example",
                        .package_id = w.plus,
                        .extension = "201",
                        .devices = {{.name = "desk", .description = "T54W"}}};
  const auto id = must(w.dir.run(w.admin, with)).created_id<user>();
  return {id, w.adopt("Max", "M", "max@acme.example")};
}
id_of<replacement> replaced_two(world& w) {
  const auto [who, successor] = two(w);
  return must(w.dir.run(w.admin, replace_person{who, successor})).created_id<replacement>();
}

std::string newcomer(std::string_view rest = "") {
  return R"({"first_name":"New","last_name":"Comer","email":"new@acme.example")" + std::string(rest) + "}";
}

std::function<std::string(world&)> user_and_package(bool holds) {
  return [holds](world& w) {
    const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
    if (holds) static_cast<void>(must(w.dir.run(w.admin, assign_package{id, w.plus})));
    return "{\"user_id\":" + quoted(id) + ",\"package_id\":" + quoted(holds ? w.basic : w.plus) + "}";
  };
}
std::function<std::string(world&)> users_and_package(bool holds, bool named) {
  return [=](world& w) {
    const auto a = w.adopt("A", "User", "a@acme.example"), b = w.adopt("B", "User", "b@acme.example");
    if (holds) static_cast<void>(must(w.dir.run(w.admin, assign_packages{{a, b}, w.plus})));
    return "{\"user_ids\":[" + quoted(a) + "," + quoted(b) + "]" +
           (named ? ",\"package_id\":" + quoted(holds ? w.basic : w.plus) : std::string{}) + "}";
  };
}
std::string package_only(world& w) { return "{\"package_id\":" + quoted(w.plus) + "}"; }
std::string subscribed(world& w) {
  const set_subscription terms{.currency = "EUR", .statement_day = 3, .time_zone = "Europe/Berlin"};
  static_cast<void>(must(w.dir.run(w.at_tenant, terms)));
  return "{}";
}
constexpr auto csv = R"({"csv":"email,first_name,last_name,extension\nx@acme.example,X,Y,300\n"})";

} // namespace

sample_map samples_of_people() {
  return {
      {"bootstrap_operator", {whom::system, fixed(R"({"email":"second@example.com"})")}},
      {"create_container", {whom::platform, fixed(R"({"name":"pbx-2"})")}},
      {"create_tenant", {whom::container, fixed(R"({"name":"Third"})")}},
      {"enable_service", {whom::tenant, fixed(R"({"service":"video"})")}},
      {"disable_service",
       {whom::tenant,
        [](world& w) {
          return must(w.dir.run(w.at_tenant, enable_service{"fax"})), std::string(R"({"service":"fax"})");
        }}},
      {"define_package",
       {whom::platform,
        fixed(
            R"({"name":"Pro","kind":"base","price_minor":"2999","currency":"USD","features":[{"feature":"a.b","setting":"1"}],"services":["video"]})")}},
      {"retire_package", {whom::platform, package_only}},
      {"offer_package",
       {whom::tenant,
        [](world& w) {
          return "{\"package_id\":" + quoted(w.package_named("Gold", package_kind::base, 1, {})) + "}";
        }}},
      {"withdraw_package", {whom::tenant, package_only}},
      {"set_seat_pool",
       {whom::tenant,
        [](world& w) { return "{\"package_id\":" + quoted(w.plus) + ",\"purchased\":9,\"overage\":\"allow\"}"; }}},
      {"set_subscription",
       {whom::tenant, fixed(R"({"currency":"EUR","statement_day":3,"time_zone":"Europe/Berlin"})")}},
      {"subscription_in_force", {whom::admin, subscribed}},
      {"statement_preview", {whom::admin, subscribed}},
      {"buy_seats",
       {whom::admin,
        [](world& w) {
          const set_seat_pool open{.package_id = w.plus, .purchased = 3, .purchase_limit = 9};
          static_cast<void>(must(w.dir.run(w.at_tenant, open)));
          return "{\"package_id\":" + quoted(w.plus) + ",\"seats\":2}";
        }}},
      {"recommend_package", {whom::admin, fixed(R"({"minutes":200,"needed_features":["video.hipaa"]})")}},
      {"add_user",
       {whom::admin,
        [](world& w) { return newcomer(",\"package_id\":" + quoted(w.plus) + ",\"send_welcome\":true"); }}},
      {"adopt_user",
       {whom::admin,
        fixed(newcomer(R"(,"external_ref":"7","extension":"201","devices":[{"name":"desk","description":"T31G"}])"))}},
      {"activate_user", {whom::admin, about_user}},
      {"import_users", {whom::admin, fixed(csv)}},
      {"reconcile", {whom::admin, fixed(R"({"limit":7})"), fresh_host}},
      {"record_denial",
       {whom::system,
        [](world& w) {
          return "{\"identity_id\":" + quoted(w.admin.identity_id()) + R"(,"command":"c","reason":"r"})";
        }}},
      {"assign_package", {whom::admin, user_and_package(false)}},
      {"change_package", {whom::admin, user_and_package(true)}},
      {"unassign_package", {whom::admin, [](world& w) { return user_and_package(true)(w).substr(0, 30) + "}"; }}},
      {"assign_packages", {whom::admin, users_and_package(false, true)}},
      {"change_packages", {whom::admin, users_and_package(true, true)}},
      {"unassign_packages", {whom::admin, users_and_package(true, false)}},
      {"register_permission",
       {whom::platform, fixed(R"({"permission":"queue.listen","description":"Listen in on a queue"})")}},
      {"define_role",
       {whom::admin, fixed(R"({"name":"front-desk","permissions":["license.view"],"restricted":["user.manage"]})")}},
      {"change_role",
       {whom::admin,
        [](world& w) {
          return must(w.dir.run(w.admin, define_role{.name = "desk", .permissions = {"license.view"}})),
                 std::string(R"({"role":"desk","permissions":["audit.view"]})");
        }}},
      {"delete_role",
       {whom::admin,
        [](world& w) {
          return must(w.dir.run(w.admin, define_role{.name = "desk"})), std::string(R"({"role":"desk"})");
        }}},
      {"grant_role",
       {whom::admin,
        [](world& w) { return with_more(about_user(w), R"("role":"tenant","ends_at":"2027-01-01T00:00:00Z")"); }}},
      {"revoke_role",
       {whom::admin,
        [](world& w) {
          w.administrator(w.admin, "Bo", "B", "bo@acme.example");
          return std::string(R"({"email":"bo@acme.example","role":"administrator"})");
        }}},
      {"give_flag", {whom::tenant, [](world& w) { return with_more(about_user(w), R"("flag":"manage_e911")"); }}},
      {"take_flag",
       {whom::tenant,
        [](world& w) {
          const auto id = w.adopt("Flo", "F", "flo@acme.example");
          static_cast<void>(must(w.dir.run(w.at_tenant, give_flag{.user_id = id, .flag = flag::manage_e911})));
          return "{\"user_id\":" + quoted(id) + R"(,"flag":"manage_e911"})";
        }}},
      {"suspend_user", {whom::admin, about_user}},
      {"resume_user",
       {whom::admin,
        [](world& w) {
          const auto id = w.adopt("Sam", "S", "sam@acme.example");
          return must(w.dir.run(w.admin, suspend_user{id})), "{\"user_id\":" + quoted(id) + "}";
        }}},
      {"delete_user", {whom::admin, about_user}},
      {"restore_user",
       {whom::admin, [](world& w) { return "{\"user_id\":" + quoted(gone(w)) + R"(,"send_welcome":true})"; }}},
      {"erase_user", {whom::admin, [](world& w) { return "{\"user_id\":" + quoted(gone(w)) + "}"; }}},
      {"deleted_users", {whom::admin, [](world& w) { return static_cast<void>(gone(w)), R"({"limit":5})"; }}},
      {"replace_person",
       {whom::admin,
        [](world& w) {
          const auto [who, successor] = two(w);
          return "{\"user_id\":" + quoted(who) + ",\"successor_id\":" + quoted(successor) + "}";
        }}},
      {"undo_replacement",
       {whom::admin, [](world& w) { return "{\"replacement_id\":" + quoted(replaced_two(w)) + "}"; }}},
      {"replacements", {whom::admin, [](world& w) { return static_cast<void>(replaced_two(w)), R"({"limit":5})"; }}},
      {"strandings", {whom::admin, about_user}},
      {"shrink_plan", {whom::admin, [](world& w) { return pool_of(w.basic, 0); }}},
      {"shrink_pool",
       {whom::tenant,
        [](world& w) {
          const auto id = w.invite("Ina", "I", "ina@acme.example", w.basic);
          return with_more(pool_of(w.basic, 0), "\"from_user_ids\":[" + quoted(id) + "]");
        }}},
      {"export_tenant", {whom::tenant, fixed("{}")}},
      {"import_tenant", {whom::container, new_tenant}},
      {"set_tenant_policy", {whom::admin, fixed(R"({"suspended_seats":"free","restore_days":10,"undo_days":3})")}},
      {"tenant_policy_in_force", {whom::admin, fixed("{}")}},
      {"suspend_identity", {whom::platform, fixed(R"({"email":"otto@other.example"})")}},
      {"resume_identity",
       {whom::platform,
        [](world& w) {
          w.adopt("Ida", "I", "ida@acme.example");
          return must(w.dir.run(w.operator_, suspend_identity{"ida@acme.example"})),
                 std::string(R"({"email":"ida@acme.example"})");
        }}},
      {"delete_identity",
       {whom::platform,
        [](world& w) {
          static_cast<void>(gone(w));
          return std::string(R"({"email":"ida@acme.example"})");
        }}},
      {"replace_owner",
       {whom::tenant,
        [](world& w) {
          w.administrator(w.admin, "Bo", "B", "bo@acme.example");
          const auto id = must(w.dir.ask(w.admin, find_user{.email = "bo@acme.example"})).user_id;
          return "{\"user_id\":" + quoted(id) + "}";
        }}},
      {"permissions", {whom::admin, fixed("{}")}},
      {"roles", {whom::admin, fixed("{}")}},
      {"grants", {whom::admin, fixed(R"({"limit":3})")}},
      {"who_can", {whom::admin, fixed(R"({"permission":"user.manage"})")}},
      {"what_can", {whom::admin, about_user}},
      {"explain", {whom::admin, [](world& w) { return with_more(about_user(w), R"("permission":"user.manage")"); }}},
      {"available_actions", {whom::admin, about_user}},
      {"users", {whom::admin, fixed(R"({"search":"ada","limit":5})")}},
      {"find_user", {whom::admin, fixed(R"({"email":"ada@acme.example"})")}},
      {"selectable_packages", {whom::admin, fixed("{}")}},
      {"seat_pools", {whom::admin, fixed("{}")}},
      {"why_unassigned", {whom::admin, about_user}},
      {"why_role_unchanged", {whom::admin, about_user}},
      {"entitled",
       {whom::admin,
        [](world& w) {
          auto j = about_user(w);
          return j.substr(0, j.size() - 1) + R"(,"feature":"video.hipaa"})";
        }}},
      {"check_import", {whom::admin, fixed(csv)}},
      {"audit", {whom::admin, fixed(R"({"limit":3})")}},
      {"changes_since", {whom::admin, fixed(R"({"since":"0","limit":3})")}},
      {"verify_audit", {whom::admin, fixed("{}")}},
      {"denials", {whom::admin, fixed("{}")}},
  };
}

} // namespace samples
