"""Who may do what, where, and why, through the C ABI: roles, flags, grants and explain."""

from __future__ import annotations

import pytest

import linecard
from house import House


def test_B3_explain_names_the_nearest_miss_and_then_the_grant_that_allows(house: House):
    user = house.user(email="ulf@acme.example")
    missing = house.acme.explain(user_id=user, permission="license.view")
    assert (missing["allowed"], missing["reason"]) == (False, "no_grant")
    house.acme.define_role(name="front desk", permissions=["license.view"], restricted=["user.manage"])
    house.acme.grant_role(user_id=user, role="front desk")
    assert house.acme.explain(user_id=user, permission="license.view")["role"] == "front desk"
    restricted = house.acme.explain(user_id=user, permission="user.manage")
    assert (restricted["reason"], restricted["flag"]) == ("flag_needed", "manage_users")
    house.acme.give_flag(user_id=user, flag="manage_users")
    assert house.acme.what_can(user_id=user) == ["user.manage", "license.view"]
    assert {row["email"] for row in house.acme.who_can(permission="user.manage")["grants"]} == {"ulf@acme.example"}


def test_S5_8_to_S5_11_container_and_tenant_roles_and_their_flags(house: House):
    house.reseller.grant_role(email="cora@pbx.example", role="container")
    tina = house.user(email="tina@acme.example")
    house.acme.grant_role(user_id=tina, role="tenant")
    for flag in ("manage_users", "manage_e911", "manage_international"):
        house.acme.give_flag(user_id=tina, flag=flag)
    held = house.acme.what_can(user_id=tina)
    assert "e911.manage" in held and "user.manage" not in held and "ucp_box.manage" not in held
    with house.directory.actor(email="cora@pbx.example", scope_id=house.tenant_id) as cora:
        with pytest.raises(linecard.Denied) as refused:
            cora.suspend_user(user_id=tina)
        assert refused.value.reason == "permission_denied" and "manage_users" in str(refused.value)
        house.reseller.give_flag(email="cora@pbx.example", flag="manage_users")
        plain = house.user()
        cora.suspend_user(user_id=plain)
        house.reseller.revoke_role(email="cora@pbx.example", role="container")
        with pytest.raises(linecard.Denied):
            cora.resume_user(user_id=plain)


def test_I8_nobody_gives_what_they_do_not_hold(house: House):
    house.user(email="ada@acme.example", role="administrator")
    friend = house.user()
    with house.directory.actor(email="ada@acme.example", scope_id=house.tenant_id) as ada:
        with pytest.raises(linecard.Denied) as refused:
            ada.define_role(name="boxes", permissions=["ucp_box.manage"])
        assert (refused.value.reason, refused.value.path) == ("role_exceeds_own", "/permissions")
        with pytest.raises(linecard.Denied) as refused:
            ada.give_flag(user_id=friend, flag="manage_e911")
        assert refused.value.reason == "flag_not_held"


def test_S4_3_I13_the_owner_stays_until_support_names_another(house: House):
    ada = house.user(email="ada@acme.example", role="administrator")
    bo = house.user(email="bo@acme.example", role="administrator")
    with pytest.raises(linecard.Conflict) as refused:
        house.acme.revoke_role(user_id=ada, role="administrator")
    assert refused.value.reason == "owner_needs_support"
    house.acme.replace_owner(user_id=bo)
    receipt = house.acme.revoke_role(user_id=ada, role="administrator")
    assert receipt.permissions[0]["action"] == "erased"


def test_a_host_registers_permissions_of_its_own(house: House):
    house.operator.register_permission(permission="queue.listen", description="Listen in on a queue")
    house.operator.register_permission(permission="queue.listen", description="Listen in on a queue")
    rows = house.operator.permissions()
    assert rows[-1]["permission"] == "queue.listen" and rows[-1]["number"] == 64
    house.acme.define_role(name="ears", permissions=["queue.listen"])
    user = house.user()
    house.acme.grant_role(user_id=user, role="ears")
    assert house.acme.explain(user_id=user, permission="queue.listen")["allowed"]


def test_I20_a_suspended_identity_and_an_ended_grant_hold_nothing(house: House):
    user = house.user(email="temp@acme.example")
    house.acme.grant_role(user_id=user, role="administrator", ends_at="2999-01-01T00:00:00Z")
    with house.directory.actor(email="temp@acme.example", scope_id=house.tenant_id) as temp:
        assert temp.users()["users"]
        house.operator.suspend_identity(email="temp@acme.example")
        with pytest.raises(linecard.Denied):
            temp.users()
    assert house.acme.explain(user_id=user, permission="user.manage")["reason"] == "identity_suspended"
    assert [row["role"] for row in house.acme.grants()["grants"]] == ["administrator"]
    assert "administrator" in [row["role"] for row in house.acme.roles()]


def test_I20_a_deleted_user_is_gone_and_whoever_comes_after_is_somebody_else(house: House):
    user = house.user(email="ulf@acme.example", role="administrator", external_ref="17", extension="300")
    house.user(email="owner@acme.example", role="administrator")
    with pytest.raises(linecard.Conflict) as refused:
        house.acme.delete_user(user_id=user)
    assert refused.value.reason == "owner_needs_support"
    house.acme.replace_owner(user_id=house.acme.find_user(email="owner@acme.example")["user_id"])
    house.acme.preview.delete_user(user_id=user).confirm()
    with pytest.raises(linecard.NotFound):
        house.acme.find_user(user_id=user)
    again = house.user(email="ulf@acme.example", external_ref="17", extension="300")
    assert again != user and house.acme.what_can(user_id=again) == []
    with pytest.raises(linecard.Conflict) as refused:
        house.operator.delete_identity(email="ulf@acme.example")
    assert refused.value.reason == "identity_in_use" and "user in tenants: 1" in str(refused.value)
    house.acme.preview.delete_user(user_id=again).confirm()
    house.operator.delete_identity(email="ulf@acme.example")
    with pytest.raises(linecard.NotFound):
        house.directory.actor(email="ulf@acme.example")


def test_S4_13_available_actions_say_what_can_be_done_and_why_the_rest_cannot(house: House):
    user = house.user(email="ulf@acme.example")
    rows = {row["action"]: row for row in house.acme.available_actions(user_id=user)}
    assert rows["suspend_user"]["available"] and rows["assign_package"]["available"]
    assert rows["resume_user"]["reason"] == "not_suspended" and rows["resume_user"]["message"]
    house.acme.suspend_user(user_id=user)
    rows = {row["action"]: row for row in house.acme.available_actions(user_id=user)}
    assert rows["resume_user"]["available"] and rows["suspend_user"]["reason"] == "nothing_to_change"


def test_S5_1_S5_10_each_built_in_role_holds_what_its_page_says_and_no_more(house: House):
    def held(where: linecard.Actor, role: str) -> set[str]:
        [row] = [row for row in where.roles() if row["role"] == role]
        return set(row["permissions"])

    assert held(house.reseller, "container_advanced") == {"advanced_panel.view", "api_key.view"}
    assert {"ucp_box.manage", "answering_service.manage"} <= held(house.reseller, "container")
    assert not {"ucp_box.manage", "answering_service.manage"} & held(house.acme, "administrator")
    assert "user.manage" not in held(house.acme, "tenant") | held(house.acme, "delegate")
    assert held(house.acme, "member") == set()


def test_S5_4_S5_9_a_container_administrator_manages_users_by_role_and_flag_together(house: House):
    house.reseller.grant_role(email="cora@pbx.example", role="container")
    user = house.user()
    with house.directory.actor(email="cora@pbx.example", scope_id=house.tenant_id) as cora:
        rows = {row["action"]: row for row in cora.available_actions(user_id=user)}
        assert rows["suspend_user"]["reason"] == "permission_denied"
        house.reseller.give_flag(email="cora@pbx.example", flag="manage_users")
        rows = {row["action"]: row for row in cora.available_actions(user_id=user)}
        assert rows["suspend_user"]["available"]


def test_I9_another_tenants_people_roles_and_rights_are_not_there(house: House):
    bolt = house.another_tenant()
    user = house.user(email="ulf@acme.example")
    house.acme.define_role(name="desk", permissions=["license.view"])
    for question in (bolt.explain, bolt.what_can):
        more = {"permission": "user.manage"} if question == bolt.explain else {}
        with pytest.raises(linecard.NotFound):
            question(user_id=user, **more)
    with pytest.raises(linecard.NotFound) as refused:
        bolt.grant_role(email="ulf@acme.example", role="administrator")
    assert refused.value.reason == "user_unknown"
    assert "desk" not in [row["role"] for row in bolt.roles()]


RESTRICTED = [name for name, operation in linecard.Directory.describe()["operations"].items()
              if operation["needs"] == "user.manage"]


@pytest.mark.parametrize("operation", RESTRICTED)
def test_I12_what_needs_user_management_needs_the_flag_where_the_role_has_it_restricted(house: House, operation: str):
    from test_errors import good_request

    house.acme.define_role(name="desk", permissions=["license.view"], restricted=["user.manage"])
    user = house.user(email="wim@acme.example", role="desk")
    with house.directory.actor(email="wim@acme.example", scope_id=house.tenant_id) as wim:
        with pytest.raises(linecard.Denied) as refused:
            wim.call(operation, **good_request(operation))
        assert refused.value.reason == "permission_denied" and "manage_users" in str(refused.value)
        house.acme.give_flag(user_id=user, flag="manage_users")
        try:
            wim.call(operation, **good_request(operation))
        except linecard.LinecardError as other:
            assert other.reason != "permission_denied"
