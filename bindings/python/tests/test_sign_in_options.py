"""What a host fixes about signing in when it opens a directory: keys, costs, lives, its look into stolen passwords."""

from __future__ import annotations

import gc
import math
import weakref
from pathlib import Path
from typing import Any

import pytest

import linecard
from reached import ANOTHER, CHOSEN, INA, Reached


def create(**given: Any) -> None:
    linecard.Directory.create(memory=True, sign_in=linecard.SignIn(**given))[0].close()


def test_a_new_host_key_beside_the_present_one_becomes_the_directorys_and_opens_it_alone(tmp_path: Path):
    reached = Reached({"path": tmp_path / "kept.db"})
    reached.invite()  # a letter sealed under the present key
    fresh, stranger = linecard.HostKey.new(), linecard.HostKey.new()
    assert fresh.text.startswith("lckey1_") and fresh != stranger and fresh.text not in repr(fresh)

    def opened(key: linecard.HostKey, *older: "linecard.HostKey | str") -> linecard.Directory:
        sign_in = linecard.SignIn(older_keys=older)
        assert not any(str(getattr(k, "text", k)) in repr(sign_in) for k in older)
        return linecard.Directory.open(tmp_path / "kept.db", host_key=key, mail=reached.mail, sign_in=sign_in)

    for older in ((), (stranger,)):
        with pytest.raises(linecard.Denied, match="wrong_host_key"):
            opened(fresh, *older)
    with opened(fresh, stranger, reached.host_key.text) as rotated:
        with pytest.raises(linecard.Denied, match="wrong_host_key"):
            opened(reached.host_key)
        assert rotated.pump_mail().delivered == 1
        token = reached.letters[-1].link.partition("#")[2]
        with rotated.visitor() as visitor:
            visitor.accept_invitation(token=token, password=CHOSEN)
    reached.house.close()
    with opened(fresh) as alone, alone.visitor() as visitor:
        assert visitor.sign_in(email=INA, password=CHOSEN).token
        with alone.actor(email="ops@pbx.example") as operator:
            assert "rotate_host_key" in [entry["command"] for entry in operator.audit(limit=500)["entries"]]


def test_older_keys_are_host_keys_and_a_new_directory_has_none(tmp_path: Path):
    with pytest.raises(linecard.Invalid, match="host_key_not_taken"):
        create(older_keys=[linecard.HostKey.new()])
    with pytest.raises(linecard.Invalid) as refused:
        sign_in = linecard.SignIn(older_keys=[linecard.HostKey.new(), "lckey1_short"])
        linecard.Directory.open(tmp_path / "x.db", host_key=linecard.HostKey.new(), sign_in=sign_in)
    assert (refused.value.reason, refused.value.path) == ("host_key_invalid", "/older_keys/1")


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"passes": 2}, "passes_invalid"),
        ({"passes": 0}, "passes_invalid"),
        ({"passes": 2**32 + 3}, "passes_invalid"),  # which ctypes would cut to 3
        ({"memory_kib": 65535}, "memory_kib_invalid"),
        ({"memory_kib": 2**20 + 1}, "memory_kib_invalid"),
        ({"passwords_at_once": 0}, "passwords_at_once_invalid"),
        ({"passwords_at_once": -1}, "passwords_at_once_invalid"),
        ({"passwords_at_once": 1025}, "passwords_at_once_invalid"),
        ({"pepper": b"fifteen bytes.."}, "pepper_invalid"),
        ({"pepper": b""}, "pepper_invalid"),
        ({"pepper": b"p" * 65}, "pepper_invalid"),
        ({"session_life": 0}, "session_life_invalid"),
        ({"session_life": math.inf}, "session_life_invalid"),
        ({"idle_life": math.nan}, "idle_life_invalid"),
        ({"session_life": 60, "idle_life": 61}, "sessions_invalid"),
        ({"session_life": 400 * 24 * 3600.0}, "sessions_invalid"),
    ],
)
def test_a_cost_below_the_default_a_pepper_that_is_none_and_lives_without_sense_are_refused(given, reason):
    with pytest.raises(linecard.Invalid) as refused:
        create(**given)
    assert refused.value.reason == reason


def test_costs_above_the_default_are_taken_and_a_pepper_is_bytes():
    create(passes=4, memory_kib=65537, passwords_at_once=1, pepper=b"0123456789\0bcdef", session_life=1.5, idle_life=0.5)
    with pytest.raises(TypeError, match="pepper must be bytes"):
        create(pepper="sixteen characters")


def test_a_password_made_with_a_pepper_is_worth_nothing_without_it(tmp_path: Path):
    sign_in = linecard.SignIn(pepper=b"sixteen bytes are enough")
    assert "sixteen" not in repr(sign_in)
    reached = Reached({"path": tmp_path / "kept.db", "sign_in": sign_in})
    reached.joined()
    assert reached.signs_in()
    with linecard.Directory.open(tmp_path / "kept.db", host_key=reached.host_key) as without:
        with without.visitor() as visitor, pytest.raises(linecard.Denied, match="sign_in_failed"):
            visitor.sign_in(email=INA, password=CHOSEN)
    reached.house.close()


def test_I20_a_session_ends_when_it_is_not_used_for_its_idle_life_and_at_its_end_whatever_its_use():
    began = now = 1_700_000_000_000
    minute = 60_000
    sign_in = linecard.SignIn(session_life=3600, idle_life=600)
    reached = Reached({"clock": lambda: now, "sign_in": sign_in})
    reached.joined()
    used, left = (reached.visitor.sign_in(email=INA, password=CHOSEN).token for _ in range(2))
    while now + 10 * minute - 1 < began + 60 * minute:
        now += 10 * minute - 1
        reached.house.directory.session(used).close()
    with pytest.raises(linecard.Denied, match="session_over"):
        reached.house.directory.session(left)
    now = began + 60 * minute - 1
    reached.house.directory.session(used).close()
    now += 1
    with pytest.raises(linecard.Denied, match="session_over"):
        reached.house.directory.session(used)
    reached.house.close()


class Stolen:
    """A list of stolen passwords, with a hook."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Any = lambda password: False

    def __call__(self, password: str) -> bool:
        self.asked.append(password)
        return self.answer(password)


def test_a_password_known_to_be_stolen_is_refused_its_link_stays_good_and_a_sign_in_is_never_looked_up():
    stolen = Stolen()
    reached = Reached({"sign_in": linecard.SignIn(breached=stolen)})
    reached.invite()
    token = reached.token()
    stolen.answer = lambda password: password == CHOSEN
    with pytest.raises(linecard.Invalid, match="password_breached"):
        reached.visitor.accept_invitation(token=token, password=CHOSEN)
    reached.visitor.accept_invitation(token=token, password=ANOTHER)
    assert stolen.asked == [CHOSEN, ANOTHER]
    assert reached.signs_in(password=ANOTHER) and not reached.signs_in()
    assert len(stolen.asked) == 2
    reached.house.close()


def test_I26_a_look_into_stolen_passwords_that_fails_refuses_the_password_and_raises_what_it_raised():
    stolen = Stolen()
    reached = Reached({"sign_in": linecard.SignIn(breached=stolen)})
    reached.invite()
    token = reached.token()

    class Unreachable(Exception):
        pass

    def fails(password: str) -> bool:
        raise Unreachable

    def calls_back(password: str) -> bool:
        return bool(reached.house.acme.seat_pools())

    for answer, raised in (
        (fails, Unreachable),
        (calls_back, linecard.Reentrant),
        (lambda password: None, TypeError),  # a forgotten return
        (lambda password: 0, TypeError),
    ):
        stolen.answer = answer
        with pytest.raises(raised):
            reached.visitor.accept_invitation(token=token, password=CHOSEN)
        assert not reached.signs_in()
    stolen.answer = lambda password: False
    reached.visitor.accept_invitation(token=token, password=CHOSEN)
    assert reached.signs_in()
    reached.house.close()


def test_the_look_into_stolen_passwords_is_held_until_the_directory_closes_and_let_go_when_create_is_refused():
    for refused in ({}, {"passes": 1}, {"pepper": b"short"}):
        stolen = Stolen()
        gone = weakref.ref(stolen)
        if refused:
            with pytest.raises(linecard.Invalid):
                create(breached=stolen, **refused)
        else:
            directory, _ = linecard.Directory.create(memory=True, sign_in=linecard.SignIn(breached=stolen))
            del stolen
            gc.collect()
            assert gone() is not None
            directory.close()
        stolen = None
        gc.collect()
        assert gone() is None
