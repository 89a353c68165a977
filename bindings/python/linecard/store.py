"""A host's own store in Python.

A host subclasses Store and Transaction. It sees tables of rows, never users or seats. Whatever its methods raise ends
the command, is rolled back, and comes back to the caller as itself; only StoreConflict has a meaning of its own: an
expectation was missed, and the command is decided again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Iterable, Literal, Mapping, NamedTuple, Sequence, Union

from ._ffi import lib

Scalar = Union[None, int, str, bytes]

SCHEMA_MAJOR: int = lib.linecard_schema_major()
"""For a store that lasts to keep beside its rows, and to raise TooNew in prepare when a larger one stands there."""


@dataclass(frozen=True)
class Column:
    name: str
    type: Literal["integer", "text", "blob"]
    nullable: bool
    personal: bool  # about a person; erased on request
    secret: bool  # never to be shown
    initial: Scalar  # what rows hold that stood before the column was added


@dataclass(frozen=True)
class Index:
    columns: tuple[str, ...]
    unique: bool  # rows that are null in one of the columns never collide


@dataclass(frozen=True)
class Table:
    """Beside its columns every stored row has a version: 1 when inserted, +1 with every update."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # columns, in order; unique
    indexes: tuple[Index, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Scan:
    """Rows whose first columns of `order` equal `prefix`, in that order, reversed when `descending`.

    Values are ordered None < integers < texts by UTF-8 bytes < blobs, as sort_key and SQLite do; None matches None.
    """

    table: Table
    order: tuple[str, ...]  # the key's columns, or an index's columns and then all of the key's
    prefix: tuple[Scalar, ...]
    from_: tuple[Scalar, ...]  # at most one value: from_ <= the column after the prefix
    below: tuple[Scalar, ...]  # at most one value: that column < below. Nulls, rows' and bounds', are in no range
    after: tuple[Scalar, ...]  # values of `order`: only rows beyond these, in the scan's direction; () from the start
    limit: int  # rows at most; 0: all
    descending: bool
    for_update: bool  # a hint: this transaction will change what it reads
    # Asks a store that keeps columns in a host's own table for the rows the host has changed or removed there since, as
    # they were last written here. Any other store may ignore it.
    drifted: bool = False


@dataclass(frozen=True)
class Change:
    """insert: `values` of all columns, version 1. update: `values` of some, version + 1. require: only looked at.

    All but insert need the row `key` to stand at `expected_version`; an insert needs its key and its unique indexes
    to be free. StoreConflict otherwise.
    """

    action: Literal["insert", "update", "erase", "require"]
    table: Table
    key: tuple[Scalar, ...]
    expected_version: int
    values: Mapping[str, Scalar]


class Row(NamedTuple):
    version: int
    values: Sequence[Scalar]  # in the order of the table's columns


def sort_key(values: Iterable[Scalar]) -> tuple[tuple[int, Any], ...]:
    """A key that sorts values as a store must."""
    return tuple(
        (0, 0) if v is None else (2, v.encode()) if isinstance(v, str) else (3, v) if isinstance(v, bytes) else (1, v)
        for v in values
    )


class StoreConflict(Exception):
    """An expectation was missed: by change number `index` of apply, or at commit."""

    def __init__(self, index: int = 0) -> None:
        super().__init__(index)
        self.index = index


class Transaction(ABC):
    """Used by one thread, one call at a time; over after one commit that succeeds or one rollback."""

    @abstractmethod
    def scan(self, scans: Sequence[Scan]) -> Iterable[Iterable[Row]]:
        """The rows of each scan, in the order asked. All reads of one transaction see one state."""

    @abstractmethod
    def apply(self, changes: Sequence[Change]) -> None:
        """All of them or none; each sees those before it. Raises StoreConflict(which)."""

    @abstractmethod
    def commit(self) -> None:
        """Durable when it returns. May raise StoreConflict."""

    @abstractmethod
    def rollback(self) -> None:
        """Also follows a failed commit."""


class Store(ABC):
    """Where a directory keeps its rows. Any thread may begin."""

    excludes_writers = False
    """True when nobody else can write between begin(write=True) and its end."""

    @abstractmethod
    def prepare(self, tables: Sequence[Table]) -> None:
        """Makes missing tables, columns and indexes; never drops or renames. Called at each open."""

    @abstractmethod
    def begin(self, *, write: bool) -> Transaction:
        """A new transaction."""

    # Offered by being overridden; without them the directory looks for others' commits ten times a second.

    def change_counter(self) -> int:
        """Another number than before, never 0, whenever anybody, in any process, may have committed since."""
        raise NotImplementedError

    def wait_for_change(self, seen: int, timeout: float) -> int:
        """Waits, so many seconds at most, for a commit that `seen`, an earlier answer, does not know of; answers the
        number to pass next, never 0. With 0 answers at once. It may return early, and misses no commit."""
        raise NotImplementedError

    def close(self) -> None:
        """Called exactly once, last; also when create or open fails."""
