// A record is a described struct with a table: plural name, key, indexes, privacy marks. Stores know these
// tables and rows of values, never users or seats.
#pragma once

#include <linecard/describe.hpp>
#include <linecard/result.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <string_view>

namespace linecard {

/// Marks of a column. personal: enters the audit chain as a salted commitment and can be erased.
/// secret: masked in audit, JSON and receipt. not_audited: derived or noisy, left out of audit and receipt.
/// platform_only: left out of the audit and receipts of tenants and containers.
enum mark : std::uint8_t {
  no_mark = 0,
  personal_mark = 1,
  secret_mark = 2,
  not_audited_mark = 4,
  platform_only_mark = 8
};

/// Which audit chain a record's changes join: that of the scope the command ran in, the platform's, or none.
enum class chain : std::uint8_t { scope, platform, none };

struct index_info {
  std::span<const std::uint16_t> columns{};
  bool unique{}; ///< rows with a null in these columns never collide
};

/// How a store object of the record is made and copied without knowing its type. A request that holds a secret is not
/// copied: `copy` and `assign` are null.
struct object_ops {
  std::size_t size{}, align{};
  void (*make)(void*){};
  void (*copy)(void* to, const void* from){};
  void (*assign)(void* to, const void* from){};
  void (*destroy)(void*){};
};

/// Which rows concern somebody who keeps an eye on the subject: those where one of these columns changed.
struct watched {
  int subject_column = -1; ///< -1: none of the table's
  std::uint64_t columns{}; ///< a bit for each
};

/// Beside the columns every stored row has a `version`: 1 when inserted, +1 with every update.
struct table_info {
  std::string_view name{};
  std::span<const field> columns{};
  std::span<const std::uint16_t> key{};
  std::span<const index_info> indexes{};
  std::span<const std::uint8_t> marks{};
  int tenant_column = -1; ///< column that says whose row it is; -1 when the row belongs to no tenant
  int container_column = -1;
  chain audited{};
  bool outside_state{};   ///< left out of the state digest: charges, refusals
  watched decides{};      ///< what its subject may do
  watched rings{};        ///< which line its subject has
  int person_column = -1; ///< column that names the user or identity whose personal values these are
  object_ops object{};
};

template <auto... C> struct key_part {};
template <bool Unique, auto... C> struct index_part {};
template <std::uint8_t Mark, auto... C> struct mark_part {};
template <auto C> struct tenant_part {};
template <auto C> struct container_part {};
template <chain Where> struct chain_part {};
struct outside_part {};
template <auto Subject, auto... C> struct decides_part {};
template <auto Subject, auto... C> struct rings_part {};
template <auto C> struct person_part {};

template <auto... C> inline constexpr key_part<C...> key{};
template <auto... C> inline constexpr index_part<false, C...> index{};
template <auto... C> inline constexpr index_part<true, C...> unique{};
template <auto... C> inline constexpr mark_part<personal_mark, C...> personal{};
template <auto... C> inline constexpr mark_part<secret_mark, C...> secret{};
template <auto... C> inline constexpr mark_part<not_audited_mark, C...> not_audited{};
template <auto... C> inline constexpr mark_part<platform_only_mark, C...> platform_only{};
template <auto C> inline constexpr tenant_part<C> of_tenant{}; ///< rows of another tenant are absent rows
template <auto C> inline constexpr container_part<C> of_container{};
inline constexpr chain_part<chain::platform> platform_chain{};
inline constexpr chain_part<chain::none> unchained{};
inline constexpr outside_part outside_state{};
/// Such a row decides what its subject may do, by these columns (none named: by all of them): a transaction that
/// changes one tells the authority views.
template <auto Subject, auto... C> inline constexpr decides_part<Subject, C...> decides{};
/// The same for the line of a user or the use of a number, and the line views.
template <auto Subject, auto... C> inline constexpr rings_part<Subject, C...> rings{};
/// The row's personal values are about this user or identity, and are erased from beside the audit chain with it.
template <auto C> inline constexpr person_part<C> about_person{};

namespace detail {

template <auto... C> inline constexpr std::array<std::uint16_t, sizeof...(C)> columns_array{column_of<C>...};

/// All of them when none is named.
template <auto... C>
inline constexpr std::uint64_t bits_of = sizeof...(C) == 0
                                             ? ~std::uint64_t{0}
                                             : (std::uint64_t{0} | ... | (std::uint64_t{1} << column_of<C>));

template <class T> consteval auto copy_of() -> void (*)(void*, const void*) {
  if constexpr (std::copy_constructible<T>)
    return [](void* p, const void* from) { new (p) T(*static_cast<const T*>(from)); };
  else
    return nullptr;
}
template <class T> consteval auto assign_of() -> void (*)(void*, const void*) {
  if constexpr (std::copyable<T>)
    return [](void* p, const void* from) { *static_cast<T*>(p) = *static_cast<const T*>(from); };
  else
    return nullptr;
}
template <class T>
inline constexpr object_ops ops_of{sizeof(T),    alignof(T),     [](void* p) { new (p) T{}; },
                                   copy_of<T>(), assign_of<T>(), [](void* p) { static_cast<T*>(p)->~T(); }};

template <class P> inline constexpr bool is_index = false;
template <bool U, auto... C> inline constexpr bool is_index<index_part<U, C...>> = true;

template <class T, class... Parts> struct definition {
  std::string_view name{};

  template <auto... C> static constexpr void place(key_part<C...>, table_info& t) { t.key = columns_array<C...>; }
  template <auto C> static constexpr void place(tenant_part<C>, table_info& t) { t.tenant_column = column_of<C>; }
  template <auto C> static constexpr void place(container_part<C>, table_info& t) { t.container_column = column_of<C>; }
  template <chain W> static constexpr void place(chain_part<W>, table_info& t) { t.audited = W; }
  static constexpr void place(outside_part, table_info& t) { t.outside_state = true; }
  template <auto S, auto... C> static constexpr void place(decides_part<S, C...>, table_info& t) {
    t.decides = {column_of<S>, bits_of<C...>};
  }
  template <auto S, auto... C> static constexpr void place(rings_part<S, C...>, table_info& t) {
    t.rings = {column_of<S>, bits_of<C...>};
  }
  template <auto C> static constexpr void place(person_part<C>, table_info& t) { t.person_column = column_of<C>; }
  template <class Other> static constexpr void place(Other, table_info&) {}

  template <bool U, auto... C> static constexpr void list(index_part<U, C...>, auto& into, std::size_t& at) {
    into[at++] = {columns_array<C...>, U};
  }
  template <class Other> static constexpr void list(Other, auto&, std::size_t&) {}

  template <std::uint8_t M, auto... C> static constexpr void stamp(mark_part<M, C...>, auto& into) {
    ((into[column_of<C>] = static_cast<std::uint8_t>(into[column_of<C>] | M)), ...);
  }
  template <class Other> static constexpr void stamp(Other, auto&) {}

  static constexpr auto indexes = [] {
    std::array<index_info, (std::size_t{0} + ... + (is_index<Parts> ? 1 : 0))> out{};
    std::size_t at = 0;
    (list(Parts{}, out, at), ...);
    return out;
  }();
  static constexpr auto marks = [] {
    std::array<std::uint8_t, fields_of<T>.size()> out{};
    (stamp(Parts{}, out), ...);
    return out;
  }();

  [[nodiscard]] constexpr table_info info() const {
    static_assert(std::copyable<T>, "a secret_text is no column: keep its hash, or seal it");
    table_info t{};
    t.name = name;
    t.columns = fields_of<T>;
    (place(Parts{}, t), ...);
    t.indexes = indexes;
    t.marks = marks;
    t.object = ops_of<T>;
    return t;
  }
};

} // namespace detail

/// Declares a record's table; parts are key<...>, index<...>, unique<...>, personal<...>, secret<...>,
/// not_audited<...>, platform_only<...>, of_tenant<...>, of_container<...>, platform_chain, unchained,
/// outside_state, decides<...>, rings<...>, about_person<...>.
template <class T, class... Parts> [[nodiscard]] constexpr auto record(std::string_view plural_name, Parts...) {
  return detail::definition<T, Parts...>{plural_name};
}

/// Specialised beside each noun: template <> inline constexpr auto table<seat> = record<seat>("seats", ...).
template <class T> inline constexpr int table = 0;

/// The same without types, as stores and faces read it.
template <class T> inline constexpr table_info info_of = table<T>.info();

template <class T>
concept recorded = requires {
  table<T>.info();
};

/// Order of values in keys and indexes: null < integers < texts by bytes < blobs by bytes, as in SQLite.
/// Comparing two encodings as bytes gives that order column by column, and a prefix of the columns is a prefix
/// of the bytes.
void append_sort_key(std::string& to, const value& v);
[[nodiscard]] std::string sort_key(std::span<const value> values);

/// The index whose columns these are, 0 for the key, n for indexes[n-1]; nothing when there is none.
[[nodiscard]] constexpr int find_index(const table_info& t, std::span<const std::uint16_t> columns) {
  const auto begins = [&](std::span<const std::uint16_t> whole) {
    if (whole.size() < columns.size()) return false;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (whole[i] != columns[i]) return false;
    return true;
  };
  if (begins(t.key)) return 0;
  for (std::size_t i = 0; i < t.indexes.size(); ++i)
    if (begins(t.indexes[i].columns)) return static_cast<int>(i) + 1;
  return -1;
}

[[nodiscard]] constexpr std::span<const std::uint16_t> columns_of_index(const table_info& t, int index) {
  return index == 0 ? t.key : t.indexes[static_cast<std::size_t>(index) - 1].columns;
}

/// True when equal columns of this index mean one row.
[[nodiscard]] constexpr bool names_one(const table_info& t, int index) {
  return index == 0 || t.indexes[static_cast<std::size_t>(index) - 1].unique;
}

} // namespace linecard
