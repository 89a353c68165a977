"""linecard.check_store: the contract of stores, tried on stores in Python that keep it and on one that lies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import linecard
from dict_store import DictStore, DictTransaction
from linecard import _adapter as adapter
from linecard.check_store import Counts, check_store


class DropsAGuard(DictStore):
    def begin(self, *, write: bool) -> linecard.Transaction:
        class Dropping(DictTransaction):
            def apply(self, changes: Any) -> None:
                try:
                    super().apply(changes)
                except linecard.StoreConflict:
                    pass

        return Dropping(self)


class Stumbles(DictStore):
    def begin(self, *, write: bool) -> linecard.Transaction:
        raise LookupError("no such socket")


def shelf() -> dict[str, Any]:
    """A store whose rows outlive it, and may be open twice."""
    shelves: list[DictStore] = []

    def fresh() -> DictStore:
        shelves.append(DictStore())
        return shelves[-1]

    return {"fresh": fresh, "reopen": lambda: shelves[-1], "readers_beside_writers": True}


def test_I24_I25_I26_a_store_in_Python_keeps_every_promise_that_it_can_be_tried_on():
    story: list[str] = []
    counts = check_store(DictStore, readers_beside_writers=True, told=story.append)
    assert counts.broken == 0, "\n".join(story)
    assert counts.kept > 30 and counts.untried < 10
    assert any(line.startswith("kept     I25: an equal unique index") for line in story)


def test_a_commit_in_Python_outlives_its_store():
    assert check_store(**shelf(), only="outlives", told=lambda _: None) == Counts(broken=0, kept=1, untried=0)


def test_a_store_that_lies_is_told_with_the_operations_that_showed_it():
    story: list[str] = []
    assert check_store(DropsAGuard, only="a missed version", told=story.append).broken == 1
    assert 'update contract_parcels (2) at v2 {name: "x"}' in story[0]
    assert "expected a conflict\n    got      success" in story[0]


def test_what_a_store_raises_is_part_of_its_story():
    story: list[str] = []
    assert check_store(Stumbles, only="a scan by the key", told=story.append).broken == 1
    assert "LookupError: no such socket" in story[0] and "Traceback" in story[0]


def test_what_the_listener_raises_or_the_host_presses_ends_the_check_and_comes_back():
    with pytest.raises(LookupError, match="enough"):
        check_store(DictStore, told=lambda _: (_ for _ in ()).throw(LookupError("enough")))

    class Interrupted(DictStore):
        def begin(self, *, write: bool) -> linecard.Transaction:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_store(Interrupted, told=lambda _: None)


def test_every_store_of_a_check_is_closed_and_let_go():
    kept = len(adapter._kept)
    stores: list[DictStore] = []

    def fresh() -> DictStore:
        stores.append(DictStore())
        return stores[-1]

    check_store(fresh, only="I25", told=lambda _: None)
    assert len(adapter._kept) == kept
    assert [store.closed for store in stores] == [1] * len(stores) and stores


def check_by_name(*arguments: str) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(Path(linecard.__file__).parents[1]), str(Path(__file__).parent)])
    return subprocess.run(
        [sys.executable, "-B", "-m", "linecard.check_store", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def test_the_program_prints_verdicts_counts_them_and_answers_by_its_exit_status():
    done = check_by_name("dict_store:DictStore", "--only", "I25")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "1 promises kept, 0 broken, 0 untried"
    done = check_by_name("test_check_store:DropsAGuard", "--only", "a missed version")
    assert done.returncode == 1 and done.stdout.startswith("BROKEN   I24: a missed version")
    done = check_by_name("dict_store:NoStore")
    assert done.returncode == 2 and "NoStore" in done.stderr
    assert check_by_name("dict_store").returncode == 2
