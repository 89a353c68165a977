// Which rows of a transaction concern somebody who keeps an eye on them.
#pragma once

#include <linecard/snapshot.hpp>

namespace linecard {

/// The row stands otherwise than in the store, in a column that matters to those who watch it.
[[nodiscard]] inline bool stands_otherwise(const detail::slot& s, const watched& by) {
  if (by.subject_column < 0 || s.stored == s.now) return false;
  if (!s.stored || !s.now) return true;
  for (std::size_t c = 0; c < s.table->columns.size(); ++c)
    if ((by.columns >> c & 1) != 0 && !(s.table->columns[c].get(s.stored) == s.table->columns[c].get(s.now)))
      return true;
  return false;
}

/// The id in a column; none when there is none.
[[nodiscard]] inline any_id id_in(const table_info& table, int column, const void* row) {
  any_id id;
  const bool fits = detail::codec<any_id>::set(id, table.columns[static_cast<std::size_t>(column)].get(row));
  return fits ? id : any_id{};
}

} // namespace linecard
