// Lines through C: extensions, direct numbers, edits, switches and the host's own fields, as JSON calls.
#include "kit.hpp"

using namespace capi;

namespace {

std::string refused(linecard_actor* as, const char* operation, const std::string& json) {
  caught why;
  linecard_text* answer = nullptr;
  CHECK(linecard_call(as, operation, nul, json.data(), json.size(), &answer, why) != LINECARD_OK);
  CHECK(answer == nullptr);
  CHECK_FALSE(why.message().empty());
  return why.reason();
}

bool has(const std::string& json, const std::string& part) { return json.find(part) != std::string::npos; }

std::string user_is(linecard_id id, const std::string& more = "") {
  return "{\"user_id\":\"" + id_text(id) + "\"" + more + "}";
}

constexpr auto one = R"({"direct_number":"+14165550101"})";

} // namespace

TEST_CASE("C: S4.11 I25 S4.12 who joins gets the lowest free extension and a bridge, and no two the same extension") {
  house h;
  call(h.tenant, "set_extension_range", R"({"first":"201","last":"299"})");
  const auto ann = adopt(h.tenant, "Ann", "ann@acme.example"), bea = adopt(h.tenant, "Bea", "bea@acme.example");
  CHECK(has(call(h.tenant, "find_user", user_is(ann)), R"("extensions":["201"])"));
  CHECK(has(call(h.tenant, "find_user", user_is(bea)), R"("extensions":["202"])"));
  CHECK_FALSE(has(call(h.tenant, "find_user", user_is(bea)), R"("bridge_id":null)"));
  CHECK(refused(h.tenant, "change_extension", user_is(bea, R"(,"extension":"201")")) == "extension_taken");
  call(h.tenant, "change_extension", user_is(ann, R"(,"extension":"250")"));
  CHECK(has(call(h.tenant, "extensions", "{}"), R"("lowest_free":"201")"));
}

TEST_CASE("C: S4.7 S4.10 S1.9 the picker offers unassigned numbers only, and the licence view shows none") {
  house h;
  call(h.tenant, "add_dids", R"({"direct_numbers":["+14165550100","+14165550101"]})");
  const auto ann = adopt(h.tenant, "Ann", "ann@acme.example");
  call(h.tenant, "use_did", R"({"direct_number":"+14165550100","use":"main"})");
  const auto picker = call(h.tenant, "dids", R"({"use":"unassigned"})");
  CHECK(has(picker, "+14165550101"));
  CHECK_FALSE(has(picker, "+14165550100"));
  CHECK(refused(h.tenant, "attach_did", user_is(ann, R"(,"direct_number":"+14165550100")")) == "did_in_use");
  call(h.tenant, "attach_did", user_is(ann, R"(,"direct_number":"+14165550101")"));
  CHECK(has(call(h.tenant, "find_user", user_is(ann)), R"("direct_numbers":["+14165550101"])"));
  CHECK_FALSE(has(call(h.tenant, "users", "{}"), "+1416"));
  CHECK(refused(h.tenant, "attach_did", user_is(ann, R"(,"direct_number":"4165550101")")) == "direct_number_invalid");
}

TEST_CASE("C: S4.15 a user sees the line that edit_own_line changes, and an empty field says how it is emptied") {
  house h;
  const auto ann = adopt(h.tenant, "Ann", "ann@acme.example");
  call(h.tenant, "change_extension", user_is(ann, R"(,"extension":"201")"));
  caught why;
  linecard_actor* herself = nullptr;
  ok(linecard_actor_open_email(h.directory, "ann@acme.example", nul, h.tenant_id, &herself, why), why);
  CHECK(has(call(herself, "own_line", "{}"), R"("extension":"201")"));
  CHECK(has(call(herself, "edit_own_line", R"({"mobile":"+491711234567"})"), R"("after":"+491711234567")"));
  CHECK(has(call(herself, "own_line", "{}"), R"("mobile":"+491711234567")"));
  CHECK(refused(herself, "edit_own_line", R"({"mobile":null})") == "mobile_missing");
  CHECK(refused(herself, "edit_own_line", R"({"mobile":""})") == "mobile_missing");
  call(herself, "edit_own_line", R"({"clear":["mobile"]})");
  CHECK(has(call(herself, "own_line", "{}"), R"("mobile":null)"));
  CHECK(refused(h.tenant, "own_line", "{}") == "not_a_user");
  linecard_actor_free(herself);
}

TEST_CASE("C: S5.5 emergency calls and international dialling are off until they are switched on, and B7 guards them") {
  house h;
  call(h.tenant, "add_dids", R"({"direct_numbers":["+14165550101"]})");
  const auto ann = adopt(h.tenant, "Ann", "ann@acme.example");
  call(h.tenant, "change_extension", user_is(ann, R"(,"extension":"201")"));
  call(h.tenant, "attach_did", user_is(ann, R"(,"direct_number":"+14165550101")"));
  CHECK(has(call(h.tenant, "dids", "{}"), R"("e911":false)"));
  CHECK(has(call(h.tenant, "extensions", "{}"), R"("international":false)"));
  CHECK(refused(h.tenant, "set_e911", one) == "switched_missing");
  call(h.tenant, "set_e911", R"({"direct_number":"+14165550101","switched":"on"})");
  call(h.tenant, "set_international", R"({"extension":"201","switched":"on"})");
  CHECK(has(call(h.tenant, "dids", "{}"), R"("e911":true)"));
  CHECK(has(call(h.tenant, "extensions", "{}"), R"("international":true)"));
  CHECK(refused(h.tenant, "detach_did", one) == "would_strand");
  call(h.tenant, "detach_did", R"({"direct_number":"+14165550101","release_numbers":true})");
  CHECK(has(call(h.tenant, "dids", "{}"), R"("e911":false)"));
}

TEST_CASE("C: S4.14 S4.15 I24 a user is edited field by field, of the version that was read") {
  house h;
  const auto ann = adopt(h.tenant, "Ann", "ann@acme.example");
  call(h.tenant, "edit_user",
       user_is(ann, R"(,"time_zone":"Europe/Berlin","mobile":"+491711234567","voicemail_pin":"4711",)"
                    R"("forwarding_number":"+493012345678")"));
  const auto seen = call(h.tenant, "find_user", user_is(ann));
  CHECK(has(seen, R"("time_zone":"Europe/Berlin")"));
  CHECK(has(seen, R"("forwarding_number":"+493012345678")"));
  CHECK(has(seen, R"("voicemail_pin_set":true)"));
  CHECK_FALSE(has(seen, "4711"));
  call(h.tenant, "check_voicemail_pin", user_is(ann, R"(,"dialled":"4711")"));
  CHECK(refused(h.tenant, "check_voicemail_pin", user_is(ann, R"(,"dialled":"47")")) == "voicemail_pin_wrong");
  CHECK(refused(h.tenant, "edit_user", user_is(ann, R"(,"mobile":"+491719999999","expected_version":"1")")) ==
        "version_moved");
  call(h.tenant, "edit_user", user_is(ann, R"(,"clear":["forwarding_number"])"));
  CHECK(has(call(h.tenant, "find_user", user_is(ann)), R"("forwarding_number":null)"));
  CHECK(refused(h.tenant, "correct_address", user_is(ann, R"(,"email":"other@acme.example")")) == "already_joined");
}

TEST_CASE("C: B15 fields of the host's own are declared, typed, and searched where declared so") {
  house h;
  call(h.platform, "declare_attribute", R"({"owner":"user","name":"badge","type":"integer","searched":true})");
  const auto ann = adopt(h.tenant, "Ann", "ann@acme.example");
  CHECK(refused(h.tenant, "set_user_attributes", user_is(ann, R"(,"entries":[{"name":"badge","content":"x"}])")) ==
        "content_invalid");
  call(h.tenant, "set_user_attributes", user_is(ann, R"(,"entries":[{"name":"badge","content":"90210"}])"));
  CHECK(has(call(h.tenant, "attribute_values", user_is(ann)), R"({"name":"badge","content":"90210"})"));
  CHECK(has(call(h.tenant, "users", R"({"search":"9021"})"), id_text(ann)));
}
