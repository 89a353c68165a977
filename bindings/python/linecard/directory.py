"""Directories and the actors that work in them."""

from __future__ import annotations

import json
import math
import os
import time
import warnings
from ctypes import byref, c_int32, c_void_p, pointer
from types import TracebackType
from typing import Any, Callable, Iterator, Mapping, Sequence, TypeVar

from . import _ffi, schema
from ._adapter import clock_of, random_of, store_of
from ._call import (
    Handle,
    call,
    call_for_text,
    closing_at_exit,
    handle_from,
    id_in,
    id_text,
    text_in,
    text_member,
)
from ._errands import assets_of, provider_of
from ._mail import mail_of
from ._request import given, request_in
from ._sign_in import breaches_of, sign_in_of
from ._telling import AfterCommit, Log, log_of, observer_of
from .batch import Batch
from .calling import Calling, FeatureIds
from .checking import Checking, PermissionIds
from .errands import AssetKeeper, ErrandsPumped, NumberProvider
from .errors import Invalid
from .mail import Mail, Pumped
from .operations import Commands, Queries
from .receipt import Preview, Receipt
from .sign_in import HostKey, SignIn
from .store import Store

lib = _ffi.lib
Self = TypeVar("Self", bound="_Closing")


class _Closing:
    """Closed by close() or `with`; left open, it is closed with a warning."""

    def __init__(self, handle: Handle) -> None:
        if not isinstance(handle, Handle):
            raise TypeError(f"{type(self).__name__} is made by Directory.create, Directory.open and directory.actor")
        self._handle = handle
        self._open = True
        closing_at_exit(self, handle)

    def close(self) -> None:
        """Ends it; closing twice is closing once. A call that another thread is making is finished first."""
        self._open = False
        self._handle.close()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exception: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            warnings.warn(f"{type(self).__name__} was not closed", ResourceWarning, stacklevel=2, source=self)


def _waits(timeout: float | None) -> Iterator[int]:
    """A wait in pieces, in milliseconds: between them an interrupt is seen, and close() ends the wait."""
    deadline = math.inf if timeout is None else time.monotonic() + timeout
    while True:
        left = deadline - time.monotonic()
        yield math.ceil(max(0.0, min(left, _PIECE)) * 1000)
        if left <= _PIECE:
            return


_PIECE = 0.2


class _Previews(Commands[Preview]):
    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def _command(self, operation: str, /, **fields: Any) -> Preview:
        return self._actor._preview(operation, given(fields))


class Actor(Commands[Receipt], Queries, _Closing):
    """A principal in one scope. Any thread may use it, one call at a time; a second one is refused (Reentrant).

    `actor.assign_package(...)` runs a command, `actor.preview.assign_package(...)` shows what it would do.
    """

    def __init__(self, directory: Directory, handle: Handle) -> None:
        self._directory = directory  # an abandoned directory is closed, and its actors with it
        super().__init__(handle)

    @property
    def preview(self) -> Commands[Preview]:
        """The same commands, changing nothing: each answers a Preview, to look at and to confirm."""
        return _Previews(self)

    def batch(self) -> Batch:
        """Commands to be asked about together and run together: an empty list of them, to be filled."""
        return Batch(self._handle)

    @property
    def identity_id(self) -> str:
        """Who acts."""
        with self._handle as actor:
            return id_text(lib.linecard_actor_identity(actor))

    @property
    def scope_id(self) -> str:
        """The platform, container or tenant acted in."""
        with self._handle as actor:
            return id_text(lib.linecard_actor_scope(actor))

    def call(self, operation: str, /, **fields: Any) -> Any:
        """Runs any command or query of describe() by name: a Receipt, or the query's answer."""
        with self._handle as actor:
            answer = call_for_text(
                lib.linecard_call, actor, *text_in(operation, "operation"), *request_in(fields)
            )
        value = schema.read_answer(operation, answer)
        return Receipt(value) if schema.is_command(operation) else value

    def confirm(self, token: str, operation: str, /, **fields: Any) -> Receipt:
        """Runs what was previewed, perhaps in another process: the same operation and fields, and the token."""
        return self._confirm(operation, given(fields), token)

    def wait_changes(
        self, *, since: int = 0, limit: int | None = None, timeout: float | None = None
    ) -> dict[str, Any]:
        """changes_since, waiting until there is an entry, or (with an empty "entries") `timeout` seconds are over.

        None waits for as long as it takes. No entry is missed, whichever process commits it. The actor is in use
        meanwhile: open one for it. close(), of the actor or the directory, ends the wait (Invalid).
        """
        for piece in _waits(timeout):
            with self._handle as actor:
                answer = schema.read_answer(
                    "changes_since", call_for_text(lib.linecard_changes, actor, since, limit or 0, piece)
                )
            if answer["entries"]:
                break
        return dict(answer)

    def _command(self, operation: str, /, **fields: Any) -> Receipt:
        receipt: Receipt = self.call(operation, **given(fields))
        return receipt

    def _query(self, operation: str, /, **fields: Any) -> Any:
        return self.call(operation, **given(fields))

    def _preview(self, operation: str, fields: dict[str, Any]) -> Preview:
        with self._handle as actor:
            shown, token = call_for_text(
                lib.linecard_preview, actor, *text_in(operation, "operation"), *request_in(fields), texts=2
            )
        receipt = Receipt(schema.read_answer(operation, shown))
        return Preview(receipt, token, lambda: self._confirm(operation, fields, token))

    def _confirm(self, operation: str, fields: dict[str, Any], token: str) -> Receipt:
        with self._handle as actor:
            done = call_for_text(
                lib.linecard_confirm,
                actor,
                *text_in(operation, "operation"),
                *request_in(fields),
                *text_in(token, "token"),
            )
        return Receipt(schema.read_answer(operation, done))


class Directory(_Closing, Checking, Calling):
    """An open directory. Any thread may use it; each thread opens an actor of its own."""

    def __init__(self, handle: Handle) -> None:
        super().__init__(handle)
        self._permission_ids = PermissionIds(handle)
        self._feature_ids = FeatureIds(handle)

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        postgres: str | None = None,
        postgres_schema: str | None = None,
        store: Store | None = None,
        memory: bool = False,
        clock: Callable[[], int] | None = None,
        random: Callable[[int], bytes] | None = None,
        busy_timeout_ms: int = 0,
        last_known_lines_s: int = 0,
        after_commit: AfterCommit | None = None,
        log: Log | None = None,
        log_level: int | None = None,
        log_personal: bool = False,
        mail: Mail | None = None,
        sign_in: SignIn | None = None,
        mapped: Sequence[Mapping[str, Any]] | None = None,
        provider: NumberProvider | None = None,
        assets: AssetKeeper | None = None,
    ) -> tuple[Directory, HostKey]:
        """Makes a directory in exactly one of an SQLite file, PostgreSQL, the host's own store, and memory (for tests).

        `postgres` is what libpq takes ("host=db dbname=pbx user=linecard", or a postgresql:// URI); its tables are in
        `postgres_schema`, "linecard" unless told otherwise, made when missing.

        The host key is shown this once. `clock` answers milliseconds since 1970, `random` so many bytes: for tests.
        `busy_timeout_ms` is the patience with other writers: 0 is the default of 5000, negative none.
        `last_known_lines_s`: for so many seconds of an outage `line` and `lines` tell what they last knew, and say so
        (Line.stale_ms); 0 is the default of a day, negative never.
        `mapped` names the host's own tables in the SQLite file or PostgreSQL database (there as "public.staff"):
        {"table": "users", "host_table": "staff", "host_key": "staff_id", "reference": "external_ref", "columns":
        [{"column": "first_name", "host_column": "given"}]}.

        `after_commit` is called with a Committed on the thread that committed, before the command's call returns; it
        may not use this directory. `log` is a logging.Logger, or is called with a LogEvent; `log_level` is one of the
        logging module's (a logger's own, else INFO); ids and values of persons are left out unless `log_personal`.
        What either raises goes to the logger "linecard" and is counted; it undoes nothing.

        `mail` says how letters leave when pump_mail is called; without it they are queued. `sign_in` says how people
        sign in, where that is not by default. `provider` is called with a NumberOrder by get_number, and answers the
        number; `assets` is called with a Handover: see pump_errands.
        """
        telling = (after_commit, log, log_level, log_personal, mail)
        options = _options(
            path,
            postgres,
            postgres_schema,
            store,
            memory,
            clock,
            random,
            (busy_timeout_ms, last_known_lines_s),
            None,
            mapped,
            telling,
            sign_in,
            (provider, assets),
        )
        key = c_void_p()
        try:
            made = handle_from(
                lib.linecard_create, byref(options), byref(key), free=lib.linecard_close, closed="directory_closed"
            )
            return cls(made), HostKey(_ffi.text(key))
        finally:
            lib.linecard_text_free(key)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        host_key: HostKey | str,
        postgres: str | None = None,
        postgres_schema: str | None = None,
        store: Store | None = None,
        clock: Callable[[], int] | None = None,
        random: Callable[[int], bytes] | None = None,
        busy_timeout_ms: int = 0,
        last_known_lines_s: int = 0,
        after_commit: AfterCommit | None = None,
        log: Log | None = None,
        log_level: int | None = None,
        log_personal: bool = False,
        mail: Mail | None = None,
        sign_in: SignIn | None = None,
        mapped: Sequence[Mapping[str, Any]] | None = None,
        provider: NumberProvider | None = None,
        assets: AssetKeeper | None = None,
    ) -> Directory:
        """Opens what create made, `mapped` as it was then. A process that forks opens after the fork.

        The host key is rotated by opening with a new one: see SignIn.older_keys.
        """
        key = host_key.text if isinstance(host_key, HostKey) else host_key
        telling = (after_commit, log, log_level, log_personal, mail)
        options = _options(
            path,
            postgres,
            postgres_schema,
            store,
            False,
            clock,
            random,
            (busy_timeout_ms, last_known_lines_s),
            key,
            mapped,
            telling,
            sign_in,
            (provider, assets),
        )
        return cls(handle_from(lib.linecard_open, byref(options), free=lib.linecard_close, closed="directory_closed"))

    def bootstrap_operator(self, *, email: str) -> Actor:
        """Once for each directory: the first operator, acting on the platform."""
        return self._actor(lib.linecard_bootstrap_operator, *text_in(email, "email"))

    def actor(
        self, identity_id: str | None = None, *, email: str | None = None, scope_id: str | None = None
    ) -> Actor:
        """A person whom the host has authenticated itself, in a container, a tenant, or (no scope) the platform."""
        if (identity_id is None) == (email is None):
            raise Invalid("one_key_needed", "", "give exactly one of identity_id and email")
        scope = id_in(scope_id, "scope_id")
        if email is not None:
            return self._actor(lib.linecard_actor_open_email, *text_in(email, "email"), scope)
        return self._actor(lib.linecard_actor_open, id_in(identity_id, "identity_id"), scope)

    def visitor(self) -> Actor:
        """Somebody who has not signed in: sign_in, accept_invitation, resets... Answers tell only that it was done."""
        return self._actor(lib.linecard_actor_open_visitor)

    def session(self, token: str, *, scope_id: str | None = None) -> Actor:
        """Who signed in, by the token of the receipt of sign_in or confirm_code. The actor ends with the session."""
        return self._actor(lib.linecard_actor_open_session, *text_in(token, "token"), id_in(scope_id, "scope_id"))

    def poll(self, timeout: float | None = 0) -> bool:
        """Whether anybody, in any process, has committed since the last poll (or since this directory was opened).

        Waits for it up to `timeout` seconds; None waits for as long as it takes. False is certain. close() ends the
        wait (Invalid).
        """
        changed = c_int32()
        for piece in _waits(timeout):
            with self._handle as directory:
                call(lib.linecard_poll, directory, piece, byref(changed))
            if changed.value:
                break
        return bool(changed.value)

    def pump_mail(self, limit: int = 100) -> Pumped:
        """Delivers what is due, so many letters at most, on this thread. Call it after commits and every minute or so.

        At least once each: a process that dies between delivery and noting it leaves a letter that is delivered again
        ten minutes later under the same message_id. Any number of threads and processes share the work.
        """
        done = _ffi.filled(_ffi.Pumped)
        with self._handle as directory:
            call(lib.linecard_pump_mail, directory, limit, byref(done))
        return Pumped(done.delivered, done.postponed, done.dead, done.lapsed, bool(done.more))

    def pump_errands(self, limit: int = 100) -> ErrandsPumped:
        """Asks `provider` and `assets` what they did not do when a command ran, so many errands at most, on this thread.

        At least once each, under the same order_id or handover_id: a process that dies between the answer and noting
        it leaves an errand that is asked again ten minutes later. Any number of threads and processes share the work.
        Then it forgets what is over, as pump_mail does, the personal data of deleted users among it: a directory
        without a mailer calls this one now and then.
        """
        done = _ffi.filled(_ffi.ErrandsPumped)
        with self._handle as directory:
            call(lib.linecard_pump_errands, directory, limit, byref(done))
        return ErrandsPumped(done.done, done.postponed, done.refused, bool(done.more))

    def counters(self) -> dict[str, Any]:
        """Since it was opened: {"commands", "refusals", "reruns", "contended", "store", "after_commit_failures"...}."""
        with self._handle as directory:
            counted = json.loads(call_for_text(lib.linecard_counters, directory, _ffi.COUNTERS_JSON))
        return {name: _numbers_of(value) for name, value in counted.items()}

    def prometheus(self) -> str:
        """The counters in Prometheus' text format, to be answered as text/plain; version=0.0.4."""
        with self._handle as directory:
            text: str = call_for_text(lib.linecard_counters, directory, _ffi.COUNTERS_PROMETHEUS)
        return text

    def state_digest(self, *, scope_id: str | None = None) -> str:
        """BLAKE2b-256 over every row, or over one tenant's. It reads everything: for tests and comparing replicas."""
        with self._handle as directory:
            digest: str = call_for_text(lib.linecard_state_digest, directory, id_in(scope_id, "scope_id"))
        return digest

    @property
    def platform_id(self) -> str:
        """The root scope."""
        with self._handle as directory:
            return id_text(lib.linecard_platform_id(directory))

    @staticmethod
    def describe() -> dict[str, Any]:
        """Every operation with its JSON Schema, and the names of the permissions."""
        return schema.describe()

    def _actor(self, function: Callable[..., Any], *arguments: Any) -> Actor:
        with self._handle as directory:
            handle = handle_from(function, directory, *arguments, free=lib.linecard_actor_free, closed="actor_closed")
        return Actor(self, handle)


def _numbers_of(counted: Any) -> Any:
    """JSON spells them as strings of digits; labels are words."""
    if isinstance(counted, list):
        labels = ("command", "reason", "call")
        return [{k: v if k in labels else int(v) for k, v in item.items()} for item in counted]
    return None if counted is None else int(counted)


def _options(
    path: str | os.PathLike[str] | None,
    postgres: str | None,
    postgres_schema: str | None,
    store: Store | None,
    memory: bool,
    clock: Callable[[], int] | None,
    random: Callable[[int], bytes] | None,
    patience: tuple[int, int],
    host_key: str | None,
    mapped: Sequence[Mapping[str, Any]] | None,
    telling: tuple[AfterCommit | None, Log | None, int | None, bool, Mail | None],
    sign_in: SignIn | None,
    asked: tuple[NumberProvider | None, AssetKeeper | None],
) -> Any:
    after_commit, log, log_level, log_personal, mail = telling
    made = _ffi.filled(_ffi.Options)
    made.memory = 1 if memory else 0
    made.sqlite_path = text_member(None if path is None else os.fsdecode(path), "sqlite_path")
    made.postgres = text_member(postgres, "postgres")
    made.postgres_schema = text_member(postgres_schema, "postgres_schema")
    made.host_key = text_member(host_key, "host_key")
    made.busy_timeout_ms, made.last_known_lines_s = patience
    mapping = None if mapped is None else request_in({"mapped": list(mapped)})[0].decode()
    made.mapping = text_member(mapping, "mapping")
    signing_in = None if sign_in is None else sign_in_of(sign_in)
    # Last, since nothing may fail between here and the call: the library ends each of these exactly once.
    made.mail = None if mail is None else pointer(mail_of(mail))
    if sign_in is not None and signing_in is not None:
        signing_in.breaches = None if sign_in.breached is None else pointer(breaches_of(sign_in.breached))
        made.sign_in = pointer(signing_in)
    made.store = None if store is None else pointer(store_of(store))
    made.clock = None if clock is None else pointer(clock_of(clock))
    made.random = None if random is None else pointer(random_of(random))
    made.observer = None if after_commit is None else pointer(observer_of(after_commit))
    made.log = None if log is None else pointer(log_of(log, log_level, log_personal))
    provider, assets = asked
    made.provider = None if provider is None else pointer(provider_of(provider))
    made.assets = None if assets is None else pointer(assets_of(assets))
    return made
