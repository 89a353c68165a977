"""A small mail server on loopback, for tests: RFC 5321 as far as a client that posts one letter needs it, with STARTTLS
and AUTH PLAIN. One thread, one connection after another; the recipient's local part says how it behaves."""

from __future__ import annotations

import base64
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

USER, PASSWORD = "pbx", "pass word/+="

TO_THE_RECIPIENT = {"busy": "451 4.3.0 try again", "gone": "550 5.1.1 no such mailbox"}
TO_THE_LETTER = {"full": "452 4.2.2 mailbox full", "spam": "554 5.7.1 looks like spam"}
SILENT = "silent"  # no reply at all, until the client has gone


def certificate(folder: Path, name: str = "localhost") -> tuple[str, str]:
    """A certificate signed by itself, good for `name` alone, and its key."""
    key, cert = str(folder / f"{name}.key"), str(folder / f"{name}.pem")
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    more = ["-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", cert]
    subprocess.run([*words, *more], check=True, capture_output=True)
    return cert, key


@dataclass
class Letter:
    sender: str
    recipient: str
    secured: bool
    logged_in: bool
    source: bytes


@dataclass
class Server:
    cert: tuple[str, str] | None = None
    direct: bool = False  # TLS from the first byte
    login: bool = False
    letters: list[Letter] = field(default_factory=list)

    def __enter__(self) -> Server:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.cert:
            self._tls.load_cert_chain(*self.cert)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"{'smtps' if self.direct else 'smtp'}://localhost:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            session = _Session(self, connection)
            try:
                session.talk()
            except OSError:
                pass  # the client has gone, or took the certificate amiss
            finally:
                session.connection.close()


class _Session:
    def __init__(self, server: Server, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        self.secured = self.logged_in = False
        self.sender = self.recipient = ""

    def talk(self) -> None:
        if self.server.direct:
            self.secure()
        self.lines: Any = self.connection.makefile("rb")
        self.say("220 test ESMTP")
        while line := self.lines.readline().decode("latin-1").strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                return self.say("221 bye")
            answer = getattr(self, "on_" + verb.lower(), None)
            self.say(answer(rest) if answer else "500 what?")

    def say(self, reply: str) -> None:
        if reply:
            self.connection.sendall(reply.encode() + b"\r\n")

    def secure(self) -> None:
        self.connection = self.server._tls.wrap_socket(self.connection, server_side=True)
        self.secured = True

    def on_ehlo(self, _: str) -> str:
        offers = ["test"]
        if self.server.cert and not self.secured:
            offers.append("STARTTLS")
        if self.server.login:
            offers.append("AUTH PLAIN")
        return "\r\n".join(f"250{'-' if more else ' '}{o}" for more, o in zip([*[True] * (len(offers) - 1), False], offers))

    def on_starttls(self, _: str) -> str:
        self.say("220 go on")
        self.secure()
        self.lines = self.connection.makefile("rb")
        return ""

    def on_auth(self, rest: str) -> str:
        given = rest.partition(" ")[2]
        if not given:
            self.say("334 ")
            given = self.lines.readline().decode().strip()
        _, user, password = base64.b64decode(given).decode().split("\0")
        self.logged_in = (user, password) == (USER, PASSWORD)
        return "235 welcome" if self.logged_in else f"535 5.7.8 {user} may not, with {password}"

    def on_mail(self, rest: str) -> str:
        if self.server.login and not self.logged_in:
            return "530 log in first"
        self.sender = rest[rest.index("<") + 1 : rest.index(">")]
        return "250 ok"

    def on_rcpt(self, rest: str) -> str:
        self.recipient = rest[rest.index("<") + 1 : rest.index(">")]
        local = self.recipient.partition("@")[0]
        if local == SILENT:
            self.lines.readline()  # returns when the client gives up
            return ""
        return TO_THE_RECIPIENT.get(local, "250 ok")

    def on_data(self, _: str) -> str:
        self.say("354 go on")
        source = b""
        while (line := self.lines.readline()) not in (b".\r\n", b""):
            source += line[1:] if line.startswith(b".") else line
        reply = TO_THE_LETTER.get(self.recipient.partition("@")[0])
        if reply:
            return reply
        self.server.letters.append(Letter(self.sender, self.recipient, self.secured, self.logged_in, source))
        return "250 queued"
