"""Whose line is it, when a call waits? One number, extension or user, or many numbers at once."""

from __future__ import annotations

from ctypes import byref, c_char_p, c_uint32, sizeof
from dataclasses import dataclass, field
from typing import Sequence

from . import _ffi
from ._call import Handle, call, id_text, many, text_in, text_member
from .checking import Id, _number
from .errors import Invalid

lib = _ffi.lib

_USES = {0: None, 1: "unassigned", 2: "direct", 3: "main", 4: "other"}


class FeatureIds(dict[str, int]):
    """Numbers of features by name, each asked for once: they hold as long as the directory is open."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def __missing__(self, feature: str) -> int:
        number = c_uint32()
        with self._handle as directory:
            call(lib.linecard_find_feature, directory, *text_in(feature, "feature"), byref(number))
        self[feature] = number.value
        return number.value


@dataclass(frozen=True)
class Line:
    """What a telephone system needs to know of a call. A copy; it does not hear of later changes.

    The line of a user who is invited, suspended or deleted is found but does not ring, is not forwarded, may not dial
    abroad and has no entitlement. Its numbers stay as they are: whether a silenced telephone may still call for help is
    the host's to decide. A login that is suspended (suspend_identity) cannot sign in; the line goes on until the user
    is suspended.

    Whatever the line says, a host must let a 911 call out: no answer means that nobody may call for help.
    """

    found: bool
    rings: bool
    """The user is active. Whether there is anything to ring say the extension and the forwarding."""
    tenant_id: str | None
    user_id: str | None
    """None: a number of the company's, or one that nobody has."""
    use: str | None
    """Of the number asked for: "direct", "main", "other" or "unassigned"."""
    extension: str | None
    """The one asked for, else the user's first by number."""
    extension_count: int
    """Of the user."""
    forwarding: str | None
    """E.164. It rings beside the user's devices, for every call."""
    screening: bool
    """Always with a forwarding: the call is given to who answers there only after a key."""
    international: bool
    """Of the extension: it may dial other countries."""
    e911: bool
    """Of the number asked for, else of any direct number of the user."""
    caller_id: str | None
    """The user's first direct number by number, E.164: what a call to the outside shows. None: they have none, and the
    company's main number is shown, if anything."""
    e911_caller_id: str | None
    """The first among those with E911 switched on: what an emergency call shows, so that it can be called back. None:
    none has, and the host decides; it must not refuse the call for that."""
    label: str | None
    """Of a number that is no user's: what it is used for; of more than 64 bytes the first."""
    stale_ms: int
    """0: as the store is. Else the last known line: for so long what is newer could not be read. See Directory.create,
    last_known_lines_s."""
    entitlements: int
    """A bit for each feature's number; see entitled."""
    _feature_ids: FeatureIds = field(repr=False, compare=False)

    def entitled(self, feature: str) -> bool:
        """Whether the user's packages carry the feature."""
        return self.entitlements >> self._feature_ids[feature] & 1 == 1


def _line(raw: _ffi.Line, features: FeatureIds) -> Line:
    a, b, c, d = raw.entitlements
    return Line(
        found=raw.found == 1,
        rings=raw.rings == 1,
        tenant_id=id_text(raw.tenant_id) if raw.tenant_id else None,
        user_id=id_text(raw.user_id) if raw.user_id else None,
        use=_USES.get(raw.use, "other"),
        extension=raw.extension.decode() or None,
        extension_count=raw.extension_count,
        forwarding=raw.forwarding.decode() or None,
        screening=raw.screening == 1,
        international=raw.international == 1,
        e911=raw.e911 == 1,
        caller_id=raw.caller_id.decode() or None,
        e911_caller_id=raw.e911_caller_id.decode() or None,
        label=raw.label.decode() or None,
        stale_ms=raw.stale_ms,
        entitlements=a | b << 64 | c << 128 | d << 192,
        _feature_ids=features,
    )


class Calling:
    """What a directory answers while a call waits. Nothing is found that could not be found out: then it raises."""

    _handle: Handle
    _feature_ids: FeatureIds

    def line(
        self,
        *,
        direct_number: str | None = None,
        user_id: Id | None = None,
        tenant_id: Id | None = None,
        extension: str | None = None,
        external_ref: str | None = None,
    ) -> Line:
        """The line of a number (E.164), of a user, or in a tenant of an extension or of the host's own id."""
        asked = [direct_number is not None, user_id is not None, extension is not None, external_ref is not None]
        if sum(asked) != 1 or (tenant_id is not None) != (asked[2] or asked[3]):
            raise Invalid(
                "one_key_needed",
                "",
                "give one of direct_number, user_id, tenant_id with extension, and tenant_id with external_ref",
            )
        raw = _ffi.Line(struct_size=sizeof(_ffi.Line))
        with self._handle as directory:
            if direct_number is not None:
                call(lib.linecard_line_by_did, directory, *text_in(direct_number, "direct_number"), byref(raw), answered=True)
            elif user_id is not None:
                call(lib.linecard_line_by_user, directory, _number(user_id, "user_id"), byref(raw), answered=True)
            elif extension is not None:
                where, text = _number(tenant_id, "tenant_id"), text_in(extension, "extension")
                call(lib.linecard_line_by_extension, directory, where, *text, byref(raw), answered=True)
            else:
                where, text = _number(tenant_id, "tenant_id"), text_in(external_ref, "external_ref")
                call(lib.linecard_line_by_external_ref, directory, where, *text, byref(raw), answered=True)
        return _line(raw, self._feature_ids)

    def lines(self, direct_numbers: Sequence[str]) -> list[Line]:
        """One line for each number, in the same order."""
        texts = [text_member(number, "direct_numbers") for number in many(direct_numbers, "direct_numbers")]
        numbers = (c_char_p * len(texts))(*texts)
        raw = (_ffi.Line * len(texts))()
        with self._handle as directory:
            call(lib.linecard_lines_by_did, directory, numbers, len(texts), raw, sizeof(_ffi.Line), answered=True)
        return [_line(one, self._feature_ids) for one in raw]
