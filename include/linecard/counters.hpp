// What a directory has done since it was opened, in numbers, for a host's monitoring.
#pragma once

#include <linecard/describe.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace linecard {

/// `done` is run or confirmed, whether or not it changed anything. Of a batch the refused command alone is counted.
struct command_count {
  std::string command{};
  std::int64_t done{};
  std::int64_t refused{};
};
BOOST_DESCRIBE_STRUCT(command_count, (), (command, done, refused))

struct refusal_count {
  std::string reason{};
  std::int64_t count{};
};
BOOST_DESCRIBE_STRUCT(refusal_count, (), (reason, count))

/// Time spent inside the store: begin, scan or commit; of commands, queries and checks. A scan's includes taking its
/// rows in, a commit's applying the changes.
struct store_time {
  std::string call{};
  std::int64_t count{};
  std::int64_t microseconds{};
};
BOOST_DESCRIBE_STRUCT(store_time, (), (call, count, microseconds))

/// Each number is exact; numbers that belong together may be read a moment apart. Previews are not counted as
/// commands. Since 0.1.
struct directory_counters {
  std::vector<command_count> commands{}; ///< by name; a host's own kinds together as "other"
  std::vector<refusal_count> refusals{}; ///< of commands, by reason; beyond 128 reasons, and no slugs, as "other"
  std::int64_t reruns{};                 ///< a rule decided again because somebody else was first
  std::int64_t contended{};              ///< given up after most_reruns
  std::vector<store_time> store{};
  std::int64_t after_commit_failures{};
  std::int64_t log_failures{};
  std::optional<std::int64_t> view_age_milliseconds{}; ///< absent as long as there is no view
};
BOOST_DESCRIBE_STRUCT(directory_counters, (),
                      (commands, refusals, reruns, contended, store, after_commit_failures, log_failures,
                       view_age_milliseconds))

/// Prometheus' text format, version 0.0.4: linecard_commands_total{command="assign_package",result="done"} 12 and so
/// on, with HELP and TYPE lines. As JSON: to_json(counters). Since 0.1.
[[nodiscard]] std::string to_prometheus(const directory_counters& counters);

} // namespace linecard
