"""People from outside who are let into a tenant, and the notice they are let in under: part of an actor's methods."""

from __future__ import annotations

from typing import Any

from ._running import Asks, Outcome, Runs


class DelegateCommands(Runs[Outcome]):
    def publish_notice(self, *, text: str, terms_link: str, renew: bool | None = None) -> Outcome:
        """Publishes the access notice of the platform or of a tenant; `renew` voids earlier acknowledgements."""
        return self._command("publish_notice", text=text, terms_link=terms_link, renew=renew)

    def add_delegate(
        self,
        *,
        first_name: str,
        last_name: str,
        email: str,
        notice_version: int,
        language: str | None = None,
        role: str | None = None,
        review_at: str | None = None,
        lapses: bool | None = None,
        ends_at: str | None = None,
        send_invitation: bool | None = None,
    ) -> Outcome:
        """Invites a delegate, acknowledging the access notice in force by its version; no access until activated."""
        return self._command(
            "add_delegate",
            first_name=first_name,
            last_name=last_name,
            email=email,
            notice_version=notice_version,
            language=language,
            role=role,
            review_at=review_at,
            lapses=lapses,
            ends_at=ends_at,
            send_invitation=send_invitation,
        )

    def activate_delegate(self, *, delegate_id: str) -> Outcome:
        """Makes a pending delegate active once the host has authenticated the person."""
        return self._command("activate_delegate", delegate_id=delegate_id)

    def remove_delegate(self, *, delegate_id: str) -> Outcome:
        """Removes a delegate, pending or active: every access here ends at once."""
        return self._command("remove_delegate", delegate_id=delegate_id)

    def review_delegate(self, *, delegate_id: str, review_at: str | None = None) -> Outcome:
        """Notes that a delegate's access was reviewed and goes on; sets the next date, by default in 90 days."""
        return self._command("review_delegate", delegate_id=delegate_id, review_at=review_at)

    def acknowledge_notice(self, *, delegate_id: str, notice_version: int) -> Outcome:
        """Acknowledges the access notice in force for a delegate already there."""
        return self._command("acknowledge_notice", delegate_id=delegate_id, notice_version=notice_version)


class DelegateQueries(Asks):
    def notice_in_force(self) -> dict[str, Any]:
        """The access notice to acknowledge for a delegate: {"scope_id", "notice_version", "text", "terms_link"...}."""
        return self._query("notice_in_force")

    def delegates(
        self, *, overdue: bool | None = None, after: str | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """A page of delegates by date of review: {"delegates", "next"}; `next` is the next `after`."""
        return self._query("delegates", overdue=overdue, after=after, limit=limit)
