"""One of the processes that race for seats in test_behaviours.py: seat_taker.py FILE TENANT PACKAGE USER...

It reads the host key from its standard input, answers "ready", waits for a line, then tries to give every user a seat
and prints how many it gave.
"""

import sys

import linecard


def main() -> None:
    path, tenant_id, package_id, *users = sys.argv[1:]
    host_key = sys.stdin.readline().strip()
    with linecard.Directory.open(path, host_key=host_key, busy_timeout_ms=20_000) as directory:
        with directory.actor(email="ops@pbx.example", scope_id=tenant_id) as actor:
            print("ready", flush=True)
            sys.stdin.readline()
            given = 0
            for user_id in users:
                while True:
                    try:
                        actor.assign_package(user_id=user_id, package_id=package_id)
                        given += 1
                    except linecard.Busy:  # waiting longer than the store's patience is no failure
                        continue
                    except linecard.LimitReached:
                        pass
                    break
            print(given)


main()
