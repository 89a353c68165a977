"""Back when it goes wrong: the backup address, suspension, what outsiders learn and what is kept of it."""

from __future__ import annotations

import pytest

import linecard
from reached import ANOTHER, CHOSEN, INA, Reached

HOME = "ina.home@else.example"


def set_backup(reached: Reached, ina: linecard.Actor) -> str:
    ina.set_backup_address(email=HOME, password=CHOSEN)
    letter = reached.newest()
    assert (letter.letter, letter.address) == ("address_confirmation", HOME)
    return letter.link.partition("#")[2]


def letters_after_asking(reached: Reached, **fields) -> list[tuple[str, str]]:
    before = len(reached.letters)
    reached.visitor.request_password_reset(**fields)
    reached.house.directory.pump_mail()
    return [(letter.letter, letter.address) for letter in reached.letters[before:]]


def test_S5_2_I19_a_backup_address_counts_once_its_link_was_opened_and_then_recovers_the_login(reached: Reached):
    reached.joined()
    ina = reached.session()
    with pytest.raises(linecard.Denied, match="password_wrong"):
        ina.set_backup_address(email=HOME, password=ANOTHER)
    token = set_backup(reached, ina)
    login = ina.own_login()
    assert (login["email"], login["password_set"], login["second_factor"]) == (INA, True, "none")
    assert (login["backup_address"], login["backup_address_waiting"]) == (None, HOME)
    assert letters_after_asking(reached, email=INA, use_backup_address=True) == []
    reached.visitor.confirm_backup_address(token=token)
    with pytest.raises(linecard.Invalid, match="token_invalid"):
        reached.visitor.confirm_backup_address(token=token)
    told = reached.newest()
    assert (told.letter, told.address) == ("backup_address_changed", INA)
    login = ina.own_login()
    assert (login["backup_address"], login["backup_address_waiting"]) == (HOME, None)

    assert letters_after_asking(reached, email=INA, use_backup_address=True) == [("password_reset", HOME)]
    reached.visitor.complete_password_reset(token=reached.token(), password=ANOTHER)
    assert reached.signs_in(password=ANOTHER) and not reached.signs_in()


def test_S5_2_I19_a_backup_address_never_signs_in_receives_no_code_and_names_no_login(reached: Reached):
    reached.joined()
    ina = reached.session()
    reached.visitor.confirm_backup_address(token=set_backup(reached, ina))
    assert not reached.signs_in(HOME)
    ina.set_second_factor(second_factor="mailbox")
    assert reached.visitor.sign_in(email=INA, password=CHOSEN).second_factor == "mailbox"
    code = reached.newest()
    assert (code.letter, code.address) == ("sign_in_code", INA)
    assert letters_after_asking(reached, email=HOME) == []
    assert letters_after_asking(reached, email=HOME, use_backup_address=True) == []
    ina.remove_backup_address()
    assert reached.newest().letter == "backup_address_changed"
    assert letters_after_asking(reached, email=INA, use_backup_address=True) == []


def test_I20_who_is_suspended_everywhere_signs_in_nowhere_and_returns_with_the_same_password(reached: Reached):
    user_id = reached.joined()
    kept = reached.visitor.sign_in(email=INA, password=CHOSEN).token
    reached.house.acme.suspend_user(user_id=user_id)
    assert not reached.signs_in()
    with pytest.raises(linecard.Denied, match="session_over"):
        reached.house.directory.session(kept)
    assert letters_after_asking(reached, email=INA) == []
    reached.house.acme.resume_user(user_id=user_id)
    assert reached.signs_in()
    reached.house.directory.session(kept).close()


def test_I22_a_request_for_a_known_and_for_an_unknown_address_are_answered_alike():
    reached = Reached({"clock": lambda: 1_700_000_000_000})
    reached.joined()
    known, unknown = (reached.visitor.request_password_reset(email=e) for e in (INA, "nobody@acme.example"))
    assert dict(known) == dict(unknown)
    reached.house.close()


def test_S5_3_a_persons_sessions_say_when_they_were_used_last_and_what_they_were_opened_by(reached: Reached):
    reached.joined()
    ina = reached.session()
    ina.set_second_factor(second_factor="mailbox")
    asked = reached.visitor.sign_in(email=INA, password=CHOSEN)
    done = reached.visitor.confirm_code(token=asked.token, code=reached.newest().code)
    assert done.second_factor is None
    first, second = ina.sessions()["sessions"]
    assert (first["second_factor"], second["second_factor"]) == ("none", "mailbox")
    assert first["current"] and not second["current"]
    for session in (first, second):
        assert session["started_at"] <= session["used_at"] < session["ends_at"]
    ina.set_second_factor(second_factor="none")
    assert reached.visitor.sign_in(email=INA, password=CHOSEN).second_factor is None
    with pytest.raises(linecard.Invalid, match="word_unknown"):
        ina.set_second_factor(second_factor="carrier pigeon")


def test_S4_14_a_wrong_address_is_corrected_while_invited_and_not_afterwards(reached: Reached):
    user_id = reached.invite("imogen@acme.example")
    wrong = reached.token()
    reached.house.acme.correct_address(user_id=user_id, email=INA)
    reached.house.acme.send_invitation(user_id=user_id)
    with pytest.raises(linecard.Invalid, match="token_invalid"):
        reached.visitor.accept_invitation(token=wrong, password=CHOSEN)
    reached.visitor.accept_invitation(token=reached.token(), password=CHOSEN)
    assert reached.letters[-1].address == INA and reached.signs_in()
    with pytest.raises(linecard.Conflict, match="already_joined"):
        reached.house.acme.correct_address(user_id=user_id, email="late@acme.example")


def test_S5_6_whom_no_setup_letter_was_sent_cannot_sign_in_and_a_reset_is_no_way_in(reached: Reached):
    fields = {"first_name": "Ina", "last_name": "Quiet", "email": INA}
    user_id = reached.house.acme.add_user(**fields).created_id("user")
    reached.house.directory.pump_mail()
    assert not reached.letters and not reached.signs_in()
    assert letters_after_asking(reached, email=INA) == []
    reached.house.acme.send_invitation(user_id=user_id)
    reached.visitor.accept_invitation(token=reached.token(), password=CHOSEN)
    assert reached.signs_in()


def test_I23_each_command_of_the_road_leaves_one_audit_entry_a_refused_one_none_and_a_denial_its_own_record(
    reached: Reached,
):
    acme = reached.house.acme
    user_id = reached.invite()
    token = reached.token()

    def commands() -> list[str]:
        assert acme.verify_audit()["intact"]
        return [entry["command"] for entry in acme.audit(limit=500)["entries"]]

    before = commands()
    with pytest.raises(linecard.Invalid, match="password_too_short"):
        reached.visitor.accept_invitation(token=token, password="short")
    assert commands() == before
    reached.visitor.accept_invitation(token=token, password=CHOSEN)
    joined = commands()
    assert len(joined) == len(before) + 1 and joined.count("accept_invitation") == 1
    session = reached.visitor.sign_in(email=INA, password=CHOSEN).token
    with reached.house.directory.session(session, scope_id=reached.house.tenant_id) as ina:
        with pytest.raises(linecard.Denied, match="permission_denied"):
            ina.suspend_user(user_id=user_id)
    assert commands() == joined
    assert [row["command"] for row in acme.denials()] == ["suspend_user"]
