// Clock, chance, observer, log, stolen passwords, and what is asked of a vtable before it is used. The store is in
// host_store.cpp.
#include "adapters.hpp"

#include "host_answer.hpp"

#include <linecard/json.hpp>

#include <string>
#include <vector>

namespace linecard::capi {

namespace {

refusal flaw(std::uint32_t abi, const char* what) {
  const std::string path = std::string("/") + what + "/abi";
  if (abi == 0) return refuse(status::invalid, "abi_invalid", path, "abi must be LINECARD_ABI; use the _INIT macro");
  if (abi > LINECARD_ABI)
    return refuse(status::too_new, "abi_too_new", path, "the adapter was made for a newer linecard than this one");
  return {};
}

refusal missing(const char* what, const char* member) {
  return refuse(status::invalid, std::string(what) + "_incomplete", std::string("/") + what + "/" + member,
                std::string(member) + " must not be NULL");
}

error failed(const char* reason, const char* callback, std::int32_t answer) {
  return refuse(status::callback, reason, {},
                answer == callback_threw ? std::string(callback) + " threw an exception"
                                         : std::string(callback) + " answered " + std::to_string(answer));
}

class clock_of_host final : public clock {
public:
  explicit clock_of_host(owned_table<linecard_clock>&& table) : host_(std::move(table)) {}
  instant now() override {
    std::int64_t milliseconds = -1;
    const auto answer = host_.guarded_by().call([&] { return host_->now(host_->self, &milliseconds); });
    if (answer != LINECARD_DONE) throw refused(failed("clock_callback", "the clock's now", answer));
    return {milliseconds};
  }

private:
  owned_table<linecard_clock> host_;
};

class random_of_host final : public random_source {
public:
  explicit random_of_host(owned_table<linecard_random>&& table) : host_(std::move(table)) {}
  void fill(void* into, std::size_t length) override {
    const auto answer = host_.guarded_by().call([&] { return host_->fill(host_->self, into, length); });
    if (answer != LINECARD_DONE) throw refused(failed("random_callback", "the random source's fill", answer));
  }

private:
  owned_table<linecard_random> host_;
};

class observer_of_host {
public:
  explicit observer_of_host(owned_table<linecard_observer>&& table) : host_(std::move(table)) {}
  void tell(const committed& what) {
    const std::string receipt = to_json(what.what);
    const linecard_commit commit{.struct_size = sizeof(linecard_commit),
                                 .reserved = 0,
                                 .actor_id = what.actor_id.value,
                                 .scope_id = what.in.id().value,
                                 .audit_seq = what.what.audit_seq.value_or(0),
                                 .command = what.what.command.c_str(),
                                 .receipt = receipt.c_str(),
                                 .receipt_length = receipt.size()};
    const auto answer = host_.guarded_by().call([&] { return host_->after_commit(host_->self, &commit); });
    if (answer != LINECARD_DONE) throw refused(failed("observer_callback", "the observer's after_commit", answer));
  }

private:
  owned_table<linecard_observer> host_;
};

class breaches_of_host {
public:
  explicit breaches_of_host(owned_table<linecard_breaches>&& table) : host_(std::move(table)) {}
  bool know(std::string_view password) {
    std::int32_t known = -1;
    failure_object said;
    const auto answer = host_.guarded_by().call(
        [&] { return host_->breached(host_->self, password.data(), password.size(), &known, handle_of(said)); });
    if (answer == LINECARD_DONE && (known == 0 || known == 1)) return known == 1;
    // The host's message is left out: it may quote the password.
    if (answer == LINECARD_E_BUSY)
      throw refused(refuse(status::busy, reason_of(said, "breaches_busy"), {},
                           "the password could not be compared with those known to be stolen; try again"));
    throw refused(failed("breaches_callback", "the breaches' breached", answer));
  }

private:
  owned_table<linecard_breaches> host_;
};

class log_of_host final : public log_sink {
public:
  explicit log_of_host(owned_table<linecard_log>&& table) : host_(std::move(table)) {}
  void write(const log_event& what) override {
    const std::string event(what.event), message(what.message); // with a NUL at the end
    std::vector<std::string> names;
    for (const auto& f : what.fields) names.emplace_back(f.name);
    std::vector<linecard_log_field> fields;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const value& v = what.fields[i].content;
      fields.push_back({names[i].c_str(), {static_cast<std::int32_t>(v.type), 0, v.number, v.data}});
    }
    const linecard_log_event told{.struct_size = sizeof(linecard_log_event),
                                  .level = static_cast<std::int32_t>(what.level),
                                  .event = event.c_str(),
                                  .message = message.c_str(),
                                  .fields = fields.data(),
                                  .field_count = fields.size()};
    const auto answer = host_.guarded_by().call([&] { return host_->write(host_->self, &told); });
    if (answer != LINECARD_DONE) throw refused(failed("log_callback", "the log's write", answer));
  }

private:
  owned_table<linecard_log> host_;
};
static_assert(static_cast<int>(log_level::error) == LINECARD_LOG_ERROR &&
              static_cast<int>(log_level::warning) == LINECARD_LOG_WARNING &&
              static_cast<int>(log_level::info) == LINECARD_LOG_INFO &&
              static_cast<int>(log_level::debug) == LINECARD_LOG_DEBUG);

} // namespace

refusal flaw_of(const linecard_store& t) {
  if (auto no = flaw(t.abi, "store")) return no;
  if (!t.close) return missing("store", "close");
  if (!t.prepare) return missing("store", "prepare");
  if (!t.begin) return missing("store", "begin");
  if (!t.scan) return missing("store", "scan");
  if (!t.apply) return missing("store", "apply");
  if (!t.commit) return missing("store", "commit");
  if (!t.rollback) return missing("store", "rollback");
  return {};
}

refusal flaw_of(const linecard_clock& t) {
  if (auto no = flaw(t.abi, "clock")) return no;
  if (!t.now) return missing("clock", "now");
  return {};
}

refusal flaw_of(const linecard_random& t) {
  if (auto no = flaw(t.abi, "random")) return no;
  if (!t.fill) return missing("random", "fill");
  return {};
}

refusal flaw_of(const linecard_observer& t) {
  if (auto no = flaw(t.abi, "observer")) return no;
  if (!t.after_commit) return missing("observer", "after_commit");
  return {};
}

refusal flaw_of(const linecard_mailer& t) {
  if (auto no = flaw(t.abi, "mailer")) return no;
  if (!t.send) return missing("mailer", "send");
  return {};
}

refusal flaw_of(const linecard_breaches& t) {
  if (auto no = flaw(t.abi, "breaches")) return no;
  if (!t.breached) return missing("breaches", "breached");
  return {};
}

refusal flaw_of(const linecard_provider& t) {
  if (auto no = flaw(t.abi, "provider")) return no;
  if (!t.order) return missing("provider", "order");
  return {};
}

refusal flaw_of(const linecard_assets& t) {
  if (auto no = flaw(t.abi, "assets")) return no;
  if (!t.hand_over) return missing("assets", "hand_over");
  return {};
}

refusal flaw_of(const linecard_log& t) {
  if (auto no = flaw(t.abi, "log")) return no;
  if (!t.write) return missing("log", "write");
  if (t.level < 0 || t.level > LINECARD_LOG_DEBUG)
    return refuse(status::invalid, "level_invalid", "/log/level", "level must be one of LINECARD_LOG_, or 0");
  if (t.personal != 0 && t.personal != 1)
    return refuse(status::invalid, "personal_invalid", "/log/personal", "personal must be 0 or 1");
  return {};
}

std::shared_ptr<clock> host_clock(owned_table<linecard_clock>& table) {
  return std::make_shared<clock_of_host>(std::move(table));
}

std::shared_ptr<random_source> host_random(owned_table<linecard_random>& table) {
  return std::make_shared<random_of_host>(std::move(table));
}

commit_observer host_observer(owned_table<linecard_observer>& table) {
  auto host = std::make_shared<observer_of_host>(std::move(table));
  return [host](const committed& what) { host->tell(what); };
}

std::function<bool(std::string_view)> host_breaches(owned_table<linecard_breaches>& table) {
  auto host = std::make_shared<breaches_of_host>(std::move(table));
  return [host](std::string_view password) { return host->know(password); };
}

std::shared_ptr<log_sink> host_log(owned_table<linecard_log>& table) {
  return std::make_shared<log_of_host>(std::move(table));
}

} // namespace linecard::capi
