"""One process follows what another one commits, on one SQLite file: told.db in the present folder.

The child adopts users and gives them packages. The parent waits for its entries, prints each as it comes, and at the end
its own counters, as a monitoring system would read them.
"""

import subprocess
import sys

import linecard

PEOPLE = (("Ines", "Arnaud"), ("Jan", "Kowalski"), ("Lea", "Berger"))


def child(path: str, identity_id: str, tenant_id: str, package_id: str) -> None:
    """The other process: it knows nothing of who follows. The host key comes where no list of processes shows it."""
    host_key = sys.stdin.readline()
    with linecard.Directory.open(path, host_key=host_key) as directory:
        with directory.actor(identity_id, scope_id=tenant_id) as acme:
            for first_name, last_name in PEOPLE:
                email = f"{first_name}.{last_name}@acme.example".lower()
                user_id = acme.adopt_user(first_name=first_name, last_name=last_name, email=email).created_id("user")
                acme.assign_package(user_id=user_id, package_id=package_id)


def main() -> None:
    # after_commit hears of this process's own commits, with the whole receipt.
    directory, host_key = linecard.Directory.create(
        "told.db", after_commit=lambda told: print(f"  committed here: {told.receipt.command}")
    )
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
        package_id = operator.define_package(name="Basic", price_minor=900, currency="EUR").created_id("package")
        with directory.actor(operator.identity_id, scope_id=tenant_id) as acme:
            acme.offer_package(package_id=package_id)
            acme.set_seat_pool(package_id=package_id, purchased=2)
            follow(directory, acme, host_key.text, package_id)


def follow(directory: linecard.Directory, acme: linecard.Actor, host_key: str, package_id: str) -> None:
    last = acme.audit(limit=1)["entries"][0]["seq"]
    arguments = [sys.executable, __file__, "told.db", acme.identity_id, acme.scope_id, package_id]
    other = subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert other.stdin
    other.stdin.write(host_key)
    other.stdin.close()

    # Three users and two packages: the third finds no seat left, and the child gives up.
    heard = []
    while len(heard) < 5:
        page = acme.wait_changes(since=last, timeout=60)
        if not page["entries"]:
            sys.exit("nothing was heard of the other process for a minute")
        for entry in page["entries"]:
            print(f"  heard of entry {entry['seq']}: {entry['command']} at {entry['at']}")
            heard.append(entry["command"])
            last = entry["seq"]

    assert other.stderr
    complaint = other.stderr.read()
    other.wait()
    print("The other process ended with:", complaint.strip().splitlines()[-1])
    assert heard == ["adopt_user", "assign_package"] * 2 + ["adopt_user"]
    assert "no_seat_left" in complaint
    assert directory.poll()  # somebody has committed since this directory was opened
    assert not directory.poll()  # and nobody since

    print("\nCounters of this process:")
    for line in directory.prometheus().splitlines():
        if line.startswith(("linecard_commands_total", "linecard_store_seconds")):
            print(" ", line)


if len(sys.argv) == 5:
    child(*sys.argv[1:])
else:
    main()
