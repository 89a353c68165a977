"""What a host's own systems are asked: to sell a direct number, and to hand one person's messages to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class NumberOrder:
    """An order of one direct number, by get_number."""

    order_id: str  # the same however often it is ordered: seen again, answer what was answered, and buy nothing
    tenant_id: str
    user_id: str | None  # whom it is for; None: the tenant's inventory
    prefix: str  # how it should begin, "+1416"; "": any


@dataclass(frozen=True)
class Handover:
    """One user's voice, text and fax messages are to be another's."""

    handover_id: str  # the same however often it is told: hand one of these over once
    tenant_id: str
    user_id: str
    to_user_id: str
    external_ref: str | None  # the host's own ids of the two; None: none, or the person is gone
    to_external_ref: str | None


class ErrandLater(Exception):
    """Raised by a provider or keeper: ask again later. The argument, a slug, is the reason that callers see."""


class ErrandRefused(Exception):
    """Raised by a provider: nothing was bought, and the order is over; by a keeper: stop, until it is retried."""


NumberProvider = Callable[[NumberOrder], str]
"""Answers the number bought, E.164. What it raises, beside the two exceptions above, means later."""

AssetKeeper = Callable[[Handover], object]
"""Has handed over when it returns, or whoever lasts will do it. What it raises is as a provider's."""


@dataclass(frozen=True)
class ErrandsPumped:
    """What one pump_errands did."""

    done: int
    postponed: int  # to be asked again later
    refused: int  # for good, or given up: see `errands` and `retry_errand`
    more: bool  # as many were due as were asked for: pump again
