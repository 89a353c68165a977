// A host's vtables as the library's ports.
#pragma once

#include "callbacks.hpp"
#include "linecard_adapters.h"

#include <linecard/directory.hpp>
#include <linecard/ports/clock.hpp>
#include <linecard/ports/log.hpp>
#include <linecard/ports/mailer.hpp>
#include <linecard/ports/provider.hpp>
#include <linecard/ports/random.hpp>
#include <linecard/ports/store.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace linecard::capi {

/// A copied vtable with the duty to end what it stands for, exactly once.
template <class Table> class owned_table {
public:
  owned_table(const Table& table, std::shared_ptr<ward> in) : table_(table), ward_(std::move(in)) {}
  owned_table(owned_table&& other) noexcept
      : table_(other.table_), ward_(other.ward_), owns_(std::exchange(other.owns_, false)) {}
  owned_table& operator=(owned_table&&) = delete;
  ~owned_table() {
    const auto end = ending(table_);
    if (owns_ && end) (void)ward_->call([&] { return end(table_.self), LINECARD_DONE; });
  }
  [[nodiscard]] const Table& operator*() const { return table_; }
  [[nodiscard]] const Table* operator->() const { return &table_; }
  [[nodiscard]] ward& guarded_by() const { return *ward_; }

private:
  static auto ending(const linecard_store& t) { return t.close; }
  static auto ending(const linecard_clock& t) { return t.destroy; }
  static auto ending(const linecard_random& t) { return t.destroy; }
  static auto ending(const linecard_observer& t) { return t.destroy; }
  static auto ending(const linecard_log& t) { return t.destroy; }
  static auto ending(const linecard_mailer& t) { return t.destroy; }
  static auto ending(const linecard_breaches& t) { return t.destroy; }
  static auto ending(const linecard_provider& t) { return t.destroy; }
  static auto ending(const linecard_assets& t) { return t.destroy; }

  Table table_;
  std::shared_ptr<ward> ward_;
  bool owns_ = true;
};

/// Refuses "store_incomplete", "abi_too_new", "abi_invalid"; path names the member under `path`.
[[nodiscard]] refusal flaw_of(const linecard_store& table);
[[nodiscard]] refusal flaw_of(const linecard_clock& table);
[[nodiscard]] refusal flaw_of(const linecard_random& table);
[[nodiscard]] refusal flaw_of(const linecard_observer& table);
[[nodiscard]] refusal flaw_of(const linecard_mailer& table);
[[nodiscard]] refusal flaw_of(const linecard_breaches& table);
[[nodiscard]] refusal flaw_of(const linecard_provider& table);
[[nodiscard]] refusal flaw_of(const linecard_assets& table);
[[nodiscard]] refusal flaw_of(const linecard_log& table); ///< and "level_invalid", "personal_invalid"

/// Takes `table` over when it succeeds; throws bad_alloc, and then the caller still owns it.
/// prepare probes: one transaction is begun, read in and committed, so that a broken host is refused at open.
[[nodiscard]] std::unique_ptr<store> host_store(owned_table<linecard_store>& table);
/// now() and fill() throw `refused`, status callback: their ports know no failure.
[[nodiscard]] std::shared_ptr<clock> host_clock(owned_table<linecard_clock>& table);
[[nodiscard]] std::shared_ptr<random_source> host_random(owned_table<linecard_random>& table);
/// What they call throws when the host fails; the directory counts it.
[[nodiscard]] commit_observer host_observer(owned_table<linecard_observer>& table);
[[nodiscard]] std::shared_ptr<log_sink> host_log(owned_table<linecard_log>& table);
[[nodiscard]] std::shared_ptr<mailer> host_mailer(owned_table<linecard_mailer>& table);
/// Throws `refused` when the host cannot tell: a password nobody could look up is not accepted.
[[nodiscard]] std::function<bool(std::string_view)> host_breaches(owned_table<linecard_breaches>& table);
[[nodiscard]] std::shared_ptr<number_provider> host_provider(owned_table<linecard_provider>& table);
[[nodiscard]] std::shared_ptr<asset_keeper> host_assets(owned_table<linecard_assets>& table);

/// What linecard_sign_in says goes into `parts`; `table` is its breaches, when it has them. Throws `refused`.
void sign_in_into(directory_parts& parts, const linecard_sign_in& sign_in, owned_table<linecard_breaches>* table);
/// What linecard_mail says; `table` is its mailer, when it has one. Throws `refused`.
[[nodiscard]] mail_options mail_in(const linecard_mail& mail, owned_table<linecard_mailer>* table);

} // namespace linecard::capi
