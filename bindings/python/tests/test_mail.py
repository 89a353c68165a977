"""Letters through a mailer in Python and through the spool."""

from __future__ import annotations

import email
import email.policy
import logging
import os
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

import linecard
from house import House, furnish


def mail(**how: Any) -> linecard.Mail:
    return linecard.Mail(**{"link_base": "https://pbx.example/setup#", "sender": "phones@pbx.example", **how})


@pytest.fixture
def house_with() -> Iterator[Callable[..., House]]:
    made: list[House] = []

    def furnished(**how: Any) -> House:
        made.append(furnish(linecard.Directory.create(memory=True, mail=mail(**how))[0]))
        return made[-1]

    yield furnished
    for one in made:
        one.close()


def invite(house: House, **fields: Any) -> linecard.Receipt:
    person = {"first_name": "Zoé", "last_name": "Martin", "email": "Zoe@acme.example", "send_welcome": True}
    return house.acme.add_user(**{**person, **fields})


def test_S1_8_I28_a_mailer_gets_the_letter_field_by_field_and_in_words(house_with):
    got: list[linecard.Letter] = []
    house = house_with(mailer=got.append, sender_name="Example PBX")
    receipt = invite(house, language="fr-BE")
    assert not got  # nothing leaves before the pump is called
    assert house.directory.pump_mail() == linecard.Pumped(delivered=1, postponed=0, dead=0, lapsed=0, more=False)
    (letter,) = got
    assert (letter.letter, letter.language, letter.attempt) == ("welcome", "fr", 1)
    assert (letter.address, letter.first_name, letter.tenant) == ("Zoe@acme.example", "Zoé", "Acme")
    assert letter.message_id == receipt["mail"][0]["message_id"]
    assert letter.tenant_id == house.tenant_id and letter.user_id == receipt.created_id("user")
    assert letter.delegate_id is None
    assert letter.subject == "Activez votre compte chez Acme"
    read = email.message_from_bytes(letter.source, policy=email.policy.default)
    assert read["Subject"] == letter.subject
    for kind, words in (("plain", letter.text), ("html", letter.html)):
        assert read.get_body((kind,)).get_content().replace("\r\n", "\n") == words
    assert letter.text not in repr(letter)
    assert house.directory.pump_mail().delivered == 0


@pytest.mark.parametrize(
    "raised, outcome",
    [
        (linecard.MailLater("smtp_timeout"), "queued smtp_timeout"),
        (linecard.MailLater(), "queued temporary_failure"),
        (linecard.MailLater("no slug, but words"), "queued mailer_failed"),
        (linecard.MailRejected("mailbox_unknown"), "dead mailbox_unknown"),
        (linecard.MailImpossible("no_route"), "dead no_route"),
        (OSError("connection reset"), "queued mailer_callback"),
    ],
)
def test_I28_what_a_mailer_raises_says_what_becomes_of_the_letter(house_with, raised: Exception, outcome: str):
    def mailer(letter: linecard.Letter) -> None:
        raise raised

    house = house_with(mailer=mailer)
    invite(house)
    house.directory.pump_mail()
    state, reason = outcome.split()
    (row,) = house.acme.messages(state=state)["messages"]
    assert row["reason"] == reason
    if state == "dead":
        house.acme.retry_message(message_id=row["message_id"])
        assert house.directory.pump_mail().dead == 1


def test_I21_an_unexpected_exception_is_told_by_its_kind_alone_and_an_interrupt_is_raised(house_with, caplog):
    def mailer(letter: linecard.Letter) -> None:
        raise error

    house = house_with(mailer=mailer)
    invite(house)
    error: BaseException = ValueError("the secret link")
    with caplog.at_level(logging.DEBUG, "linecard"):
        assert house.directory.pump_mail().postponed == 1
    assert "ValueError" in caplog.text and "secret link" not in caplog.text
    invite(house, email="ivo@acme.example")
    error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        house.directory.pump_mail()


def test_I28_the_spool_has_a_file_a_letter_for_its_owner_alone(house_with, tmp_path: Path):
    house = house_with(spool=tmp_path)
    receipt = invite(house)
    assert house.directory.pump_mail().delivered == 1
    (file,) = tmp_path.iterdir()
    assert file.name == receipt["mail"][0]["message_id"] + ".eml"
    assert os.stat(file).st_mode & 0o7777 == 0o600
    read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert read["To"].addresses[0].addr_spec == "Zoe@acme.example"


def test_a_host_replaces_the_words_of_one_letter_in_one_language(house_with):
    got: list[linecard.Letter] = []
    welcome = {"letter": "welcome", "language": "en", "subject": "Hi {{first_name}}", "text": "At {{tenant}}.", "html": ""}
    house = house_with(mailer=got.append, templates=[welcome])
    invite(house, first_name="<b>Zoé", language="en")
    invite(house, email="b@acme.example", language="fr")
    house.directory.pump_mail()
    assert [letter.subject for letter in got] == ["Hi <b>Zoé", "Activez votre compte chez Acme"]
    assert got[0].text == "At Acme." and "<p>At Acme.</p>" in got[0].html


def test_what_mail_is_opened_with_is_judged_then_naming_the_member(tmp_path: Path):
    for wrong, path in (
        ({"link_base": "http://pbx.example/", "spool": tmp_path}, "/link_base"),
        ({"sender": "nobody", "spool": tmp_path}, "/sender"),
        ({"sender_name": "a\nb", "spool": tmp_path}, "/sender_name"),
        ({"sender_name": "a\0b", "spool": tmp_path}, "/sender_name"),
        ({"spool": tmp_path / "none"}, "/spool"),
        ({"spool": tmp_path, "mailer": print}, "/mail"),
        ({"spool": tmp_path, "templates": [{"letter": "welcome"}]}, "/templates/0/language"),
    ):
        with pytest.raises(linecard.Invalid) as refused:
            linecard.Directory.create(memory=True, mail=mail(**wrong))
        assert refused.value.path == path, wrong


def test_a_directory_without_a_mailer_queues_and_refuses_to_pump(house):
    invite(house)
    with pytest.raises(linecard.Invalid, match="mailer_missing"):
        house.directory.pump_mail()
    assert len(house.acme.messages(state="queued")["messages"]) == 1
