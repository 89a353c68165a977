"""Commands and queries about lines: extensions, direct numbers, devices, and what is known about a user.

What is left out, or None, keeps the library's default. tests/test_methods.py holds this file to linecard_describe.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Mapping, Sequence

from ._call import many
from ._running import Asks, Outcome, Runs

Switched = Literal["on", "off"]
DidUse = Literal["unassigned", "direct", "main", "other"]
AttributeOwner = Literal["tenant", "user", "did"]
AttributeType = Literal["text", "integer", "boolean", "date"]
Clearable = Literal["external_ref", "time_zone", "mobile", "voicemail_pin", "forwarding_number"]
DeviceClearable = Literal["model", "mac"]
Content = str | int | date | None
"""Of one of the host's own fields: text, integer, boolean or date as it was declared; None takes the value away."""


def _content(value: Content) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _entries(values: Mapping[str, Content] | None) -> list[dict[str, str | None]] | None:
    return None if values is None else [{"name": name, "content": _content(values[name])} for name in values]


class LineCommands(Runs[Outcome]):
    """What Commands has about lines."""

    def set_extension_range(self, *, first: str, last: str) -> Outcome:
        """Sets the range that extensions are given from, lowest free first."""
        return self._command("set_extension_range", first=first, last=last)

    def change_extension(
        self, *, user_id: str, extension: str | None = None, former: str | None = None
    ) -> Outcome:
        """Gives a user another extension, or a first one; without `extension` the lowest free."""
        return self._command("change_extension", user_id=user_id, extension=extension, former=former)

    def release_extension(self, *, extension: str) -> Outcome:
        """Takes an extension from whoever has it; it is free again."""
        return self._command("release_extension", extension=extension)

    def set_international(self, *, extension: str, switched: Switched) -> Outcome:
        """Switches international dialling on or off for an extension; it takes international.manage."""
        return self._command("set_international", extension=extension, switched=switched)

    def add_dids(self, *, direct_numbers: Sequence[str]) -> Outcome:
        """Puts direct numbers (E.164) into the tenant's inventory, all or none; for the operator or container."""
        return self._command("add_dids", direct_numbers=many(direct_numbers, "direct_numbers"))

    def remove_dids(self, *, direct_numbers: Sequence[str]) -> Outcome:
        """Takes unassigned direct numbers out of the tenant's inventory, all or none."""
        return self._command("remove_dids", direct_numbers=many(direct_numbers, "direct_numbers"))

    def attach_did(self, *, direct_number: str, user_id: str) -> Outcome:
        """Makes an unassigned number of the tenant a direct number of a user."""
        return self._command("attach_did", direct_number=direct_number, user_id=user_id)

    def use_did(self, *, direct_number: str, use: DidUse, label: str | None = None) -> Outcome:
        """Uses an unassigned number as a main number of the company, of several by label, or for something else."""
        return self._command("use_did", direct_number=direct_number, use=use, label=label)

    def detach_did(self, *, direct_number: str, release_numbers: bool | None = None) -> Outcome:
        """Takes a number from its user or its use, unless calls would be stranded and release_numbers is not given."""
        return self._command("detach_did", direct_number=direct_number, release_numbers=release_numbers)

    def set_e911(self, *, direct_number: str, switched: Switched) -> Outcome:
        """Switches emergency calls (911) on or off for a direct number; it takes manage_e911."""
        return self._command("set_e911", direct_number=direct_number, switched=switched)

    def edit_user(
        self,
        *,
        user_id: str,
        first_name: str | None = None,
        last_name: str | None = None,
        language: str | None = None,
        external_ref: str | None = None,
        team_role: str | None = None,
        time_zone: str | None = None,
        mobile: str | None = None,
        forwarding_number: str | None = None,
        voicemail_pin: str | None = None,
        clear: Sequence[Clearable] | None = None,
        expected_version: int | None = None,
    ) -> Outcome:
        """Changes what is known about a user and the user's line: the fields given, and those to be cleared."""
        return self._command(
            "edit_user",
            user_id=user_id,
            first_name=first_name,
            last_name=last_name,
            language=language,
            external_ref=external_ref,
            team_role=team_role,
            time_zone=time_zone,
            mobile=mobile,
            forwarding_number=forwarding_number,
            voicemail_pin=voicemail_pin,
            clear=many(clear, "clear"),
            expected_version=expected_version,
        )

    def edit_own_line(
        self,
        *,
        time_zone: str | None = None,
        mobile: str | None = None,
        forwarding_number: str | None = None,
        voicemail_pin: str | None = None,
        clear: Sequence[Clearable] | None = None,
        expected_version: int | None = None,
    ) -> Outcome:
        """Changes the actor's own line in the tenant acted in: forwarding, mobile, time zone, PIN."""
        return self._command(
            "edit_own_line",
            time_zone=time_zone,
            mobile=mobile,
            forwarding_number=forwarding_number,
            voicemail_pin=voicemail_pin,
            clear=many(clear, "clear"),
            expected_version=expected_version,
        )

    def set_device(
        self,
        *,
        user_id: str,
        name: str,
        description: str | None = None,
        model: str | None = None,
        mac: str | None = None,
        clear: Sequence[DeviceClearable] | None = None,
    ) -> Outcome:
        """Gives a user a telephone or client, or changes what is known about it; what is left out stays."""
        return self._command(
            "set_device", user_id=user_id, name=name, description=description, model=model, mac=mac, clear=many(clear, "clear")
        )

    def remove_device(self, *, user_id: str, name: str) -> Outcome:
        """Takes a telephone or client from a user."""
        return self._command("remove_device", user_id=user_id, name=name)

    def set_user_attributes(self, *, user_id: str, entries: Mapping[str, Content] | None = None) -> Outcome:
        """Sets fields of the host's own on a user, by name as attribute_values answers them; None takes one away."""
        return self._command("set_user_attributes", user_id=user_id, entries=_entries(entries))

    def set_did_attributes(self, *, direct_number: str, entries: Mapping[str, Content] | None = None) -> Outcome:
        """Sets fields of the host's own on a direct number, by name; None takes one away."""
        return self._command("set_did_attributes", direct_number=direct_number, entries=_entries(entries))

    def set_tenant_attributes(self, *, entries: Mapping[str, Content] | None = None) -> Outcome:
        """Sets fields of the host's own on the tenant acted in, by name; None takes one away."""
        return self._command("set_tenant_attributes", entries=_entries(entries))

    def declare_attribute(
        self,
        *,
        owner: AttributeOwner,
        name: str,
        type: AttributeType,
        searched: bool | None = None,
        description: str | None = None,
    ) -> Outcome:
        """Declares a field of the host's own on tenants, users or direct numbers."""
        return self._command(
            "declare_attribute", owner=owner, name=name, type=type, searched=searched, description=description
        )

    def get_number(self, *, order_key: str, user_id: str | None = None, prefix: str | None = None) -> Outcome:
        """Gets a new direct number from the host's provider and gives it to a user; safe to run again."""
        return self._command("get_number", order_key=order_key, user_id=user_id, prefix=prefix)

    def retry_errand(self, *, errand_id: str, to_user_id: str | None = None) -> Outcome:
        """Makes an errand that failed or was given up due again; a handover may get another successor."""
        return self._command("retry_errand", errand_id=errand_id, to_user_id=to_user_id)

    def cancel_errand(self, *, errand_id: str) -> Outcome:
        """Withdraws an errand: the host's system is not asked again, though it may have done it already."""
        return self._command("cancel_errand", errand_id=errand_id)

    def check_voicemail_pin(self, *, user_id: str, dialled: str) -> Outcome:
        """Refuses what is not the user's voicemail PIN ("voicemail_pin_wrong"), five times in 15 minutes."""
        return self._command("check_voicemail_pin", user_id=user_id, dialled=dialled)


class LineQueries(Asks):
    """What Queries has about lines."""

    def own_line(self) -> dict[str, Any]:
        """The actor's own line: numbers and their switches, forwarding, devices, and what edit_own_line changes."""
        return self._query("own_line")

    def dids(
        self, *, use: DidUse | None = None, after: str | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """Direct numbers in order: {"dids", "next"}; with use="unassigned" what a picker offers."""
        return self._query("dids", use=use, after=after, limit=limit)

    def extensions(self, *, after: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """The tenant's range, what is given next, and every extension: {"first", "last", "lowest_free", ...}."""
        return self._query("extensions", after=after, limit=limit)

    def attributes(self) -> list[dict[str, Any]]:
        """The fields of the host's own that were declared."""
        return self._query("attributes")["attributes"]

    def attribute_values(
        self, *, user_id: str | None = None, direct_number: str | None = None
    ) -> dict[str, str]:
        """Values of the host's own fields by name: of a user, a direct number, or, with neither, the tenant."""
        answer = self._query("attribute_values", user_id=user_id, direct_number=direct_number)
        return {entry["name"]: entry["content"] for entry in answer["entries"]}

    def errands(self, *, after: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """A page of what the host's own systems are still to be asked, and of what was given up: {"errands", "next"}."""
        return self._query("errands", after=after, limit=limit)
