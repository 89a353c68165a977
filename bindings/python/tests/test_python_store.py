"""A store written in Python, as a host would: the main job runs on it, and what it raises comes back as itself."""

from __future__ import annotations

import traceback
from typing import Any, Callable, Iterator

import pytest

import linecard
from dict_store import DictStore, DictTransaction
from house import House, furnish, replayable
from linecard import _adapter as adapter
from main_job import do_main_job


class Trouble(Exception):
    """Not one of linecard's, nor of Python's."""


class FaultyStore(DictStore):
    """Does what `fault` does, once, in place of the method of its name."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: dict[str, Callable[[], Any]] = {}
        self.rolled_back = 0

    def fault(self, where: str) -> None:
        if where in self.faults:
            self.faults.pop(where)()

    def prepare(self, tables: Any) -> None:
        self.fault("prepare")
        super().prepare(tables)

    def begin(self, *, write: bool) -> linecard.Transaction:
        self.fault("begin for writing" if write else "begin")
        return FaultyTransaction(self)

    def close(self) -> None:
        super().close()
        self.fault("close")


class FaultyTransaction(DictTransaction):
    store: FaultyStore

    def scan(self, scans: Any) -> Any:
        self.store.fault("scan")
        return super().scan(scans)

    def apply(self, changes: Any) -> None:
        self.store.fault("apply")
        super().apply(changes)

    def commit(self) -> None:
        self.store.fault("commit")
        super().commit()

    def rollback(self) -> None:
        self.store.rolled_back += 1
        self.store.fault("rollback")


def raising(exception: BaseException) -> Callable[[], Any]:
    def fault() -> None:
        raise exception

    return fault


@pytest.fixture
def store() -> FaultyStore:
    return FaultyStore()


@pytest.fixture
def on_store(store: FaultyStore) -> Iterator[House]:
    directory, _ = linecard.Directory.create(store=store)
    made = furnish(directory)
    yield made
    made.close()


def test_the_main_job_on_a_host_store_that_is_opened_again():
    store = DictStore()
    check_again = do_main_job(store=store)
    check_again(store=store)
    assert store.closed == 2


def test_I30_a_host_store_holds_byte_for_byte_what_memory_and_SQLite_hold(tmp_path):
    digests = set()
    for where in ({"memory": True}, {"path": tmp_path / "acme.db"}, {"store": DictStore()}):
        directory, key = linecard.Directory.create(**where, **replayable())
        house = furnish(directory)
        users = [house.user(last_name=name) for name in ("Ångström", "Byron", "Çelik", "byron")]
        house.acme.assign_packages(user_ids=users, package_id=house.package["Basic"])
        house.acme.unassign_package(user_id=users[0])
        digests.add((key.text, directory.state_digest(), tuple(user["name"] for user in house.acme.each_user())))
        house.close()
    assert len(digests) == 1


def test_prepare_shows_the_tables_by_name():
    seen: dict[str, linecard.Table] = {}

    class Looking(DictStore):
        def prepare(self, tables: Any) -> None:
            seen.update({table.name: table for table in tables})
            super().prepare(tables)

    linecard.Directory.create(store=Looking())[0].close()
    users = seen["users"]
    assert users.key == ("id",)
    assert linecard.Index(("member_id", "tenant_id"), unique=True) in users.indexes
    columns = {column.name: column for column in users.columns}
    assert columns["first_name"].type == "text" and columns["first_name"].personal
    assert columns["external_ref"].nullable and not columns["id"].nullable
    assert next(c for c in seen["platforms"].columns if c.name == "key_check").secret


@pytest.mark.parametrize("where", ["begin for writing", "scan", "apply", "commit"])
@pytest.mark.parametrize("exception", [Trouble("disk on fire"), KeyboardInterrupt(), linecard.StoreFailed("full")])
def test_what_a_callback_raises_comes_back_as_itself_and_the_directory_still_works(
    on_store: House, store: FaultyStore, where: str, exception: BaseException
):
    before = on_store.directory.state_digest()
    store.faults[where] = raising(exception)
    with pytest.raises(type(exception)) as raised:
        on_store.user()
    assert raised.value is exception
    assert "fault" in [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)]
    assert on_store.directory.state_digest() == before
    on_store.user()
    assert on_store.acme.verify_audit()["intact"]


def test_what_a_callback_of_a_query_raises_comes_back_as_itself(on_store: House, store: FaultyStore):
    for where in ("begin", "scan"):
        store.faults[where] = raising(Trouble(where))
        with pytest.raises(Trouble, match=where):
            on_store.acme.users()
        on_store.user(role="administrator")  # authority has changed: the next check looks
        store.faults[where] = raising(Trouble(where))
        with pytest.raises(Trouble, match=where):
            on_store.directory.check(on_store.operator.identity_id, "user.manage")
    assert len(on_store.acme.users()["users"]) == 2


def test_a_rollback_or_close_that_raises_comes_back_too(store: FaultyStore):
    directory, _ = linecard.Directory.create(store=store)
    house = furnish(directory)
    user = house.user()
    preview_rolls_back = store.rolled_back
    store.faults["rollback"] = raising(Trouble("rollback"))
    with pytest.raises(Trouble, match="rollback"):
        house.acme.preview.assign_package(user_id=user, package_id=house.package["Basic"])
    assert store.rolled_back > preview_rolls_back
    assert house.acme.find_user(user_id=user)["package"] == "Unassigned"
    store.faults["close"] = raising(Trouble("close"))
    with pytest.raises(Trouble, match="close"):
        house.close()
    house.close()
    assert store.closed == 1


@pytest.mark.parametrize("where", ["prepare", "begin", "scan", "begin for writing", "apply", "commit"])
def test_a_create_that_fails_raises_the_hosts_exception_and_closes_the_store_once(store: FaultyStore, where: str):
    kept = len(adapter._kept)
    store.faults[where] = raising(Trouble(where))
    with pytest.raises(Trouble, match=where):
        linecard.Directory.create(store=store, clock=lambda: 0)
    assert store.closed == 1
    assert len(adapter._kept) == kept


def test_a_store_is_closed_when_the_options_are_refused(store: FaultyStore):
    with pytest.raises(linecard.Invalid, match="one_store_needed"):
        linecard.Directory.create(store=store, memory=True)
    assert store.closed == 1


def test_the_first_of_two_exceptions_is_the_one_that_comes_back(on_store: House, store: FaultyStore):
    store.faults["apply"] = raising(Trouble("first"))
    store.faults["rollback"] = raising(Trouble("second"))
    with pytest.raises(Trouble, match="first"):
        on_store.user()


@pytest.mark.parametrize("where", ["apply", "commit"])
def test_a_conflict_makes_the_command_be_decided_again(on_store: House, store: FaultyStore, where: str):
    rolled_back = store.rolled_back
    store.faults[where] = raising(linecard.StoreConflict(0))
    user = on_store.user()
    assert store.rolled_back == rolled_back + 1
    assert on_store.acme.find_user(user_id=user)["state"] == "active"


def test_a_store_that_always_conflicts_leaves_the_command_busy(on_store: House, store: FaultyStore):
    def again() -> None:
        store.faults["apply"] = again
        raise linecard.StoreConflict(0)

    store.faults["apply"] = again
    with pytest.raises(linecard.Busy, match="contended"):
        on_store.user()


def test_a_conflict_that_names_no_change_is_a_broken_callback(on_store: House, store: FaultyStore):
    store.faults["apply"] = raising(linecard.StoreConflict(1000))
    with pytest.raises(linecard.CallbackFailed, match="store_callback"):
        on_store.user()
    on_store.user()


class BadScan(DictStore):
    """Answers what `bad` makes of the right answer."""

    bad: Callable[[Any], Any] | None = None

    def begin(self, *, write: bool) -> linecard.Transaction:
        outer = self

        class BadTransaction(DictTransaction):
            def scan(self, scans: Any) -> Any:
                right = super().scan(scans)
                return outer.bad(right) if outer.bad else right

        return BadTransaction(self)


def each_row(change: Callable[[linecard.Row], Any]) -> Callable[[Any], Any]:
    return lambda answers: [[change(row) for row in rows] for rows in answers]


@pytest.mark.parametrize(
    "bad, expected",
    [
        (lambda answers: [], ValueError),
        (lambda answers: [*answers, []], ValueError),
        (lambda answers: None, TypeError),
        (each_row(lambda row: linecard.Row(row.version, [1.5, *row.values[1:]])), TypeError),
        (each_row(lambda row: linecard.Row(row.version, [2**63, *row.values[1:]])), OverflowError),
        (each_row(lambda row: linecard.Row(0, row.values)), linecard.CallbackFailed),
        (each_row(lambda row: linecard.Row(row.version, row.values[1:])), linecard.CallbackFailed),
        (each_row(lambda row: linecard.Row(row.version, [None, *row.values[1:]])), linecard.Internal),
    ],
)
def test_an_answer_that_is_no_answer_is_refused_never_read_as_nothing_there(bad: Any, expected: type):
    store = BadScan()
    directory, _ = linecard.Directory.create(store=store)
    house = furnish(directory)
    house.user()
    store.bad = bad
    with pytest.raises(expected):
        house.acme.users()
    store.bad = None
    assert len(house.acme.users()["users"]) == 1
    house.close()


def test_text_and_blobs_cross_with_every_byte_in_them(on_store: House, store: FaultyStore):
    hashes = [row.values[-1] for row in store.rows["audit_entries"].values()]
    assert all(isinstance(value, bytes) and len(value) == 32 for value in hashes)
    written = adapter._Written([b"a\0b", "", b"", "ö\U0001f600"], ["w"] * 4)
    assert [adapter._read(value) for value in written.array] == [b"a\0b", "", b"", "ö\U0001f600"]


def test_a_callback_may_not_use_its_own_directory_but_any_other(on_store: House, store: FaultyStore):
    store.faults["apply"] = lambda: on_store.directory.state_digest()
    with pytest.raises(linecard.Reentrant, match="in_callback"):
        on_store.user()
    store.faults["apply"] = lambda: on_store.acme.users()
    with pytest.raises(linecard.Reentrant, match="in_callback"):
        on_store.user()

    other, _ = linecard.Directory.create(memory=True)
    digests = []
    store.faults["scan"] = lambda: digests.append(other.state_digest())
    on_store.user()
    assert len(digests) == 1

    def fails_in_the_other() -> None:
        with pytest.raises(linecard.NotFound):
            other.actor(email="nobody@acme.example")
        raise Trouble("of this one")

    store.faults["scan"] = fails_in_the_other
    with pytest.raises(Trouble):
        on_store.user()
    other.close()


def test_closing_inside_a_callback_takes_effect_when_the_call_is_over(store: FaultyStore):
    directory, _ = linecard.Directory.create(store=store)
    store.faults["scan"] = directory.close
    directory.state_digest()
    assert store.closed == 1
    with pytest.raises(linecard.Invalid, match="directory_closed"):
        directory.state_digest()


def test_a_clock_or_random_source_that_raises_comes_back_as_itself():
    faults: list[BaseException] = []

    def now() -> int:
        if faults:
            raise faults.pop()
        return 1_800_000_000_000

    directory, _ = linecard.Directory.create(memory=True, clock=now)
    house = furnish(directory)
    faults.append(Trouble("no time"))
    with pytest.raises(Trouble, match="no time"):
        house.user()
    house.user()
    house.close()
    with pytest.raises(ValueError, match="asked for"):
        linecard.Directory.create(memory=True, random=lambda length: b"")


def test_what_C_holds_is_let_go_when_the_directory_is_closed():
    kept = len(adapter._kept)
    directory, _ = linecard.Directory.create(store=DictStore(), **replayable())
    actor = directory.bootstrap_operator(email="ops@pbx.example")
    assert len(adapter._kept) == kept + 3
    directory.close()
    actor.close()
    assert len(adapter._kept) == kept


def test_sort_key_orders_as_SQLite_does():
    ordered = [None, -5, 0, 7, "", "A", "a", "z", "ä", b"", b"\x00", b"\xff"]
    assert sorted(reversed(ordered), key=lambda value: linecard.sort_key([value])) == ordered
