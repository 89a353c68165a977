// Creating, opening, actors: everything of the directory but the run loop.
#include "mail/letters.hpp"
#include "state.hpp"

#include <linecard/hash.hpp>
#include <linecard/model/credential.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/model/schema.hpp>
#include <linecard/rules/editing.hpp>
#include <linecard/rules/signing_in.hpp>
#include <linecard/secrets/source.hpp>
#include <linecard/text/email.hpp>

#include <sodium.h>

#include <chrono>

namespace linecard {

namespace {

struct system_clock final : clock {
  instant now() override {
    using namespace std::chrono;
    return {duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
  }
};

struct system_random final : random_source {
  void fill(void* into, std::size_t length) override { randombytes_buf(into, length); }
};

// What is added to an instant, and what is multiplied by those who may wait, stays a number.
constexpr std::int64_t longest_session = std::int64_t{366} * 24 * 60 * 60 * 1000;
constexpr std::uint32_t most_passwords_at_once = 1024;

error from_library() { return refuse(status::internal, "libsodium", "", "libsodium could not be initialised"); }

refusal complete(directory_parts& parts) {
  if (sodium_init() < 0) return from_library();
  if (!parts.store) return refuse(status::invalid, "store_missing", "/store", "a directory needs a store");
  if (auto no = mail::flaw_of(parts.mail)) return no;
  if (!parts.clock) parts.clock = std::make_shared<system_clock>();
  if (!parts.random) parts.random = std::make_shared<system_random>();
  if (!parts.passwords) parts.passwords = argon2_hasher().value();
  if (parts.sessions.idle <= 0 || parts.sessions.idle > parts.sessions.absolute ||
      parts.sessions.absolute > longest_session)
    return refuse(status::invalid, "sessions_invalid", "/sessions",
                  "sessions last longer than nothing and a year at most, and idle no longer than at most");
  if (parts.passwords_at_once < 1 || parts.passwords_at_once > most_passwords_at_once)
    return refuse(status::invalid, "passwords_at_once_invalid", "/passwords_at_once", "from 1 to 1024 at once");
  return parts.store->prepare(schema);
}

error already_created() {
  return refuse(status::conflict, "already_created", "/store",
                "this store holds a directory already; open it with its host key");
}

/// The one platform, or nothing in a fresh store.
std::optional<platform> find_platform(transaction& in) {
  snapshot facts(in, scope{});
  const auto rows = facts.list_page<&platform::id>(page{.after = {}, .limit = 1});
  return rows.empty() ? std::nullopt : std::optional(*rows.front());
}

} // namespace

directory::state::state(directory_parts given) : parts(std::move(given)), hashing(parts.passwords_at_once) {}
directory::state::~state() = default;

std::uint64_t directory::state::random_seed() {
  std::uint64_t seed = 0;
  parts.random->fill(&seed, sizeof seed);
  return seed;
}

directory::directory(std::unique_ptr<state> inside) : inside_(std::move(inside)) {}
directory::directory(directory&&) noexcept = default;
directory& directory::operator=(directory&&) noexcept = default;
directory::~directory() = default;

id_of<platform> directory::platform_id() const { return inside_->platform_id; }

directory_counters directory::counters() const { return inside_->counts.read(); }

result<directory::created> directory::create(directory_parts parts) {
  auto inside = std::make_unique<state>(std::move(parts));
  host_key key;
  auto no = guarded([&]() -> refusal {
    if (auto flaw = complete(inside->parts)) return flaw;
    // Looked for inside the writing transaction: of two processes that create at once, one is refused.
    auto begun = inside->parts.store->begin(access::write);
    if (!begun) return std::move(begun).error();
    if (find_platform(**begun)) return already_created();
    inside->parts.random->fill(key.bytes_.data(), key.bytes_.size());
    inside->keys.add(key.bytes_);
    inside->stamps = std::make_unique<stamp_sequence>(inside->random_seed());
    inside->nonce = inside->random_seed() | 1;
    // The same id in every directory: the unique key admits one platform, whatever the store excludes.
    const platform root{.id = {make_id(tag_of<platform>, 1)},
                        .key_check = {inside->keys.recognition()},
                        .created_at = inside->parts.clock->now()};
    std::vector<value> row;
    for (const auto& column : fields_of<platform>) row.push_back(column.get(&root));
    const value id[]{as_value(root.id)};
    const change insert[]{{.what = change::action::insert, .table = &info_of<platform>, .key = id, .values = row}};
    std::size_t conflicting = 0;
    auto flaw = (*begun)->apply(insert, conflicting);
    if (!flaw) flaw = (*begun)->commit();
    if (is_conflict(flaw)) return already_created();
    inside->platform_id = root.id;
    inside->start_views();
    return flaw;
  });
  if (no) return *std::move(no);
  inside->settle_in("created", "A directory was created.");
  return created{directory(std::move(inside)), std::move(key)};
}

result<directory> directory::open(directory_parts parts, const host_key& key) {
  auto inside = std::make_unique<state>(std::move(parts));
  auto no = guarded([&]() -> refusal {
    if (auto flaw = complete(inside->parts)) return flaw;
    auto begun = inside->parts.store->begin(access::read);
    if (!begun) return std::move(begun).error();
    const auto root = find_platform(**begun);
    if (!root)
      return refuse(status::not_found, "not_created", "/store",
                    "this store holds no directory: is it the right one? A new one is made by create, not by open");
    inside->keys.add(key.bytes_);
    for (const auto& older : inside->parts.older_keys) inside->keys.add(older.bytes_);
    inside->platform_id = root->id;
    inside->stamps = std::make_unique<stamp_sequence>(inside->random_seed());
    inside->nonce = inside->random_seed() | 1;
    begun->reset();
    if (auto flaw = inside->recognise(root->key_check)) return flaw;
    inside->start_views();
    return std::nullopt;
  });
  if (no) return *std::move(no);
  inside->settle_in("opened", "A directory was opened.");
  return directory(std::move(inside));
}

refusal directory::state::recognise(const bytes& key_check) {
  if (same_bytes(key_check.data, keys.recognition())) return std::nullopt;
  for (const auto& older : parts.older_keys) {
    keyring alone;
    alone.add(older.bytes_);
    if (!same_bytes(key_check.data, alone.recognition())) continue;
    if (auto no = reseal()) return no;
    return note({.platform_id = platform_id}, request_of(rotate_host_key{}), parts.clock->now());
  }
  return refuse(status::denied, "wrong_host_key", "/host_key",
                "this is not the host key of this directory, nor is one of the older keys");
}

/// In short transactions. Should the process die in between, the older key is still the directory's, and the next one
/// to open it begins anew.
refusal directory::state::reseal() {
  for (reseal_pins some{};;) {
    std::optional<id_of<user>> last;
    if (auto no = with_snapshot({.platform_id = platform_id}, [&](snapshot& facts) -> refusal {
          for (const auto& member : some.members(facts)) last = member->user_id;
          return std::nullopt;
        }))
      return no;
    if (!last) return std::nullopt;
    if (auto no = note({.platform_id = platform_id}, request_of(some), parts.clock->now())) return no;
    some.after = last;
  }
}

refusal directory::state::resolve(snapshot& facts, any_id scope_id, scope& into) const {
  into = scope{.platform_id = platform_id};
  const auto unknown = [] {
    return refuse(status::not_found, "scope_unknown", "/scope_id", "there is no such container or tenant");
  };
  if (!scope_id || scope_id == any_id{platform_id}) return std::nullopt;
  if (const auto id = narrow<tenant>(scope_id)) {
    const auto found = facts.find<&tenant::id>(id);
    if (!found) return unknown();
    into.tenant_id = id;
    into.container_id = found->container_id;
    return std::nullopt;
  }
  if (const auto id = narrow<container>(scope_id)) {
    if (!facts.find<&container::id>(id)) return unknown();
    into.container_id = id;
    return std::nullopt;
  }
  if (narrow<platform>(scope_id)) return unknown();
  return refuse(status::wrong_kind, "wrong_scope", "/scope_id",
                "a scope is the id of a platform, a container or a tenant");
}

result<actor> directory::bootstrap_operator(std::string_view email) {
  const linecard::bootstrap_operator first{.email = std::string(email)};
  const request commands[]{request_of(first)};
  const acting system{.in = {.platform_id = inside_->platform_id}, .system = true};
  auto done = inside_->perform(system, commands, run_mode::run, {});
  if (!done) return std::move(done).error();
  return open_actor(done->front().created_id<identity>());
}

result<actor> directory::open_actor(id_of<identity> who, any_id scope_id) {
  actor opened;
  opened.opened_by_ = inside_->nonce;
  auto no = guarded([&] {
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      const auto found = facts.find<&identity::id>(who);
      if (!found || found->state == identity_state::deleted)
        return refuse(status::not_found, "identity_unknown", "/identity_id", "there is no such identity");
      if (found->state != identity_state::active)
        return refuse(status::denied, "identity_suspended", "/identity_id", "this identity is suspended");
      opened.who_ = {.identity_id = who, .session_epoch = found->session_epoch};
      return inside_->resolve(facts, scope_id, opened.who_.in);
    });
  });
  if (no) return *std::move(no);
  return opened;
}

actor directory::open_visitor() {
  actor opened;
  opened.opened_by_ = inside_->nonce;
  opened.who_ = {.in = {.platform_id = inside_->platform_id}, .visitor = true};
  return opened;
}

result<actor> directory::open_session(const secret_text& token, any_id scope_id) {
  actor opened;
  opened.opened_by_ = inside_->nonce;
  instant now;
  bool unnoted = false;
  auto no = guarded([&] {
    now = inside_->parts.clock->now();
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      const auto hash = token_hash(session_token, token);
      const auto found = hash ? facts.find<&session::hash>(*hash) : fact<session>{};
      if (!found) return refuse(status::denied, "token_invalid", "/token", "this is no session's token");
      if (!is_open(facts, *found, inside_->parts.sessions, now))
        return refuse(status::denied, "session_over", "/token", "this sign-in has ended; sign in again");
      opened.who_ = {.identity_id = found->identity_id, .session_epoch = found->session_epoch, .session_id = found->id};
      unnoted = now >= last_used(facts, *found) + session_use_step;
      return inside_->resolve(facts, scope_id, opened.who_.in);
    });
  });
  if (no) return *std::move(no);
  // A store that is busy for the moment is no reason to turn the person away; the next use is noted.
  const note_session_use used{opened.who_.session_id};
  if (unnoted) static_cast<void>(inside_->note({.platform_id = inside_->platform_id}, request_of(used), now));
  return opened;
}

result<actor> directory::open_actor(std::string_view email, any_id scope_id) {
  id_of<identity> who;
  auto no = guarded([&] {
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      if (text::email_flaw(email).empty())
        if (const auto found = facts.find<&identity::email>(text::email_key(email))) {
          who = found->id;
          return std::nullopt;
        }
      return refuse(status::not_found, "identity_unknown", "/email", "there is no identity with this e-mail");
    });
  });
  if (no) return *std::move(no);
  return open_actor(who, scope_id);
}

} // namespace linecard
