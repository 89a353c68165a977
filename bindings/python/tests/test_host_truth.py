"""Users in a table of the host's own: with the library's SQLite store and a mapping, and with a store in Python."""

from __future__ import annotations

import itertools
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Iterator

import pytest

import linecard
from dict_store import DictStore
from house import House, furnish, replayable
from linecard.check_store import check_store
from main_job import do_main_job

sys.path.append(str(Path(__file__).resolve().parents[3] / "examples"))

from support.sqlite3_store import HostRowRefused, HostTable, ReconcileNeeded, Sqlite3Store  # noqa: E402

STAFF = HostTable("users", "staff", "staff_id", "external_ref", {"first_name": "given", "last_name": "family"})
MAPPED = [
    {
        "table": "users",
        "host_table": "staff",
        "host_key": "staff_id",
        "reference": "external_ref",
        "columns": [
            {"column": "first_name", "host_column": "given"},
            {"column": "last_name", "host_column": "family"},
        ],
    }
]
KINDS = ["built_in", "python"]


MATCHING = {"tenant_id": "company"}


def where(kind: str, path: Path, **more: Any) -> dict[str, Any]:
    if kind == "built_in":
        return {"path": path, "mapped": MAPPED, **more}
    return {"store": Sqlite3Store(str(path), STAFF, timeout=0.0 if more else 5.0)}


def make_staff(path: Path) -> sqlite3.Connection:
    """Whoever writes to the host's table leaves a trace in `written`."""
    host = sqlite3.connect(path, isolation_level=None)
    host.executescript(
        """
        CREATE TABLE staff (staff_id INTEGER PRIMARY KEY AUTOINCREMENT, given TEXT NOT NULL, family TEXT,
                            mail TEXT, desk TEXT NOT NULL DEFAULT 'none', badge BLOB);
        CREATE TABLE written (what TEXT);
        CREATE TRIGGER u AFTER UPDATE ON staff BEGIN INSERT INTO written VALUES ('update'); END;
        INSERT INTO staff VALUES (17, 'Maud', 'Lewis', 'maud@acme.example', 'D4', x'00ff'),
                                 (23, 'Emil', 'Nolde', 'emil@acme.example', 'D5', x'01');
        """
    )
    return host


class Pbx:
    def __init__(self, kind: str, path: Path) -> None:
        self.host = make_staff(path)
        self.directory, self.host_key = linecard.Directory.create(**where(kind, path))
        self.house: House = furnish(self.directory)
        self.acme = self.house.acme

    def adopt(self, first: str, last: str, ref: str, **fields: Any) -> str:
        fields = {"email": f"{first.lower()}@acme.example", **fields}
        return self.acme.adopt_user(first_name=first, last_name=last, external_ref=ref, **fields).created_id("user")

    def names(self) -> list[str]:
        return [user["name"] for user in self.acme.each_user()]

    def staff(self, columns: str = "*") -> list[tuple[Any, ...]]:
        return self.host.execute(f"SELECT {columns} FROM staff ORDER BY staff_id").fetchall()


@pytest.fixture(params=KINDS)
def pbx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pbx]:
    made = Pbx(request.param, tmp_path / "pbx.db")
    yield made
    made.house.close()
    made.host.close()


def columns_of(receipt: linecard.Receipt) -> list[tuple[Any, ...]]:
    return [
        (change["record"], change["action"], column["column"], column["before"], column["after"])
        for change in receipt.changes
        for column in change["columns"]
    ]


def test_B16_users_of_the_hosts_table_are_adopted_licensed_listed_and_found_and_its_columns_stay(pbx: Pbx):
    before = pbx.staff()
    maud, emil = pbx.adopt("Maud", "Lewis", "17", extension="201"), pbx.adopt("Emil", "Nolde", "23")
    assert pbx.staff() == before
    pbx.acme.assign_packages(user_ids=[maud, emil], package_id=pbx.house.package["Basic"])
    pbx.acme.preview.change_package(user_id=maud, package_id=pbx.house.package["Plus"]).confirm()
    pbx.acme.unassign_package(user_id=emil)
    assert pbx.names() == ["Maud Lewis", "Emil Nolde"]
    assert pbx.acme.find_user(external_ref="17")["package"] == "Plus"
    assert [user["user_id"] for user in pbx.acme.users(search="nOL")["users"]] == [emil]
    assert pbx.acme.verify_audit()["intact"]
    assert pbx.staff() == before
    assert pbx.host.execute("SELECT * FROM written").fetchall() == []


def test_B16_who_comes_in_through_linecard_gets_a_row_of_the_hosts(pbx: Pbx):
    pbx.acme.add_user(first_name="Nora", last_name="New", email="nora@acme.example")
    assert pbx.staff()[-1] == (24, "Nora", "New", None, "none", None)
    assert pbx.host.execute("SELECT host_key, state FROM users").fetchall() == [(24, "invited")]


def test_B16_reconcile_audits_a_rename_once_and_writes_nothing_to_the_hosts_table(pbx: Pbx):
    maud = pbx.adopt("Maud", "Lewis", "17")
    pbx.adopt("Emil", "Nolde", "23")
    pbx.host.executescript("UPDATE staff SET family = 'Zorn' WHERE staff_id = 17; DELETE FROM written")
    assert pbx.acme.find_user(user_id=maud)["last_name"] == "Zorn"
    receipt = pbx.acme.reconcile()
    assert columns_of(receipt) == [("users", "updated", "last_name", "Lewis", "Zorn")]
    assert pbx.names() == ["Emil Nolde", "Maud Zorn"]
    entry = pbx.acme.audit(limit=1)["entries"][0]
    assert (entry["command"], entry["seq"]) == ("reconcile", receipt.audit_seq)
    assert [value["text"] for value in entry["personal"]] == ["Lewis", "Zorn"]
    before = pbx.directory.state_digest()
    assert pbx.acme.reconcile().changes == []
    assert pbx.directory.state_digest() == before
    assert pbx.host.execute("SELECT * FROM written").fetchall() == []
    assert pbx.acme.verify_audit()["intact"]


def test_B16_reconcile_takes_seat_and_role_from_whom_the_host_removed(pbx: Pbx):
    pbx.adopt("Maud", "Lewis", "17", role="administrator", package_id=pbx.house.package["Basic"], extension="201")
    pbx.host.execute("DELETE FROM staff WHERE staff_id = 17")
    assert pbx.names() == []
    assert pbx.house.pool("Basic")["used"] == 1
    gone = {(change["record"], change["action"]) for change in pbx.acme.reconcile().changes}
    assert {(record, "erased") for record in ("users", "seats", "grants", "extensions", "team_members")} <= gone
    assert pbx.house.pool("Basic")["used"] == 0
    assert pbx.acme.reconcile().changes == []
    assert pbx.acme.verify_audit()["intact"]


def test_B16_an_adoption_that_does_not_fit_the_hosts_row_is_refused_and_changes_nothing(pbx: Pbx):
    pbx.adopt("Maud", "Lewis", "17")
    before, staff = pbx.directory.state_digest(), pbx.staff()
    bolt = pbx.house.another_tenant()
    middle = pbx.directory.state_digest()
    for by, first, last, ref in (
        (pbx.acme, "Emil", "Nolde", "99"),
        (pbx.acme, "emil", "Nolde", "23"),
        (pbx.acme, "Emil", "Nolde", "023"),
        (bolt, "Maud", "Lewis", "17"),
    ):
        with pytest.raises((linecard.NotFound, linecard.Conflict, HostRowRefused)):
            by.adopt_user(first_name=first, last_name=last, email="new@x.example", external_ref=ref)
    assert pbx.directory.state_digest() == middle != before
    assert pbx.staff() == staff


@pytest.mark.parametrize("kind", KINDS)
def test_B16_with_a_matching_column_only_the_tenants_own_rows_are_there(kind: str, tmp_path: Path):
    path = tmp_path / "pbx.db"
    host = make_staff(path)
    host.execute("ALTER TABLE staff ADD COLUMN company INTEGER")
    if kind == "built_in":
        matching = [{"column": ours, "host_column": theirs} for ours, theirs in MATCHING.items()]
        directory, _ = linecard.Directory.create(path, mapped=[{**MAPPED[0], "matching": matching}])
    else:
        directory, _ = linecard.Directory.create(store=Sqlite3Store(str(path), replace(STAFF, matching=MATCHING)))
    house = furnish(directory)
    bolt = house.another_tenant()
    house.user()
    host.execute("UPDATE staff SET company = (SELECT tenant_id FROM users) WHERE staff_id = 17")
    maud = {"first_name": "Maud", "last_name": "Lewis", "email": "maud@acme.example", "external_ref": "17"}
    with pytest.raises((linecard.NotFound, HostRowRefused), match="17|unknown"):
        bolt.adopt_user(**maud)
    house.acme.adopt_user(**maud)
    host.execute("UPDATE staff SET company = 0 WHERE staff_id = 17")
    assert len(list(house.acme.each_user())) == 1
    assert ("users", "erased") in {(c["record"], c["action"]) for c in house.acme.reconcile().changes}
    house.close()
    host.close()


def test_B16_an_adoption_in_the_place_of_a_removed_row_needs_reconcile_first(pbx: Pbx):
    pbx.adopt("Maud", "Lewis", "17")
    pbx.host.execute("DELETE FROM staff WHERE staff_id = 17")
    pbx.host.execute("INSERT INTO staff (given, family) VALUES ('Maud', 'Lewis')")
    with pytest.raises((linecard.Conflict, ReconcileNeeded), match="reconcile"):
        pbx.adopt("Maud", "Lewis", "24")
    pbx.acme.reconcile()
    pbx.adopt("Maud", "Lewis", "24")


@pytest.mark.parametrize("kind", KINDS)
def test_B16_beside_the_hosts_own_transaction_a_command_without_patience_is_refused_whole(kind: str, tmp_path: Path):
    host = make_staff(tmp_path / "pbx.db")
    directory, key = linecard.Directory.create(**where(kind, tmp_path / "pbx.db"))
    house = furnish(directory)
    tenant_id = house.tenant_id
    house.close()
    with linecard.Directory.open(host_key=key, **where(kind, tmp_path / "pbx.db", busy_timeout_ms=-1)) as directory:
        with directory.actor(email="ops@pbx.example", scope_id=tenant_id) as acme:
            host.execute("BEGIN IMMEDIATE")
            host.execute("UPDATE staff SET family = 'Zorn' WHERE staff_id = 17")
            with pytest.raises((linecard.Busy, sqlite3.OperationalError)):
                acme.adopt_user(first_name="Maud", last_name="Lewis", email="m@acme.example", external_ref="17")
            host.execute("COMMIT")
            acme.adopt_user(first_name="Maud", last_name="Zorn", email="m@acme.example", external_ref="17")
    host.close()


def test_B16_a_fault_between_the_hosts_table_and_ours_leaves_both_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from support.sqlite3_store import Sqlite3Transaction

    pbx = Pbx("python", tmp_path / "pbx.db")
    before, staff = pbx.directory.state_digest(), pbx.staff()

    def fail(self: Any, change: Any, values: Any) -> bool:
        if change.table.name == "users":
            assert self._one("SELECT count(*) FROM staff") == (3,)  # the host's row is written by now
            raise OSError("the disk is gone")
        return real(self, change, values)

    real = Sqlite3Transaction._change
    monkeypatch.setattr(Sqlite3Transaction, "_change", fail)
    with pytest.raises(OSError, match="the disk is gone"):
        pbx.house.user()
    monkeypatch.undo()
    assert (pbx.directory.state_digest(), pbx.staff()) == (before, staff)
    pbx.house.user()
    pbx.house.close()
    pbx.host.close()


def test_B16_the_two_stores_read_each_others_files_and_hold_the_same_byte_for_byte(tmp_path: Path):
    digests = set()
    for kind in KINDS:
        host = make_staff(tmp_path / f"{kind}.db")
        directory, key = linecard.Directory.create(**where(kind, tmp_path / f"{kind}.db"), **replayable())
        house = furnish(directory)
        house.user(first_name="Maud", last_name="Lewis", external_ref="17")
        house.acme.assign_package(user_id=house.user(), package_id=house.package["Basic"])
        host.execute("UPDATE staff SET given = 'Maude' WHERE staff_id = 17")
        house.acme.reconcile()
        digests.add(directory.state_digest())
        house.close()
        for other in KINDS:
            with linecard.Directory.open(host_key=key, **where(other, tmp_path / f"{kind}.db")) as again:
                digests.add(again.state_digest())
        host.close()
    assert len(digests) == 1


@pytest.mark.parametrize("mapped", [False, True])
def test_B16_the_store_in_Python_keeps_every_promise_with_a_hosts_table_and_without(mapped: bool, tmp_path: Path):
    freight = HostTable("contract_parcels", "freight", "no", None, {"seal": "closed_with", "fragile": "care"})
    files = itertools.count()

    def fresh() -> Sqlite3Store:
        path = tmp_path / f"{next(files)}.db"
        last[:] = [str(path)]
        host = sqlite3.connect(path)
        host.execute("CREATE TABLE freight (no INTEGER PRIMARY KEY, care INTEGER, closed_with BLOB, depot TEXT)")
        host.close()
        return again()

    def again() -> Sqlite3Store:
        return Sqlite3Store(last[0], *([freight] if mapped else []), timeout=60.0)

    last: list[str] = []
    story: list[str] = []
    counts = check_store(fresh, reopen=again, beside=again, readers_beside_writers=True, told=story.append)
    assert counts.broken == 0, "\n".join(story)
    assert counts.kept > 35


def test_the_store_in_Python_does_the_main_job_without_any_table_of_the_hosts(tmp_path: Path):
    check_again = do_main_job(store=Sqlite3Store(str(tmp_path / "acme.db")))
    check_again(store=Sqlite3Store(str(tmp_path / "acme.db")))
    check_again(path=tmp_path / "acme.db")


@pytest.mark.parametrize("options", [{"memory": True}, {"store": DictStore()}], ids=["memory", "a host's"])
def test_reconcile_changes_nothing_on_a_store_without_a_table_of_the_hosts(options: dict[str, Any]):
    directory, _ = linecard.Directory.create(**options)
    house = furnish(directory)
    house.user()
    before = directory.state_digest()
    receipt = house.acme.reconcile()
    assert (receipt.changes, receipt.audit_seq) == ([], None)
    assert directory.state_digest() == before
    house.close()


def test_a_mapping_that_cannot_be_is_refused_naming_its_member(tmp_path: Path):
    path = tmp_path / "a.db"
    make_staff(path).close()
    cases = [
        ({"path": path, "mapped": [{**MAPPED[0], "host_table": "crew"}]}, "mapping_invalid", "/mapped/0/host_table"),
        ({"path": path, "mapped": [{**MAPPED[0], "host_key": "given"}]}, "mapping_invalid", "/mapped/0/host_key"),
        ({"path": path, "mapped": [{**MAPPED[0], "keys": "x"}]}, "field_unknown", "/mapped/0/keys"),
        ({"memory": True, "mapped": MAPPED}, "mapping_invalid", "/mapping"),
    ]
    for options, reason, at in cases:
        with pytest.raises(linecard.Invalid) as refused:
            linecard.Directory.create(**options)
        assert (refused.value.reason, refused.value.path) == (reason, at)
    directory, key = linecard.Directory.create(path, mapped=MAPPED)
    directory.close()
    with pytest.raises(linecard.Conflict, match="mapping_missing"):
        linecard.Directory.open(path, host_key=key)
