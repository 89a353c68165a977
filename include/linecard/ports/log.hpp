// What goes on inside, for whoever runs the host. No message is made unless a log takes its level; personal values are
// left out unless the host asked for them; secrets are never in reach.
#pragma once

#include <linecard/value.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace linecard {

/// The numbers are the C ABI's.
enum class log_level : std::uint8_t { none, error, warning, info, debug };

/// An integer or a text.
struct log_field {
  std::string_view name{};
  value content{};
};

/// `event` is a stable slug; names of fields are stable too. `message` is a sentence whose wording may change. All of
/// it is borrowed until `write` returns.
///
///   error    store_failed        operation, scope_id, reason, path    the store, a callback or linecard failed
///            after_commit_failed operation, scope_id           the host's after_commit threw; the commit stands
///   warning  denied              operation, scope_id, reason, path
///            contended           operation, scope_id           given up after most_reruns
///            mail_failed         operation, scope_id, message_id, reason, attempt    a letter was given up
///            errand_failed       operation, scope_id, errand_id, reason, attempt     refused, or given up
///   info     created, opened     platform_id
///            mail_failed         the same                      it is tried again later
///            errand_failed       the same                      the host's system is asked again later
///            refused             operation, scope_id, reason, path
///   debug    rerun               operation, scope_id           somebody else was first: the rule decides again
///            committed           operation, scope_id, audit_seq, microseconds
///
/// With `log_personal` also actor_id, and the message of every refusal. Of a store's failure the message is always
/// there: the port keeps values of rows out of it.
struct log_event {
  log_level level{};
  std::string_view event{};
  std::string_view message{};
  std::span<const log_field> fields{};
};

/// Called on the thread whose call it tells about, with no transaction and no lock held; any thread, several at once.
/// What it throws is swallowed and counted. Since 0.1.
struct log_sink {
  virtual ~log_sink() = default;
  virtual void write(const log_event& what) = 0;
};

} // namespace linecard
