"""Lines through Python: extensions, direct numbers, edits, switches and the host's own fields."""

from __future__ import annotations

from typing import Iterator

import pytest

import linecard
from house import House, furnish


@pytest.fixture
def house() -> Iterator[House]:
    made = furnish(linecard.Directory.create(memory=True, provider=lambda order: "+14165550199")[0])
    yield made
    made.close()


def test_s4_11_i25_who_joins_gets_the_lowest_free_extension_and_it_can_be_changed(house: House):
    house.acme.set_extension_range(first="201", last="203")
    ann, bea = house.user(extension=None), house.user(extension=None)
    assert house.acme.find_user(user_id=ann)["extensions"] == ["201"]
    with pytest.raises(linecard.LinecardError, match="belongs to another user") as refused:
        house.acme.change_extension(user_id=ann, extension="202")
    assert refused.value.reason == "extension_taken"
    house.acme.change_extension(user_id=ann, extension="300")
    assert house.acme.extensions()["lowest_free"] == "201"
    assert house.acme.find_user(user_id=bea)["bridge_id"] != house.acme.find_user(user_id=ann)["bridge_id"]


def test_s4_7_s4_10_the_picker_offers_only_unassigned_numbers(house: House):
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


def test_s4_8_a_new_number_comes_in_one_step_and_never_twice(house: House):
    ann = house.user()
    assert house.acme.get_number(order_key="1", user_id=ann).numbers[0]["number"] == "+14165550199"
    assert house.acme.get_number(order_key="1", user_id=ann).numbers[0]["number"] == "+14165550199"
    with pytest.raises(linecard.Conflict, match="order_key_taken"):
        house.acme.get_number(order_key="1")


def test_s5_5_switches_are_off_until_somebody_with_the_flag_switches_them_on(house: House):
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


def test_s4_14_i24_fields_are_edited_one_by_one_of_the_version_that_was_read(house: House):
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


def test_s4_15_a_user_forwards_calls_and_takes_it_back(house: House):
    ann = house.user(email="ann@acme.example")
    with house.directory.actor(email="ann@acme.example", scope_id=house.tenant_id) as herself:
        herself.edit_own_line(forwarding_number="+491711234567")
        assert house.acme.find_user(user_id=ann)["forwarding_number"] == "+491711234567"
        herself.edit_own_line(clear=["forwarding_number"])
    assert house.acme.find_user(user_id=ann)["forwarding_number"] is None


def test_b15_fields_of_the_hosts_own_are_typed_and_searched(house: House):
    house.operator.declare_attribute(owner="user", name="badge", type="integer", searched=True)
    ann = house.user()
    with pytest.raises(linecard.LinecardError) as refused:
        house.acme.set_user_attributes(user_id=ann, entries=[{"name": "badge", "content": "x"}])
    assert refused.value.reason == "content_invalid"
    house.acme.set_user_attributes(user_id=ann, entries=[{"name": "badge", "content": "90210"}])
    assert house.acme.attribute_values(user_id=ann) == {"badge": "90210"}
    assert [row["user_id"] for row in house.acme.users(search="9021")["users"]] == [ann]
