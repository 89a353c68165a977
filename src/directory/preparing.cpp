// What comes before a command's rule: where it acts, and its slow work, with no transaction open.
#include "state.hpp"

#include <array>

namespace linecard {

namespace {

constexpr std::uint32_t waiting_for_each = 16;
constexpr std::chrono::seconds patience{60};

/// One of those who hash at once, for as long as it lives.
class hashing_permit {
public:
  hashing_permit(stores::gate& gate, std::atomic<std::uint32_t>& crowd, std::uint32_t most)
      : gate_(gate), crowd_(crowd), inside_(++crowd_ <= most && gate_.enter(patience)) {}
  hashing_permit(const hashing_permit&) = delete;
  hashing_permit& operator=(const hashing_permit&) = delete;
  ~hashing_permit() {
    if (inside_) gate_.leave();
    --crowd_;
  }
  [[nodiscard]] bool granted() const { return inside_; }

private:
  stores::gate& gate_;
  std::atomic<std::uint32_t>& crowd_;
  bool inside_;
};

refusal fits_a_batch(const request& what) {
  const auto alone = [&](std::string_view why) {
    return refuse(status::invalid, "not_in_a_batch", "", std::string(what.operation->name) + std::string(why));
  };
  if (what.operation->locate) return alone(" acts where its token says; run it alone");
  if (const auto left = what.operation->follow_up ? what.operation->follow_up(what.object) : std::nullopt;
      left && left->awaited)
    return alone(" waits for the host's system; run it alone");
  return std::nullopt;
}

} // namespace

/// What comes before the rules, each step outside the transaction of the next.
refusal directory::state::make_ready(std::span<const request> commands, acting& who, instant now,
                                     std::vector<prepared>& done, std::size_t& at, bool alone) {
  for (at = 0; at < commands.size(); ++at) {
    if (!alone)
      if (auto no = fits_a_batch(commands[at])) return no;
    if (commands[at].operation->locate)
      if (auto no = locate(commands[at], who)) return no;
  }
  for (at = 0; at < commands.size(); ++at)
    if (commands[at].operation->charge)
      if (auto no = charge(commands[at], who, now)) return no;
  for (at = 0; at < commands.size(); ++at) {
    done.emplace_back();
    if (commands[at].operation->prepare)
      if (auto no = prepare(commands[at], who, now, done.back())) return no;
  }
  at = 0;
  return std::nullopt;
}

refusal directory::state::locate(const request& what, acting& who) {
  return with_snapshot({.platform_id = platform_id}, [&](snapshot& facts) -> refusal {
    const auto found = what.operation->locate(what.object, facts);
    if (!found.identity_id) return std::nullopt; // the rule will say what is wrong
    if (who.visitor) who.identity_id = found.identity_id;
    return resolve(facts, found.scope_id, who.in);
  });
}

refusal directory::state::prepare(const request& what, const acting& who, instant now, prepared& into) {
  preparation work;
  if (auto no = with_snapshot(who.in, [&](snapshot& facts) {
        return what.operation->prepare(what.object, facts, ingredients{.who = who, .now = now}, work);
      }))
    return no;
  return work.password ? hash_password(work, into) : std::nullopt;
}

refusal directory::state::hash_password(const preparation& work, prepared& into) {
  const auto password = normalised(*work.password);
  if (!work.compare && parts.breached && parts.breached(password.reveal()))
    return refuse(status::invalid, "password_breached", "/password",
                  "this password is known to have been stolen somewhere; take another one");
  const hashing_permit permit(hashing, hashing_or_waiting, parts.passwords_at_once * (waiting_for_each + 1));
  if (!permit.granted())
    return refuse(status::busy, "busy_hashing", "", "too many passwords are being checked at once; try again");
  const auto fresh = [&] {
    std::array<char, password_hasher::salt_size> salt{};
    parts.random->fill(salt.data(), salt.size());
    return parts.passwords->hash(password.reveal(), {salt.data(), salt.size()});
  };
  if (!work.compare) {
    into.hash = fresh();
    return std::nullopt;
  }
  into.stored = work.stored;
  if (work.stored.empty()) { // nobody's password: the same work, so that it takes as long
    static_cast<void>(fresh());
    return std::nullopt;
  }
  const bool foreign = is_legacy_hash(work.stored);
  into.matches = foreign ? verify_legacy(work.password->reveal(), work.stored)
                         : parts.passwords->verify(password.reveal(), work.stored);
  // Foreign hashes cost what they cost; with the work that an unknown address takes beside it, they tell nothing.
  if (foreign || (into.matches && parts.passwords->outdated(work.stored))) into.hash = fresh();
  if (!into.matches) into.hash.clear();
  return std::nullopt;
}

} // namespace linecard
