"""The page behind "manage users", as a walk: numbers and extensions, one person's settings, somebody who leaves.

Runs in memory. The carrier and the voicemail archive are functions of the host's own.
"""

import linecard

STOCK = ["+14165550111", "+14165550112"]
sold: dict[str, str] = {}


def carrier(order: linecard.NumberOrder) -> str:
    """The host's number provider: one order, however often it is asked for, is one number."""
    return sold.setdefault(order.order_id, STOCK[len(sold)])


def archive(handover: linecard.Handover) -> None:
    print(f"  (the host hands over the messages of {handover.external_ref} to {handover.to_external_ref})")


def show(acme: linecard.Actor) -> None:
    """Last name, first name, package, extension, direct numbers; then what is bought and unused."""
    page = acme.users()
    for row in page["users"]:
        person = acme.find_user(user_id=row["user_id"])
        extensions, numbers = ", ".join(person["extensions"]), ", ".join(person["direct_numbers"])
        admin = "admin" if row["administrator"] else ""
        print(f"  {row['name']:14}{admin:7}{row['state']:10}{row['package']:12}{extensions:14}{numbers}".rstrip())
    for unused in page["unused"]:
        print(f"  unused seats of {unused['name']}: {unused['free']}")


def attempt(what: str, act) -> None:
    try:
        act()
        print(f"{what}: done")
    except linecard.LinecardError as refused:
        print(f"{what}: refused, {refused.message}")


def main() -> None:
    directory, _ = linecard.Directory.create(memory=True, provider=carrier, assets=archive)
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        plus = operator.define_package(name="Plus", price_minor=1999, currency="USD").created_id("package")
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
        with directory.actor(operator.identity_id, scope_id=tenant_id) as support:
            support.offer_package(package_id=plus)
            support.set_seat_pool(package_id=plus, purchased=3)
            support.add_dids(direct_numbers=["+14165550100", "+14165550101"])
            ada = support.adopt_user(
                first_name="Ada", last_name="Abbott", email="ada@acme.example", role="administrator"
            ).created_id("user")
            # Emergency calls take a second key, which the operator gives.
            support.give_flag(user_id=ada, flag="manage_e911")
        with directory.actor(email="ada@acme.example", scope_id=tenant_id) as acme:
            walk(directory, acme, plus, tenant_id)


def walk(directory: linecard.Directory, acme: linecard.Actor, plus: str, tenant_id: str) -> None:
    acme.set_extension_range(first="2000", last="2999")
    ben, cleo = [
        acme.adopt_user(
            first_name=first, last_name=last, email=f"{first.lower()}@acme.example", package_id=plus, external_ref=ref
        ).created_id("user")
        for first, last, ref in (("Ben", "Okafor", "crm-17"), ("Cleo", "Marsh", "crm-18"))
    ]
    print("Everybody who joins from now on gets the lowest free extension; Ada joined before there was a range:")
    show(acme)

    acme.use_did(direct_number="+14165550100", use="main", label="Front desk")
    picker = [row["direct_number"] for row in acme.dids(use="unassigned")["dids"]]
    print(f"\nThe picker offers {', '.join(picker)}; the main number is not in it.")
    acme.attach_did(direct_number=picker[0], user_id=ben)
    bought = acme.get_number(order_key="form-7", user_id=cleo).numbers[0]["number"]
    print(f"A new number for Cleo, from the carrier: {bought}")
    again = acme.get_number(order_key="form-7", user_id=cleo).numbers[0]["number"]
    print(f"The same form sent again buys nothing: {again}")
    acme.set_e911(direct_number=picker[0], switched="on")

    print("\nBen's settings:")
    before = acme.find_user(user_id=ben)
    acme.edit_user(
        user_id=ben,
        time_zone="America/Toronto",
        mobile="+16475550123",
        voicemail_pin="8264",
        expected_version=before["version"],
    )
    attempt(
        "A colleague's stale page", lambda: acme.edit_user(user_id=ben, mobile="+16475550199", expected_version=1)
    )
    attempt("A time zone nobody knows", lambda: acme.edit_user(user_id=ben, time_zone="Eastern"))
    with directory.actor(email="ben@acme.example", scope_id=tenant_id) as himself:
        line = himself.own_line()  # what his own page shows
        himself.edit_own_line(forwarding_number="+16475550123", expected_version=line["version"])
        line = himself.own_line()
    print(f"  {line['time_zone']}, mobile {line['mobile']}, forwarded to {line['forwarding_number']}")
    attempt("His PIN, mistyped", lambda: acme.check_voicemail_pin(user_id=ben, dialled="8246"))
    acme.check_voicemail_pin(user_id=ben, dialled="8264")
    print("  dialled as he chose it, his voicemail opens")

    print("\nBen leaves:")
    attempt("Deleting him as it stands", lambda: acme.preview.delete_user(user_id=ben))
    leaving = acme.preview.delete_user(user_id=ben, numbers_to=cleo, assets_to=cleo)
    print(f"With Cleo to take over numbers, extension and messages, {len(leaving.receipt.changes)} records would change; nothing has yet.")
    leaving.confirm()
    show(acme)

    print("\nIt was a mistake; he can be restored until " + acme.deleted_users()["users"][0]["ends_at"][:10] + ":")
    acme.restore_user(user_id=ben)
    show(acme)
    print(f"\nThe audit of all this is intact: {acme.verify_audit()['intact']}")


if __name__ == "__main__":
    main()
