"""Letters over SMTP, to a real server on loopback: what arrives, and what each way of failing makes of a letter."""

from __future__ import annotations

import email
import email.policy
import logging
from pathlib import Path
from typing import Any, Iterator

import pytest

import linecard
from house import House, furnish
from smtp_server import PASSWORD, SILENT, USER, Server, certificate

SENDER = "phones@pbx.example"


def built_without() -> bool:
    try:
        linecard.Directory.create(memory=True, mail=mail_through({"url": "imap://x"}))
    except linecard.LinecardError as refused:
        assert refused.reason in ("not_built", "smtp_invalid")
        return refused.reason == "not_built"
    raise AssertionError("a mail server over IMAP")


def mail_through(smtp: dict[str, Any]) -> linecard.Mail:
    return linecard.Mail(link_base="https://pbx.example/setup#", sender=SENDER, sender_name="Téléphonie", smtp=smtp)


WITHOUT = built_without()


if WITHOUT:

    def test_a_library_without_smtp_says_so() -> None:
        with pytest.raises(linecard.LinecardError, match="not_built"):
            linecard.Directory.create(memory=True, mail=mail_through({"url": "smtp://localhost"}))

else:

    @pytest.fixture(scope="module")
    def cert(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
        return certificate(tmp_path_factory.mktemp("certificate"))

    class Post:
        """A house whose letters go to a server, and what became of the one posted."""

        def __init__(self, server: Server, **smtp: Any) -> None:
            self.log: list[linecard.LogEvent] = []
            self.house: House = furnish(
                linecard.Directory.create(
                    memory=True, mail=mail_through({"url": server.url, **smtp}), log=self.log.append, log_level=logging.DEBUG
                )[0]
            )

        def send(self, address: str = "zoe@acme.example") -> str:
            self.house.acme.add_user(first_name="Zoé", last_name="Martin", email=address, language="fr", send_welcome=True)
            self.house.directory.pump_mail()
            for state in ("delivered", "queued", "dead", "lapsed"):
                for row in self.house.acme.messages(state=state)["messages"]:
                    return f"{state} {row['reason'] or ''}".strip()
            raise AssertionError("the letter is nowhere")

        def close(self) -> None:
            self.house.close()
            assert PASSWORD not in repr(self.log)

    @pytest.fixture
    def post() -> Iterator[Any]:
        made: list[Post] = []

        def open_one(server: Server, **smtp: Any) -> Post:
            made.append(Post(server, **smtp))
            return made[-1]

        yield open_one
        for one in made:
            one.close()

    def login(cert: tuple[str, str], password: str = PASSWORD) -> dict[str, str]:
        return {"user": USER, "password": password, "ca_file": cert[0]}

    def test_I28_a_letter_arrives_over_STARTTLS_with_login_and_reads_as_it_was_written(post: Any, cert: Any) -> None:
        with Server(cert, login=True) as server:
            assert post(server, **login(cert)).send() == "delivered"
            (arrived,) = server.letters
            assert (arrived.sender, arrived.recipient) == (SENDER, "zoe@acme.example")
            assert arrived.secured and arrived.logged_in
            read = email.message_from_bytes(arrived.source, policy=email.policy.default)
            assert read["Subject"] == "Activez votre compte chez Acme"
            assert read["From"].addresses[0].display_name == "Téléphonie"
            assert read["To"].addresses[0].display_name == "Zoé Martin"
            assert read["Message-ID"].startswith("<message_")
            assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
            text, html = (part.get_content().replace("\r\n", "\n") for part in read.iter_parts())
            assert text.startswith("Bonjour Zoé,\n\nAcme vous a ouvert un compte")
            assert "<p>Bonjour Zoé,</p>" in html
            assert not read.defects and not any(part.defects for part in read.walk())

    def test_a_letter_arrives_over_TLS_from_the_first_byte(post: Any, cert: Any) -> None:
        with Server(cert, direct=True) as server:
            assert post(server, ca_file=cert[0]).send() == "delivered"
            assert server.letters[0].secured

    def test_a_relay_on_the_same_machine_may_go_without_TLS_when_told_so(post: Any) -> None:
        with Server() as server:
            assert post(server, tls="none").send() == "delivered"
            assert not server.letters[0].secured

    @pytest.mark.parametrize(
        "local, outcome",
        {
            "busy": "queued smtp_451",
            "full": "queued smtp_452",
            "gone": "dead smtp_550",
            "spam": "dead smtp_554",
        }.items(),
    )
    def test_a_reply_of_4yz_is_temporary_and_one_of_5yz_rejects(post: Any, cert: Any, local: str, outcome: str) -> None:
        with Server(cert) as server:
            assert post(server, ca_file=cert[0]).send(f"{local}@acme.example") == outcome
            assert not server.letters

    def test_a_server_that_falls_silent_is_given_up_for_now(post: Any, cert: Any) -> None:
        with Server(cert) as server:
            assert post(server, ca_file=cert[0], timeout_ms=1000).send(f"{SILENT}@acme.example") == "queued smtp_timeout"

    def test_no_server_is_temporary(post: Any) -> None:
        with Server() as server:
            gone = post(server, tls="none")
        assert gone.send() == "queued smtp_unreachable"

    def test_a_certificate_that_nobody_vouches_for_or_of_another_host_gets_no_letter(
        post: Any, cert: Any, tmp_path: Path
    ) -> None:
        with Server(cert) as server:
            assert post(server).send() == "queued smtp_certificate_refused"
            assert not server.letters
        another = certificate(tmp_path, "another.example")
        for direct in (False, True):
            with Server(another, direct=direct) as server:
                assert post(server, ca_file=another[0]).send() == "queued smtp_certificate_refused"
                assert not server.letters

    def test_a_server_without_TLS_gets_neither_letter_nor_password(post: Any, cert: Any) -> None:
        with Server(login=True) as server:
            assert post(server, **login(cert)).send() == "queued smtp_tls_missing"
            assert not server.letters

    def test_I21_a_wrong_password_is_temporary_and_is_told_nowhere(post: Any, cert: Any) -> None:
        with Server(cert, login=True) as server:
            wrong = post(server, **login(cert, "hunter2-hunter2"))
            assert wrong.send() == "queued smtp_login_refused"
            assert "hunter2" not in repr(wrong.log) + repr(wrong.house.acme.messages(state="queued"))

    def test_what_smtp_is_opened_with_is_judged_then_naming_the_member_and_never_the_password() -> None:
        secret = {"user": USER, "password": "hunter2-hunter2"}
        for wrong, path in (
            ({"url": "http://localhost"}, "/smtp/url"),
            ({"url": "smtp://"}, "/smtp/url"),
            ({"url": "smtp://user:pass@localhost"}, "/smtp/url"),
            ({"url": "smtp://localhost/path"}, "/smtp/url"),
            ({"url": "smtp://localhost\r\nX"}, "/smtp/url"),
            ({"url": "smtp://localhost", "tls": "none", **secret}, "/smtp/tls"),
            ({"url": "smtps://localhost", "tls": "none"}, "/smtp/tls"),
            ({"url": "smtp://localhost", "tls": "perhaps", **secret}, "/smtp/tls"),
            ({"url": "smtp://localhost", "user": "x"}, "/smtp/password"),
            ({"url": "smtp://localhost", "timeout_ms": 1, **secret}, "/smtp/timeout_ms"),
            ({"url": "smtp://localhost", "colour": "blue", **secret}, "/smtp/colour"),
            ({}, "/smtp/url"),
        ):
            with pytest.raises(linecard.Invalid) as refused:
                linecard.Directory.create(memory=True, mail=mail_through(wrong))
            assert refused.value.path == path, wrong
            assert "hunter2" not in str(refused.value)
            assert "hunter2" not in repr(mail_through(wrong))
