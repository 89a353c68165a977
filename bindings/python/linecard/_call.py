"""How every call into the library is made: errors become exceptions, what a callback raised comes back as itself."""

from __future__ import annotations

import ctypes
import threading
import weakref
from ctypes import byref, c_void_p
from typing import Any, Callable, TypeVar

from . import _ffi
from .errors import BY_STATUS, Invalid, LinecardError

lib = _ffi.lib
T = TypeVar("T")


class _Raised(threading.local):
    """The first exception a callback raised during this thread's present call. Callbacks run on the caller's thread."""

    exception: BaseException | None = None


raised = _Raised()


def note(exception: BaseException) -> None:
    """Keeps what a callback raised for the call it was made in; the first one is the cause of any later ones."""
    if raised.exception is None:
        raised.exception = exception


def _error_of(error: c_void_p) -> LinecardError:
    status = lib.linecard_error_status(error)
    texts = (lib.linecard_error_reason, lib.linecard_error_path, lib.linecard_error_message)
    made = BY_STATUS.get(status, LinecardError)(*(read(error).decode("utf-8", "replace") for read in texts))
    made.retry_after = lib.linecard_error_retry_after_ms(error) / 1000
    made.status = status  # a later library may know a status that has no class here
    return made


def _watched(function: Callable[..., Any], *arguments: Any) -> tuple[Any, BaseException | None]:
    # A callback may use another directory: its calls must neither see nor take what belongs to ours.
    outer, raised.exception = raised.exception, None
    try:
        answer = function(*arguments)
        mine = raised.exception
    finally:
        raised.exception = outer
    return answer, mine


def run(function: Callable[..., Any], *arguments: Any) -> Any:
    answer, mine = _watched(function, *arguments)
    if mine is not None:
        raise mine
    return answer


def call(function: Callable[..., Any], *arguments: Any, succeeds: int = _ffi.OK, answered: bool = False) -> None:
    """Calls a function whose last argument is `linecard_error**`; raises what it refuses. `answered`: one that answers
    although a callback raised has answered."""
    error = c_void_p()
    try:
        status, mine = _watched(function, *arguments, byref(error))
        if mine is not None and not (answered and status == succeeds):
            raise mine
        if status != succeeds:
            raise _error_of(error)
    finally:
        lib.linecard_error_free(error)


def check_error(error: c_void_p) -> None:
    """Raises what the object says, and frees it."""
    try:
        raise _error_of(error)
    finally:
        lib.linecard_error_free(error)


def call_for_text(function: Callable[..., Any], *arguments: Any, texts: int = 1) -> Any:
    """The same for functions that answer `texts` texts before the error: their contents."""
    outs = [c_void_p() for _ in range(texts)]
    try:
        call(function, *arguments, *map(byref, outs))
        contents = [_ffi.text(out) for out in outs]
    finally:
        for out in outs:
            lib.linecard_text_free(out)
    return contents[0] if texts == 1 else contents


class Handle:
    """A directory's or actor's pointer. It is freed once, and never under a call that another thread is making."""

    def __init__(self, pointer: c_void_p, free: Callable[..., Any], closed: str) -> None:
        self._pointer = pointer
        self._free = free
        self._closed = closed
        self._uses = 0
        self._ending = False
        # Reentrant: a collection may close another object's handle while this one is being counted.
        self._lock = threading.RLock()

    def __enter__(self) -> c_void_p:
        with self._lock:
            if self._ending:
                raise Invalid(self._closed, "", "it was closed")
            self._uses += 1
        return self._pointer

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._uses -= 1
            if not self._ending:
                return
        self._free_when_idle()

    def close(self) -> None:
        self._ending = True
        self._free_when_idle()

    def _free_when_idle(self) -> None:
        with self._lock:
            if self._uses or not self._ending or not self._pointer:
                return
            pointer, self._pointer = self._pointer, c_void_p()
        run(self._free, pointer)


def handle_from(function: Callable[..., Any], *arguments: Any, free: Callable[..., Any], closed: str) -> Handle:
    """The handle that `function` makes in its last but one argument."""
    pointer = c_void_p()
    try:
        call(function, *arguments, byref(pointer))
    except BaseException:
        free(pointer)  # NULL, unless something was raised although the call succeeded
        raise
    return Handle(pointer, free, closed)


def closing_at_exit(owner: object, handle: Handle) -> None:
    """Closes what the host left open, at the latest before the interpreter goes."""
    weakref.finalize(owner, handle.close)


def utf8(text: str, name: str) -> bytes:
    """The text's bytes. A string with half a surrogate pair is no text; the library would say the same."""
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a str, not {type(text).__name__}")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Invalid(f"{name.rsplit('/', 1)[-1]}_invalid", f"/{name}", f"{name} must be UTF-8 text") from None


def text_in(text: str, name: str) -> tuple[bytes, int]:
    """A text argument: pointer and length."""
    raw = utf8(text, name)
    return raw, len(raw)


def text_member(text: str | None, name: str) -> bytes | None:
    """A text in a struct ends at its NUL: one inside would cut it short in silence."""
    if text is None:
        return None
    raw = utf8(text, name)
    if b"\0" in raw:
        raise Invalid(f"{name}_invalid", f"/{name}", f"{name} must be UTF-8 text without NUL")
    return raw


def many(values: T, name: str) -> T:
    """A list, and not one text, which Python would take for a list of its letters."""
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{name} must be a list of texts, not one: [{values!r}]")
    return values


def id_in(text: str | None, name: str) -> int:
    """The number of an id's text; 0 for None."""
    if text is None:
        return 0
    number = ctypes.c_uint64()
    try:
        call(lib.linecard_id_parse, *text_in(text, name), byref(number))
    except Invalid as no:
        kind = {"identity_id": "identity", "identity_ids": "identity", "scope_id": "tenant"}.get(name, "user")
        raise Invalid(f"{name}_invalid", f"/{name}", f"{name} must be an id such as {kind}_01hf9k2m4q7x") from no
    return number.value


def id_text(number: int) -> str:
    buffer = ctypes.create_string_buffer(_ffi.ID_CAPACITY)
    call(lib.linecard_id_text, number, buffer, len(buffer))
    return buffer.value.decode()
