"""A store as a host might write one: rows in dicts, optimistic. Each transaction works on a copy of its own; commit
makes its changes again on what stands by then, and conflicts when that is no longer what was expected."""

from __future__ import annotations

import threading
from typing import Iterable, Sequence

from linecard import Change, Row, Scan, Store, StoreConflict, Table, Transaction, sort_key

Rows = dict[str, dict[tuple, Row]]  # table name -> key -> row


def cells(table: Table, row: Row) -> dict:
    return dict(zip(table.column_names, row.values))


def picked(table: Table, row: Row, columns: Iterable[str]) -> tuple:
    values = cells(table, row)
    return tuple(values[column] for column in columns)


def make(rows: Rows, changes: Sequence[Change]) -> None:
    for number, change in enumerate(changes):
        table, stored = change.table, rows[change.table.name]
        if change.action == "insert":
            row = Row(1, tuple(change.values[name] for name in table.column_names))
            before = None
        else:
            before = stored.get(change.key)
            if before is None or before.version != change.expected_version:
                raise StoreConflict(number)
            if change.action == "require":
                continue
            del stored[change.key]
            if change.action == "erase":
                continue
            row = Row(before.version + 1, tuple({**cells(table, before), **change.values}.values()))
        key = picked(table, row, table.key)
        if key in stored or any(collide(table, row, other) for other in stored.values()):
            raise StoreConflict(number)
        stored[key] = row


def collide(table: Table, one: Row, other: Row) -> bool:
    for index in table.indexes:
        mine = picked(table, one, index.columns)
        if index.unique and None not in mine and mine == picked(table, other, index.columns):
            return True
    return False


def found(rows: Rows, scan: Scan) -> list[Row]:
    def of_order(row: Row) -> tuple:
        return sort_key(picked(scan.table, row, scan.order))

    if None in scan.from_ + scan.below:
        return []  # a null is in no range
    prefix, after = sort_key(scan.prefix), sort_key(scan.after)
    chosen = []
    for row in rows[scan.table.name].values():
        place = of_order(row)
        bounded = place[len(prefix)] if scan.from_ or scan.below else None
        if (
            place[: len(prefix)] == prefix
            and (bounded is None or bounded > sort_key([None])[0])
            and (not scan.from_ or bounded >= sort_key(scan.from_)[0])
            and (not scan.below or bounded < sort_key(scan.below)[0])
            and (not after or (place < after if scan.descending else place > after))
        ):
            chosen.append(row)
    chosen.sort(key=of_order, reverse=scan.descending)
    return chosen[: scan.limit or None]


class DictStore(Store):
    def __init__(self) -> None:
        self.rows: Rows = {}
        self.lock = threading.Lock()
        self.closed = 0

    def prepare(self, tables: Sequence[Table]) -> None:
        for table in tables:
            self.rows.setdefault(table.name, {})

    def begin(self, *, write: bool) -> Transaction:
        return DictTransaction(self)

    def close(self) -> None:
        self.closed += 1


class DictTransaction(Transaction):
    def __init__(self, store: DictStore) -> None:
        self.store = store
        self.changes: list[Change] = []
        with store.lock:
            self.rows = {name: dict(rows) for name, rows in store.rows.items()}

    def scan(self, scans: Sequence[Scan]) -> Iterable[Iterable[Row]]:
        return [found(self.rows, scan) for scan in scans]

    def apply(self, changes: Sequence[Change]) -> None:
        make(self.rows, changes)
        self.changes += changes

    def commit(self) -> None:
        with self.store.lock:
            standing = {name: dict(rows) for name, rows in self.store.rows.items()}
            make(standing, self.changes)
            self.store.rows = standing

    def rollback(self) -> None:
        pass
