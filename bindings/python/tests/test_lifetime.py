"""Closing, using after closing, being forgotten, and threads."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import warnings
from typing import Any

import pytest

import linecard
from dict_store import DictStore, DictTransaction
from house import House, furnish


def test_closing_twice_is_closing_once():
    store = DictStore()
    directory, _ = linecard.Directory.create(store=store)
    actor = directory.bootstrap_operator(email="ops@pbx.example")
    for closing in (actor, actor, directory, directory):
        closing.close()
    assert store.closed == 1


def test_use_after_close_is_refused():
    directory, _ = linecard.Directory.create(memory=True)
    actor = directory.bootstrap_operator(email="ops@pbx.example")
    who = actor.identity_id
    actor.close()
    for use in (actor.verify_audit, lambda: actor.scope_id, lambda: actor.preview.create_container(name="x")):
        with pytest.raises(linecard.Invalid, match="actor_closed"):
            use()
    directory.close()
    for use in (directory.state_digest, lambda: directory.actor(who), lambda: directory.check(who, "user.manage")):
        with pytest.raises(linecard.Invalid, match="directory_closed"):
            use()


def test_a_directory_is_created_or_opened_never_made_by_its_name():
    for kind in (linecard.Directory, linecard.Actor):
        with pytest.raises(TypeError):
            kind("acme.db")
    with pytest.raises(TypeError, match="Directory.create"):
        linecard.Directory("acme.db")


def test_with_closes_whatever_happens():
    store = DictStore()
    with pytest.raises(ZeroDivisionError):
        with linecard.Directory.create(store=store)[0] as directory:
            with directory.bootstrap_operator(email="ops@pbx.example") as actor:
                raise ZeroDivisionError
    assert store.closed == 1
    with pytest.raises(linecard.Invalid, match="actor_closed"):
        actor.verify_audit()


def test_a_closed_directory_refuses_its_open_actors_and_its_store_closes_with_the_last():
    store = DictStore()
    directory, _ = linecard.Directory.create(store=store)
    actor = directory.bootstrap_operator(email="ops@pbx.example")
    directory.close()
    assert store.closed == 0
    with pytest.raises(linecard.Invalid, match="directory_closed"):
        actor.verify_audit()
    actor.close()
    assert store.closed == 1


def test_what_is_left_open_is_closed_with_a_ResourceWarning():
    store = DictStore()
    directory, _ = linecard.Directory.create(store=store)
    actor = directory.bootstrap_operator(email="ops@pbx.example")
    with pytest.warns(ResourceWarning, match="Actor was not closed"):
        del actor
        gc.collect()
    with pytest.warns(ResourceWarning, match="Directory was not closed"):
        del directory
        gc.collect()
    assert store.closed == 1


def test_what_was_closed_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        directory, _ = linecard.Directory.create(memory=True)
        directory.bootstrap_operator(email="ops@pbx.example").close()
        directory.close()
        del directory
        gc.collect()


def test_an_actor_keeps_its_directory():
    directory, _ = linecard.Directory.create(memory=True)
    actor = directory.bootstrap_operator(email="ops@pbx.example")
    del directory
    gc.collect()
    assert actor.verify_audit()["intact"]
    actor._directory.close()
    actor.close()


def test_a_host_that_closes_nothing_ends_well_and_its_store_is_closed():
    program = """
import linecard, dict_store
class Loud(dict_store.DictStore):
    def close(self): print("closed")
directory, _ = linecard.Directory.create(store=Loud())
actor = directory.bootstrap_operator(email="ops@pbx.example")
circle = [actor]; circle.append(circle)
"""
    path = os.pathsep.join([os.path.dirname(__file__), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-B", "-c", program], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "closed\n"), done.stderr


def in_threads(count: int, body: Any) -> list[Any]:
    answers: list[Any] = [None] * count
    raised: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait()
            answers[number] = body(number)
        except BaseException as trouble:
            raised.append(trouble)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not raised, raised
    return answers


@pytest.mark.parametrize("store", [None, DictStore])
def test_B4_threads_with_an_actor_each_do_not_oversell(store: Any):
    where = {"memory": True} if store is None else {"store": store()}
    directory, _ = linecard.Directory.create(**where)
    house = furnish(directory, seats=5)
    users = [house.user() for _ in range(12)]

    def take(number: int) -> int:
        taken = 0
        with house.in_scope(house.tenant_id) as actor:
            for user in users[number * 3 : number * 3 + 3]:
                while True:
                    try:
                        actor.assign_package(user_id=user, package_id=house.package["Basic"])
                        taken += 1
                    except linecard.Busy:
                        continue
                    except linecard.LimitReached:
                        pass
                    break
        return taken

    assert sum(in_threads(4, take)) == 5
    assert house.pool("Basic")["used"] == 5
    assert house.acme.verify_audit()["intact"]
    house.close()


class Waiting(DictStore):
    """A store whose next scan waits, so that a call is known to be under way."""

    def __init__(self) -> None:
        super().__init__()
        self.armed = False
        self.entered, self.go_on = threading.Event(), threading.Event()

    def begin(self, *, write: bool) -> linecard.Transaction:
        if self.armed:
            self.armed = False
            self.entered.set()
            assert self.go_on.wait(60)
        return DictTransaction(self)


@pytest.fixture
def waiting() -> "tuple[Waiting, House]":
    store = Waiting()
    return store, furnish(linecard.Directory.create(store=store)[0])


def during_a_call(store: Waiting, call: Any, meanwhile: Any) -> Any:
    """Runs `meanwhile` while another thread is inside `call`; answers what the call answered."""
    answers: list[Any] = []
    store.armed = True
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    assert store.entered.wait(60)
    try:
        meanwhile()
    finally:
        store.go_on.set()
        thread.join()
    return answers[0]


def test_a_second_call_on_one_actor_is_refused_while_the_first_is_under_way(waiting: Any):
    store, house = waiting

    def second() -> None:
        with pytest.raises(linecard.Reentrant, match="actor_in_use"):
            house.acme.users()
        assert house.in_scope(house.tenant_id).users()["users"] == []

    assert during_a_call(store, house.acme.users, second)["users"] == []
    house.close()


def test_closing_under_a_call_lets_it_finish(waiting: Any):
    store, house = waiting

    def close_all() -> None:
        house.close()
        assert store.closed == 0
        with pytest.raises(linecard.Invalid, match="actor_closed"):
            house.acme.users()

    assert during_a_call(store, house.acme.users, close_all)["users"] == []
    assert store.closed == 1


def test_other_threads_run_while_the_library_works(waiting: Any):
    store, house = waiting
    seen = []
    during_a_call(store, house.directory.state_digest, lambda: seen.append(house.directory.state_digest()))
    assert len(seen) == 1
    house.close()


def test_a_forked_child_is_refused_and_the_parent_goes_on(tmp_path):
    directory, key = linecard.Directory.create(tmp_path / "acme.db")
    actor = directory.bootstrap_operator(email="ops@pbx.example")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            actor.verify_audit()
        except linecard.Forked:
            with linecard.Directory.open(tmp_path / "acme.db", host_key=key) as own:
                status = 0 if own.actor(email="ops@pbx.example").verify_audit()["intact"] else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert actor.verify_audit()["intact"]
    actor.close()
    directory.close()
