"""Delegates as a Python host meets them: invited under a notice, let in, acting on behalf, reviewed, removed."""

from __future__ import annotations

import io
from typing import Any, Callable, Iterator

import pytest

import linecard
from house import House, furnish
from linecard import audit

PAT = "pat@partner.example"
DAY = 86_400_000


class Clock:
    """Stands still unless told to move."""

    now = 1_800_000_000_000  # 2027-01-15T08:00:00Z

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(clock: Clock) -> Iterator[House]:
    directory, _ = linecard.Directory.create(memory=True, clock=clock)
    made = furnish(directory)
    made.operator.publish_notice(text="Delegates see everything.", terms_link="https://example.com/terms")
    made.acme.define_role(name="licensing", permissions=["license.view", "license.assign"])
    yield made
    made.close()


def invite(tenant: linecard.Actor, email: str = PAT, **fields: Any) -> str:
    version = tenant.notice_in_force()["notice_version"]
    fields = {"first_name": "Pat", "last_name": "Partner", "notice_version": version, **fields}
    return tenant.add_delegate(email=email, **fields).created_id("delegate")


def let_in(tenant: linecard.Actor, email: str = PAT, **fields: Any) -> str:
    delegate_id = invite(tenant, email, **fields)
    tenant.activate_delegate(delegate_id=delegate_id)
    return delegate_id


def opened(house: House, scope_id: str | None = None) -> linecard.Actor:
    return house.directory.actor(email=PAT, scope_id=scope_id or house.tenant_id)


def refused(kind: type, reason: str) -> Any:
    return pytest.raises(kind, match=rf"\({reason}[ )]")


def test_S3_1_only_who_manages_delegates_adds_or_removes_one(house: House):
    delegate_id = let_in(house.acme)
    house.user(email="mia@acme.example")
    for email in ("mia@acme.example", PAT):
        with house.directory.actor(email=email, scope_id=house.tenant_id) as person:
            with refused(linecard.Denied, "permission_denied"):
                person.add_delegate(first_name="A", last_name="B", email="a@b.example", notice_version=1)
            with refused(linecard.Denied, "permission_denied"):
                person.remove_delegate(delegate_id=delegate_id)


def test_S3_2_a_delegate_is_in_no_user_list_and_takes_no_seat(house: House):
    house.user()
    before = (list(house.acme.each_user()), house.acme.seat_pools())
    let_in(house.acme)
    assert (list(house.acme.each_user()), house.acme.seat_pools()) == before
    with refused(linecard.NotFound, "user_unknown"):
        house.acme.find_user(email=PAT)
    with refused(linecard.Conflict, "already_a_delegate"):
        house.user(email=PAT)


@pytest.mark.parametrize("field", ["first_name", "last_name", "email"])
def test_S3_3_a_missing_name_or_email_is_refused_by_field(house: House, field: str):
    with refused(linecard.Invalid, f"{field}_missing") as caught:
        house.acme.add_delegate(
            **{"first_name": "Pat", "last_name": "Partner", "email": PAT, "notice_version": 1, field: ""}
        )
    assert caught.value.path == f"/{field}"


def test_S3_3_the_role_is_delegate_by_default_and_never_one_that_manages_people(house: House):
    invite(house.acme)
    [row] = house.acme.delegates()["delegates"]
    assert (row["roles"], row["state"]) == (["delegate"], "pending")
    with refused(linecard.Conflict, "role_not_for_delegates"):
        invite(house.acme, "another@partner.example", role="administrator")


def test_S3_4_without_a_notice_or_with_a_stale_version_nobody_is_invited(house: House):
    house.operator.publish_notice(text="And may export it.", terms_link="https://example.com/terms")
    with refused(linecard.Stale, "notice_stale") as caught:
        invite(house.acme, notice_version=1)
    assert "version 2" in caught.value.message and caught.value.path == "/notice_version"
    directory, _ = linecard.Directory.create(memory=True)
    bare = furnish(directory)
    with refused(linecard.NotFound, "notice_missing"):
        bare.acme.add_delegate(first_name="P", last_name="P", email=PAT, notice_version=1)
    bare.close()


def test_S3_4_I11_a_renewed_notice_ends_access_until_it_is_acknowledged_again(house: House):
    delegate_id = let_in(house.acme, role="licensing")
    with opened(house) as pat:
        pat.users()
        house.acme.publish_notice(text="Other terms.", terms_link="https://example.com/new", renew=True)
        with refused(linecard.Denied, "permission_denied"):
            pat.users()
        assert not house.acme.delegates()["delegates"][0]["acknowledged"]
        notice = house.acme.notice_in_force()
        assert notice["scope_id"] == house.tenant_id
        house.acme.acknowledge_notice(delegate_id=delegate_id, notice_version=notice["notice_version"])
        pat.users()


def test_S3_6_I11_a_pending_delegate_has_no_access_and_an_active_one_what_the_delegation_covers(house: House):
    delegate_id = invite(house.acme, role="licensing")
    with opened(house) as pat:
        with refused(linecard.Denied, "permission_denied"):
            pat.users()
        house.acme.activate_delegate(delegate_id=delegate_id)
        pat.users()
        with refused(linecard.Denied, "permission_denied"):
            pat.adopt_user(first_name="A", last_name="B", email="a@b.example")
        with refused(linecard.Denied, "permission_denied"):
            pat.add_delegate(first_name="A", last_name="B", email="a@b.example", notice_version=1)


@pytest.mark.parametrize("make", [invite, let_in])
def test_S3_7_I20_removal_ends_everything_at_once_and_who_returns_gets_a_new_id(
    house: House, make: Callable[..., str]
):
    delegate_id = make(house.acme, role="licensing")
    with opened(house) as pat:
        house.acme.remove_delegate(delegate_id=delegate_id)
        with refused(linecard.Denied, "actor_expired"):
            pat.users()
        assert house.acme.delegates() == {"delegates": [], "next": None}
        assert let_in(house.acme) != delegate_id
        with refused(linecard.Denied, "actor_expired"):
            pat.assign_package(user_id=house.user(), package_id=house.package["Basic"])


def test_S3_8_overdue_ones_are_listed_from_the_date_on_and_no_more_once_reviewed(house: House, clock: Clock):
    delegate_id = let_in(house.acme)
    clock.now += 90 * DAY - 1
    assert house.acme.delegates(overdue=True)["delegates"] == []
    clock.now += 1
    [row] = house.acme.delegates(overdue=True)["delegates"]
    assert row["delegate_id"] == delegate_id and row["overdue"]
    house.acme.review_delegate(delegate_id=delegate_id)
    assert house.acme.delegates(overdue=True)["delegates"] == []


@pytest.mark.parametrize("how", ["ends_at", "review_at"])
def test_S3_8_a_delegation_ends_at_the_very_instant_of_its_end_or_of_a_review_that_lapses(
    house: House, clock: Clock, how: str
):
    let_in(house.acme, role="licensing", lapses=how == "review_at", **{how: "2027-01-15T08:00:01Z"})
    with opened(house) as pat:
        clock.now += 999
        pat.users()
        clock.now += 1
        with refused(linecard.Denied, "permission_denied"):
            pat.users()
    assert house.acme.delegates()["delegates"][0]["state"] == "lapsed"


def test_S3_9_one_login_acts_in_many_tenants_and_every_entry_names_delegate_and_tenant(house: House):
    bolt = house.another_tenant()
    bolt.define_role(name="licensing", permissions=["license.assign"])
    for tenant in (house.acme, bolt):
        user = tenant.adopt_user(first_name="A", last_name="B", email="a@b.example").created_id("user")
        let_in(tenant, role="licensing")
        with opened(house, tenant.scope_id) as pat:
            pat.assign_package(user_id=user, package_id=house.package["Basic"])
            [entry] = tenant.audit(limit=1)["entries"]
            assert entry["actor_id"] == pat.identity_id
            assert entry["on_behalf_of_id"] == tenant.scope_id
        assert all(e["on_behalf_of_id"] is None for e in tenant.audit(limit=500)["entries"][1:])


def test_B8_the_offline_checker_verifies_on_whose_behalf_and_notices_when_it_is_altered(house: House):
    user = house.user()
    let_in(house.acme, role="licensing")
    with opened(house) as pat:
        pat.assign_package(user_id=user, package_id=house.package["Basic"])
    file = io.StringIO()
    audit.export(house.acme, file)
    lines = file.getvalue().splitlines()
    verdict = audit.check(lines)
    assert verdict.intact and verdict.head_hash == house.acme.verify_audit()["head_hash"]
    named = f'"on_behalf_of_id": "{house.tenant_id}"'
    assert named in lines[-1]
    for other in ('"on_behalf_of_id": null', f'"on_behalf_of_id": "{house.operator.scope_id}"'):
        altered = audit.check([*lines[:-1], lines[-1].replace(named, other)])
        assert not altered.intact and altered.broken_at == len(lines)
