// The access notice: published for a platform or tenant, acknowledged before anybody is invited, and again when
// renewed.
#include <linecard/rules/delegation.hpp>

#include "rules/office.hpp"

using namespace kit;

namespace {

const changed_column* column(const receipt& r, std::string_view record, std::string_view name) {
  for (const auto& c : r.changes)
    if (c.record == record)
      for (const auto& held : c.columns)
        if (held.column == name) return &held;
  return nullptr;
}

} // namespace

TEST_CASE(
    "S3.4 without a notice, or for a stale version, nobody is invited, and the refusal tells the version in force") {
  world w;
  const add_delegate blind{.first_name = "P", .last_name = "P", .email = std::string(pat), .notice_version = 1};
  const auto none = refused_with(w.dir.run(w.admin, blind));
  CHECK(none.reason == "notice_missing");
  CHECK(none.path == "/notice_version");
  CHECK(refused_with(w.dir.ask(w.admin, notice_in_force{})).reason == "notice_missing");

  office o;
  o.publish(o.operator_, "Delegates see everything, and may export it.");
  auto stale = o.invitation();
  for (const std::int32_t other : {1, 3}) {
    stale.notice_version = other;
    const auto no = refused_with(o.dir.run(o.admin, stale));
    CHECK(no.reason == "notice_stale");
    CHECK(no.path == "/notice_version");
    CHECK(no.message.find("version 2") != std::string::npos);
  }
}

TEST_CASE("S3.4 an acknowledgement is stored with the notice's version, the time and who acknowledged") {
  office o;
  o.publish(o.operator_, "Second.");
  const auto done = must(o.dir.run(o.admin, o.invitation()));
  const auto stored = [&](std::string_view name) {
    const auto* found = column(done, "delegates", name);
    return found ? found->after.value_or("nothing") : "no column";
  };
  CHECK(stored("notice_version") == "2");
  CHECK(stored("notice_scope_id") == to_text(o.dir.platform_id()));
  CHECK(stored("acknowledged_by_id") == to_text(o.admin.identity_id()));
  CHECK(o.listed().front().acknowledged_at == o.clock->at);
  const auto shown = must(o.dir.ask(o.admin, notice_in_force{}));
  CHECK(shown.text == "Second.");
  CHECK(shown.terms_link == "https://example.com/terms");
}

TEST_CASE("S3.4 a tenant's own notice goes before the platform's, with a number neither had; a container has none") {
  office o;
  o.publish(o.operator_, "Two.");
  CHECK(o.publish(o.admin, "Acme's own.") == 3);
  CHECK(must(o.dir.ask(o.admin, notice_in_force{})).scope_id == any_id{o.tenant_id});
  CHECK(o.version(o.other_admin) == 2);
  CHECK(o.publish(o.operator_, "Three.") == 3);
  CHECK(must(o.dir.ask(o.admin, notice_in_force{})).text == "Acme's own.");
  const auto reseller = must(o.dir.open_actor(o.operator_.identity_id(), o.container_id));
  CHECK(o.reason(reseller, publish_notice{.text = "x", .terms_link = "https://example.com"}) == "wrong_scope");
  for (const auto* link : {"http://example.com", "https://", "https://a b", "terms"})
    CHECK(o.reason(o.admin, publish_notice{.text = "x", .terms_link = link}) == "terms_link_invalid");
}

TEST_CASE("I11 S3.4 a notice renewed ends every access until it is acknowledged again; one merely newer ends none") {
  for (const bool own : {false, true}) {
    CAPTURE(own);
    office o;
    const auto& publisher = own ? o.admin : o.operator_;
    const auto id = o.let_in(o.invitation());
    const auto as = o.open();
    o.publish(publisher, "Newer words.");
    CHECK(o.may(permission::license_assign));
    CHECK(o.listed().front().acknowledged);
    const auto renewed = o.publish(publisher, "Other terms.", true);
    CHECK_FALSE(o.may(permission::license_assign));
    CHECK(refused_with(o.dir.ask(as, users{})).reason == "permission_denied");
    CHECK(o.why("license.assign").reason == verdict_reason::delegation_unacknowledged);
    CHECK_FALSE(o.listed().front().acknowledged);
    CHECK(o.reason(o.admin, acknowledge_notice{id, renewed - 1}) == "notice_stale");
    o.clock->at = o.clock->at + 5;
    REQUIRE(o.dir.run(o.admin, acknowledge_notice{id, renewed}));
    CHECK(o.may(permission::license_assign));
    CHECK(o.listed().front().acknowledged_at == o.clock->at);
    CHECK(must(o.dir.run(o.admin, acknowledge_notice{id, renewed})).changes.empty());
  }
}
