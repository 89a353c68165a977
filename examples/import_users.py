"""Users from a CSV export: a dry run with a verdict for each row, then the good rows.

    import_users.py FOLDER      where FOLDER holds acme_users.csv
"""

import sys
from pathlib import Path

import linecard


def tenant_with_packages(directory: linecard.Directory) -> linecard.Actor:
    """Acme, with 200 seats of each package that its personnel office writes into the file."""
    with directory.bootstrap_operator(email="ops@example.com") as operator:
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
        acme = directory.actor(operator.identity_id, scope_id=tenant_id)
        for name, price in (("Basic", 900), ("Plus", 1500), ("Pro", 2500)):
            made = operator.define_package(name=name, price_minor=price, currency="EUR")
            acme.offer_package(package_id=made.created_id("package"))
            acme.set_seat_pool(package_id=made.created_id("package"), purchased=200)
    return acme


def main() -> None:
    # Bytes, not text mode: the file's own line ends and byte order mark are part of what is imported.
    csv = (Path(sys.argv[1]) / "acme_users.csv").read_bytes().decode()

    directory, host_key = linecard.Directory.create("import.db")
    with directory, tenant_with_packages(directory) as acme:
        dry_run = acme.check_import(csv=csv)
        print(f"Dry run: {dry_run['accepted']} rows are good, {dry_run['refused']} are not; nothing has changed.\n")
        print(f"{'line':>4}  {'column':12}{'e-mail':36}why")
        for verdict in dry_run["verdicts"]:
            if not verdict["accepted"]:
                print(f"{verdict['line']:>4}  {verdict['column']:12}{verdict['email']:36}{verdict['message']}")

        try:
            acme.import_users(csv=csv, policy="all_or_nothing")
        except linecard.LinecardError as refused:
            print(f"\nAll or nothing: {refused.message}")

        receipt = acme.import_users(csv=csv, policy="good_rows")
        users = [made for made in receipt.created if made.startswith("user_")]
        print(f"\nThe good rows: {len(users)} users, {len(receipt.numbers)} extensions, in one command.\n")

        print(f"{'package':10}{'purchased':>10}{'used':>6}{'free':>6}")
        for pool in acme.seat_pools():
            print(f"{pool['name']:10}{pool['purchased']:>10}{pool['used']:>6}{pool['free']:>6}")
        unassigned = sum(user["package"] == "Unassigned" for user in acme.each_user())
        print(f"{'Unassigned':10}{'':>10}{unassigned:>6}")
        for difference in receipt.price_differences:
            print(f"\n{difference['amount']} a month")
        print(f"Audit: {acme.verify_audit()['message']}")


main()
