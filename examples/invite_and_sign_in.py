"""From "add user" to signed in: the letter goes into a spool folder first, then to a mail server.

The host's web pages are played by `setup_page` and `sign_in_page`: all they do is hand over what a person typed. Nobody
but the person ever sees the link: it is in the letter and nowhere else.
"""

import email
import email.policy
import re
import socketserver
import threading
from pathlib import Path

import linecard

LINK_BASE = "https://pbx.example/setup#"
BACKUP = "ana@home.example"


def link_in(source: bytes) -> str:
    """What the person clicks on."""
    letter = email.message_from_bytes(source, policy=email.policy.default)
    words = letter.get_body(("plain",)).get_content()
    print(f"\nTo: {letter['To']}\nSubject: {letter['Subject']}\n\n{words}")
    return re.search(r"https://\S+", words).group()


def setup_page(directory: linecard.Directory, link: str, password: str) -> None:
    """Behind https://pbx.example/setup: a browser keeps what follows the '#' to itself, the page's script posts it."""
    token = link.removeprefix(LINK_BASE)
    with directory.visitor() as visitor:
        try:
            visitor.accept_invitation(token=token, password="secret")
        except linecard.Invalid as refused:
            print("Refused:", refused.message)  # a page shows this, and the person tries again
        visitor.accept_invitation(token=token, password=password)


def sign_in_page(directory: linecard.Directory, address: str, password: str) -> None:
    with directory.visitor() as visitor:
        signed_in = visitor.sign_in(email=address, password=password, source="192.0.2.7")
    # The token is the browser's cookie from now on: Secure, HttpOnly, SameSite.
    with directory.session(signed_in.token) as person:  # scope_id=...: to act in a tenant
        (session,) = person.sessions()["sessions"]
        print(f"{address} is signed in until {session['ends_at']}")
        # For the day the mailbox is lost. It counts once the link sent there was opened, and never signs in.
        person.set_backup_address(email=BACKUP, password=password)
        assert person.own_login()["backup_address_waiting"] == BACKUP
        person.sign_out()


class MailServer(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a relay on the same machine needs; stands in for the host's own."""

    letters: list[bytes] = []

    def handle(self) -> None:
        self.wfile.write(b"220 relay\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.letters.append(b"".join(line.removeprefix(b".") for line in lines))
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


def run(directory: linecard.Directory, letters) -> None:
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Moreau & Fils").created_id("tenant")
        with directory.actor(operator.identity_id, scope_id=tenant_id) as moreau:
            added = moreau.add_user(
                first_name="Ana", last_name="Moreau", email="ana@moreau.example", language="fr", send_welcome=True
            )
            directory.pump_mail()  # a host does so every few seconds, on a thread or in a process of its own
            (letter,) = letters()
            setup_page(directory, link_in(letter), "quatre mots bien choisis")
            assert moreau.find_user(user_id=added.created_id("user"))["state"] == "active"
            sign_in_page(directory, "ana@moreau.example", "quatre mots bien choisis")
            directory.pump_mail()
            # Ana opens the link in her other mailbox.
            confirmation = next(letter for letter in letters() if BACKUP.encode() in letter)
            with directory.visitor() as visitor:
                visitor.confirm_backup_address(token=link_in(confirmation).removeprefix(LINK_BASE))


def main() -> None:
    mail = {"link_base": LINK_BASE, "sender": "phones@pbx.example", "sender_name": "Example PBX"}

    spool = Path("spool")
    spool.mkdir()
    directory, _ = linecard.Directory.create(memory=True, mail=linecard.Mail(spool=spool, **mail))
    run(directory, lambda: [file.read_bytes() for file in spool.glob("*.eml")])

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # On the way to another machine leave "tls" out, and give "user" and "password".
        smtp = {"url": f"smtp://127.0.0.1:{server.server_address[1]}", "tls": "none"}
        try:
            directory, _ = linecard.Directory.create(memory=True, mail=linecard.Mail(smtp=smtp, **mail))
        except linecard.LinecardError as refused:
            if refused.reason != "not_built":
                raise
            print("This library was built without libcurl: no SMTP mailer.")
        else:
            run(directory, lambda: MailServer.letters)
        server.shutdown()


main()
