"""Lines through Python: extensions, direct numbers, edits, switches and the host's own fields."""

from __future__ import annotations

import datetime
from typing import Iterator

import pytest

import linecard
from house import House, furnish


@pytest.fixture
def house() -> Iterator[House]:
    made = furnish(linecard.Directory.create(memory=True, provider=lambda order: "+14165550199")[0])
    yield made
    made.close()


def test_S4_11_I25_who_joins_gets_the_lowest_free_extension_and_it_can_be_changed(house: House):
    house.acme.set_extension_range(first="201", last="203")
    ann, bea = house.user(extension=None), house.user(extension=None)
    assert house.acme.find_user(user_id=ann)["extensions"] == ["201"]
    with pytest.raises(linecard.LinecardError, match="belongs to another user") as refused:
        house.acme.change_extension(user_id=ann, extension="202")
    assert refused.value.reason == "extension_taken"
    house.acme.change_extension(user_id=ann, extension="300")
    assert house.acme.extensions()["lowest_free"] == "201"
    assert house.acme.find_user(user_id=bea)["bridge_id"] != house.acme.find_user(user_id=ann)["bridge_id"]


def test_S4_7_S4_10_the_picker_offers_only_unassigned_numbers(house: House):
    house.acme.add_dids(direct_numbers=["+14165550100", "+14165550101"])
    house.acme.use_did(direct_number="+14165550100", use="main")
    assert [row["direct_number"] for row in house.acme.dids(use="unassigned")["dids"]] == ["+14165550101"]
    ann = house.user()
    with pytest.raises(linecard.LinecardError) as refused:
        house.acme.attach_did(direct_number="+14165550100", user_id=ann)
    assert refused.value.reason == "did_in_use"
    house.acme.detach_did(direct_number="+14165550100")
    house.acme.attach_did(direct_number="+14165550100", user_id=ann)
    assert house.acme.find_user(user_id=ann)["direct_numbers"] == ["+14165550100"]


def test_S4_8_a_new_number_comes_in_one_step_and_never_twice(house: House):
    ann = house.user()
    assert house.acme.get_number(order_key="1", user_id=ann).numbers[0]["number"] == "+14165550199"
    assert house.acme.get_number(order_key="1", user_id=ann).numbers[0]["number"] == "+14165550199"
    with pytest.raises(linecard.Conflict, match="order_key_taken"):
        house.acme.get_number(order_key="1")


def test_S5_5_switches_are_off_until_somebody_with_the_flag_switches_them_on(house: House):
    house.acme.add_dids(direct_numbers=["+14165550101"])
    ann = house.user(role="administrator", email="ann@acme.example", extension="201")
    house.acme.attach_did(direct_number="+14165550101", user_id=ann)
    with house.directory.actor(email="ann@acme.example", scope_id=house.tenant_id) as herself:
        for switch in (
            lambda: herself.set_e911(direct_number="+14165550101", switched="on"),
            lambda: herself.set_international(extension="201", switched="on"),
        ):
            with pytest.raises(linecard.LinecardError) as refused:
                switch()
            assert refused.value.reason == "permission_denied"
        house.acme.give_flag(user_id=ann, flag="manage_e911")
        herself.set_e911(direct_number="+14165550101", switched="on")
    assert house.acme.dids()["dids"][0]["e911"] is True
    assert house.acme.extensions()["extensions"][0]["international"] is False


def test_S1_9_number_assignments_are_no_part_of_the_licence_view(house: House):
    house.acme.add_dids(direct_numbers=["+14165550101"])
    ann = house.user(extension="7321", forwarding_number="+4915112345678")
    house.acme.attach_did(direct_number="+14165550101", user_id=ann)
    shown = str(house.acme.users())
    assert ann in shown and not any(number in shown for number in ("+14165550101", "7321", "+4915112345678"))
    for number in ("+14165550101", "7321", "+4915112345678"):
        assert house.acme.users(search=number)["users"] == []


def test_S4_12_each_joined_user_has_a_video_bridge_that_nobody_else_has(house: House):
    invited = house.acme.add_user(first_name="Ina", last_name="I", email="ina@acme.example").created_id("user")
    assert house.acme.find_user(user_id=invited)["bridge_id"] is None
    house.acme.activate_user(user_id=invited)
    bridges = [house.acme.find_user(user_id=who)["bridge_id"] for who in (invited, *(house.user() for _ in range(20)))]
    assert len(set(bridges)) == 21 and all(len(bridge) == 10 and bridge.isdigit() for bridge in bridges)


def test_the_help_desk_finds_a_caller_by_extension_or_direct_number(house: House):
    house.acme.add_dids(direct_numbers=["+14165550101", "+14165550102"])
    ann = house.user(extension="7321")
    house.acme.attach_did(direct_number="+14165550101", user_id=ann)
    assert house.acme.find_user(extension="7321") == house.acme.find_user(direct_number="+14165550101")
    assert house.acme.find_user(extension="7321")["user_id"] == ann
    for nobodys in ({"extension": "7322"}, {"direct_number": "+14165550102"}, {"direct_number": "+14165550103"}):
        with pytest.raises(linecard.NotFound) as refused:
            house.acme.find_user(**nobodys)
        assert refused.value.path == "/" + next(iter(nobodys))


def test_S4_14_I24_fields_are_edited_one_by_one_of_the_version_that_was_read(house: House):
    ann = house.user()
    before = house.acme.find_user(user_id=ann)
    house.acme.edit_user(user_id=ann, time_zone="Europe/Berlin", voicemail_pin="4711", expected_version=before["version"])
    now = house.acme.find_user(user_id=ann)
    changed = {name for name in now if now[name] != before[name]}
    assert changed == {"time_zone", "voicemail_pin_set", "version"}
    house.acme.check_voicemail_pin(user_id=ann, dialled="4711")
    for _ in range(5):
        with pytest.raises(linecard.Denied, match="voicemail_pin_wrong"):
            house.acme.check_voicemail_pin(user_id=ann, dialled="47#")
    with pytest.raises(linecard.LimitReached, match="too_many_tries"):
        house.acme.check_voicemail_pin(user_id=ann, dialled="4711")
    with pytest.raises(linecard.LinecardError) as refused:
        house.acme.edit_user(user_id=ann, mobile="+491711234567", expected_version=before["version"])
    assert refused.value.reason == "version_moved"


def test_S4_15_a_user_forwards_calls_and_takes_it_back(house: House):
    ann = house.user(email="ann@acme.example")
    with house.directory.actor(email="ann@acme.example", scope_id=house.tenant_id) as herself:
        herself.edit_own_line(forwarding_number="+491711234567")
        assert house.acme.find_user(user_id=ann)["forwarding_number"] == "+491711234567"
        herself.edit_own_line(clear=["forwarding_number"])
        assert herself.own_line()["screening"] is False
    assert house.acme.find_user(user_id=ann)["forwarding_number"] is None


def test_B15_fields_of_the_hosts_own_are_typed_and_searched(house: House):
    house.operator.declare_attribute(owner="user", name="badge", type="integer", searched=True)
    ann = house.user()
    with pytest.raises(linecard.LinecardError) as refused:
        house.acme.set_user_attributes(user_id=ann, entries={"badge": "x"})
    assert refused.value.reason == "content_invalid"
    house.acme.set_user_attributes(user_id=ann, entries={"badge": 90210})
    assert house.acme.attribute_values(user_id=ann) == {"badge": "90210"}
    assert [row["user_id"] for row in house.acme.users(search="9021")["users"]] == [ann]


def test_B15_what_is_read_of_the_hosts_own_fields_can_be_written_again(house: House):
    for name, kind in (("badge", "integer"), ("remote", "boolean"), ("since", "date"), ("desk", "text")):
        house.operator.declare_attribute(owner="user", name=name, type=kind)
    ann, bea = house.user(), house.user()
    house.acme.set_user_attributes(
        user_id=ann, entries={"badge": 90210, "remote": True, "since": datetime.date(2026, 11, 22), "desk": "4F"}
    )
    values = house.acme.attribute_values(user_id=ann)
    assert values == {"badge": "90210", "remote": "true", "since": "2026-11-22", "desk": "4F"}
    house.acme.set_user_attributes(user_id=bea, entries=values)
    assert house.acme.attribute_values(user_id=bea) == values
    house.acme.set_user_attributes(user_id=bea, entries={"badge": None})
    shown = house.acme.find_user(user_id=bea)["attributes"]
    assert {row["name"]: row["content"] for row in shown} == {k: v for k, v in values.items() if k != "badge"}


def test_S4_15_users_see_what_they_may_change_and_their_receipt_says_what_they_changed(house: House):
    house.acme.add_dids(direct_numbers=["+14165550101"])
    ann = house.user(email="ann@acme.example", extension="7321", forwarding_number="+4915112345678")
    house.acme.attach_did(direct_number="+14165550101", user_id=ann)
    house.acme.set_international(extension="7321", switched="on")
    with house.directory.actor(email="ann@acme.example", scope_id=house.tenant_id) as herself:
        with pytest.raises(linecard.Denied):
            herself.find_user(user_id=ann)
        line = herself.own_line()
        assert (line["user_id"], line["forwarding_number"], line["screening"]) == (ann, "+4915112345678", True)
        assert [(e["extension"], e["international"]) for e in line["extensions"]] == [("7321", True)]
        assert [(d["direct_number"], d["e911"]) for d in line["dids"]] == [("+14165550101", False)]
        assert [d["name"] for d in line["devices"]] == ["desk"]
        assert line["mobile"] is None and line["voicemail_pin_set"] is False
        done = herself.edit_own_line(mobile="+491711234567", voicemail_pin="4711", expected_version=line["version"])
        [change] = done.changes
        told = {column["column"]: column["after"] for column in change["columns"]}
        assert told == {"mobile": "+491711234567", "voicemail_pin": "secret"} and done.audit_seq
        with pytest.raises(linecard.Stale, match="own_line"):
            herself.edit_own_line(mobile="+491711234568", expected_version=line["version"])
        assert herself.own_line()["mobile"] == "+491711234567"
    with house.directory.actor(house.operator.identity_id, scope_id=house.tenant_id) as no_user:
        with pytest.raises(linecard.Denied, match="not_a_user"):
            no_user.own_line()


def test_an_empty_or_null_field_says_how_it_is_emptied(house: House):
    ann = house.user()
    house.acme.edit_user(user_id=ann, mobile="+491711234567")
    for nothing in ("", None):
        with pytest.raises(linecard.Invalid, match='list "mobile" in clear to empty it') as refused:
            house.acme.call("edit_user", user_id=ann, mobile=nothing)
        assert refused.value.reason == "mobile_missing" and refused.value.path == "/mobile"
        with pytest.raises(linecard.Invalid, match='list "mac" in clear to empty it'):
            house.acme.call("set_device", user_id=ann, name="desk", mac=nothing)
    house.acme.set_device(user_id=ann, name="desk", model="T46", mac="00:1a:2b:3c:4d:5e")
    house.acme.set_device(user_id=ann, name="desk", clear=["mac", "model"])
    [desk] = house.acme.find_user(user_id=ann)["devices"]
    assert (desk["mac"], desk["model"], desk["description"]) == (None, None, "T46")


def test_a_flaw_is_told_by_its_rule_and_by_its_place(house: House):
    for extension in ("2000000000", "20x"):
        with pytest.raises(linecard.Invalid, match="^extension must be 2 to 8 digits"):
            house.acme.change_extension(user_id=house.user(), extension=extension)
    with pytest.raises(linecard.Invalid, match="^direct_numbers/1 must be ") as refused:
        house.acme.add_dids(direct_numbers=["+14165550101", "4165550102"])
    assert refused.value.path == "/direct_numbers/1"
    with pytest.raises(linecard.Invalid, match="^use must be one of"):
        house.acme.call("use_did", direct_number="+14165550101", use="mine")
