"""A Mail as the C ABI's struct, and a host's mailer as its callback."""

from __future__ import annotations

import ctypes
import datetime
import json
import logging
import os
from ctypes import pointer
from typing import Any, Callable

from . import _ffi
from ._adapter import _DESTROY, _keep, _kept
from ._call import id_text, note, text_member
from .mail import Letter, Mail, MailImpossible, MailLater, MailRejected

lib = _ffi.lib

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def _optional_id(number: int) -> str | None:
    return id_text(number) if number else None


def _letter(told: Any) -> Letter:
    words = {name: getattr(told, name).decode() for name, kind in _ffi.Letter._fields_ if kind is ctypes.c_char_p}
    return Letter(
        attempt=told.attempt,
        tenant_id=_optional_id(told.tenant_id),
        user_id=_optional_id(told.user_id),
        delegate_id=_optional_id(told.delegate_id),
        useless_after=_EPOCH + datetime.timedelta(milliseconds=told.useless_after) if told.useless_after else None,
        source=ctypes.string_at(told.source, told.source_length),
        **words,
    )


def _failed(failure: Any, status: int, raised: Exception) -> int:
    answer: int = lib.linecard_fail(failure, status, str(raised).encode("ascii", "replace"), None)
    return answer


def _send(self: int, told: Any, failure: Any) -> int:
    try:
        _kept[self](_letter(told[0]))
        return _ffi.DONE
    except MailLater as raised:
        return _failed(failure, _ffi.E_BUSY, raised)
    except MailRejected as raised:
        return _failed(failure, _ffi.E_INVALID, raised)
    except MailImpossible as raised:
        return _failed(failure, _ffi.E_DENIED, raised)
    except Exception as raised:  # its words and its frames may hold the letter: only its kind is told
        logging.getLogger("linecard").error("a mailer raised %s; the letter is tried again later", type(raised).__name__)
        return _ffi.E_CALLBACK
    except BaseException as raised:  # an interrupt is raised after the call
        note(raised)
        return _ffi.E_CALLBACK


_SEND = _ffi.SEND(_send)


def _mailer_of(mailer: Callable[[Letter], object]) -> _ffi.Mailer:
    made: _ffi.Mailer = _ffi.filled(_ffi.Mailer)
    made.self, made.destroy, made.send = _keep(mailer), _DESTROY, _SEND
    return made


def _json_member(value: Any, name: str) -> Any:
    return text_member(None if value is None else json.dumps(value, ensure_ascii=False), name)


def mail_of(mail: Mail) -> _ffi.Mail:
    made: _ffi.Mail = _ffi.filled(_ffi.Mail)
    made.spool = text_member(None if mail.spool is None else os.fsdecode(mail.spool), "spool")
    made.smtp = _json_member(None if mail.smtp is None else dict(mail.smtp), "smtp")
    made.link_base = text_member(mail.link_base, "link_base")
    made.sender = text_member(mail.sender, "sender")
    made.sender_name = text_member(mail.sender_name, "sender_name")
    templates = None if mail.templates is None else {"templates": [dict(t) for t in mail.templates]}
    made.templates = _json_member(templates, "templates")
    # Last, since nothing may fail between here and the call: the library ends it exactly once.
    made.mailer = None if mail.mailer is None else pointer(_mailer_of(mail.mailer))
    return made
