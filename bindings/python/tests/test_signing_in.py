"""Signing in through Python: visitors, sessions, limits. What letters carry is tested where letters are delivered."""

from __future__ import annotations

import base64
import hashlib

import pytest

import linecard

PASSWORD = "vier fuenf wort sechs"


def brought_along(password: str) -> str:
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), b"salty", 1000)
    return "pbkdf2_sha256$1000$salty$" + base64.b64encode(made).decode()


@pytest.fixture
def known(house) -> str:
    """A user whose password came from another system."""
    user_id = house.user(first_name="Ina", last_name="Known", email="ina@acme.example")
    house.acme.adopt_password(user_id=user_id, password_hash=brought_along(PASSWORD))
    return "ina@acme.example"


def test_B14_a_hash_of_another_system_signs_in_and_its_session_opens_an_actor(house, known):
    visitor = house.directory.visitor()
    for _ in range(2):  # the second time by the hash made anew
        receipt = visitor.sign_in(email=known.upper(), password=PASSWORD, source="192.0.2.1")
        assert receipt["changes"] == [] and receipt.second_factor is None
    actor = house.directory.session(receipt.token, scope_id=house.acme.scope_id)
    assert [row["current"] for row in house.directory.session(receipt.token).sessions()["sessions"]] == [False, True]
    actor.sign_out()
    with pytest.raises(linecard.Denied, match="session_over"):
        actor.sign_out()
    with pytest.raises(linecard.Denied, match="token_invalid"):
        house.directory.session(receipt.token)


def test_I22_a_wrong_password_and_an_unknown_address_are_refused_alike(house, known):
    said = []
    for email in (known, "nobody@acme.example"):
        with pytest.raises(linecard.Denied) as refused:
            house.directory.visitor().sign_in(email=email, password="not this one at all")
        said.append((refused.value.reason, refused.value.path, refused.value.message))
    assert said[0] == said[1] and said[0][0] == "sign_in_failed"


def test_I18_too_many_tries_say_how_long_to_wait(house, known):
    visitor = house.directory.visitor()
    for _ in range(10):
        with pytest.raises(linecard.Denied):
            visitor.sign_in(email=known, password="not this one at all")
    with pytest.raises(linecard.LimitReached, match="too_many_tries") as refused:
        visitor.sign_in(email=known, password=PASSWORD)
    assert 0 < refused.value.retry_after <= 15 * 60


def test_a_visitor_holds_nothing(house):
    with pytest.raises(linecard.Denied, match="permission_denied"):
        house.directory.visitor().create_container(name="mine")
    with pytest.raises(linecard.Denied, match="sign_in_needed"):
        house.directory.visitor().set_second_factor(second_factor="mailbox")


def test_I15_what_is_no_token_opens_nothing(house):
    visitor = house.directory.visitor()
    for token in ("x", "lc1_invitation_" + "A" * 49):
        with pytest.raises(linecard.Invalid, match="token_invalid"):
            visitor.accept_invitation(token=token, password=PASSWORD)
        with pytest.raises(linecard.Invalid, match="token_invalid"):
            visitor.complete_password_reset(token=token, password=PASSWORD)
        with pytest.raises(linecard.Denied, match="token_invalid"):
            house.directory.session(token)


def test_S3_5_S4_18_invitations_are_listed_sent_again_corrected_and_withdrawn(house):
    receipt = house.acme.add_user(first_name="Bea", last_name="New", email="bea@acme.example", send_welcome=True)
    user_id = receipt.created_id("user")
    assert [letter["letter"] for letter in receipt["mail"]] == ["welcome"]
    assert house.acme.invitations()["invitations"][0]["email"] == "bea@acme.example"
    house.acme.correct_address(user_id=user_id, email="beate@acme.example")
    assert house.acme.invitations()["invitations"] == []
    house.acme.send_invitation(user_id=user_id)
    assert house.acme.invitations()["invitations"][0]["email"] == "beate@acme.example"
    house.acme.cancel_invitation(user_id=user_id)
    with pytest.raises(linecard.NotFound, match="user_unknown"):
        house.acme.send_invitation(user_id=user_id)


def test_I21_a_password_is_in_no_receipt_and_no_audit_entry(house, known):
    token = house.directory.visitor().sign_in(email=known, password=PASSWORD).token
    told = repr(house.acme.audit(limit=500)) + repr(house.operator.audit(limit=500))
    assert PASSWORD not in told and token not in told and "pbkdf2_sha256$" not in told
