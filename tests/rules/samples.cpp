#include "rules/samples.hpp"

#include "secrets/token.hpp"

#include <array>

namespace samples {

namespace {

/// One at a time: a world on it has ended before the next is made.
contract::host_file* fresh_host() {
  static std::unique_ptr<contract::host_file> made;
  return (made = std::make_unique<contract::host_file>()).get();
}

std::string quoted(any_id id) { return "\"" + to_text(id) + "\""; }

/// The token that the next command will draw, since its rule draws before anything else does.
std::string next_token(world& w, std::string_view purpose) {
  seeded_random ahead(w.random->state);
  std::array<char, token_random_size> drawn{};
  ahead.fill(drawn.data(), drawn.size());
  return std::string(token_of(purpose, {drawn.data(), drawn.size()}).reveal());
}

/// Ada chooses a password: a hash brought along, a reset.
void give_password(world& w) {
  const auto ada = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  static_cast<void>(must(w.dir.run(
      w.at_tenant,
      adopt_password{ada, secret_text("pbkdf2_sha256$1000$salty$JOJFNAqG/7MGjHhhkCrKJjB8aRo0pNOPj+rOTWA9i6o=")})));
}
constexpr std::string_view signing_in =
    R"({"email":"ada@acme.example","password":"Tr0ub4dor&3 und mehr","source":"192.0.2.1"})";

/// Ada's own, by a letter to her mailbox.
void choose_password(world& w) {
  const auto ada = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  const auto token = next_token(w, "password_reset");
  static_cast<void>(must(w.dir.run(w.at_tenant, start_password_reset{ada})));
  static_cast<void>(
      must(w.dir.run(w.dir.open_visitor(), complete_password_reset{.token = secret_text(token),
                                                                   .password = secret_text("Tr0ub4dor&3 und mehr")})));
}

/// Ada asks for a backup address; the token of the letter.
std::string ask_backup_address(world& w) {
  choose_password(w);
  const auto token_of_session = [&] {
    sign_in with{};
    REQUIRE_FALSE(read_json(signing_in, type_of<sign_in>, &with));
    return *must(w.dir.run(w.dir.open_visitor(), with)).token;
  };
  const auto ada = must(w.dir.open_session(secret_text(token_of_session())));
  auto token = next_token(w, "address_confirmation");
  static_cast<void>(must(w.dir.run(
      ada, set_backup_address{.email = "ada@home.example", .password = secret_text("Tr0ub4dor&3 und mehr")})));
  return token;
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

template <class Noun> std::string any_one() { return quoted(id_of<Noun>{make_id(tag_of<Noun>, 1)}); }

std::string newcomer(std::string_view rest = "") {
  return R"({"first_name":"New","last_name":"Comer","email":"new@acme.example")" + std::string(rest) + "}";
}

} // namespace

const std::map<std::string_view, sample>& all() {
  const auto fixed = [](std::string json) { return [json](world&) { return json; }; };
  const auto user_and_package = [](bool holds) {
    return [holds](world& w) {
      const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
      if (holds) static_cast<void>(must(w.dir.run(w.admin, assign_package{id, w.plus})));
      return "{\"user_id\":" + quoted(id) + ",\"package_id\":" + quoted(holds ? w.basic : w.plus) + "}";
    };
  };
  const auto users_and_package = [](bool holds, bool named) {
    return [=](world& w) {
      const auto a = w.adopt("A", "User", "a@acme.example"), b = w.adopt("B", "User", "b@acme.example");
      if (holds) static_cast<void>(must(w.dir.run(w.admin, assign_packages{{a, b}, w.plus})));
      return "{\"user_ids\":[" + quoted(a) + "," + quoted(b) + "]" +
             (named ? ",\"package_id\":" + quoted(holds ? w.basic : w.plus) : std::string{}) + "}";
    };
  };
  const auto about_user = [](world& w) {
    return "{\"user_id\":" + quoted(w.invite("Ina", "I", "ina@acme.example")) + "}";
  };
  const auto with_more = [](const std::string& json, std::string_view rest) {
    return json.substr(0, json.size() - 1) + "," + std::string(rest) + "}";
  };
  const auto package_only = [](world& w) { return "{\"package_id\":" + quoted(w.plus) + "}"; };
  const std::string csv = R"({"csv":"email,first_name,last_name,extension\nx@acme.example,X,Y,300\n"})";
  const auto publish = R"({"text":"Delegates see everything.","terms_link":"https://example.com/terms"})";
  const auto noticed = [](world& w) {
    return must(w.dir.run(w.operator_, publish_notice{.text = "Seen by all.", .terms_link = "https://example.com"})),
           std::string(R"({"first_name":"Pat","last_name":"P","email":"pat@partner.example","notice_version":1,)"
                       R"("review_at":"2027-01-01T00:00:00Z","lapses":true,"send_invitation":true})");
  };
  const auto about_delegate = [=](std::string_view rest) {
    return [=](world& w) {
      static_cast<void>(noticed(w));
      const add_delegate pat{
          .first_name = "Pat", .last_name = "P", .email = "pat@partner.example", .notice_version = 1};
      const auto id = must(w.dir.run(w.admin, pat)).created_id<delegate>();
      return "{\"delegate_id\":" + quoted(id) + std::string(rest) + "}";
    };
  };
  const auto about_letter = [](std::string_view rest) {
    return [=](world& w) {
      const add_user ina{.first_name = "Ina", .last_name = "I", .email = "ina@acme.example", .send_welcome = true};
      const auto id = must(w.dir.run(w.admin, ina)).mail.at(0).message_id;
      return "{\"message_id\":" + quoted(id) + std::string(rest) + "}";
    };
  };
  static constexpr std::string_view did_one = "+14165550101";
  const auto numbered = [](world& w) {
    static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{std::string(did_one)}})));
    return R"({"direct_number":")" + std::string(did_one) + "\"}";
  };
  const auto attached = [=](world& w) {
    auto json = numbered(w);
    const auto id = w.adopt("Ulf", "U", "ulf@acme.example");
    return static_cast<void>(must(w.dir.run(w.admin, attach_did{std::string(did_one), id}))), json;
  };
  const auto with_extension = [](world& w) {
    return must(w.dir.run(w.admin, adopt_user{.first_name = "Ulf",
                                              .last_name = "U",
                                              .email = "ulf@acme.example",
                                              .extension = "201",
                                              .devices = {{.name = "desk"}}}))
        .created_id<user>();
  };
  const auto with_pin = [=](world& w) {
    const auto id = w.adopt("Ulf", "U", "ulf@acme.example");
    static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = id, .voicemail_pin = secret_text("4711")})));
    return "{\"user_id\":" + quoted(id) + R"(,"dialled":"4711"})";
  };
  const auto declared = [](world& w, attribute_owner owner) {
    static_cast<void>(must(w.dir.run(
        w.operator_, declare_attribute{.owner = owner, .name = "cost-centre", .type = attribute_type::integer})));
  };
  const auto ordered = [](std::string_view rest) {
    return [=](world& w) {
      w.shop->answers = [](const auto&) { return provider_answer{errand_outcome::temporary, {}, "shop_closed"}; };
      static_cast<void>(refused_with(w.dir.run(w.admin, get_number{.order_key = "form-7"})));
      w.shop->answers = nullptr;
      const auto open = must(w.dir.ask(w.admin, errands{})).errands.at(0);
      return "{\"errand_id\":" + quoted(open.errand_id) + std::string(rest) + "}";
    };
  };
  static const std::map<std::string_view, sample> known{
      {"declare_attribute",
       {whom::platform, fixed(R"({"owner":"user","name":"cost-centre","type":"integer","searched":true})")}},
      {"set_user_attributes",
       {whom::admin,
        [=](world& w) {
          declared(w, attribute_owner::user);
          return with_more(about_user(w), R"("entries":[{"name":"cost-centre","content":"4711"}])");
        }}},
      {"set_did_attributes",
       {whom::admin,
        [=](world& w) {
          declared(w, attribute_owner::did);
          return with_more(numbered(w), R"("entries":[{"name":"cost-centre","content":"4711"}])");
        }}},
      {"set_tenant_attributes",
       {whom::admin,
        [=](world& w) {
          declared(w, attribute_owner::tenant);
          return std::string(R"({"entries":[{"name":"cost-centre","content":"4711"}]})");
        }}},
      {"attributes", {whom::admin, fixed("{}")}},
      {"attribute_values", {whom::admin, about_user}},
      {"set_extension_range", {whom::admin, fixed(R"({"first":"2000","last":"2999"})")}},
      {"change_extension",
       {whom::admin, [=](world& w) { return "{\"user_id\":" + quoted(with_extension(w)) + R"(,"extension":"202"})"; }}},
      {"release_extension",
       {whom::admin, [=](world& w) { return with_extension(w), std::string(R"({"extension":"201"})"); }}},
      {"set_international",
       {whom::tenant,
        [=](world& w) { return with_extension(w), std::string(R"({"extension":"201","switched":"on"})"); }}},
      {"add_dids", {whom::tenant, fixed(R"({"direct_numbers":["+14165550101","+14165550102"]})")}},
      {"remove_dids",
       {whom::tenant, [=](world& w) { return numbered(w), std::string(R"({"direct_numbers":["+14165550101"]})"); }}},
      {"attach_did",
       {whom::admin,
        [=](world& w) {
          const auto json = numbered(w);
          return with_more(json, "\"user_id\":" + quoted(w.adopt("Ulf", "U", "ulf@acme.example")));
        }}},
      {"use_did", {whom::admin, [=](world& w) { return with_more(numbered(w), R"("use":"main","label":"front")"); }}},
      {"detach_did", {whom::admin, attached}},
      {"set_e911", {whom::tenant, [=](world& w) { return with_more(attached(w), R"("switched":"on")"); }}},
      {"edit_user",
       {whom::admin,
        [=](world& w) {
          return "{\"user_id\":" + quoted(with_extension(w)) +
                 R"(,"first_name":"Olaf","time_zone":"Europe/Berlin","mobile":"+491711234567",)"
                 R"("forwarding_number":"+491711234567","clear":["external_ref"]})";
        }}},
      {"edit_own_line", {whom::admin, fixed(R"({"forwarding_number":"+491711234567","clear":["mobile"]})")}},
      {"set_device",
       {whom::admin,
        [=](world& w) {
          return "{\"user_id\":" + quoted(with_extension(w)) +
                 R"(,"name":"soft","model":"Yealink T31G","mac":"00:1A:2B:3C:4D:5E"})";
        }}},
      {"remove_device",
       {whom::admin, [=](world& w) { return "{\"user_id\":" + quoted(with_extension(w)) + R"(,"name":"desk"})"; }}},
      {"get_number",
       {whom::admin,
        [](world& w) {
          return R"({"order_key":"form-7","user_id":)" + quoted(w.adopt("Ulf", "U", "ulf@acme.example")) + "}";
        }}},
      {"take_errand", {whom::system, ordered(R"(,"attempt":2)")}},
      {"settle_errand", {whom::system, ordered(R"(,"attempt":1,"done":true,"direct_number":"+14165550199")")}},
      {"retry_errand", {whom::admin, ordered("")}},
      {"cancel_errand", {whom::admin, ordered("")}},
      {"reseal_pins", {whom::system, fixed("{}")}},
      {"dids", {whom::admin, [=](world& w) { return numbered(w), std::string(R"({"use":"unassigned","limit":5})"); }}},
      {"extensions", {whom::admin, fixed(R"({"limit":5})")}},
      {"check_voicemail_pin", {whom::admin, with_pin}},
      {"errands", {whom::admin, [=](world& w) { return ordered("")(w), std::string(R"({"limit":5})"); }}},
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
      {"unassign_package", {whom::admin, [=](world& w) { return user_and_package(true)(w).substr(0, 30) + "}"; }}},
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
        [=](world& w) { return with_more(about_user(w), R"("role":"tenant","ends_at":"2027-01-01T00:00:00Z")"); }}},
      {"revoke_role",
       {whom::admin,
        [](world& w) {
          w.administrator(w.admin, "Bo", "B", "bo@acme.example");
          return std::string(R"({"email":"bo@acme.example","role":"administrator"})");
        }}},
      {"give_flag", {whom::tenant, [=](world& w) { return with_more(about_user(w), R"("flag":"manage_e911")"); }}},
      {"take_flag",
       {whom::tenant,
        [=](world& w) {
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
      {"explain", {whom::admin, [=](world& w) { return with_more(about_user(w), R"("permission":"user.manage")"); }}},
      {"available_actions", {whom::admin, about_user}},
      {"users", {whom::admin, fixed(R"({"search":"ada","limit":5})")}},
      {"find_user", {whom::admin, fixed(R"({"email":"ada@acme.example"})")}},
      {"selectable_packages", {whom::admin, fixed("{}")}},
      {"seat_pools", {whom::admin, fixed("{}")}},
      {"why_unassigned", {whom::admin, about_user}},
      {"why_role_unchanged", {whom::admin, about_user}},
      {"entitled",
       {whom::admin,
        [=](world& w) {
          auto j = about_user(w);
          return j.substr(0, j.size() - 1) + R"(,"feature":"video.hipaa"})";
        }}},
      {"check_import", {whom::admin, fixed(csv)}},
      {"audit", {whom::admin, fixed(R"({"limit":3})")}},
      {"changes_since", {whom::admin, fixed(R"({"since":"0","limit":3})")}},
      {"verify_audit", {whom::admin, fixed("{}")}},
      {"denials", {whom::admin, fixed("{}")}},
      {"publish_notice", {whom::admin, fixed(publish)}},
      {"add_delegate", {whom::admin, noticed}},
      {"activate_delegate", {whom::admin, about_delegate("")}},
      {"remove_delegate", {whom::admin, about_delegate("")}},
      {"review_delegate", {whom::admin, about_delegate(R"(,"review_at":"2027-01-01T00:00:00Z")")}},
      {"acknowledge_notice",
       {whom::admin,
        [=](world& w) {
          const auto json = about_delegate(R"(,"notice_version":2)")(w);
          return static_cast<void>(noticed(w)), json;
        }}},
      {"take_delivery", {whom::system, about_letter(R"(,"attempt":1)")}},
      {"note_delivery", {whom::system, about_letter(R"(,"attempt":1,"state":"queued","reason":"smtp_timeout")")}},
      {"retry_message",
       {whom::admin,
        [=](world& w) {
          w.mail->answers = [](const auto&) { return mail_answer{mail_outcome::rejected, "mailbox_unknown"}; };
          const auto json = about_letter("")(w);
          return static_cast<void>(must(w.dir.pump_mail(1))), json;
        }}},
      {"messages", {whom::admin, fixed(R"({"state":"queued","limit":3})")}},
      {"send_invitation", {whom::admin, about_user}},
      {"send_delegate_invitation", {whom::admin, about_delegate("")}},
      {"correct_address",
       {whom::admin, [=](world& w) { return with_more(about_user(w), R"("email":"ian@acme.example")"); }}},
      {"cancel_invitation", {whom::admin, about_user}},
      {"invitations", {whom::admin, fixed(R"({"limit":5})")}},
      {"accept_invitation",
       {whom::visitor,
        [](world& w) {
          const auto token = next_token(w, "invitation");
          static_cast<void>(must(w.dir.run(
              w.admin,
              add_user{.first_name = "Ina", .last_name = "I", .email = "ina@acme.example", .send_welcome = true})));
          return "{\"token\":\"" + token + R"(","password":"vier fuenf wort sechs"})";
        }}},
      {"start_password_reset",
       {whom::admin, [](world& w) { return "{\"user_id\":" + quoted(w.adopt("Ulf", "U", "ulf@acme.example")) + "}"; }}},
      {"request_password_reset",
       {whom::visitor,
        [](world& w) {
          return give_password(w), std::string(R"({"email":"ada@acme.example","source":"192.0.2.1"})");
        }}},
      {"complete_password_reset",
       {whom::visitor,
        [](world& w) {
          const auto id = w.adopt("Ulf", "U", "ulf@acme.example");
          const auto token = next_token(w, "password_reset");
          static_cast<void>(must(w.dir.run(w.admin, start_password_reset{id})));
          return "{\"token\":\"" + token + R"(","password":"vier fuenf wort sechs"})";
        }}},
      {"adopt_password",
       {whom::admin,
        [=](world& w) {
          return "{\"user_id\":" + quoted(w.adopt("Ulf", "U", "ulf@acme.example")) +
                 R"(,"password_hash":"$2b$05$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae"})";
        }}},
      {"sign_in", {whom::visitor, [](world& w) { return give_password(w), std::string(signing_in); }}},
      {"confirm_code",
       {whom::visitor,
        [](world& w) {
          give_password(w);
          sign_in first{};
          REQUIRE_FALSE(read_json(signing_in, type_of<sign_in>, &first));
          static_cast<void>(must(w.dir.run(w.dir.open_visitor(), first))); // the hash brought along is made anew
          const auto ada = must(w.dir.open_actor("ada@acme.example"));
          static_cast<void>(must(w.dir.run(ada, set_second_factor{second_factor::mailbox})));
          seeded_random ahead(w.random->state);
          std::array<char, token_random_size> drawn{};
          std::uint32_t code = 0;
          ahead.fill(drawn.data(), drawn.size());
          ahead.fill(&code, sizeof code);
          const auto waiting = must(w.dir.run(w.dir.open_visitor(), first));
          REQUIRE(waiting.second_factor == second_factor::mailbox);
          return "{\"token\":\"" + *waiting.token + "\",\"code\":\"" +
                 std::to_string(1'000'000 + code % 1'000'000).substr(1) + "\"}";
        }}},
      {"set_second_factor", {whom::platform, fixed(R"({"second_factor":"mailbox"})")}},
      {"own_login", {whom::platform, fixed("{}")}},
      {"set_backup_address",
       {whom::session,
        [](world& w) {
          return choose_password(w), std::string(R"({"email":"ada@home.example","password":"Tr0ub4dor&3 und mehr"})");
        }}},
      {"confirm_backup_address",
       {whom::visitor, [](world& w) { return "{\"token\":\"" + ask_backup_address(w) + "\"}"; }}},
      {"remove_backup_address",
       {whom::session,
        [](world& w) {
          const auto token = ask_backup_address(w);
          static_cast<void>(must(w.dir.run(w.dir.open_visitor(), confirm_backup_address{secret_text(token)})));
          return std::string("{}");
        }}},
      {"answer_reset_request", {whom::system, fixed("{\"reset_request_id\":" + any_one<reset_request>() + "}")}},
      {"note_session_use", {whom::system, fixed("{\"session_id\":" + any_one<session>() + "}")}},
      {"forget_expired", {whom::system, fixed("{}")}},
      {"rotate_host_key", {whom::system, fixed("{}")}},
      {"sign_out", {whom::session, [](world& w) { return give_password(w), std::string("{}"); }}},
      {"sessions", {whom::platform, fixed("{}")}},
      {"end_sessions", {whom::session, [](world& w) { return give_password(w), std::string("{}"); }}},
      {"notice_in_force", {whom::admin, [=](world& w) { return static_cast<void>(noticed(w)), std::string("{}"); }}},
      {"delegates", {whom::admin, fixed(R"({"overdue":true,"limit":5})")}},
  };
  return known;
}

const actor* actor_for(world& w, whom by) {
  static thread_local actor opened;
  switch (by) {
  case whom::platform:
    return &w.operator_;
  case whom::container:
    return &(opened = must(w.dir.open_actor(w.operator_.identity_id(), w.container_id)));
  case whom::tenant:
    return &w.at_tenant;
  case whom::admin:
    return &w.admin;
  case whom::visitor:
    return &(opened = w.dir.open_visitor());
  case whom::session: {
    sign_in with{};
    REQUIRE_FALSE(read_json(signing_in, type_of<sign_in>, &with));
    const auto done = must(w.dir.run(w.dir.open_visitor(), with));
    return &(opened = must(w.dir.open_session(secret_text(*done.token))));
  }
  case whom::system:
    return nullptr; // only the directory itself
  }
  return nullptr;
}

refusal attempt(world& w, const actor& as, const verb& v, const void* object) {
  if (v.is_command()) {
    auto done = carry_out(w.dir, as, {&v, object});
    return done ? refusal{} : refusal{done.error()};
  }
  erased into(v.answer_object);
  return w.dir.answer(as, v, object, into.room);
}

void for_every_verb(const std::function<void(world&, const verb&, whom, erased&)>& visit) {
  for (const auto* v : verbs()) {
    const auto it = all().find(v->name);
    REQUIRE_MESSAGE(it != all().end(), "give a sample request for " << v->name);
    CAPTURE(v->name);
    auto* const host = it->second.host ? it->second.host() : nullptr;
    world w(host ? host->opened() : memory_store());
    if (host) host->sql.run("UPDATE staff SET given = 'Renamed'"); // Ada, whom the world adopted
    erased object(v->request_object);
    const auto no = read_json(it->second.json(w), *v->request, object.room);
    REQUIRE_MESSAGE(!no, v->name << ": " << (no ? no->path + " " + no->message : ""));
    visit(w, *v, it->second.by, object);
  }
}

} // namespace samples
