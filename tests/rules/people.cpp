#include <linecard/rules/people.hpp>

#include "kit.hpp"

using namespace kit;

namespace {
std::vector<std::string> names(const users_answer& page) {
  std::vector<std::string> out;
  for (const auto& row : page.users) out.push_back(row.name);
  return out;
}
} // namespace

TEST_CASE("S1.3 search matches any part of first, last or full name and e-mail, ignoring case and accents") {
  world w;
  w.adopt("J\xC3\xBCrgen", "M\xC3\xBCller", "jm@acme.example");
  w.adopt("S\xC3\xB8ren", "\xC5\x81ukasz", "soren@acme.example");
  const auto found = [&](std::string text) {
    return names(must(w.dir.ask(w.admin, users{.search = std::move(text)})));
  };
  CHECK(found("URGEN MULL") == std::vector<std::string>{"J\xC3\xBCrgen M\xC3\xBCller"});
  CHECK(found("m\xC3\xBCl").size() == 1);
  CHECK(found("lukasz").size() == 1);
  CHECK(found("SOREN@").size() == 1);
  CHECK(found("nobody").empty());
  CHECK(found("").size() == 3); // the whole list, the administrator included
}

TEST_CASE("S4.2 the list sorts by last name, then first name, by an accent-folded key, and lists unused seats") {
  world w;
  w.adopt("Bea", "\xC3\x89mile", "bea@acme.example");
  w.adopt("Al", "Emile", "al@acme.example");
  w.adopt("Cy", "Zed", "cy@acme.example");
  const auto page = must(w.dir.ask(w.admin, users{}));
  CHECK(names(page) == std::vector<std::string>{"Ada Admin", "Al Emile", "Bea \xC3\x89mile", "Cy Zed"});
  REQUIRE(page.unused.size() == 3);
  CHECK(page.unused.front().free == 3);
}

TEST_CASE("S4.1 the list marks administrators") {
  world w;
  w.adopt("Ulf", "User", "ulf@acme.example");
  const auto page = must(w.dir.ask(w.admin, users{}));
  CHECK(page.users[0].administrator);
  CHECK_FALSE(page.users[1].administrator);
}

TEST_CASE("S1.9 a row of the licence view holds no numbers") {
  for (const auto& f : fields_of<user_row>) CHECK(f.name.find("number") == std::string_view::npos);
}

TEST_CASE("pages of any size visit every user once, in order, with and without a search") {
  world w;
  std::vector<std::string> all{"Ada Admin"};
  for (int i = 0; i < 23; ++i) {
    const std::string letter(1, static_cast<char>('a' + i));
    w.adopt("First" + letter, "Last" + letter, letter + "@acme.example");
    all.push_back("First" + letter + " Last" + letter);
  }
  for (const std::int32_t limit : {1, 2, 7, 23, 24, 25, 500})
    for (const bool search : {false, true}) {
      std::vector<std::string> seen;
      users ask{.limit = limit};
      if (search) ask.search = "acme";
      for (int guard = 0; guard < 30; ++guard) {
        const auto page = must(w.dir.ask(w.admin, ask));
        CHECK(page.users.size() <= static_cast<std::size_t>(limit));
        for (const auto& name : names(page)) seen.push_back(name);
        if (!page.next) break;
        ask.after = page.next;
      }
      CHECK(seen == all);
    }
}

TEST_CASE("find_user takes exactly one of id, e-mail and external_ref") {
  world w;
  CHECK(refused_with(w.dir.ask(w.admin, find_user{})).reason == "one_key_needed");
  CHECK(refused_with(w.dir.ask(w.admin, find_user{.email = "a@b.example", .external_ref = "x"})).reason ==
        "one_key_needed");
  const auto no = refused_with(w.dir.ask(w.admin, find_user{.email = "nobody@acme.example"}));
  CHECK(no.code == status::not_found);
  CHECK(no.path == "/email");
}

ON_EVERY_STORE("I9 another tenant's user is indistinguishable from an absent one") {
  world w;
  const auto theirs =
      must(w.dir.run(w.other_admin,
                     adopt_user{.first_name = "T", .last_name = "T", .email = "t@other.example", .external_ref = "T1"}))
          .created_id<user>();
  const id_of<user> absent{make_id(tag_of<user>, 12345)};
  const auto same = [](const error& a, const error& b) {
    return a.code == b.code && a.reason == b.reason && a.path == b.path && a.message == b.message;
  };
  CHECK(same(refused_with(w.dir.ask(w.admin, find_user{.user_id = theirs})),
             refused_with(w.dir.ask(w.admin, find_user{.user_id = absent}))));
  CHECK(same(refused_with(w.dir.ask(w.admin, find_user{.email = "t@other.example"})),
             refused_with(w.dir.ask(w.admin, find_user{.email = "x@other.example"}))));
  CHECK(same(refused_with(w.dir.ask(w.admin, find_user{.external_ref = "T1"})),
             refused_with(w.dir.ask(w.admin, find_user{.external_ref = "T2"}))));
  CHECK(same(refused_with(w.dir.ask(w.admin, users{.after = theirs})),
             refused_with(w.dir.ask(w.admin, users{.after = absent}))));
  CHECK(same(refused_with(w.dir.run(w.admin, assign_package{theirs, w.basic})),
             refused_with(w.dir.run(w.admin, assign_package{absent, w.basic}))));
  CHECK(same(refused_with(w.dir.run(w.admin, unassign_package{theirs, {}})),
             refused_with(w.dir.run(w.admin, unassign_package{absent, {}}))));
  CHECK(same(refused_with(w.dir.run(w.admin, activate_user{theirs, {}})),
             refused_with(w.dir.run(w.admin, activate_user{absent, {}}))));
}

ON_EVERY_STORE("I9 adding a person whom another tenant knows gives the same receipt as adding a stranger") {
  world w;
  REQUIRE(
      w.dir.run(w.other_admin,
                adopt_user{.first_name = "K", .last_name = "Known", .email = "known@else.example", .language = "de"}));
  const auto shape = [&](std::string email) {
    auto r = must(w.dir.run(w.admin, add_user{.first_name = "K", .last_name = "Known", .email = email}));
    const auto id = r.created_id<user>();
    auto json = to_json(r) + to_json(w.details(id));
    // Ids count up from the user's own: as distances they, too, must be the same for both. Earlier ids stay as they
    // are.
    const auto base = id.value & ((std::uint64_t{1} << id_stamp_bits) - 1);
    std::string out;
    for (std::size_t i = 0; i < json.size(); ++i) {
      bool skipped = false;
      for (const auto& tag : id_tags) {
        const auto length = tag.prefix.size() + 13;
        if (json.compare(i, tag.prefix.size() + 1, std::string(tag.prefix) + "_") != 0 || i + length > json.size())
          continue;
        if (const auto raw = parse_id(json.substr(i, length))) {
          const auto stamp = *raw & ((std::uint64_t{1} << id_stamp_bits) - 1);
          out += std::string(tag.prefix) + "#" + (stamp + 1 >= base ? std::to_string(stamp + 1 - base) : "earlier");
          i += length - 1, skipped = true;
          break;
        }
      }
      if (!skipped) out += json[i];
    }
    out.erase(out.find("\"audit_seq\""), 20);
    for (auto at = out.find(email); at != std::string::npos; at = out.find(email)) out.erase(at, email.size());
    return out;
  };
  CHECK(shape("known@else.example") == shape("strange@else.example"));
  for (const auto& entry : must(w.dir.ask(w.admin, changes_since{.limit = 500})).entries)
    CHECK(entry.details.find("identity_") == std::string::npos);
}

TEST_CASE("I9 a preview neither tells nor depends on what another tenant did to the person's identity") {
  world w;
  const add_user c{.first_name = "L", .last_name = "Later", .email = "later@else.example"};
  const auto stranger = must(w.dir.preview(w.admin, c));
  REQUIRE(w.dir.run(w.other_admin, adopt_user{.first_name = "L", .last_name = "L", .email = "later@else.example"}));
  const auto known = must(w.dir.preview(w.admin, c));
  CHECK(stranger.token->size() == known.token->size());
  CHECK(w.dir.confirm(w.admin, c, *stranger.token));
}
