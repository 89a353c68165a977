"""Checks from Python on the workload that linecard_bench_check_permission SCALE ROUNDS FOLDER left behind.

    LINECARD_LIBRARY=.../liblinecard.so.1 PYTHONPATH=bindings/python python3 tests/bench/check_permission.py FOLDER [ROUNDS]

One line a case: nanoseconds of processor time a check, the median of the rounds, and the ratio to a dictionary of
dictionaries that answers the same questions, timed in turns with it.
"""

import pathlib
import statistics
import sys
import time
from array import array

import linecard

folder, rounds = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 9
with open(folder / "questions.txt", encoding="ascii") as file:
    key = file.readline().strip()
    rows = [tuple(map(int, line.split())) for line in file]
who, numbers, scopes, expected = (list(column) for column in zip(*rows))
directory = linecard.Directory.open(folder / "directory.db", host_key=key)
count, allowed = len(rows), sum(expected)

by_hand: dict = {}  # what a host's own dictionary would hold of these very questions
for w, n, s, yes in rows:
    if yes:
        by_hand.setdefault(w, {}).setdefault(s, set()).add(n)
nothing: dict = {}
arrays = array("Q", who), array("I", numbers), array("Q", scopes)
assert directory.check_many(who, numbers, scopes) == bytes(expected), "the batch differs from the oracle"


def dictionary():
    return sum(n in by_hand.get(w, nothing).get(s, ()) for w, n, s in zip(who, numbers, scopes))


def one_call():
    check = directory.check
    return sum(check(w, n, scope_id=s) for w, n, s in zip(who, numbers, scopes))


def effective():
    ask = directory.effective
    return sum(n in ask(w, scope_id=s) for w, n, s in zip(who, numbers, scopes))


def from_arrays():
    return sum(directory.check_many(*arrays))


def from_lists():
    return sum(directory.check_many(who, numbers, scopes))


def nanoseconds(case):
    begun = time.thread_time_ns()
    assert case() == allowed, "a round answered otherwise than the oracle"
    return (time.thread_time_ns() - begun) / count


CASES = [
    ("check, one call", one_call, 1, 1100),
    ("effective and one test of it, for each of 40", effective, 40, 25),
    ("check_many from arrays", from_arrays, 1, 30),
    ("check_many from lists", from_lists, 1, 90),
]
for name, case, permissions, target in CASES:
    took, peer = [], []
    for n in range(rounds + 1):
        mine, theirs = nanoseconds(case) / permissions, nanoseconds(dictionary)
        if n:
            took.append(mine)
            peer.append(theirs)
    figure = statistics.median(took)
    ratio = statistics.median(a / b for a, b in zip(took, peer))
    verdict = "met   " if figure <= target else "MISSED"
    print(f"{name:<46} {figure:8.1f} ns  target {target:5}  {verdict}  {ratio:.2f} x dictionary ({statistics.median(peer):.0f} ns)")
directory.close()
