"""What the methods of an actor stand on: one call for commands, one for queries."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

Outcome = TypeVar("Outcome")


class Runs(Generic[Outcome]):
    def _command(self, operation: str, /, **fields: Any) -> Outcome:
        raise NotImplementedError


class Asks:
    def _query(self, operation: str, /, **fields: Any) -> Any:
        raise NotImplementedError
