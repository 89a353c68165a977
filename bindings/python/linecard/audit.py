"""Checks an exported audit chain offline, without the library and without the directory it came from.

    linecard.audit.export(actor, file)      writes the chain of the actor's scope, one JSON object a line
    python3 -m linecard.audit FILE          "12 entries, chain intact; head 5f0c...", or where it breaks, and status 1
    python3 -m linecard.audit FILE HEAD     also that the chain ends, or once ended, at a hash anchored elsewhere

A second implementation on purpose, from what is documented: each entry's hash is BLAKE2b-256 over the previous hash
and every column of the entry in order, a personal value stands in it as BLAKE2b-256 of salt and value, and every part
that is hashed is preceded by its length. It imports nothing of linecard, so an auditor may also run this file alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Iterable, Iterator, TextIO


@dataclass(frozen=True)
class Verdict:
    intact: bool
    entries: int
    erased: int  # personal values no longer present; the chain verifies without them
    broken_at: int | None  # the first entry that does not fit
    message: str
    head_hash: str  # anchor it elsewhere: a chain cut short looks whole without


def export(actor: Any, file: TextIO) -> int:
    """Writes the audit chain of the actor's scope as JSON lines; answers how many entries."""
    written = since = 0
    while True:
        page = actor.changes_since(since=since, limit=500)
        for entry in page["entries"]:
            file.write(json.dumps({"scope_id": page["scope_id"], **entry}) + "\n")
            written, since = written + 1, entry["seq"]
        if page["next"] is None:
            return written


def details(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What an entry records: [{"record", "action", "key", "columns": {name: [before, after]}}]."""
    parsed: list[dict[str, Any]] = json.loads(entry["details"])
    return parsed


def check(lines: Iterable[str], anchor: str | None = None) -> Verdict:
    """Recomputes the chain from the lines that export wrote."""
    count, erased, previous, scope_id = 0, 0, b"", None
    anchored = anchor is None
    for line in lines:
        if not line.strip():
            continue
        number = count + 1
        try:
            entry = _strict(json.loads(line, object_pairs_hook=_each_once))
            scope_id = scope_id or entry["scope_id"]
            if entry["scope_id"] != scope_id:
                raise _Broken("belongs to another scope")
            if entry["seq"] != number:
                raise _Broken("is missing")
            previous = _entry_hash(previous, entry)
            if previous.hex() != entry["hash"]:
                raise _Broken("was altered: its hash does not fit")
            erased += _check_personal(entry)
        except _Broken as why:
            return Verdict(False, count, erased, number, f"entry {number} {why}", "")
        except (ValueError, TypeError, RecursionError) as why:
            return Verdict(False, count, erased, number, f"entry {number} cannot be read: {why}", "")
        count = number
        anchored = anchored or entry["hash"] == anchor
    if not anchored:
        return Verdict(False, count, erased, count + 1, "the anchored hash is not in the chain: it was cut short", "")
    message = f"{count} entries, chain intact" + (f", {erased} personal values erased" if erased else "")
    return Verdict(True, count, erased, None, message, previous.hex())


class _Broken(Exception):
    pass


# ---- the hash -------------------------------------------------------------------------------------------------------


def _hash(parts: Iterable[bytes]) -> bytes:
    """Each part enters as its length, 8 bytes little-endian, and its bytes, so that no two lists of parts collide."""
    sum_ = hashlib.blake2b(digest_size=32)
    for part in parts:
        sum_.update(len(part).to_bytes(8, "little") + part)
    return sum_.digest()


def _integer(number: int) -> Iterator[bytes]:
    yield b"1"
    yield number.to_bytes(8, "little", signed=True)


def _text(text: str) -> Iterator[bytes]:
    yield b"2"
    yield text.encode()


def _entry_hash(previous: bytes, entry: dict[str, Any]) -> bytes:
    return _hash(
        [
            previous,
            *_integer(_id(entry["scope_id"])),
            *_integer(entry["seq"]),
            *_integer(_milliseconds(entry["at"])),
            *_integer(0 if entry["actor_id"] is None else _id(entry["actor_id"])),
            *_integer(_id(entry["acting_in_id"])),
            *_integer(0 if entry["on_behalf_of_id"] is None else _id(entry["on_behalf_of_id"])),
            *_text(entry["command"]),
            *_text(entry["details"]),
        ]
    )


def _commitments(value: Any) -> Iterator[tuple[int, str]]:
    """Position and commitment of every personal value in the details."""
    if isinstance(value, dict) and value.keys() == {"personal", "commitment"}:
        yield value["personal"], value["commitment"]
    elif isinstance(value, (dict, list)):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _commitments(member)


def _check_personal(entry: dict[str, Any]) -> int:
    """How many personal values are erased."""
    promised = dict(_commitments(json.loads(entry["details"])))
    given = [value["position"] for value in entry["personal"]]
    if sorted(given) != sorted(promised):
        raise _Broken("does not have the personal values that it commits to beside it")
    erased = 0
    for value in entry["personal"]:
        if value["salt"] is None or value["text"] is None:
            erased += 1
        elif _hash([_bytes(value["salt"]), value["text"].encode()]).hex() != promised[value["position"]]:
            raise _Broken("has a personal value beside it that was altered")
    return erased


# ---- reading, with one spelling for each value: whatever else is written was altered ---------------------------------

_KINDS = {"platform": 1, "container": 2, "tenant": 3, "identity": 4, "user": 5, "package": 6, "grant": 7, "message": 8}
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

_ENTRY = {
    "scope_id": (str,),
    "seq": (int,),
    "at": (str,),
    "actor_id": (str, type(None)),
    "acting_in_id": (str,),
    "on_behalf_of_id": (str, type(None)),
    "command": (str,),
    "details": (str,),
    "hash": (str,),
    "personal": (list,),
}
_PERSONAL = {"position": (int,), "salt": (str, type(None)), "text": (str, type(None))}


def _hold_to(value: Any, members: dict[str, tuple[type, ...]]) -> None:
    if not isinstance(value, dict) or value.keys() != members.keys():
        raise _Broken("does not have the members of an audit entry")
    for name, types in members.items():
        if type(value[name]) not in types:
            raise _Broken(f"has a {name} of another type")


def _strict(entry: Any) -> dict[str, Any]:
    _hold_to(entry, _ENTRY)
    for value in entry["personal"]:
        _hold_to(value, _PERSONAL)
    checked: dict[str, Any] = entry
    return checked


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _id(text: str) -> int:
    """Kind and 56 bits, from "tenant_" and 12 digits of base 32."""
    kind, _, stamp = text.rpartition("_")
    number = 0
    for digit in stamp:
        number = number << 5 | _DIGITS.index(digit)
    if kind not in _KINDS or len(stamp) != 12 or number >> 56:
        raise ValueError(f"{text} is not an id")
    return _KINDS[kind] << 56 | number


def _milliseconds(text: str) -> int:
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text} is not an instant")
    since = datetime.fromisoformat(text[:-1]).replace(tzinfo=timezone.utc) - _EPOCH
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000


def _bytes(hexadecimal: str) -> bytes:
    raw = bytes.fromhex(hexadecimal)
    if raw.hex() != hexadecimal:
        raise ValueError(f"{hexadecimal} is not lower-case hexadecimal")
    return raw


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print("usage: python3 -m linecard.audit FILE [HEAD_HASH]", file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            verdict = check(file, *arguments[1:])
    except (OSError, UnicodeDecodeError) as why:
        print(f"{arguments[0]}: {why}", file=sys.stderr)
        return 2
    print(verdict.message + (f"; head {verdict.head_hash}" if verdict.intact else ""))
    return 0 if verdict.intact else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
