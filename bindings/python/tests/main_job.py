"""The main job from end to end, for any store: used by test_main_job.py and test_python_store.py."""

from __future__ import annotations

from typing import Any, Callable

import pytest

import linecard


def do_main_job(**where: Any) -> Callable[..., None]:
    """Does it; answers a check to make on the directory, opened again or not."""
    directory, host_key = linecard.Directory.create(**where)
    with directory, directory.bootstrap_operator(email="ops@pbx.example") as operator:
        container_id = operator.create_container(name="PBX 1").created_id("container")
        basic = operator.define_package(name="Basic", currency="EUR", price_minor=999).created_id("package")
        plus = operator.define_package(name="Plus", currency="EUR", price_minor=1999).created_id("package")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
        with directory.actor(email="ops@pbx.example", scope_id=tenant_id) as acme:
            for package_id in (basic, plus):
                acme.offer_package(package_id=package_id)
                acme.set_seat_pool(package_id=package_id, purchased=2)
            zoe, ada, bob = [
                acme.adopt_user(first_name=first, last_name=last, email=email).created_id("user")
                for first, last, email in (
                    ("Zoë", "Ångström", "zoe@acme.example"),
                    ("Ada", "Byron", "ada@acme.example"),
                    ("Bob", "Çelik", "bob@acme.example"),
                )
            ]
            assert [user["name"] for user in acme.each_user()] == ["Zoë Ångström", "Ada Byron", "Bob Çelik"]

            acme.assign_package(user_id=ada, package_id=basic)
            preview = acme.preview.change_package(user_id=ada, package_id=plus)
            assert acme.find_user(user_id=ada)["package"] == "Basic"
            receipt = preview.confirm()
            assert receipt.changes == preview.receipt.changes
            assert receipt.untouched["before"] == receipt.untouched["after"]
            acme.assign_packages(user_ids=[bob], package_id=plus)
            with pytest.raises(linecard.LimitReached, match="no_seat_left"):
                acme.assign_package(user_id=zoe, package_id=plus)
            assert [user["user_id"] for user in acme.users(search="ANGS")["users"]] == [zoe]

        def check(directory: linecard.Directory) -> None:
            with directory.actor(email="ops@pbx.example", scope_id=tenant_id) as acme:
                packages = {user["name"]: user["package"] for user in acme.each_user()}
                assert packages == {"Zoë Ångström": "Unassigned", "Ada Byron": "Plus", "Bob Çelik": "Plus"}
                pools = {pool["name"]: (pool["used"], pool["free"]) for pool in acme.seat_pools()}
                assert pools == {"Basic": (0, 2), "Plus": (2, 0)}
                verdict = acme.verify_audit()
                assert verdict["intact"] and verdict["entries"] == 10

        check(directory)

    def check_again(**where: Any) -> None:
        with linecard.Directory.open(host_key=host_key, **where) as opened:
            check(opened)

    return check_again
