// Clock, chance, and what is asked of a vtable before it is used. The store is in host_store.cpp.
#include "adapters.hpp"

#include <string>

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

std::shared_ptr<clock> host_clock(owned_table<linecard_clock>& table) {
  return std::make_shared<clock_of_host>(std::move(table));
}

std::shared_ptr<random_source> host_random(owned_table<linecard_random>& table) {
  return std::make_shared<random_of_host>(std::move(table));
}

} // namespace linecard::capi
