"""Numbers from a provider in Python, messages for a keeper in Python, and the pump."""

from __future__ import annotations

import logging
from typing import Any, Callable, Iterator

import pytest

import linecard
from house import House, furnish


class Shop:
    """Sells numbers in order, and remembers what it sold under which order."""

    def __init__(self) -> None:
        self.orders: list[linecard.NumberOrder] = []
        self.sold: dict[str, str] = {}
        self.raised: BaseException | None = None
        self.answered: Any = None

    def __call__(self, order: linecard.NumberOrder) -> str:
        self.orders.append(order)
        if self.raised:
            raise self.raised
        if self.answered is not None:
            return self.answered
        return self.sold.setdefault(order.order_id, f"+1416555{1001 + len(self.sold)}")


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def house_with(clock: Clock) -> Iterator[Callable[..., House]]:
    made: list[House] = []

    def furnished(*where: Any, **how: Any) -> House:
        made.append(furnish(linecard.Directory.create(*where, memory=not where, clock=clock, **how)[0]))
        return made[-1]

    yield furnished
    for one in made:
        one.close()


def order(house: House, order_key: str = "form-7", **fields: Any) -> linecard.Receipt:
    return house.acme.call("get_number", order_key=order_key, **fields)


def standing(house: House) -> list[dict[str, Any]]:
    return house.acme.call("errands")["errands"]


def test_S4_8_one_step_orders_a_number_and_gives_it_to_the_user(house_with, shop: Shop):
    house = house_with(provider=shop)
    user_id = house.user()
    receipt = order(house, user_id=user_id, prefix="+1416")
    (asked,) = shop.orders
    assert asked == linecard.NumberOrder(asked.order_id, house.tenant_id, user_id, "+1416")
    assert receipt["command"] == "get_number"
    assert [(n["number"], n["user_id"]) for n in receipt["numbers"]] == [("+14165551001", user_id)]
    again = order(house, user_id=user_id, prefix="+1416")
    assert again["numbers"] == receipt["numbers"] and not again["changes"] and len(shop.orders) == 1
    order(house, "spare")
    assert shop.orders[-1].user_id is None and shop.orders[-1].prefix == ""


@pytest.mark.parametrize(
    "raised, kind, reason",
    [
        (linecard.ErrandLater("shop_closed"), linecard.Busy, "shop_closed"),
        (linecard.ErrandLater(), linecard.Busy, "temporary_failure"),
        (linecard.ErrandLater("no slug, but wörds"), linecard.Busy, "provider_failed"),
        (linecard.ErrandRefused("none_in_stock"), linecard.LimitReached, "none_in_stock"),
        (linecard.ErrandRefused(), linecard.LimitReached, "refused"),
        (OSError("connection reset"), linecard.Busy, "provider_callback"),
    ],
)
def test_S4_8_what_a_provider_raises_says_whether_the_order_stands(
    house_with, shop: Shop, raised: Exception, kind: type[Exception], reason: str
):
    house = house_with(provider=shop)
    shop.raised = raised
    with pytest.raises(kind, match=reason):
        order(house)
    stands = kind is linecard.Busy
    assert [row["reason"] for row in standing(house)] == [reason] * stands
    shop.raised = None
    order(house)
    assert (shop.orders[0].order_id == shop.orders[1].order_id) is stands
    assert not standing(house)


@pytest.mark.parametrize(
    "answered, reason",
    [
        ("", "number_invalid"),
        ("416 555 0100", "number_invalid"),
        ("+1416555\ud800", "provider_callback"),
        ("+14165550100\0", "provider_callback"),
        ("+1" * 40_000, "number_invalid"),
        (14165550100, "provider_callback"),
        (b"+14165550100", "provider_callback"),
    ],
)
def test_S4_8_what_is_no_number_is_asked_for_again(house_with, shop: Shop, answered: Any, reason: str):
    house = house_with(provider=shop)
    shop.answered = answered
    with pytest.raises(linecard.Busy, match=reason):
        order(house)
    shop.answered = None
    order(house)
    assert len(shop.sold) == 1


def test_S4_8_a_provider_that_dies_once_it_has_bought_is_pumped_under_the_same_order(house_with, clock: Clock, caplog):
    sold: dict[str, str] = {}

    def provider(asked: linecard.NumberOrder) -> str:
        if asked.order_id in sold:
            return sold[asked.order_id]
        sold[asked.order_id] = "+14165550100"
        raise TimeoutError("the answer was lost")

    house = house_with(provider=provider)
    with caplog.at_level(logging.ERROR, "linecard"), pytest.raises(linecard.Busy):
        order(house)
    assert "TimeoutError" in caplog.text
    nothing = linecard.ErrandsPumped(done=0, postponed=0, refused=0, more=False)
    assert house.directory.pump_errands() == nothing  # not due yet
    clock.now += 60_000
    assert house.directory.pump_errands(1) == linecard.ErrandsPumped(done=1, postponed=0, refused=0, more=True)
    assert house.directory.pump_errands() == nothing
    assert len(sold) == 1
    assert [row["direct_number"] for row in house.acme.call("dids")["dids"]] == ["+14165550100"]


def test_S4_8_an_interrupt_inside_a_provider_is_raised_and_the_order_stands(house_with, shop: Shop):
    house = house_with(provider=shop)
    shop.raised = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        order(house)
    assert len(standing(house)) == 1
    shop.raised = None
    order(house)


def test_messages_are_handed_over_under_one_id_and_a_refusal_stands_until_it_is_retried(
    house_with, shop: Shop, clock: Clock
):
    got: list[linecard.Handover] = []
    raised: list[Exception] = [OSError("away"), linecard.ErrandRefused("mailbox_locked")]

    def keeper(what: linecard.Handover) -> None:
        got.append(what)
        if raised:
            raise raised.pop(0)

    house = house_with(provider=shop, assets=keeper)
    leaver, heir = house.user(external_ref="ext-1"), house.user()
    house.acme.preview.delete_user(user_id=leaver, assets_to=heir).confirm()  # told at once
    assert standing(house)[0]["reason"] == "assets_callback"
    clock.now += 60_000
    assert house.directory.pump_errands().refused == 1
    (row,) = standing(house)
    assert (row["reason"], row.get("next_attempt_at")) == ("mailbox_locked", None)
    house.acme.call("retry_errand", errand_id=row["errand_id"])
    assert house.directory.pump_errands().done == 1
    assert got == [linecard.Handover(row["errand_id"], house.tenant_id, leaver, heir, "ext-1", None)] * 3


def test_S4_8_a_directory_without_a_provider_refuses_and_an_opened_one_may_have_one(house_with, shop: Shop, tmp_path):
    house = house_with()
    with pytest.raises(linecard.Invalid, match="provider_missing"):
        order(house)
    assert house.directory.pump_errands().done == 0  # it forgets what is over
    directory, key = linecard.Directory.create(tmp_path / "a.db")
    directory.close()
    with linecard.Directory.open(tmp_path / "a.db", host_key=key, provider=shop) as opened:
        assert opened.pump_errands().done == 0
        with pytest.raises(linecard.Invalid, match="limit_invalid"):
            opened.pump_errands(0)
