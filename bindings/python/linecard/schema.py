"""What linecard_describe says: every operation with its JSON Schema, and how an answer becomes Python values."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Callable

from . import _ffi
from ._call import call_for_text

Reader = Callable[[Any], Any]


@lru_cache(maxsize=None)
def _described() -> str:
    described: str = call_for_text(_ffi.lib.linecard_describe)
    return described


def describe() -> dict[str, Any]:
    """{"linecard", "operations": {name: {"kind", "about", "needs", "acts_in", "request", "answer"}}, "permissions"}"""
    schema: dict[str, Any] = json.loads(_described())
    return schema


def _unchanged(value: Any) -> Any:
    return value


def _integer(value: Any) -> Any:
    return None if value is None else int(value)


def _reader_of(schema: dict[str, Any]) -> Reader:
    """JSON spells int64 as a string of digits, for JavaScript's sake; Python need not."""
    if schema.get("format") == "int64":
        return _integer
    if schema["type"] == "array":
        item = _reader_of(schema["items"])
        return _unchanged if item is _unchanged else lambda values: [item(value) for value in values]
    if schema["type"] == "object":
        members = {name: _reader_of(member) for name, member in schema["properties"].items()}
        changed = {name: reader for name, reader in members.items() if reader is not _unchanged}
        if changed:
            return lambda value: {k: changed[k](v) if k in changed else v for k, v in value.items()}
    return _unchanged


@lru_cache(maxsize=None)
def _operations() -> dict[str, tuple[str, Reader]]:
    operations = describe()["operations"]
    return {name: (operation["kind"], _reader_of(operation["answer"])) for name, operation in operations.items()}


def read_answer(operation: str, text: str) -> Any:
    """The JSON text that an operation answered, as dicts, lists, str, bool and int."""
    return _operations()[operation][1](json.loads(text))


def is_command(operation: str) -> bool:
    return _operations()[operation][0] == "command"
