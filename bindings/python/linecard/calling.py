"""Whose line is it, when a call waits? One number, extension or user, or many numbers at once."""

from __future__ import annotations

from ctypes import byref, c_char_p, c_uint32, sizeof
from dataclasses import dataclass, field
from typing import Sequence

from . import _ffi
from ._call import Handle, call, id_text, text_in, text_member
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
    abroad and has no entitlement.
    """

    found: bool
    rings: bool
    """The user is active."""
    tenant_id: str | None
    user_id: str | None
    """None: a number of the company's, or one that nobody has."""
    use: str | None
    """Of the number asked for: "direct", "main", "other" or "unassigned"."""
    extension: str | None
    """The one asked for, else the user's first by number."""
    forwarding: str | None
    """E.164."""
    screening: bool
    """Whenever it is forwarded: who answers there presses a key first."""
    international: bool
    """Of the extension: it may dial other countries."""
    e911: bool
    """Of the number asked for, else of any direct number of the user."""
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
        forwarding=raw.forwarding.decode() or None,
        screening=raw.screening == 1,
        international=raw.international == 1,
        e911=raw.e911 == 1,
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
        did: str | None = None,
        user: Id | None = None,
        tenant: Id | None = None,
        extension: str | None = None,
        external_ref: str | None = None,
    ) -> Line:
        """The line of a number (E.164), of a user, or in a tenant of an extension or of the host's own id."""
        asked = [did is not None, user is not None, extension is not None, external_ref is not None]
        if sum(asked) != 1 or (tenant is not None) != (asked[2] or asked[3]):
            raise Invalid(
                "one_key_needed", "", "give one of did, user, tenant with extension, and tenant with external_ref"
            )
        raw = _ffi.Line(struct_size=sizeof(_ffi.Line))
        with self._handle as directory:
            if did is not None:
                call(lib.linecard_line_by_did, directory, *text_in(did, "did"), byref(raw))
            elif user is not None:
                call(lib.linecard_line_by_user, directory, _number(user, "user"), byref(raw))
            elif extension is not None:
                where, text = _number(tenant, "tenant"), text_in(extension, "extension")
                call(lib.linecard_line_by_extension, directory, where, *text, byref(raw))
            else:
                where, text = _number(tenant, "tenant"), text_in(external_ref, "external_ref")
                call(lib.linecard_line_by_external_ref, directory, where, *text, byref(raw))
        return _line(raw, self._feature_ids)

    def lines(self, dids: Sequence[str]) -> list[Line]:
        """One line for each number, in the same order."""
        numbers = (c_char_p * len(dids))(*(text_member(did, "dids") for did in dids))
        raw = (_ffi.Line * len(dids))()
        with self._handle as directory:
            call(lib.linecard_lines_by_did, directory, numbers, len(dids), raw, sizeof(_ffi.Line))
        return [_line(one, self._feature_ids) for one in raw]
