"""A SignIn as the C ABI's struct, and a host's look into stolen passwords as its callback."""

from __future__ import annotations

import ctypes
from ctypes import c_char_p
from typing import Any, Callable

from . import _ffi
from ._adapter import _DESTROY, _answering, _keep, _kept
from ._call import text_member
from .errors import Invalid
from .sign_in import HostKey, SignIn


def _breached(self: int, password: int, length: int, known: Any, failure: Any) -> None:
    answer = _kept[self](ctypes.string_at(password, length).decode())
    if not isinstance(answer, bool):  # a forgotten return would let every password in
        raise TypeError(f"breached must answer True or False, not {type(answer).__name__}")
    known[0] = answer


_BREACHED = _ffi.BREACHED(_answering(_breached))


def breaches_of(breached: Callable[[str], bool]) -> _ffi.Breaches:
    made: _ffi.Breaches = _ffi.filled(_ffi.Breaches)
    made.self, made.destroy, made.breached = _keep(breached), _DESTROY, _BREACHED
    return made


def _positive(number: float | None, name: str, unit: int = 1, most: int = 2**31 - 1) -> int:
    """Within the member's range, where ctypes would cut it in silence; 0, the default, stands for None alone."""
    if number is None:
        return 0
    if not 0 < number * unit <= most:
        raise Invalid(f"{name}_invalid", f"/{name}", f"{name} must be above 0, and not as much as this")
    return max(int(number * unit), 1)


def sign_in_of(sign_in: SignIn) -> _ffi.SignIn:
    """All but `breaches`, of which the caller makes a vtable last."""
    made: _ffi.SignIn = _ffi.filled(_ffi.SignIn)
    texts = [key.text if isinstance(key, HostKey) else key for key in sign_in.older_keys]
    keys = [text_member(text, f"older_keys/{i}") for i, text in enumerate(texts)]
    if keys:
        made.older_keys, made.older_key_count = (c_char_p * len(keys))(*keys), len(keys)
    if sign_in.pepper is not None:
        if not isinstance(sign_in.pepper, bytes):
            raise TypeError(f"pepper must be bytes, not {type(sign_in.pepper).__name__}")
        made.pepper, made.pepper_length = sign_in.pepper, len(sign_in.pepper)
    made.passes = _positive(sign_in.passes, "passes")
    made.memory_kib = _positive(sign_in.memory_kib, "memory_kib")
    made.passwords_at_once = _positive(sign_in.passwords_at_once, "passwords_at_once")
    made.session_ms = _positive(sign_in.session_life, "session_life", 1000, 2**63 - 1)
    made.idle_ms = _positive(sign_in.idle_life, "idle_life", 1000, 2**63 - 1)
    return made
