// Whose line it is, through C: into the caller's own struct, whatever its age; nothing found where nothing can be
// known.
#include "kit.hpp"
#include "tricky_store.hpp"

#include <linecard_c.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

using namespace capi;

namespace {

linecard_id adopt_ann(const house& h) {
  caught why;
  auto ann = person("Ann", "ann@acme.example");
  ann.extension = "2001";
  ann.external_ref = "crm-4711";
  ann.forwarding_number = "+4915112345678";
  ann.package_id = h.basic;
  linecard_id id = 0;
  ok(linecard_adopt_user(h.tenant, &ann, &id, why), why);
  return id;
}

linecard_line by_user(linecard_directory* in, linecard_id id) {
  caught why;
  linecard_line line = LINECARD_LINE_INIT;
  ok(linecard_line_by_user(in, id, &line, why), why);
  return line;
}

bool same(const linecard_line& a, const linecard_line& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

linecard_line nothing() { return LINECARD_LINE_INIT; }

/// As the inventory stands in the file.
void put_number(const std::string& path, const char* number, const char* use, linecard_id tenant, linecard_id user,
                const char* label = "") {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  const auto in = std::to_string(tenant), of = user != 0 ? std::to_string(user) : "NULL";
  const auto sql = "INSERT INTO dids (tenant_id, number, use, user_id, e911, label) VALUES (" + in + ",'" + number +
                   "','" + use + "'," + of + ",1,'" + label +
                   "'); INSERT INTO did_claims (number, tenant_id) VALUES ('" + number + "'," + in + ")";
  CHECK(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(raw);
}

} // namespace

TEST_CASE("C: B11 a line is found by user, extension and the host's id, and is gone with a suspension") {
  house h;
  caught why;
  const auto ann = adopt_ann(h);
  const auto line = by_user(h.directory, ann);
  CHECK(line.struct_size == sizeof line);
  CHECK(line.found == 1);
  CHECK(line.rings == 1);
  CHECK(line.user_id == ann);
  CHECK(line.tenant_id == h.tenant_id);
  CHECK(line.use == 0);
  CHECK(line.screening == 1);
  CHECK(line.international == 0);
  CHECK(line.e911 == 0);
  CHECK(std::string(line.extension) == "2001");
  CHECK(std::string(line.forwarding) == "+4915112345678");
  linecard_line other = LINECARD_LINE_INIT;
  ok(linecard_line_by_extension(h.directory, h.tenant_id, "2001", nul, &other, why), why);
  CHECK(same(other, line));
  ok(linecard_line_by_external_ref(h.directory, h.tenant_id, "crm-4711", nul, &other, why), why);
  CHECK(same(other, line));
  ok(linecard_line_by_extension(h.directory, h.tenant_id, "20011", 4, &other, nullptr), why);
  CHECK(same(other, line));

  call(h.tenant, "suspend_user", R"({"user_id":")" + id_text(ann) + "\"}");
  const auto quiet = by_user(h.directory, ann);
  CHECK(quiet.found == 1);
  CHECK(quiet.user_id == ann);
  CHECK(quiet.rings + quiet.screening + quiet.international == 0);
  CHECK(quiet.forwarding[0] == '\0');
}

TEST_CASE("C: B11 numbers, one and many: direct, the company's, nobody's") {
  const scratch s;
  const auto path = s.file("a.db");
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.sqlite_path = path.c_str();
  std::string key;
  linecard_id ann = 0, tenant = 0;
  {
    house h(options);
    ann = adopt_ann(h), tenant = h.tenant_id, key = h.host_key;
  }
  put_number(path, "+493012345", "direct", tenant, ann);
  put_number(path, "+493012344", "direct", tenant, ann);
  put_number(path, "+49300", "main", tenant, 0);
  put_number(path, "+49307", "other", tenant, 0, "Sales queue");
  options.host_key = key.c_str();
  auto in = linecard_c::directory::open(options);
  const auto direct = in.line_by_did("+493012345");
  CHECK(direct.use == LINECARD_DID_DIRECT);
  CHECK(direct.user_id == ann);
  CHECK(direct.rings == 1);
  CHECK(direct.e911 == 1);
  CHECK(direct.extension_count == 1);
  CHECK(std::string(direct.caller_id) == "+493012344");
  CHECK(std::string(direct.e911_caller_id) == "+493012344");
  CHECK(direct.label[0] == '\0');
  CHECK(direct.stale_ms == 0);
  const auto queue = in.line_by_did("+49307");
  CHECK(queue.use == LINECARD_DID_OTHER);
  CHECK(std::string(queue.label) == "Sales queue");
  CHECK(queue.caller_id[0] == '\0');
  const auto company = in.line_by_did("+49300");
  CHECK(company.use == LINECARD_DID_MAIN);
  CHECK(company.found == 1);
  CHECK(company.tenant_id == tenant);
  CHECK(company.user_id == 0);
  CHECK(company.rings == 0);
  CHECK(same(in.line_by_did("+4999"), nothing()));
  CHECK(same(in.line_by_did(""), nothing()));
  std::vector<const char*> asked;
  for (int n = 0; n < 200; ++n) asked.push_back(n % 3 == 0 ? "+493012345" : n % 3 == 1 ? "+49300" : "+4999");
  const auto lines = in.lines_by_did(asked);
  for (std::size_t n = 0; n < asked.size(); ++n) REQUIRE(same(lines[n], in.line_by_did(asked[n])));
  CHECK(in.lines_by_did({}).empty());
  CHECK(in.line_by_external_ref(tenant, "crm-4711").user_id == ann);
  CHECK(in.line_by_extension(tenant, "2001").user_id == ann);
  CHECK(in.line_by_user(ann).e911 == 1);
}

TEST_CASE("C: B11 features have numbers, and 0 is none") {
  house h;
  caught why;
  const auto ann = adopt_ann(h);
  std::uint32_t hipaa = 7;
  CHECK(linecard_find_feature(h.directory, "video.hipaa", nul, &hipaa, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "feature_unknown");
  CHECK(hipaa == 0);
  CHECK(LINECARD_LINE_ENTITLED(by_user(h.directory, ann), hipaa) == 0);
  call(h.platform, "define_package",
       R"({"name":"Video","kind":"add_on","price_minor":"100","currency":"EUR","features":[)"
       R"({"feature":"video.hipaa","setting":"yes"},{"feature":"fax","setting":"no"}]})");
  std::uint32_t fax = 0;
  ok(linecard_find_feature(h.directory, "video.hipaa", nul, &hipaa, why), why);
  ok(linecard_find_feature(h.directory, "fax", nul, &fax, why), why);
  CHECK(hipaa != fax);
  CHECK(LINECARD_LINE_ENTITLED(by_user(h.directory, ann), hipaa) == 0);
  linecard_list* packages = nullptr;
  ok(linecard_list_selectable_packages(h.tenant, &packages, why), why);
  std::string video;
  for (std::size_t n = 0; n < linecard_list_count(packages); ++n)
    if (std::string(linecard_list_text(packages, n, "name", nullptr)) == "Video")
      video = id_text(linecard_list_id(packages, n, "package_id"));
  linecard_list_free(packages);
  const auto package = R"({"package_id":")" + video + '"';
  call(h.tenant, "offer_package", package + "}");
  call(h.tenant, "set_seat_pool", package + R"(,"purchased":1})");
  call(h.tenant, "assign_package", package + R"(,"user_id":")" + id_text(ann) + "\"}");
  const auto line = by_user(h.directory, ann);
  CHECK(LINECARD_LINE_ENTITLED(line, hipaa) == 1);
  CHECK(LINECARD_LINE_ENTITLED(line, fax) == 0); // carried, and said to be "no"
  CHECK(LINECARD_LINE_ENTITLED(line, 0u) == 0);
  CHECK(LINECARD_LINE_ENTITLED(line, 256u) == 0);
}

TEST_CASE("C: B11 what is asked wrongly is refused, and leaves nothing found") {
  house h;
  caught why;
  const auto ann = adopt_ann(h);
  auto line = by_user(h.directory, ann);
  const auto refused = [&](std::int32_t status, std::int32_t expected, const char* reason) {
    CHECK(status == expected);
    CHECK(why.reason() == reason);
    CHECK(same(line, nothing()));
    line = by_user(h.directory, ann);
  };
  refused(linecard_line_by_user(h.directory, 0, &line, why), LINECARD_E_INVALID, "user_id_missing");
  refused(linecard_line_by_user(h.directory, h.tenant_id, &line, why), LINECARD_E_WRONG_KIND, "wrong_kind");
  refused(linecard_line_by_extension(h.directory, ann, "2001", nul, &line, why), LINECARD_E_WRONG_KIND, "wrong_kind");
  refused(linecard_line_by_extension(h.directory, 0, "2001", nul, &line, why), LINECARD_E_INVALID, "tenant_id_missing");
  refused(linecard_line_by_did(h.directory, nullptr, 0, &line, why), LINECARD_E_INVALID, "argument_null");
  refused(linecard_line_by_did(nullptr, "+49300", nul, &line, why), LINECARD_E_INVALID, "argument_null");
  refused(linecard_line_by_external_ref(h.directory, h.tenant_id, "\xff", 1, &line, why), LINECARD_E_INVALID,
          "external_ref_invalid");
  CHECK(linecard_line_by_user(h.directory, ann, nullptr, why) == LINECARD_E_INVALID);

  const char* numbers[] = {"+49300", nullptr};
  linecard_line lines[] = {line, line};
  CHECK(linecard_lines_by_did(h.directory, numbers, 2, lines, sizeof line, why) == LINECARD_E_INVALID);
  CHECK(same(lines[0], nothing()));
  CHECK(same(lines[1], nothing()));
  CHECK(linecard_lines_by_did(h.directory, numbers, 2, lines, 0, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "line_size_invalid");
  CHECK(linecard_lines_by_did(h.directory, nullptr, 1, lines, sizeof line, why) == LINECARD_E_INVALID);
  CHECK(linecard_lines_by_did(h.directory, nullptr, 0, nullptr, sizeof line, why) == LINECARD_OK);
}

TEST_CASE("C ABI: in many lines a newer program finds zeros beyond what this library knows") {
  house h;
  caught why;
  struct newer {
    linecard_line line;
    unsigned char more[16];
  } lines[2];
  std::memset(lines, 0xff, sizeof lines);
  const char* numbers[] = {"+49300", "+49301"};
  CHECK(linecard_lines_by_did(h.directory, numbers, 2, &lines[0].line, sizeof lines[0], why) == LINECARD_OK);
  for (const auto& one : lines) {
    CHECK(one.line.struct_size == sizeof one);
    CHECK(one.line.found == 0);
    CHECK(std::ranges::all_of(one.more, [](unsigned char c) { return c == 0; }));
  }
}

TEST_CASE("C ABI: a line is told to programs of any age, in one and in many") {
  house h;
  caught why;
  const auto ann = adopt_ann(h);
  const auto whole = by_user(h.directory, ann);
  struct {
    linecard_line line;
    unsigned char beyond[16];
  } newer{};
  newer.line.struct_size = sizeof newer;
  ok(linecard_line_by_user(h.directory, ann, &newer.line, why), why);
  CHECK(newer.line.struct_size == sizeof newer);
  CHECK(std::memcmp(reinterpret_cast<char*>(&newer) + 4, reinterpret_cast<const char*>(&whole) + 4, sizeof whole - 4) ==
        0);
  linecard_line older;
  std::memset(&older, 0xee, sizeof older);
  older.struct_size = 64;
  ok(linecard_line_by_user(h.directory, ann, &older, why), why);
  CHECK(older.rings == 1);
  CHECK(older.e911 == 0xee); // beyond what it says it has
}

TEST_CASE("C ABI: a wrong struct_size of a line is refused, and nothing is written beyond the struct") {
  house h;
  caught why;
  const auto ann = adopt_ann(h);
  struct {
    linecard_line line;
    unsigned char beyond[70000];
  } room;
  const auto intact = [&](unsigned char with) {
    return std::all_of(std::begin(room.beyond), std::end(room.beyond), [&](unsigned char c) { return c == with; });
  };
  for (const std::uint32_t size : {0u, 3u, 256u, 4096u, 65536u, 65537u, 0xffffffffu}) {
    CAPTURE(size);
    std::memset(&room, 0xee, sizeof room); // as on a stack that nobody has cleared
    room.line.struct_size = size;
    CHECK(linecard_line_by_user(h.directory, ann, &room.line, why) != LINECARD_OK);
    CHECK((why.reason() == "struct_size_invalid" || why.reason() == "struct_too_new"));
    CHECK(intact(0xee));
    std::memset(room.beyond, 0, sizeof room.beyond); // a newer program's, with nothing in its tail that we do not know
    room.line = LINECARD_LINE_INIT;
    room.line.struct_size = size;
    static_cast<void>(linecard_line_by_user(h.directory, ann, &room.line, why));
    CHECK(intact(0));
  }
}

TEST_CASE("C: B11 while the store is away the last known line is told, for as long as the options allow") {
  for (const std::int32_t seconds : {0, 3600, -1}) {
    CAPTURE(seconds);
    tricky_store store;
    auto options = store.options();
    options.last_known_lines_s = seconds;
    house h(options);
    caught why;
    const auto ann = adopt_ann(h);
    REQUIRE(by_user(h.directory, ann).rings == 1);
    call(h.tenant, "suspend_user", R"({"user_id":")" + id_text(ann) + "\"}");
    store.before = [](const std::string& callback) {
      return callback == "begin" ? std::optional<std::int32_t>(LINECARD_E_STORE) : std::nullopt;
    };
    linecard_line line = LINECARD_LINE_INIT;
    const auto status = linecard_line_by_user(h.directory, ann, &line, why);
    if (seconds < 0) {
      CHECK(status == LINECARD_E_STORE);
      CHECK(same(line, nothing()));
    } else {
      CHECK(status == LINECARD_OK);
      CHECK(line.rings == 1); // nobody could be told yet
      CHECK(line.stale_ms > 0);
    }
    store.before = {};
    std::int32_t changed = 0;
    ok(linecard_poll(h.directory, 0, &changed, why), why);
    line = by_user(h.directory, ann);
    CHECK(line.found == 1);
    CHECK(line.rings == 0);
    CHECK(line.stale_ms == 0);
  }
}
