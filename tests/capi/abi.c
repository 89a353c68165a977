/* ABI 1, pinned: a change of any line here breaks programs that are already compiled. Macros and layouts are invisible
 * to tools that compare libraries, so they are held here. */
#include <linecard_adapters.h>
#include <linecard_lines.h>

#include <stddef.h>

#define PIN(constant, number) _Static_assert((constant) == (number), #constant)

PIN(LINECARD_ABI, 1u);
PIN(LINECARD_NUL_TERMINATED, (size_t)-1);
PIN(LINECARD_ID_CAPACITY, 32);
PIN(LINECARD_OK, 0);
PIN(LINECARD_E_INVALID, -1);
PIN(LINECARD_E_NOT_FOUND, -2);
PIN(LINECARD_E_DENIED, -3);
PIN(LINECARD_E_CONFLICT, -4);
PIN(LINECARD_E_LIMIT, -5);
PIN(LINECARD_E_STALE, -6);
PIN(LINECARD_E_WRONG_KIND, -7);
PIN(LINECARD_E_BUSY, -8);
PIN(LINECARD_E_REENTRANT, -9);
PIN(LINECARD_E_FORKED, -10);
PIN(LINECARD_E_CALLBACK, -11);
PIN(LINECARD_E_TOO_NEW, -12);
PIN(LINECARD_E_STORE, -13);
PIN(LINECARD_E_NO_MEMORY, -14);
PIN(LINECARD_E_INTERNAL, -15);
PIN(LINECARD_KIND_PLATFORM, 1u);
PIN(LINECARD_KIND_CONTAINER, 2u);
PIN(LINECARD_KIND_TENANT, 3u);
PIN(LINECARD_KIND_IDENTITY, 4u);
PIN(LINECARD_KIND_USER, 5u);
PIN(LINECARD_KIND_PACKAGE, 6u);
PIN(LINECARD_KIND_GRANT, 7u);
PIN(LINECARD_KIND_MESSAGE, 8u);
PIN(LINECARD_PERMISSION_WORDS, 4);
PIN(LINECARD_DONE, 1);
PIN(LINECARD_NULL, 0);
PIN(LINECARD_INTEGER, 1);
PIN(LINECARD_BYTES_TEXT, 2);
PIN(LINECARD_BYTES_BLOB, 3);
PIN(LINECARD_MARK_PERSONAL, 1u);
PIN(LINECARD_MARK_SECRET, 2u);
PIN(LINECARD_INSERT, 0);
PIN(LINECARD_UPDATE, 1);
PIN(LINECARD_ERASE, 2);
PIN(LINECARD_REQUIRE, 3);
PIN(LINECARD_READ, 0);
PIN(LINECARD_WRITE, 1);
PIN(LINECARD_CAP_EXCLUDES_WRITERS, 1u);
PIN(LINECARD_STORE_FRESH, 0);
PIN(LINECARD_STORE_REOPENED, 1);
PIN(LINECARD_STORE_BESIDE, 2);
PIN(LINECARD_OFFERS_REOPENED, 1u);
PIN(LINECARD_OFFERS_BESIDE, 2u);
PIN(LINECARD_OFFERS_READERS_BESIDE_WRITERS, 4u);
PIN(LINECARD_PROMISE_BROKEN, 0);
PIN(LINECARD_PROMISE_KEPT, 1);
PIN(LINECARD_PROMISE_UNTRIED, 2);
PIN(LINECARD_COUNTERS_JSON, 0);
PIN(LINECARD_COUNTERS_PROMETHEUS, 1);
PIN(LINECARD_LOG_ERROR, 1);
PIN(LINECARD_LOG_WARNING, 2);
PIN(LINECARD_LOG_INFO, 3);
PIN(LINECARD_LOG_DEBUG, 4);
PIN(sizeof(linecard_id), 8);

/* A 64-bit layout; the 32-bit one is nobody's promise yet. */
#if UINTPTR_MAX == UINT64_MAX
#define PLACE(type, member, offset) _Static_assert(offsetof(type, member) == (offset), #type "." #member)

PIN(sizeof(linecard_options), 128);
PLACE(linecard_options, struct_size, 0);
PLACE(linecard_options, memory, 4);
PLACE(linecard_options, sqlite_path, 8);
PLACE(linecard_options, store, 16);
PLACE(linecard_options, clock, 24);
PLACE(linecard_options, random, 32);
PLACE(linecard_options, host_key, 40);
PLACE(linecard_options, busy_timeout_ms, 48);
PLACE(linecard_options, last_known_lines_s, 52);
PLACE(linecard_options, observer, 56);
PLACE(linecard_options, log, 64);
PLACE(linecard_options, postgres, 72);
PLACE(linecard_options, postgres_schema, 80);
PLACE(linecard_options, mapping, 88);
PLACE(linecard_options, mail, 96);
PLACE(linecard_options, sign_in, 104);
PLACE(linecard_options, provider, 112);
PLACE(linecard_options, assets, 120);

PIN(sizeof(linecard_sign_in), 72);
PLACE(linecard_sign_in, struct_size, 0);
PLACE(linecard_sign_in, passwords_at_once, 4);
PLACE(linecard_sign_in, older_keys, 8);
PLACE(linecard_sign_in, older_key_count, 16);
PLACE(linecard_sign_in, pepper, 24);
PLACE(linecard_sign_in, pepper_length, 32);
PLACE(linecard_sign_in, passes, 40);
PLACE(linecard_sign_in, memory_kib, 44);
PLACE(linecard_sign_in, session_ms, 48);
PLACE(linecard_sign_in, idle_ms, 56);
PLACE(linecard_sign_in, breaches, 64);

PIN(sizeof(linecard_mail), 64);
PLACE(linecard_mail, struct_size, 0);
PLACE(linecard_mail, reserved, 4);
PLACE(linecard_mail, mailer, 8);
PLACE(linecard_mail, spool, 16);
PLACE(linecard_mail, smtp, 24);
PLACE(linecard_mail, link_base, 32);
PLACE(linecard_mail, sender, 40);
PLACE(linecard_mail, sender_name, 48);
PLACE(linecard_mail, templates, 56);

PIN(sizeof(linecard_request), 32);
PLACE(linecard_request, operation, 0);
PLACE(linecard_request, operation_length, 8);
PLACE(linecard_request, json, 16);
PLACE(linecard_request, json_length, 24);
PIN(sizeof(linecard_line), 192);
PLACE(linecard_line, struct_size, 0);
PLACE(linecard_line, use, 4);
PLACE(linecard_line, tenant_id, 8);
PLACE(linecard_line, user_id, 16);
PLACE(linecard_line, entitlements, 24);
PLACE(linecard_line, stale_ms, 56);
PLACE(linecard_line, extension_count, 60);
PLACE(linecard_line, found, 62);
PLACE(linecard_line, rings, 63);
PLACE(linecard_line, screening, 64);
PLACE(linecard_line, international, 65);
PLACE(linecard_line, e911, 66);
PLACE(linecard_line, extension, 67);
PLACE(linecard_line, forwarding, 76);
PLACE(linecard_line, caller_id, 93);
PLACE(linecard_line, e911_caller_id, 110);
PLACE(linecard_line, label, 127);
PIN(sizeof(linecard_pumped), 24);
PLACE(linecard_pumped, struct_size, 0);
PLACE(linecard_pumped, delivered, 4);
PLACE(linecard_pumped, postponed, 8);
PLACE(linecard_pumped, dead, 12);
PLACE(linecard_pumped, lapsed, 16);
PLACE(linecard_pumped, more, 20);

PIN(sizeof(linecard_new_user), 88);
PLACE(linecard_new_user, struct_size, 0);
PLACE(linecard_new_user, send_welcome, 4);
PLACE(linecard_new_user, first_name, 8);
PLACE(linecard_new_user, last_name, 16);
PLACE(linecard_new_user, email, 24);
PLACE(linecard_new_user, language, 32);
PLACE(linecard_new_user, role, 40);
PLACE(linecard_new_user, package_id, 48);
PLACE(linecard_new_user, external_ref, 56);
PLACE(linecard_new_user, extension, 64);
PLACE(linecard_new_user, team_role, 72);
PLACE(linecard_new_user, forwarding_number, 80);

PIN(sizeof(linecard_value), 24);
PLACE(linecard_value, type, 0);
PLACE(linecard_value, reserved, 4);
PLACE(linecard_value, number, 8);
PLACE(linecard_value, data, 16);

PIN(sizeof(linecard_column), 48);
PLACE(linecard_column, struct_size, 0);
PLACE(linecard_column, type, 4);
PLACE(linecard_column, name, 8);
PLACE(linecard_column, nullable, 16);
PLACE(linecard_column, marks, 20);
PLACE(linecard_column, initial, 24);

PIN(sizeof(linecard_index), 24);
PLACE(linecard_index, struct_size, 0);
PLACE(linecard_index, unique, 4);
PLACE(linecard_index, columns, 8);
PLACE(linecard_index, column_count, 16);

PIN(sizeof(linecard_table), 64);
PLACE(linecard_table, struct_size, 0);
PLACE(linecard_table, number, 4);
PLACE(linecard_table, name, 8);
PLACE(linecard_table, columns, 16);
PLACE(linecard_table, column_count, 24);
PLACE(linecard_table, key, 32);
PLACE(linecard_table, key_count, 40);
PLACE(linecard_table, indexes, 48);
PLACE(linecard_table, index_count, 56);

PIN(sizeof(linecard_scan_request), 80);
PLACE(linecard_scan_request, struct_size, 0);
PLACE(linecard_scan_request, index, 4);
PLACE(linecard_scan_request, table, 8);
PLACE(linecard_scan_request, prefix, 16);
PLACE(linecard_scan_request, prefix_count, 24);
PLACE(linecard_scan_request, from, 32);
PLACE(linecard_scan_request, below, 40);
PLACE(linecard_scan_request, after, 48);
PLACE(linecard_scan_request, after_count, 56);
PLACE(linecard_scan_request, limit, 64);
PLACE(linecard_scan_request, descending, 68);
PLACE(linecard_scan_request, for_update, 72);
PLACE(linecard_scan_request, drifted, 76);

PIN(sizeof(linecard_change), 72);
PLACE(linecard_change, struct_size, 0);
PLACE(linecard_change, action, 4);
PLACE(linecard_change, table, 8);
PLACE(linecard_change, key, 16);
PLACE(linecard_change, key_count, 24);
PLACE(linecard_change, expected_version, 32);
PLACE(linecard_change, columns, 40);
PLACE(linecard_change, column_count, 48);
PLACE(linecard_change, values, 56);
PLACE(linecard_change, value_count, 64);

PIN(sizeof(linecard_store), 96);
PLACE(linecard_store, struct_size, 0);
PLACE(linecard_store, abi, 4);
PLACE(linecard_store, self, 8);
PLACE(linecard_store, close, 16);
PLACE(linecard_store, prepare, 24);
PLACE(linecard_store, begin, 32);
PLACE(linecard_store, scan, 40);
PLACE(linecard_store, apply, 48);
PLACE(linecard_store, commit, 56);
PLACE(linecard_store, rollback, 64);
PLACE(linecard_store, caps, 72);
PLACE(linecard_store, reserved, 76);
PLACE(linecard_store, change_counter, 80);
PLACE(linecard_store, wait_for_change, 88);

PIN(sizeof(linecard_clock), 32);
PLACE(linecard_clock, struct_size, 0);
PLACE(linecard_clock, abi, 4);
PLACE(linecard_clock, self, 8);
PLACE(linecard_clock, destroy, 16);
PLACE(linecard_clock, now, 24);

PIN(sizeof(linecard_random), 32);
PLACE(linecard_random, struct_size, 0);
PLACE(linecard_random, abi, 4);
PLACE(linecard_random, self, 8);
PLACE(linecard_random, destroy, 16);
PLACE(linecard_random, fill, 24);

PIN(sizeof(linecard_store_check), 48);
PLACE(linecard_store_check, struct_size, 0);
PLACE(linecard_store_check, abi, 4);
PLACE(linecard_store_check, self, 8);
PLACE(linecard_store_check, open, 16);
PLACE(linecard_store_check, told, 24);
PLACE(linecard_store_check, only, 32);
PLACE(linecard_store_check, offers, 40);
PLACE(linecard_store_check, reserved, 44);
PIN(sizeof(linecard_commit), 56);
PLACE(linecard_commit, struct_size, 0);
PLACE(linecard_commit, reserved, 4);
PLACE(linecard_commit, actor_id, 8);
PLACE(linecard_commit, scope_id, 16);
PLACE(linecard_commit, audit_seq, 24);
PLACE(linecard_commit, command, 32);
PLACE(linecard_commit, receipt, 40);
PLACE(linecard_commit, receipt_length, 48);

PIN(sizeof(linecard_observer), 32);
PLACE(linecard_observer, struct_size, 0);
PLACE(linecard_observer, abi, 4);
PLACE(linecard_observer, self, 8);
PLACE(linecard_observer, destroy, 16);
PLACE(linecard_observer, after_commit, 24);

PIN(sizeof(linecard_log_field), 32);
PLACE(linecard_log_field, name, 0);
PLACE(linecard_log_field, content, 8);

PIN(sizeof(linecard_log_event), 40);
PLACE(linecard_log_event, struct_size, 0);
PLACE(linecard_log_event, level, 4);
PLACE(linecard_log_event, event, 8);
PLACE(linecard_log_event, message, 16);
PLACE(linecard_log_event, fields, 24);
PLACE(linecard_log_event, field_count, 32);

PIN(sizeof(linecard_log), 40);
PLACE(linecard_log, struct_size, 0);
PLACE(linecard_log, abi, 4);
PLACE(linecard_log, self, 8);
PLACE(linecard_log, destroy, 16);
PLACE(linecard_log, write, 24);
PLACE(linecard_log, level, 32);
PLACE(linecard_log, personal, 36);

PIN(sizeof(linecard_mailer), 32);
PLACE(linecard_mailer, struct_size, 0);
PLACE(linecard_mailer, abi, 4);
PLACE(linecard_mailer, self, 8);
PLACE(linecard_mailer, destroy, 16);
PLACE(linecard_mailer, send, 24);

PIN(sizeof(linecard_breaches), 32);
PLACE(linecard_breaches, struct_size, 0);
PLACE(linecard_breaches, abi, 4);
PLACE(linecard_breaches, self, 8);
PLACE(linecard_breaches, destroy, 16);
PLACE(linecard_breaches, breached, 24);

PIN(sizeof(linecard_letter), 168);
PLACE(linecard_letter, struct_size, 0);
PLACE(linecard_letter, attempt, 4);
PLACE(linecard_letter, message_id, 8);
PLACE(linecard_letter, letter, 16);
PLACE(linecard_letter, language, 24);
PLACE(linecard_letter, tenant_id, 32);
PLACE(linecard_letter, user_id, 40);
PLACE(linecard_letter, delegate_id, 48);
PLACE(linecard_letter, sender, 56);
PLACE(linecard_letter, sender_name, 64);
PLACE(linecard_letter, address, 72);
PLACE(linecard_letter, first_name, 80);
PLACE(linecard_letter, last_name, 88);
PLACE(linecard_letter, tenant, 96);
PLACE(linecard_letter, link, 104);
PLACE(linecard_letter, code, 112);
PLACE(linecard_letter, useless_after, 120);
PLACE(linecard_letter, subject, 128);
PLACE(linecard_letter, text, 136);
PLACE(linecard_letter, html, 144);
PLACE(linecard_letter, source, 152);
PLACE(linecard_letter, source_length, 160);

PIN(sizeof(linecard_provider), 32);
PLACE(linecard_provider, struct_size, 0);
PLACE(linecard_provider, abi, 4);
PLACE(linecard_provider, self, 8);
PLACE(linecard_provider, destroy, 16);
PLACE(linecard_provider, order, 24);

PIN(sizeof(linecard_number_order), 40);
PLACE(linecard_number_order, struct_size, 0);
PLACE(linecard_number_order, reserved, 4);
PLACE(linecard_number_order, order_id, 8);
PLACE(linecard_number_order, tenant_id, 16);
PLACE(linecard_number_order, user_id, 24);
PLACE(linecard_number_order, prefix, 32);

PIN(sizeof(linecard_assets), 32);
PLACE(linecard_assets, struct_size, 0);
PLACE(linecard_assets, abi, 4);
PLACE(linecard_assets, self, 8);
PLACE(linecard_assets, destroy, 16);
PLACE(linecard_assets, hand_over, 24);

PIN(sizeof(linecard_handover), 56);
PLACE(linecard_handover, struct_size, 0);
PLACE(linecard_handover, reserved, 4);
PLACE(linecard_handover, handover_id, 8);
PLACE(linecard_handover, tenant_id, 16);
PLACE(linecard_handover, user_id, 24);
PLACE(linecard_handover, to_user_id, 32);
PLACE(linecard_handover, external_ref, 40);
PLACE(linecard_handover, to_external_ref, 48);

PIN(sizeof(linecard_errands_pumped), 24);
PLACE(linecard_errands_pumped, struct_size, 0);
PLACE(linecard_errands_pumped, done, 4);
PLACE(linecard_errands_pumped, postponed, 8);
PLACE(linecard_errands_pumped, refused, 12);
PLACE(linecard_errands_pumped, more, 16);
PLACE(linecard_errands_pumped, reserved, 20);
#endif

/* As C sees the macros; abi.cpp compares them with what the library says. */
linecard_options initial_options(void);
linecard_options initial_options(void) {
  linecard_options o = LINECARD_OPTIONS_INIT;
  return o;
}
linecard_new_user initial_new_user(void);
linecard_new_user initial_new_user(void) {
  linecard_new_user u = LINECARD_NEW_USER_INIT;
  return u;
}
linecard_store initial_store(void);
linecard_store initial_store(void) {
  linecard_store s = LINECARD_STORE_INIT;
  return s;
}
linecard_mail initial_mail(void);
linecard_mail initial_mail(void) {
  linecard_mail m = LINECARD_MAIL_INIT;
  return m;
}
linecard_mailer initial_mailer(void);
linecard_mailer initial_mailer(void) {
  linecard_mailer m = LINECARD_MAILER_INIT;
  return m;
}
linecard_pumped initial_pumped(void);
linecard_pumped initial_pumped(void) {
  linecard_pumped p = LINECARD_PUMPED_INIT;
  return p;
}
linecard_sign_in initial_sign_in(void);
linecard_sign_in initial_sign_in(void) {
  linecard_sign_in s = LINECARD_SIGN_IN_INIT;
  return s;
}
linecard_breaches initial_breaches(void);
linecard_breaches initial_breaches(void) {
  linecard_breaches b = LINECARD_BREACHES_INIT;
  return b;
}
linecard_provider initial_provider(void);
linecard_provider initial_provider(void) {
  linecard_provider p = LINECARD_PROVIDER_INIT;
  return p;
}
linecard_assets initial_assets(void);
linecard_assets initial_assets(void) {
  linecard_assets a = LINECARD_ASSETS_INIT;
  return a;
}
linecard_errands_pumped initial_errands_pumped(void);
linecard_errands_pumped initial_errands_pumped(void) {
  linecard_errands_pumped p = LINECARD_ERRANDS_PUMPED_INIT;
  return p;
}
linecard_line initial_line(void);
linecard_line initial_line(void) {
  linecard_line l = LINECARD_LINE_INIT;
  return l;
}
