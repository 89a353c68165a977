"""The main job over SQLite: a tenant's users get licence packages. Makes licences.db in the present folder."""

import linecard


def show(acme: linecard.Actor, search: str | None = None) -> None:
    print(f"\nUsers matching {search!r}" if search else "\nUsers")
    for user in acme.each_user(search=search):
        print(f"{user['name']:16}{user['initials']:4}{user['email']:28}{user['package']}")


def main() -> None:
    # A host keeps host_key.text where it keeps its secrets: Directory.open needs it.
    directory, host_key = linecard.Directory.create("licences.db")
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")

        voicemail = {"feature": "voicemail", "setting": "yes"}
        softphone = {"feature": "softphone", "setting": "yes"}
        basic = operator.define_package(
            name="Basic", price_minor=900, currency="EUR", features=[voicemail]
        ).created_id("package")
        mobile = operator.define_package(
            name="Mobile", price_minor=1500, currency="EUR", features=[voicemail, softphone]
        ).created_id("package")

        with directory.actor(operator.identity_id, scope_id=tenant_id) as acme:
            license_users(acme, basic, mobile)


def license_users(acme: linecard.Actor, basic: str, mobile: str) -> None:
    for package_id, seats in ((basic, 10), (mobile, 5)):
        acme.offer_package(package_id=package_id)
        acme.set_seat_pool(package_id=package_id, purchased=seats, overage="block")

    ines, jan, lea = [
        acme.adopt_user(
            first_name=first_name, last_name=last_name, email=email, extension=extension, external_ref=external_ref
        ).created_id("user")
        for first_name, last_name, email, extension, external_ref in (
            ("Inès", "Arnaud", "ines.arnaud@acme.example", "201", "crm-1"),
            ("Jan", "Kowalski", "jan.kowalski@acme.example", "202", "crm-2"),
            ("Lea", "Berger", "lea.berger@acme.example", "203", "crm-3"),
        )
    ]
    acme.assign_package(user_id=ines, package_id=basic)
    acme.assign_package(user_id=jan, package_id=basic)
    show(acme)
    show(acme, search="ines")

    # Look before changing: the preview changes nothing, and confirm does just what it showed, or raises Stale.
    preview = acme.preview.change_package(user_id=jan, package_id=mobile)
    [difference] = preview.receipt.price_differences
    print(f"\nJan to Mobile: {difference['amount']} a month; nothing changed yet")
    receipt = preview.confirm()
    print("Confirmed:")
    for change in receipt.changes:
        for column in change["columns"]:
            print(f"  {change['record']} {column['column']}: {column['before']} -> {column['after']}")
    proof = receipt.untouched
    print(f"  nothing else moved: {proof['before'] == proof['after']} ({proof['rows']} other rows about Jan compared)")
    show(acme)

    try:
        acme.assign_package(user_id=lea, package_id="package_000000000001")
    except linecard.NotFound as refused:
        print(f"\nRefused, naming {refused.path}: {refused.message}")

    print(f"\nAudit: {acme.verify_audit()['message']}")


main()
