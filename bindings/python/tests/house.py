"""What most tests begin with: a platform with one container, one tenant, and three packages offered to it."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from typing import Any, Callable

import linecard

PACKAGES = {
    "Basic": (999, {"minutes.included": "100"}),
    "Plus": (1999, {"minutes.included": "500", "video.hipaa": "yes"}),
    "Pro": (2999, {"minutes.included": "2000", "video.hipaa": "yes"}),
}


@dataclass
class House:
    directory: linecard.Directory
    operator: linecard.Actor  # on the platform
    reseller: linecard.Actor  # the operator, in the container
    acme: linecard.Actor  # the operator, in the tenant
    package: dict[str, str]
    _count: "itertools.count[int]"
    _others: list[linecard.Actor]

    @property
    def tenant_id(self) -> str:
        return self.acme.scope_id

    def in_scope(self, scope_id: str) -> linecard.Actor:
        self._others.append(self.directory.actor(self.operator.identity_id, scope_id=scope_id))
        return self._others[-1]

    def another_tenant(self, name: str = "Bolt") -> linecard.Actor:
        tenant = self.in_scope(self.reseller.create_tenant(name=name).created_id("tenant"))
        for package_id in self.package.values():
            tenant.offer_package(package_id=package_id)
            tenant.set_seat_pool(package_id=package_id, purchased=5)
        return tenant

    def user(self, **fields: Any) -> str:
        """Adopts somebody, active, with a telephone side worth protecting."""
        n = next(self._count)
        fields = {
            "first_name": f"First{n}",
            "last_name": f"Last{n}",
            "email": f"user{n}@acme.example",
            "extension": str(2000 + n),
            "team_role": "agent",
            "devices": [{"name": "desk", "description": "T46"}],
            **fields,
        }
        return self.acme.adopt_user(**fields).created_id("user")

    def pool(self, package: str) -> dict[str, Any]:
        return next(pool for pool in self.acme.seat_pools() if pool["name"] == package)

    def close(self) -> None:
        for closing in (*self._others, self.acme, self.reseller, self.operator, self.directory):
            closing.close()


def furnish(directory: linecard.Directory, seats: int = 5) -> House:
    operator = directory.bootstrap_operator(email="ops@pbx.example")
    container_id = operator.create_container(name="PBX 1").created_id("container")
    reseller = directory.actor(operator.identity_id, scope_id=container_id)
    tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
    acme = directory.actor(operator.identity_id, scope_id=tenant_id)
    package = {}
    for name, (price, features) in PACKAGES.items():
        settings = [{"feature": feature, "setting": setting} for feature, setting in features.items()]
        made = operator.define_package(name=name, currency="EUR", price_minor=price, features=settings)
        package[name] = made.created_id("package")
        acme.offer_package(package_id=package[name])
        acme.set_seat_pool(package_id=package[name], purchased=seats)
    return House(directory, operator, reseller, acme, package, itertools.count(1), [])


def replayable() -> dict[str, Callable[..., Any]]:
    """A clock and a source of chance that say the same in every run."""
    tick = itertools.count(1_800_000_000_000, 1000)
    return {"clock": lambda: next(tick), "random": random.Random(1).randbytes}
