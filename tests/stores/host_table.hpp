// A host's file: its own table of people, made before linecard comes, with keys, names and columns of its own.
#pragma once

#include "sqlite_kit.hpp"

#include <string>

namespace linecard::contract {

inline const table_mapping staff_mapping{.table = "users",
                                         .host_table = "staff",
                                         .host_key = "staff_id",
                                         .reference = "external_ref",
                                         .columns = {{"first_name", "given"}, {"last_name", "family"}}};

struct host_file {
  folder where{};
  std::string path = where.file("pbx.db");
  raw_sqlite sql{path};

  host_file() {
    sql.run("PRAGMA synchronous=OFF;"
            "CREATE TABLE staff (staff_id INTEGER PRIMARY KEY AUTOINCREMENT, given VARCHAR(80) NOT NULL, family TEXT, "
            "mail TEXT, desk TEXT NOT NULL DEFAULT 'none', badge BLOB, height REAL);"
            "CREATE TABLE written (row INTEGER, what TEXT);" // who writes to the host's table leaves a trace
            "CREATE TRIGGER i AFTER INSERT ON staff BEGIN INSERT INTO written VALUES (new.staff_id, 'insert'); END;"
            "CREATE TRIGGER u AFTER UPDATE ON staff BEGIN INSERT INTO written VALUES (new.staff_id, 'update'); END;"
            "CREATE TRIGGER d AFTER DELETE ON staff BEGIN INSERT INTO written VALUES (old.staff_id, 'delete'); END;"
            "INSERT INTO staff (staff_id, given, family, mail, desk, badge, height) VALUES"
            "  (17, 'Maud', 'Lewis', 'maud@acme.example', 'D4', x'00ff', 1.5),"
            "  (23, 'Emil', 'Nolde', 'emil@acme.example', 'D5', x'01', 1.75),"
            "  (42, 'Otto', 'Dix', 'dix@acme.example', 'D6', NULL, 1.8)");
  }
  [[nodiscard]] sqlite_options options() const {
    return {.path = path, .synchronous_full = false, .mapped = {staff_mapping}};
  }
  [[nodiscard]] std::unique_ptr<store> opened() const { return open(options()); }
  /// Everything of the host's that linecard has no business with.
  std::string untouched() {
    return sql.ask("SELECT staff_id, mail, desk, hex(badge), height FROM staff WHERE staff_id <= 42 ORDER BY staff_id");
  }
  /// What was written to the host's table since last asked.
  std::string written() {
    auto all = sql.ask("SELECT row, what FROM written ORDER BY rowid");
    sql.run("DELETE FROM written");
    return all;
  }
};

} // namespace linecard::contract
