// Money through the C ABI: packages, numbers, seats bought, statements, and several commands as one.
#include "kit.hpp"

#include <linecard_c.hpp>

using namespace capi;

namespace {

bool says(const std::string& json, const std::string& part) { return json.find(part) != std::string::npos; }
std::string quoted(linecard_id id) { return '"' + id_text(id) + '"'; }
std::string member(const char* name, linecard_id id) { return std::string("\"") + name + "\":" + quoted(id); }

/// The house with two packages of its own and terms; a number costs 1.00, on Small 4.99, one is included in Large.
struct company : house {
  std::string small = made("Small", R"("price_minor":"1295","number_price_minor":"499")");
  std::string large = made("Large", R"("price_minor":"2495","features":[{"feature":"numbers.included","setting":"1"},)"
                                    R"({"feature":"video.hipaa","setting":"yes"}])");
  linecard_id ann = adopt(tenant, "Ann", "ann@acme.example");

  company() {
    call(tenant, "set_subscription",
         R"({"currency":"EUR","statement_day":1,"time_zone":"Europe/Berlin","number_price_minor":"100"})");
    call(tenant, "add_dids", R"({"direct_numbers":["+49301"]})");
  }
  std::string made(const char* name, const std::string& more) {
    const auto receipt =
        call(platform, "define_package", R"({"name":")" + std::string(name) + R"(","currency":"EUR",)" + more + "}");
    const auto at = receipt.find("package_");
    const auto id = receipt.substr(at, receipt.find('"', at) - at);
    call(tenant, "offer_package", R"({"package_id":")" + id + "\"}");
    call(tenant, "set_seat_pool", R"({"package_id":")" + id + R"(","purchased":3,"purchase_limit":5})");
    return id;
  }
  [[nodiscard]] std::string about_ann(const std::string& package) const {
    return "{" + member("user_id", ann) + R"(,"package_id":")" + package + "\"}";
  }
  [[nodiscard]] std::string total() const {
    const auto statement = call(tenant, "statement_preview", "{}");
    const auto at = statement.find("\"total_minor\":\"") + 15;
    return statement.substr(at, statement.find('"', at) - at);
  }
};

linecard_request request_of(const char* operation, const std::string& json) {
  return {operation, nul, json.data(), json.size()};
}

} // namespace

TEST_CASE(
    "C: S4.1 S4.5 S4.9 I29 a package and a number are charged, re-priced by a change, and the receipt says by how "
    "much") {
  const company c;
  CHECK(c.total() == "100");
  CHECK(says(call(c.tenant, "assign_package", c.about_ann(c.small)),
             R"("price_differences":[{"currency":"EUR","minor":"1295",)"));
  CHECK(says(call(c.tenant, "attach_did", R"({"direct_number":"+49301",)" + member("user_id", c.ann) + "}"),
             R"("price_differences":[{"currency":"EUR","minor":"399",)"));
  CHECK(c.total() == "1794");
  CHECK(says(call(c.tenant, "change_package", c.about_ann(c.large)),
             R"("price_differences":[{"currency":"EUR","minor":"701",)"));
  CHECK(c.total() == "2495");
  const auto statement = call(c.tenant, "statement_preview", "{}");
  CHECK(says(statement, "\"text\":\"Large seats (1 held, 2 unused)\""));
  CHECK(says(statement, "\"text\":\"Numbers of Large holders (1 held, 1 included)\""));
}

TEST_CASE("C: S4.2 S4.4 seats are bought up to the operator's limit, and the unused ones are told") {
  const company c;
  caught why;
  linecard_text* answer = nullptr;
  const auto buying = [&](int seats) {
    return R"({"package_id":")" + c.small + R"(","seats":)" + std::to_string(seats) + "}";
  };
  const auto three = buying(3);
  CHECK(linecard_call(c.tenant, "buy_seats", nul, three.data(), three.size(), &answer, why) == LINECARD_E_LIMIT);
  CHECK(why.reason() == "purchase_limit");
  CHECK(why.path() == "/seats");
  CHECK(says(call(c.tenant, "buy_seats", buying(2)), R"("purchased_before":3,"purchased_after":5)"));
  CHECK(says(call(c.tenant, "statement_preview", "{}"), R"("purchased":"5","held":"0","unused":"5")"));
}

TEST_CASE("C: S4.6 S4.19 the cheapest package that carries what is needed is recommended, with the reason") {
  const company c;
  const auto plain = call(c.tenant, "recommend_package", "{}");
  CHECK(says(call(c.tenant, "recommend_package", R"({"needed_features":["video.hipaa"]})"),
             R"({"package_id":")" + c.large));
  CHECK(says(plain, R"("reason":"dearer")"));
  CHECK(says(call(c.tenant, "recommend_package", R"({"needed_features":["video.hipaa"]})"),
             "\"message\":\"Small does not carry video.hipaa\""));
  call(c.tenant, "assign_package", c.about_ann(c.large));
  CHECK(says(call(c.tenant, "entitled", "{" + member("user_id", c.ann) + R"(,"feature":"video.hipaa"})"),
             R"("entitled":true)"));
}

TEST_CASE("C: I29 what would follow from several commands is asked without doing them, and is so once they are done") {
  const company c;
  caught why;
  const auto given = c.about_ann(c.large), attached = R"({"direct_number":"+49301",)" + member("user_id", c.ann) + "}";
  const linecard_request plan[] = {request_of("assign_package", given), request_of("attach_did", attached)};
  const auto before = digest(c.directory);
  linecard_text *supposed = nullptr, *receipts = nullptr;
  ok(linecard_ask_after(c.tenant, plan, 2, "statement_preview", nul, "{}", nul, &supposed, why), why);
  CHECK(digest(c.directory) == before);
  ok(linecard_call_all(c.tenant, plan, 2, &receipts, why), why);
  const auto done = text_of(receipts);
  CHECK(says(done, R"([{"command":"assign_package")"));
  CHECK(says(done, R"(,{"command":"attach_did")"));
  CHECK(text_of(supposed) == call(c.tenant, "statement_preview", "{}"));
}

TEST_CASE("C: I3 one of several commands that is refused undoes the others, and the path says which it was") {
  const company c;
  caught why;
  const auto given = c.about_ann(c.small), wrong = c.about_ann("package_000000000001");
  const linecard_request plan[] = {request_of("assign_package", given), request_of("change_package", wrong)};
  const auto before = digest(c.directory);
  linecard_text* receipts = nullptr;
  CHECK(linecard_call_all(c.tenant, plan, 2, &receipts, why) == LINECARD_E_NOT_FOUND);
  CHECK(why.path() == "/1/package_id");
  CHECK(receipts == nullptr);
  CHECK(linecard_ask_after(c.tenant, plan, 2, "users", nul, "{}", nul, &receipts, why) == LINECARD_E_NOT_FOUND);
  CHECK(why.path() == "/1/package_id");
  CHECK(digest(c.directory) == before);
  ok(linecard_call_all(c.tenant, nullptr, 0, &receipts, why), why);
  CHECK(text_of(receipts) == "[]");
}

TEST_CASE("C: what is no list of commands is refused, each with its place") {
  const company c;
  caught why;
  linecard_text* out = nullptr;
  const auto all = [&](const char* operation, const std::string& json) {
    const std::string first = R"({"extension":"1"})"; // a request borrows its text
    const linecard_request one[] = {request_of("release_extension", first), request_of(operation, json)};
    return linecard_call_all(c.tenant, one, 2, &out, why);
  };
  CHECK(all("make_coffee", "{}") == LINECARD_E_NOT_FOUND);
  CHECK(why.path() == "/1/operation");
  CHECK(all("users", "{}") == LINECARD_E_INVALID);
  CHECK(why.reason() == "not_a_command");
  CHECK(all("buy_seats", R"({"seats":"x"})") == LINECARD_E_INVALID);
  CHECK(why.path() == "/1/seats");
  CHECK(all("accept_invitation", R"({"token":"x","password":"a long enough password"})") == LINECARD_E_INVALID);
  CHECK(linecard_call_all(c.tenant, nullptr, 1, &out, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/commands");
  CHECK(linecard_ask_after(c.tenant, nullptr, 0, "add_user", nul, "{}", nul, &out, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "not_a_query");
  CHECK(linecard_ask_after(c.tenant, nullptr, 0, "users", nul, "{}", nul, nullptr, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/answer");
  CHECK(linecard_call_all(nullptr, nullptr, 0, &out, why) == LINECARD_E_INVALID);
}
