// Directories come into being, are opened and end.
#include "adapters.hpp"
#include "handles.hpp"
#include "text.hpp"

#include <linecard/hash.hpp>
#include <linecard/json.hpp>
#include <linecard/stores/memory.hpp>
#include <linecard/stores/postgres.hpp>
#include <linecard/stores/sqlite.hpp>

#include <climits>
#include <initializer_list>
#include <utility>

using namespace linecard;
using namespace linecard::capi;

namespace {

constexpr std::int32_t default_busy_timeout_ms = 5000;

/// A host's vtable, copied and owned before anything is judged: whatever becomes of the call, it is ended once.
template <class Table> class adopted {
public:
  adopted(const Table* given, const std::shared_ptr<ward>& in, const char* name) : given_(given), name_(name) {
    if (given) table_.emplace(copy_struct(*given), in);
  }
  [[nodiscard]] owned_table<Table>* judged() {
    if (!table_) return nullptr;
    judge_struct(given_, given_->struct_size, sizeof(Table), name_);
    check(flaw_of(**table_));
    return &*table_;
  }

private:
  const Table* given_;
  const char* name_;
  std::optional<owned_table<Table>> table_{};
};

void zero(std::int32_t member, const char* name) {
  if (member != 0)
    fail(status::invalid, std::string(name) + "_invalid", std::string("/") + name, std::string(name) + " must be 0");
}

/// The store, or its refusal with the names of our options in place of its own.
std::unique_ptr<store> opened(result<std::unique_ptr<store>> tried,
                              std::initializer_list<std::pair<std::string_view, std::string_view>> names) {
  if (tried) return *std::move(tried);
  error why = std::move(tried).error();
  for (const auto& [theirs, ours] : names)
    if (why.path == "/" + std::string(theirs)) {
      if (why.reason == std::string(theirs) + "_invalid" && theirs != "path")
        why.reason = std::string(ours) + "_invalid";
      why.path = "/" + std::string(ours);
      break;
    }
  throw refused(std::move(why));
}

struct mapping {
  std::vector<table_mapping> mapped{};
};
BOOST_DESCRIBE_STRUCT(mapping, (), (mapped))

std::unique_ptr<store> open_store(const linecard_options& options, owned_table<linecard_store>* host) {
  if (options.memory != 0 && options.memory != 1)
    fail(status::invalid, "memory_invalid", "/memory", "memory must be 0 or 1");
  if ((options.sqlite_path ? 1 : 0) + (options.postgres ? 1 : 0) + options.memory + (host ? 1 : 0) != 1)
    fail(status::invalid, "one_store_needed", "/options",
         "give exactly one of sqlite_path, postgres, memory and store");
  if (options.postgres_schema && !options.postgres)
    fail(status::invalid, "postgres_schema_invalid", "/postgres_schema", "a schema is of a postgres store");
  if (options.mapping && !options.sqlite_path && !options.postgres)
    fail(status::invalid, "mapping_invalid", "/mapping",
         "only a database has tables to map: give sqlite_path or postgres");
  if (host) return host_store(*host);
  if (options.memory == 1) return memory_store();
  const std::int32_t patience_ms =
      options.busy_timeout_ms == 0 ? default_busy_timeout_ms : std::max(options.busy_timeout_ms, 0);
  std::vector<table_mapping> mapped;
  if (options.mapping)
    mapped = from_json<mapping>(text_in(options.mapping, LINECARD_NUL_TERMINATED, "mapping")).value().mapped;
  if (options.postgres) {
    postgres_options server;
    server.conninfo = text_in(options.postgres, LINECARD_NUL_TERMINATED, "postgres");
    if (options.postgres_schema)
      server.schema = text_in(options.postgres_schema, LINECARD_NUL_TERMINATED, "postgres_schema");
    server.busy_timeout_ms = patience_ms;
    server.lock_timeout_ms = std::max(patience_ms, 1); // 0 would be without end
    server.mapped = std::move(mapped);
    return opened(postgres_store(std::move(server)), {{"conninfo", "postgres"}, {"schema", "postgres_schema"}});
  }
  sqlite_options file;
  file.path = text_in(options.sqlite_path, LINECARD_NUL_TERMINATED, "sqlite_path");
  file.busy_timeout_ms = patience_ms;
  file.mapped = std::move(mapped);
  return opened(sqlite_store(std::move(file)), {{"path", "sqlite_path"}});
}

/// Without memory there is no core, and yet the host's vtables must be ended.
std::unique_ptr<core> make_core() {
  try {
    return std::make_unique<core>();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
std::shared_ptr<ward> spare_ward() {
  static constinit ward spare;
  return {std::shared_ptr<void>(), &spare}; // allocates nothing
}

/// What the options bring, in the order that a failure needs: first what the host must get back.
struct opening {
  opening(const linecard_options* given, const std::shared_ptr<ward>& in)
      : options(given ? copy_struct(*given) : linecard_options{}),
        host_store(options.store, in, "store"),
        host_clock(options.clock, in, "clock"),
        host_random(options.random, in, "random"),
        host_observer(options.observer, in, "observer"),
        host_log(options.log, in, "log"),
        mail(options.mail ? copy_struct(*options.mail) : linecard_mail{}),
        host_mailer(mail.mailer, in, "mailer"),
        sign_in(options.sign_in ? copy_struct(*options.sign_in) : linecard_sign_in{}),
        host_breaches(sign_in.breaches, in, "breaches"),
        host_provider(options.provider, in, "provider"),
        host_assets(options.assets, in, "assets") {
    (void)struct_in(given, "options");
    if (options.mail) (void)struct_in(options.mail, "mail");
    if (options.sign_in) (void)struct_in(options.sign_in, "sign_in");
    zero(mail.reserved, "reserved");
  }
  [[nodiscard]] directory_parts parts() {
    directory_parts out;
    if (auto* table = host_clock.judged()) out.clock = capi::host_clock(*table);
    if (auto* table = host_random.judged()) out.random = capi::host_random(*table);
    if (auto* table = host_observer.judged()) out.after_commit = capi::host_observer(*table);
    if (auto* table = host_log.judged()) {
      if ((*table)->level != 0) out.log_most = static_cast<log_level>((*table)->level);
      out.log_personal = (*table)->personal == 1;
      out.log = capi::host_log(*table);
    }
    if (options.sign_in) sign_in_into(out, sign_in, host_breaches.judged());
    if (auto* table = host_provider.judged()) out.provider = capi::host_provider(*table);
    if (auto* table = host_assets.judged()) out.assets = capi::host_assets(*table);
    if (options.last_known_lines_s != 0)
      out.last_known_lines = std::chrono::seconds(std::max(options.last_known_lines_s, 0));
    if (options.mail) out.mail = mail_in(mail, host_mailer.judged());
    out.store = open_store(options, host_store.judged());
    return out;
  }

  linecard_options options;
  adopted<linecard_store> host_store;
  adopted<linecard_clock> host_clock;
  adopted<linecard_random> host_random;
  adopted<linecard_observer> host_observer;
  adopted<linecard_log> host_log;
  linecard_mail mail;
  adopted<linecard_mailer> host_mailer;
  linecard_sign_in sign_in;
  adopted<linecard_breaches> host_breaches;
  adopted<linecard_provider> host_provider;
  adopted<linecard_assets> host_assets;
};

} // namespace

int32_t linecard_create(const linecard_options* options, linecard_text** host_key, linecard_directory** directory,
                        linecard_error** error) {
  clear(host_key), clear(directory);
  return guarded(error, [&] {
    auto made = make_core();
    opening with(options, made ? made->guarded_by : spare_ward());
    if (!made) throw std::bad_alloc();
    needed(host_key, "host_key");
    needed(directory, "directory");
    if (with.options.host_key)
      fail(status::invalid, "host_key_not_taken", "/host_key", "linecard_create makes the host key");
    if (with.sign_in.older_keys || with.sign_in.older_key_count > 0)
      fail(status::invalid, "host_key_not_taken", "/older_keys", "a new directory has no older keys");
    auto created = linecard::directory::create(with.parts()).value();
    made->inside.emplace(std::move(created.opened));
    linecard_text* const key = make_text(created.key.text());
    try {
      *directory = make_handle(made.get());
    } catch (...) {
      linecard_text_free(key);
      throw;
    }
    *host_key = key;
    (void)made.release();
  });
}

int32_t linecard_open(const linecard_options* options, linecard_directory** directory, linecard_error** error) {
  clear(directory);
  return guarded(error, [&] {
    auto made = make_core();
    opening with(options, made ? made->guarded_by : spare_ward());
    if (!made) throw std::bad_alloc();
    needed(directory, "directory");
    const auto key = host_key::from_text(text_in(with.options.host_key, LINECARD_NUL_TERMINATED, "host_key"));
    made->inside.emplace(linecard::directory::open(with.parts(), key.value()).value());
    *directory = make_handle(made.get());
    (void)made.release();
  });
}

void linecard_close(linecard_directory* directory) {
  if (!directory) return;
  directory_object* const object = object_of(directory);
  if (!object->inside->forked()) {
    if (object->inside->guarded_by->here(__builtin_frame_address(0)) == ward::place::inside) return;
    object->inside->closed.store(true, std::memory_order_release);
    object->inside->inside->stop_waiting();
  }
  delete object;
}

linecard_id linecard_platform_id(const linecard_directory* directory) {
  return directory ? object_of(directory)->inside->inside->platform_id().value : 0;
}

int32_t linecard_state_digest(linecard_directory* directory, linecard_id scope_id, linecard_text** digest,
                              linecard_error** error) {
  clear(digest);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(digest, "digest");
    *digest = make_text(linecard::hex(in.state_digest(scope_id_in(scope_id, "scope_id")).value()));
  });
}
