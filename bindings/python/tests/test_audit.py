"""The offline checker, which shares no code with the library, agrees with verify_audit and notices every change."""

from __future__ import annotations

import copy
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linecard
from house import House, furnish
from linecard import audit


def exported(actor: linecard.Actor) -> list[str]:
    file = io.StringIO()
    count = audit.export(actor, file)
    lines = file.getvalue().splitlines()
    assert len(lines) == count
    return lines


@pytest.fixture(scope="module")
def busy() -> Iterator[House]:
    directory, _ = linecard.Directory.create(memory=True)
    made = furnish(directory)
    users = [made.user(first_name=name, forwarding_number="+15145550100") for name in ("Zoë", "a\u00a0İ", '"{}')]
    made.acme.assign_packages(user_ids=users, package_id=made.package["Basic"])
    made.acme.change_package(user_id=users[0], package_id=made.package["Plus"])
    made.acme.unassign_packages(user_ids=users)
    yield made
    made.close()


@pytest.fixture(scope="module")
def lines(busy: House) -> list[str]:
    return exported(busy.acme)


@pytest.mark.parametrize("which", ["operator", "reseller", "acme"])
def test_B8_the_offline_checker_agrees_with_verify_audit(busy: House, which: str):
    actor = getattr(busy, which)
    verdict, theirs = audit.check(exported(actor)), actor.verify_audit()
    assert verdict.intact and theirs["intact"]
    for member in ("entries", "erased", "message", "head_hash"):
        assert getattr(verdict, member) == theirs[member]


def test_B8_an_export_goes_through_all_pages(house: House):
    for _ in range(510):
        house.acme.enable_service(service="fax")
        house.acme.disable_service(service="fax")
    verdict = audit.check(exported(house.acme))
    assert verdict.intact and verdict.entries == house.acme.verify_audit()["entries"] > 1000


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text and number in an entry."""
    if isinstance(value, (dict, list)):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(member, (*path, key))
    elif value is not None:
        yield path


def changed(entry: dict[str, Any], path: tuple[Any, ...], change: Any) -> dict[str, Any]:
    made = copy.deepcopy(entry)
    inner: Any = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = change(inner[path[-1]])
    return made


def with_line(lines: list[str], number: int, entry: Any) -> list[str]:
    return [*lines[:number], json.dumps(entry), *lines[number + 1 :]]


def flipped(text: str, at: int) -> str:
    raw = bytearray(text.encode())
    raw[at] ^= 1
    return raw.decode("utf-8", "surrogateescape")


def test_B8_flipping_any_byte_of_any_field_is_noticed_at_its_entry(lines: list[str]):
    tried = 0
    for number, line in enumerate(lines):
        entry = json.loads(line)
        for path in leaves(entry):
            value = entry
            for key in path:
                value = value[key]
            if isinstance(value, int):
                changes = [lambda old: old + 1, lambda old: old - 1, lambda old: str(old), lambda old: bool(old)]
            else:
                changes = [lambda old, at=at: flipped(old, at) for at in range(len(value.encode()))]
                changes += [lambda old: old + " ", lambda old: old.upper() if old.upper() != old else old + "x"]
            for change in changes:
                verdict = audit.check(with_line(lines, number, changed(entry, path, change)))
                assert not verdict.intact and verdict.broken_at == number + 1, path
                tried += 1
    assert tried > 5000


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_B8_any_other_value_in_any_field_is_noticed(lines: list[str], data: Any):
    number = data.draw(st.integers(0, len(lines) - 1))
    entry = json.loads(lines[number])
    path = data.draw(st.sampled_from([*leaves(entry), *[(name,) for name in entry]]))
    value = data.draw(st.none() | st.integers() | st.text(st.characters()) | st.lists(st.text()) | st.floats())
    made = changed(entry, path, lambda old: value)
    erased = path[0] == "personal" and len(path) == 3 and path[2] in ("salt", "text") and value is None
    assert audit.check(with_line(lines, number, made)).intact == (json.dumps(made) == json.dumps(entry) or erased)


def test_an_erased_value_leaves_the_chain_intact_and_is_counted(lines: list[str]):
    number = next(n for n, line in enumerate(lines) if json.loads(line)["personal"])
    entry = json.loads(lines[number])
    entry["personal"][0].update(salt=None, text=None)
    verdict = audit.check(with_line(lines, number, entry))
    assert verdict.intact and verdict.erased == 1
    assert "1 personal values erased" in verdict.message
    del entry["personal"][0]
    assert not audit.check(with_line(lines, number, entry)).intact


def test_removed_added_exchanged_and_repeated_entries_are_noticed(lines: list[str], busy: House):
    middle = len(lines) // 2
    for broken in (
        lines[1:],
        lines[:middle] + lines[middle + 1 :],
        lines[:middle] + [lines[middle + 1], lines[middle]] + lines[middle + 2 :],
        lines[:middle] + [lines[middle]] + lines[middle:],
        exported(busy.operator)[:1] + lines[1:],
        lines[:middle] + ["{"] + lines[middle:],
        lines[:middle] + ["[" * 100_000] + lines[middle:],
        lines[:middle] + [lines[middle][:-1] + ', "seq": 1}'] + lines[middle + 1 :],
    ):
        assert not audit.check(broken).intact


def test_a_chain_cut_short_is_noticed_against_its_anchor_only(lines: list[str]):
    head = json.loads(lines[-1])["hash"]
    assert audit.check(lines[:-1]).intact
    assert not audit.check(lines[:-1], head).intact
    assert audit.check(lines, head).intact
    assert audit.check(lines, json.loads(lines[2])["hash"]).intact


@pytest.mark.parametrize("how", [["-m", "linecard.audit"], [audit.__file__]])
def test_the_command_says_where_the_chain_breaks_and_its_status_is_1(lines: list[str], tmp_path: Path, how: list[str]):
    # The second way imports nothing of the package: an auditor needs neither library nor directory.
    environment = dict(os.environ)
    if how[0] != "-m":
        environment["LINECARD_LIBRARY"] = "no/such/library"

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-B", *how, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    whole, broken = tmp_path / "whole.jsonl", tmp_path / "broken.jsonl"
    whole.write_text("\n".join(lines) + "\n")
    broken.write_text("\n".join(lines[:3] + lines[4:]) + "\n")
    done = run(str(whole))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{len(lines)} entries, chain intact; head {json.loads(lines[-1])['hash']}\n"
    done = run(str(broken))
    assert done.returncode == 1 and done.stdout == "entry 4 is missing\n"
    assert run(str(whole), "0" * 64).returncode == 1
    assert run(str(tmp_path / "absent.jsonl")).returncode == 2
    assert run().returncode == 2


def test_an_empty_chain_is_intact():
    assert audit.check([]) == audit.Verdict(True, 0, 0, None, "0 entries, chain intact", "")
