#include "sql.hpp"

namespace linecard::stores {

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
  std::string out = quoted(f.name) + ' ' + std::string(type_name(d, f));
  if (!f.nullable) out += " NOT NULL DEFAULT " + empty_value(d, f);
  return out;
}

std::string key_column_text(const sql_dialect& d, const field& f) {
  return quoted(f.name) + ' ' + std::string(type_name(d, f)) + " NOT NULL";
}

/// Writes lists and numbers parameters as they come.
struct text {
  const sql_dialect& d;
  std::string out{};
  int parameters = 0;

  text& add(std::string_view s) { return out += s, *this; }
  text& name(std::string_view s) { return add(quoted(s)); }
  /// A column of an ORDER BY or index: nulls come first, and last when descending.
  text& ordered(const field& column, bool descending) {
    name(column.name).add(descending ? " DESC" : "");
    return d.nulls_high && column.nullable ? add(descending ? " NULLS LAST" : " NULLS FIRST") : *this;
  }
  text& parameter() { return out += d.parameter, add(std::to_string(++parameters)); }

  template <class Range, class Write> text& list(const Range& items, std::string_view between, Write&& write) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) add(between);
      first = false;
      write(item);
    }
    return *this;
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
  return sql.add(" (").list(columns, ", ", [&](auto c) { sql.ordered(t.columns[c], false); }).add(")").out;
}

std::string select_text(const sql_dialect& d, const table_info& t, const scan_shape& s) {
  const row_order order = order_of(t, s.index);
  const auto columns = std::span(order.columns).first(order.size);
  const auto column = [&](std::size_t i) -> const field& { return t.columns[columns[i]]; };
  text sql{d};
  sql.add("SELECT ").list(t.columns, ", ", [&](const field& f) { sql.name(f.name); });
  sql.add(", ").name("version").add(" FROM ").name(t.name);
  if (d.names_index && s.index != 0) sql.add(" INDEXED BY ").name(index_name(t, t.indexes[s.index - 1u]));

  std::string_view joint = " WHERE ";
  const auto term = [&](std::string_view name) -> text& {
    sql.add(joint).name(name);
    joint = " AND ";
    return sql;
  };
  for (std::size_t i = 0; i < s.equal; ++i) {
    term(column(i).name);
    if ((s.nulls >> i & 1) != 0)
      sql.add(" IS NULL");
    else if (column(i).nullable && !d.same.empty())
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
    sql.add(joint).add("(").list(tuple, ",", [&](auto c) { sql.name(t.columns[c].name); });
    sql.add(s.descending ? ")<(" : ")>(").list(tuple, ",", [&](auto) { sql.parameter(); }).add(")");
  }
  // Columns held equal are left out: they order nothing. PostgreSQL does not see that of IS NULL, and would sort.
  const auto rest = columns.subspan(s.nulls != 0 ? 0 : s.equal);
  if (!rest.empty()) sql.add(" ORDER BY ").list(rest, ", ", [&](auto c) { sql.ordered(t.columns[c], s.descending); });
  if (s.limited) sql.add(" LIMIT ").parameter();
  if (s.for_update) sql.add(" FOR NO KEY UPDATE");
  return sql.out;
}

std::string insert_text(const sql_dialect& d, const table_info& t) {
  text sql{d};
  sql.add("INSERT INTO ").name(t.name).add(" (").list(t.columns, ", ", [&](const field& f) { sql.name(f.name); });
  sql.add(", ").name("version").add(") VALUES (").list(t.columns, ",", [&](const field&) { sql.parameter(); });
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

} // namespace linecard::stores
