#include "slots.hpp"

namespace linecard {

using detail::slot;

std::string index_name(const table_info& table, std::uint16_t index, std::string_view key) {
  std::string name;
  const auto* at = &table;
  name.append(reinterpret_cast<const char*>(&at), sizeof at);
  name.append(key);
  name += static_cast<char>(index);
  return name;
}

std::vector<value> values_of(const table_info& table, const void* object, std::span<const std::uint16_t> columns) {
  std::vector<value> out;
  for (const auto c : columns) out.push_back(table.columns[c].get(object));
  return out;
}

bool matches(const slot& s, std::uint16_t index, std::span<const value> prefix) {
  const auto columns = columns_of_index(*s.table, index);
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (!(s.table->columns[columns[i]].get(s.now) == prefix[i])) return false;
  return true;
}

void undecodable(const table_info& table, const field& column) {
  throw refused(refuse(status::internal, "row_undecodable", "",
                       "a row of table " + std::string(table.name) + " holds a value in column " +
                           std::string(column.name) +
                           " that its description does not allow; where that column is mapped to a table of the "
                           "host's, mend it there"));
}

} // namespace linecard
