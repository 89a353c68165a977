"""Invitations, passwords and sessions: the part of an actor's methods that is about signing in.

A directory's `visitor()` runs what somebody does who has not signed in yet; what it answers tells nothing but that it
was done, and of a sign-in its token.
"""

from __future__ import annotations

from typing import Any, Literal

from ._running import Asks, Outcome, Runs


class CredentialCommands(Runs[Outcome]):
    def send_invitation(self, *, user_id: str) -> Outcome:
        """Sends an invitation (again): the older link is void; a password that was set up stops working at once."""
        return self._command("send_invitation", user_id=user_id)

    def send_delegate_invitation(self, *, delegate_id: str) -> Outcome:
        """Sends a pending delegate the invitation (again): the older link is void."""
        return self._command("send_delegate_invitation", delegate_id=delegate_id)

    def accept_invitation(self, *, token: str, password: str | None = None) -> Outcome:
        """Accepts an invitation by its letter's token: a new person chooses a password, a known one gives theirs."""
        return self._command("accept_invitation", token=token, password=password)

    def correct_address(self, *, user_id: str, email: str) -> Outcome:
        """Corrects the e-mail address of a user who has not joined; the link sent to the old one is void."""
        return self._command("correct_address", user_id=user_id, email=email)

    def cancel_invitation(self, *, user_id: str) -> Outcome:
        """Withdraws the invitation of a user who has not joined: link, reserved seat and roles are gone."""
        return self._command("cancel_invitation", user_id=user_id)

    def start_password_reset(self, *, user_id: str) -> Outcome:
        """Mails a joined user a link to choose a new password; the old one works until that is done."""
        return self._command("start_password_reset", user_id=user_id)

    def request_password_reset(
        self, *, email: str, use_backup_address: bool | None = None, source: str | None = None
    ) -> Outcome:
        """Asks for a letter to choose a new password; the answer does not tell whether the address is known."""
        return self._command(
            "request_password_reset", email=email, use_backup_address=use_backup_address, source=source
        )

    def complete_password_reset(self, *, token: str, password: str) -> Outcome:
        """Sets a new password by the token of a letter: the old one, every session and every older token end."""
        return self._command("complete_password_reset", token=token, password=password)

    def adopt_password(self, *, user_id: str, password_hash: str) -> Outcome:
        """Takes over a user's password as a bcrypt, SHA-512-crypt or PBKDF2 hash, made anew at the first sign-in."""
        return self._command("adopt_password", user_id=user_id, password_hash=password_hash)

    def sign_in(self, *, email: str, password: str, source: str | None = None) -> Outcome:
        """Signs in: the receipt's `token` is the session's or, where it names a `second_factor`, good for confirm_code only."""
        return self._command("sign_in", email=email, password=password, source=source)

    def confirm_code(self, *, token: str, code: str) -> Outcome:
        """Completes a sign-in with the mailed code: the receipt's `token` is the session's."""
        return self._command("confirm_code", token=token, code=code)

    def set_second_factor(self, *, second_factor: Literal["none", "mailbox"]) -> Outcome:
        """Sets what every sign-in of the actor's own login asks beside the password: "none", or "mailbox" (a code)."""
        return self._command("set_second_factor", second_factor=second_factor)

    def sign_out(self) -> Outcome:
        """Ends the session that this actor was opened by, at once and for good."""
        return self._command("sign_out")

    def end_sessions(self, *, session_id: str | None = None) -> Outcome:
        """Ends one session of the actor's own login, or all of them."""
        return self._command("end_sessions", session_id=session_id)

    def set_backup_address(self, *, email: str, password: str) -> Outcome:
        """Mails a link to an address that, once confirmed, serves to recover the login and for nothing else."""
        return self._command("set_backup_address", email=email, password=password)

    def confirm_backup_address(self, *, token: str) -> Outcome:
        """Confirms a backup address by the token of the letter that was sent there."""
        return self._command("confirm_backup_address", token=token)

    def remove_backup_address(self) -> Outcome:
        """Removes the backup address of the actor's own login."""
        return self._command("remove_backup_address")


class CredentialQueries(Asks):
    def invitations(self, *, limit: int | None = None) -> dict[str, Any]:
        """Invitations that were sent and not accepted, users' and delegates', with when they expire."""
        return self._query("invitations", limit=limit)

    def sessions(self) -> dict[str, Any]:
        """Where the actor's own login is signed in, and until when."""
        return self._query("sessions")

    def own_login(self) -> dict[str, Any]:
        """What the actor's own login is opened by, and how it is recovered."""
        return self._query("own_login")
