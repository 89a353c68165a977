"""Packages that follow the team role, and seats nobody uses: that part of an actor's methods."""

from __future__ import annotations

from typing import Any, Literal, Mapping, Sequence

from ._call import many
from ._running import Asks, Outcome, Runs

AssignmentState = Literal["assigned", "conflict", "failed"]


class RuleCommands(Runs[Outcome]):
    def set_assignment_rule(self, *, team_role: str, package_id: str) -> Outcome:
        """Gives every team member with a team role a base package, now and later; what was assigned by hand stays."""
        return self._command("set_assignment_rule", team_role=team_role, package_id=package_id)

    def remove_assignment_rule(self, *, team_role: str) -> Outcome:
        """Ends the assignment rule of a team role; everybody keeps the package."""
        return self._command("remove_assignment_rule", team_role=team_role)

    def retry_assignments(self, *, user_ids: Sequence[str]) -> Outcome:
        """Tries the assignment rules anew for these users, also where somebody had taken the package by hand."""
        return self._command("retry_assignments", user_ids=many(user_ids, "user_ids"))

    def retry_failed_assignments(self, *, limit: int | None = None) -> Outcome:
        """Tries the assignment rules anew for users who could not be given their package, longest ago first."""
        return self._command("retry_failed_assignments", limit=limit)

    def note_activity(self, *, activities: Sequence[Mapping[str, str]]) -> Outcome:
        """Notes when users were last active, as {"user_id", "last_active_at"}; the newest instant stands."""
        return self._command("note_activity", activities=activities)


class RuleQueries(Asks):
    def assignment_rules(self) -> list[dict[str, Any]]:
        """Which base package each team role of the tenant gets by rule."""
        return self._query("assignment_rules")["rules"]

    def assignments(
        self, *, state: AssignmentState | None = None, after: str | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """A page of what became of the assignment rules, user by user: {"assignments", "next"}."""
        return self._query("assignments", state=state, after=after, limit=limit)

    def idle_seats(
        self,
        *,
        idle_days: int | None = None,
        idle_since: str | None = None,
        package_id: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """A page of paid seats nobody uses, longest idle first, and what reclaiming saves: {"idle_seats", "next"}."""
        return self._query(
            "idle_seats", idle_days=idle_days, idle_since=idle_since, package_id=package_id, after=after, limit=limit
        )
