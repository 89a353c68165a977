// Scans against a slow, obvious twin: keep what fits, sort it, cut it.
#include "scene.hpp"

#include <algorithm>

namespace linecard::contract {

namespace {

std::vector<std::uint16_t> order_columns(const question& q) {
  const auto own = columns_of_index(*q.table, q.index);
  std::vector<std::uint16_t> out(own.begin(), own.end());
  if (q.index != 0) out.insert(out.end(), q.table->key.begin(), q.table->key.end());
  return out;
}

cells chosen(const cells& row, const std::vector<std::uint16_t>& columns) {
  cells out;
  for (const auto c : columns) out.push_back(row[c]);
  return out;
}

std::string key_of(const cells& columns) { return sort_key(views(columns)); }

std::vector<cells> twin(const std::vector<cells>& rows, const question& q) {
  const auto columns = order_columns(q);
  const auto place = [&](const cells& row) { return key_of(chosen(row, columns)); };
  std::vector<cells> out;
  for (const cells& row : rows) {
    const cells at = chosen(row, columns);
    bool fits = std::equal(q.prefix.begin(), q.prefix.end(), at.begin());
    if (q.from || q.below) {
      const kept& ranged = at[q.prefix.size()];
      fits = fits && ranged != none;
      if (q.from) fits = fits && *q.from != none && key_of({*q.from}) <= key_of({ranged});
      if (q.below) fits = fits && *q.below != none && key_of({ranged}) < key_of({*q.below});
    }
    if (!q.after.empty()) fits = fits && (q.descending ? key_of(at) < key_of(q.after) : key_of(at) > key_of(q.after));
    if (fits) out.push_back(row);
  }
  std::sort(out.begin(), out.end(), [&](const cells& a, const cells& b) { return place(a) < place(b); });
  if (q.descending) std::reverse(out.begin(), out.end());
  if (q.limit != 0 && out.size() > q.limit) out.resize(q.limit);
  return out;
}

std::vector<cells> only_columns(const std::vector<found_row>& rows) {
  std::vector<cells> out;
  for (const found_row& r : rows) out.push_back(r.columns);
  return out;
}

const std::vector<kept> shelves{"A", "B", "", "AA"}, owners{none, none, 1, 2, -3}, tags{none, none, "", "x", "xx"},
    kinds{"letter", "box"};

/// Few different values, so that ties, nulls and equal runs meet in every index.
std::vector<cells> random_rows(dice& d, const table_info& t, std::size_t count) {
  std::vector<cells> rows;
  for (int i = 0; rows.size() < count; ++i) {
    const std::string once = "label " + std::to_string(i);
    const kept label = once.c_str();
    if (&t == &places)
      rows.push_back(place_row(d.pick(shelves), i, d.pick(owners), d.pick(tags), label, static_cast<int>(d.below(4))));
    else // the ids jump, so that their order is not that of insertion
      rows.push_back(parcel_row((i * 37) % 101 - 50, d.pick(shelves), d.pick(kinds), d.pick(owners),
                                d.below(2) == 0 ? none : label));
  }
  return rows;
}

/// Drawn from the rows, so that most questions have answers; crossed between rows, so that some have not.
question random_question(dice& d, const table_info& table, const std::vector<cells>& rows) {
  question q{.table = &table};
  q.index = static_cast<std::uint16_t>(d.below(table.indexes.size() + 1));
  const auto columns = order_columns(q);
  const std::size_t own = columns_of_index(table, q.index).size();
  const cells& model = d.pick(rows);
  for (std::size_t i = d.below(own + 1); i > 0; --i) q.prefix.insert(q.prefix.begin(), model[columns[i - 1]]);
  if (q.prefix.size() < own) {
    if (d.below(3) == 0) q.from = d.pick(rows)[columns[q.prefix.size()]];
    if (d.below(3) == 0) q.below = d.pick(rows)[columns[q.prefix.size()]];
  }
  if (d.below(2) == 0) q.after = chosen(d.below(3) == 0 ? d.pick(rows) : model, columns);
  if (d.below(3) == 0) q.limit = static_cast<std::uint32_t>(1 + d.below(9));
  q.descending = d.below(2) == 0;
  return q;
}

void insert_all(store& s, const table_info& t, const std::vector<cells>& rows) {
  std::vector<edit> edits;
  for (const cells& row : rows) edits.push_back(insert(t, row));
  ok(write(s, edits));
}

} // namespace

void scan_pages(const subject& under_test) {
  auto s = prepared(under_test);
  dice d{11};
  for (const table_info* table : both_tables) {
    const auto rows = random_rows(d, *table, 70);
    insert_all(*s, *table, rows);
    const auto t = begin(*s, access::read);
    const auto rows_stand = journal_of(*s).mark();
    for (std::uint16_t index = 0; index <= table->indexes.size(); ++index)
      for (const bool descending : {false, true})
        for (const std::uint32_t page : {1u, 3u, 64u, 100u}) {
          question q{.table = table, .index = index, .limit = page, .descending = descending};
          std::vector<cells> visited;
          while (true) {
            const auto found = only_columns(ask(*t, q));
            visited.insert(visited.end(), found.begin(), found.end());
            if (found.size() < page) break;
            if (visited.size() > rows.size()) broken("every row once", "more rows than there are");
            q.after = chosen(found.back(), order_columns(q));
          }
          q.after.clear(), q.limit = 0;
          same(visited, twin(rows, q));
          journal_of(*s).forget_since(rows_stand);
        }
  }
}

void scan_twin(const subject& under_test) {
  auto s = prepared(under_test);
  dice d{12};
  for (const table_info* table : both_tables) {
    const auto rows = random_rows(d, *table, 60);
    insert_all(*s, *table, rows);
    const auto t = begin(*s, access::read);
    const auto rows_stand = journal_of(*s).mark();
    for (int round = 0; round < 2000; ++round) {
      const question q = random_question(d, *table, rows);
      same(only_columns(ask(*t, q)), twin(rows, q));
      journal_of(*s).forget_since(rows_stand);
    }
  }
}

void scan_mixed(const subject& under_test) {
  auto s = prepared(under_test);
  dice d{13};
  std::vector<std::vector<cells>> rows;
  for (const table_info* table : both_tables) {
    rows.push_back(random_rows(d, *table, 30));
    insert_all(*s, *table, rows.back());
  }
  const auto t = begin(*s, access::read);
  const auto rows_stand = journal_of(*s).mark();
  for (int round = 0; round < 200; ++round) {
    std::vector<question> questions;
    std::vector<std::vector<cells>> wanted;
    for (std::size_t i = 1 + d.below(6); i > 0; --i) {
      const std::size_t of = d.below(2);
      questions.push_back(random_question(d, *both_tables[of], rows[of]));
      wanted.push_back(twin(rows[of], questions.back()));
    }
    std::vector<std::vector<cells>> answers(questions.size());
    for (const found_row& r : ask(*t, questions)) answers[r.request].push_back(r.columns);
    for (std::size_t i = 0; i < answers.size(); ++i) same(answers[i], wanted[i], "of request " + std::to_string(i));
    journal_of(*s).forget_since(rows_stand);
  }
}

} // namespace linecard::contract
