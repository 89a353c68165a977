// A host's own table as the home of a noun: some columns of a linecard table live there, under the host's names.
#pragma once

#include <linecard/describe.hpp>

#include <string>
#include <vector>

namespace linecard {

struct mapped_column {
  std::string column{};      ///< linecard's: "first_name"
  std::string host_column{}; ///< the host's: "given"
};
BOOST_DESCRIBE_STRUCT(mapped_column, (), (column, host_column))

/// Column by column the host's table holds what is true; linecard's table, which has the same columns and `host_key`
/// beside them, holds what linecard last knew, so that `reconcile` can say what the host changed. One transaction
/// writes both. Columns of the host's that are not named here are never written.
///
/// An insert whose `reference` is given links the host's row with that key, which must stand, be linked to no other row
/// and hold the very values given: it never writes to the host. An insert without it adds a row to the host's table. An
/// erase leaves the host's row alone. A row whose host row is gone is absent, until reconcile takes it away.
///
/// The host promises: the key of a removed row never comes back (AUTOINCREMENT, identity columns), since whoever has
/// it next would have the seats and roles of the row before. Since 0.1.
struct table_mapping {
  std::string table{};      ///< linecard's: "users"
  std::string host_table{}; ///< the host's, which stands already: "staff"
  std::string host_key{};   ///< its key: one column of integers or texts, unique: "staff_id"
  std::string reference{};  ///< linecard's text column that names a host row by its key: "external_ref"; may be empty
  std::vector<mapped_column> columns{}; ///< at least one; neither in the key nor in an index of linecard's table
  /// Columns that both tables have and that must say the same, {"tenant_id", "company"}: to the tenant, a row of the
  /// host's where they differ is not there. Without it whoever may adopt users anywhere may adopt any of the table's.
  std::vector<mapped_column> matching{};
};
BOOST_DESCRIBE_STRUCT(table_mapping, (), (table, host_table, host_key, reference, columns, matching))

} // namespace linecard
