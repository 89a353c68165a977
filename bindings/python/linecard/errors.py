"""What a call can be refused with: one exception class for each status of the C ABI.

The class says what to do about it, `reason` (a stable slug) what happened, `path` which field, `message` a sentence
for a person, whose wording may change; `retry_after` seconds until the next try, where a limit of tries was reached.
"""

from __future__ import annotations


class LinecardError(Exception):
    """Anything the library refuses. `status` is the number of the C ABI, frozen."""

    status: int = 0

    def __init__(self, reason: str, path: str = "", message: str = "") -> None:
        super().__init__(reason, path, message)
        self.reason = reason
        self.path = path
        self.message = message
        self.retry_after = 0.0

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        return f"{self.message or self.reason} ({self.reason}{where})"


class Invalid(LinecardError):
    """Malformed request: mend the field that `path` names."""

    status = -1


class NotFound(LinecardError):
    """No such thing in this scope, another tenant's thing included."""

    status = -2


class Denied(LinecardError):
    """The actor may not do this."""

    status = -3


class Conflict(LinecardError):
    """The present state does not permit it."""

    status = -4


class LimitReached(LinecardError):
    """A seat, rate or size limit is reached."""

    status = -5


class Stale(LinecardError):
    """What was previewed or read has moved: look again."""

    status = -6


class WrongKind(LinecardError):
    """An id of another kind of thing."""

    status = -7


class Busy(LinecardError):
    """Try again."""

    status = -8


class Reentrant(LinecardError):
    """This actor is in use, or a callback called back."""

    status = -9


class Forked(LinecardError):
    """The process forked after open."""

    status = -10


class CallbackFailed(LinecardError):
    """A host callback broke its contract. One that raised comes back as the exception it raised, not as this."""

    status = -11


class TooNew(LinecardError):
    """Written by, or meant for, a newer linecard."""

    status = -12


class StoreFailed(LinecardError):
    """The store failed."""

    status = -13


class NoMemory(LinecardError):
    """Out of memory."""

    status = -14


class Internal(LinecardError):
    """A defect of linecard, or damaged data."""

    status = -15


BY_STATUS: dict[int, type[LinecardError]] = {kind.status: kind for kind in LinecardError.__subclasses__()}
