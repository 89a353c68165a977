"""A host's after_commit and log as the C ABI's callbacks."""

from __future__ import annotations

import ctypes
import logging
from typing import Any, Callable, Union

from . import _ffi
from ._adapter import _DESTROY, _keep, _kept, _read
from ._call import id_text, note
from .receipt import Receipt
from .schema import read_answer
from .told import Committed, LogEvent

AfterCommit = Callable[[Committed], object]
Log = Union[logging.Logger, Callable[[LogEvent], object]]


def _swallowing(body: Callable[..., None]) -> Callable[..., int]:
    """What it is told of has happened: the call it happened in must not fail. The exception goes to the logger
    "linecard", which shows it on stderr when the host configures nothing, and the library counts it. An interrupt is
    nobody's failure and is raised after the call."""

    def callback(*arguments: Any) -> int:
        try:
            body(*arguments)
            return _ffi.DONE
        except Exception as raised:
            logging.getLogger("linecard").error("a host's callback raised; what it was told of stands", exc_info=raised)
            return _ffi.E_CALLBACK
        except BaseException as raised:
            note(raised)
            return _ffi.E_CALLBACK

    return callback


def _after_commit(self: int, told: Any) -> None:
    commit = told[0]
    receipt = ctypes.string_at(commit.receipt, commit.receipt_length).decode()
    actor_id = id_text(commit.actor_id) if commit.actor_id else None
    _kept[self](Committed(actor_id, id_text(commit.scope_id), Receipt(read_answer(commit.command.decode(), receipt))))


_LEVELS = {
    _ffi.LOG_ERROR: logging.ERROR,
    _ffi.LOG_WARNING: logging.WARNING,
    _ffi.LOG_INFO: logging.INFO,
    _ffi.LOG_DEBUG: logging.DEBUG,
}


def _write(self: int, told: Any) -> None:
    event = told[0]
    fields = {event.fields[i].name.decode(): _read(event.fields[i].content) for i in range(event.field_count)}
    message = event.message.decode("utf-8", "replace")
    _kept[self](LogEvent(_LEVELS[event.level], event.event.decode(), message, fields))


def _to_logger(logger: logging.Logger) -> Callable[[LogEvent], object]:
    def write(event: LogEvent) -> None:
        fields = "".join(f" {name}={value}" for name, value in event.fields.items())
        logger.log(event.level, "%s%s: %s", event.event, fields, event.message, extra={"linecard": event})

    return write


_AFTER_COMMIT = _ffi.AFTER_COMMIT(_swallowing(_after_commit))
_WRITE_LOG = _ffi.WRITE_LOG(_swallowing(_write))


def observer_of(after_commit: AfterCommit) -> _ffi.Observer:
    made: _ffi.Observer = _ffi.filled(_ffi.Observer)
    made.self, made.destroy, made.after_commit = _keep(after_commit), _DESTROY, _AFTER_COMMIT
    return made


def log_of(log: Log, level: int | None, personal: bool) -> _ffi.Log:
    """The level is one of the logging module's; None: the logger's own, or INFO."""
    made: _ffi.Log = _ffi.filled(_ffi.Log)
    if level is None:
        level = log.getEffectiveLevel() if isinstance(log, logging.Logger) else logging.INFO
    made.level = max((ours for ours, theirs in _LEVELS.items() if theirs >= level), default=_ffi.LOG_ERROR)
    made.personal = 1 if personal else 0
    write = _to_logger(log) if isinstance(log, logging.Logger) else log
    made.self, made.destroy, made.write = _keep(write), _DESTROY, _WRITE_LOG
    return made
