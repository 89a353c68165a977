#include <linecard/rules/editing.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/limits.hpp>
#include <linecard/rules/numbering.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/secrets/source.hpp>
#include <linecard/text/fold.hpp>
#include <linecard/text/language.hpp>
#include <linecard/text/mac.hpp>

#include <algorithm>

namespace linecard {

namespace {

std::string sealed_pin_of(id_of<user> id) { return "team_members.voicemail_pin " + to_text(id); }

constexpr rate tries_of_pin{"voicemail_pin", 5, std::int64_t{15} * 60 * 1000};

constexpr std::size_t salt_length = 6;

/// Equal contents seal alike, and a preview tells whether a column changes: with a salt no PIN is guessed by that.
bytes sealed_anew(const ingredients& with, id_of<user> whose, const secret_text& pin) {
  auto salted = std::string(with.secrets->code("voicemail_pin").secret.reveal());
  salted += pin.reveal();
  auto kept = with.secrets->seal(sealed_pin_of(whose), salted);
  wipe_bytes(salted.data(), salted.size());
  return kept;
}

template <class Field> bool clears(const std::vector<Field>& clear, Field what) {
  return std::ranges::find(clear, what) != clear.end();
}

template <class C> bool about_line(const C& c) {
  return c.time_zone || c.mobile || c.forwarding_number || c.voicemail_pin ||
         std::ranges::any_of(c.clear, [](auto what) { return what != clearable::external_ref; });
}

error cleared_and_given(std::string_view what) {
  return refuse(status::invalid, "cleared_and_given", "/clear",
                std::string(what) + " is given and to be cleared; do one of both");
}

template <class C> refusal contradicts(const C& c) {
  const std::pair<clearable, bool> given[]{{clearable::time_zone, c.time_zone.has_value()},
                                           {clearable::mobile, c.mobile.has_value()},
                                           {clearable::forwarding_number, c.forwarding_number.has_value()},
                                           {clearable::voicemail_pin, c.voicemail_pin.has_value()}};
  for (const auto& [what, is_given] : given)
    if (is_given && clears(c.clear, what)) return cleared_and_given(word(what));
  return std::nullopt;
}

bool guessable(std::string_view pin) {
  const auto all_step = [&](int step) {
    return std::ranges::adjacent_find(pin, [&](char a, char b) { return b - a != step; }) == pin.end();
  };
  return all_step(0) || all_step(1) || all_step(-1);
}

refusal acceptable_pin(snapshot& facts, id_of<user> whose, const secret_text& pin) {
  const auto lines = facts.list<&extension::user_id>(whose);
  const bool own = std::ranges::any_of(lines, [&](const auto& e) { return e->number == pin.reveal(); });
  if (!own && !guessable(pin.reveal())) return std::nullopt;
  return refuse(status::invalid, "pin_guessable", "/voicemail_pin",
                "voicemail_pin must not be one digit over and over, a run such as 1234 or the user's own extension");
}

/// What edit_user and edit_own_line have in common.
template <class C>
refusal edit_line(snapshot& facts, const ingredients& with, changes& out, const C& c, const fact<team_member>& member) {
  if (c.forwarding_number)
    for (const auto& own : facts.list<&did::user_id>(std::optional(member->user_id)))
      if (own->number == *c.forwarding_number)
        return refuse(status::invalid, "forwarding_to_oneself", "/forwarding_number",
                      "must be another number than the user's own direct number");
  if (c.voicemail_pin)
    if (auto no = acceptable_pin(facts, member->user_id, *c.voicemail_pin)) return no;
  auto& line = out.edit(member);
  if (c.time_zone) line.time_zone = c.time_zone;
  if (c.mobile) line.mobile = c.mobile;
  if (c.forwarding_number) line.forwarding_number = c.forwarding_number;
  if (c.voicemail_pin) {
    line.voicemail_pin = sealed_anew(with, line.user_id, *c.voicemail_pin);
    forget_tries(facts, with, out, tries_of_pin, to_text(line.user_id));
  }
  if (clears(c.clear, clearable::time_zone)) line.time_zone.reset();
  if (clears(c.clear, clearable::mobile)) line.mobile.reset();
  if (clears(c.clear, clearable::forwarding_number)) line.forwarding_number.reset();
  if (clears(c.clear, clearable::voicemail_pin)) line.voicemail_pin.reset();
  return std::nullopt;
}

/// A user who has one, and whom the actor may manage.
refusal find_pin(snapshot& facts, const ingredients& with, id_of<user> user_id, fact<user>& who,
                 fact<team_member>& member) {
  if (auto no = find_member(facts, user_id, "/user_id", who, member)) return no;
  if (auto no = may_manage(facts, with.who, who->identity_id, with.now, "/user_id")) return no;
  if (who->state != user_state::active)
    return refuse(status::conflict, "user_not_active", "/user_id", "a suspended user's voicemail opens to nobody");
  if (member->voicemail_pin) return std::nullopt;
  return refuse(status::conflict, "voicemail_pin_not_set", "/user_id", "the user has no voicemail PIN");
}

error version_moved(std::int64_t present, std::string_view query) {
  return refuse(status::stale, "version_moved", "/expected_version",
                "the user is at version " + std::to_string(present) + " now; ask " + std::string(query) +
                    " again and see what has changed");
}

error not_joined() {
  return refuse(status::conflict, "not_joined", "/user_id",
                "the user has not joined yet; names, language and external_ref can be changed before, and no more");
}

} // namespace

std::int64_t version_of(const fact<user>& who, const fact<team_member>& member) {
  return who.slot()->version + (member ? member.slot()->version : 0);
}

refusal edit_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  const auto member = facts.find<&team_member::user_id>(user_id);
  if (expected_version && *expected_version != version_of(who, member))
    return version_moved(version_of(who, member), "find_user");
  if (auto no = may_manage(facts, with.who, who->identity_id, with.now, "/user_id")) return no;
  if (auto no = contradicts(*this)) return no;
  if (external_ref && clears(clear, clearable::external_ref)) return cleared_and_given("external_ref");
  const auto reference = clears(clear, clearable::external_ref) ? std::nullopt
                         : external_ref                         ? external_ref
                                                                : who->external_ref;
  if (with.mapped_reference && reference != who->external_ref)
    return refuse(status::conflict, "mapped_reference", "/external_ref",
                  "users lie in the host's own table, where external_ref is the row's key; it stays as it is");
  if (reference && reference != who->external_ref &&
      facts.find<&user::tenant_id, &user::external_ref>(who->tenant_id, reference))
    return refuse(status::conflict, "external_ref_taken", "/external_ref",
                  "\"" + *external_ref + "\" belongs to another user of this tenant");
  if (about_line(*this) || team_role) {
    if (!member || who->state == user_state::invited) return not_joined();
    if (auto no = edit_line(facts, with, out, *this, member)) return no;
    if (team_role && *team_role != member->team_role) {
      out.edit(member).team_role = *team_role;
      follow_rule(facts, with, out, *who, *team_role);
    }
  }
  auto& edited = out.edit(who);
  if (first_name) edited.first_name = *first_name;
  if (last_name) edited.last_name = *last_name;
  if (first_name || last_name) edited.sort_name = text::sort_name(edited.first_name, edited.last_name);
  if (language) edited.language = text::language_key(*language);
  edited.external_ref = reference;
  return std::nullopt;
}

refusal find_oneself(snapshot& facts, const ingredients& with, fact<user>& who, fact<team_member>& member) {
  who = facts.find<&user::member_id, &user::tenant_id>(with.who.identity_id, with.tenant_id());
  const auto login = facts.find<&identity::id>(with.who.identity_id);
  member = who ? facts.find<&team_member::user_id>(who->id) : fact<team_member>{};
  if (!with.who.visitor && login && login->state == identity_state::active && who && who->state == user_state::active &&
      member)
    return std::nullopt;
  return refuse(status::denied, "not_a_user", "", "only an active user of this tenant has a line here");
}

refusal edit_own_line::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  fact<team_member> member;
  if (auto no = find_oneself(facts, with, who, member)) return no;
  if (expected_version && *expected_version != version_of(who, member))
    return version_moved(version_of(who, member), "own_line");
  if (auto no = contradicts(*this)) return no;
  if (clears(clear, clearable::external_ref))
    return refuse(status::invalid, "clear_invalid", "/clear", "external_ref is the host's, not the user's own");
  return edit_line(facts, with, out, *this, member);
}

refusal take_mac(snapshot& facts, changes& out, id_of<tenant> where, const std::optional<std::string>& mac,
                 const device* own, std::string_view path) {
  if (!mac) return std::nullopt;
  const auto held = facts.find<&device::tenant_id, &device::mac>(where, mac);
  if (!held || (own && held->user_id == own->user_id && held->name == own->name)) return std::nullopt;
  if (const auto whose = facts.find<&user::id>(held->user_id); whose && whose->state == user_state::deleted) {
    out.edit(held).mac.reset();
    return std::nullopt;
  }
  return refuse(status::conflict, "mac_taken", path, "another device of this tenant has this hardware address");
}

refusal set_device::decide(snapshot& facts, const ingredients& with, changes& out) const {
  constexpr std::size_t most_devices = 50;
  fact<user> who;
  fact<team_member> member;
  if (auto no = find_member(facts, user_id, "/user_id", who, member)) return no;
  if (auto no = may_manage(facts, with.who, who->identity_id, with.now, "/user_id")) return no;
  if (model && clears(clear, device_clearable::model)) return cleared_and_given("model");
  if (mac && clears(clear, device_clearable::mac)) return cleared_and_given("mac");
  const auto known = facts.list<&device::user_id>(user_id);
  const auto same = std::ranges::find(known, name, [](const auto& d) { return d->name; });
  auto wanted = same != known.end() ? **same : device{.user_id = user_id, .name = name, .tenant_id = with.tenant_id()};
  if (description) wanted.description = *description;
  if (model) wanted.model = model;
  if (mac) wanted.mac = text::mac_key(*mac);
  if (clears(clear, device_clearable::model)) wanted.model.reset();
  if (clears(clear, device_clearable::mac)) wanted.mac.reset();
  if (auto no = take_mac(facts, out, with.tenant_id(), wanted.mac, &wanted, "/mac")) return no;
  if (same != known.end()) {
    out.edit(*same) = wanted;
    return std::nullopt;
  }
  if (known.size() >= most_devices)
    return refuse(status::limit, "device_limit", "/name",
                  "a user has at most " + std::to_string(most_devices) + " devices; remove one first");
  out.insert(wanted);
  return std::nullopt;
}

refusal remove_device::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (auto no = may_manage(facts, with.who, who->identity_id, with.now, "/user_id")) return no;
  const auto held = facts.find<&device::user_id, &device::name>(user_id, name);
  if (!held) return refuse(status::not_found, "device_unknown", "/name", "the user has no device of this name");
  out.erase(held);
  return std::nullopt;
}

refusal check_voicemail_pin::charge(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  fact<team_member> member;
  if (auto no = find_pin(facts, with, user_id, who, member)) return no;
  return charge_try(facts, with, out, tries_of_pin, to_text(user_id));
}

refusal check_voicemail_pin::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  fact<team_member> member;
  if (auto no = find_pin(facts, with, user_id, who, member)) return no;
  const auto opened = with.secrets->open(sealed_pin_of(user_id), *member->voicemail_pin);
  if (!opened)
    return refuse(status::internal, "voicemail_pin_sealed", "/user_id",
                  "the PIN is sealed under a host key that is not among those given at open");
  if (!same_bytes(opened->reveal().substr(salt_length), dialled.reveal()))
    return refuse(status::denied, "voicemail_pin_wrong", "/dialled", "this is not the user's voicemail PIN");
  forget_tries(facts, with, out, tries_of_pin, to_text(user_id));
  return std::nullopt;
}

std::vector<fact<team_member>> reseal_pins::members(snapshot& facts) const {
  page part{.after = {}, .limit = 500};
  if (after) part.after = {as_value(*after)};
  return facts.list_page<&team_member::user_id>(part);
}

refusal reseal_pins::decide(snapshot& facts, const ingredients& with, changes& out) const {
  for (const auto& member : members(facts)) {
    if (!member->voicemail_pin) continue;
    const auto context = sealed_pin_of(member->user_id);
    // Equal contents seal alike: what lies under the present key already does not change.
    if (const auto opened = with.secrets->open(context, *member->voicemail_pin))
      out.edit(member).voicemail_pin = with.secrets->seal(context, opened->reveal());
  }
  return std::nullopt;
}

} // namespace linecard
