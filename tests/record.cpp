#include <linecard/record.hpp>

#if LINECARD_HAS_RAPIDCHECK

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

using namespace linecard;

namespace {

/// A value with its bytes; few lengths and letters, so that equal starts, zeros and 0xff meet often.
struct drawn {
  value_type type{};
  std::int64_t number{};
  std::string bytes{};
  [[nodiscard]] value get() const {
    switch (type) {
    case value_type::integer:
      return integer_value(number);
    case value_type::text:
      return text_value(bytes);
    case value_type::blob:
      return blob_value(bytes);
    case value_type::null:
      break;
    }
    return null_value();
  }
};

rc::Gen<drawn> any_value() {
  const auto letter = rc::gen::element('\0', '\1', 'a', 'b', '\xff');
  const auto number =
      rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(),
                     rc::gen::element<std::int64_t>(0, -1, 1, 255, 256, std::numeric_limits<std::int64_t>::min(),
                                                    std::numeric_limits<std::int64_t>::max()));
  return rc::gen::build<drawn>(rc::gen::set(&drawn::type, rc::gen::element(value_type::null, value_type::integer,
                                                                           value_type::text, value_type::blob)),
                               rc::gen::set(&drawn::number, number),
                               rc::gen::set(&drawn::bytes, rc::gen::container<std::string>(letter)));
}

int sign(int n) { return (n > 0) - (n < 0); }

/// The order, said plainly.
int order(const drawn& a, const drawn& b) {
  if (a.type != b.type) return a.type < b.type ? -1 : 1;
  if (a.type == value_type::null) return 0;
  if (a.type == value_type::integer) return (a.number > b.number) - (a.number < b.number);
  return sign(a.bytes.compare(b.bytes));
}

std::vector<value> values_of(const std::vector<drawn>& columns) {
  std::vector<value> out;
  for (const drawn& d : columns) out.push_back(d.get());
  return out;
}

void holds(bool so) { CHECK(so); }

[[maybe_unused]] void showValue(const drawn& d, std::ostream& os) {
  os << static_cast<int>(d.type) << ':' << d.number << ':' << d.bytes;
}

} // namespace

namespace rc {
template <> struct Arbitrary<drawn> {
  static Gen<drawn> arbitrary() { return any_value(); }
};
} // namespace rc

TEST_CASE("the order of sort keys is the order of values, column by column") {
  holds(rc::check([](const std::vector<drawn>& a, const std::vector<drawn>& b) {
    int expected = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()) && expected == 0; ++i) expected = order(a[i], b[i]);
    if (expected == 0) expected = (a.size() > b.size()) - (a.size() < b.size());
    RC_ASSERT(sign(sort_key(values_of(a)).compare(sort_key(values_of(b)))) == expected);
  }));
}

TEST_CASE("a sort key begins with that of its leading columns, and with no other") {
  holds(rc::check([](const std::vector<drawn>& a, const std::vector<drawn>& b) {
    const bool leads = b.size() <= a.size() &&
                       std::equal(b.begin(), b.end(), a.begin(), [](auto& x, auto& y) { return order(x, y) == 0; });
    RC_ASSERT(sort_key(values_of(a)).starts_with(sort_key(values_of(b))) == leads);
    if (a.empty()) return;
    const std::vector<drawn> head(a.begin(), a.end() - 1);
    RC_ASSERT(sort_key(values_of(a)).starts_with(sort_key(values_of(head))));
  }));
}

TEST_CASE("appending keys is the key of all columns, and leaves room above every row of a prefix") {
  holds(rc::check([](const std::vector<drawn>& a, const drawn& next) {
    std::string key = sort_key(values_of(a));
    const std::string above = key + '\xff';
    append_sort_key(key, next.get());
    auto longer = a;
    longer.push_back(next);
    RC_ASSERT(key == sort_key(values_of(longer)));
    RC_ASSERT(key < above);
  }));
}

TEST_CASE("SQLite's ORDER BY puts the same values in the same order") {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open(":memory:", &raw);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db(raw, sqlite3_close);
  REQUIRE(opened == SQLITE_OK);
  holds(rc::check([&](const std::vector<std::pair<drawn, drawn>>& rows) {
    // No type name, no affinity: values stay what they are.
    const char* fresh = "DROP TABLE IF EXISTS t; CREATE TABLE t (n INTEGER PRIMARY KEY, a, b)";
    RC_ASSERT(sqlite3_exec(raw, fresh, nullptr, nullptr, nullptr) == SQLITE_OK);
    const auto statement = [&](const char* sql) {
      sqlite3_stmt* made = nullptr;
      RC_ASSERT(sqlite3_prepare_v2(raw, sql, -1, &made, nullptr) == SQLITE_OK);
      return std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>(made, sqlite3_finalize);
    };
    const auto put = statement("INSERT INTO t VALUES (?1, ?2, ?3)");
    const auto bind = [&](int at, const drawn& d) {
      const auto size = static_cast<sqlite3_uint64>(d.bytes.size());
      if (d.type == value_type::integer) return sqlite3_bind_int64(put.get(), at, d.number);
      if (d.type == value_type::text)
        return sqlite3_bind_text64(put.get(), at, d.bytes.c_str(), size, SQLITE_STATIC, SQLITE_UTF8);
      if (d.type == value_type::blob) return sqlite3_bind_blob64(put.get(), at, d.bytes.c_str(), size, SQLITE_STATIC);
      return sqlite3_bind_null(put.get(), at);
    };
    std::vector<std::pair<std::string, std::size_t>> expected;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& [a, b] = rows[i];
      RC_ASSERT(sqlite3_bind_int64(put.get(), 1, static_cast<std::int64_t>(i)) == SQLITE_OK);
      RC_ASSERT(bind(2, a) == SQLITE_OK);
      RC_ASSERT(bind(3, b) == SQLITE_OK);
      RC_ASSERT(sqlite3_step(put.get()) == SQLITE_DONE);
      RC_ASSERT(sqlite3_reset(put.get()) == SQLITE_OK);
      expected.emplace_back(sort_key(values_of({a, b})), i);
    }
    std::sort(expected.begin(), expected.end());
    const auto get = statement("SELECT n FROM t ORDER BY a, b, n");
    for (const auto& row : expected) {
      RC_ASSERT(sqlite3_step(get.get()) == SQLITE_ROW);
      RC_ASSERT(static_cast<std::size_t>(sqlite3_column_int64(get.get(), 0)) == row.second);
    }
    RC_ASSERT(sqlite3_step(get.get()) == SQLITE_DONE);
  }));
}

#endif
