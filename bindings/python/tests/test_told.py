"""Being told (B17): waiting for commits, after_commit, the log, counters, a store's own notice of changes."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import threading
import weakref
from typing import Any, Callable, Iterator

import pytest

import linecard
from dict_store import DictStore
from house import House, furnish

LONG = 60.0  # a wait that ends earlier was ended by a commit


@pytest.fixture
def told() -> list[linecard.Committed]:
    return []


@pytest.fixture
def telling(told: list[linecard.Committed]) -> Iterator[House]:
    directory, _ = linecard.Directory.create(memory=True, after_commit=told.append)
    made = furnish(directory)
    yield made
    made.close()


def raised(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """What the logger "linecard" was told that callbacks raised."""
    return [record.exc_info[0] for record in caplog.records if record.name == "linecard" and record.exc_info]


def count(counted: list[dict[str, Any]], label: str, name: str) -> dict[str, Any]:
    return next(item for item in counted if item[label] == name)


def test_B17_after_commit_gets_each_commit_with_its_receipt(telling: House, told: list[linecard.Committed]):
    assert told[0].actor_id is None and told[0].receipt.command == "bootstrap_operator"
    user = telling.user()
    before = len(told)
    receipt = telling.acme.assign_package(user_id=user, package_id=telling.package["Basic"])
    assert [(c.actor_id, c.scope_id, c.receipt) for c in told[before:]] == [
        (telling.operator.identity_id, telling.tenant_id, receipt)
    ]
    telling.acme.preview.unassign_package(user_id=user)
    telling.acme.assign_package(user_id=user, package_id=telling.package["Basic"])  # changes nothing
    with pytest.raises(linecard.Conflict):
        telling.acme.assign_package(user_id=user, package_id=telling.package["Plus"])
    assert len(told) == before + 1


def test_B17_I26_an_after_commit_that_raises_undoes_nothing_and_is_shown_and_counted(caplog: pytest.LogCaptureFixture):
    def fail(_: linecard.Committed) -> None:
        raise RuntimeError("the host's queue is full")

    directory, _ = linecard.Directory.create(memory=True, after_commit=fail)
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        receipt = operator.create_container(name="pbx-1")
        assert receipt.created
        assert directory.counters()["after_commit_failures"] == 2
    assert raised(caplog) == [RuntimeError, RuntimeError]


def test_B17_an_interrupt_in_after_commit_is_raised_after_the_commit():
    def interrupted(committed: linecard.Committed) -> None:
        if committed.receipt.command == "create_container":
            raise KeyboardInterrupt

    directory, _ = linecard.Directory.create(memory=True, after_commit=interrupted)
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        with pytest.raises(KeyboardInterrupt):
            operator.create_container(name="pbx-1")
        assert operator.audit()["entries"][0]["command"] == "create_container"


def test_B17_after_commit_may_not_use_its_directory_but_another_one(house: House, caplog: pytest.LogCaptureFixture):
    seen: list[Any] = []

    def look(_: linecard.Committed) -> None:
        seen.append(house.acme.users()["users"])
        directory.counters()

    directory, _ = linecard.Directory.create(memory=True, after_commit=look)
    with directory, directory.bootstrap_operator(email="ops@example.com"):
        pass
    assert seen == [[]]
    assert raised(caplog) == [linecard.Reentrant]


def test_B17_callables_are_let_go_when_the_directory_is_closed_or_was_never_made():
    class Host:
        def hear(self, _: Any) -> None:
            pass

    for memory in (True, False):
        host = Host()
        gone = weakref.ref(host)
        try:
            directory, _ = linecard.Directory.create(memory=memory, after_commit=host.hear, log=host.hear)
        except linecard.Invalid:
            assert not memory
        else:
            del host
            gc.collect()
            assert gone() is not None  # the library keeps what it will call
            directory.close()
        host = None  # type: ignore[assignment]
        gc.collect()
        assert gone() is None


def test_B17_a_directory_in_its_own_callback_is_collected_with_it():
    class Host:
        def __init__(self) -> None:
            self.directory, _ = linecard.Directory.create(memory=True, after_commit=self.hear)

        def hear(self, _: linecard.Committed) -> None:
            pass

    host = Host()
    gone = weakref.ref(host)
    host.directory.close()
    del host
    gc.collect()
    assert gone() is None


def test_B17_threads_that_commit_at_once_are_each_told_on_their_own_thread(tmp_path: Any):
    heard: list[int] = []
    directory, _ = linecard.Directory.create(
        tmp_path / "a.db", after_commit=lambda _: heard.append(threading.get_ident()), busy_timeout_ms=60_000
    )
    house = furnish(directory)
    heard.clear()
    own: list[int] = []

    def work(n: int) -> None:
        with directory.actor(house.operator.identity_id, scope_id=house.tenant_id) as actor:
            for i in range(10):
                actor.enable_service(service=f"s{n}-{i}")
        own.extend([threading.get_ident()] * 10)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(own) == 40
    assert sorted(heard) == sorted(own)
    house.close()


def test_B17_the_log_goes_to_a_logger_at_its_own_level(caplog: pytest.LogCaptureFixture):
    logger = logging.getLogger("host.linecard")
    logger.setLevel(logging.DEBUG)
    directory, _ = linecard.Directory.create(memory=True, log=logger)
    with directory, directory.bootstrap_operator(email="canary@example.com") as operator:
        with pytest.raises(linecard.Conflict):
            directory.bootstrap_operator(email="canary@example.com")
        operator.create_container(name="pbx-1")
    events = [(record.levelno, record.linecard.event) for record in caplog.records]  # type: ignore[attr-defined]
    assert (logging.INFO, "created") in events
    assert (logging.DEBUG, "committed") in events
    assert (logging.INFO, "refused") in events
    committed = [record.linecard for record in caplog.records if record.linecard.event == "committed"]  # type: ignore
    assert committed[-1].fields["operation"] == "create_container"
    assert committed[-1].fields["microseconds"] >= 0
    assert "canary" not in caplog.text


def test_B17_I21_personal_values_are_logged_only_when_asked_for():
    for personal in (False, True):
        events: list[linecard.LogEvent] = []
        directory, key = linecard.Directory.create(
            memory=True, log=events.append, log_level=logging.DEBUG, log_personal=personal
        )
        house = furnish(directory)
        house.user(first_name="Kanari", email="kanari@acme.example")
        with pytest.raises(linecard.Conflict):
            house.user(first_name="Kanari", email="kanari@acme.example")
        text = repr(events)
        assert ("kanari@acme.example" in text) == personal
        assert ("actor_id" in text) == personal
        assert key.text not in text
        house.close()


def test_B17_a_log_that_raises_is_shown_and_counted(caplog: pytest.LogCaptureFixture):
    def fail(_: linecard.LogEvent) -> None:
        raise OSError("disk full")

    directory, _ = linecard.Directory.create(memory=True, log=fail)
    with directory:
        assert directory.counters()["log_failures"] == 1
    assert raised(caplog) == [OSError]


def test_B17_log_levels_are_those_of_the_logging_module():
    for level, least in ((1, 10), (10, 10), (15, 20), (20, 20), (30, 30), (40, 40), (50, 40)):
        events: list[linecard.LogEvent] = []
        directory, _ = linecard.Directory.create(memory=True, log=events.append, log_level=level)
        house = furnish(directory)
        with pytest.raises(linecard.NotFound):
            house.acme.find_user(email="nobody@acme.example")
        assert {event.level for event in events} <= {10, 20}
        assert (min((event.level for event in events), default=99) == least) == (least <= 20)
        house.close()


def test_B17_counters_are_numbers_and_prometheus_text(house: House):
    user = house.user()
    house.acme.assign_package(user_id=user, package_id=house.package["Basic"])
    with pytest.raises(linecard.Conflict):
        house.acme.assign_package(user_id=user, package_id=house.package["Plus"])
    counted = house.directory.counters()
    assert count(counted["commands"], "command", "assign_package") == {
        "command": "assign_package",
        "done": 1,
        "refused": 1,
    }
    assert counted["refusals"] == [{"reason": "already_assigned", "count": 1}]
    assert [item["call"] for item in counted["store"]] == ["begin", "scan", "commit"]
    assert counted["view_age_milliseconds"] is None
    assert 'linecard_commands_total{command="assign_package",result="done"} 1\n' in house.directory.prometheus()


CHILD = """
import sys, linecard
path, key, tenant = sys.argv[1:]
with linecard.Directory.open(path, host_key=key) as directory:
    with directory.actor(email="ops@pbx.example", scope_id=tenant) as actor:
        for i in range(5):
            actor.enable_service(service=f"child{i}")
"""


def test_B17_a_process_hears_of_every_commit_of_another(tmp_path: Any):
    path = tmp_path / "shared.db"
    directory, key = linecard.Directory.create(path)
    house = furnish(directory)
    directory.poll(0)
    since = house.acme.audit(limit=1)["entries"][0]["seq"]
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path), key.text, house.tenant_id])
    heard: list[str] = []
    while len(heard) < 5:
        page = house.acme.wait_changes(since=since, limit=2, timeout=LONG)
        assert page["entries"]
        heard += [entry["command"] for entry in page["entries"]]
        since = page["entries"][-1]["seq"]
    assert child.wait() == 0
    assert heard == ["enable_service"] * 5
    assert directory.poll(LONG)
    assert not directory.poll(0)
    assert not directory.poll(0.005)
    assert house.acme.wait_changes(since=since, timeout=0)["entries"] == []
    assert house.acme.wait_changes(since=since, timeout=0.25)["entries"] == []  # more than one piece
    house.close()


def test_B17_close_ends_what_waits():
    directory, _ = linecard.Directory.create(memory=True)
    house = furnish(directory)
    directory.poll(0)
    follower = house.in_scope(house.tenant_id)
    ended: list[str] = []

    def waiting(wait: Callable[[], Any]) -> threading.Thread:
        def run() -> None:
            try:
                wait()
            except linecard.Invalid as closed:
                ended.append(closed.reason)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    alone = waiting(lambda: follower.wait_changes(since=10**6, timeout=None))
    follower.close()
    alone.join()
    assert ended == ["actor_closed"]
    both = [
        waiting(lambda: directory.poll(None)),
        waiting(lambda: house.acme.wait_changes(since=10**6, timeout=None)),
    ]
    directory.close()
    for thread in both:
        thread.join()
    assert ended == ["actor_closed", "directory_closed", "directory_closed"]
    house.close()


class Noticing(DictStore):
    """A store that tells of commits."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = threading.Condition()
        self.count = 1
        self.asked = 0
        self.fails: BaseException | None = None

    def notice(self) -> None:
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def wait_for_change(self, seen: int, timeout: float) -> int:
        if self.fails is not None:
            raise self.fails
        self.asked += 1
        with self.changed:
            self.changed.wait_for(lambda: self.count != seen, timeout)
            return self.count


def test_B17_a_python_store_may_tell_of_commits():
    store = Noticing()
    directory, _ = linecard.Directory.create(store=store)
    with directory:
        assert not directory.poll(0)
        store.notice()
        assert directory.poll(LONG)
        assert not directory.poll(0.005)
        assert store.asked > 0
        store.fails = ConnectionError("gone")
        with pytest.raises(ConnectionError):
            directory.poll(LONG)
        store.fails = None
        assert not directory.poll(0)


def test_B17_a_store_that_does_not_tell_is_looked_at_again():
    directory, _ = linecard.Directory.create(store=DictStore())
    house = furnish(directory)
    assert directory.poll(0)
    assert house.acme.wait_changes(since=10**6, timeout=0.005)["entries"] == []
    house.close()
