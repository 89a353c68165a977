"""Is it a store? Tries on a host's own Store every promise that linecard relies on, and tells which are kept.

    python3 -m linecard.check_store my_module:make_store [--only TEXT]

make_store() answers a Store over empty storage, each time it is called. Where rows outlive a store, name a second
function, which answers one over the storage of the last: --reopen my_module:open_store; where two stores may have it
open at once, --beside my_module:open_store; and --readers-beside-writers when readers need not wait for a writer.
The exit status is 0 when nothing is broken.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import sys
import traceback
from typing import Any, Callable, NamedTuple, Optional

from . import _ffi
from ._adapter import store_of
from ._call import call, note, raised, text_member
from .errors import CallbackFailed
from .store import Store

Make = Callable[[], Store]


class Counts(NamedTuple):
    broken: int
    kept: int
    untried: int


def check_store(
    fresh: Make,
    *,
    reopen: Optional[Make] = None,
    beside: Optional[Make] = None,
    readers_beside_writers: bool = False,
    only: Optional[str] = None,
    told: Callable[[str], Any] = print,
) -> Counts:
    """Tells each verdict as it falls, and how many there were of each. What a store raises is part of its story."""
    makers = {_ffi.FRESH: fresh, _ffi.REOPENED: reopen, _ffi.BESIDE: beside}
    made: list[_ffi.Store] = []  # the vtable is copied when `opened` has returned: the last one lives until the next
    counts = [0, 0, 0]

    def opened(_: int, how: int) -> Optional[int]:
        try:
            maker = makers[how]
            assert maker is not None
            made[:] = [store_of(maker())]
            return ctypes.addressof(made[0])
        except BaseException as trouble:
            note(trouble)
            return None

    def heard(_: int, verdict: int, text: bytes) -> int:
        trouble, raised.exception = raised.exception, None
        try:
            if trouble is not None and not isinstance(trouble, Exception):
                raise trouble  # KeyboardInterrupt, while the store worked
            counts[verdict] += 1
            story = text.decode("utf-8", "replace").rstrip("\n")
            if verdict == _ffi.PROMISE_BROKEN and trouble is not None:
                lines = "".join(traceback.format_exception(type(trouble), trouble, trouble.__traceback__))
                story += "\n    the first exception of the store:\n    " + lines.rstrip("\n").replace("\n", "\n    ")
            told(story)
            return _ffi.DONE
        except BaseException as own:
            note(own)
            return 0

    check: _ffi.StoreCheck = _ffi.filled(_ffi.StoreCheck)
    check.open, check.told = _ffi.OPEN(opened), _ffi.TOLD(heard)
    check.only = text_member(only, "only")
    check.offers = (
        (_ffi.OFFERS_REOPENED if reopen else 0)
        | (_ffi.OFFERS_BESIDE if beside else 0)
        | (_ffi.OFFERS_READERS_BESIDE_WRITERS if readers_beside_writers else 0)
    )
    try:
        call(_ffi.lib.linecard_check_store, ctypes.byref(check))
    except CallbackFailed as no:
        if no.reason != "promises_broken":
            raise
    return Counts(*counts)


def _named(place: str) -> Make:
    module, _, name = place.partition(":")
    if not name:
        raise argparse.ArgumentTypeError(f"{place!r} is not MODULE:FUNCTION")
    try:
        found: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as no:
        raise argparse.ArgumentTypeError(str(no)) from no
    return found  # type: ignore[no-any-return]


def main() -> int:
    sys.path.insert(0, "")  # as `python3 -m` itself does
    parser = argparse.ArgumentParser(prog="python3 -m linecard.check_store", description=__doc__.splitlines()[0])
    parser.add_argument("fresh", type=_named, metavar="MODULE:FUNCTION", help="answers a Store over empty storage")
    parser.add_argument("--reopen", type=_named, metavar="MODULE:FUNCTION", help="over the storage of the last one")
    parser.add_argument("--beside", type=_named, metavar="MODULE:FUNCTION", help="the same, while it is open")
    parser.add_argument("--readers-beside-writers", action="store_true", help="readers need not wait for a writer")
    parser.add_argument("--only", metavar="TEXT", help="only the promises that contain this")
    counts = check_store(**vars(parser.parse_args()))
    print(f"{counts.kept} promises kept, {counts.broken} broken, {counts.untried} untried")
    return 1 if counts.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
