// What makes a struct a command or a query, and its description without types, from which every face is made.
#pragma once

#include <linecard/model/handover.hpp>
#include <linecard/snapshot.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace linecard {

/// A described struct with what it needs, where it acts, one sentence about it, and a pure rule.
template <class C>
concept command = described<C> && requires(const C c, snapshot& facts, const ingredients& with, changes& out) {
  { C::needs } -> std::convertible_to<permission>;
  { C::acts_in } -> std::convertible_to<scope_level>;
  { C::about } -> std::convertible_to<std::string_view>;
  { c.decide(facts, with, out) } -> std::same_as<refusal>;
};

template <class Q>
concept query = described<Q> &&
    requires(const Q q, snapshot& facts, const ingredients& with, typename Q::answer& into) {
  { Q::needs } -> std::convertible_to<permission>;
  { Q::acts_in } -> std::convertible_to<scope_level>;
  { Q::about } -> std::convertible_to<std::string_view>;
  { q.ask(facts, with, into) } -> std::same_as<refusal>;
};

/// The unqualified name of a struct: the operation's name in JSON, audit, C and Python.
template <class T> [[nodiscard]] consteval std::string_view name_of_type() {
  std::string_view whole = __PRETTY_FUNCTION__;
  whole.remove_prefix(whole.find("T = ") + 4);
  whole = whole.substr(0, whole.find_first_of(";]"));
  return whole.substr(whole.rfind(':') + 1);
}

/// Slow work that a command needs done before its rule, outside any transaction: one password, compared or hashed.
struct preparation {
  const secret_text* password{}; ///< of the request; null: nothing to do
  bool compare{};                ///< with `stored`, and with nothing at the same cost where that is empty; else hash
  std::string stored{};
};

/// What became of it. `stored` is what was compared with: a rule makes sure that it still stands.
struct prepared {
  bool matches{};
  std::string stored{};
  std::string hash{}; ///< to be stored; after a comparison only when what is stored was made cheaper than wanted
};

/// Where a command acts, and about whom it is, when a token says so and not the actor.
struct place {
  any_id scope_id{};
  id_of<identity> identity_id{};
};

/// The errand that a command leaves, by the columns it is found by. Awaited: what becomes of it is the command's
/// answer, and it runs alone; else the command is done when it is committed.
struct errand_name {
  errand_kind kind{};
  std::string key{};
  bool awaited{};
};

struct verb {
  std::string_view name{};
  std::string_view about{};
  permission needs{};
  scope_level acts_in{};
  bool confirmed{}; ///< runs by confirm only: somebody has looked at its preview
  bool own{};       ///< anybody's to run, about the actor alone: the receipt says what it changed
  const type_info* request{};
  object_ops request_object{};
  const type_info* answer{}; ///< queries; a command answers with a receipt
  object_ops answer_object{};
  refusal (*decide)(const void* request, snapshot&, const ingredients&, changes&){};
  void (*foresee)(const void* request, const ingredients&, expectations&){}; ///< optional: what decide will ask
  refusal (*ask)(const void* request, snapshot&, const ingredients&, void* answer){};

  // A command may have more, each run before `decide`, in this order. The command's own words are members of the same
  // names; what each reads is read again by `decide`, since somebody may have been faster.
  place (*locate)(const void* request, snapshot&){};
  refusal (*charge)(const void* request, snapshot&, const ingredients&, changes&){}; ///< committed by itself
  refusal (*prepare)(const void* request, snapshot&, const ingredients&, preparation&){};
  /// And after it is committed, on the same thread: the host's own system is asked. None: nothing to ask this time.
  std::optional<errand_name> (*follow_up)(const void* request){};

  [[nodiscard]] bool is_command() const { return decide != nullptr; }
};

/// A command may say beforehand what its rule and its receipt will ask: `void foresee(with, expected) const`.
template <class C>
[[nodiscard]] consteval auto foresight_of() -> void (*)(const void*, const ingredients&, expectations&) {
  if constexpr (requires(const C c, const ingredients& with, expectations& expected) { c.foresee(with, expected); })
    return [](const void* request, const ingredients& with, expectations& expected) {
      static_cast<const C*>(request)->foresee(with, expected);
    };
  else
    return nullptr;
}

template <class C> [[nodiscard]] consteval auto location_of() -> place (*)(const void*, snapshot&) {
  if constexpr (requires(const C c, snapshot& facts) { c.locate(facts); })
    return [](const void* request, snapshot& facts) { return static_cast<const C*>(request)->locate(facts); };
  else
    return nullptr;
}
template <class C>
[[nodiscard]] consteval auto charge_of() -> refusal (*)(const void*, snapshot&, const ingredients&, changes&) {
  if constexpr (requires(const C c, snapshot& facts, const ingredients& with, changes& out) {
                  c.charge(facts, with, out);
                })
    return [](const void* request, snapshot& facts, const ingredients& with, changes& out) {
      return static_cast<const C*>(request)->charge(facts, with, out);
    };
  else
    return nullptr;
}
template <class C>
[[nodiscard]] consteval auto preparation_of() -> refusal (*)(const void*, snapshot&, const ingredients&, preparation&) {
  if constexpr (requires(const C c, snapshot& facts, const ingredients& with, preparation& work) {
                  c.prepare(facts, with, work);
                })
    return [](const void* request, snapshot& facts, const ingredients& with, preparation& work) {
      return static_cast<const C*>(request)->prepare(facts, with, work);
    };
  else
    return nullptr;
}

template <class C> [[nodiscard]] consteval auto follow_up_of() -> std::optional<errand_name> (*)(const void*) {
  if constexpr (requires(const C c) { c.follow_up(); })
    return
        [](const void* request) -> std::optional<errand_name> { return static_cast<const C*>(request)->follow_up(); };
  else
    return nullptr;
}

/// What is hard to take back is never done at the first word: `static constexpr bool confirmed = true`.
template <class C> [[nodiscard]] consteval bool has_to_be_confirmed() {
  if constexpr (requires { C::confirmed; })
    return C::confirmed;
  else
    return false;
}

/// What changes nobody but its actor may tell the actor so: `static constexpr bool own = true`. Any other command that
/// anybody may run answers that it was done and no more, for it might tell an outsider whether an address is known.
template <class C> [[nodiscard]] consteval bool is_own() {
  if constexpr (requires { C::own; })
    return C::own;
  else
    return false;
}

template <command C>
inline constexpr verb verb_of_command{
    .name = name_of_type<C>(),
    .about = C::about,
    .needs = C::needs,
    .acts_in = C::acts_in,
    .confirmed = has_to_be_confirmed<C>(),
    .own = is_own<C>(),
    .request = &type_of<C>,
    .request_object = detail::ops_of<C>,
    .decide = [](const void* request, snapshot& facts, const ingredients& with,
                 changes& out) { return static_cast<const C*>(request)->decide(facts, with, out); },
    .foresee = foresight_of<C>(),
    .locate = location_of<C>(),
    .charge = charge_of<C>(),
    .prepare = preparation_of<C>(),
    .follow_up = follow_up_of<C>()};

template <query Q>
inline constexpr verb verb_of_query{
    .name = name_of_type<Q>(),
    .about = Q::about,
    .needs = Q::needs,
    .acts_in = Q::acts_in,
    .request = &type_of<Q>,
    .request_object = detail::ops_of<Q>,
    .answer = &type_of<typename Q::answer>,
    .answer_object = detail::ops_of<typename Q::answer>,
    .ask = [](const void* request, snapshot& facts, const ingredients& with, void* answer) {
      return static_cast<const Q*>(request)->ask(facts, with, *static_cast<typename Q::answer*>(answer));
    }};

} // namespace linecard
