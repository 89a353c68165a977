"""An IT partner is let into a company: access notice, invitation, work on the company's behalf, review, removal.

Runs in memory and moves its own clock, so that three months pass in a moment.
"""

from datetime import datetime, timedelta, timezone

import linecard


class Calendar:
    """The clock a host may bring: milliseconds since 1970."""

    def __init__(self) -> None:
        self.today = datetime(2027, 1, 4, 9, tzinfo=timezone.utc)

    def __call__(self) -> int:
        return int(self.today.timestamp() * 1000)

    def pass_days(self, days: int) -> None:
        self.today += timedelta(days=days)
        print(f"\n{self.today:%d %B %Y}, {days} days later")


def show(acme: linecard.Actor, *, overdue: bool = False) -> None:
    rows = acme.delegates(overdue=overdue)["delegates"]
    print(("Overdue for review:" if overdue else "Delegates:") + ("" if rows else " nobody"))
    for row in rows:
        name = f"{row['first_name']} {row['last_name']}"
        print(f"  {name:14}{row['email']:24}{', '.join(row['roles']):12}{row['state']:9}review {row['review_at'][:10]}")


def attempt(pat: linecard.Actor, what: str, user_id: str, package_id: str) -> None:
    try:
        pat.assign_package(user_id=user_id, package_id=package_id)
        print(f"Pat {what}: done")
    except linecard.LinecardError as refused:
        print(f"Pat {what}: refused, {refused.message}")


def main() -> None:
    calendar = Calendar()
    directory, _ = linecard.Directory.create(memory=True, clock=calendar)
    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        operator.publish_notice(
            text="Delegates see account data and customer information. What they do is done on your behalf.",
            terms_link="https://example.com/terms",
        )
        basic = operator.define_package(name="Basic", price_minor=900, currency="EUR").created_id("package")
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Acme").created_id("tenant")
        with directory.actor(operator.identity_id, scope_id=tenant_id) as support:
            support.offer_package(package_id=basic)
            support.set_seat_pool(package_id=basic, purchased=10)
            support.adopt_user(
                first_name="Ada", last_name="Admin", email="ada@acme.example", role="administrator"
            )
        with directory.actor(email="ada@acme.example", scope_id=tenant_id) as ada:
            walk(directory, ada, basic, calendar)


def walk(directory: linecard.Directory, ada: linecard.Actor, basic: str, calendar: Calendar) -> None:
    jan, lea = [
        ada.adopt_user(first_name=first_name, last_name=last_name, email=email).created_id("user")
        for first_name, last_name, email in (
            ("Jan", "Kowalski", "jan@acme.example"),
            ("Lea", "Berger", "lea@acme.example"),
        )
    ]
    ada.define_role(name="licensing", permissions=["license.view", "license.assign"])

    # The dialog shows the notice; saving it sends back the version that was read.
    notice = ada.notice_in_force()
    print(f"Access notice, version {notice['notice_version']}: {notice['text']} ({notice['terms_link']})\n")
    invitation = ada.add_delegate(
        first_name="Pat",
        last_name="Partner",
        email="pat@partner.example",
        role="licensing",
        notice_version=notice["notice_version"],
        send_invitation=True,
    )
    delegate_id = invitation.created_id("delegate")
    print("Invited; mail queued:", ", ".join(mail["letter"] for mail in invitation.mail))
    show(ada)

    with directory.actor(email="pat@partner.example", scope_id=ada.scope_id) as pat:
        attempt(pat, "licenses Jan, still pending", jan, basic)
        ada.activate_delegate(delegate_id=delegate_id)  # the host has authenticated Pat
        attempt(pat, "licenses Jan, active", jan, basic)

        [entry] = ada.changes_since(since=ada.verify_audit()["entries"] - 1)["entries"]
        print(f"Audit: {entry['command']} by {entry['actor_id']} on behalf of {entry['on_behalf_of_id']}")
        users = [user["email"] for user in ada.each_user()]
        print(f"Users of Acme, Pat not among them: {', '.join(users)}")

        calendar.pass_days(90)
        show(ada, overdue=True)
        ada.review_delegate(delegate_id=delegate_id)
        show(ada)

        calendar.pass_days(5)
        ada.remove_delegate(delegate_id=delegate_id)
        attempt(pat, "licenses Lea, removed", lea, basic)
        show(ada)
    print(f"\nAudit: {ada.verify_audit()['message']}")


main()
