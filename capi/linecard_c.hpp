// linecard over its C ABI, for C++11 and later: handles that free themselves, errors that are thrown. Everything here
// is inline and hidden, so a program may be built by any compiler, and a library that uses it exports nothing of it.
// For C++20 with the same compiler there is the library itself, <linecard/linecard.hpp>. Since 0.1.
#ifndef LINECARD_C_HPP
#define LINECARD_C_HPP

#include "linecard_lines.h"

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#pragma GCC visibility push(hidden)
namespace linecard_c {

/// Thrown by every call that fails. Its texts are copied. Since 0.1.
class error : public std::runtime_error {
public:
  explicit error(const linecard_error* e)
      : std::runtime_error(std::string(linecard_error_reason(e)) + ": " + linecard_error_message(e)),
        status_(linecard_error_status(e)),
        reason_(linecard_error_reason(e)),
        path_(linecard_error_path(e)) {}
  std::int32_t status() const { return status_; } ///< a LINECARD_E_ code
  const std::string& reason() const { return reason_; }
  const std::string& path() const { return path_; }

private:
  std::int32_t status_;
  std::string reason_, path_;
};

namespace detail {

struct free_handle {
  void operator()(linecard_directory* p) const { linecard_close(p); }
  void operator()(linecard_actor* p) const { linecard_actor_free(p); }
  void operator()(linecard_text* p) const { linecard_text_free(p); }
  void operator()(linecard_list* p) const { linecard_list_free(p); }
  void operator()(linecard_error* p) const { linecard_error_free(p); }
};
template <class T> using handle = std::unique_ptr<T, free_handle>;

/// f(error**) -> status; throws what it reports.
template <class F> void call(F f) {
  linecard_error* raw = nullptr;
  const std::int32_t status = f(&raw);
  const handle<linecard_error> why(raw);
  if (status != LINECARD_OK) throw error(raw);
}
/// f(T**, error**) -> status; owns what it answers.
template <class T, class F> handle<T> make(F f) {
  T* made = nullptr;
  call([&](linecard_error** why) { return f(&made, why); });
  return handle<T>(made);
}
template <class F> std::string text(F f) {
  const handle<linecard_text> t = make<linecard_text>(f);
  return std::string(linecard_text_data(t.get()), linecard_text_length(t.get()));
}
template <class F> linecard_id id(F f) {
  linecard_id made = 0;
  call([&](linecard_error** why) { return f(&made, why); });
  return made;
}

inline std::vector<linecard_request> requests(const std::vector<std::pair<std::string, std::string>>& commands) {
  std::vector<linecard_request> out;
  for (const auto& one : commands)
    out.push_back({one.first.data(), one.first.size(), one.second.data(), one.second.size()});
  return out;
}

} // namespace detail

inline std::string id_text(linecard_id id) {
  char buffer[LINECARD_ID_CAPACITY];
  detail::call([&](linecard_error** why) { return linecard_id_text(id, buffer, sizeof buffer, why); });
  return buffer;
}
inline linecard_id parse_id(const std::string& text) {
  return detail::id(
      [&](linecard_id* id, linecard_error** why) { return linecard_id_parse(text.data(), text.size(), id, why); });
}
/// To rotate to: see linecard_sign_in.
inline std::string new_host_key() { return detail::text(linecard_new_host_key); }
inline std::string describe() { return detail::text(linecard_describe); }

/// Rows as they were when asked for. Since 0.1.
class list {
public:
  explicit list(detail::handle<linecard_list> made) : handle_(std::move(made)) {}
  std::size_t size() const { return linecard_list_count(handle_.get()); }
  bool has(std::size_t row, const char* column) const {
    return linecard_list_text(handle_.get(), row, column, nullptr) != nullptr;
  }
  /// "" when the cell is empty; has() tells.
  std::string text(std::size_t row, const char* column) const {
    std::size_t length = 0;
    const char* data = linecard_list_text(handle_.get(), row, column, &length);
    return data ? std::string(data, length) : std::string();
  }
  linecard_id id(std::size_t row, const char* column) const { return linecard_list_id(handle_.get(), row, column); }
  std::int64_t integer(std::size_t row, const char* column) const {
    return linecard_list_integer(handle_.get(), row, column);
  }
  linecard_id next() const { return linecard_list_next(handle_.get()); }
  const linecard_list* get() const { return handle_.get(); }

private:
  detail::handle<linecard_list> handle_;
};

/// A command's receipt as it would be, and the token that makes it so. Since 0.1.
struct preview {
  std::string receipt;
  std::string token;
};

/// A principal in one scope: one call at a time. Receipts and answers are JSON. Since 0.1.
class actor {
public:
  explicit actor(detail::handle<linecard_actor> made) : handle_(std::move(made)) {}
  linecard_id identity_id() const { return linecard_actor_identity(handle_.get()); }
  linecard_id scope_id() const { return linecard_actor_scope(handle_.get()); }

  linecard_id create_container(const std::string& name) {
    return detail::id([&](linecard_id* id, linecard_error** why) {
      return linecard_create_container(handle_.get(), name.data(), name.size(), id, why);
    });
  }
  linecard_id create_tenant(const std::string& name) {
    return detail::id([&](linecard_id* id, linecard_error** why) {
      return linecard_create_tenant(handle_.get(), name.data(), name.size(), id, why);
    });
  }
  linecard_id add_user(const linecard_new_user& newcomer) {
    return detail::id(
        [&](linecard_id* id, linecard_error** why) { return linecard_add_user(handle_.get(), &newcomer, id, why); });
  }
  linecard_id adopt_user(const linecard_new_user& newcomer) {
    return detail::id(
        [&](linecard_id* id, linecard_error** why) { return linecard_adopt_user(handle_.get(), &newcomer, id, why); });
  }
  std::string assign_package(linecard_id user_id, linecard_id package_id) {
    return detail::text([&](linecard_text** receipt, linecard_error** why) {
      return linecard_assign_package(handle_.get(), user_id, package_id, receipt, why);
    });
  }
  std::string change_package(linecard_id user_id, linecard_id package_id) {
    return detail::text([&](linecard_text** receipt, linecard_error** why) {
      return linecard_change_package(handle_.get(), user_id, package_id, receipt, why);
    });
  }
  std::string unassign_package(linecard_id user_id, linecard_id package_id = 0) {
    return detail::text([&](linecard_text** receipt, linecard_error** why) {
      return linecard_unassign_package(handle_.get(), user_id, package_id, receipt, why);
    });
  }

  list users(const std::string& search = std::string(), linecard_id after = 0, std::int32_t limit = 0) {
    return list(detail::make<linecard_list>([&](linecard_list** rows, linecard_error** why) {
      return linecard_list_users(handle_.get(), search.empty() ? nullptr : search.data(), search.size(), after, limit,
                                 rows, why);
    }));
  }
  list find_user(linecard_id user_id) {
    return list(detail::make<linecard_list>([&](linecard_list** rows, linecard_error** why) {
      return linecard_find_user(handle_.get(), user_id, rows, why);
    }));
  }
  list find_user_by_email(const std::string& email) {
    return list(detail::make<linecard_list>([&](linecard_list** rows, linecard_error** why) {
      return linecard_find_user_by_email(handle_.get(), email.data(), email.size(), rows, why);
    }));
  }
  list find_user_by_external_ref(const std::string& external_ref) {
    return list(detail::make<linecard_list>([&](linecard_list** rows, linecard_error** why) {
      return linecard_find_user_by_external_ref(handle_.get(), external_ref.data(), external_ref.size(), rows, why);
    }));
  }
  list seat_pools() {
    return list(detail::make<linecard_list>([&](linecard_list** rows, linecard_error** why) {
      return linecard_list_seat_pools(handle_.get(), rows, why);
    }));
  }
  list selectable_packages() {
    return list(detail::make<linecard_list>([&](linecard_list** rows, linecard_error** why) {
      return linecard_list_selectable_packages(handle_.get(), rows, why);
    }));
  }

  std::string call(const std::string& operation, const std::string& json = "{}") {
    return detail::text([&](linecard_text** answer, linecard_error** why) {
      return linecard_call(handle_.get(), operation.data(), operation.size(), json.data(), json.size(), answer, why);
    });
  }
  linecard_c::preview preview(const std::string& operation, const std::string& json) {
    linecard_c::preview out;
    detail::handle<linecard_text> receipt;
    out.token = detail::text([&](linecard_text** token, linecard_error** why) {
      linecard_text* raw = nullptr;
      const std::int32_t status = linecard_preview(handle_.get(), operation.data(), operation.size(), json.data(),
                                                   json.size(), &raw, token, why);
      receipt.reset(raw);
      return status;
    });
    out.receipt.assign(linecard_text_data(receipt.get()), linecard_text_length(receipt.get()));
    return out;
  }
  std::string confirm(const std::string& operation, const std::string& json, const std::string& token) {
    return detail::text([&](linecard_text** receipt, linecard_error** why) {
      return linecard_confirm(handle_.get(), operation.data(), operation.size(), json.data(), json.size(), token.data(),
                              token.size(), receipt, why);
    });
  }
  /// All or none: operations with their requests as JSON; a JSON array of receipts.
  std::string call_all(const std::vector<std::pair<std::string, std::string>>& commands) {
    const auto given = detail::requests(commands);
    return detail::text([&](linecard_text** receipts, linecard_error** why) {
      return linecard_call_all(handle_.get(), given.data(), given.size(), receipts, why);
    });
  }
  /// What a query would answer after the commands.
  std::string ask_after(const std::vector<std::pair<std::string, std::string>>& commands, const std::string& query,
                        const std::string& json = "{}") {
    const auto given = detail::requests(commands);
    return detail::text([&](linecard_text** answer, linecard_error** why) {
      return linecard_ask_after(handle_.get(), given.data(), given.size(), query.data(), query.size(), json.data(),
                                json.size(), answer, why);
    });
  }
  /// The change feed after `since`, as JSON; waits up to `timeout_ms` for an entry.
  std::string changes(std::int64_t since, std::int32_t timeout_ms = 0, std::int32_t limit = 0) {
    return detail::text([&](linecard_text** answer, linecard_error** why) {
      return linecard_changes(handle_.get(), since, limit, timeout_ms, answer, why);
    });
  }
  linecard_actor* get() const { return handle_.get(); }

private:
  detail::handle<linecard_actor> handle_;
};

/// An open directory: any thread. Since 0.1.
class directory {
public:
  explicit directory(detail::handle<linecard_directory> made) : handle_(std::move(made)) {}

  /// `host_key` becomes the text to keep; it is shown this once.
  static directory create(const linecard_options& options, std::string& host_key) {
    detail::handle<linecard_directory> made;
    host_key = detail::text([&](linecard_text** key, linecard_error** why) {
      linecard_directory* raw = nullptr;
      const std::int32_t status = linecard_create(&options, key, &raw, why);
      made.reset(raw);
      return status;
    });
    return directory(std::move(made));
  }
  static directory open(const linecard_options& options) {
    return directory(detail::make<linecard_directory>(
        [&](linecard_directory** made, linecard_error** why) { return linecard_open(&options, made, why); }));
  }

  linecard_id platform_id() const { return linecard_platform_id(handle_.get()); }
  actor bootstrap_operator(const std::string& email) {
    return actor(detail::make<linecard_actor>([&](linecard_actor** made, linecard_error** why) {
      return linecard_bootstrap_operator(handle_.get(), email.data(), email.size(), made, why);
    }));
  }
  actor open_actor(linecard_id identity_id, linecard_id scope_id = 0) {
    return actor(detail::make<linecard_actor>([&](linecard_actor** made, linecard_error** why) {
      return linecard_actor_open(handle_.get(), identity_id, scope_id, made, why);
    }));
  }
  actor open_actor(const std::string& email, linecard_id scope_id = 0) {
    return actor(detail::make<linecard_actor>([&](linecard_actor** made, linecard_error** why) {
      return linecard_actor_open_email(handle_.get(), email.data(), email.size(), scope_id, made, why);
    }));
  }
  actor open_visitor() {
    return actor(detail::make<linecard_actor>([&](linecard_actor** made, linecard_error** why) {
      return linecard_actor_open_visitor(handle_.get(), made, why);
    }));
  }
  actor open_session(const std::string& token, linecard_id scope_id = 0) {
    return actor(detail::make<linecard_actor>([&](linecard_actor** made, linecard_error** why) {
      return linecard_actor_open_session(handle_.get(), token.data(), token.size(), scope_id, made, why);
    }));
  }
  /// False when denied; throws when it could not be told.
  bool check(linecard_id identity_id, const std::string& permission, linecard_id scope_id = 0) {
    linecard_error* raw = nullptr;
    const bool allowed =
        linecard_check(handle_.get(), identity_id, permission.data(), permission.size(), scope_id, &raw) == 1;
    const detail::handle<linecard_error> why(raw);
    if (!allowed && linecard_error_status(raw) != LINECARD_E_DENIED) throw error(raw);
    return allowed;
  }
  /// The permission's number, the same for ever: for the checks below.
  std::uint32_t permission_id(const std::string& permission) {
    std::uint32_t number = 0;
    detail::call([&](linecard_error** why) {
      return linecard_permission_id(handle_.get(), permission.data(), permission.size(), &number, why);
    });
    return number;
  }
  bool check(linecard_id identity_id, std::uint32_t permission_id, linecard_id scope_id = 0) {
    linecard_error* raw = nullptr;
    const bool allowed = linecard_check_id(handle_.get(), identity_id, permission_id, scope_id, &raw) == 1;
    const detail::handle<linecard_error> why(raw);
    if (raw) throw error(raw);
    return allowed;
  }
  /// One answer for each identity, 1 or 0; the arrays have as many elements.
  std::vector<std::uint8_t> check_many(const std::vector<linecard_id>& identity_ids,
                                       const std::vector<std::uint32_t>& permission_ids,
                                       const std::vector<linecard_id>& scope_ids) {
    if (permission_ids.size() != identity_ids.size() || scope_ids.size() != identity_ids.size())
      throw std::invalid_argument("check_many: one permission and one scope for each identity");
    std::vector<std::uint8_t> answers(identity_ids.size());
    detail::call([&](linecard_error** why) {
      return linecard_check_many(handle_.get(), identity_ids.data(), permission_ids.data(), scope_ids.data(),
                                 identity_ids.size(), answers.data(), why);
    });
    return answers;
  }
  /// A copy: LINECARD_MASK_HAS reads it.
  std::array<std::uint64_t, LINECARD_PERMISSION_WORDS> effective(linecard_id identity_id, linecard_id scope_id = 0) {
    std::array<std::uint64_t, LINECARD_PERMISSION_WORDS> mask = {};
    detail::call([&](linecard_error** why) {
      return linecard_effective(handle_.get(), identity_id, scope_id, mask.data(), why);
    });
    return mask;
  }
  /// Whose number this is: `found` is 0 where there is none.
  linecard_line line_by_did(const std::string& e164) {
    return a_line([&](linecard_line* into, linecard_error** why) {
      return linecard_line_by_did(handle_.get(), e164.data(), e164.size(), into, why);
    });
  }
  linecard_line line_by_extension(linecard_id tenant_id, const std::string& extension) {
    return a_line([&](linecard_line* into, linecard_error** why) {
      return linecard_line_by_extension(handle_.get(), tenant_id, extension.data(), extension.size(), into, why);
    });
  }
  linecard_line line_by_user(linecard_id user_id) {
    return a_line([&](linecard_line* into, linecard_error** why) {
      return linecard_line_by_user(handle_.get(), user_id, into, why);
    });
  }
  linecard_line line_by_external_ref(linecard_id tenant_id, const std::string& external_ref) {
    return a_line([&](linecard_line* into, linecard_error** why) {
      return linecard_line_by_external_ref(handle_.get(), tenant_id, external_ref.data(), external_ref.size(), into,
                                           why);
    });
  }
  /// One for each number.
  std::vector<linecard_line> lines_by_did(const std::vector<const char*>& e164) {
    std::vector<linecard_line> lines(e164.size());
    detail::call([&](linecard_error** why) {
      return linecard_lines_by_did(handle_.get(), e164.data(), e164.size(), lines.data(), sizeof(linecard_line), why);
    });
    return lines;
  }
  /// A feature's number in this open directory: LINECARD_LINE_ENTITLED reads it.
  std::uint32_t find_feature(const std::string& feature) {
    std::uint32_t number = 0;
    detail::call([&](linecard_error** why) {
      return linecard_find_feature(handle_.get(), feature.data(), feature.size(), &number, why);
    });
    return number;
  }
  std::string state_digest(linecard_id scope_id = 0) {
    return detail::text([&](linecard_text** digest, linecard_error** why) {
      return linecard_state_digest(handle_.get(), scope_id, digest, why);
    });
  }
  /// False when certainly nobody has committed since the last poll.
  bool poll(std::int32_t timeout_ms) {
    std::int32_t changed = 0;
    detail::call([&](linecard_error** why) { return linecard_poll(handle_.get(), timeout_ms, &changed, why); });
    return changed == 1;
  }
  /// Delivers what is due, so many letters at most.
  linecard_pumped pump_mail(std::int32_t limit = 100) {
    linecard_pumped done = LINECARD_PUMPED_INIT;
    detail::call([&](linecard_error** why) { return linecard_pump_mail(handle_.get(), limit, &done, why); });
    return done;
  }
  /// Asks the host's provider and assets what they did not do before, so many errands at most.
  linecard_errands_pumped pump_errands(std::int32_t limit = 100) {
    linecard_errands_pumped done = LINECARD_ERRANDS_PUMPED_INIT;
    detail::call([&](linecard_error** why) { return linecard_pump_errands(handle_.get(), limit, &done, why); });
    return done;
  }
  /// LINECARD_COUNTERS_JSON or LINECARD_COUNTERS_PROMETHEUS.
  std::string counters(std::int32_t format = LINECARD_COUNTERS_JSON) {
    return detail::text([&](linecard_text** text, linecard_error** why) {
      return linecard_counters(handle_.get(), format, text, why);
    });
  }
  linecard_directory* get() const { return handle_.get(); }

private:
  template <class Ask> static linecard_line a_line(Ask ask) {
    linecard_line line = LINECARD_LINE_INIT;
    detail::call([&](linecard_error** why) { return ask(&line, why); });
    return line;
  }
  detail::handle<linecard_directory> handle_;
};

} // namespace linecard_c
#pragma GCC visibility pop

#endif // LINECARD_C_HPP
