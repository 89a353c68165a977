// The disk fails at every point in turn: once, or for good.
#include "fault_vfs.hpp"
#include "sqlite_kit.hpp"

#include <filesystem>

using namespace linecard;
using namespace linecard::contract;

namespace {

/// Old: counters 50 and 50, parcel 1. New: 40 and 60, a long parcel 2 and no parcel 1. Anything else is torn.
enum class seen { old_state, new_state, torn };

std::vector<edit> old_rows() {
  return {insert(places, place_row("c", 1, none, none, "one", 50)),
          insert(places, place_row("c", 2, none, none, "two", 50)),
          insert(parcels, parcel_row(1, "one", "box", 1, "a"))};
}

std::vector<edit> the_change() {
  return {update(places, {"c", 1}, 1, {5}, {40}), erase(parcels, {1}, 1),
          insert(parcels, parcel_row(2, kept(std::string(20000, 'x').c_str()), "box", 1, "a")),
          update(places, {"c", 2}, 1, {5}, {60})};
}

seen look(const std::vector<found_row>& rows) {
  if (rows.size() != 3) return seen::torn;
  const list state{rows[0].columns[5].number, rows[1].columns[5].number, rows[2].columns[0].number};
  if (state == list{50, 50, 1}) return seen::old_state;
  if (state == list{40, 60, 2} && rows[2].columns[1].bytes.size() == 20000) return seen::new_state;
  return seen::torn;
}

std::vector<question> everything() { return {question{.table = &places}, question{.table = &parcels}}; }

/// What the caller of a change is told, and the store that told it, if it opened.
struct outcome {
  refusal why{};
  std::unique_ptr<store> opened{};
};

outcome change_all(const sqlite_options& options) {
  auto s = sqlite_store(options);
  if (!s) return {s.error(), nullptr};
  outcome out{(*s)->prepare(both_tables), *std::move(s)};
  if (out.why) return out;
  {
    auto t = out.opened->begin(access::read); // a read before the change: its cache must not outlive the fault
    collector found;
    const scan_request request{.table = &places};
    out.why = t ? (*t)->scan({&request, 1}, found) : refusal(t.error());
  }
  if (!out.why) out.why = write(*out.opened, the_change());
  return out;
}

void sweep(fault_vfs& vfs, fault_vfs::fuse how, int write_code) {
  const folder f;
  const std::string model = f.file("model.db"), path = f.file("a.db");
  ok(write(*open_prepared({.path = model}), old_rows()));
  int n = 1;
  for (bool struck = true; struck; ++n) {
    REQUIRE(n < 2000);
    CAPTURE(n);
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
    std::filesystem::copy_file(model, path);
    const sqlite_options faulty{.path = path, .busy_timeout_ms = 0, .vfs = vfs.name()};

    vfs.arm(n, how, write_code);
    outcome told = change_all(faulty);
    struck = vfs.struck();
    if (told.why) {
      CHECK(struck);
      CHECK((told.why->code == status::store || told.why->code == status::busy || told.why->code == status::no_memory));
      CHECK_FALSE(told.why->reason.empty());
    }
    if (n % 2 == 0) told.opened.reset(); // closed while the disk is still broken
    vfs.disarm();

    if (told.opened) { // the handle is usable as soon as the disk is
      ok(told.opened->prepare(both_tables));
      const seen state = look(read(*told.opened, everything()));
      CHECK(state != seen::torn);
      if (!told.why) CHECK(state == seen::new_state);
      if (state == seen::old_state) ok(write(*told.opened, the_change()));
      CHECK(look(read(*told.opened, everything())) == seen::new_state);
      told.why = {};
      told.opened.reset();
    }
    const seen state = look(read(*open_prepared({.path = path}), everything()));
    CHECK(state != seen::torn);
    if (!told.why) CHECK(state == seen::new_state);
    CHECK(raw_sqlite(path).ask("PRAGMA integrity_check") == "ok");
  }
  CHECK(n > 40); // the sweep did sweep
}

} // namespace

TEST_CASE("I26: SQLite store: one failure of the disk at any call leaves old or new, an error, a usable handle") {
  fault_vfs vfs("linecard-fault");
  sweep(vfs, fault_vfs::fuse::once, SQLITE_IOERR_WRITE);
}

TEST_CASE("I26: SQLite store: a disk that fails for good at any call leaves old or new, and an error") {
  fault_vfs vfs("linecard-fault");
  sweep(vfs, fault_vfs::fuse::sticky, SQLITE_IOERR_WRITE);
}

TEST_CASE("I26: SQLite store: a disk that is full from any write on leaves old or new, and an error") {
  fault_vfs vfs("linecard-fault");
  sweep(vfs, fault_vfs::fuse::sticky, SQLITE_FULL);
}

TEST_CASE("SQLite store: faults have a reason each: full, input or output, cannot open") {
  const folder f;
  fault_vfs vfs("linecard-fault");
  const sqlite_options options{.path = f.file("a.db"), .vfs = vfs.name()};
  vfs.arm(1, fault_vfs::fuse::sticky);
  CHECK(open_error(options).reason == "store_cannot_open");
  vfs.disarm();
  const auto s = open_prepared(options);
  for (const auto& [code, reason] : {std::pair{SQLITE_FULL, "store_full"}, std::pair{SQLITE_IOERR_WRITE, "store_io"}}) {
    std::string met;
    for (int n = 1; n < 50 && met != reason; ++n) {
      vfs.arm(n, fault_vfs::fuse::once, code);
      const auto why = write(*s, {insert(parcels, parcel_row(n, "x", "box", 1, none))});
      vfs.disarm();
      if (why) met = why->reason;
    }
    CHECK(met == reason);
  }
}

TEST_CASE("SQLite store: an opener waits for a writer that still uses the file's old journal mode") {
  const folder f;
  raw_sqlite other(f.file("a.db"));
  other.run("CREATE TABLE theirs (n); BEGIN IMMEDIATE; INSERT INTO theirs VALUES (1)");
  CHECK(open_error({.path = f.file("a.db"), .busy_timeout_ms = 0}).reason == "store_busy");
  fault_vfs vfs("linecard-fault", true);
  int slept = 0;
  vfs.on_sleep = [&] {
    if (++slept == 3) other.run("COMMIT");
  };
  const auto s = open_prepared({.path = f.file("a.db"), .busy_timeout_ms = 600000, .vfs = vfs.name()});
  CHECK(slept >= 3);
  CHECK(other.ask("SELECT n FROM theirs") == "1");
}
