// Samples: numbers, extensions, what is known about a line, the host's own fields and systems.
#include "rules/samples_parts.hpp"

namespace samples {

namespace {

constexpr std::string_view did_one = "+14165550101";

std::string numbered(world& w) {
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{std::string(did_one)}})));
  return R"({"direct_number":")" + std::string(did_one) + "\"}";
}
std::string attached(world& w) {
  auto json = numbered(w);
  const auto id = w.adopt("Ulf", "U", "ulf@acme.example");
  return static_cast<void>(must(w.dir.run(w.admin, attach_did{std::string(did_one), id}))), json;
}
id_of<user> with_extension(world& w) {
  return must(w.dir.run(w.admin, adopt_user{.first_name = "Ulf",
                                            .last_name = "U",
                                            .email = "ulf@acme.example",
                                            .extension = "201",
                                            .devices = {{.name = "desk"}}}))
      .created_id<user>();
}
std::string with_pin(world& w) {
  const auto id = w.adopt("Ulf", "U", "ulf@acme.example");
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = id, .voicemail_pin = secret_text("4711")})));
  return "{\"user_id\":" + quoted(id) + R"(,"dialled":"4711"})";
}
void declared(world& w, attribute_owner owner) {
  static_cast<void>(must(w.dir.run(
      w.operator_, declare_attribute{.owner = owner, .name = "cost-centre", .type = attribute_type::integer})));
}
std::function<std::string(world&)> ordered(std::string_view rest) {
  return [=](world& w) {
    w.shop->answers = [](const auto&) { return provider_answer{errand_outcome::temporary, {}, "shop_closed"}; };
    static_cast<void>(refused_with(w.dir.run(w.admin, get_number{.order_key = "form-7"})));
    w.shop->answers = nullptr;
    const auto open = must(w.dir.ask(w.admin, errands{})).errands.at(0);
    return "{\"errand_id\":" + quoted(open.errand_id) + std::string(rest) + "}";
  };
}

} // namespace

sample_map samples_of_lines() {
  return {
      {"declare_attribute",
       {whom::platform, fixed(R"({"owner":"user","name":"cost-centre","type":"integer","searched":true})")}},
      {"set_user_attributes",
       {whom::admin,
        [](world& w) {
          declared(w, attribute_owner::user);
          return with_more(about_user(w), R"("entries":[{"name":"cost-centre","content":"4711"}])");
        }}},
      {"set_did_attributes",
       {whom::admin,
        [](world& w) {
          declared(w, attribute_owner::did);
          return with_more(numbered(w), R"("entries":[{"name":"cost-centre","content":"4711"}])");
        }}},
      {"set_tenant_attributes",
       {whom::admin,
        [](world& w) {
          declared(w, attribute_owner::tenant);
          return std::string(R"({"entries":[{"name":"cost-centre","content":"4711"}]})");
        }}},
      {"attributes", {whom::admin, fixed("{}")}},
      {"attribute_values", {whom::admin, about_user}},
      {"set_extension_range", {whom::admin, fixed(R"({"first":"2000","last":"2999"})")}},
      {"change_extension",
       {whom::admin, [](world& w) { return "{\"user_id\":" + quoted(with_extension(w)) + R"(,"extension":"202"})"; }}},
      {"release_extension",
       {whom::admin, [](world& w) { return with_extension(w), std::string(R"({"extension":"201"})"); }}},
      {"set_international",
       {whom::tenant,
        [](world& w) { return with_extension(w), std::string(R"({"extension":"201","switched":"on"})"); }}},
      {"add_dids", {whom::tenant, fixed(R"({"direct_numbers":["+14165550101","+14165550102"]})")}},
      {"remove_dids",
       {whom::tenant, [](world& w) { return numbered(w), std::string(R"({"direct_numbers":["+14165550101"]})"); }}},
      {"attach_did",
       {whom::admin,
        [](world& w) {
          const auto json = numbered(w);
          return with_more(json, "\"user_id\":" + quoted(w.adopt("Ulf", "U", "ulf@acme.example")));
        }}},
      {"use_did", {whom::admin, [](world& w) { return with_more(numbered(w), R"("use":"main","label":"front")"); }}},
      {"detach_did", {whom::admin, attached}},
      {"set_e911", {whom::tenant, [](world& w) { return with_more(attached(w), R"("switched":"on")"); }}},
      {"edit_user",
       {whom::admin,
        [](world& w) {
          return "{\"user_id\":" + quoted(with_extension(w)) +
                 R"(,"first_name":"Olaf","time_zone":"Europe/Berlin","mobile":"+491711234567",)"
                 R"("forwarding_number":"+491711234567","clear":["external_ref"]})";
        }}},
      {"edit_own_line", {whom::admin, fixed(R"({"forwarding_number":"+491711234567","clear":["mobile"]})")}},
      {"own_line", {whom::admin, fixed("{}")}},
      {"set_device",
       {whom::admin,
        [](world& w) {
          return "{\"user_id\":" + quoted(with_extension(w)) +
                 R"(,"name":"soft","model":"Yealink T31G","mac":"00:1A:2B:3C:4D:5E"})";
        }}},
      {"remove_device",
       {whom::admin, [](world& w) { return "{\"user_id\":" + quoted(with_extension(w)) + R"(,"name":"desk"})"; }}},
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
      {"dids", {whom::admin, [](world& w) { return numbered(w), std::string(R"({"use":"unassigned","limit":5})"); }}},
      {"extensions", {whom::admin, fixed(R"({"limit":5})")}},
      {"check_voicemail_pin", {whom::admin, with_pin}},
      {"errands", {whom::admin, [](world& w) { return ordered("")(w), std::string(R"({"limit":5})"); }}},
  };
}

} // namespace samples
