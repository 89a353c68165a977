// The only reader of Boost.Describe. It turns a described struct into one constexpr array of fields;
// every face (SQL columns, JSON, diffs, audit, schema) is ordinary code over that array.
#pragma once

#include <linecard/id.hpp>
#include <linecard/instant.hpp>
#include <linecard/secrets/secret.hpp>
#include <linecard/value.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace linecard {

/// Bytes that are not text: hashes, salts. Stored as blob; hexadecimal in JSON.
struct bytes {
  std::string data{};
  friend auto operator<=>(const bytes&, const bytes&) = default;
};

/// secret: a secret_text, whose `get` shows "secret" and never the bytes.
enum class form : std::uint8_t { boolean, integer, word, text, secret, blob, id, any_id, instant, list, object };

struct field;

/// What a member is, independent of where it stands.
struct type_info {
  form shape{};
  value_type stored{};
  std::int64_t least{}, most{};              ///< integer
  std::span<const std::string_view> words{}; ///< word: the enumerators in order
  id_tag tag{};                              ///< id
  std::span<const field> members{};          ///< object
  const type_info* element{};                ///< list
  std::size_t (*count)(const void*){};       ///< list
  const void* (*at)(const void*, std::size_t){};
  void* (*grow)(void*){};             ///< list: appends an element and returns it
  value (*get)(const void*){};        ///< scalar: a view into the object
  bool (*set)(void*, const value&){}; ///< scalar: false when the value does not fit
};

struct field {
  std::string_view name{};
  const type_info* type{};
  bool nullable{};
  const void* (*in)(const void* object){};
  value (*get)(const void* object){};        ///< scalars only
  bool (*set)(void* object, const value&){}; ///< scalars only
  void* (*in_mutable)(void* object){};
};

template <class T>
concept described = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;

namespace detail {

template <class T> struct is_optional : std::false_type {};
template <class T> struct is_optional<std::optional<T>> : std::true_type {};
template <class T> struct is_list : std::false_type {};
template <class T> struct is_list<std::vector<T>> : std::true_type {};
template <class T> struct is_id : std::false_type {};
template <class N> struct is_id<id_of<N>> : std::true_type { using noun = N; };

/// An enumerator's name without a trailing underscore, which only dodges a C++ keyword.
constexpr std::string_view bare(std::string_view name) {
  return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

template <class E> constexpr auto make_words() {
  using list = boost::describe::describe_enumerators<E>;
  std::array<std::string_view, boost::mp11::mp_size<list>::value> out{};
  std::size_t i = 0;
  bool in_order = true;
  boost::mp11::mp_for_each<list>([&](auto d) {
    in_order = in_order && static_cast<std::size_t>(d.value) == i;
    out[i++] = bare(d.name);
  });
  if (!in_order) throw "enumerators must count from 0 in the order described";
  return out;
}
template <class E> inline constexpr auto words_of = make_words<E>();

/// Empty for a number that is no enumerator: a cast can make one, and validation refuses it.
template <class E> constexpr std::string_view word_of(E e) {
  const auto at = static_cast<std::size_t>(e);
  return at < words_of<E>.size() ? words_of<E>[at] : std::string_view{};
}

template <class T> struct codec;

template <> struct codec<bool> {
  static value get(bool b) { return integer_value(b ? 1 : 0); }
  static bool set(bool& b, const value& v) {
    if (v.type != value_type::integer || (v.number != 0 && v.number != 1)) return false;
    b = v.number == 1;
    return true;
  }
};
template <class T>
requires(std::integral<T> && !std::same_as<T, bool>) struct codec<T> {
  static value get(T n) { return integer_value(static_cast<std::int64_t>(n)); }
  static bool set(T& n, const value& v) {
    if (v.type != value_type::integer || v.number < std::int64_t{std::numeric_limits<T>::min()} ||
        v.number > std::int64_t{std::numeric_limits<T>::max()})
      return false;
    n = static_cast<T>(v.number);
    return true;
  }
};
template <class E>
requires std::is_enum_v<E>
struct codec<E> {
  static value get(E e) { return text_value(word_of(e)); }
  static bool set(E& e, const value& v) {
    if (v.type != value_type::text) return false;
    for (std::size_t i = 0; i < words_of<E>.size(); ++i)
      if (words_of<E>[i] == v.bytes()) return e = static_cast<E>(i), true;
    return false;
  }
};
template <> struct codec<std::string> {
  static value get(const std::string& s) { return text_value(s); }
  static bool set(std::string& s, const value& v) {
    if (v.type != value_type::text) return false;
    s.assign(v.bytes());
    return true;
  }
};
template <> struct codec<secret_text> {
  static value get(const secret_text& s) { return text_value(s.empty() ? "" : "secret"); }
  static bool set(secret_text& s, const value& v) {
    if (v.type != value_type::text) return false;
    s = secret_text(v.bytes());
    return true;
  }
};
template <> struct codec<bytes> {
  static value get(const bytes& b) { return blob_value(b.data); }
  static bool set(bytes& b, const value& v) {
    if (v.type != value_type::blob) return false;
    b.data.assign(v.bytes());
    return true;
  }
};
template <class Noun> struct codec<id_of<Noun>> {
  static value get(id_of<Noun> id) { return integer_value(static_cast<std::int64_t>(id.value)); }
  static bool set(id_of<Noun>& id, const value& v) {
    const auto raw = static_cast<std::uint64_t>(v.number);
    if (v.type != value_type::integer || (raw != 0 && id_kind(raw) != tag_of<Noun>.number)) return false;
    id.value = raw;
    return true;
  }
};
template <> struct codec<any_id> {
  static value get(any_id id) { return integer_value(static_cast<std::int64_t>(id.value)); }
  static bool set(any_id& id, const value& v) {
    if (v.type != value_type::integer || v.number < 0) return false;
    id.value = static_cast<std::uint64_t>(v.number);
    return true;
  }
};
template <> struct codec<instant> {
  static value get(instant t) { return integer_value(t.milliseconds); }
  static bool set(instant& t, const value& v) {
    if (v.type != value_type::integer) return false;
    t.milliseconds = v.number;
    return true;
  }
};

template <class T> struct plain { using type = T; };
template <class T> struct plain<std::optional<T>> { using type = T; };

template <class T> constexpr auto make_fields();
template <class T> constexpr type_info make_type();

} // namespace detail

/// The description of T: its members in order. Defined for described structs.
template <described T> inline constexpr auto fields_of = detail::make_fields<T>();
/// What T is as a member, list element or argument.
template <class T> inline constexpr type_info type_of = detail::make_type<T>();

namespace detail {

template <class T> constexpr type_info make_type() {
  type_info t{};
  if constexpr (is_list<T>::value) {
    using E = typename T::value_type;
    static_assert(!is_optional<E>::value, "a list holds no absent elements");
    t.shape = form::list;
    t.element = &type_of<E>;
    t.count = [](const void* p) { return static_cast<const T*>(p)->size(); };
    t.at = [](const void* p, std::size_t i) -> const void* { return &(*static_cast<const T*>(p))[i]; };
    t.grow = [](void* p) -> void* { return &static_cast<T*>(p)->emplace_back(); };
  } else if constexpr (described<T>) {
    t.shape = form::object;
    t.members = fields_of<T>;
  } else {
    t.get = [](const void* p) { return codec<T>::get(*static_cast<const T*>(p)); };
    t.set = [](void* p, const value& v) { return codec<T>::set(*static_cast<T*>(p), v); };
    if constexpr (std::same_as<T, bool>) {
      t.shape = form::boolean, t.stored = value_type::integer;
    } else if constexpr (std::integral<T>) {
      t.shape = form::integer, t.stored = value_type::integer;
      t.least = std::numeric_limits<T>::min(), t.most = std::numeric_limits<T>::max();
    } else if constexpr (std::is_enum_v<T>) {
      t.shape = form::word, t.stored = value_type::text, t.words = words_of<T>;
    } else if constexpr (std::same_as<T, std::string>) {
      t.shape = form::text, t.stored = value_type::text;
    } else if constexpr (std::same_as<T, secret_text>) {
      t.shape = form::secret, t.stored = value_type::text;
    } else if constexpr (std::same_as<T, bytes>) {
      t.shape = form::blob, t.stored = value_type::blob;
    } else if constexpr (is_id<T>::value) {
      static_assert(tag_of<typename is_id<T>::noun>.number != 0, "give the noun a tag in model/ids.hpp");
      t.shape = form::id, t.stored = value_type::integer, t.tag = tag_of<typename is_id<T>::noun>;
    } else if constexpr (std::same_as<T, any_id>) {
      t.shape = form::any_id, t.stored = value_type::integer;
    } else {
      static_assert(std::same_as<T, instant>, "a member is a scalar, an optional scalar, a list or a described struct");
      t.shape = form::instant, t.stored = value_type::integer;
    }
  }
  return t;
}

template <class T, auto Pointer> constexpr field make_field(std::string_view name) {
  using member = std::remove_cvref_t<decltype(std::declval<T&>().*Pointer)>;
  using P = typename plain<member>::type;
  field f{};
  f.name = name;
  f.type = &type_of<P>;
  f.nullable = is_optional<member>::value;
  f.in = [](const void* o) -> const void* { return &(static_cast<const T*>(o)->*Pointer); };
  f.in_mutable = [](void* o) -> void* { return &(static_cast<T*>(o)->*Pointer); };
  if constexpr (is_optional<member>::value) {
    static_assert(!is_list<P>::value && !described<P>, "only scalars are optional");
    f.get = [](const void* o) {
      const auto& m = static_cast<const T*>(o)->*Pointer;
      return m ? codec<P>::get(*m) : null_value();
    };
    f.set = [](void* o, const value& v) {
      auto& m = static_cast<T*>(o)->*Pointer;
      if (v.is_null()) return m.reset(), true;
      return codec<P>::set(m.emplace(), v);
    };
  } else if constexpr (!is_list<P>::value && !described<P>) {
    f.get = [](const void* o) { return codec<P>::get(static_cast<const T*>(o)->*Pointer); };
    f.set = [](void* o, const value& v) { return codec<P>::set(static_cast<T*>(o)->*Pointer, v); };
  }
  return f;
}

template <class T> using members_of = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T, template <class...> class L, class... D> constexpr auto fields_from(L<D...>) {
  return std::array<field, sizeof...(D)>{make_field<T, D::pointer>(D::name)...};
}
template <class T> constexpr auto make_fields() { return fields_from<T>(members_of<T>{}); }

/// Position of a member among the described ones. Types are compared first: member pointers of
/// different types have no ==.
template <auto A, auto B> consteval bool same_member() {
  if constexpr (std::is_same_v<decltype(A), decltype(B)>)
    return A == B;
  else
    return false;
}
template <class T, auto Pointer, template <class...> class L, class... D> consteval std::uint16_t position_in(L<D...>) {
  std::uint16_t at = 0, found = sizeof...(D);
  ((same_member<D::pointer, Pointer>() ? (found = at++) : at++), ...);
  return found;
}

template <class M> struct member_class;
template <class C, class M> struct member_class<M C::*> {
  using record = C;
  using type = M;
};

} // namespace detail

/// The record a member pointer belongs to, and the member's type.
template <auto Pointer> using record_with = typename detail::member_class<decltype(Pointer)>::record;
template <auto Pointer> using member_type = typename detail::member_class<decltype(Pointer)>::type;

/// Index of a member in fields_of of its record.
template <auto Pointer>
inline constexpr std::uint16_t column_of = [] {
  using T = record_with<Pointer>;
  constexpr auto at = detail::position_in<T, Pointer>(detail::members_of<T>{});
  static_assert(at < boost::mp11::mp_size<detail::members_of<T>>::value, "this member is not described");
  return at;
}();

/// The scalar as a borrowed value, for keys and prefixes.
template <class T> [[nodiscard]] value as_value(const T& x) {
  if constexpr (detail::is_optional<T>::value)
    return x ? as_value(*x) : null_value();
  else
    return detail::codec<T>::get(x);
}

/// The word of an enumerator, as it stands in SQL and JSON.
template <class E>
requires std::is_enum_v<E>
[[nodiscard]] constexpr std::string_view word(E e) { return detail::word_of(e); }

} // namespace linecard
