"""Users that stand in the host's own table, over a store in Python: adopted, licensed, renamed by the host with plain
SQL, and reconciled. Makes pbx.db in the present folder."""

import json
import sqlite3

import linecard
from support.sqlite3_store import HostTable, Sqlite3Store

STAFF = HostTable(
    table="users",
    host_table="staff",
    key="staff_id",
    reference="external_ref",
    columns={"first_name": "given", "last_name": "family"},
)


def make_staff() -> sqlite3.Connection:
    """The host's database as it was before linecard came; it goes on using it as before."""
    host = sqlite3.connect("pbx.db", isolation_level=None)
    host.execute(
        "CREATE TABLE staff (staff_id INTEGER PRIMARY KEY AUTOINCREMENT, given TEXT NOT NULL, family TEXT NOT NULL,"
        " mail TEXT, desk TEXT, badge BLOB)"
    )
    host.executemany(
        "INSERT INTO staff (given, family, mail, desk, badge) VALUES (?, ?, ?, ?, ?)",
        [
            ("Maud", "Lewis", "maud@acme.example", "D4", b"\x00\x01"),
            ("Emil", "Nolde", "emil@acme.example", "D5", b"\x00\x02"),
        ],
    )
    return host


def show(acme: linecard.Actor) -> None:
    for user in acme.each_user():
        print(f"  {user['external_ref'] or '-':4}{user['name']:20}{user['package']}")


def main() -> None:
    host = make_staff()
    directory, host_key = linecard.Directory.create(store=Sqlite3Store("pbx.db", STAFF))
    with directory, directory.bootstrap_operator(email="ops@pbx.example") as operator:
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
        basic = operator.define_package(name="Basic", price_minor=1295, currency="USD").created_id("package")
        with directory.actor(operator.identity_id, scope_id=tenant_id) as acme:
            acme.offer_package(package_id=basic)
            acme.set_seat_pool(package_id=basic, purchased=5)
            use_staff(host, acme, basic)
    host.close()


def use_staff(host: sqlite3.Connection, acme: linecard.Actor, basic: str) -> None:
    for staff_id, given, family, mail in host.execute("SELECT staff_id, given, family, mail FROM staff").fetchall():
        acme.adopt_user(
            first_name=given, last_name=family, email=mail, external_ref=str(staff_id), package_id=basic
        )
    print("Adopted:")
    show(acme)

    host.execute("UPDATE staff SET family = 'Lewis-Dowley' WHERE staff_id = 1")
    host.execute("DELETE FROM staff WHERE staff_id = 2")
    print("The host renames one and removes the other; linecard sees it at once:")
    show(acme)

    while (receipt := acme.reconcile()).changes:
        print(f"Reconciled, audit entry {receipt.audit_seq}:")
        for change in receipt.changes:
            print(f"  {change['record']} {change['action']}")
            for column in change["columns"]:
                print(f"    {column['column']}: {column['before']} -> {column['after']}")
    [pool] = acme.seat_pools()
    print(f"Seats used: {pool['used']} of {pool['purchased']}")
    newest = acme.audit(limit=1)["entries"][0]
    print(f"Newest audit entry: {newest['command']}, {len(json.loads(newest['details']))} records")
    print(acme.verify_audit()["message"])
    print("The host's own columns:", host.execute("SELECT staff_id, desk, badge FROM staff").fetchall())


main()
