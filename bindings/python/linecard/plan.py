"""Several commands as one: what would follow from them, and all or none of them done."""

from __future__ import annotations

import json
from typing import Any

from . import _ffi, schema
from ._call import Handle, call_for_text, text_in
from ._request import given, request_in
from .operations import Commands, Queries
from .receipt import Receipt


class Plan(Commands[None]):
    """Commands kept for later, in order.

    plan = acme.plan()
    plan.buy_seats(package_id=basic, seats=5)
    plan.after.statement_preview()      # the statement they would lead to; nothing has changed
    plan.run()                          # a receipt for each, or one refusal and nothing done
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._commands: list[tuple[str, dict[str, Any]]] = []

    def __len__(self) -> int:
        return len(self._commands)

    @property
    def after(self) -> Queries:
        """The queries, answered as they would be once the commands are done."""
        return _After(self)

    def run(self) -> list[Receipt]:
        """Runs them in one transaction. The path of a refusal begins with the command's place: "/1/package_id"."""
        with self._handle as actor:
            done = call_for_text(_ffi.lib.linecard_call_all, actor, *self._requests())
        answers = zip(self._commands, json.loads(done))
        return [Receipt(schema.read_answer(name, json.dumps(one))) for (name, _), one in answers]

    def _command(self, operation: str, /, **fields: Any) -> None:
        self._commands.append((operation, given(fields)))

    def _requests(self) -> tuple[Any, int]:
        each = ((*text_in(name, "operation"), *request_in(fields)) for name, fields in self._commands)
        return (_ffi.Request * len(self._commands))(*each), len(self._commands)


class _After(Queries):
    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def _query(self, operation: str, /, **fields: Any) -> Any:
        with self._plan._handle as actor:
            answer = call_for_text(
                _ffi.lib.linecard_ask_after,
                actor,
                *self._plan._requests(),
                *text_in(operation, "operation"),
                *request_in(given(fields)),
            )
        return schema.read_answer(operation, answer)
