/* linecard: what a telephone system asks while a call waits. Whose line is it, does it ring, where is it forwarded,
 * what may it do? Part of ABI 1 and as stable as linecard.h, which states the conventions, since 0.1.
 *
 * Answered from memory: no lock, no allocation and no look into the store while no line has changed. As fresh as
 * linecard_check: after every commit of this process, and on SQLite of any other, the first question looks before it
 * is answered. PostgreSQL and host stores do not tell of commits: there one question a second looks, and another
 * process's commit is known within that second. So call linecard_poll again and again on a thread of the host's, every
 * half second at least: then it looks, and no call has to. The first question of all makes the memory ready, which
 * takes seconds for a million users: ask one before calls come.
 *
 * When the store is away the last known lines are told, with stale_ms, as long as linecard_options.last_known_lines_s
 * says; so they are, for moments, while much is being read anew. Whatever the answer, a host must let a 911 call out: a
 * failure, found 0 or e911 0 say that linecard knows of nothing that shows who calls, never that nobody may call for
 * help.
 *
 * Where users are mapped to a table of the host's (linecard_options.mapping) there is no such memory, since nobody
 * tells when that table changes: each question reads about a dozen rows of the store, and none is answered while it is
 * away.
 *
 * No actor, no permission: it is the host that asks, for itself. What cannot be known is not found, and 0 never means
 * that something is allowed.
 */
#ifndef LINECARD_LINES_H
#define LINECARD_LINES_H

#include "linecard.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LINECARD_FEATURE_WORDS 4

/* Of the number asked for; 0 when asked otherwise. */
#define LINECARD_DID_UNASSIGNED 1
#define LINECARD_DID_DIRECT 2 /* a user's */
#define LINECARD_DID_MAIN 3   /* the company's */
#define LINECARD_DID_OTHER 4  /* a queue, a fax... */

/* The line of a user who is invited, suspended or deleted is found but does not ring, is not forwarded, may not dial
 * abroad and has no entitlement. Its numbers stay as they are: e911 and e911_caller_id are facts about them, and
 * whether a silenced telephone may still call for help is the host's to decide. Somebody deleted has none any more
 * (handed over or released, the extension is free), and is found by user only. A login that is suspended
 * (suspend_identity) cannot sign in; the line goes on until the user is suspended.
 *
 * forwarding rings beside the user's devices, for every call, and screening is always on with it: the call is given to
 * who answers there only after a key, so that none ends in a private mailbox. It is dialled at the tenant's cost: a
 * host that bars calls abroad without `international` bars these, too. That a line rings says nothing of what there is
 * to ring: an active user may have no extension and no forwarding yet.
 *
 * caller_id is the user's first direct number by number; "": they have none, and the company's main number is shown, if
 * anything. e911_caller_id is the first among those with E911 switched on, so that who answers can call back; "": none
 * has, and the host decides what to show: it must not refuse the call for that. Texts are UTF-8 and end with a NUL. */
typedef struct linecard_line {
  uint32_t struct_size;
  int32_t use; /* LINECARD_DID_ */
  linecard_id tenant_id;
  linecard_id user_id;                           /* 0: a number of the company's, or one that nobody has */
  uint64_t entitlements[LINECARD_FEATURE_WORDS]; /* LINECARD_LINE_ENTITLED reads them */
  uint32_t stale_ms;        /* 0: as the store is. Else the last known line: for so long what is newer was not read */
  uint16_t extension_count; /* of the user; 65535 also stands for more */
  uint8_t found;            /* these are 1 or 0; 0: all is 0, but stale_ms: there may be something by now */
  uint8_t rings;            /* the user is active */
  uint8_t screening;        /* who answers at forwarding presses a key first; 0 exactly when there is none */
  uint8_t international;    /* of the extension: it may dial other countries */
  uint8_t e911;             /* of the number asked for, else of any direct number of the user */
  char extension[9];        /* the one asked for, else the user's first by number */
  char forwarding[17];      /* E.164 */
  char caller_id[17];       /* E.164: what a call to the outside shows; see above */
  char e911_caller_id[17];  /* E.164: what an emergency call shows */
  char label[65];           /* of a number that is no user's: what it is used for; of more than 64 bytes the first */
} linecard_line;

#define LINECARD_LINE_INIT                                                                                             \
  { sizeof(linecard_line), 0, 0, 0, {0, 0, 0, 0}, 0, 0, 0, 0, 0, 0, 0, "", "", "", "", "" }

/* 1 when a linecard_line (itself, no pointer) is entitled to the feature of this number, else 0. */
#define LINECARD_LINE_ENTITLED(line, feature_id)                                                                       \
  ((feature_id) > 0u && (feature_id) < 256u                                                                            \
       ? (int)((line).entitlements[(feature_id) / 64u] >> ((feature_id) % 64u) & 1u)                                   \
       : 0)

/* Whose number this is (E.164). LINECARD_OK when that is known, line->found being 0 where there is no such number. On
 * failure nothing is found either, and all of *line is 0 but struct_size.
 * Errors: the store's; E_BUSY "lines_behind": what is newer is still being read, and the last known lines may not be
 * told any more. Owner: *line stays the caller's. Threads: any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_line_by_did(linecard_directory* directory, const char* e164, size_t e164_length,
                                          linecard_line* line, linecard_error** error);

/* Whose extension this is.
 * Errors: as linecard_line_by_did. Owner: *line stays the caller's. Threads: any. Callbacks: store, clock. Since 0.1.
 */
LINECARD_API int32_t linecard_line_by_extension(linecard_directory* directory, linecard_id tenant_id,
                                                const char* extension, size_t extension_length, linecard_line* line,
                                                linecard_error** error);

/* The user's own.
 * Errors: as linecard_line_by_did. Owner: *line stays the caller's. Threads: any. Callbacks: store, clock. Since 0.1.
 */
LINECARD_API int32_t linecard_line_by_user(linecard_directory* directory, linecard_id user_id, linecard_line* line,
                                           linecard_error** error);

/* By the host's own id of the user.
 * Errors: as linecard_line_by_did. Owner: *line stays the caller's. Threads: any. Callbacks: store, clock. Since 0.1.
 */
LINECARD_API int32_t linecard_line_by_external_ref(linecard_directory* directory, linecard_id tenant_id,
                                                   const char* external_ref, size_t external_ref_length,
                                                   linecard_line* line, linecard_error** error);

/* `count` numbers at once (NUL-terminated), the nth answer for the nth number. line_size: sizeof(linecard_line), as the
 * program knows it; every struct_size is set. Nothing is found when the call fails.
 * Errors: as linecard_line_by_did, and E_INVALID "line_size_invalid". Owner: the arrays stay the caller's. Threads:
 * any. Callbacks: store, clock. Since 0.1. */
LINECARD_API int32_t linecard_lines_by_did(linecard_directory* directory, const char* const* e164, size_t count,
                                           linecard_line* lines, size_t line_size, linecard_error** error);

/* The number, 1 to 255, of a feature that some package carries, for LINECARD_LINE_ENTITLED. Good in this open directory
 * only: ask once after each open.
 * Errors: E_INVALID "feature_unknown"; E_LIMIT "too_many_features".
 * Owner: none. Threads: any. Callbacks: store. Since 0.1. */
LINECARD_API int32_t linecard_find_feature(linecard_directory* directory, const char* feature, size_t feature_length,
                                           uint32_t* feature_id, linecard_error** error);

#ifdef __cplusplus
}
#endif

#endif /* LINECARD_LINES_H */
