/* linecard: the part of a phone system that knows its people. The C API, ABI 1 (liblinecard.so.1), since 0.1.
 *
 * Conventions, held by every function below:
 *  - Status. Fallible calls return LINECARD_OK or a negative LINECARD_E_ code. Their last argument, `error`, may be
 *    NULL; otherwise *error becomes NULL on success and an object to free with linecard_error_free on failure.
 *    On failure every other out-parameter becomes NULL or 0. linecard_check and linecard_check_id alone answer 1 or 0.
 *  - Errors every such call may answer besides its own: E_INVALID "argument_null" (path names the argument),
 *    "<field>_invalid" (no UTF-8, or a NUL inside), "directory_closed"; E_WRONG_KIND "wrong_kind" (path names the id);
 *    E_REENTRANT "actor_in_use", "in_callback"; E_FORKED "forked"; E_CALLBACK "store_callback", "clock_callback",
 *    "random_callback", "callback_jumped"; E_BUSY "store_busy"; E_STORE; E_NO_MEMORY "no_memory" (a
 *    command was then done whole or not at all: look); E_INTERNAL.
 *    Below, "Errors:" names what is particular; "none" means that the call cannot fail.
 *  - Text in: UTF-8 at (pointer, length), copied before return; length LINECARD_NUL_TERMINATED means up to the NUL.
 *    Members of structs are NUL-terminated. Text out: borrowed until its object is freed, never NULL unless said,
 *    NUL-terminated, and with its length.
 *  - Owner: what comes through a pointer to a pointer is the caller's, to free with the function of its type.
 *    Freeing NULL does nothing. What a `const char *` result points at belongs to the object asked, or is static.
 *  - Threads: "any" means at any time from any thread. "actor" means any thread, one call at a time on one actor; a
 *    second one at the same time is refused with E_REENTRANT. "last" means that nobody uses the handle any more.
 *  - Callbacks: which of the host's (linecard_adapters.h) a call may invoke, on the calling thread; besides, a call
 * that may invoke the store may invoke the log, and a command's call, once it is committed, the observer. A callback
 * may not use the directory that called it (E_REENTRANT) and may not longjmp out (the directory is refused from then
 * on).
 *  - Ids are 64-bit numbers that carry their kind; 0 is "none". In JSON they are text: "user_01hf9k2m4q7x".
 *  - Structs begin with struct_size; initialise them with their _INIT macro. Zero means default. A shorter struct than
 *    the library's is filled up with defaults; a longer one is taken when its tail is zero, else E_TOO_NEW
 *    "struct_too_new". E_INVALID "struct_size_invalid" when it is 0.
 */
#ifndef LINECARD_H
#define LINECARD_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LINECARD_API __attribute__((visibility("default")))
#else
#define LINECARD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- library ---------------------------------------------------------------------------------------------------- */

/* Rises when something is added; hosts compare it with linecard_abi(). */
#define LINECARD_ABI 1u

/* Length of a text that ends at its NUL. */
#define LINECARD_NUL_TERMINATED SIZE_MAX

/* What the caller can do about it. Names and numbers are frozen. */
#define LINECARD_OK 0
#define LINECARD_E_INVALID (-1)    /* malformed request: mend the field that the path names */
#define LINECARD_E_NOT_FOUND (-2)  /* no such thing in this scope, another tenant's thing included */
#define LINECARD_E_DENIED (-3)     /* the actor may not do this */
#define LINECARD_E_CONFLICT (-4)   /* the present state does not permit it */
#define LINECARD_E_LIMIT (-5)      /* a seat, rate or size limit is reached */
#define LINECARD_E_STALE (-6)      /* what was previewed or read has moved: look again */
#define LINECARD_E_WRONG_KIND (-7) /* an id of another kind of thing */
#define LINECARD_E_BUSY (-8)       /* try again */
#define LINECARD_E_REENTRANT (-9)  /* this actor is in use, or a callback called back */
#define LINECARD_E_FORKED (-10)    /* the process forked after open */
#define LINECARD_E_CALLBACK (-11)  /* a host callback failed or broke its contract */
#define LINECARD_E_TOO_NEW (-12)   /* written by, or meant for, a newer linecard */
#define LINECARD_E_STORE (-13)     /* the store failed */
#define LINECARD_E_NO_MEMORY (-14)
#define LINECARD_E_INTERNAL (-15) /* a defect of linecard, or damaged data */

/* What an id names. Numbers are frozen. */
#define LINECARD_KIND_PLATFORM 1u
#define LINECARD_KIND_CONTAINER 2u
#define LINECARD_KIND_TENANT 3u
#define LINECARD_KIND_IDENTITY 4u
#define LINECARD_KIND_USER 5u
#define LINECARD_KIND_PACKAGE 6u
#define LINECARD_KIND_GRANT 7u
#define LINECARD_KIND_MESSAGE 8u

typedef uint64_t linecard_id;

typedef struct linecard_directory linecard_directory; /* an open directory: "any" */
typedef struct linecard_actor linecard_actor;         /* a principal in one scope: "actor" */
typedef struct linecard_text linecard_text;           /* immutable: "any" */
typedef struct linecard_list linecard_list;           /* immutable: "any" */
typedef struct linecard_error linecard_error;         /* immutable: "any" */

/* Vtables of a host's own store, clock and source of chance, and of what it wants to be told: linecard_adapters.h. */
typedef struct linecard_store linecard_store;
typedef struct linecard_clock linecard_clock;
typedef struct linecard_random linecard_random;
typedef struct linecard_observer linecard_observer;
typedef struct linecard_log linecard_log;
typedef struct linecard_mailer linecard_mailer;
typedef struct linecard_breaches linecard_breaches;
typedef struct linecard_provider linecard_provider;
typedef struct linecard_assets linecard_assets;

/* The LINECARD_ABI of the library that was loaded.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API uint32_t linecard_abi(void);

/* "0.1.0".
 * Errors: none. Owner: static. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_version(void);

/* "ok", "invalid", "not_found"...; "unknown" for a number that is no status.
 * Errors: none. Owner: static. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_status_name(int32_t status);

/* Bytes of an open struct as this library knows it, by its name ("linecard_options"); 0 for a name it does not know.
 * For bindings that lay structs out by hand.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API uint32_t linecard_struct_size(const char* name);

/* Every operation of linecard_call with its JSON Schema, and the names of the permissions:
 * {"linecard", "operations": {name: {"kind", "about", "needs", "acts_in", "request", "answer"}}, "permissions": [...]}.
 * Errors: none of its own. Owner: *schema is the caller's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_describe(linecard_text** schema, linecard_error** error);

/* ---- errors and texts ------------------------------------------------------------------------------------------- */

/* The LINECARD_E_ code; LINECARD_OK for NULL.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_error_status(const linecard_error* error);

/* Why: a stable slug such as "no_seat_left", "" for NULL.
 * Errors: none. Owner: the error's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_error_reason(const linecard_error* error);

/* Where: a JSON pointer into the request ("/user_ids/3") or to the argument ("/user_id"); "" when no field is to blame.
 * Errors: none. Owner: the error's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_error_path(const linecard_error* error);

/* A sentence for a person; its wording may change.
 * Errors: none. Owner: the error's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_error_message(const linecard_error* error);

/* Of E_LIMIT "too_many_tries": milliseconds until the next try is allowed. Else 0.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int64_t linecard_error_retry_after_ms(const linecard_error* error);

/* Errors: none. Owner: releases it. Threads: last. Callbacks: none. Since 0.1. */
LINECARD_API void linecard_error_free(linecard_error* error);

/* The bytes, "" for NULL.
 * Errors: none. Owner: the text's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_text_data(const linecard_text* text);

/* Bytes before the closing NUL, 0 for NULL.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API size_t linecard_text_length(const linecard_text* text);

/* Overwrites the bytes before it releases them: a text may hold a host key.
 * Errors: none. Owner: releases it. Threads: last. Callbacks: none. Since 0.1. */
LINECARD_API void linecard_text_free(linecard_text* text);

/* ---- ids -------------------------------------------------------------------------------------------------------- */

/* Bytes that hold the text of any id, NUL included. */
#define LINECARD_ID_CAPACITY 32

/* LINECARD_KIND_ of the id; 0 for 0.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API uint32_t linecard_id_kind(linecard_id id);

/* Writes "user_01hf9k2m4q7x" and a NUL into `buffer` of `capacity` bytes.
 * Errors: E_INVALID "id_invalid" (0, or no kind of thing), "buffer_too_small".
 * Owner: the buffer is the caller's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_id_text(linecard_id id, char* buffer, size_t capacity, linecard_error** error);

/* The id that `text` spells, of any kind.
 * Errors: E_INVALID "text_invalid" (not an id's one spelling).
 * Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_id_parse(const char* text, size_t length, linecard_id* id, linecard_error** error);

/* ---- directories ------------------------------------------------------------------------------------------------ */

/* How letters leave, fixed when the directory is opened and never taken from a request. At most one of mailer, spool
 * and smtp: a directory with none of them queues, and another process on the same store delivers. */
typedef struct linecard_mail {
  uint32_t struct_size;
  int32_t reserved;              /* 0 */
  const linecard_mailer* mailer; /* the host's own; copied, destroyed exactly once, on failure too */
  const char* spool;             /* a folder that exists: each letter becomes <message_id>.eml, mode 0600 */
  const char* smtp;              /* {"url": "smtp://mail.example:587", "user": "...", "password": "..."}, see below */
  const char* link_base;         /* https address ending in '/', '=' or '#'; the token is appended */
  const char* sender;            /* the address letters are from */
  const char* sender_name;       /* NULL: none */
  const char* templates;         /* {"templates": [...]}, see below; NULL: the library's words */
} linecard_mail;

#define LINECARD_MAIL_INIT                                                                                             \
  { sizeof(linecard_mail), 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/* smtp, beside url: "user" and "password" (none: no login), "ca_file" (PEM; none: the system's), "tls" ("required",
 * which is STARTTLS with smtp:// and TLS from the start with smtps://, or "none", which takes no password),
 * "timeout_ms" (of a whole letter; 60000).
 *
 * templates replace the words of letters one by one, in the part of Mustache that has variables, sections, inverted
 * sections and comments:
 *   {"templates": [{"letter": "welcome", "language": "en", "subject": "Welcome to {{tenant}}",
 *                   "text": "Hello {{first_name}},\n\n{{link}}\n", "html": ""}]}
 * with first_name, last_name, tenant, link, code, expires, sender_name. Letters: welcome, joined, delegate_invitation,
 * password_reset, reinvitation, password_changed, sign_in_code, address_confirmation,
 * backup_address_changed. Without html it is made from text, a paragraph for each block between blank lines; values are
 * escaped in it. A language serves its regions too (RFC 4647, 3.4). */

/* How people sign in. Costs can be raised above the default, not lowered; 0 is the default. */
typedef struct linecard_sign_in {
  uint32_t struct_size;
  int32_t passwords_at_once; /* hashed at once, each in its memory_kib, 1 to 1024; 0: 2. 16 times as many may wait */
  const char* const* older_keys; /* linecard_open only: the host keys before this one, see below */
  size_t older_key_count;
  const char* pepper;   /* 16 to 64 bytes that are mixed into every password; keep it outside the store; NULL: none */
  size_t pepper_length; /* LINECARD_NUL_TERMINATED allowed */
  uint32_t passes;      /* of Argon2id (RFC 9106), 3 to 100; 0: 3 */
  uint32_t memory_kib;  /* of Argon2id, 65536 to 1048576; 0: 65536 */
  int64_t session_ms;   /* a session's life at most, a year at most, in milliseconds; 0: twelve hours */
  int64_t idle_ms;      /* its life without being used; 0: two hours, or session_ms where that is less */
  const linecard_breaches* breaches; /* the host's look into stolen passwords; NULL: none. Copied, destroyed once */
} linecard_sign_in;

#define LINECARD_SIGN_IN_INIT                                                                                          \
  { sizeof(linecard_sign_in), 0, NULL, 0, NULL, 0, 0, 0, 0, 0, NULL }

/* The host key is rotated by opening with a new one (linecard_new_host_key) and the present one among the older_keys:
 * from then on the new one is the directory's, and opens it alone. Codes on their way are void. Older keys are needed
 * until the letters that were queued under them have left.
 *
 * A hash made with a pepper, with fewer passes or in less memory than now is made anew when its password is next used.
 * Taking the pepper away, or changing it, ends every password made with it. */

/* Exactly one of sqlite_path, postgres, memory and store names where rows are kept. */
typedef struct linecard_options {
  uint32_t struct_size;
  int32_t memory;                /* 1: in memory, for tests; lives and dies with the directory */
  const char* sqlite_path;       /* a plain file name, made when missing */
  const linecard_store* store;   /* the host's own; the vtable is copied, close called exactly once, on failure too */
  const linecard_clock* clock;   /* NULL: the system's. Copied, destroyed exactly once */
  const linecard_random* random; /* NULL: the system's generator. Replace it in tests only */
  const char* host_key;          /* for linecard_open: the text linecard_create answered */
  int32_t busy_timeout_ms;       /* patience with other writers, in milliseconds; 0: 5000; negative: none */
  int32_t last_known_lines_s;    /* for so many seconds of an outage look-ups tell the last known lines
                                    (linecard_lines.h); 0: 86400, a day; negative: never */
  const linecard_observer* observer; /* told of every commit; NULL: nobody. Copied, destroyed exactly once */
  const linecard_log* log;           /* NULL: no log. Copied, destroyed exactly once */
  const char* postgres;              /* libpq's keywords or a postgresql:// URI; its password is in no error */
  const char* postgres_schema;       /* where its tables are, made when missing; NULL: "linecard" */
  const char* mapping;               /* the host's own tables in that database, see below; NULL: none */
  const linecard_mail* mail;         /* NULL: letters are queued only */
  const linecard_sign_in* sign_in;   /* NULL: the defaults */
  const linecard_provider* provider; /* sells direct numbers; NULL: get_number is refused. Copied, destroyed once */
  const linecard_assets* assets;     /* keeps people's messages; NULL: none are handed over. Copied, destroyed once */
} linecard_options;

#define LINECARD_OPTIONS_INIT                                                                                          \
  {                                                                                                                    \
    sizeof(linecard_options), 0, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,   \
        NULL                                                                                                           \
  }

/* A host whose users stand in a table of its own, in the same SQLite file or PostgreSQL database, says in mapping where
 * their columns are, the same at every open; on PostgreSQL host_table is "schema.table" ("public.staff"):
 *   {"mapped": [{"table": "users", "host_table": "staff", "host_key": "staff_id", "reference": "external_ref",
 *                "columns": [{"column": "first_name", "host_column": "given"},
 *                            {"column": "last_name", "host_column": "family"}],
 *                "matching": [{"column": "tenant_id", "host_column": "company"}]}]}
 * host_key is one unique column of integers or text whose values never come back once removed. adopt_user with an
 * external_ref links the row of that key and needs its very names; any other newcomer becomes a row of that table. The
 * host may change and remove its rows at any time: the command "reconcile" audits that. matching, which may be left
 * out, names columns both tables have: rows of the host's where they differ are not there for the tenant. */

/* Makes tables and the platform in an empty store, and the host key: *host_key ("lckey1_..."), shown this once. Keep
 * it where the host keeps its secrets, outside the store.
 * Errors: E_INVALID "one_store_needed", "host_key_not_taken", "path_invalid", "memory_invalid", "reserved_invalid",
 * "store_incomplete" (a callback is missing), "postgres_invalid", "postgres_schema_invalid", "mapping_invalid" and
 * those of reading JSON (path within mapping), "one_mailer_needed", "mailer_incomplete", "spool_invalid",
 * "smtp_invalid", "link_base_invalid", "sender_invalid", "sender_name_invalid", "template_invalid",
 * "passwords_at_once_invalid", "passes_invalid", "memory_kib_invalid", "pepper_invalid", "sessions_invalid",
 * "breaches_incomplete", E_STORE "not_built" (this library has no PostgreSQL, or no SMTP), "store_unreachable",
 * "store_login_refused", "store_no_database", E_TOO_NEW "abi_too_new", "schema_too_new", E_CONFLICT "already_created",
 * "mapping_missing", "mapping_incomplete". Owner: both are the caller's. Threads: any. Callbacks: store, clock, random,
 * log. Since 0.1. */
LINECARD_API int32_t linecard_create(const linecard_options* options, linecard_text** host_key,
                                     linecard_directory** directory, linecard_error** error);

/* Opens what linecard_create made. A process that forks opens after the fork.
 * Errors: as linecard_create, and E_INVALID "host_key_invalid" (path "/older_keys/1", too), E_NOT_FOUND "not_created",
 * E_DENIED "wrong_host_key" (nor is one of the older keys the right one).
 * Owner: *directory is the caller's. Threads: any. Callbacks: store, clock, random, log. Since 0.1. */
LINECARD_API int32_t linecard_open(const linecard_options* options, linecard_directory** directory,
                                   linecard_error** error);

/* A new host key to rotate to, from the system's generator. No directory has it yet: see linecard_sign_in.
 * Errors: none of its own. Owner: *host_key is the caller's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_new_host_key(linecard_text** host_key, linecard_error** error);

/* Ends the directory: from now on its actors are refused with "directory_closed". The store closes with the last of
 * them. Threads that wait in linecard_poll or linecard_changes are no hindrance: they return "directory_closed" within
 * a tenth of a second. In a forked child it only releases memory; inside one of the directory's callbacks it does
 * nothing. Errors: none. Owner: releases it. Threads: last, but for those waits. Callbacks: store (close), clock,
 * random, observer, log, mailer, breaches (destroy). Since 0.1. */
LINECARD_API void linecard_close(linecard_directory* directory);

/* The root scope's id, 0 for NULL.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API linecard_id linecard_platform_id(const linecard_directory* directory);

/* 1 exactly when the identity holds the permission ("license.assign") in the scope now; 0 otherwise, every failure
 * included. `error` tells denied (E_DENIED "permission_denied") from failed; finding the reason costs a look into the
 * store, which NULL saves. scope_id 0: the platform. Answered from memory, as fresh as the store can tell: after every
 * commit of this process, and on SQLite of any other, the first check looks before it answers; on PostgreSQL and host
 * stores another process's commit is known within a second.
 * Errors: E_DENIED "permission_denied", E_INVALID "permission_unknown".
 * Owner: none. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_check(linecard_directory* directory, linecard_id identity_id, const char* permission,
                                    size_t permission_length, linecard_id scope_id, linecard_error** error);

/* The permission's number, 1 to 255, the same for ever: ask once, and check by number from then on.
 * Errors: E_INVALID "permission_unknown". Owner: none. Threads: any. Callbacks: store. Since 0.1. */
LINECARD_API int32_t linecard_permission_id(linecard_directory* directory, const char* permission,
                                            size_t permission_length, uint32_t* permission_id, linecard_error** error);

/* linecard_check by number, which never looks for the reason: 0 with *error NULL means denied. A number up to 255 that
 * nobody registered is held by the operator's role alone, which holds all that a host will ever register.
 * Errors: E_INVALID "permission_unknown". Owner: none. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_check_id(linecard_directory* directory, linecard_id identity_id, uint32_t permission_id,
                                       linecard_id scope_id, linecard_error** error);

/* `count` checks at once, the nth of each array belonging together. answers[n] is exactly 1 when allowed and 0
 * otherwise; an id that cannot be one is not allowed. All of them are 0 when the call fails.
 * Errors: none of its own. Owner: the arrays stay the caller's. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_check_many(linecard_directory* directory, const linecard_id* identity_ids,
                                         const uint32_t* permission_ids, const linecard_id* scope_ids, size_t count,
                                         uint8_t* answers, linecard_error** error);

#define LINECARD_PERMISSION_WORDS 4
/* 1 when a mask of linecard_effective has the permission of this number, else 0. */
#define LINECARD_MASK_HAS(mask, permission_id)                                                                         \
  ((permission_id) < 256u ? (int)((mask)[(permission_id) / 64u] >> ((permission_id) % 64u) & 1u) : 0)

/* All that the identity may do in the scope now: LINECARD_PERMISSION_WORDS words, a bit for each permission's number.
 * All 0 when it may do nothing, and on every failure. It is a copy: later revocations do not reach it.
 * Errors: none of its own. Owner: mask stays the caller's. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_effective(linecard_directory* directory, linecard_id identity_id, linecard_id scope_id,
                                        uint64_t* mask, linecard_error** error);

/* Hexadecimal BLAKE2b-256 over every row, or (scope_id not 0) over one tenant's. It reads everything: for tests and
 * for comparing replicas.
 * Errors: none of its own. Owner: *digest is the caller's. Threads: any. Callbacks: store. Since 0.1. */
LINECARD_API int32_t linecard_state_digest(linecard_directory* directory, linecard_id scope_id, linecard_text** digest,
                                           linecard_error** error);

/* Waits until somebody, in any process, has committed since the last poll (or since this directory was opened), or the
 * time is over. *changed 0: certainly nobody has; 1: somebody has, or the store cannot tell (it is then 1 after a tenth
 * of a second at most). Of several threads that poll at once each is told. timeout_ms 0: only looks.
 * Errors: E_INVALID "timeout_ms_invalid" (negative). Owner: none. Threads: any. Callbacks: store. Since 0.1. */
LINECARD_API int32_t linecard_poll(linecard_directory* directory, int32_t timeout_ms, int32_t* changed,
                                   linecard_error** error);

/* What one linecard_pump_mail did. */
typedef struct linecard_pumped {
  uint32_t struct_size;
  int32_t delivered;
  int32_t postponed; /* to be tried again later */
  int32_t dead;      /* given up; the query "messages" lists them, the command "retry_message" queues one again */
  int32_t lapsed;    /* not sent, for what they held had expired */
  int32_t more;      /* 1: as many were due as were asked for, so pump again */
} linecard_pumped;

#define LINECARD_PUMPED_INIT                                                                                           \
  { sizeof(linecard_pumped), 0, 0, 0, 0, 0 }

/* Delivers what is due, `limit` letters at most (1 to 10000), on this thread, with no transaction and no lock held
 * while the mailer works. At least once each: a process that dies between delivery and noting it leaves a letter that
 * is delivered again ten minutes later under the same message_id. Any number of threads and processes share the work.
 * A host calls it after commits and every minute or so. *pumped may be NULL.
 * Errors: E_INVALID "mailer_missing", "limit_invalid". Owner: the struct is the caller's. Threads: any. Callbacks:
 * mailer, store, clock, observer, log. Since 0.1. */
LINECARD_API int32_t linecard_pump_mail(linecard_directory* directory, int32_t limit, linecard_pumped* pumped,
                                        linecard_error** error);

/* What one linecard_pump_errands did. */
typedef struct linecard_errands_pumped {
  uint32_t struct_size;
  int32_t done;
  int32_t postponed; /* to be asked again later */
  int32_t refused;   /* for good, or given up; the query "errands" lists what stands, "retry_errand" asks again */
  int32_t more;      /* 1: as many were due as were asked for, so pump again */
  int32_t reserved;
} linecard_errands_pumped;

#define LINECARD_ERRANDS_PUMPED_INIT                                                                                   \
  { sizeof(linecard_errands_pumped), 0, 0, 0, 0, 0 }

/* Asks provider and assets what they did not do when a command ran, `limit` errands at most (1 to 10000), on this
 * thread, with no transaction and no lock held meanwhile. At least once each, under the same order or handover id: a
 * process that dies between the answer and noting it leaves an errand that is asked again ten minutes later. Any number
 * of threads and processes share the work; what this directory has nobody to ask for is left to others. Then it forgets
 * what is over, as linecard_pump_mail does, personal data of deleted users among it: without a mailer, call this one.
 * *pumped may be NULL. Errors: E_INVALID "limit_invalid". Owner: the struct is the caller's.
 * Threads: any. Callbacks: provider, assets, store, clock, observer, log. Since 0.1. */
LINECARD_API int32_t linecard_pump_errands(linecard_directory* directory, int32_t limit,
                                           linecard_errands_pumped* pumped, linecard_error** error);

#define LINECARD_COUNTERS_JSON 0
#define LINECARD_COUNTERS_PROMETHEUS 1 /* Prometheus' text format, version 0.0.4 */

/* What this directory has done since it was opened: commands run and refused by name, refusals by reason, reruns, time
 * in the store, failures of observer and log.
 * Errors: E_INVALID "format_invalid". Owner: *text is the caller's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_counters(linecard_directory* directory, int32_t format, linecard_text** text,
                                       linecard_error** error);

/* ---- actors ----------------------------------------------------------------------------------------------------- */

/* Once for each directory: the first operator, acting on the platform.
 * Errors: E_CONFLICT "already_bootstrapped", E_INVALID "email_invalid".
 * Owner: *actor is the caller's. Threads: any. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_bootstrap_operator(linecard_directory* directory, const char* email, size_t email_length,
                                                 linecard_actor** actor, linecard_error** error);

/* For a host that authenticated the person itself. scope_id: a container, a tenant, or 0 for the platform.
 * Errors: E_NOT_FOUND "identity_unknown", "scope_unknown", E_DENIED "identity_suspended", E_INVALID "wrong_scope".
 * Owner: *actor is the caller's. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_actor_open(linecard_directory* directory, linecard_id identity_id, linecard_id scope_id,
                                         linecard_actor** actor, linecard_error** error);

/* The same, the person named by e-mail address.
 * Errors: as linecard_actor_open. Owner: *actor is the caller's. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_actor_open_email(linecard_directory* directory, const char* email, size_t email_length,
                                               linecard_id scope_id, linecard_actor** actor, linecard_error** error);

/* Somebody who has not signed in: may call what "anybody" may ("sign_in", "accept_invitation"...), on the platform.
 * The answers of these tell nothing but that it was done, and of a sign-in its token.
 * Errors: none of its own. Owner: *actor is the caller's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int32_t linecard_actor_open_visitor(linecard_directory* directory, linecard_actor** actor,
                                                 linecard_error** error);

/* Who signed in: the token is that of the answer to "sign_in" or "confirm_code". The actor ends with the session.
 * Errors: E_DENIED "token_invalid", "session_over", E_NOT_FOUND "scope_unknown", E_INVALID "wrong_scope".
 * Owner: *actor is the caller's. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_actor_open_session(linecard_directory* directory, const char* token, size_t token_length,
                                                 linecard_id scope_id, linecard_actor** actor, linecard_error** error);

/* Errors: none, 0 for NULL. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API linecard_id linecard_actor_identity(const linecard_actor* actor);

/* The container, tenant or platform acted in.
 * Errors: none, 0 for NULL. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API linecard_id linecard_actor_scope(const linecard_actor* actor);

/* An actor in use, by another thread or by the call whose callback this is, is not freed.
 * Errors: none. Owner: releases it. Threads: last.
 * Callbacks: as linecard_close when the directory is closed. Since 0.1. */
LINECARD_API void linecard_actor_free(linecard_actor* actor);

/* ---- the main job ----------------------------------------------------------------------------------------------- */
/* Each of these may also answer E_DENIED "permission_denied", "actor_expired", E_INVALID "wrong_scope" and
 * "<field>_missing", E_BUSY "contended". */

/* In the platform's scope.
 * Errors: E_CONFLICT "name_taken". Owner: none. Threads: actor. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_create_container(linecard_actor* actor, const char* name, size_t name_length,
                                               linecard_id* container_id, linecard_error** error);

/* In a container's scope.
 * Errors: E_CONFLICT "name_taken". Owner: none. Threads: actor. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_create_tenant(linecard_actor* actor, const char* name, size_t name_length,
                                            linecard_id* tenant_id, linecard_error** error);

/* A person to be a user of the tenant. Texts are NUL-terminated; NULL leaves the default or nothing. */
typedef struct linecard_new_user {
  uint32_t struct_size;
  int32_t send_welcome;     /* 1: queue the welcome message. linecard_add_user only */
  const char* first_name;   /* needed */
  const char* last_name;    /* needed */
  const char* email;        /* needed */
  const char* language;     /* BCP 47; NULL: "en" */
  const char* role;         /* "administrator", "tenant", one defined here...; NULL: "member" */
  linecard_id package_id;   /* 0: Unassigned */
  const char* external_ref; /* the host's own id, unique in the tenant. This and the rest: linecard_adopt_user only */
  const char* extension;    /* 2 to 8 digits, unique in the tenant */
  const char* team_role;    /* the PBX's word, such as "agent" */
  const char* forwarding_number; /* E.164 */
} linecard_new_user;

#define LINECARD_NEW_USER_INIT                                                                                         \
  { sizeof(linecard_new_user), 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL }

/* Invites: the user is listed at once as invited; a package reserves a seat.
 * Errors: E_CONFLICT "already_a_user", E_DENIED "role_exceeds_own", E_NOT_FOUND "role_unknown", E_INVALID
 * "field_not_taken" (a member for linecard_adopt_user only); with a package those of linecard_assign_package. Owner:
 * none. Threads: actor. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_add_user(linecard_actor* actor, const linecard_new_user* newcomer, linecard_id* user_id,
                                       linecard_error** error);

/* Takes over a user the host already has: active at once, without invitation or mail.
 * Errors: as linecard_add_user, and E_CONFLICT "external_ref_taken", "extension_taken".
 * Owner: none. Threads: actor. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_adopt_user(linecard_actor* actor, const linecard_new_user* newcomer, linecard_id* user_id,
                                         linecard_error** error);

/* Gives an Unassigned user a base package, or any user an add-on. Holding it already changes nothing. The receipt
 * (JSON) names everything changed, before and after; pass NULL to do without.
 * Errors: E_NOT_FOUND "user_unknown", "package_unknown"; E_CONFLICT "already_assigned", "package_not_offered",
 * "package_retired", "service_not_enabled"; E_LIMIT "no_seat_left".
 * Owner: *receipt is the caller's. Threads: actor. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_assign_package(linecard_actor* actor, linecard_id user_id, linecard_id package_id,
                                             linecard_text** receipt, linecard_error** error);

/* Moves a user from the present base package to another, in one step.
 * Errors: as linecard_assign_package, and E_CONFLICT "unassigned".
 * Owner: *receipt (NULL allowed) is the caller's. Threads: actor. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_change_package(linecard_actor* actor, linecard_id user_id, linecard_id package_id,
                                             linecard_text** receipt, linecard_error** error);

/* Takes a package from a user; package_id 0: the base package. Not holding it changes nothing.
 * Errors: E_NOT_FOUND "user_unknown".
 * Owner: *receipt (NULL allowed) is the caller's. Threads: actor. Callbacks: store, clock, random. Since 0.1. */
LINECARD_API int32_t linecard_unassign_package(linecard_actor* actor, linecard_id user_id, linecard_id package_id,
                                               linecard_text** receipt, linecard_error** error);

/* Users by last name, then first name. `search` (NULL: everyone) matches any part of names or e-mail, ignoring case
 * and accents. after: linecard_list_next of the page before, or 0. limit: 1 to 500, or 0 for 50.
 * Columns: user_id, name, initials, email, package, package_id, state, administrator, external_ref.
 * Errors: E_NOT_FOUND "user_unknown" (/after). Owner: *list is the caller's. Threads: actor. Callbacks: store, clock.
 * Since 0.1. */
LINECARD_API int32_t linecard_list_users(linecard_actor* actor, const char* search, size_t search_length,
                                         linecard_id after, int32_t limit, linecard_list** list,
                                         linecard_error** error);

/* One user in full: a list of one row. Columns: user_id, identity_id, state, first_name, last_name, email, language,
 * administrator, external_ref, package, package_id, add_ons, team_role, forwarding_number, extensions, devices,
 * features, created_at (add_ons, extensions, devices and features as JSON text).
 * Errors: E_NOT_FOUND "user_unknown".
 * Owner: *list is the caller's. Threads: actor. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_find_user(linecard_actor* actor, linecard_id user_id, linecard_list** list,
                                        linecard_error** error);

/* The same by e-mail address.
 * Errors: E_NOT_FOUND "user_unknown".
 * Owner: *list is the caller's. Threads: actor. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_find_user_by_email(linecard_actor* actor, const char* email, size_t email_length,
                                                 linecard_list** list, linecard_error** error);

/* The same by the host's own id.
 * Errors: E_NOT_FOUND "user_unknown".
 * Owner: *list is the caller's. Threads: actor. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_find_user_by_external_ref(linecard_actor* actor, const char* external_ref,
                                                        size_t external_ref_length, linecard_list** list,
                                                        linecard_error** error);

/* What the tenant purchased of each package. Columns: package_id, name, purchased, used, reserved, free, overage, room,
 * included, purchase_limit, charging, grace_seats, grace_percent.
 * Errors: none of its own. Owner: *list is the caller's. Threads: actor. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_list_seat_pools(linecard_actor* actor, linecard_list** list, linecard_error** error);

/* Every package by name, and for each that cannot be assigned here the reason. Columns: package_id, name, kind,
 * price_minor, currency, selectable, reason, message.
 * Errors: none of its own. Owner: *list is the caller's. Threads: actor. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_list_selectable_packages(linecard_actor* actor, linecard_list** list,
                                                       linecard_error** error);

/* ---- everything else: JSON -------------------------------------------------------------------------------------- */

/* Runs the command or query `operation` of linecard_describe. `json` is its request, "{}" when it takes nothing; ids
 * are text, int64 is a string of digits, instants RFC 3339. A command answers its receipt, a query its answer.
 * Errors: E_NOT_FOUND "operation_unknown", E_INVALID "json_malformed", "field_unknown", "field_repeated", "wrong_type",
 * "word_unknown"; those of the operation, among them of one that sets a password those of linecard_breaches; E_CONFLICT
 * "confirmation_needed" of one marked "confirmed" in linecard_describe: it runs by linecard_confirm only.
 * Owner: *answer is the caller's. Threads: actor. Callbacks: store, clock, random, breaches, provider, assets.
 * Since 0.1. */
LINECARD_API int32_t linecard_call(linecard_actor* actor, const char* operation, size_t operation_length,
                                   const char* json, size_t json_length, linecard_text** answer,
                                   linecard_error** error);

/* What the command would do, changing nothing: the receipt (NULL allowed), and a token for linecard_confirm.
 * Errors: as linecard_call; E_INVALID "not_a_command".
 * Owner: both are the caller's. Threads: actor. Callbacks: store, clock, random, breaches. Since 0.1. */
LINECARD_API int32_t linecard_preview(linecard_actor* actor, const char* operation, size_t operation_length,
                                      const char* json, size_t json_length, linecard_text** receipt,
                                      linecard_text** token, linecard_error** error);

/* Runs what was previewed, with its instant and ids, within 15 minutes and with the same actor and request.
 * Errors: as linecard_preview; E_INVALID "token_invalid", E_STALE "token_expired", "preview_moved" (something it read
 * has changed), E_DENIED "token_of_another".
 * Owner: *receipt (NULL allowed) is the caller's. Threads: actor. Callbacks: store, clock, random, breaches, provider,
 * assets. Since 0.1. */
LINECARD_API int32_t linecard_confirm(linecard_actor* actor, const char* operation, size_t operation_length,
                                      const char* json, size_t json_length, const char* token, size_t token_length,
                                      linecard_text** receipt, linecard_error** error);

/* One command of several, as linecard_call takes it. Borrowed for the call; this struct never grows. */
typedef struct linecard_request {
  const char* operation;
  size_t operation_length;
  const char* json;
  size_t json_length;
} linecard_request;

/* Runs the commands in one transaction, all or none; each sees what those before it did. *receipts: a JSON array, one
 * for each. The path of a refusal begins with the command's index ("/1/package_id").
 * Errors: as linecard_call ("confirmation_needed" too: what runs by confirm only runs alone); E_INVALID
 * "not_a_command", "not_in_a_batch" (acts where its token says, or get_number). Owner: *receipts (NULL allowed) is the
 * caller's. Threads: actor. Callbacks: as linecard_call. Since 0.1. */
LINECARD_API int32_t linecard_call_all(linecard_actor* actor, const linecard_request* commands, size_t count,
                                       linecard_text** receipts, linecard_error** error);

/* What the query would answer after the commands; nothing is changed and nobody is told. No commands: linecard_call.
 * Errors: as linecard_call_all, but "confirmation_needed"; E_INVALID "not_a_query".
 * Owner: *answer is the caller's. Threads: actor. Callbacks: store, clock, random, breaches. Since 0.1. */
LINECARD_API int32_t linecard_ask_after(linecard_actor* actor, const linecard_request* commands, size_t count,
                                        const char* query, size_t query_length, const char* json, size_t json_length,
                                        linecard_text** answer, linecard_error** error);

/* The query "changes_since", waiting until there is an entry or the time is over; then "entries" is empty. since: the
 * sequence number of the last entry known, 0 from the beginning. limit: 1 to 500, or 0 for 50. No entry is missed; a
 * right that ends meanwhile ends the wait. The actor is in use while it waits: open one for it. timeout_ms 0: only
 * looks. Errors: E_INVALID "timeout_ms_invalid" (negative); those of the query. Owner: *answer is the caller's.
 * Threads: actor. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_changes(linecard_actor* actor, int64_t since, int32_t limit, int32_t timeout_ms,
                                      linecard_text** answer, linecard_error** error);

/* ---- lists ------------------------------------------------------------------------------------------------------ */
/* Immutable snapshots. Rows and columns count from 0; columns are asked for by name. */

/* Rows, 0 for NULL.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API size_t linecard_list_count(const linecard_list* list);

/* Columns, 0 for NULL.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API size_t linecard_list_column_count(const linecard_list* list);

/* The column's name; NULL beyond the last.
 * Errors: none. Owner: the list's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_list_column_name(const linecard_list* list, size_t column);

/* Any cell as text: ids and numbers as in JSON, without quotes; "true", "false"; lists as JSON. *length (NULL allowed)
 * is its length. NULL when there is no such row or column, or the cell is empty (not the same as "").
 * Errors: none. Owner: the list's. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API const char* linecard_list_text(const linecard_list* list, size_t row, const char* column, size_t* length);

/* The id in the cell; 0 when there is none.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API linecard_id linecard_list_id(const linecard_list* list, size_t row, const char* column);

/* The number in the cell (1 or 0 for true or false, milliseconds since 1970 for an instant); 0 when there is none.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API int64_t linecard_list_integer(const linecard_list* list, size_t row, const char* column);

/* What to pass as `after` for the next page; 0 at the end.
 * Errors: none. Owner: none. Threads: any. Callbacks: none. Since 0.1. */
LINECARD_API linecard_id linecard_list_next(const linecard_list* list);

/* Errors: none. Owner: releases it. Threads: last. Callbacks: none. Since 0.1. */
LINECARD_API void linecard_list_free(linecard_list* list);

#ifdef __cplusplus
}
#endif

#endif /* LINECARD_H */
