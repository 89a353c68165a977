"""A linecard store over the standard sqlite3 module, whose users may stand in a table of the host's own.

Tables have the names and columns that the built-in SQLite store gives them, so either opens the other's file. A mapped
table is a join: the host's columns are what is true, ours beside them what linecard last knew. One connection writes
both, so one transaction does.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, field
from typing import Iterable, Mapping, Sequence

import linecard
from linecard import Change, Row, Scan, StoreConflict, Table
from linecard.store import Scalar


@dataclass(frozen=True)
class HostTable:
    table: str  # linecard's: "users"
    host_table: str  # the host's: "staff"
    key: str  # its unique key, whose values never come back once removed: "staff_id"
    reference: str | None  # linecard's column that names a host row by its key: "external_ref"; None: none does
    columns: Mapping[str, str]  # linecard's column -> the host's; none that orders rows
    matching: Mapping[str, str] = field(default_factory=dict)  # must say the same in both: {"tenant_id": "company"}


class HostRowRefused(Exception):
    """The host's row that a command needs is not there, is linked already, or says otherwise."""


class ReconcileNeeded(Exception):
    """A row whose host row is gone stands in the way: run reconcile first."""


def quoted(*names: str) -> str:
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(value: Scalar) -> str:
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return "NULL" if value is None else str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


class Sqlite3Store(linecard.Store):
    excludes_writers = True  # BEGIN IMMEDIATE

    def __init__(self, path: str, *host_tables: HostTable, timeout: float = 5.0) -> None:
        self.hosts = {host.table: host for host in host_tables}
        self._path, self._timeout = path, timeout
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    def prepare(self, tables: Sequence[Table]) -> None:
        connection = self.take()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._stamp(connection)
            for table in tables:
                self._make(connection, table)
            connection.execute("COMMIT")
        finally:
            self.give_back(connection)

    def begin(self, *, write: bool) -> linecard.Transaction:
        connection = self.take()
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        except BaseException:
            self.give_back(connection)
            raise
        return Sqlite3Transaction(self, connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def take(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return sqlite3.connect(self._path, self._timeout, isolation_level=None, check_same_thread=False)

    def give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._lock:
            self._idle.append(connection)

    def _stamp(self, connection: sqlite3.Connection) -> None:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS linecard_schema (major INTEGER NOT NULL, minor INTEGER NOT NULL)"
        )
        [(major,)] = connection.execute("SELECT max(major) FROM linecard_schema")
        if major is None:
            connection.execute("INSERT INTO linecard_schema VALUES (?, 0)", (linecard.SCHEMA_MAJOR,))
        elif major > linecard.SCHEMA_MAJOR:
            raise linecard.TooNew("schema_too_new", "", f"{self._path} was written by linecard {major}.x")

    def _make(self, connection: sqlite3.Connection, table: Table) -> None:
        name, host = quoted(table.name), self.hosts.get(table.name)
        standing = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table.name,))}
        declared = {}
        for column in table.columns:
            needed = "" if column.nullable else f" NOT NULL DEFAULT {literal(column.initial)}"
            declared[column.name] = f"{quoted(column.name)} {column.type.upper()}{needed}"
        if not standing:
            rowid = len(table.key) == 1 and declared[table.key[0]].split()[1] == "INTEGER"
            if rowid:
                declared[table.key[0]] = f"{quoted(table.key[0])} INTEGER NOT NULL PRIMARY KEY"
            parts = [*declared.values(), "version INTEGER NOT NULL DEFAULT 1"]
            parts += [] if rowid else [f"PRIMARY KEY ({quoted(*table.key)})"]
            connection.execute(f"CREATE TABLE {name} ({', '.join(parts)}){'' if rowid else ' WITHOUT ROWID'}")
        for column in table.columns if standing else ():
            if column.name not in standing:
                connection.execute(f"ALTER TABLE {name} ADD COLUMN {declared[column.name]}")
        for index in table.indexes:
            index_name = quoted(f"{table.name}_by_{'_'.join(index.columns)}")
            unique = "UNIQUE " if index.unique else ""
            connection.execute(f"CREATE {unique}INDEX IF NOT EXISTS {index_name} ON {name} ({quoted(*index.columns)})")
        if host and "host_key" not in standing:
            connection.execute(f"ALTER TABLE {name} ADD COLUMN host_key")
            connection.execute(f"CREATE UNIQUE INDEX {quoted(table.name + '_by_host_key')} ON {name} (host_key)")


class Sqlite3Transaction(linecard.Transaction):
    def __init__(self, store: Sqlite3Store, connection: sqlite3.Connection) -> None:
        self._store, self._connection = store, connection

    def scan(self, scans: Sequence[Scan]) -> Iterable[Iterable[Row]]:
        return [self._scan(scan) for scan in scans]

    def apply(self, changes: Sequence[Change]) -> None:
        for number, change in enumerate(changes):
            host = self._store.hosts.get(change.table.name)
            values = dict(change.values)
            if host and change.action == "insert":
                values["host_key"] = self._link(host, change)
            elif host and change.action == "update":
                self._update_host(host, change)
            try:
                hit = self._change(change, values)
            except sqlite3.IntegrityError:
                if host and self._gone(host):
                    raise ReconcileNeeded("run reconcile first") from None
                hit = False
            if not hit:
                raise StoreConflict(number)

    def commit(self) -> None:
        self._connection.execute("COMMIT")
        self._store.give_back(self._connection)

    def rollback(self) -> None:
        self._store.give_back(self._connection)

    # ---- reading

    def _source(self, table: Table, drifted: bool) -> str:
        """What to select from. Of a mapped table: rows whose host row stands, as the host has them; or, drifted, rows
        as last known where the host's says otherwise or is gone."""
        host = self._store.hosts.get(table.name)
        if host is None:
            return quoted(table.name)
        # A null of the host's stands for the initial value; a function, so that no collation of the host's compares.
        live = {
            column.name: f"coalesce(h.{quoted(host.columns[column.name])}, {literal(column.initial)})"
            for column in table.columns
            if column.name in host.columns
        }
        ours = [f"u.{quoted(name)}" for name in (*table.column_names, "version")]
        if drifted:
            same = " AND ".join(f"u.{quoted(name)} IS {now}" for name, now in live.items())
            moved = f"h.{quoted(host.key)} IS NULL OR NOT ({same})"
            return f"(SELECT {', '.join(ours)} FROM {self._beside(host, 'LEFT JOIN')} WHERE {moved})"
        names = (*table.column_names, "version")
        shown = [f"{live[name]} AS {quoted(name)}" if name in live else own for name, own in zip(names, ours)]
        return f"(SELECT {', '.join(shown)} FROM {self._beside(host, 'JOIN')})"

    @staticmethod
    def _beside(host: HostTable, join: str) -> str:
        same = "".join(f" AND h.{quoted(theirs)} = u.{quoted(ours)}" for ours, theirs in host.matching.items())
        return f"{quoted(host.table)} u {join} {quoted(host.host_table)} h ON h.{quoted(host.key)} = u.host_key{same}"

    def _scan(self, scan: Scan) -> list[Row]:
        if scan.drifted and scan.table.name not in self._store.hosts:
            return []
        terms, bound = [f"{quoted(name)} IS ?" for name, _ in zip(scan.order, scan.prefix)], list(scan.prefix)
        for sign, limit in ((">=", scan.from_), ("<", scan.below)):
            if limit:
                terms.append(f"{quoted(scan.order[len(scan.prefix)])} {sign} ?")
                bound += limit
        if scan.after:
            beyond, more = self._beyond(scan)
            terms.append(beyond)
            bound += more
        down = " DESC" if scan.descending else ""
        found = self._connection.execute(
            f"SELECT version, {quoted(*scan.table.column_names)} FROM {self._source(scan.table, scan.drifted)}"
            + (f" WHERE {' AND '.join(terms)}" if terms else "")
            + f" ORDER BY {', '.join(quoted(name) + down for name in scan.order)} LIMIT {scan.limit or -1}",
            bound,
        )
        return [Row(version, values) for version, *values in found]

    @staticmethod
    def _beyond(scan: Scan) -> tuple[str, list[Scalar]]:
        """Rows after a tuple, nulls being the least: equal in some first columns and beyond in the next."""
        cases, bound = [], []
        for i, (name, value) in enumerate(zip(scan.order, scan.after)):
            equal, own = [f"{quoted(n)} IS ?" for n in scan.order[:i]], quoted(name)
            if value is None and scan.descending:
                continue
            if value is None:
                further = f"{own} IS NOT NULL"
            else:
                further = f"({own} < ? OR {own} IS NULL)" if scan.descending else f"{own} > ?"
            cases.append(" AND ".join([*equal, further]))
            bound += [*scan.after[:i], *([] if value is None else [value])]
        return f"({' OR '.join(cases) or '0'})", bound

    # ---- writing

    def _change(self, change: Change, values: Mapping[str, Scalar]) -> bool:
        name = quoted(change.table.name)
        if change.action == "insert":
            holes = ",".join("?" * len(values))
            self._connection.execute(f"INSERT INTO {name} ({quoted(*values)}) VALUES ({holes})", list(values.values()))
            return True
        where = " AND ".join(f"{quoted(column)} = ?" for column in (*change.table.key, "version"))
        at = [*change.key, change.expected_version]
        if change.action == "require":
            return self._one(f"SELECT 1 FROM {name} WHERE {where}", at) is not None
        if change.action == "erase":
            return self._connection.execute(f"DELETE FROM {name} WHERE {where}", at).rowcount == 1
        sets = "".join(f"{quoted(column)} = ?, " for column in values)
        text = f"UPDATE {name} SET {sets}version = version + 1 WHERE {where}"
        return self._connection.execute(text, [*values.values(), *at]).rowcount == 1

    def _one(self, text: str, bound: Sequence[Scalar] = ()) -> tuple[Scalar, ...] | None:
        row: tuple[Scalar, ...] | None = self._connection.execute(text, bound).fetchone()
        return row

    def _link(self, host: HostTable, change: Change) -> Scalar:
        """The key of the host's row that the reference names, which must say what is inserted; or of a new one."""
        table, key, reference = quoted(host.host_table), quoted(host.key), change.values.get(host.reference or "")
        matching = [change.values[name] for name in host.matching]
        if reference is None:
            given = [*(change.values[name] for name in host.columns), *matching]
            theirs, holes = quoted(*host.columns.values(), *host.matching.values()), ",".join("?" * len(given))
            made = self._one(f"INSERT INTO {table} ({theirs}) VALUES ({holes}) RETURNING {key}", given)
            assert made is not None
            return made[0]
        theirs = quoted(host.key, *host.columns.values())
        same = "".join(f" AND {quoted(name)} = ?" for name in host.matching.values())
        row = self._one(f"SELECT {theirs} FROM {table} WHERE CAST({key} AS TEXT) = ?{same}", [reference, *matching])
        if row is None:
            raise HostRowRefused(f"{host.host_table} has no row {reference}")
        if self._one(f"SELECT 1 FROM {quoted(host.table)} WHERE host_key = ?", row[:1]):
            raise HostRowRefused(f"row {reference} of {host.host_table} is linked already")
        initial = {column.name: column.initial for column in change.table.columns}
        for name, now in zip(host.columns, row[1:]):
            if (initial[name] if now is None else now) != change.values[name]:
                raise HostRowRefused(f"row {reference} of {host.host_table} says otherwise in {host.columns[name]}")
        return row[0]

    def _update_host(self, host: HostTable, change: Change) -> None:
        """What says so already is left alone: reconcile must not write to the host's table."""
        row_of = " AND ".join(f"{quoted(column)} = ?" for column in change.table.key)
        one = f"{quoted(host.key)} = (SELECT host_key FROM {quoted(host.table)} WHERE {row_of})"
        initial = {column.name: column.initial for column in change.table.columns}
        for name, value in change.values.items():
            if name in host.columns:
                theirs = quoted(host.columns[name])
                differs = f"? IS NOT coalesce({theirs}, {literal(initial[name])})"
                text = f"UPDATE {quoted(host.host_table)} SET {theirs} = ? WHERE {one} AND {differs}"
                self._connection.execute(text, [value, *change.key, value])

    def _gone(self, host: HostTable) -> bool:
        lost = f"{self._beside(host, 'LEFT JOIN')} WHERE h.{quoted(host.key)} IS NULL LIMIT 1"
        return self._one(f"SELECT 1 FROM {lost}") is not None
