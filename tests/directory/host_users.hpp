// A host whose staff table is linecard's table of users, on SQLite and on PostgreSQL, and a company in it.
#pragma once

#include "kit.hpp"

#include "stores/host_table.hpp"
#if LINECARD_HAS_POSTGRES
#include "stores/host_schema.hpp"
#endif

#include <algorithm>

#if LINECARD_HAS_POSTGRES
#define HOSTS kit::contract::host_file, kit::contract::host_schema
TYPE_TO_STRING_AS("on PostgreSQL", kit::contract::host_schema);
#else
#define HOSTS kit::contract::host_file
#endif
TYPE_TO_STRING_AS("on SQLite", kit::contract::host_file);

namespace kit {

template <class Host = contract::host_file> struct pbx {
  Host host{};
  world w;
  explicit pbx(std::int32_t seats = 3) : w(host.opened(), seats) { static_cast<void>(host.written()); }

  result<receipt> try_adopt(std::string first, std::string last, std::string email, std::string ref) {
    return w.dir.run(w.admin, adopt_user{.first_name = std::move(first),
                                         .last_name = std::move(last),
                                         .email = std::move(email),
                                         .external_ref = std::move(ref)});
  }
  id_of<user> maud() { return must(try_adopt("Maud", "Lewis", "maud@acme.example", "17")).template created_id<user>(); }
  id_of<user> emil() { return must(try_adopt("Emil", "Nolde", "emil@acme.example", "23")).template created_id<user>(); }
  receipt reconciled() { return must(w.dir.run(w.admin, reconcile{})); }
  std::string names() {
    std::string out;
    for (const auto& row : must(w.dir.ask(w.admin, users{})).users) out += (out.empty() ? "" : ", ") + row.name;
    return out;
  }
};

/// "record action column: before -> after" for each changed column, in order.
inline std::string told(const receipt& r) {
  std::string out;
  for (const auto& c : r.changes)
    for (const auto& column : c.columns)
      out += c.record + " " + std::string(word(c.action)) + " " + column.column + ": " +
             column.before.value_or("nothing") + " -> " + column.after.value_or("nothing") + "\n";
  return out;
}

inline std::size_t erased(const receipt& r, std::string_view record) {
  return static_cast<std::size_t>(std::ranges::count_if(
      r.changes, [&](const auto& c) { return c.record == record && c.action == record_action::erased; }));
}

} // namespace kit
