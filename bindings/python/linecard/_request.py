"""How a request becomes JSON, with errors that name the field."""

from __future__ import annotations

import json
from typing import Any

from ._call import utf8
from .errors import Invalid


def given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def request_in(fields: dict[str, Any]) -> tuple[bytes, int]:
    """A request argument: pointer and length. What JSON cannot say is found here, where its field still has a name."""
    try:
        raw = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    except (TypeError, UnicodeEncodeError):
        _hold_to_json(fields, "")
        raise
    return raw, len(raw)


def _hold_to_json(value: Any, path: str) -> None:
    if isinstance(value, str):
        utf8(value, path)
    elif isinstance(value, dict):
        for name, member in value.items():
            _hold_to_json(member, f"{path}/{name}" if path else str(name))
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            _hold_to_json(item, f"{path}/{i}")
    elif value is not None and not isinstance(value, (bool, int, float)):
        raise Invalid("wrong_type", f"/{path}", f"/{path} must not be {type(value).__name__}")
