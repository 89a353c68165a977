"""A host's store, clock and source of chance as the C ABI's callbacks.

The callbacks are made once and never freed, so that C can never call what the collector took. Their `self` is a number
in _kept, which holds each host object until C says close or destroy.
"""

from __future__ import annotations

import ctypes
import itertools
import threading
from typing import Any, Callable, Sequence

from . import _ffi
from ._call import note
from .store import Change, Column, Index, Scalar, Scan, Store, StoreConflict, Table, Transaction

lib = _ffi.lib

_kept: dict[int, Any] = {}
_numbers = itertools.count(1)


def _keep(what: Any) -> int:
    number = next(_numbers)
    _kept[number] = what
    return number


def _answering(body: Callable[..., None]) -> Callable[..., int]:
    """ctypes would hand C garbage for a callback that raises: the exception is kept, and raised again by the call."""

    def callback(*arguments: Any) -> int:
        try:
            body(*arguments)
            return _ffi.DONE
        except StoreConflict:
            return _ffi.E_CONFLICT
        except BaseException as raised:  # KeyboardInterrupt too: the host pressed it during our call
            note(raised)
            return _ffi.E_CALLBACK

    return callback


def _ending(body: Callable[..., None]) -> Callable[..., None]:
    """For callbacks that have no answer: the call they belong to raises nevertheless."""

    def callback(*arguments: Any) -> None:
        try:
            body(*arguments)
        except BaseException as raised:
            note(raised)

    return callback


_TYPE_NAMES: dict[int, Any] = {_ffi.INTEGER: "integer", _ffi.TEXT: "text", _ffi.BLOB: "blob"}
_ACTIONS: dict[int, Any] = {
    _ffi.INSERT: "insert",
    _ffi.UPDATE: "update",
    _ffi.ERASE: "erase",
    _ffi.REQUIRE: "require",
}


def _read(value: Any) -> Scalar:
    if value.type == _ffi.NULL:
        return None
    if value.type == _ffi.INTEGER:
        return int(value.number)
    raw = ctypes.string_at(value.data, value.number)
    return raw if value.type == _ffi.BLOB else raw.decode()


def _read_all(values: Any, count: int) -> tuple[Scalar, ...]:
    return tuple(_read(values[i]) for i in range(count))


def _read_one(value: Any) -> tuple[Scalar, ...]:
    return (_read(value[0]),) if value else ()


class _Written:
    """Values laid out for C; the bytes they point at live as long as this does."""

    def __init__(self, values: Sequence[Scalar], names: Sequence[str]) -> None:
        self.array = (_ffi.Value * len(values))()
        self._bytes: list[bytes] = []
        for slot, value, name in zip(self.array, values, names):
            self._write(slot, value, name)

    def _write(self, slot: Any, value: Scalar, name: str) -> None:
        if value is None:
            return
        if isinstance(value, int):
            if not -(2**63) <= value < 2**63:
                raise OverflowError(f"column {name}: {value} does not fit into 64 bits")
            slot.type, slot.number = _ffi.INTEGER, value
            return
        if not isinstance(value, (str, bytes)):
            raise TypeError(f"column {name}: a store keeps None, int, str and bytes, not {type(value).__name__}")
        raw = value.encode() if isinstance(value, str) else value
        self._bytes.append(raw)
        slot.type = _ffi.TEXT if isinstance(value, str) else _ffi.BLOB
        slot.number = len(raw)
        slot.data = ctypes.cast(ctypes.c_char_p(raw), ctypes.c_void_p)


def _table(described: Any) -> Table:
    columns = []
    for i in range(described.column_count):
        column = described.columns[i][0]
        columns.append(
            Column(
                name=column.name.decode(),
                type=_TYPE_NAMES[column.type],
                nullable=bool(column.nullable),
                personal=bool(column.marks & _ffi.MARK_PERSONAL),
                secret=bool(column.marks & _ffi.MARK_SECRET),
                initial=_read(column.initial),
            )
        )

    def names(positions: Any, count: int) -> tuple[str, ...]:
        return tuple(columns[positions[i]].name for i in range(count))

    indexes = []
    for i in range(described.index_count):
        index = described.indexes[i][0]
        indexes.append(Index(names(index.columns, index.column_count), bool(index.unique)))
    key = names(described.key, described.key_count)
    return Table(described.name.decode(), tuple(columns), key, tuple(indexes))


class _StoreAdapter:
    """A Store as the seven callbacks."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._tables: dict[int, Table] = {}
        self._open: dict[int, Transaction] = {}
        self._lock = threading.Lock()

    def prepare(self, tables: Any, count: int) -> None:
        seen = [tables[i][0] for i in range(count)]
        self._tables.update({table.number: _table(table) for table in seen})
        self.store.prepare([self._tables[table.number] for table in seen])

    def begin(self, access: int, transaction: Any) -> None:
        begun = self.store.begin(write=access == _ffi.WRITE)
        number = next(_numbers)
        with self._lock:
            self._open[number] = begun
        transaction[0] = number

    def scan(self, transaction: int, requests: Any, count: int, sink: Any) -> None:
        scans = [self._scan(requests[i][0]) for i in range(count)]
        answers = self._open[transaction].scan(scans)
        # strict: an answer that is left out would look like "no such row"
        for number, (scan, rows) in enumerate(zip(scans, answers, strict=True)):
            names = scan.table.column_names
            for version, values in rows:
                written = _Written(values, names)
                if not lib.linecard_sink_row(sink, number, version, written.array, len(values)):
                    break

    def apply(self, transaction: int, changes: Any, count: int, conflicting: Any) -> None:
        try:
            self._open[transaction].apply([self._change(changes[i][0]) for i in range(count)])
        except StoreConflict as conflict:
            conflicting[0] = conflict.index
            raise

    def commit(self, transaction: int, commits: Any) -> None:
        self._open[transaction].commit()
        self._forget(transaction)
        commits[0] += 1  # the evidence that it came this far

    def rollback(self, transaction: int) -> None:
        self._forget(transaction).rollback()

    def change_counter(self, counter: Any) -> None:
        counter[0] = self.store.change_counter()

    def wait_for_change(self, seen: int, timeout_ms: int, following: Any) -> None:
        following[0] = self.store.wait_for_change(seen, timeout_ms / 1000)

    def _forget(self, transaction: int) -> Transaction:
        with self._lock:
            return self._open.pop(transaction)

    def _scan(self, asked: Any) -> Scan:
        table = self._tables[asked.table[0].number]
        order = table.key if asked.index == 0 else table.indexes[asked.index - 1].columns + table.key
        return Scan(
            table=table,
            order=order,
            prefix=_read_all(asked.prefix, asked.prefix_count),
            from_=_read_one(asked.from_),
            below=_read_one(asked.below),
            after=_read_all(asked.after, asked.after_count),
            limit=asked.limit,
            descending=bool(asked.descending),
            for_update=bool(asked.for_update),
            drifted=bool(asked.drifted),
        )

    def _change(self, asked: Any) -> Change:
        table = self._tables[asked.table[0].number]
        names = table.column_names
        if asked.action == _ffi.UPDATE:
            names = tuple(names[asked.columns[i]] for i in range(asked.column_count))
        return Change(
            action=_ACTIONS[asked.action],
            table=table,
            key=_read_all(asked.key, asked.key_count),
            expected_version=asked.expected_version,
            values=dict(zip(names, _read_all(asked.values, asked.value_count))),
        )


_CLOSE_STORE = _ffi.CLOSE(_ending(lambda self: _kept.pop(self).store.close()))
_PREPARE = _ffi.PREPARE(_answering(lambda self, tables, count, failure: _kept[self].prepare(tables, count)))
_BEGIN = _ffi.BEGIN(_answering(lambda self, access, transaction, failure: _kept[self].begin(access, transaction)))
_SCAN = _ffi.SCAN(
    _answering(
        lambda self, transaction, requests, count, sink, failure: _kept[self].scan(transaction, requests, count, sink)
    )
)
_APPLY = _ffi.APPLY(
    _answering(
        lambda self, transaction, changes, count, conflicting, failure: _kept[self].apply(
            transaction, changes, count, conflicting
        )
    )
)
_COMMIT = _ffi.COMMIT(
    _answering(lambda self, transaction, commits, failure: _kept[self].commit(transaction, commits))
)
_CHANGE_COUNTER = _ffi.CHANGE_COUNTER(_answering(lambda self, counter: _kept[self].change_counter(counter)))
_WAIT_FOR_CHANGE = _ffi.WAIT_FOR_CHANGE(
    _answering(
        lambda self, seen, timeout_ms, following, failure: _kept[self].wait_for_change(seen, timeout_ms, following)
    )
)
_ROLLBACK = _ffi.ROLLBACK(_ending(lambda self, transaction: _kept[self].rollback(transaction)))


def store_of(store: Store) -> _ffi.Store:
    """The vtable of a host's store."""
    made: _ffi.Store = _ffi.filled(_ffi.Store)
    made.self = _keep(_StoreAdapter(store))
    made.close, made.prepare, made.begin, made.scan = _CLOSE_STORE, _PREPARE, _BEGIN, _SCAN
    made.apply, made.commit, made.rollback = _APPLY, _COMMIT, _ROLLBACK
    made.caps = _ffi.CAP_EXCLUDES_WRITERS if store.excludes_writers else 0
    if type(store).change_counter is not Store.change_counter:
        made.change_counter = _CHANGE_COUNTER
    if type(store).wait_for_change is not Store.wait_for_change:
        made.wait_for_change = _WAIT_FOR_CHANGE
    return made


# ---- clock and chance -----------------------------------------------------------------------------------------------


def _now(self: int, milliseconds: Any) -> None:
    milliseconds[0] = _kept[self]()


def _fill(self: int, into: int, length: int) -> None:
    chosen = bytes(_kept[self](length))
    if len(chosen) != length:
        raise ValueError(f"random was asked for {length} bytes and answered {len(chosen)}")
    ctypes.memmove(into, chosen, length)


def _let_go(self: int) -> None:
    del _kept[self]


_DESTROY = _ffi.CLOSE(_ending(_let_go))
_NOW = _ffi.NOW(_answering(_now))
_FILL = _ffi.FILL(_answering(_fill))


def clock_of(now: Callable[[], int]) -> _ffi.Clock:
    made: _ffi.Clock = _ffi.filled(_ffi.Clock)
    made.self, made.destroy, made.now = _keep(now), _DESTROY, _NOW
    return made


def random_of(fill: Callable[[int], bytes]) -> _ffi.Random:
    made: _ffi.Random = _ffi.filled(_ffi.Random)
    made.self, made.destroy, made.fill = _keep(fill), _DESTROY, _FILL
    return made
