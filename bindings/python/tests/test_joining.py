"""From a letter to signed in, and back when it goes wrong: the token is taken from where the person gets it."""

from __future__ import annotations

import pytest

import linecard
from reached import ANOTHER, CHOSEN, INA, Reached


def test_S1_8_S2_4_S2_5_I14_I28_a_welcome_letters_link_sets_the_password_once_and_its_person_signs_in(reached: Reached):
    user_id = reached.invite()
    assert not reached.letters and not reached.signs_in()
    letter = reached.newest()
    assert (letter.letter, letter.address) == ("welcome", INA) and letter.link in letter.text
    token = reached.token()
    assert reached.house.pool("Plus")["reserved"] == 1
    with pytest.raises(linecard.Invalid, match="password_too_short"):
        reached.visitor.accept_invitation(token=token, password="short")
    receipt = reached.visitor.accept_invitation(token=token, password=CHOSEN)
    assert receipt["changes"] == [] and receipt["mail"] == []
    with pytest.raises(linecard.Invalid, match="token_invalid"):
        reached.visitor.accept_invitation(token=token, password=ANOTHER)
    user = reached.house.acme.find_user(user_id=user_id)
    assert user["state"] == "active" and user["team_role"]
    pool = reached.house.pool("Plus")
    assert (pool["used"], pool["reserved"]) == (1, 0)
    session = reached.house.directory.session(reached.visitor.sign_in(email=INA, password=CHOSEN).token)
    assert len(session.sessions()["sessions"]) == 1


def test_S4_16_I16_a_resets_link_replaces_the_password_and_ends_sessions_and_older_links(reached: Reached):
    user_id = reached.joined()
    session = reached.visitor.sign_in(email=INA, password=CHOSEN).token
    reached.visitor.request_password_reset(email=INA)
    older = reached.token()
    reached.house.acme.start_password_reset(user_id=user_id)
    newer = reached.token()
    assert reached.signs_in()  # nothing has ended yet
    reached.visitor.complete_password_reset(token=newer, password=ANOTHER)
    assert reached.newest().letter == "password_changed" and not reached.letters[-1].link
    assert not reached.signs_in() and reached.signs_in(password=ANOTHER)
    with pytest.raises(linecard.Invalid, match="token_invalid"):
        reached.visitor.complete_password_reset(token=older, password=CHOSEN)
    with pytest.raises(linecard.Denied):
        reached.house.directory.session(session)


def test_S5_7_I17_an_invitation_to_who_is_set_up_ends_the_password_before_the_letter_leaves(reached: Reached):
    user_id = reached.joined()
    before = len(reached.letters)
    reached.house.acme.send_invitation(user_id=user_id)
    assert len(reached.letters) == before and not reached.signs_in()
    assert reached.newest().letter == "reinvitation"
    reached.visitor.complete_password_reset(token=reached.token(), password=ANOTHER)
    assert reached.signs_in(password=ANOTHER)


def test_S4_18_I15_only_the_newest_link_is_good_and_a_letter_that_has_not_left_is_taken_back(reached: Reached):
    user_id = reached.invite()
    first = reached.token()
    reached.house.acme.send_invitation(user_id=user_id)
    reached.house.acme.send_invitation(user_id=user_id)
    second = reached.token()
    assert len(reached.letters) == 2
    with pytest.raises(linecard.Invalid, match="token_invalid"):
        reached.visitor.accept_invitation(token=first, password=CHOSEN)
    reached.visitor.accept_invitation(token=second, password=CHOSEN)


def test_S3_5_I20_a_delegates_letter_makes_the_delegation_active_and_one_removed_has_no_link_left(reached: Reached):
    acme = reached.house.acme
    reached.house.operator.publish_notice(text="Seen by all.", terms_link="https://example.com/terms")
    ids = []
    for email in ("pat@partner.example", "nia@partner.example"):
        fields = {"first_name": "Pat", "last_name": "P", "email": email, "notice_version": 1, "send_invitation": True}
        ids.append(acme.add_delegate(**fields).created_id("delegate"))
    reached.newest()
    links = {letter.address: letter.link.partition("#")[2] for letter in reached.letters}
    assert {letter.letter for letter in reached.letters} == {"delegate_invitation"}
    reached.visitor.accept_invitation(token=links["pat@partner.example"], password=CHOSEN)
    acme.remove_delegate(delegate_id=ids[1])
    with pytest.raises(linecard.Invalid, match="token_invalid"):
        reached.visitor.accept_invitation(token=links["nia@partner.example"], password=CHOSEN)
    assert [row["state"] for row in acme.delegates()["delegates"]] == ["active"]
    assert reached.signs_in("pat@partner.example")


def test_S5_3_the_code_of_a_letter_completes_the_sign_in_that_asked_for_it(reached: Reached):
    reached.joined()
    session = reached.visitor.sign_in(email=INA, password=CHOSEN).token
    reached.house.directory.session(session).set_second_factor(second_factor="mailbox")
    asked = reached.visitor.sign_in(email=INA, password=CHOSEN)
    assert asked.second_factor == "mailbox"
    code = reached.newest().code
    assert len(code) == 6 and not reached.letters[-1].link
    with pytest.raises(linecard.Denied, match="code_wrong"):
        reached.visitor.confirm_code(token=asked.token, code="123456" if code != "123456" else "654321")
    done = reached.visitor.confirm_code(token=asked.token, code=code)
    assert reached.house.directory.session(done.token).sessions()["sessions"]


def test_I20_who_was_deleted_signs_in_nowhere_and_is_set_up_anew_when_invited_again(reached: Reached):
    user_id = reached.joined()
    session = reached.visitor.sign_in(email=INA, password=CHOSEN).token
    reached.house.acme.preview.delete_user(user_id=user_id).confirm()
    assert not reached.signs_in()
    with pytest.raises(linecard.Denied):
        reached.house.directory.session(session)
    assert reached.invite() != user_id
    reached.visitor.accept_invitation(token=reached.token(), password=ANOTHER)
    assert reached.signs_in(password=ANOTHER) and not reached.signs_in()


def test_I21_no_token_of_a_letter_is_in_a_receipt_a_listing_or_the_audit(reached: Reached):
    user_id = reached.invite()
    token = reached.token()
    done = reached.visitor.accept_invitation(token=token, password=CHOSEN)
    told = [done, reached.house.acme.audit(limit=500), reached.house.operator.audit(limit=500)]
    told += [reached.house.acme.messages(state="delivered"), reached.house.acme.find_user(user_id=user_id)]
    for text in map(repr, told):
        assert token not in text and CHOSEN not in text
    assert token not in repr(reached.letters)
