/* linecard: what a host may replace (store, clock, chance, mailer), be told (commits, log) and be asked (stolen
 * passwords, new numbers, people's messages). Part of ABI 1 and as stable as linecard.h, since 0.1.
 *
 * A vtable is copied when linecard_create or linecard_open is called, with its `self`; close or destroy is then called
 * exactly once, whether the call succeeds or not (unless struct_size says that the vtable has no such member). Every
 * member of the first version is needed; a member that struct_size leaves out is "not offered".
 *
 * Callbacks succeed by answering LINECARD_DONE, which is 1: a language binding that lost an exception answers 0 or
 * garbage. A failure is answered by one of these, best as `return linecard_fail(failure, status, reason, message);`
 *   LINECARD_E_CONFLICT   an expectation was missed: the rule is run again
 *   LINECARD_E_BUSY       locked by somebody else: the host may try again
 *   LINECARD_E_LIMIT      a value too large, storage full
 *   LINECARD_E_TOO_NEW    prepare: written by a newer major schema
 *   LINECARD_E_STORE      anything else that went wrong with storage
 *   LINECARD_E_NO_MEMORY, LINECARD_E_CALLBACK
 * Whatever else it answers, and a C++ exception it throws, becomes E_CALLBACK, reason "store_callback",
 * "clock_callback", "random_callback" or "breaches_callback" (of observer and log: is counted, and no more; of the
 * mailer, provider and assets: see there); so does a callback that claims success without the evidence named below. The
 * transaction is rolled back and the directory stays usable. longjmp out of a callback is forbidden: the directory
 * refuses every later call. A callback may not use the directory that called it.
 *
 * Structs with a struct_size are only ever added to at their end; read no member beyond struct_size. What a struct or
 * a pointer passed to a callback refers to lives until the callback returns, tables excepted.
 */
#ifndef LINECARD_ADAPTERS_H
#define LINECARD_ADAPTERS_H

#include "linecard.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a callback answers when it did all that it was asked for. */
#define LINECARD_DONE 1

/* ---- values and tables ------------------------------------------------------------------------------------------ */

#define LINECARD_NULL 0
#define LINECARD_INTEGER 1
#define LINECARD_BYTES_TEXT 2 /* UTF-8, no NUL inside */
#define LINECARD_BYTES_BLOB 3

/* The one scalar. Its layout is frozen. Text and blob: `number` bytes at `data`, which is never NULL and not
 * NUL-terminated. Order: null < integers < texts by bytes (unsigned) < blobs by bytes. */
typedef struct linecard_value {
  int32_t type;
  int32_t reserved; /* 0 */
  int64_t number;
  const char* data;
} linecard_value;

#define LINECARD_MARK_PERSONAL 1u /* about a person; erased on request */
#define LINECARD_MARK_SECRET 2u   /* never to be shown */

typedef struct linecard_column {
  uint32_t struct_size;
  int32_t type; /* LINECARD_INTEGER, _BYTES_TEXT or _BYTES_BLOB */
  const char* name;
  int32_t nullable;
  uint32_t marks;
  linecard_value initial; /* what rows hold that stood before the column was added */
} linecard_column;

typedef struct linecard_index {
  uint32_t struct_size;
  int32_t unique; /* rows that are null in one of the columns never collide */
  const uint16_t* columns;
  size_t column_count;
} linecard_index;

/* Lives until close. Beside its columns every stored row has a version: 1 when inserted, +1 with every update. */
typedef struct linecard_table {
  uint32_t struct_size;
  uint32_t number;  /* 0, 1, 2...: for each store in the order first prepared; the same table keeps its number */
  const char* name; /* plural; letters of ASCII and '_' */
  const linecard_column* const* columns;
  size_t column_count;
  const uint16_t* key; /* columns, in order; unique */
  size_t key_count;
  const linecard_index* const* indexes;
  size_t index_count;
} linecard_table;

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Rows whose leading index columns equal `prefix`, in the order of the index columns, then the key columns. */
typedef struct linecard_scan_request {
  uint32_t struct_size;
  uint32_t index; /* 0: the key; n: table->indexes[n - 1] */
  const linecard_table* table;
  const linecard_value* prefix; /* a null matches null */
  size_t prefix_count;
  const linecard_value* from;  /* on the column after the prefix: from <= column; NULL: no bound */
  const linecard_value* below; /* column < below; NULL: no bound. Nulls, in rows or as bounds, are in no range */
  const linecard_value* after; /* index columns, then (index > 0) all key columns: only rows beyond these, in the */
  size_t after_count;          /* direction of the scan; 0: from the beginning */
  uint32_t limit;              /* rows at most; 0: all. The sink holds it as well */
  int32_t descending;
  int32_t for_update; /* a hint: this transaction will change what it reads */
  int32_t drifted;    /* asks a store that keeps columns in a host's own table for the rows the host has changed or */
                      /* removed there since, as they were last written here; any other store may ignore it */
} linecard_scan_request;

typedef struct linecard_sink linecard_sink;

/* For scan to call with each row: `count` values in the order of the table's columns, copied before return. `request`
 * counts the requests from 0 and never falls. 1: go on; 0: no more rows of this request, go on with the next.
 * Errors: a row that cannot be (request or count out of range, version below 1, a value of no type) fails the scan.
 * Owner: none. Threads: the callback's. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_sink_row(linecard_sink* sink, size_t request, int64_t version,
                                       const linecard_value* columns, size_t count);

/* ---- writing ---------------------------------------------------------------------------------------------------- */

#define LINECARD_INSERT 0  /* `values` of all columns; version becomes 1; an equal key or unique index is a conflict */
#define LINECARD_UPDATE 1  /* `columns` get `values`, version + 1; needs expected_version */
#define LINECARD_ERASE 2   /* needs expected_version */
#define LINECARD_REQUIRE 3 /* nothing but that the row stands at expected_version */

typedef struct linecard_change {
  uint32_t struct_size;
  int32_t action;
  const linecard_table* table;
  const linecard_value* key; /* all but insert */
  size_t key_count;
  int64_t expected_version;
  const uint16_t* columns; /* update */
  size_t column_count;
  const linecard_value* values; /* insert, update */
  size_t value_count;
} linecard_change;

typedef struct linecard_failure linecard_failure;

/* Says why a callback fails, and answers `status`: return linecard_fail(...). Texts are copied; `reason` is a slug of
 * the host's own ("disk_full"), NULL for the usual one; `message` a sentence without values of rows, or NULL.
 * Errors: none. Owner: none. Threads: the callback's. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_fail(linecard_failure* failure, int32_t status, const char* reason, const char* message);

/* ---- the store -------------------------------------------------------------------------------------------------- */

#define LINECARD_READ 0
#define LINECARD_WRITE 1

/* The schema's major version: for a store that lasts to keep beside its rows.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API uint32_t linecard_schema_major(void);

/* Nobody else can write between begin(LINECARD_WRITE) and its end. */
#define LINECARD_CAP_EXCLUDES_WRITERS 1u

/* Any thread may begin; one transaction is used by one thread, one call at a time. Every transaction that begin set is
 * ended by exactly one commit that succeeds or by exactly one rollback, which also follows a failed commit. All
 * transactions are over before close. */
struct linecard_store {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;

  /* Frees `self`. The last call. */
  void (*close)(void* self);

  /* Makes missing tables, columns and indexes; never drops or renames. Called before begin, and again at each open.
   * Refuses with LINECARD_E_TOO_NEW what was made under a larger linecard_schema_major. */
  int32_t (*prepare)(void* self, const linecard_table* const* tables, size_t count, linecard_failure* failure);

  /* Sets *transaction, which may not be NULL, nor one that is open. Reads of one transaction see one state. */
  int32_t (*begin)(void* self, int32_t access, void** transaction, linecard_failure* failure);

  /* Answers the requests one after another through linecard_sink_row. */
  int32_t (*scan)(void* self, void* transaction, const linecard_scan_request* const* requests, size_t count,
                  linecard_sink* sink, linecard_failure* failure);

  /* All of them or none; each sees those before it. On LINECARD_E_CONFLICT *conflicting says which one, from 0. After
   * a failure only rollback follows. */
  int32_t (*apply)(void* self, void* transaction, const linecard_change* const* changes, size_t count,
                   size_t* conflicting, linecard_failure* failure);

  /* Durable when it succeeds. The last thing it does then is to add 1 to *commits: the evidence that it came that far.
   * May answer LINECARD_E_CONFLICT when a conflict shows only now. */
  int32_t (*commit)(void* self, void* transaction, uint64_t* commits, linecard_failure* failure);

  void (*rollback)(void* self, void* transaction);

  uint32_t caps;
  uint32_t reserved; /* 0 */

  /* Not needed: NULL when not offered. Sets *counter to another number than before, never 0, whenever anybody, in any
   * process, may have committed since: equal numbers mean that nothing has changed. Any thread, at any time; fast: no
   * lock, no system call. An answer other than LINECARD_DONE: cannot tell now. */
  int32_t (*change_counter)(void* self, uint64_t* counter);

  /* Not needed: NULL when not offered. Waits for a commit that `seen` does not know of, or until the time is over, and
   * sets *next to the number to pass next time, never 0. `seen` 0: answers at once. It may return early, and misses no
   * commit. The numbers are those of change_counter, where there is one. Any thread, many at once. */
  int32_t (*wait_for_change)(void* self, uint64_t seen, int32_t timeout_ms, uint64_t* next, linecard_failure* failure);
};

#define LINECARD_STORE_INIT                                                                                            \
  { sizeof(linecard_store), LINECARD_ABI, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL }

/* ---- is it a store? ---------------------------------------------------------------------------------------------- */

#define LINECARD_STORE_FRESH 0    /* over empty storage */
#define LINECARD_STORE_REOPENED 1 /* over the storage of the last fresh one, which is closed by then */
#define LINECARD_STORE_BESIDE 2   /* the same, while the others are open: as a second process would */

#define LINECARD_OFFERS_REOPENED 1u               /* `open` knows LINECARD_STORE_REOPENED */
#define LINECARD_OFFERS_BESIDE 2u                 /* and LINECARD_STORE_BESIDE */
#define LINECARD_OFFERS_READERS_BESIDE_WRITERS 4u /* a write transaction may be open while readers read */

#define LINECARD_PROMISE_BROKEN 0
#define LINECARD_PROMISE_KEPT 1
#define LINECARD_PROMISE_UNTRIED 2 /* `offers` leaves out what it needs */

/* How to try a host's store. Before a release, not in one. */
typedef struct linecard_store_check {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;

  /* A store to try, whose vtable is copied when this returns; NULL when there is none. Closed as any other. */
  const linecard_store* (*open)(void* self, int32_t how);

  /* Each verdict as it falls, as lines of text to print: the promise, and when it is broken the operations that broke
   * it, what was expected and what came. 1: go on; 0: enough. */
  int32_t (*told)(void* self, int32_t verdict, const char* text);

  const char* only; /* only promises that contain this text; NULL: all of them */
  uint32_t offers;
  uint32_t reserved; /* 0 */
} linecard_store_check;

#define LINECARD_STORE_CHECK_INIT                                                                                      \
  { sizeof(linecard_store_check), LINECARD_ABI, NULL, NULL, NULL, NULL, 0, 0 }

/* Tries on a host's store everything that linecard_store promises; OK when no promise is broken.
 * Errors: E_CALLBACK "promises_broken" (also when no promise contains `only`), "check_stopped" (told answered no 1);
 * E_INVALID "check_incomplete" (a callback is NULL), "abi_invalid", "reserved_invalid"; E_TOO_NEW "abi_too_new".
 * Owner: none. Threads: any; it starts a few of its own, which end with it. Callbacks: check's, and all of the stores';
 * the stores' on several threads. Since 0.1. */
LINECARD_API int32_t linecard_check_store(const linecard_store_check* check, linecard_error** error);

/* ---- clock and chance ------------------------------------------------------------------------------------------- */

/* Sets *milliseconds since 1970-01-01T00:00:00Z. Any thread, several at once. */
struct linecard_clock {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*now)(void* self, int64_t* milliseconds);
};

#define LINECARD_CLOCK_INIT                                                                                            \
  { sizeof(linecard_clock), LINECARD_ABI, NULL, NULL, NULL }

/* Fills `length` bytes. Keys come from here: for replay and tests only. Any thread, several at once. */
struct linecard_random {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*fill)(void* self, void* into, size_t length);
};

#define LINECARD_RANDOM_INIT                                                                                           \
  { sizeof(linecard_random), LINECARD_ABI, NULL, NULL, NULL }

/* ---- being told ------------------------------------------------------------------------------------------------- */

/* A command that changed something and is committed. */
typedef struct linecard_commit {
  uint32_t struct_size;
  int32_t reserved;
  linecard_id actor_id; /* the identity that ran it; 0: the directory itself (linecard_bootstrap_operator) */
  linecard_id scope_id; /* where it ran */
  int64_t audit_seq;    /* its entry in that scope's chain; 0: none there */
  const char* command;  /* "assign_package" */
  const char* receipt;  /* JSON, as the command's call answers it; names personal values, never a secret */
  size_t receipt_length;
} linecard_commit;

/* Called on the thread that committed, once for each such command, in order, before its call returns, with no
 * transaction and no lock held. It cannot undo the commit: a failure is logged and counted, the call succeeds all the
 * same. Commands of several threads may be told in another order than they were committed; audit_seq tells. Previews
 * and refusals are not told. Any thread, several at once. */
struct linecard_observer {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*after_commit)(void* self, const linecard_commit* commit);
};

#define LINECARD_OBSERVER_INIT                                                                                         \
  { sizeof(linecard_observer), LINECARD_ABI, NULL, NULL, NULL }

#define LINECARD_LOG_ERROR 1   /* somebody has to do something */
#define LINECARD_LOG_WARNING 2 /* denied, contended */
#define LINECARD_LOG_INFO 3    /* created, opened, refused */
#define LINECARD_LOG_DEBUG 4   /* rerun, committed */

/* Its layout is frozen. An integer, a text (not NUL-terminated) or null. */
typedef struct linecard_log_field {
  const char* name;
  linecard_value content;
} linecard_log_field;

/* `event` is a stable slug, names of fields are stable too; the wording of `message` may change. Events and their
 * fields: error "store_failed" (operation, scope_id, reason, path), "after_commit_failed" (operation, scope_id);
 * warning "denied" (as store_failed), "contended" (operation, scope_id); info "created", "opened" (platform_id),
 * "refused" (as store_failed); debug "rerun" (operation, scope_id), "committed" (operation, scope_id, audit_seq,
 * microseconds); "mail_failed" and "errand_failed", warning when given up and info when tried again (operation,
 * scope_id, message_id or errand_id, reason, attempt). */
typedef struct linecard_log_event {
  uint32_t struct_size;
  int32_t level; /* LINECARD_LOG_ */
  const char* event;
  const char* message;
  const linecard_log_field* fields;
  size_t field_count;
} linecard_log_event;

/* Called on the thread whose call it tells about, with no transaction and no lock held. A failure is counted, and no
 * more. Any thread, several at once. No secret is ever in it. */
struct linecard_log {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*write)(void* self, const linecard_log_event* event);
  int32_t level;    /* what is less grave is not made; 0: LINECARD_LOG_INFO */
  int32_t personal; /* 1: ids and values of persons, too: field actor_id, and what refusals say */
};

#define LINECARD_LOG_INIT                                                                                              \
  { sizeof(linecard_log), LINECARD_ABI, NULL, NULL, NULL, 0, 0 }

/* ---- the mailer -------------------------------------------------------------------------------------------------- */

/* A letter: what it says, field by field, and the same in words. No member is NULL; texts are UTF-8 and NUL-terminated.
 * Names are one line each without control or bidirectional formatting characters. link, code, and whatever was rendered
 * from them are secrets: pass them on and keep them nowhere, logs included; they are overwritten after the call. */
typedef struct linecard_letter {
  uint32_t struct_size;
  int32_t attempt;        /* from 1 */
  const char* message_id; /* the same for every attempt: deliver one of these once */
  const char* letter;     /* "welcome", "password_reset"... */
  const char* language;   /* of the words, BCP 47 */
  linecard_id tenant_id;  /* 0: none */
  linecard_id user_id;
  linecard_id delegate_id;
  const char* sender;
  const char* sender_name;
  const char* address; /* whom it is for; RFC 5321, ASCII */
  const char* first_name;
  const char* last_name;
  const char* tenant;
  const char* link;      /* "": it has none */
  const char* code;      /* "": it has none */
  int64_t useless_after; /* milliseconds since 1970; 0: never */
  const char* subject;
  const char* text;
  const char* html;
  const char* source; /* all of it as one RFC 5322 message, 7-bit, lines ended by CRLF */
  size_t source_length;
} linecard_letter;

/* Called on the thread that pumps, on several at once if the host pumps on several, with no transaction and no lock
 * held. LINECARD_DONE: delivered, or queued by somebody who lasts. Otherwise, best as
 * `return linecard_fail(failure, status, "smtp_timeout", NULL);`
 *   LINECARD_E_BUSY     try again later
 *   LINECARD_E_INVALID  this letter or address was refused: a dead letter, which somebody may retry
 *   LINECARD_E_DENIED   this mailer can never do it: a dead letter as well
 * Anything else, a C++ exception included, is tried again later, reason "mailer_callback". The reason given, a slug, is
 * what "messages" lists. It has ten minutes: then another pump may try. */
struct linecard_mailer {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*send)(void* self, const linecard_letter* letter, linecard_failure* failure);
};

#define LINECARD_MAILER_INIT                                                                                           \
  { sizeof(linecard_mailer), LINECARD_ABI, NULL, NULL, NULL }

/* ---- stolen passwords -------------------------------------------------------------------------------------------- */

/* Whether a password that somebody chooses is among those known to be stolen: sets *known to 1 (it is refused,
 * E_INVALID "password_breached") or 0. `password` is `length` bytes of UTF-8 in NFKC, a secret: keep it nowhere, logs
 * included. Called on the thread of the command, with no transaction and no lock held: it may take its time. Any
 * thread, several at once; never with a password that somebody signs in with.
 *
 * A password that cannot be looked up is not accepted, and its link stays good. LINECARD_E_BUSY, best as
 * `return linecard_fail(failure, LINECARD_E_BUSY, "list_unreachable", NULL);`, becomes E_BUSY with that reason, or
 * "breaches_busy": try again. Anything else, and LINECARD_DONE with *known neither 1 nor 0, becomes E_CALLBACK
 * "breaches_callback". */
struct linecard_breaches {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*breached)(void* self, const char* password, size_t length, int32_t* known, linecard_failure* failure);
};

#define LINECARD_BREACHES_INIT                                                                                         \
  { sizeof(linecard_breaches), LINECARD_ABI, NULL, NULL, NULL }

/* ---- new numbers, and people's messages -------------------------------------------------------------------------- */

/* An order of one direct number (get_number). Texts are UTF-8 and NUL-terminated, never NULL. */
typedef struct linecard_number_order {
  uint32_t struct_size;
  int32_t reserved;
  const char* order_id; /* the same however often it is ordered: seen again, give what was given, and buy nothing */
  linecard_id tenant_id;
  linecard_id user_id; /* whom it is for; 0: the tenant's inventory */
  const char* prefix;  /* how it should begin, "+1416"; "": any */
} linecard_number_order;

typedef struct linecard_bought linecard_bought;

/* Says which number was bought, E.164, and answers LINECARD_DONE: `return linecard_give_number(bought,
 * "+14165550100");` The text is copied. Given twice, the later one counts. Errors: none. Owner: none. Threads: the
 * callback's. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_give_number(linecard_bought* bought, const char* direct_number);

/* Called on the thread that runs get_number or linecard_pump_errands, on several at once, with no transaction and no
 * lock held. It answers LINECARD_DONE after linecard_give_number; or `return linecard_fail(failure, status,
 * "shop_closed", NULL);` with LINECARD_E_BUSY (ask again later: the order stands) or LINECARD_E_DENIED (never: nothing
 * was bought, and the order is over). Anything else, a C++ exception included, is asked again later, reason
 * "provider_callback"; so is LINECARD_OK, which is 0 and no answer, reason "answered_ok", and LINECARD_DONE without a
 * number, reason "number_invalid". The reason given, a slug, is get_number's. It has ten minutes: then somebody else
 * may ask. */
struct linecard_provider {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*order)(void* self, const linecard_number_order* wanted, linecard_bought* bought, linecard_failure* failure);
};

#define LINECARD_PROVIDER_INIT                                                                                         \
  { sizeof(linecard_provider), LINECARD_ABI, NULL, NULL, NULL }

/* One user's voice, text and fax messages are to be another's. Texts as above. */
typedef struct linecard_handover {
  uint32_t struct_size;
  int32_t reserved;
  const char* handover_id; /* the same however often it is told: hand one of these over once */
  linecard_id tenant_id;
  linecard_id user_id;
  linecard_id to_user_id;
  const char* external_ref; /* the host's own ids of the two; "": none, or the person is gone */
  const char* to_external_ref;
} linecard_handover;

/* As a linecard_provider: LINECARD_DONE when they are handed over, or somebody who lasts will do it; what
 * LINECARD_E_DENIED refuses stands in the query "errands" until "retry_errand". Anything else: "assets_callback". */
struct linecard_assets {
  uint32_t struct_size;
  uint32_t abi; /* LINECARD_ABI */
  void* self;
  void (*destroy)(void* self); /* NULL allowed */
  int32_t (*hand_over)(void* self, const linecard_handover* what, linecard_failure* failure);
};

#define LINECARD_ASSETS_INIT                                                                                           \
  { sizeof(linecard_assets), LINECARD_ABI, NULL, NULL, NULL }

#ifdef __cplusplus
}
#endif

#endif /* LINECARD_ADAPTERS_H */
