#include <linecard/rules/acting_on.hpp>

#include <linecard/rules/authorize.hpp>
#include <linecard/rules/commands.hpp>
#include <linecard/secrets/source.hpp>

namespace linecard {

namespace {

// One overload for each command that asks for more than whom it is about; the others are tried as they are.
template <class C> std::vector<C> choices(snapshot&, const ingredients&, const C& plain) { return {plain}; }

template <class C> std::vector<C> with_each_package(snapshot& facts, const C& plain) {
  std::vector<C> out;
  for (const auto& sku : facts.list<&package::name>()) out.emplace_back(plain).package_id = sku->id;
  return out;
}
std::vector<assign_package> choices(snapshot& facts, const ingredients&, const assign_package& plain) {
  return with_each_package(facts, plain);
}
std::vector<change_package> choices(snapshot& facts, const ingredients&, const change_package& plain) {
  return with_each_package(facts, plain);
}
std::vector<unassign_package> choices(snapshot& facts, const ingredients&, const unassign_package& plain) {
  std::vector<unassign_package> out{plain}; // the base package
  for (const auto& held : facts.list<&seat::user_id>(plain.user_id))
    out.emplace_back(plain).package_id = held->package_id;
  return out;
}

template <class C> std::vector<C> with_each_role(snapshot& facts, const ingredients& with, const C& plain) {
  std::vector<C> out;
  for (const auto& r : built_in_roles())
    if (r.at == level_of(with.who.in)) out.emplace_back(plain).role = r.name;
  for (const auto scope_id : with.who.in.upwards())
    if (scope_id)
      for (const auto& r : facts.list<&role::scope_id>(scope_id)) out.emplace_back(plain).role = r->name;
  return out;
}
std::vector<grant_role> choices(snapshot& facts, const ingredients& with, const grant_role& plain) {
  return with_each_role(facts, with, plain);
}
std::vector<revoke_role> choices(snapshot& facts, const ingredients& with, const revoke_role& plain) {
  return with_each_role(facts, with, plain);
}

template <class C> std::vector<C> with_each_flag(const C& plain) {
  std::vector<C> out;
  for (const auto f : every_flag) out.emplace_back(plain).flag = f;
  return out;
}
std::vector<give_flag> choices(snapshot&, const ingredients&, const give_flag& plain) { return with_each_flag(plain); }
std::vector<take_flag> choices(snapshot&, const ingredients&, const take_flag& plain) { return with_each_flag(plain); }

std::vector<acknowledge_notice> choices(snapshot& facts, const ingredients& with, acknowledge_notice plain) {
  notice_in_force::answer notice;
  if (!notice_in_force{}.ask(facts, with, notice)) plain.notice_version = notice.notice_version;
  return {plain};
}

std::vector<correct_address> choices(snapshot&, const ingredients&, correct_address plain) {
  plain.email = "somebody@example.invalid"; // RFC 2606: nobody's
  return {plain};
}
std::vector<adopt_password> choices(snapshot&, const ingredients&, const adopt_password& plain) {
  std::vector<adopt_password> one;
  one.emplace_back().user_id = plain.user_id;
  one.back().password_hash = secret_text("$2b$12$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae");
  return one;
}

std::vector<change_extension> choices(snapshot&, const ingredients&, const change_extension& plain) {
  std::vector<change_extension> out{plain, plain};
  out.back().extension = "00000000";
  return out;
}
std::vector<attach_did> choices(snapshot& facts, const ingredients& with, const attach_did& plain) {
  std::vector<attach_did> out{plain};
  const page some{.after = {}, .limit = 1};
  for (const auto& free : facts.list_page<&did::tenant_id, &did::use>(some, with.tenant_id(), did_use::unassigned))
    out.front().direct_number = free->number;
  return out;
}
std::vector<edit_user> choices(snapshot& facts, const ingredients&, const edit_user& plain) {
  std::vector<edit_user> one;
  one.emplace_back().user_id = plain.user_id;
  if (const auto who = facts.find<&user::id>(plain.user_id)) one.back().first_name = who->first_name + "'";
  return one;
}
std::vector<set_device> choices(snapshot&, const ingredients&, set_device plain) {
  plain.name = "a device nobody has";
  return {plain};
}
std::vector<remove_device> choices(snapshot& facts, const ingredients&, const remove_device& plain) {
  std::vector<remove_device> out;
  for (const auto& held : facts.list<&device::user_id>(plain.user_id)) out.emplace_back(plain).name = held->name;
  return out.empty() ? std::vector{plain} : out;
}
/// Whether anybody can hand over hardly ever depends on to whom: a page of successors tells.
std::vector<fact<user>> successors(snapshot& facts, const ingredients& with) {
  const page first{.after = {}, .limit = 20};
  return facts.list_page<&user::tenant_id, &user::sort_name>(first, with.tenant_id());
}
std::vector<delete_user> choices(snapshot& facts, const ingredients& with, const delete_user& plain) {
  std::vector<delete_user> out{plain, plain};
  out.back().release_numbers = true;
  for (const auto& other : successors(facts, with)) out.emplace_back(plain).numbers_to = other->id;
  return out;
}
std::vector<replace_person> choices(snapshot& facts, const ingredients& with, const replace_person& plain) {
  std::vector<replace_person> out;
  for (const auto& other : successors(facts, with)) out.emplace_back(plain).successor_id = other->id;
  return out;
}

// Commands about what a user holds. One is tried with each, and with every choice that could change something.
template <class C>
concept about_extension = std::is_same_v<C, release_extension> || std::is_same_v<C, set_international>;
template <class C>
concept about_number =
    std::is_same_v<C, detach_did> || std::is_same_v<C, set_e911> || std::is_same_v<C, set_did_attributes>;

void each_choice(snapshot&, const release_extension& plain, std::vector<release_extension>& into) {
  into.push_back(plain);
}
template <class C>
requires requires(C c) { c.switched; }
void each_choice(snapshot&, const C& plain, std::vector<C>& into) {
  for (const auto way : {turned::on, turned::off}) into.emplace_back(plain).switched = way;
}
void each_choice(snapshot&, const detach_did& plain, std::vector<detach_did>& into) {
  for (const bool release : {false, true}) into.emplace_back(plain).release_numbers = release;
}
template <class C>
void with_each_attribute(snapshot& facts, attribute_owner owner, const C& plain, std::vector<C>& into) {
  for (const auto& a : facts.list<&attribute::owner>(owner))
    for (const auto* content : {"0", "1", "true", "false", "2026-11-22"})
      into.emplace_back(plain).entries = {{a->name, content}};
}
void each_choice(snapshot& facts, const set_did_attributes& plain, std::vector<set_did_attributes>& into) {
  into.push_back(plain);
  with_each_attribute(facts, attribute_owner::did, plain, into);
}
std::vector<set_user_attributes> choices(snapshot& facts, const ingredients&, const set_user_attributes& plain) {
  std::vector<set_user_attributes> out{plain};
  with_each_attribute(facts, attribute_owner::user, plain, out);
  return out;
}

template <about_extension C> std::vector<C> with_each_held(snapshot& facts, id_of<user> whose) {
  std::vector<C> out;
  for (const auto& held : facts.list<&extension::user_id>(whose)) {
    C one;
    one.extension = held->number;
    each_choice(facts, one, out);
  }
  return out;
}
template <about_number C> std::vector<C> with_each_held(snapshot& facts, id_of<user> whose) {
  std::vector<C> out;
  for (const auto& held : facts.list<&did::user_id>(std::optional(whose))) {
    C one;
    one.direct_number = held->number;
    each_choice(facts, one, out);
  }
  return out;
}

/// What a trial would draw is nobody's, and is forgotten with it.
struct blank_secrets final : secret_source {
  drawn_secret token(std::string_view) override { return {}; }
  drawn_secret code(std::string_view) override { return {}; }
  bytes code_hash(std::string_view, const secret_text&) const override { return {}; }
  bytes seal(std::string_view, std::string_view) const override { return {}; }
  std::optional<secret_text> open(std::string_view, const bytes&) const override { return std::nullopt; }
  bytes bucket(std::string_view, std::string_view) const override { return {}; }
  [[nodiscard]] std::uint64_t scatter(std::uint64_t stamp) const override { return stamp; }
  [[nodiscard]] bytes key_check() const override { return {}; }
  void hand_over(secret_text, std::optional<second_factor>) override {}
};

template <class C, class Noun>
concept about_a = (std::is_same_v<Noun, user> && requires(C c, id_of<user> id) { c.user_id = id; }) ||
                  (std::is_same_v<Noun, delegate> && requires(C c, id_of<delegate> id) { c.delegate_id = id; });

/// Nothing when the rule accepts and would change something.
template <class C> refusal attempt(snapshot& facts, const ingredients& with, const C& c) {
  trial outcome(facts);
  if (auto no = c.decide(facts, with, outcome)) return no;
  if (outcome.changed()) return std::nullopt;
  return refuse(status::conflict, "nothing_to_change", "", "it would change nothing");
}

template <class C>
refusal why_not(snapshot& facts, const ingredients& with, authority& own, const std::vector<C>& choices) {
  if (const auto held = own.on(C::needs); !with.who.system && !held.allowed())
    return permission_denied(facts, with.who.in, C::needs, held);
  refusal why = refuse(status::conflict, "nothing_to_change", "", "it would change nothing");
  for (const auto& c : choices) {
    auto no = attempt(facts, with, c);
    if (!no) return std::nullopt;
    if (why->reason == "nothing_to_change") why = std::move(no);
  }
  return why;
}

template <class Noun, class... C>
void try_each(verb_list<C...>, snapshot& facts, const ingredients& with, id_of<Noun> whom,
              std::vector<action_row>& into) {
  authority own(facts, with.who.identity_id, with.who.in, with.now);
  const auto consider = [&]<class One>(One plain) {
    const auto add = [&](const std::vector<One>& tried, std::string_view held) {
      auto& row = into.emplace_back(action_row{.action = std::string(verb_of_command<One>.name)});
      auto no = why_not(facts, with, own, tried);
      if (no && no->code != status::denied && tried.empty())
        no = refuse(status::conflict, "nothing_held", "", "the user has no " + std::string(held));
      row.available = !no;
      if (no) row.reason = no->reason, row.message = no->message;
    };
    if constexpr (One::acts_in == scope_level::platform) return;
    constexpr bool only_tries = charge_of<One>() != nullptr; // compares something, and is no action
    if constexpr (about_a<One, Noun> && !only_tries) {
      if constexpr (std::is_same_v<Noun, user>)
        plain.user_id = whom;
      else
        plain.delegate_id = whom;
      add(choices(facts, with, plain), "");
    } else if constexpr (std::is_same_v<Noun, user> && about_extension<One>) {
      add(with_each_held<One>(facts, whom), "extension");
    } else if constexpr (std::is_same_v<Noun, user> && about_number<One>) {
      add(with_each_held<One>(facts, whom), "direct number");
    }
  };
  (consider(C{}), ...);
}

} // namespace

refusal available_actions::ask(snapshot& facts, const ingredients& given, answer& into) const {
  blank_secrets blank;
  auto with = given;
  with.secrets = &blank;
  if (user_id.has_value() == delegate_id.has_value())
    return refuse(status::invalid, "one_key_needed", "", "give exactly one of user_id and delegate_id");
  if (user_id) {
    if (!facts.find<&user::id>(*user_id)) // one deleted is: restored, or erased
      return refuse(status::not_found, "user_unknown", "/user_id", "there is no such user in this tenant");
    try_each(all_commands{}, facts, with, *user_id, into.actions);
  } else {
    const auto who = facts.find<&delegate::id>(*delegate_id);
    if (!who || who->state == delegate_state::removed)
      return refuse(status::not_found, "delegate_unknown", "/delegate_id", "there is no such delegate in this tenant");
    try_each(all_commands{}, facts, with, *delegate_id, into.actions);
  }
  return std::nullopt;
}

} // namespace linecard
