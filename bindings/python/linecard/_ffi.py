"""The C ABI as ctypes sees it: the library, its structs, every function with its types. Nothing here decides anything.

linecard.h and linecard_adapters.h are the specification; tests/test_import.py holds this file to them.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from ctypes import POINTER, Structure, c_char, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p
from typing import Any

ABI = 1

OK = 0
DONE = 1  # what a callback answers when it did all that it was asked for
NULL, INTEGER, TEXT, BLOB = 0, 1, 2, 3
INSERT, UPDATE, ERASE, REQUIRE = 0, 1, 2, 3
WRITE = 1
MARK_PERSONAL, MARK_SECRET = 1, 2
CAP_EXCLUDES_WRITERS = 1
FRESH, REOPENED, BESIDE = 0, 1, 2
OFFERS_REOPENED, OFFERS_BESIDE, OFFERS_READERS_BESIDE_WRITERS = 1, 2, 4
PROMISE_BROKEN, PROMISE_KEPT, PROMISE_UNTRIED = 0, 1, 2
ID_CAPACITY = 32
COUNTERS_JSON, COUNTERS_PROMETHEUS = 0, 1
LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG = 1, 2, 3, 4
E_INVALID, E_DENIED, E_CONFLICT, E_BUSY, E_CALLBACK = -1, -3, -4, -8, -11


class Value(Structure):
    _fields_ = [("type", c_int32), ("reserved", c_int32), ("number", c_int64), ("data", c_void_p)]


class Column(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("type", c_int32),
        ("name", c_char_p),
        ("nullable", c_int32),
        ("marks", c_uint32),
        ("initial", Value),
    ]


class Index(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("unique", c_int32),
        ("columns", POINTER(c_uint16)),
        ("column_count", c_size_t),
    ]


class Request(Structure):
    _fields_ = [
        ("operation", c_char_p),
        ("operation_length", c_size_t),
        ("json", c_char_p),
        ("json_length", c_size_t),
    ]


class Table(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("number", c_uint32),
        ("name", c_char_p),
        ("columns", POINTER(POINTER(Column))),
        ("column_count", c_size_t),
        ("key", POINTER(c_uint16)),
        ("key_count", c_size_t),
        ("indexes", POINTER(POINTER(Index))),
        ("index_count", c_size_t),
    ]


class ScanRequest(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("index", c_uint32),
        ("table", POINTER(Table)),
        ("prefix", POINTER(Value)),
        ("prefix_count", c_size_t),
        ("from_", POINTER(Value)),
        ("below", POINTER(Value)),
        ("after", POINTER(Value)),
        ("after_count", c_size_t),
        ("limit", c_uint32),
        ("descending", c_int32),
        ("for_update", c_int32),
        ("drifted", c_int32),
    ]


class Change(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("action", c_int32),
        ("table", POINTER(Table)),
        ("key", POINTER(Value)),
        ("key_count", c_size_t),
        ("expected_version", c_int64),
        ("columns", POINTER(c_uint16)),
        ("column_count", c_size_t),
        ("values", POINTER(Value)),
        ("value_count", c_size_t),
    ]


CLOSE = ctypes.CFUNCTYPE(None, c_void_p)
PREPARE = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(POINTER(Table)), c_size_t, c_void_p)
BEGIN = ctypes.CFUNCTYPE(c_int32, c_void_p, c_int32, POINTER(c_void_p), c_void_p)
SCAN = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, POINTER(POINTER(ScanRequest)), c_size_t, c_void_p, c_void_p)
APPLY = ctypes.CFUNCTYPE(
    c_int32, c_void_p, c_void_p, POINTER(POINTER(Change)), c_size_t, POINTER(c_size_t), c_void_p
)
COMMIT = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, POINTER(c_uint64), c_void_p)
ROLLBACK = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
NOW = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(c_int64))
FILL = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_size_t)
CHANGE_COUNTER = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(c_uint64))
WAIT_FOR_CHANGE = ctypes.CFUNCTYPE(c_int32, c_void_p, c_uint64, c_int32, POINTER(c_uint64), c_void_p)


class Store(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi", c_uint32),
        ("self", c_void_p),
        ("close", CLOSE),
        ("prepare", PREPARE),
        ("begin", BEGIN),
        ("scan", SCAN),
        ("apply", APPLY),
        ("commit", COMMIT),
        ("rollback", ROLLBACK),
        ("caps", c_uint32),
        ("reserved", c_uint32),
        ("change_counter", CHANGE_COUNTER),
        ("wait_for_change", WAIT_FOR_CHANGE),
    ]


class Clock(Structure):
    _fields_ = [("struct_size", c_uint32), ("abi", c_uint32), ("self", c_void_p), ("destroy", CLOSE), ("now", NOW)]


class Random(Structure):
    _fields_ = [("struct_size", c_uint32), ("abi", c_uint32), ("self", c_void_p), ("destroy", CLOSE), ("fill", FILL)]


class Commit(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_int32),
        ("actor_id", c_uint64),
        ("scope_id", c_uint64),
        ("audit_seq", c_int64),
        ("command", c_char_p),
        ("receipt", c_void_p),
        ("receipt_length", c_size_t),
    ]


class LogField(Structure):
    _fields_ = [("name", c_char_p), ("content", Value)]


class LogEvent(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("level", c_int32),
        ("event", c_char_p),
        ("message", c_char_p),
        ("fields", POINTER(LogField)),
        ("field_count", c_size_t),
    ]


AFTER_COMMIT = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(Commit))
WRITE_LOG = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(LogEvent))


class Observer(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi", c_uint32),
        ("self", c_void_p),
        ("destroy", CLOSE),
        ("after_commit", AFTER_COMMIT),
    ]


class Log(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi", c_uint32),
        ("self", c_void_p),
        ("destroy", CLOSE),
        ("write", WRITE_LOG),
        ("level", c_int32),
        ("personal", c_int32),
    ]


class Letter(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("attempt", c_int32),
        ("message_id", c_char_p),
        ("letter", c_char_p),
        ("language", c_char_p),
        ("tenant_id", c_uint64),
        ("user_id", c_uint64),
        ("delegate_id", c_uint64),
        ("sender", c_char_p),
        ("sender_name", c_char_p),
        ("address", c_char_p),
        ("first_name", c_char_p),
        ("last_name", c_char_p),
        ("tenant", c_char_p),
        ("link", c_char_p),
        ("code", c_char_p),
        ("useless_after", c_int64),
        ("subject", c_char_p),
        ("text", c_char_p),
        ("html", c_char_p),
        ("source", c_void_p),
        ("source_length", c_size_t),
    ]


SEND = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(Letter), c_void_p)


class Mailer(Structure):
    _fields_ = [("struct_size", c_uint32), ("abi", c_uint32), ("self", c_void_p), ("destroy", CLOSE), ("send", SEND)]


class Mail(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_int32),
        ("mailer", POINTER(Mailer)),
        ("spool", c_char_p),
        ("smtp", c_char_p),
        ("link_base", c_char_p),
        ("sender", c_char_p),
        ("sender_name", c_char_p),
        ("templates", c_char_p),
    ]


class Pumped(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("delivered", c_int32),
        ("postponed", c_int32),
        ("dead", c_int32),
        ("lapsed", c_int32),
        ("more", c_int32),
    ]


BREACHED = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_size_t, POINTER(c_int32), c_void_p)


class Breaches(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi", c_uint32),
        ("self", c_void_p),
        ("destroy", CLOSE),
        ("breached", BREACHED),
    ]


class SignIn(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("passwords_at_once", c_int32),
        ("older_keys", POINTER(c_char_p)),
        ("older_key_count", c_size_t),
        ("pepper", c_char_p),
        ("pepper_length", c_size_t),
        ("passes", c_uint32),
        ("memory_kib", c_uint32),
        ("session_ms", c_int64),
        ("idle_ms", c_int64),
        ("breaches", POINTER(Breaches)),
    ]


class NumberOrder(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_int32),
        ("order_id", c_char_p),
        ("tenant_id", c_uint64),
        ("user_id", c_uint64),
        ("prefix", c_char_p),
    ]


ORDER = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(NumberOrder), c_void_p, c_void_p)


class Provider(Structure):
    _fields_ = [("struct_size", c_uint32), ("abi", c_uint32), ("self", c_void_p), ("destroy", CLOSE), ("order", ORDER)]


class Handover(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_int32),
        ("handover_id", c_char_p),
        ("tenant_id", c_uint64),
        ("user_id", c_uint64),
        ("to_user_id", c_uint64),
        ("external_ref", c_char_p),
        ("to_external_ref", c_char_p),
    ]


HAND_OVER = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(Handover), c_void_p)


class Assets(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi", c_uint32),
        ("self", c_void_p),
        ("destroy", CLOSE),
        ("hand_over", HAND_OVER),
    ]


class ErrandsPumped(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("done", c_int32),
        ("postponed", c_int32),
        ("refused", c_int32),
        ("more", c_int32),
        ("reserved", c_int32),
    ]


class Options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("memory", c_int32),
        ("sqlite_path", c_char_p),
        ("store", POINTER(Store)),
        ("clock", POINTER(Clock)),
        ("random", POINTER(Random)),
        ("host_key", c_char_p),
        ("busy_timeout_ms", c_int32),
        ("last_known_lines_s", c_int32),
        ("observer", POINTER(Observer)),
        ("log", POINTER(Log)),
        ("postgres", c_char_p),
        ("postgres_schema", c_char_p),
        ("mapping", c_char_p),
        ("mail", POINTER(Mail)),
        ("sign_in", POINTER(SignIn)),
        ("provider", POINTER(Provider)),
        ("assets", POINTER(Assets)),
    ]


class NewUser(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("send_welcome", c_int32),
        ("first_name", c_char_p),
        ("last_name", c_char_p),
        ("email", c_char_p),
        ("language", c_char_p),
        ("role", c_char_p),
        ("package_id", c_uint64),
        ("external_ref", c_char_p),
        ("extension", c_char_p),
        ("team_role", c_char_p),
        ("forwarding_number", c_char_p),
    ]


OPEN = ctypes.CFUNCTYPE(c_void_p, c_void_p, c_int32)
TOLD = ctypes.CFUNCTYPE(c_int32, c_void_p, c_int32, c_char_p)


class StoreCheck(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi", c_uint32),
        ("self", c_void_p),
        ("open", OPEN),
        ("told", TOLD),
        ("only", c_char_p),
        ("offers", c_uint32),
        ("reserved", c_uint32),
    ]


class Line(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("use", c_int32),
        ("tenant_id", c_uint64),
        ("user_id", c_uint64),
        ("entitlements", c_uint64 * 4),
        ("stale_ms", c_uint32),
        ("extension_count", c_uint16),
        ("found", c_uint8),
        ("rings", c_uint8),
        ("screening", c_uint8),
        ("international", c_uint8),
        ("e911", c_uint8),
        ("extension", c_char * 9),
        ("forwarding", c_char * 17),
        ("caller_id", c_char * 17),
        ("e911_caller_id", c_char * 17),
        ("label", c_char * 65),
    ]


STRUCTS: dict[str, type[Structure]] = {
    "linecard_options": Options,
    "linecard_new_user": NewUser,
    "linecard_value": Value,
    "linecard_request": Request,
    "linecard_column": Column,
    "linecard_index": Index,
    "linecard_table": Table,
    "linecard_scan_request": ScanRequest,
    "linecard_change": Change,
    "linecard_store": Store,
    "linecard_clock": Clock,
    "linecard_random": Random,
    "linecard_store_check": StoreCheck,
    "linecard_observer": Observer,
    "linecard_commit": Commit,
    "linecard_log": Log,
    "linecard_log_event": LogEvent,
    "linecard_log_field": LogField,
    "linecard_mail": Mail,
    "linecard_mailer": Mailer,
    "linecard_letter": Letter,
    "linecard_pumped": Pumped,
    "linecard_sign_in": SignIn,
    "linecard_breaches": Breaches,
    "linecard_number_order": NumberOrder,
    "linecard_provider": Provider,
    "linecard_handover": Handover,
    "linecard_assets": Assets,
    "linecard_errands_pumped": ErrandsPumped,
    "linecard_line": Line,
}

FROZEN = ("linecard_value", "linecard_log_field", "linecard_request")  # no struct_size: they never grow

# Handles are c_void_p: an incomplete type has no other face here. Borrowed text is c_void_p with its length beside it
# where bytes may hold a NUL, and c_char_p where the library promises a slug, a name or a sentence.
_text = [c_char_p, c_size_t]
_handle = c_void_p
_out = POINTER(c_void_p)  # a handle, a text, a list or an error that becomes the caller's
_id = c_uint64

FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "linecard_abi": (c_uint32, []),
    "linecard_version": (c_char_p, []),
    "linecard_status_name": (c_char_p, [c_int32]),
    "linecard_struct_size": (c_uint32, [c_char_p]),
    "linecard_describe": (c_int32, [_out, _out]),
    "linecard_error_status": (c_int32, [_handle]),
    "linecard_error_reason": (c_char_p, [_handle]),
    "linecard_error_path": (c_char_p, [_handle]),
    "linecard_error_message": (c_char_p, [_handle]),
    "linecard_error_retry_after_ms": (c_int64, [_handle]),
    "linecard_error_free": (None, [_handle]),
    "linecard_text_data": (c_void_p, [_handle]),
    "linecard_text_length": (c_size_t, [_handle]),
    "linecard_text_free": (None, [_handle]),
    "linecard_id_kind": (c_uint32, [_id]),
    "linecard_id_text": (c_int32, [_id, c_char_p, c_size_t, _out]),
    "linecard_id_parse": (c_int32, [*_text, POINTER(_id), _out]),
    "linecard_create": (c_int32, [POINTER(Options), _out, _out, _out]),
    "linecard_open": (c_int32, [POINTER(Options), _out, _out]),
    "linecard_new_host_key": (c_int32, [_out, _out]),
    "linecard_close": (None, [_handle]),
    "linecard_platform_id": (_id, [_handle]),
    "linecard_check": (c_int32, [_handle, _id, *_text, _id, _out]),
    "linecard_permission_id": (c_int32, [_handle, *_text, POINTER(c_uint32), _out]),
    "linecard_check_id": (c_int32, [_handle, _id, c_uint32, _id, _out]),
    "linecard_check_many": (c_int32, [_handle, POINTER(_id), POINTER(c_uint32), POINTER(_id), c_size_t, POINTER(c_uint8), _out]),
    "linecard_effective": (c_int32, [_handle, _id, _id, POINTER(c_uint64), _out]),
    "linecard_line_by_did": (c_int32, [_handle, *_text, POINTER(Line), _out]),
    "linecard_line_by_extension": (c_int32, [_handle, _id, *_text, POINTER(Line), _out]),
    "linecard_line_by_user": (c_int32, [_handle, _id, POINTER(Line), _out]),
    "linecard_line_by_external_ref": (c_int32, [_handle, _id, *_text, POINTER(Line), _out]),
    "linecard_lines_by_did": (c_int32, [_handle, POINTER(c_char_p), c_size_t, POINTER(Line), c_size_t, _out]),
    "linecard_find_feature": (c_int32, [_handle, *_text, POINTER(c_uint32), _out]),
    "linecard_state_digest": (c_int32, [_handle, _id, _out, _out]),
    "linecard_poll": (c_int32, [_handle, c_int32, POINTER(c_int32), _out]),
    "linecard_pump_mail": (c_int32, [_handle, c_int32, POINTER(Pumped), _out]),
    "linecard_pump_errands": (c_int32, [_handle, c_int32, POINTER(ErrandsPumped), _out]),
    "linecard_counters": (c_int32, [_handle, c_int32, _out, _out]),
    "linecard_bootstrap_operator": (c_int32, [_handle, *_text, _out, _out]),
    "linecard_actor_open": (c_int32, [_handle, _id, _id, _out, _out]),
    "linecard_actor_open_email": (c_int32, [_handle, *_text, _id, _out, _out]),
    "linecard_actor_open_visitor": (c_int32, [_handle, _out, _out]),
    "linecard_actor_open_session": (c_int32, [_handle, *_text, _id, _out, _out]),
    "linecard_actor_identity": (_id, [_handle]),
    "linecard_actor_scope": (_id, [_handle]),
    "linecard_actor_free": (None, [_handle]),
    "linecard_create_container": (c_int32, [_handle, *_text, POINTER(_id), _out]),
    "linecard_create_tenant": (c_int32, [_handle, *_text, POINTER(_id), _out]),
    "linecard_add_user": (c_int32, [_handle, POINTER(NewUser), POINTER(_id), _out]),
    "linecard_adopt_user": (c_int32, [_handle, POINTER(NewUser), POINTER(_id), _out]),
    "linecard_assign_package": (c_int32, [_handle, _id, _id, _out, _out]),
    "linecard_change_package": (c_int32, [_handle, _id, _id, _out, _out]),
    "linecard_unassign_package": (c_int32, [_handle, _id, _id, _out, _out]),
    "linecard_list_users": (c_int32, [_handle, *_text, _id, c_int32, _out, _out]),
    "linecard_find_user": (c_int32, [_handle, _id, _out, _out]),
    "linecard_find_user_by_email": (c_int32, [_handle, *_text, _out, _out]),
    "linecard_find_user_by_external_ref": (c_int32, [_handle, *_text, _out, _out]),
    "linecard_list_seat_pools": (c_int32, [_handle, _out, _out]),
    "linecard_list_selectable_packages": (c_int32, [_handle, _out, _out]),
    "linecard_call": (c_int32, [_handle, *_text, *_text, _out, _out]),
    "linecard_call_all": (c_int32, [_handle, POINTER(Request), c_size_t, _out, _out]),
    "linecard_ask_after": (c_int32, [_handle, POINTER(Request), c_size_t, *_text, *_text, _out, _out]),
    "linecard_preview": (c_int32, [_handle, *_text, *_text, _out, _out, _out]),
    "linecard_confirm": (c_int32, [_handle, *_text, *_text, *_text, _out, _out]),
    "linecard_changes": (c_int32, [_handle, c_int64, c_int32, c_int32, _out, _out]),
    "linecard_list_count": (c_size_t, [_handle]),
    "linecard_list_column_count": (c_size_t, [_handle]),
    "linecard_list_column_name": (c_char_p, [_handle, c_size_t]),
    "linecard_list_text": (c_void_p, [_handle, c_size_t, c_char_p, POINTER(c_size_t)]),
    "linecard_list_id": (_id, [_handle, c_size_t, c_char_p]),
    "linecard_list_integer": (c_int64, [_handle, c_size_t, c_char_p]),
    "linecard_list_next": (_id, [_handle]),
    "linecard_list_free": (None, [_handle]),
    "linecard_sink_row": (c_int32, [_handle, c_size_t, c_int64, POINTER(Value), c_size_t]),
    "linecard_schema_major": (c_uint32, []),
    "linecard_check_store": (c_int32, [POINTER(StoreCheck), _out]),
    "linecard_fail": (c_int32, [_handle, c_int32, c_char_p, c_char_p]),
    "linecard_give_number": (c_int32, [_handle, c_char_p]),
}


def _candidates() -> list[str]:
    """Where the library may be, best first. What LINECARD_LIBRARY names is the only one when it is set."""
    named = os.environ.get("LINECARD_LIBRARY")
    if named:
        return [named]
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "liblinecard.so.1")
    installed = ctypes.util.find_library("linecard")
    return [path for path in (beside if os.path.exists(beside) else None, installed) if path]


def _load() -> ctypes.CDLL:
    tried = []
    for path in _candidates():
        try:
            return ctypes.CDLL(path)  # CDLL, never PyDLL: other threads run while the library works
        except OSError as trouble:
            tried.append(str(trouble))
    raise ImportError(
        "liblinecard.so.1 was not found: set LINECARD_LIBRARY to its path, put it into the linecard package, or "
        "install it where the loader looks" + "".join(f"; {trouble}" for trouble in tried)
    )


def _declare(library: ctypes.CDLL) -> None:
    for name, (restype, argtypes) in FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"the library that LINECARD_LIBRARY or the loader found has no {name}") from None
        function.restype = restype
        function.argtypes = argtypes


def _hold_to(library: ctypes.CDLL) -> None:
    """A newer library is welcome: it only adds. A struct of another size would be read and written astray."""
    if library.linecard_abi() < ABI:
        raise ImportError(f"liblinecard.so.1 has ABI {library.linecard_abi()}, this package needs {ABI} or later")
    for name, struct in STRUCTS.items():
        theirs, ours = library.linecard_struct_size(name.encode()), ctypes.sizeof(struct)
        grown = library.linecard_abi() > ABI and theirs > ours and name not in FROZEN
        if theirs != ours and not grown:
            raise ImportError(f"{name} has {theirs} bytes in liblinecard.so.1 and {ours} here")


lib: Any = _load()
_declare(lib)
_hold_to(lib)


def filled(struct: Any) -> Any:
    """An open struct as its _INIT macro makes it."""
    made = struct(struct_size=ctypes.sizeof(struct))
    if hasattr(made, "abi"):
        made.abi = ABI
    return made


def text(handle: c_void_p) -> str:
    """What a linecard_text holds; the handle stays the caller's."""
    return ctypes.string_at(lib.linecard_text_data(handle), lib.linecard_text_length(handle)).decode()

