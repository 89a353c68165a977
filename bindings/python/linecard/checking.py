"""May somebody do something? One question, many at once, or everything at once."""

from __future__ import annotations

import ctypes
from array import array
from ctypes import byref, c_uint8, c_uint32, c_uint64, c_void_p
from typing import Any, Sequence, Union

from . import _ffi
from ._call import Handle, call, check_error, id_in, run, text_in
from .errors import Invalid

lib = _ffi.lib

Id = Union[str, int]
"""An id's text ("user_01hf9k2m4q7x"), or its number: see id_number."""

_WORDS = c_uint64 * 4


def id_number(text: str) -> int:
    """The 64-bit number of an id's text, for hosts that ask often: checks take either."""
    return id_in(text, "id")


def _number(id: Id | None, name: str) -> int:
    if id.__class__ is not int:
        return id_in(id, name)  # type: ignore[arg-type]
    if 0 <= id < 1 << 64:  # type: ignore[operator]
        return id  # type: ignore[return-value]
    raise Invalid(f"{name}_invalid", f"/{name}", f"{name} must be an id's text, or its number of 64 bits")


def _no_permission() -> Invalid:
    return Invalid("permission_unknown", "/permission", "permissions have numbers from 1 to 255")


class Permissions:
    """What somebody might do in one scope when it was asked: `"license.assign" in permissions`. A copy; it does not
    hear of later revocations."""

    __slots__ = ("_ids", "mask")

    def __init__(self, mask: int, ids: PermissionIds) -> None:
        self.mask = mask
        """A bit for each permission's number."""
        self._ids = ids

    def __contains__(self, permission: str | int) -> bool:
        number = permission if permission.__class__ is int else self._ids[permission]  # type: ignore[index]
        if not 0 < number < 256:  # type: ignore[operator]
            raise _no_permission()
        return self.mask >> number & 1 == 1  # type: ignore[operator]

    def __len__(self) -> int:
        return bin(self.mask).count("1")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Permissions) and self.mask == other.mask

    def __hash__(self) -> int:
        return hash(self.mask)

    def __repr__(self) -> str:
        return f"<linecard.Permissions {len(self)}>"


class PermissionIds(dict[str, int]):
    """Numbers of permissions by name, each asked for once: they never change."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def __missing__(self, permission: str) -> int:
        number = c_uint32()
        with self._handle as directory:
            call(lib.linecard_permission_id, directory, *text_in(permission, "permission"), byref(number))
        self[permission] = number.value
        return number.value


def _column(values: Any, count: int, code: str, kind: Any, name: str, number: Any) -> Any:
    """`count` numbers where the library can read them: what has them in memory is lent, everything else copied."""
    if values is None or isinstance(values, (str, int)):  # the same for all
        return (kind * count).from_buffer(array(code, [number(values)]) * count)
    if isinstance(values, (list, tuple)):
        try:
            try:
                values = array(code, values)
            except TypeError:
                values = array(code, [number(value) for value in values])
        except OverflowError:
            raise Invalid(f"{name}_invalid", f"/{name}", f"{name} must be numbers that an id or permission can have")
    view = memoryview(values)
    if view.format not in ("B", "c", "I", "L", "Q", "N") or view.nbytes != count * ctypes.sizeof(kind) or view.itemsize != ctypes.sizeof(kind) or not view.c_contiguous:
        raise Invalid(
            f"{name}_invalid", f"/{name}", f"{name} must be {count} values of {ctypes.sizeof(kind)} bytes, or a list"
        )
    return (kind * count).from_buffer_copy(view) if view.readonly else (kind * count).from_buffer(view)


class Checking:
    """What a directory answers about rights. Nothing is allowed that could not be found out."""

    _handle: Handle
    _permission_ids: PermissionIds

    def permission_id(self, permission: str) -> int:
        """The permission's number, the same for ever."""
        return self._permission_ids[permission]

    def check(self, identity_id: Id, permission: str | int, *, scope_id: Id | None = None) -> bool:
        """Whether the identity holds the permission ("license.assign") in the scope now; no scope: the platform."""
        error = c_void_p()
        with self._handle as directory:
            number = permission if permission.__class__ is int else self._permission_ids[permission]  # type: ignore[index]
            if not 0 < number < 256:  # type: ignore[operator]
                raise _no_permission()
            allowed = run(
                lib.linecard_check_id,
                directory,
                _number(identity_id, "identity_id"),
                number,
                _number(scope_id, "scope_id"),
                byref(error),
            )
        if error:
            check_error(error)
        return allowed == 1  # type: ignore[no-any-return]

    def check_many(
        self,
        identity_ids: Sequence[Id],
        permissions: Sequence[str | int] | str | int,
        scope_ids: Sequence[Id] | Id | None = None,
    ) -> bytes:
        """One byte for each identity: 1 when it holds the permission in the scope now, else 0.

        Lists hold texts or numbers; arrays (array("Q"), array("I") for permissions, or any buffer of such numbers) are
        read where they lie. A single permission or scope is meant for all; no scope: the platform.
        """
        count = len(identity_ids)
        who = _column(identity_ids, count, "Q", c_uint64, "identity_ids", lambda v: _number(v, "identity_ids"))
        numbers = _column(permissions, count, "I", c_uint32, "permissions", self._permission_number)
        where = _column(scope_ids, count, "Q", c_uint64, "scope_ids", lambda v: _number(v, "scope_ids"))
        answers = (c_uint8 * count)()
        with self._handle as directory:
            call(lib.linecard_check_many, directory, who, numbers, where, count, answers)
        return bytes(answers)

    def effective(self, identity_id: Id, *, scope_id: Id | None = None) -> Permissions:
        """All that the identity may do in the scope now."""
        words, error = _WORDS(), c_void_p()
        with self._handle as directory:
            who, where = _number(identity_id, "identity_id"), _number(scope_id, "scope_id")
            run(lib.linecard_effective, directory, who, where, words, byref(error))
        if error:
            check_error(error)
        a, b, c, d = words
        return Permissions(a | b << 64 | c << 128 | d << 192, self._permission_ids)

    def _permission_number(self, permission: str | int) -> int:
        number = permission if permission.__class__ is int else self._permission_ids[permission]  # type: ignore[index]
        if not 0 < number < 256:  # type: ignore[operator]
            raise _no_permission()
        return number  # type: ignore[return-value]
