"""Several commands as one: what would follow from them, and all or none of them done."""

from __future__ import annotations

import json
from typing import Any

from . import _ffi, schema
from ._call import Handle, call_for_text, text_in
from ._request import given, request_in
from .errors import Invalid
from .operations import Commands, Queries
from .receipt import Receipt


class Batch(Commands[None]):
    """Commands kept for later, in order, each as it was when it was added.

    batch = acme.batch()
    batch.buy_seats(package_id=basic, seats=5)
    batch.after.statement_preview()      # the statement they would lead to; nothing has changed
    batch.run()                          # a receipt for each, or one refusal and nothing done; then it is empty
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._commands: list[tuple[str, bytes, bytes]] = []

    def __len__(self) -> int:
        return len(self._commands)

    @property
    def after(self) -> Queries:
        """The queries, answered as they would be once the commands are done."""
        return _After(self)

    def run(self) -> list[Receipt]:
        """Runs them in one transaction. The path of a refusal begins with the command's place: "/1/package_id".

        A refused batch is kept, to be asked about or tried again. Where an answer may have been lost, buy_seats with
        expected_purchased buys nothing twice.
        """
        with self._handle as actor:
            done = json.loads(call_for_text(_ffi.lib.linecard_call_all, actor, *self._requests()))
        names = [name for name, _, _ in self._commands]
        self._commands.clear()
        return [Receipt(schema.read_answer(name, json.dumps(one))) for name, one in zip(names, done)]

    def _command(self, operation: str, /, **fields: Any) -> None:
        try:
            request, _ = request_in(given(fields))
        except Invalid as no:
            raise Invalid(no.reason, f"/{len(self)}{no.path}", no.message) from no
        self._commands.append((operation, operation.encode(), request))

    def _requests(self) -> tuple[Any, int]:
        each = ((name, len(name), request, len(request)) for _, name, request in self._commands)
        return (_ffi.Request * len(self._commands))(*each), len(self._commands)


class _After(Queries):
    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def _query(self, operation: str, /, **fields: Any) -> Any:
        with self._batch._handle as actor:
            answer = call_for_text(
                _ffi.lib.linecard_ask_after,
                actor,
                *self._batch._requests(),
                *text_in(operation, "operation"),
                *request_in(given(fields)),
            )
        return schema.read_answer(operation, answer)
