// Being told: waiting for commits, and what has been done so far.
#include "handles.hpp"
#include "text.hpp"

#include <linecard/json.hpp>

using namespace linecard;
using namespace linecard::capi;

namespace {

std::chrono::milliseconds timeout_in(std::int32_t timeout_ms) {
  if (timeout_ms < 0)
    fail(status::invalid, "timeout_ms_invalid", "/timeout_ms", "timeout_ms must not be negative; 0 only looks");
  return std::chrono::milliseconds(timeout_ms);
}

} // namespace

int32_t linecard_poll(linecard_directory* directory, int32_t timeout_ms, int32_t* changed, linecard_error** error) {
  clear(changed);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(changed, "changed");
    const auto patience = timeout_in(timeout_ms);
    const core_handle kept = object_of(directory)->inside; // linecard_close may free the handle while we wait
    *changed = in.poll(patience).value() ? 1 : 0;
  });
}

int32_t linecard_changes(linecard_actor* actor, int64_t since, int32_t limit, int32_t timeout_ms,
                         linecard_text** answer, linecard_error** error) {
  clear(answer);
  return guarded(error, [&] {
    needed(answer, "answer");
    const actor_call call(actor);
    changes_since asked{.since = since};
    if (limit != 0) asked.limit = limit;
    *answer = make_text(to_json(call.directory().wait_changes(call.as(), asked, timeout_in(timeout_ms)).value()));
  });
}

int32_t linecard_counters(linecard_directory* directory, int32_t format, linecard_text** text, linecard_error** error) {
  clear(text);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(text, "text");
    if (format != LINECARD_COUNTERS_JSON && format != LINECARD_COUNTERS_PROMETHEUS)
      fail(status::invalid, "format_invalid", "/format", "format must be one of LINECARD_COUNTERS_");
    const auto counters = in.counters();
    *text = make_text(format == LINECARD_COUNTERS_JSON ? to_json(counters) : to_prometheus(counters));
  });
}
