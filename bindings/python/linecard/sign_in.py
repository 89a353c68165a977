"""What a host fixes about signing in when it opens a directory, and the key that opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Sequence

from . import _ffi
from ._call import call_for_text

lib = _ffi.lib


class HostKey:
    """What opens a directory: shown once, by create. Keep `text` where the host keeps its secrets.

    A class of its own, so that neither a log line nor a traceback shows it by accident.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    def new(cls) -> HostKey:
        """A new one to rotate to, which no directory has yet: see SignIn.older_keys."""
        return cls(call_for_text(lib.linecard_new_host_key))

    @property
    def text(self) -> str:
        """The key itself ("lckey1_...")."""
        return self._text

    def __repr__(self) -> str:
        return "<linecard.HostKey>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HostKey) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True)
class SignIn:
    """Given to Directory.create and Directory.open; what is left out keeps its default.

    The host key is rotated by opening with a new one (HostKey.new) and the present one among the `older_keys`: from
    then on the new one is the directory's. Older keys are needed until the letters queued under them have left.

    `breached` is called with each password that somebody chooses, and answers whether it is known to be stolen: True
    refuses it ("password_breached"). It is called with no lock held and may take its time, on several threads at once.
    What it raises is raised by the command, and the password is not accepted; so it is when it answers no bool.
    """

    older_keys: Sequence[HostKey | str] = field(default=(), repr=False)  # for Directory.open
    pepper: bytes | None = field(default=None, repr=False)  # 16 to 64 bytes, kept outside the store
    passes: int | None = None  # of Argon2id: 3 unless raised
    memory_kib: int | None = None  # of Argon2id: 65536 unless raised
    passwords_at_once: int | None = None  # hashed at once, each in its memory_kib: 2 unless told, at most 1024
    session_life: float | None = None  # seconds, a year at most: twelve hours unless told
    idle_life: float | None = None  # seconds without being used: two hours, or session_life where that is less
    breached: Callable[[str], bool] | None = field(default=None, repr=False)
