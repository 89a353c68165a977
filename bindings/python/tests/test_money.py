"""What a tenant pays: seats, numbers, statements, advice, and several commands as one."""

import pytest

import linecard


@pytest.fixture
def paying(house):
    """The house with terms: Basic includes no number, Roam one."""
    made = house.operator.define_package(
        name="Roam",
        currency="EUR",
        price_minor=2495,
        features=[{"feature": "numbers.included", "setting": "1"}, {"feature": "minutes.included", "setting": "900"}],
    )
    house.package["Roam"] = made.created_id("package")
    house.acme.offer_package(package_id=house.package["Roam"])
    house.acme.set_seat_pool(package_id=house.package["Roam"], purchased=5, purchase_limit=8)
    house.acme.set_subscription(
        currency="EUR", statement_day=1, time_zone="Europe/Berlin", number_price_minor=100
    )
    house.acme.add_dids(direct_numbers=["+49301", "+49302"])
    return house


def differs(receipt):
    assert len(receipt.price_differences) <= 1
    return receipt.price_differences[0]["minor"] if receipt.price_differences else 0


def total(house):
    return house.acme.statement_preview()["total_minor"]


def test_S4_1_the_statement_is_for_who_manages_billing(paying):
    paying.user(email="ben@acme.example")
    with paying.directory.actor(email="ben@acme.example", scope_id=paying.tenant_id) as ben:
        with pytest.raises(linecard.Denied):
            ben.statement_preview()


def test_S4_2_S4_4_seats_are_bought_up_to_the_limit_and_unused_ones_are_told(paying):
    roam = paying.package["Roam"]
    with pytest.raises(linecard.LimitReached) as refused:
        paying.acme.buy_seats(package_id=roam, seats=4)
    assert refused.value.reason == "purchase_limit"
    assert paying.acme.buy_seats(package_id=roam, seats=3, expected_purchased=5).seats[0]["purchased_after"] == 8
    with pytest.raises(linecard.Stale):
        paying.acme.buy_seats(package_id=roam, seats=3, expected_purchased=5)
    (line,) = [line for line in paying.acme.statement_preview()["lines"] if line["package_id"] == roam]
    assert (line["purchased"], line["unused"], line["minor"]) == (8, 8, 0)


def test_S4_5_S4_6_S4_9_a_change_of_package_re_prices_the_number(paying):
    user = paying.user()
    before = total(paying)
    assert differs(paying.acme.assign_package(user_id=user, package_id=paying.package["Basic"])) == 999
    assert differs(paying.acme.attach_did(user_id=user, direct_number="+49301")) == -100  # Basic's cost nothing
    assert differs(paying.acme.change_package(user_id=user, package_id=paying.package["Roam"])) == 2495 - 999
    assert paying.acme.entitled(user_id=user, feature="numbers.included")["setting"] == "1"
    assert total(paying) == before + 2495 - 100


def test_S4_19_the_cheapest_package_that_covers_is_recommended_with_the_reason(paying):
    advice = paying.acme.recommend_package(minutes=600)
    assert advice["package_id"] == paying.package["Roam"]
    assert "900 minutes are included" in advice["message"]
    reasons = {row["name"]: row["reason"] for row in advice["packages"]}
    assert reasons == {"Roam": "", "Pro": "dearer", "Basic": "minutes_short", "Plus": "minutes_short"}


def test_I29_a_batch_is_asked_about_and_then_done(paying):
    user = paying.user()
    before = total(paying)
    batch = paying.acme.batch()
    batch.assign_package(user_id=user, package_id=paying.package["Roam"])
    batch.attach_did(user_id=user, direct_number="+49301")
    batch.buy_seats(package_id=paying.package["Roam"], seats=1)
    assert len(batch) == 3
    supposed = batch.after.statement_preview()
    assert total(paying) == before
    receipts = batch.run()
    assert [receipt.command for receipt in receipts] == ["assign_package", "attach_did", "buy_seats"]
    assert len(batch) == 0 and batch.run() == []
    assert paying.acme.statement_preview() == supposed
    assert sum(map(differs, receipts)) == supposed["total_minor"] - before


def test_a_batch_that_is_refused_says_which_command_and_does_none(paying):
    user = paying.user()
    batch = paying.acme.batch()
    batch.assign_package(user_id=user, package_id=paying.package["Roam"])
    batch.buy_seats(package_id=paying.package["Basic"], seats=1)
    for ask in (batch.run, batch.after.users):
        with pytest.raises(linecard.LimitReached) as refused:
            ask()
        assert refused.value.path == "/1/seats"
    assert paying.acme.find_user(user_id=user)["package"] == "Unassigned"
    assert paying.acme.batch().run() == []


def test_a_subscription_is_told_as_it_was_set(paying):
    terms = paying.acme.subscription_in_force()
    assert (terms["currency"], terms["statement_day"], terms["time_zone"]) == ("EUR", 1, "Europe/Berlin")
    with pytest.raises(linecard.Invalid) as refused:
        paying.acme.set_subscription(statement_day=31)
    assert refused.value.path == "/statement_day"


def test_a_batch_keeps_what_it_was_given_and_names_the_command_that_is_no_request(paying):
    users = [paying.user(), paying.user()]
    batch = paying.acme.batch()
    batch.assign_packages(user_ids=users, package_id=paying.package["Roam"])
    users.clear()
    with pytest.raises(linecard.Invalid) as refused:
        batch.edit_user(user_id="user_000000000001", first_name=object())
    assert refused.value.path == "/1/first_name"
    assert len(batch) == 1
    assert batch.run()[0].seats[0]["used_after"] == 2
