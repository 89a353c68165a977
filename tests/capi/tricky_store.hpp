// The store in C with a hook before every callback: what a test wants to go wrong goes wrong there.
#pragma once

#include "kit.hpp"

#include <support/array_store.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace capi {

class tricky_store {
public:
  /// Called with the callback's name. An answer is returned in its place.
  std::function<std::optional<std::int32_t>(const std::string& callback)> before{};
  /// What a callback did answer may be replaced here.
  std::function<std::int32_t(const std::string& callback, std::int32_t answer)> after{};
  std::map<std::string, int> calls{};
  int open = 0; ///< transactions begun and not ended
  bool hide_transaction = false, hide_commit = false;

  tricky_store() {
    REQUIRE(array_store(&inner_) == 1);
    table_ = LINECARD_STORE_INIT;
    table_.self = this;
    table_.close = [](void* self) {
      auto& t = of(self);
      ++t.calls["close"];
      t.inner_.close(t.inner_.self);
    };
    table_.prepare = [](void* self, const linecard_table* const* tables, size_t count, linecard_failure* f) {
      auto& t = of(self);
      return t.call("prepare", [&] { return t.inner_.prepare(t.inner_.self, tables, count, f); });
    };
    table_.begin = [](void* self, int32_t access, void** transaction, linecard_failure* f) {
      auto& t = of(self);
      return t.call("begin", [&] {
        if (t.hide_transaction) return LINECARD_DONE;
        const auto answer = t.inner_.begin(t.inner_.self, access, transaction, f);
        if (answer == LINECARD_DONE) ++t.open;
        return answer;
      });
    };
    table_.scan = [](void* self, void* transaction, const linecard_scan_request* const* requests, size_t count,
                     linecard_sink* sink, linecard_failure* f) {
      auto& t = of(self);
      return t.call("scan", [&] {
        if (t.on_scan) return t.on_scan(requests, count, sink);
        return t.inner_.scan(t.inner_.self, transaction, requests, count, sink, f);
      });
    };
    table_.apply = [](void* self, void* transaction, const linecard_change* const* changes, size_t count,
                      size_t* conflicting, linecard_failure* f) {
      auto& t = of(self);
      return t.call("apply",
                    [&] { return t.inner_.apply(t.inner_.self, transaction, changes, count, conflicting, f); });
    };
    table_.commit = [](void* self, void* transaction, uint64_t* commits, linecard_failure* f) {
      auto& t = of(self);
      return t.call("commit", [&] {
        std::uint64_t uncounted = 0;
        const auto answer = t.inner_.commit(t.inner_.self, transaction, t.hide_commit ? &uncounted : commits, f);
        if (answer == LINECARD_DONE && !t.hide_commit) --t.open;
        return answer;
      });
    };
    table_.rollback = [](void* self, void* transaction) {
      auto& t = of(self);
      ++t.calls["rollback"];
      if (!t.hide_commit) t.inner_.rollback(t.inner_.self, transaction); // else committed behind our back
      --t.open;
    };
  }
  tricky_store(const tricky_store&) = delete;
  tricky_store& operator=(const tricky_store&) = delete;

  /// Replaces scan altogether.
  std::function<std::int32_t(const linecard_scan_request* const*, std::size_t, linecard_sink*)> on_scan{};

  [[nodiscard]] linecard_store& table() { return table_; }
  [[nodiscard]] linecard_options options() const {
    linecard_options o = LINECARD_OPTIONS_INIT;
    o.store = &table_;
    return o;
  }

private:
  static tricky_store& of(void* self) { return *static_cast<tricky_store*>(self); }
  template <class F> std::int32_t call(const char* name, F&& inner) {
    ++calls[name];
    if (before)
      if (const auto instead = before(name)) return *instead;
    const std::int32_t answer = inner();
    return after ? after(name, answer) : answer;
  }

  linecard_store inner_{};
  linecard_store table_{};
};

} // namespace capi
