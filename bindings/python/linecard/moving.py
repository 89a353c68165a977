"""A tenant as one document: that part of an actor's methods.

`document = acme.export_tenant()` is JSON through and through; elsewhere `reseller.import_tenant(**document)` makes the
same tenant from it, with its ids. What `document["left_out"]` names is not in it: nobody signs in until invited anew or
sent a reset.
"""

from __future__ import annotations

from typing import Any, Literal, Mapping, Sequence

from ._call import many
from ._running import Asks, Outcome, Runs

LeftOut = Literal[
    "credentials",
    "backup_addresses",
    "voicemail_pins",
    "sessions",
    "links",
    "letters",
    "errands",
    "audit",
    "denials",
    "acknowledgements",
    "deleted_users",
    "removed_delegates",
    "replacements",
]
Rows = Sequence[Mapping[str, Any]]


class MovingCommands(Runs[Outcome]):
    def import_tenant(
        self,
        *,
        format: int,
        tenant: Mapping[str, Any],
        tenant_policy: Mapping[str, Any],
        left_out: Sequence[LeftOut] | None = None,
        subscriptions: Rows | None = None,
        enabled_services: Rows | None = None,
        packages: Rows | None = None,
        offers: Rows | None = None,
        pools: Rows | None = None,
        assignment_rules: Rows | None = None,
        roles: Rows | None = None,
        access_notices: Rows | None = None,
        extension_ranges: Rows | None = None,
        field_values: Rows | None = None,
        users: Rows | None = None,
        delegates: Rows | None = None,
        dids: Rows | None = None,
    ) -> Outcome:
        """Makes a tenant from what export_tenant answered, in the container acted in: import_tenant(**document)."""
        return self._command(
            "import_tenant",
            format=format,
            tenant=tenant,
            tenant_policy=tenant_policy,
            left_out=many(left_out, "left_out"),
            subscriptions=subscriptions,
            enabled_services=enabled_services,
            packages=packages,
            offers=offers,
            pools=pools,
            assignment_rules=assignment_rules,
            roles=roles,
            access_notices=access_notices,
            extension_ranges=extension_ranges,
            field_values=field_values,
            users=users,
            delegates=delegates,
            dids=dids,
        )


class MovingQueries(Asks):
    def export_tenant(self) -> dict[str, Any]:
        """The whole tenant as a document that import_tenant accepts, without secrets: "left_out" says without what."""
        return self._query("export_tenant")
