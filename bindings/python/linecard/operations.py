"""A method for every command and query an actor may use, with the names of the library's own schema.

What is left out, or None, keeps the library's default. tests/test_methods.py holds this file to linecard_describe.
"""

from __future__ import annotations

from typing import Any, Iterator, Literal, Mapping, Sequence

from ._call import many
from ._running import Outcome
from .credentials import CredentialCommands, CredentialQueries
from .delegates import DelegateCommands, DelegateQueries
from .lines import LineCommands, LineQueries
from .money import MoneyCommands, MoneyQueries
from .moving import MovingCommands, MovingQueries
from .people import PeopleCommands, PeopleQueries
from .rules import RuleCommands, RuleQueries

Flag = Literal["manage_users", "manage_e911", "manage_international"]
PackageKind = Literal["base", "add_on"]
LetterState = Literal["queued", "delivered", "dead", "lapsed"]
ImportPolicy = Literal["all_or_nothing", "good_rows"]


class Commands(
    CredentialCommands[Outcome],
    DelegateCommands[Outcome],
    LineCommands[Outcome],
    MoneyCommands[Outcome],
    MovingCommands[Outcome],
    PeopleCommands[Outcome],
    RuleCommands[Outcome],
):
    """The commands, once: an actor answers each with its Receipt, an actor's `preview` with a Preview."""

    # ---- scopes

    def create_container(self, *, name: str) -> Outcome:
        """Adds a container (one PBX instance or reseller box) to the platform."""
        return self._command("create_container", name=name)

    def create_tenant(self, *, name: str) -> Outcome:
        """Adds a tenant (a customer organisation) to the container acted in."""
        return self._command("create_tenant", name=name)

    def enable_service(self, *, service: str) -> Outcome:
        """Enables a service ("video", "fax") that packages may need."""
        return self._command("enable_service", service=service)

    def disable_service(self, *, service: str) -> Outcome:
        """Disables a service; packages that need it are no longer selectable."""
        return self._command("disable_service", service=service)

    # ---- authority

    def register_permission(self, *, permission: str, description: str | None = None) -> Outcome:
        """Adds a permission of the host's own, for roles to hold and for checks to decide."""
        return self._command("register_permission", permission=permission, description=description)

    def define_role(
        self, *, name: str, permissions: Sequence[str] | None = None, restricted: Sequence[str] | None = None
    ) -> Outcome:
        """Defines a role of the scope acted in: permissions it has plainly, and those that need a flag as well."""
        return self._command(
            "define_role",
            name=name,
            permissions=many(permissions, "permissions"),
            restricted=many(restricted, "restricted"),
        )

    def change_role(
        self, *, role: str, permissions: Sequence[str] | None = None, restricted: Sequence[str] | None = None
    ) -> Outcome:
        """Changes what a role of the scope acted in holds, for everybody who has it, at once."""
        return self._command(
            "change_role",
            role=role,
            permissions=many(permissions, "permissions"),
            restricted=many(restricted, "restricted"),
        )

    def delete_role(self, *, role: str) -> Outcome:
        """Deletes a role of the scope acted in that nobody holds."""
        return self._command("delete_role", role=role)

    def grant_role(
        self,
        *,
        role: str,
        user_id: str | None = None,
        email: str | None = None,
        starts_at: str | None = None,
        ends_at: str | None = None,
    ) -> Outcome:
        """Gives a role at the scope acted in, within the actor's own authority. Times are RFC 3339."""
        return self._command(
            "grant_role", user_id=user_id, email=email, role=role, starts_at=starts_at, ends_at=ends_at
        )

    def revoke_role(self, *, role: str, user_id: str | None = None, email: str | None = None) -> Outcome:
        """Takes a role at the scope acted in away; it ends at once."""
        return self._command("revoke_role", user_id=user_id, email=email, role=role)

    def give_flag(self, *, flag: Flag, user_id: str | None = None, email: str | None = None) -> Outcome:
        """Gives a flag at the scope acted in: the second key to what is restricted."""
        return self._command("give_flag", user_id=user_id, email=email, flag=flag)

    def take_flag(self, *, flag: Flag, user_id: str | None = None, email: str | None = None) -> Outcome:
        """Takes a flag at the scope acted in away; it ends at once."""
        return self._command("take_flag", user_id=user_id, email=email, flag=flag)

    def suspend_identity(self, *, email: str) -> Outcome:
        """Suspends a login: every right of the person ends at once, everywhere."""
        return self._command("suspend_identity", email=email)

    def resume_identity(self, *, email: str) -> Outcome:
        """Lets a suspended login return, with the grants it has kept."""
        return self._command("resume_identity", email=email)

    def delete_identity(self, *, email: str) -> Outcome:
        """Deletes a login that is nobody's user or delegate any more."""
        return self._command("delete_identity", email=email)

    def replace_owner(self, *, user_id: str) -> Outcome:
        """Makes another administrator of the tenant the account's owner; for the operator's support."""
        return self._command("replace_owner", user_id=user_id)

    # ---- packages

    def define_package(
        self,
        *,
        name: str,
        currency: str,
        kind: PackageKind | None = None,
        price_minor: int | None = None,
        features: Sequence[Mapping[str, str]] | None = None,
        services: Sequence[str] | None = None,
        number_price_minor: int | None = None,
    ) -> Outcome:
        """Defines a licence package: price, features as {"feature", "setting"}, services it needs."""
        return self._command(
            "define_package",
            name=name,
            kind=kind,
            price_minor=price_minor,
            currency=currency,
            features=features,
            services=many(services, "services"),
            number_price_minor=number_price_minor,
        )

    def retire_package(self, *, package_id: str) -> Outcome:
        """Retires a package: nobody new gets it, who holds it keeps it."""
        return self._command("retire_package", package_id=package_id)

    def offer_package(self, *, package_id: str) -> Outcome:
        """Makes a package available to the tenant."""
        return self._command("offer_package", package_id=package_id)

    def withdraw_package(self, *, package_id: str) -> Outcome:
        """Ends an offer: nobody new gets the package, who holds it keeps it."""
        return self._command("withdraw_package", package_id=package_id)

    # ---- people

    def add_user(
        self,
        *,
        first_name: str,
        last_name: str,
        email: str,
        language: str | None = None,
        role: str | None = None,
        package_id: str | None = None,
        send_welcome: bool | None = None,
    ) -> Outcome:
        """Invites a user: listed at once as invited; a package reserves a seat."""
        return self._command(
            "add_user",
            first_name=first_name,
            last_name=last_name,
            email=email,
            language=language,
            role=role,
            package_id=package_id,
            send_welcome=send_welcome,
        )

    def adopt_user(
        self,
        *,
        first_name: str,
        last_name: str,
        email: str,
        language: str | None = None,
        role: str | None = None,
        package_id: str | None = None,
        external_ref: str | None = None,
        extension: str | None = None,
        team_role: str | None = None,
        forwarding_number: str | None = None,
        devices: Sequence[Mapping[str, str]] | None = None,
    ) -> Outcome:
        """Takes over a user the host already has, active at once; devices as {"name", "description", "model", "mac"}."""
        return self._command(
            "adopt_user",
            first_name=first_name,
            last_name=last_name,
            email=email,
            language=language,
            role=role,
            package_id=package_id,
            external_ref=external_ref,
            extension=extension,
            team_role=team_role,
            forwarding_number=forwarding_number,
            devices=devices,
        )

    def activate_user(self, *, user_id: str, team_role: str | None = None) -> Outcome:
        """Makes an invited user active once the host has authenticated the person."""
        return self._command("activate_user", user_id=user_id, team_role=team_role)

    def import_users(self, *, csv: str, policy: ImportPolicy | None = None) -> Outcome:
        """Adopts the users of a CSV export, all rows or only the good ones."""
        return self._command("import_users", csv=csv, policy=policy)

    def reconcile(self, *, limit: int | None = None) -> Outcome:
        """Audits what the host changed or removed in its own table of users; call it until it changes nothing."""
        return self._command("reconcile", limit=limit)

    # ---- licences

    def assign_package(self, *, user_id: str, package_id: str) -> Outcome:
        """Gives an Unassigned user a base package, or any user an add-on."""
        return self._command("assign_package", user_id=user_id, package_id=package_id)

    def change_package(self, *, user_id: str, package_id: str) -> Outcome:
        """Moves a user from the present base package to another, in one step."""
        return self._command("change_package", user_id=user_id, package_id=package_id)

    def unassign_package(self, *, user_id: str, package_id: str | None = None) -> Outcome:
        """Takes a package, by default the base package, from a user; the seat is free again."""
        return self._command("unassign_package", user_id=user_id, package_id=package_id)

    def assign_packages(self, *, user_ids: Sequence[str], package_id: str) -> Outcome:
        """Gives many Unassigned users a package, all of them or none."""
        return self._command("assign_packages", user_ids=many(user_ids, "user_ids"), package_id=package_id)

    def change_packages(self, *, user_ids: Sequence[str], package_id: str) -> Outcome:
        """Moves many users to another base package, all of them or none."""
        return self._command("change_packages", user_ids=many(user_ids, "user_ids"), package_id=package_id)

    def unassign_packages(self, *, user_ids: Sequence[str], package_id: str | None = None) -> Outcome:
        """Takes a package from many users, all of them or none."""
        return self._command("unassign_packages", user_ids=many(user_ids, "user_ids"), package_id=package_id)

    # ---- mail

    def retry_message(self, *, message_id: str) -> Outcome:
        """Queues a dead letter again, to the address it was written for."""
        return self._command("retry_message", message_id=message_id)


class Queries(CredentialQueries, DelegateQueries, LineQueries, MoneyQueries, MovingQueries, PeopleQueries, RuleQueries):
    """The queries: each answers the library's dict, or the one list in it."""

    def users(
        self, *, search: str | None = None, after: str | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """A page of users by last name, then first name: {"users", "unused", "next"}; `next` is the next `after`."""
        return self._query("users", search=search, after=after, limit=limit)

    def each_user(self, *, search: str | None = None) -> Iterator[dict[str, Any]]:
        """Every user, page by page."""
        after: str | None = None
        while True:
            page = self.users(search=search, after=after, limit=500)
            yield from page["users"]
            after = page["next"]
            if after is None:
                return

    def find_user(
        self,
        *,
        user_id: str | None = None,
        email: str | None = None,
        external_ref: str | None = None,
        extension: str | None = None,
        direct_number: str | None = None,
    ) -> dict[str, Any]:
        """One user in full, by exactly one of id, e-mail, the host's own external_ref, extension and direct number."""
        return self._query(
            "find_user",
            user_id=user_id,
            email=email,
            external_ref=external_ref,
            extension=extension,
            direct_number=direct_number,
        )

    def selectable_packages(self) -> list[dict[str, Any]]:
        """Every package by name, and for each that cannot be assigned here the reason."""
        return self._query("selectable_packages")["packages"]

    def seat_pools(self) -> list[dict[str, Any]]:
        """What the tenant purchased of each package, and how much of it is used or reserved."""
        return self._query("seat_pools")["pools"]

    def why_unassigned(self, *, user_id: str) -> dict[str, Any]:
        """Why a user is shown as Unassigned."""
        return self._query("why_unassigned", user_id=user_id)

    def permissions(self) -> list[dict[str, Any]]:
        """Every permission there is: the library's and the host's."""
        return self._query("permissions")["permissions"]

    def roles(self) -> list[dict[str, Any]]:
        """The roles that can be granted in the scope acted in, and what they hold."""
        return self._query("roles")["roles"]

    def grants(self, *, after: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """The grants at the scope acted in, not those above it."""
        return self._query("grants", after=after, limit=limit)

    def who_can(self, *, permission: str) -> dict[str, Any]:
        """Everybody who holds a permission in the scope acted in, and by which grant."""
        return self._query("who_can", permission=permission)

    def what_can(self, *, user_id: str | None = None, email: str | None = None) -> list[str]:
        """Everything that somebody may do in the scope acted in, now."""
        return self._query("what_can", user_id=user_id, email=email)["permissions"]

    def explain(
        self, *, permission: str, user_id: str | None = None, email: str | None = None
    ) -> dict[str, Any]:
        """Why somebody may or may not do something here: the grant that allows it, or the nearest miss."""
        return self._query("explain", user_id=user_id, email=email, permission=permission)

    def available_actions(
        self, *, user_id: str | None = None, delegate_id: str | None = None
    ) -> list[dict[str, Any]]:
        """What the actor could do to a user or delegate now, with a reason for each action that is missing."""
        return self._query("available_actions", user_id=user_id, delegate_id=delegate_id)["actions"]

    def why_role_unchanged(self, *, user_id: str) -> dict[str, Any]:
        """Why a user's team role did not move with the package."""
        return self._query("why_role_unchanged", user_id=user_id)

    def entitled(self, *, user_id: str, feature: str) -> dict[str, Any]:
        """Whether a user's packages carry a feature, with what value, from which package."""
        return self._query("entitled", user_id=user_id, feature=feature)

    def check_import(self, *, csv: str) -> dict[str, Any]:
        """Dry run of import_users: the verdict for each row, naming line and column."""
        return self._query("check_import", csv=csv)

    def audit(self, *, before: int | None = None, limit: int | None = None) -> dict[str, Any]:
        """A page of audit entries of the scope acted in, newest first: {"scope_id", "entries", "next"}."""
        return self._query("audit", before=before, limit=limit)

    def changes_since(self, *, since: int | None = None, limit: int | None = None) -> dict[str, Any]:
        """The change feed: a page of entries after a sequence number, oldest first."""
        return self._query("changes_since", since=since, limit=limit)

    def verify_audit(self) -> dict[str, Any]:
        """Recomputes the audit chain of the scope acted in: {"intact", "entries", "message", "head_hash"...}."""
        return self._query("verify_audit")

    def denials(self, *, limit: int | None = None) -> list[dict[str, Any]]:
        """Refused attempts at something privileged in the scope acted in, newest first."""
        return self._query("denials", limit=limit)["denials"]

    def messages(
        self, *, state: LetterState | None = None, after: str | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """A page of letters, newest first, dead ones unless asked otherwise: {"messages", "next"}."""
        return self._query("messages", state=state, after=after, limit=limit)
