// All that a rule may see and do: facts found, changes made, ingredients given. A snapshot is a read-only view of
// the store inside one transaction that remembers what was read; a rule sees its own edits.
#pragma once

#include <linecard/model/authority.hpp>
#include <linecard/record.hpp>
#include <linecard/row_source.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace linecard {

namespace detail {

/// One place for each (table, key) a run has touched. Absent is a state too.
struct slot {
  const table_info* table{};
  std::string_view key{}; ///< sort key of the primary key; lives in the snapshot's arena
  std::int64_t version{}; ///< in the store, settled changes included; 0: absent there
  const void* stored{};   ///< as the store gave it; null: absent there
  const void* before{};   ///< as read, or as an earlier command of this transaction left it; null: absent
  void* now{};            ///< as edited; null: absent. Equal to `before` while untouched.
  bool taken_over{};      ///< what a host did to it is part of this run already
  bool noted{};           ///< among the snapshot's edited rows
};

} // namespace detail

/// Throws `refused` internal "row_absent": a rule took for granted a row that is not there.
[[noreturn]] void throw_absent();

/// A row as it stands in the run: false when absent, and reading it then refuses the command. Only what was found or
/// looked for can be changed.
template <class T> class fact {
public:
  fact() = default;
  explicit fact(detail::slot* at) : slot_(at) {}
  [[nodiscard]] explicit operator bool() const { return slot_ && slot_->now; }
  [[nodiscard]] const T& operator*() const { return *operator->(); }
  [[nodiscard]] const T* operator->() const {
    if (!*this) throw_absent();
    return static_cast<const T*>(slot_->now);
  }
  [[nodiscard]] detail::slot* slot() const { return slot_; }

private:
  detail::slot* slot_{};
};

/// A row as the store last knew it, which a host has changed or removed in its own table since.
template <class T> struct known {
  const T* row{};
  std::int64_t version{};
};

/// A part of a list: `limit` rows at most (0: all), beyond the row with these index and key columns.
struct page {
  std::vector<value> after{};
  std::uint32_t limit{};
  bool descending{};
};

/// One question of snapshot::all: the row whose columns C equal these.
template <auto... C> struct by {
  static_assert(sizeof...(C) > 0);
  std::tuple<member_type<C>...> key;
  explicit by(const member_type<C>&... k) : key(k...) {}
};

/// What a rule is known to ask: where every question costs a wait for another machine, all of it is asked at once
/// beforehand. Nothing is promised by it: what was not foreseen is asked when needed, what was in vain is forgotten.
class expectations {
public:
  /// As snapshot::find will ask. `held`: nobody else changes the row until this run has ended.
  template <auto... C> void one(const member_type<C>&... key) { add<C...>(false, key...); }
  template <auto... C> void held(const member_type<C>&... key) { add<C...>(true, key...); }
  /// As snapshot::list will ask.
  template <auto... C, class... P> void list(const P&... prefix) { add<C...>(false, prefix...); }

  struct question {
    const table_info* table{};
    std::uint16_t index{};
    std::vector<value> prefix{};
    bool one_row{}, held{};
  };
  [[nodiscard]] const std::vector<question>& questions() const { return questions_; }

private:
  template <auto First, auto...> struct first_record { using type = record_with<First>; };
  template <auto... C, class... P> void add(bool hold, const P&... prefix) {
    using T = typename first_record<C...>::type;
    constexpr std::array<std::uint16_t, sizeof...(C)> columns{column_of<C>...};
    constexpr int at = find_index(info_of<T>, columns);
    static_assert(at >= 0, "no key or index begins with these columns");
    const bool whole = sizeof...(P) == columns_of_index(info_of<T>, at).size() && names_one(info_of<T>, at);
    questions_.push_back({&info_of<T>, at, {as_value(prefix)...}, whole, hold});
  }
  std::vector<question> questions_{};
};

/// The rows a scope may see. A tenant sees its own and the rows of no tenant; a container sees no tenant's inside.
struct visibility {
  std::uint64_t container{}, tenant{};
};

class snapshot {
public:
  snapshot(row_source& from, const scope& in);
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  ~snapshot();

  /// The row whose key or unique index columns equal these.
  template <auto... C> [[nodiscard]] auto find(const member_type<C>&... key) {
    using T = record_of<C...>;
    static_assert(names_one_row<C...>(), "find takes all columns of the key or of a unique index; use list");
    const std::array<value, sizeof...(C)> prefix{as_value(key)...};
    return fact<T>(find_slot(info_of<T>, index_number<C...>(), prefix));
  }

  /// Rows in the order of columns C (a key, an index, or their leading columns); the first of them equal to `prefix`.
  template <auto... C, class... P> [[nodiscard]] auto list(const P&... prefix) {
    return list_page<C...>(page{}, prefix...);
  }
  template <auto... C, class... P> [[nodiscard]] auto list_page(const page& part, const P&... prefix) {
    using T = record_of<C...>;
    static_assert(sizeof...(P) <= sizeof...(C) && index_number<C...>() >= 0,
                  "no key or index begins with these columns");
    check_prefix<T, std::tuple<member_type<C>...>, P...>();
    const std::array<value, sizeof...(P)> values{as_value(prefix)...};
    std::vector<fact<T>> out;
    for (auto* s : list_slots(info_of<T>, index_number<C...>(), values, part)) out.emplace_back(s);
    return out;
  }

  /// Rows that a host has changed or removed in its own table since this library last wrote them, as they were then:
  /// `limit` at most, in the order of columns C. None where a store has no table of a host's.
  template <auto... C, class... P> [[nodiscard]] auto drifted(std::uint32_t limit, const P&... prefix) {
    using T = record_of<C...>;
    static_assert(sizeof...(P) <= sizeof...(C) && index_number<C...>() >= 0,
                  "no key or index begins with these columns");
    check_prefix<T, std::tuple<member_type<C>...>, P...>();
    const std::array<value, sizeof...(P)> values{as_value(prefix)...};
    std::vector<known<T>> out;
    for (const auto& [row, version] : drifted_rows(info_of<T>, index_number<C...>(), values, limit))
      out.push_back({static_cast<const T*>(row), version});
    return out;
  }

  /// Several rows in one round trip: auto [user, package] = facts.all(by<&user::id>(u), by<&package::id>(p)).
  template <class... By> [[nodiscard]] auto all(const By&... questions) {
    std::vector<question> asked;
    asked.reserve(sizeof...(By));
    (ask(asked, questions), ...);
    const auto found = find_slots(asked);
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return std::tuple{fact_for(questions, found[I])...}; }
    (std::index_sequence_for<By...>{});
  }

  /// One row for each key, in one round trip.
  template <auto... C> [[nodiscard]] auto find_each(std::span<const by<C...>> questions) {
    std::vector<question> asked;
    asked.reserve(questions.size());
    for (const auto& q : questions) ask(asked, q);
    std::vector<fact<record_of<C...>>> out;
    for (auto* s : find_slots(asked)) out.emplace_back(s);
    return out;
  }
  /// find_each over the members of facts or ids: facts.each<&user::id>(ids, std::identity{}).
  template <auto C, class Range, class Key> [[nodiscard]] auto each(const Range& items, Key key) {
    std::vector<by<C>> asked;
    for (const auto& item : items) asked.emplace_back(key(item));
    return find_each<C>(std::span<const by<C>>(asked));
  }

  /// 32 bytes over every request made and every (key, version) that answered it, nothing found included.
  [[nodiscard]] std::string trace_digest();
  /// From here on nothing is remembered: what the directory reads for itself is not the rule's business.
  void stop_tracing() { tracing_ = false; }

  /// Whether this run erases what is known of the person, in that scope's chain.
  [[nodiscard]] bool forgets(any_id person, any_id chain) const;

  /// Every slot in the order first touched.
  [[nodiscard]] const std::pmr::deque<detail::slot>& slots() const { return slots_; }

private:
  friend class changes;
  friend class trial;
  friend struct settler;
  struct question {
    const table_info* table{};
    std::uint16_t index{};
    std::vector<value> prefix{};
  };
  struct collector;
  struct drifted_sink;
  struct tracer;

  template <auto First, auto...> struct first_record { using type = record_with<First>; };
  template <auto... C> using record_of = typename first_record<C...>::type;

  template <auto... C> static consteval int index_number() {
    constexpr std::array<std::uint16_t, sizeof...(C)> columns{column_of<C>...};
    return find_index(info_of<record_of<C...>>, columns);
  }
  template <auto... C> static consteval bool names_one_row() {
    constexpr auto at = index_number<C...>();
    static_assert(at >= 0, "no key or index begins with these columns");
    constexpr const table_info& t = info_of<record_of<C...>>;
    return columns_of_index(t, at).size() == sizeof...(C) && names_one(t, at);
  }
  template <class T, class Tuple, class... P> static consteval void check_prefix() {
    []<std::size_t... I>(std::index_sequence<I...>) {
      static_assert((std::is_same_v<P, std::tuple_element_t<I, Tuple>> && ...),
                    "a prefix value has another type than its column");
    }
    (std::index_sequence_for<P...>{});
  }
  template <auto... C> static void ask(std::vector<question>& asked, const by<C...>& q) {
    static_assert(names_one_row<C...>());
    std::apply(
        [&](const auto&... k) {
          asked.push_back({&info_of<record_of<C...>>, index_number<C...>(), {as_value(k)...}});
        },
        q.key);
  }
  template <auto... C> static auto fact_for(const by<C...>&, detail::slot* s) { return fact<record_of<C...>>(s); }

  [[nodiscard]] detail::slot* find_slot(const table_info& table, int index, std::span<const value> prefix);
  [[nodiscard]] std::vector<detail::slot*> find_slots(std::span<const question> questions);
  [[nodiscard]] std::vector<detail::slot*> list_slots(const table_info& table, int index, std::span<const value> prefix,
                                                      const page& part);

  [[nodiscard]] std::vector<std::pair<const void*, std::int64_t>>
  drifted_rows(const table_info& table, int index, std::span<const value> prefix, std::uint32_t limit);

  [[nodiscard]] detail::slot* seen(const table_info& table, std::string_view key);
  detail::slot* remember(const table_info& table, std::string_view key);
  [[nodiscard]] std::string_view key_in_scratch(std::span<const value> values);
  [[nodiscard]] std::string_view key_of(const table_info& table, std::span<const value> columns);
  [[nodiscard]] tracer& trace();
  [[nodiscard]] void* make(const table_info& table);
  [[nodiscard]] void* decode(const table_info& table, std::span<const value> columns);
  [[nodiscard]] void* copy(const table_info& table, const void* from);
  [[nodiscard]] bool visible(const table_info& table, std::span<const value> columns) const;
  void trace(std::span<const scan_request> requests);
  [[nodiscard]] detail::slot* settle_question(const table_info& table, std::uint16_t index,
                                              std::span<const value> prefix, detail::slot* found);
  void scan(std::span<const scan_request> requests, std::vector<std::vector<detail::slot*>>& found);
  [[nodiscard]] bool edited(const table_info& table) const;
  [[nodiscard]] detail::slot* own_row(const question& q);
  void note_edit(detail::slot& s);
  [[nodiscard]] bool traces(const scan_request& asked) const;

  struct name {
    const table_info* table{};
    std::string_view key{};
    friend bool operator==(const name&, const name&) = default;
  };
  struct name_hash {
    std::size_t operator()(const name& n) const {
      return std::hash<std::string_view>{}(n.key) ^ reinterpret_cast<std::uintptr_t>(n.table) * 0x9e3779b97f4a7c15u;
    }
  };

  row_source& from_;
  visibility sees_{};
  alignas(std::max_align_t) std::array<std::byte, 16 * 1024> first_; ///< what one user's command needs; no heap
  std::pmr::monotonic_buffer_resource arena_{first_.data(), first_.size()};
  std::pmr::deque<detail::slot> slots_{&arena_};
  std::pmr::vector<std::pair<const table_info*, void*>> objects_{&arena_};
  std::pmr::unordered_map<name, detail::slot*, name_hash> by_key_{64, &arena_};
  std::string scratch_{}; ///< the key being looked up
  std::vector<const table_info*> edited_{};
  std::vector<detail::slot*> edited_slots_{};                 ///< rows found, then edited: few in any rule
  std::unordered_map<std::string, detail::slot*> inserted_{}; ///< by unique index and its columns
  std::vector<std::pair<any_id, any_id>> forgotten_{};        ///< person, chain
  std::unique_ptr<tracer> trace_;
  bool tracing_ = true;
};

/// What a rule changes. It can edit or erase only what it found.
class changes {
public:
  explicit changes(snapshot& facts) : facts_(facts) {}

  template <class T> [[nodiscard]] T& edit(const fact<T>& found) { return *static_cast<T*>(edit_slot(found.slot())); }
  template <class T> const T& insert(const T& row) { return *static_cast<const T*>(insert_row(info_of<T>, &row)); }
  template <class T> void erase(const fact<T>& found) { erase_slot(found.slot()); }
  /// The audit of this run keeps no personal value about them either, in that scope's chain; none: in no chain.
  void forget(any_id person, any_id chain = {}) { facts_.forgotten_.emplace_back(person, chain); }
  /// Takes over what a host did in its own table: receipt and audit say that the row was `before`, and is as found now;
  /// an absent one becomes an erasure.
  template <class T> void take_over(const fact<T>& found, const known<T>& before) {
    take_over_slot(found.slot(), before.row, before.version);
  }

private:
  void* edit_slot(detail::slot* s);
  void* insert_row(const table_info& table, const void* row);
  void erase_slot(detail::slot* s);
  void take_over_slot(detail::slot* s, const void* before, std::int64_t version);
  snapshot& facts_;
};

/// Changes that only a question is asked about, and that are forgotten with it: would this rule accept, and what then?
/// One at a time, on a snapshot that nothing has changed.
class trial : public changes {
public:
  explicit trial(snapshot& facts) : changes(facts), facts_(facts) {}
  trial(const trial&) = delete;
  trial& operator=(const trial&) = delete;
  ~trial();
  /// Some row would be another than before.
  [[nodiscard]] bool changed() const;

private:
  snapshot& facts_;
};

/// Where fresh ids come from: 56-bit stamps, never the same twice.
struct id_source {
  virtual ~id_source() = default;
  [[nodiscard]] virtual std::uint64_t stamp() = 0;
};

struct secret_source; // secrets/source.hpp
struct prepared;      // rules/verb.hpp

/// How long a sign-in lasts, in milliseconds: at most, and without being used.
struct session_lives {
  std::int64_t absolute = std::int64_t{12} * 60 * 60 * 1000;
  std::int64_t idle = std::int64_t{2} * 60 * 60 * 1000;
};

/// Everything else a rule may not make itself.
struct ingredients {
  acting who{};
  instant now{};
  id_source* ids{};
  secret_source* secrets{};
  const prepared* done{}; ///< what the command's `prepare` asked for
  session_lives sessions{};
  bool has_provider{}, has_keeper{}; ///< whether the host brought a number_provider, an asset_keeper
  bool mapped_reference{};           ///< users lie in the host's table, where external_ref is the key

  template <class Noun> [[nodiscard]] id_of<Noun> new_id() const { return {make_id(tag_of<Noun>, ids->stamp())}; }
  [[nodiscard]] id_of<tenant> tenant_id() const { return who.in.tenant_id; }
};

} // namespace linecard
