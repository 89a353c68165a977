"""How letters leave a directory, and what a mailer gets and answers."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Sequence


@dataclass(frozen=True)
class Letter:
    """What a letter says, field by field, and the same in words.

    Names are one line each, without control or bidirectional formatting characters. link, code, and whatever was
    rendered from them are secrets: pass them on and keep them nowhere, logs included. They are in no repr.
    """

    message_id: str  # the same for every attempt: deliver one of these once
    attempt: int  # from 1
    letter: str  # "welcome", "password_reset"...
    language: str  # of the words, BCP 47
    tenant_id: str | None
    user_id: str | None
    delegate_id: str | None
    sender: str
    sender_name: str
    address: str  # whom it is for
    first_name: str
    last_name: str
    tenant: str
    useless_after: datetime.datetime | None
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    source: bytes = field(repr=False)  # all of it as one RFC 5322 message
    link: str = field(repr=False)  # "": it has none
    code: str = field(repr=False)  # "": it has none


class MailLater(Exception):
    """Raised by a mailer: try again later. The argument, a slug, is what the query `messages` lists."""


class MailRejected(Exception):
    """Raised by a mailer: this letter or address was refused. A dead letter, which somebody may retry."""


class MailImpossible(Exception):
    """Raised by a mailer: it can never do it. A dead letter, which somebody may retry."""


@dataclass(frozen=True)
class Mail:
    """Fixed when the directory is opened, and never taken from a request.

    At most one of `mailer`, which is called with a Letter and has delivered it when it returns; `spool`, a folder in
    which each letter becomes <message_id>.eml; and `smtp`, {"url": "smtp://mail.example:587", "user": ..., "password":
    ...} and perhaps "ca_file", "tls" ("none": for a relay on the same machine) and "timeout_ms". None of them: letters
    are queued, and another process delivers.

    `link_base` is an https address ending in '/', '=' or '#', to which the token is appended. `templates` replace the
    words of letters one by one: {"letter": "welcome", "language": "en", "subject": "Welcome to {{tenant}}", "text":
    "Hello {{first_name}},\\n\\n{{link}}\\n", "html": ""}; linecard.h says more.

    What a mailer raises, beside the three exceptions above, means later; its kind goes to the logger "linecard".
    """

    link_base: str
    sender: str
    sender_name: str | None = None
    mailer: Callable[[Letter], object] | None = field(default=None, repr=False)
    spool: str | os.PathLike[str] | None = None
    smtp: Mapping[str, Any] | None = field(default=None, repr=False)  # it may hold a password
    templates: Sequence[Mapping[str, str]] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Pumped:
    """What one pump_mail did."""

    delivered: int
    postponed: int  # to be tried again later
    dead: int  # given up: see `messages` and `retry_message`
    lapsed: int  # not sent, for what they held had expired
    more: bool  # as many were due as were asked for: pump again
