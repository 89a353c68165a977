"""Users who leave for a while or for good, return, or are replaced: that part of an actor's methods.

What is hard to take back runs by confirm only: `acme.preview.delete_user(user_id=...).confirm()`.
"""

from __future__ import annotations

from typing import Any, Literal

from ._running import Asks, Outcome, Runs

SuspendedSeats = Literal["keep", "free"]


class PeopleCommands(Runs[Outcome]):
    def set_tenant_policy(
        self,
        *,
        suspended_seats: SuspendedSeats | None = None,
        restore_days: int | None = None,
        undo_days: int | None = None,
    ) -> Outcome:
        """Sets what becomes of suspended users' seats, and how long deletions and replacements can be taken back."""
        return self._command(
            "set_tenant_policy", suspended_seats=suspended_seats, restore_days=restore_days, undo_days=undo_days
        )

    def suspend_user(self, *, user_id: str) -> Outcome:
        """Suspends a user of the tenant: what they may do here ends at once."""
        return self._command("suspend_user", user_id=user_id)

    def resume_user(self, *, user_id: str) -> Outcome:
        """Lets a suspended user of the tenant return, with the roles kept; Unassigned where the policy freed the seats."""
        return self._command("resume_user", user_id=user_id)

    def delete_user(
        self,
        *,
        user_id: str,
        numbers_to: str | None = None,
        release_numbers: bool | None = None,
        assets_to: str | None = None,
    ) -> Outcome:
        """Deletes a user, by confirm only; direct numbers and extension go to an active user, or are released."""
        return self._command(
            "delete_user",
            user_id=user_id,
            numbers_to=numbers_to,
            release_numbers=release_numbers,
            assets_to=assets_to,
        )

    def restore_user(self, *, user_id: str, send_welcome: bool | None = None) -> Outcome:
        """Restores a deleted user as invited, without password, role, seat or number; within the tenant's window."""
        return self._command("restore_user", user_id=user_id, send_welcome=send_welcome)

    def erase_user(self, *, user_id: str) -> Outcome:
        """Erases a deleted user's personal data now, by confirm only; the audit chain still verifies."""
        return self._command("erase_user", user_id=user_id)

    def replace_person(self, *, user_id: str, successor_id: str) -> Outcome:
        """Hands extension, numbers, devices, forwarding and packages to a successor; undone within a window."""
        return self._command("replace_person", user_id=user_id, successor_id=successor_id)

    def undo_replacement(self, *, replacement_id: str) -> Outcome:
        """Takes a replacement back: everything is with both as it was."""
        return self._command("undo_replacement", replacement_id=replacement_id)


class PeopleQueries(Asks):
    def tenant_policy_in_force(self) -> dict[str, Any]:
        """What becomes of people who leave: {"suspended_seats", "restore_days", "undo_days"}."""
        return self._query("tenant_policy_in_force")

    def deleted_users(self, *, after: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """A page of deleted users who can be restored, the most urgent first: {"users", "next"}."""
        return self._query("deleted_users", after=after, limit=limit)

    def strandings(self, *, user_id: str | None = None, direct_number: str | None = None) -> list[dict[str, Any]]:
        """What would be left hanging if a user's direct numbers, or one number, were taken away."""
        return self._query("strandings", user_id=user_id, direct_number=direct_number)["strandings"]

    def replacements(self, *, after: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """A page of replacements that can be undone, the most urgent first, with what passed: {"replacements", "next"}."""
        return self._query("replacements", after=after, limit=limit)
