"""What a tenant agreed to pay, the seats it buys or gives up, its statement, and advice: that part of an actor's methods.

Amounts are integers in minor units (cents) of an ISO 4217 currency.
"""

from __future__ import annotations

from typing import Any, Literal, Sequence

from ._call import many
from ._running import Asks, Outcome, Runs

Overage = Literal["block", "allow", "grace"]
Charging = Literal["held", "purchased"]


class MoneyCommands(Runs[Outcome]):
    def set_subscription(
        self,
        *,
        currency: str | None = None,
        statement_day: int | None = None,
        time_zone: str | None = None,
        number_price_minor: int | None = None,
    ) -> Outcome:
        """Sets the tenant's currency, the local day of its statement, and what a number costs that no package prices."""
        return self._command(
            "set_subscription",
            currency=currency,
            statement_day=statement_day,
            time_zone=time_zone,
            number_price_minor=number_price_minor,
        )

    def set_seat_pool(
        self,
        *,
        package_id: str,
        purchased: int | None = None,
        overage: Overage | None = None,
        included: int | None = None,
        purchase_limit: int | None = None,
        charging: Charging | None = None,
        grace_seats: int | None = None,
        grace_percent: int | None = None,
        expected_purchased: int | None = None,
    ) -> Outcome:
        """Sets how many seats of a package the tenant purchased, what happens beyond, and what is charged."""
        return self._command(
            "set_seat_pool",
            package_id=package_id,
            purchased=purchased,
            overage=overage,
            included=included,
            purchase_limit=purchase_limit,
            charging=charging,
            grace_seats=grace_seats,
            grace_percent=grace_percent,
            expected_purchased=expected_purchased,
        )

    def buy_seats(self, *, package_id: str, seats: int, expected_purchased: int | None = None) -> Outcome:
        """Buys seats of a package, up to the limit the operator set."""
        return self._command(
            "buy_seats", package_id=package_id, seats=seats, expected_purchased=expected_purchased
        )

    def shrink_pool(
        self, *, package_id: str, purchased: int, from_user_ids: Sequence[str] | None = None
    ) -> Outcome:
        """Lowers a pool and takes the package from exactly these users: shrink_plan's list, as somebody edited it."""
        return self._command(
            "shrink_pool",
            package_id=package_id,
            purchased=purchased,
            from_user_ids=many(from_user_ids, "from_user_ids"),
        )


class MoneyQueries(Asks):
    def shrink_plan(self, *, package_id: str, purchased: int) -> dict[str, Any]:
        """Who would lose a seat, and what with it, if so many were purchased: {"losses", "held", "lost_at", ...}."""
        return self._query("shrink_plan", package_id=package_id, purchased=purchased)

    def subscription_in_force(self) -> dict[str, Any]:
        """What the tenant agreed to: {"currency", "statement_day", "time_zone", "number_price_minor", "agreed_at"}."""
        return self._query("subscription_in_force")

    def statement_preview(self) -> dict[str, Any]:
        """The tenant's next statement: {"currency", "period_first", "period_last", "lines", "total_minor", ...}."""
        return self._query("statement_preview")

    def recommend_package(
        self,
        *,
        minutes: int | None = None,
        needed_features: Sequence[str] | None = None,
        user_id: str | None = None,
    ) -> dict[str, Any]:
        """The cheapest package that covers minutes and features, and why not the others: {"package_id", "message"...}."""
        return self._query(
            "recommend_package",
            minutes=minutes,
            needed_features=many(needed_features, "needed_features"),
            user_id=user_id,
        )
