"""What a command changed, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable


class Receipt(dict[str, Any]):
    """A command's receipt: the dict as the library wrote it, its members also as attributes."""

    @property
    def command(self) -> str:
        """The command's name."""
        return str(self["command"])

    @property
    def at(self) -> str:
        """When it happened, RFC 3339."""
        return str(self["at"])

    @property
    def created(self) -> list[str]:
        """Ids of the records inserted, in order."""
        return list(self["created"])

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Every record changed: {"record", "action", "key", "columns": [{"column", "before", "after"}]}."""
        return list(self["changes"])

    @property
    def seats(self) -> list[dict[str, Any]]:
        """Seat pools before and after."""
        return list(self["seats"])

    @property
    def price_differences(self) -> list[dict[str, Any]]:
        """What the next statement is more or less by, {"currency", "minor", "amount"}, for each currency."""
        return list(self["price_differences"])

    @property
    def permissions(self) -> list[dict[str, Any]]:
        """Roles given or taken."""
        return list(self["permissions"])

    @property
    def numbers(self) -> list[dict[str, Any]]:
        """Numbers and extensions given or taken."""
        return list(self["numbers"])

    @property
    def mail(self) -> list[dict[str, Any]]:
        """Messages queued in the same transaction."""
        return list(self["mail"])

    @property
    def untouched(self) -> dict[str, Any]:
        """The proof that nothing but the licence moved: {"rows", "before", "after"}, equal digests."""
        return dict(self["untouched"])

    @property
    def audit_seq(self) -> int | None:
        """The audit entry's number; None for a preview, when nothing changed, or of what anybody may run."""
        seq: int | None = self["audit_seq"]
        return seq

    @property
    def token(self) -> str | None:
        """Of a preview: what confirm takes, within 15 minutes. Of a sign-in: the session's; see second_factor."""
        token: str | None = self["token"]
        return token

    @property
    def second_factor(self) -> str | None:
        """Of a sign-in: what is still asked ("mailbox": the mailed code); the token is good for confirm_code only."""
        asked: str | None = self["second_factor"]
        return asked

    def created_id(self, kind: str) -> str:
        """The first id of this kind ("user") that the command made."""
        for made in self.created:
            if made.rsplit("_", 1)[0] == kind:
                return made
        raise LookupError(f"{self.command} made no {kind}")


@dataclass(frozen=True)
class Preview:
    """What a command would do; nothing has changed. It can be confirmed for 15 minutes, unless what it read moves."""

    receipt: Receipt
    token: str
    _confirm: Callable[[], Receipt] = field(repr=False, compare=False)

    def confirm(self) -> Receipt:
        """Runs what was previewed; raises Stale when something it read has changed since."""
        return self._confirm()
