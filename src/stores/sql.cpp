#include "sql.hpp"

#include <bit>
#include <vector>

namespace linecard::stores {

namespace {
constexpr std::string_view host_row = "host"; ///< what a query calls the host's row, whatever its table is called

/// Of the parameters for the columns in the set, in ascending order, the column's.
int number_in(std::uint64_t set, std::size_t column) {
  return std::popcount(set & ((std::uint64_t{1} << column) - 1)) + 1;
}
} // namespace

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

namespace {

std::string_view type_name(const sql_dialect& d, const field& f) {
  switch (f.type->stored) {
  case value_type::integer:
    return d.integer;
  case value_type::text:
    return d.text;
  default:
    return d.blob;
  }
}

std::string_view bytewise(const sql_dialect& d, const field& f) {
  return f.type->stored == value_type::text ? d.bytewise : "";
}

std::string empty_value(const sql_dialect& d, const field& f) {
  switch (f.type->stored) {
  case value_type::integer:
    return "0";
  case value_type::text:
    return "'" + std::string(f.type->words.empty() ? std::string_view{} : f.type->words[0]) + "'";
  default:
    return std::string(d.empty_blob);
  }
}

/// Created columns have the default that added ones need: an older linecard, which does not know a column, must be
/// able to insert beside a newer one during a roll-out.
std::string column_text(const sql_dialect& d, const field& f) {
  std::string out = quoted(f.name) + ' ' + std::string(type_name(d, f)) + std::string(bytewise(d, f));
  if (!f.nullable) out += " NOT NULL DEFAULT " + empty_value(d, f);
  return out;
}

std::string key_column_text(const sql_dialect& d, const field& f) {
  return quoted(f.name) + ' ' + std::string(type_name(d, f)) + std::string(bytewise(d, f)) + " NOT NULL";
}

/// Writes lists and numbers parameters as they come.
struct text {
  const sql_dialect& d;
  std::string out{};
  int parameters = 0;

  text& add(std::string_view s) { return out += s, *this; }
  text& name(std::string_view s) { return add(quoted(s)); }
  /// After a column of an ORDER BY or index: nulls come first, and last when descending.
  text& direction(const field& column, bool descending) {
    add(descending ? " DESC" : "");
    return d.nulls_high && column.nullable ? add(descending ? " NULLS LAST" : " NULLS FIRST") : *this;
  }
  text& parameter() { return parameter(++parameters); }
  text& parameter(int number) { return out += d.parameter, add(std::to_string(number)); }

  template <class Range, class Write> text& list(const Range& items, std::string_view between, Write&& write) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) add(between);
      first = false;
      write(item);
    }
    return *this;
  }

  text& column(std::string_view of_table, std::string_view s) { return name(of_table).add(".").name(s); }

  text& host_table(const host_link& link) {
    if (!link.host_schema.empty()) name(link.host_schema).add(".");
    return name(link.host_table);
  }

  /// The host's column as ours would hold it. A function, so that no collation of the host's compares it.
  text& live(const host_link& link, std::size_t c, std::string_view of_row) {
    const field& f = link.table->columns[c];
    add("coalesce(").name(of_row).add(".").name(link.names[c]);
    return add(f.nullable ? ",NULL)" : "," + empty_value(d, f) + ")").add(bytewise(d, f));
  }

  /// Calls with each column of the set.
  template <class Write> text& each_of(std::uint64_t set, std::string_view between, Write&& write) {
    std::vector<std::size_t> columns;
    for (std::size_t c = 0; c < most_columns; ++c)
      if ((set >> c & 1) != 0) columns.push_back(c);
    return list(columns, between, write);
  }

  /// The host's row beside ours.
  text& beside(const host_link& link, std::string_view join) {
    const table_info& t = *link.table;
    add(join).host_table(link).add(" AS ").name(host_row).add(" ON ").column(host_row, link.host_key);
    add("=").column(t.name, host_key_column);
    if (link.matching != 0) add(" AND ");
    return each_of(link.matching, " AND ", [&](std::size_t c) {
      column(host_row, link.names[c]).add("=").column(t.name, t.columns[c].name).add(bytewise(d, t.columns[c]));
    });
  }

  text& at_version(const table_info& t) {
    add(" WHERE ").list(t.key, " AND ", [&](auto c) { name(t.columns[c].name).add("=").parameter(); });
    return add(" AND \"version\"=").parameter();
  }
};

} // namespace

std::string index_name(const table_info& t, const index_info& i) {
  std::string out = std::string(t.name) + "_by";
  for (const auto c : i.columns) out.append("_").append(t.columns[c].name);
  return out;
}

std::string create_table(const sql_dialect& d, const table_info& t) {
  const bool rowid = d.clustered && has_rowid_key(t);
  text sql{d};
  sql.add("CREATE TABLE ").name(t.name).add(" (");
  std::uint16_t at = 0;
  for (const field& f : t.columns) {
    bool in_key = false;
    for (const auto k : t.key) in_key = in_key || k == at;
    ++at;
    sql.add(in_key ? key_column_text(d, f) : column_text(d, f)).add(in_key && rowid ? " PRIMARY KEY, " : ", ");
  }
  sql.name("version").add(" ").add(d.integer).add(" NOT NULL DEFAULT 1");
  if (rowid) return sql.add(")").out;
  sql.add(", PRIMARY KEY (").list(t.key, ", ", [&](auto c) { sql.name(t.columns[c].name); }).add("))");
  return sql.add(d.clustered ? " WITHOUT ROWID" : "").out;
}

std::string add_column(const sql_dialect& d, const table_info& t, const field& f) {
  return text{d}.add("ALTER TABLE ").name(t.name).add(" ADD COLUMN ").add(column_text(d, f)).out;
}

/// Ties of an index stand in key order. An engine without clustered tables does not have the key in its indexes, so it
/// is added, but for a unique index, whose only ties are nulls.
std::string create_index(const sql_dialect& d, const table_info& t, const index_info& i) {
  text sql{d};
  sql.add(i.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").name(index_name(t, i)).add(" ON ").name(t.name);
  const row_order order = order_of(t, static_cast<std::uint16_t>(&i - t.indexes.data() + 1));
  const auto columns = std::span(order.columns).first(d.clustered || i.unique ? i.columns.size() : order.size);
  return sql.add(" (")
      .list(columns, ", ", [&](auto c) { sql.name(t.columns[c].name).direction(t.columns[c], false); })
      .add(")")
      .out;
}

std::string select_text(const sql_dialect& d, const table_info& t, const scan_shape& s, const host_link* link) {
  const row_order order = order_of(t, s.index);
  const auto columns = std::span(order.columns).first(order.size);
  const auto column = [&](std::size_t i) -> const field& { return t.columns[columns[i]]; };
  text sql{d};
  const auto own = [&](std::string_view name) -> text& {
    return link != nullptr ? sql.column(t.name, name) : sql.name(name);
  };
  const auto order_column = [&](std::uint16_t c) -> text& { return own(t.columns[c].name); };
  sql.add("SELECT ");
  for (std::size_t c = 0; c < t.columns.size(); ++c) {
    const bool host = link != nullptr && link->maps(c) && !s.drifted;
    (host ? sql.live(*link, c, host_row) : own(t.columns[c].name)).add(", ");
  }
  own("version");
  // An outer join's rows cannot be locked by it, and a host's change bumps no version.
  if (link != nullptr && s.drifted && s.for_update) {
    sql.add(", (SELECT 1 FROM ").host_table(*link).add(" AS ").name(host_row).add(" WHERE ");
    sql.column(host_row, link->host_key).add("=").column(t.name, host_key_column).add(" FOR NO KEY UPDATE)");
  }
  sql.add(" FROM ").name(t.name);
  if (d.names_index && s.index != 0) sql.add(" INDEXED BY ").name(index_name(t, t.indexes[s.index - 1u]));
  // The plan begins with our table, whose index gives the order.
  if (link != nullptr) sql.beside(*link, s.drifted ? " LEFT JOIN " : d.names_index ? " CROSS JOIN " : " JOIN ");

  std::string_view joint = " WHERE ";
  const auto term = [&](std::string_view name) -> text& {
    sql.add(joint);
    joint = " AND ";
    return own(name);
  };
  for (std::size_t i = 0; i < s.equal; ++i) {
    term(column(i).name);
    if ((s.nulls >> i & 1) != 0)
      sql.add(" IS NULL");
    else if (column(i).nullable && d.seeks_same)
      sql.add(" ").add(d.same).add(" ").parameter();
    else
      sql.add("=").parameter();
  }
  if (s.from) term(column(s.equal).name).add(">=").parameter();
  if (s.below) term(column(s.equal).name).add("<").parameter();
  if (s.not_null) term(column(s.equal).name).add(" IS NOT NULL");
  if (s.beyond == 1) {
    term(column(s.equal).name).add(s.descending ? "<" : ">").parameter();
  } else if (s.beyond > 1) {
    const auto tuple = columns.subspan(s.equal, s.beyond);
    sql.add(joint).add("(").list(tuple, ",", order_column);
    joint = " AND ";
    sql.add(s.descending ? ")<(" : ")>(").list(tuple, ",", [&](auto) { sql.parameter(); }).add(")");
  }
  if (link != nullptr && s.drifted) {
    sql.add(joint).add("(").column(host_row, link->host_key).add(" IS NULL OR NOT (");
    sql.each_of(link->mapped, " AND ",
                [&](std::size_t c) { own(t.columns[c].name).add(" ").add(d.same).add(" ").live(*link, c, host_row); });
    sql.add("))");
  }
  // Columns held equal are left out: they order nothing. PostgreSQL does not see that of IS NULL, and would sort.
  const auto rest = columns.subspan(s.nulls != 0 ? 0 : s.equal);
  const auto ordered = [&](auto c) { order_column(c).direction(t.columns[c], s.descending); };
  if (!rest.empty()) sql.add(" ORDER BY ").list(rest, ", ", ordered);
  if (s.limited) sql.add(" LIMIT ").parameter();
  if (s.for_update) sql.add(" FOR NO KEY UPDATE");
  if (s.for_update && link != nullptr && s.drifted) sql.add(" OF ").name(t.name);
  return sql.out;
}

std::string insert_text(const sql_dialect& d, const table_info& t, const host_link* link) {
  text sql{d};
  sql.add("INSERT INTO ").name(t.name).add(" (").list(t.columns, ", ", [&](const field& f) { sql.name(f.name); });
  if (link != nullptr) sql.add(", ").name(host_key_column);
  sql.add(", ").name("version").add(") VALUES (").list(t.columns, ",", [&](const field&) { sql.parameter(); });
  if (link != nullptr) sql.add(",").parameter();
  return sql.add(",1)").out;
}

std::string update_text(const sql_dialect& d, const table_info& t, std::uint64_t mask) {
  text sql{d};
  sql.add("UPDATE ").name(t.name).add(" SET ");
  for (std::size_t c = 0; c < t.columns.size(); ++c)
    if ((mask >> c & 1) != 0) sql.name(t.columns[c].name).add("=").parameter().add(", ");
  return sql.add("\"version\"=\"version\"+1").at_version(t).out;
}

std::string erase_text(const sql_dialect& d, const table_info& t) {
  return text{d}.add("DELETE FROM ").name(t.name).at_version(t).out;
}

std::string require_text(const sql_dialect& d, const table_info& t) {
  return text{d}.add("SELECT 1 FROM ").name(t.name).at_version(t).out;
}

std::string host_find_text(const sql_dialect& d, const host_link& link) {
  text sql{d};
  sql.add("SELECT ").name(link.host_key).add(", ");
  sql.each_of(link.mapped, ", ", [&](std::size_t c) { sql.live(link, c, link.host_table); });
  sql.add(" FROM ").host_table(link).add(" WHERE ").name(link.host_key).add("=").parameter();
  if (link.matching != 0) sql.add(" AND ");
  const auto& columns = link.table->columns;
  sql.each_of(link.matching, " AND ",
              [&](std::size_t c) { sql.name(link.names[c]).add("=").parameter().add(bytewise(d, columns[c])); });
  return sql.out;
}

std::string host_insert_text(const sql_dialect& d, const host_link& link) {
  text sql{d};
  sql.add("INSERT INTO ").host_table(link).add(" (");
  const std::uint64_t both = link.mapped | link.matching;
  sql.each_of(both, ", ", [&](std::size_t c) { sql.name(link.names[c]); }).add(") VALUES (");
  sql.each_of(both, ",", [&](std::size_t c) { sql.parameter(static_cast<int>(c) + 1); });
  return sql.add(") RETURNING ").name(link.host_key).out;
}

std::string host_update_text(const sql_dialect& d, const host_link& link, std::uint64_t mask) {
  const table_info& t = *link.table;
  text sql{d};
  const std::uint64_t here = mask & link.mapped;
  sql.add("UPDATE ").host_table(link).add(" SET ");
  sql.each_of(here, ", ", [&](std::size_t c) { sql.name(link.names[c]).add("=").parameter(number_in(mask, c)); });
  sql.parameters = std::popcount(mask);
  sql.add(" WHERE ").name(link.host_key).add("=(SELECT ").column(t.name, host_key_column).add(" FROM ").name(t.name);
  sql.add(" WHERE ").list(t.key, " AND ", [&](auto c) { sql.column(t.name, t.columns[c].name).add("=").parameter(); });
  sql.add(") AND NOT (");
  sql.each_of(here, " AND ", [&](std::size_t c) {
    sql.parameter(number_in(mask, c)).add(" ").add(d.same).add(" ").live(link, c, link.host_table);
  });
  return sql.add(")").out;
}

namespace {

text insert_select(const sql_dialect& d, const host_link& link, std::string_view key_from) {
  const table_info& t = *link.table;
  text sql{d};
  sql.add("INSERT INTO ").name(t.name).add(" (").list(t.columns, ", ", [&](const field& f) { sql.name(f.name); });
  sql.add(", ").name(host_key_column).add(", ").name("version").add(") SELECT ");
  sql.list(t.columns, ",", [&](const field&) { sql.parameter(); });
  sql.add(",").column(key_from, link.host_key).add(",1 FROM ");
  return sql;
}

} // namespace

std::string insert_made_text(const sql_dialect& d, const host_link& link) {
  return insert_select(d, link, "made").add("made WHERE ").column("made", link.host_key).add(" IS NOT NULL").out;
}

std::string insert_linked_text(const sql_dialect& d, const host_link& link) {
  text sql = insert_select(d, link, host_row);
  const auto given = [&](std::size_t c) { sql.parameter(static_cast<int>(c) + 1); };
  sql.host_table(link).add(" AS ").name(host_row).add(" WHERE ").column(host_row, link.host_key).add("=").parameter();
  sql.each_of(link.matching, "", [&](std::size_t c) {
    sql.add(" AND ").column(host_row, link.names[c]).add("=");
    given(c);
    sql.add(bytewise(d, link.table->columns[c]));
  });
  sql.each_of(link.mapped, "", [&](std::size_t c) {
    sql.add(" AND ");
    given(c);
    sql.add(" ").add(d.same).add(" ").live(link, c, host_row);
  });
  return sql.add(" FOR SHARE").out;
}

std::string host_taken_text(const sql_dialect& d, const host_link& link) {
  text sql{d};
  sql.add("SELECT 1 FROM ").name(link.table->name).add(" WHERE ").name(host_key_column).add("=").parameter();
  return sql.out;
}

std::string host_gone_text(const sql_dialect& d, const host_link& link) {
  text sql{d};
  sql.add("SELECT 1 FROM ").name(link.table->name).beside(link, " LEFT JOIN ");
  return sql.add(" WHERE ").column(host_row, link.host_key).add(" IS NULL LIMIT 1").out;
}

std::string add_host_key(const sql_dialect& d, const host_link& link) {
  text sql{d};
  sql.add("ALTER TABLE ").name(link.table->name).add(" ADD COLUMN ").name(host_key_column).add(" ");
  sql.add(link.key_type == value_type::integer ? d.integer : d.text);
  return link.key_collation.empty() ? sql.out : sql.add(" COLLATE ").add(link.key_collation).out;
}

std::string host_index_name(const host_link& link) {
  return std::string(link.table->name) + "_by_" + std::string(host_key_column);
}

std::string index_host_key(const host_link& link) {
  text sql{sqlite_dialect};
  sql.add("CREATE UNIQUE INDEX IF NOT EXISTS ").name(host_index_name(link)).add(" ON ").name(link.table->name);
  return sql.add(" (").name(host_key_column).add(")").out;
}

std::string link_standing_text(const sql_dialect& d, const host_link& link) {
  const std::string_view ours = link.table->name;
  const std::string_view reference = link.table->columns[static_cast<std::size_t>(link.reference)].name;
  text sql{d};
  sql.add("UPDATE ").name(ours).add(" SET ").name(host_key_column).add("=").column(host_row, link.host_key);
  sql.add(" FROM ").host_table(link).add(" AS ").name(host_row).add(" WHERE CAST(");
  sql.column(host_row, link.host_key).add(" AS ").add(d.text).add(")").add(d.bytewise).add("=").column(ours, reference);
  sql.each_of(link.matching, "", [&](std::size_t c) {
    const field& f = link.table->columns[c];
    sql.add(" AND ").column(host_row, link.names[c]).add("=").column(ours, f.name).add(bytewise(d, f));
  });
  return sql.add(" AND ").column(ours, host_key_column).add(" IS NULL").out;
}

} // namespace linecard::stores
