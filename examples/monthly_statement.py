"""A tenant's monthly statement, as a bookkeeper would take it; and what it becomes by a change nobody has made yet.

Runs in memory. The clock stands still, so that the dates are the same every day.
"""

import linecard

NOON = 1_795_348_800_000  # 2026-11-22T12:00:00Z


def show(statement: dict, title: str) -> None:
    print(f"\n{title}")
    print(f"Period {statement['period_first']} to {statement['period_last']}, all amounts a month\n")
    print(f"  {'Item':46}{'Qty':>5}{'Price':>14}{'Amount':>14}")
    for line in statement["lines"]:
        print(f"  {line['text']:46}{line['quantity']:>5}{line['price']:>14}{line['amount']:>14}")
    print(f"  {'Total':65}{statement['total']:>14}")
    assert sum(line["minor"] for line in statement["lines"]) == statement["total_minor"]


def furnish(operator: linecard.Actor, acme: linecard.Actor) -> dict[str, str]:
    """What is sold, and what Acme has of it: of Basic three seats came with the account, Plus has a number in it."""
    count = [{"feature": "numbers.included", "setting": "1"}, {"feature": "minutes.included", "setting": "1000"}]
    sold = {
        "Basic": {"price_minor": 1295, "number_price_minor": 499},
        "Plus": {"price_minor": 2495, "number_price_minor": 499, "features": count},
        "Fax": {"price_minor": 500, "kind": "add_on"},
    }
    package = {}
    for name, terms in sold.items():
        package[name] = operator.define_package(name=name, currency="USD", **terms).created_id("package")
        acme.offer_package(package_id=package[name])
    acme.set_seat_pool(package_id=package["Basic"], purchased=6, included=3, purchase_limit=12)
    acme.set_seat_pool(package_id=package["Plus"], purchased=2, purchase_limit=4, charging="purchased")
    acme.set_seat_pool(package_id=package["Fax"], purchased=1)
    acme.set_subscription(
        currency="USD", statement_day=1, time_zone="America/New_York", number_price_minor=100
    )
    return package


def main() -> None:
    directory, _ = linecard.Directory.create(memory=True, clock=lambda: NOON)
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
        with directory.actor(operator.identity_id, scope_id=tenant_id) as support:
            package = furnish(operator, support)
            support.add_dids(direct_numbers=["+14165550111", "+14165550112", "+14165550113"])
            support.adopt_user(first_name="Ada", last_name="Abbott", email="ada@acme.example", role="administrator")
        with directory.actor(email="ada@acme.example", scope_id=tenant_id) as acme:
            keep_books(acme, package)


def keep_books(acme: linecard.Actor, package: dict[str, str]) -> None:
    people = {
        name: acme.adopt_user(
            first_name=name, last_name="Novak", email=f"{name.lower()}@acme.example", package_id=package[sku]
        ).created_id("user")
        for name, sku in (("Ben", "Basic"), ("Cho", "Basic"), ("Dia", "Basic"), ("Eve", "Basic"), ("Fay", "Plus"))
    }
    for name, number in (("Ben", "+14165550111"), ("Fay", "+14165550112")):
        acme.attach_did(user_id=people[name], direct_number=number)
    acme.assign_package(user_id=people["Cho"], package_id=package["Fax"])
    show(acme.statement_preview(), "Acme: the next statement")

    # Ben makes many calls: which package is the right one?
    advice = acme.recommend_package(minutes=640, user_id=people["Ben"])
    print(f"\nAdvice for Ben: {advice['message']}.")

    # Several commands as one: first the statement they would lead to, then all of them, or none.
    batch = acme.batch()
    batch.change_package(user_id=people["Ben"], package_id=advice["package_id"])
    batch.buy_seats(package_id=package["Plus"], seats=1)
    supposed = batch.after.statement_preview()
    show(supposed, "If Ben moved to Plus and one more seat of it were bought")
    for receipt in batch.run():
        for difference in receipt.price_differences:
            print(f"\n{receipt.command}: {difference['amount']} a month", end="")
    assert acme.statement_preview() == supposed
    print("\nDone, and the next statement is the one that was shown.")


main()
