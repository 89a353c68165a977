// The directory: everything the library does goes through it. Open one on a store, open an actor, run commands.
#pragma once

#include <linecard/counters.hpp>
#include <linecard/model/authority.hpp>
#include <linecard/model/call.hpp>
#include <linecard/ports/clock.hpp>
#include <linecard/ports/log.hpp>
#include <linecard/ports/mailer.hpp>
#include <linecard/ports/provider.hpp>
#include <linecard/ports/random.hpp>
#include <linecard/ports/store.hpp>
#include <linecard/receipt.hpp>
#include <linecard/rules/commands.hpp>
#include <linecard/secrets/password.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linecard {

/// 32 secret bytes with an id, made by create and returned once: keep it where the host keeps its secrets, outside
/// the store. Preview tokens are made under it. Wiped when destroyed. Since 0.1.
class host_key {
public:
  host_key() = default;
  host_key(const host_key&) = default;
  host_key& operator=(const host_key&) = default;
  ~host_key();
  /// "lckey1_" and 43 characters of base64url; secret.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static result<host_key> from_text(std::string_view text); ///< refuses "host_key_invalid"
  /// A new one from the system's generator, to rotate to.
  [[nodiscard]] static host_key fresh();

private:
  friend class directory;
  std::array<unsigned char, 32> bytes_{};
};

/// A command that changed something and is committed. Borrowed for the call. The receipt is the one its caller gets:
/// it names personal values, never a secret.
struct committed {
  id_of<identity> actor_id{}; ///< none: the directory itself, for bootstrap_operator
  scope in{};
  const receipt& what;
};
/// Called on the thread that committed, once for each such command, in order, before the command's call returns; with
/// no transaction and no lock held, so it may use the directory, whose commits then come here too. It cannot undo
/// anything: what it throws is swallowed, logged and counted. Commands of several threads may be told in another order
/// than they were committed; audit_seq tells. Previews, refusals and noted denials are not told. Since 0.1.
using commit_observer = std::function<void(const committed&)>;

/// What a host brings. Clock and random default to the system's. Since 0.1.
struct directory_parts {
  std::unique_ptr<linecard::store> store{};
  std::shared_ptr<linecard::clock> clock{};
  std::shared_ptr<random_source> random{};
  int most_reruns = 32; ///< how often a rule is rerun when the store reports a conflict, then "contended"
  commit_observer after_commit{};
  mail_options mail{};
  std::shared_ptr<number_provider> provider{}; ///< none: get_number is refused
  std::shared_ptr<asset_keeper> assets{};      ///< none: nobody's messages can be handed over
  std::shared_ptr<log_sink> log{};
  log_level log_most = log_level::info; ///< what is less grave is not made
  bool log_personal = false;            ///< ids and values of persons, too
  /// False: every check asks the store, and no memory is taken. So it is where rows that decide about rights lie in a
  /// host's own table.
  bool views = true;
  /// How old a view may be where the store has no change_counter; elsewhere a view is never old.
  std::chrono::milliseconds max_staleness{1000};
  /// How long call-time look-ups tell the last known lines, marked (line::stale_ms), when the store cannot be read: an
  /// outage must silence neither a company nor its emergency calls. 0: not at all. Permissions are never told so.
  std::chrono::milliseconds last_known_lines{std::chrono::hours(24)};
  std::shared_ptr<password_hasher> passwords{}; ///< Argon2id at its default cost
  /// How many are hashed at once: each takes the hasher's memory. Sixteen times as many may wait, then "busy_hashing".
  std::uint32_t passwords_at_once = 2; ///< 1 to 1024
  /// Whether a new password is among those known to be stolen. Called outside any transaction; may take its time.
  std::function<bool(std::string_view)> breached{};
  /// They still open what was sealed under them. A key is rotated by opening the directory with a new one, and the one
  /// before it here: from then on the new one is the directory's. Codes on their way are void.
  std::vector<host_key> older_keys{};
  session_lives sessions{}; ///< a year at most; refused with "sessions_invalid"
};

/// What one pump_mail did. Since 0.1.
struct pump_report {
  std::int32_t delivered{};
  std::int32_t postponed{}; ///< to be tried again later
  std::int32_t dead{};
  std::int32_t lapsed{};
  bool more{}; ///< as many were due as were asked for: pump again
};
BOOST_DESCRIBE_STRUCT(pump_report, (), (delivered, postponed, dead, lapsed, more))

/// What one pump_errands did. Since 0.1.
struct errand_report {
  std::int32_t done{};
  std::int32_t postponed{}; ///< to be asked again later
  std::int32_t refused{};   ///< for good, or given up
  bool more{};              ///< as many were due as were asked for: pump again
};
BOOST_DESCRIBE_STRUCT(errand_report, (), (done, postponed, refused, more))

/// A principal in one scope, opened by the directory; every command runs as one. Ends with the identity's epoch.
class actor {
public:
  [[nodiscard]] id_of<identity> identity_id() const { return who_.identity_id; }
  [[nodiscard]] const scope& in() const { return who_.in; }

private:
  friend class directory;
  acting who_{};
  std::uint64_t opened_by_{}; ///< which open directory; an actor serves no other
};

/// A command and its verb without its type; borrowed.
struct request {
  const verb* operation{};
  const void* object{};
};
template <command C> [[nodiscard]] request request_of(const C& c) { return {&verb_of_command<C>, &c}; }

/// What check answers: may `who` do what is `needed` there? No scope means the platform.
struct access_question {
  id_of<identity> who{};
  permission needed{};
  any_id scope_id{};
};

enum class run_mode : std::uint8_t { run, preview, confirm };

/// Any thread may use one directory at once. Nothing here throws but bad_alloc before a transaction begins.
/// Every operation refuses with the store's errors, "permission_denied", "actor_expired", "wrong_scope",
/// "session_over", "actor_foreign" (default-made, or opened by another directory), "<field>_invalid" and what its
/// rule's header names. Since 0.1.
class directory {
public:
  struct created;

  /// Makes tables and the platform in an empty store. Refuses "already_created".
  [[nodiscard]] static result<created> create(directory_parts parts);
  /// Refuses "not_created", "wrong_host_key", "schema_too_new".
  [[nodiscard]] static result<directory> open(directory_parts parts, const host_key& key);

  directory(directory&&) noexcept;
  directory& operator=(directory&&) noexcept;
  ~directory();

  /// Once for each directory: the first operator, as system. Refuses "already_bootstrapped".
  [[nodiscard]] result<actor> bootstrap_operator(std::string_view email);
  /// For a host that authenticated the person itself. A scope is the platform (none given), a container or a tenant.
  /// Refuses "identity_unknown", "identity_suspended", "scope_unknown", "wrong_scope".
  [[nodiscard]] result<actor> open_actor(id_of<identity> who, any_id scope_id = {});
  /// The same, the person named by e-mail. Refuses as above.
  [[nodiscard]] result<actor> open_actor(std::string_view email, any_id scope_id = {});

  /// Somebody who has not signed in. May run what needs permission::anybody, whose receipts tell nothing but that it
  /// was done.
  [[nodiscard]] actor open_visitor();
  /// Who signed in: the token is sign_in's or confirm_code's. The actor ends when the session is ended or
  /// reaches its absolute life. The idle life is tested and begun anew here: a host that keeps an actor opens it again
  /// for each visit. Refuses
  /// "token_invalid", "session_over", "scope_unknown", "wrong_scope".
  [[nodiscard]] result<actor> open_session(const secret_text& token, any_id scope_id = {});

  /// True exactly when the identity holds the permission there now; false on every failure. Answered from the
  /// authority view: without lock, allocation or store, unless authority has changed since the last check, which then
  /// catches up first. The first one of all compiles the view. As fresh as `directory_parts::max_staleness` says.
  [[nodiscard]] bool check(id_of<identity> who, permission needed, any_id scope_id);
  /// Many at once, one answer each in the same order; all false on failure.
  [[nodiscard]] std::vector<bool> check_many(std::span<const access_question> asked);
  /// The same, allocating nothing: 1 when allowed, else 0. Tells denied from failed, which leaves all 0. Refuses
  /// "answers_invalid" when `into` is not as long as `asked`, and what the store refuses.
  [[nodiscard]] refusal check_many(std::span<const access_question> asked, std::span<std::uint8_t> into);
  /// All that check would allow there; empty on every failure.
  [[nodiscard]] permission_set effective(id_of<identity> who, any_id scope_id);
  /// A registered or built-in permission by its name, to be asked for once. Refuses "permission_unknown".
  [[nodiscard]] result<permission> find_permission(std::string_view name);
  /// The same with the reason: nothing when allowed, "permission_denied" when denied, else what failed.
  [[nodiscard]] refusal require(id_of<identity> who, permission needed, any_id scope_id);

  /// Whose number this is (E.164), for a call that waits. Answered from the line view: without lock, allocation or
  /// store, unless a line has changed since the last question, which then catches up first; where the store has no
  /// change_counter one question each `max_staleness` looks, unless poll is called twice as often. When the store
  /// cannot be read, or much is being read anew, the last known line, marked, while `last_known_lines` allows; else
  /// nothing is found and `why`, when given, says why: what the store refuses, "lines_behind". Where users are mapped
  /// there is no view, and each question reads about a dozen rows. No actor, no permission: it is the host that asks,
  /// for itself. A host must let an emergency call out whatever is answered here.
  [[nodiscard]] line line_of_did(std::string_view e164, refusal* why = nullptr);
  [[nodiscard]] line line_of_extension(id_of<tenant> where, std::string_view number, refusal* why = nullptr);
  [[nodiscard]] line line_of_user(id_of<user> who, refusal* why = nullptr);
  [[nodiscard]] line line_of_external_ref(id_of<tenant> where, std::string_view ref, refusal* why = nullptr);
  /// Many numbers at once, one answer each in the same order. Tells nothing found from failed, which leaves nothing
  /// found. Refuses "answers_invalid" when `into` is not as long as `e164`, and what the store refuses.
  [[nodiscard]] refusal lines_of_dids(std::span<const std::string_view> e164, std::span<line> into);
  /// A feature that some package carries, by its name, to be asked for once and then looked for in line::entitlements.
  /// Refuses "feature_unknown", "too_many_features".
  [[nodiscard]] result<feature> find_feature(std::string_view name);

  template <command C> [[nodiscard]] result<receipt> run(const actor& as, const C& c) {
    return perform(as, request_of(c), run_mode::run);
  }
  /// The same receipt, nothing changed, and a token.
  template <command C> [[nodiscard]] result<receipt> preview(const actor& as, const C& c) {
    return perform(as, request_of(c), run_mode::preview);
  }
  /// Runs what was previewed, with its instant and ids. Refuses "token_invalid", "token_expired",
  /// "token_of_another" (actor or command), "preview_moved" when anything it read has changed, or the rule's own reason
  /// when it now refuses outright.
  template <command C> [[nodiscard]] result<receipt> confirm(const actor& as, const C& c, std::string_view token) {
    return perform(as, request_of(c), run_mode::confirm, token);
  }
  /// All or none, one transaction, one audit entry each; each sees what those before it did. The path of a refusal
  /// begins with the index. Refuses "not_in_a_batch" what acts where its token says, and get_number.
  [[nodiscard]] result<std::vector<receipt>> run_all(const actor& as, std::span<const request> commands);

  template <query Q> [[nodiscard]] result<typename Q::answer> ask(const actor& as, const Q& q) {
    typename Q::answer into{};
    if (auto no = answer(as, verb_of_query<Q>, &q, &into)) return *std::move(no);
    return into;
  }

  /// The answer as it would be after these commands, each of which sees what those before it did: nothing is changed
  /// but what a try costs (a password is hashed, a PIN's tries are counted), nobody is told, no letter goes out. They
  /// are refused as run_all refuses them, the path beginning with the index; but what runs by confirm only may be
  /// supposed. Whether the question may be asked is decided before them.
  template <query Q>
  [[nodiscard]] result<typename Q::answer> ask_after(const actor& as, std::span<const request> commands, const Q& q) {
    typename Q::answer into{};
    if (auto no = answer_after(as, commands, verb_of_query<Q>, &q, &into)) return *std::move(no);
    return into;
  }

  /// changes_since, waiting until there is an entry or the time is over; then `entries` is empty. No entry is missed.
  /// It asks anew, authority included, whenever somebody has committed; where the store does not tell of other
  /// processes' commits, every tenth of a second. Zero or less does not wait. Any thread, many at once. Refuses as the
  /// query does, and "directory_closed" after stop_waiting.
  [[nodiscard]] result<audit_answer> wait_changes(const actor& as, const changes_since& asked,
                                                  std::chrono::milliseconds timeout);
  /// Waits until somebody has committed since the last poll (or since this directory was opened), or the time is over.
  /// False means that nobody has, on PostgreSQL as far as the server has told; where the store does not tell, it is
  /// true after a tenth of a second. Of several that wait at once each is told. Refuses "directory_closed", store
  /// errors.
  [[nodiscard]] result<bool> poll(std::chrono::milliseconds timeout);
  /// Ends all waiting, now and for good, within a tenth of a second: before a host destroys the directory it lets
  /// them return. Any thread.
  void stop_waiting() noexcept;

  /// Answers those who asked for a reset, delivers what is due, `limit` letters at most, through directory_parts::mail,
  /// on this thread, with no transaction and no lock held while the mailer works. At least once each: a process that
  /// dies between delivery and noting it leaves a letter that is delivered again ten minutes later under the same
  /// message_id. Any thread, any process, many at once: each letter is taken by one of them. A host calls it when it
  /// likes, after commits and every minute or so. When nothing more is due it forgets some of what is over: sessions,
  /// links, charges, letters after 90 days. Letters are never an actor's errand, so it needs none. Refuses
  /// "mailer_missing", "limit_invalid" (1 to 10000), and what the store refuses; what was handed on until then is
  /// noted.
  [[nodiscard]] result<pump_report> pump_mail(std::int32_t limit);

  /// Asks the host's own systems (directory_parts::provider and `assets`) what they did not do when a command ran,
  /// `limit` errands at most, on this thread, with no transaction and no lock held meanwhile. At least once each, under
  /// the same order or handover id: a process that dies between the answer and noting it leaves an errand that is asked
  /// again ten minutes later. Any thread, any process, many at once: each errand is taken by one of them; those that
  /// this directory has no one to ask for are left to others. Then it forgets what is over, as pump_mail does: a host
  /// without mailer, provider and keeper calls it every hour or so, or nobody's personal data is ever erased. Refuses
  /// "limit_invalid" (1 to 10000), and what the store refuses.
  [[nodiscard]] result<errand_report> pump_errands(std::int32_t limit);

  /// Since this directory was opened.
  [[nodiscard]] directory_counters counters() const;

  /// The same without types; the other faces come in here.
  [[nodiscard]] result<receipt> perform(const actor& as, request what, run_mode mode, std::string_view token = {});
  [[nodiscard]] refusal answer(const actor& as, const verb& operation, const void* question, void* into);
  [[nodiscard]] refusal answer_after(const actor& as, std::span<const request> commands, const verb& operation,
                                     const void* question, void* into);

  /// BLAKE2b-256 over every row of state, or over one tenant's rows and chain. For tests and replicas: it reads all.
  /// Refuses "scope_unknown", "wrong_scope".
  [[nodiscard]] result<std::string> state_digest(any_id scope_id = {});

  [[nodiscard]] id_of<platform> platform_id() const;

private:
  struct state;
  explicit directory(std::unique_ptr<state> inside);
  std::unique_ptr<state> inside_;
};

struct directory::created {
  directory opened;
  host_key key;
};

} // namespace linecard
