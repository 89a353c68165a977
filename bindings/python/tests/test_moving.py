"""A tenant as one document, elsewhere the same tenant; and a pool made smaller than its use."""

from __future__ import annotations

import json
from typing import Iterator

import pytest

import linecard
from house import House, furnish


@pytest.fixture
def elsewhere() -> Iterator[tuple[linecard.Directory, linecard.Actor]]:
    """A directory with a container and nobody in it but its operator."""
    directory, _ = linecard.Directory.create(memory=True)
    operator = directory.bootstrap_operator(email="other.ops@pbx.example")
    reseller = directory.actor(operator.identity_id, scope_id=operator.create_container(name="PBX 9").created_id("container"))
    yield directory, reseller
    for closing in (reseller, operator, directory):
        closing.close()


def test_I27_export_import_export_is_a_fixed_point_and_says_what_it_leaves_out(house: House, elsewhere):
    mia = house.user(first_name="Mia", package_id=house.package["Plus"], forwarding_number="+491701111111")
    house.acme.edit_user(user_id=mia, voicemail_pin="80317462")
    house.acme.set_extension_range(first="2000", last="2999")
    document = house.acme.export_tenant()
    assert "80317462" not in json.dumps(document)
    assert {"credentials", "voicemail_pins", "sessions"} <= set(document["left_out"])

    directory, reseller = elsewhere
    reseller.import_tenant(**json.loads(json.dumps(document)))
    with directory.actor(reseller.identity_id, scope_id=house.tenant_id) as there:
        assert json.dumps(there.export_tenant()) == json.dumps(document)
        assert there.find_user(user_id=mia)["package"] == "Plus"
        assert next(pool for pool in there.seat_pools() if pool["name"] == "Plus")["used"] == 1
        assert there.find_user(user_id=mia)["voicemail_pin_set"] is False


def test_I27_a_wrong_row_is_refused_with_its_path_and_nothing_changes(house: House, elsewhere):
    house.user()
    directory, reseller = elsewhere
    before = directory.state_digest()
    document = house.acme.export_tenant()
    document["users"][0]["seats"] = [{"package_id": "package_000000000001", "held_since": "2026-01-01T00:00:00Z"}]
    with pytest.raises(linecard.Invalid) as refused:
        reseller.import_tenant(**document)
    assert (refused.value.reason, refused.value.path) == ("package_unknown", "/users/0/seats/0/package_id")
    assert directory.state_digest() == before

    with pytest.raises(linecard.Conflict) as refused:
        house.reseller.import_tenant(**house.acme.export_tenant())
    assert (refused.value.reason, refused.value.path) == ("already_there", "/tenant/tenant_id")


def test_B5_I5_the_plan_of_who_would_lose_a_seat_is_edited_and_becomes_one_command(house: House):
    plus = house.package["Plus"]
    holders = [house.user(package_id=plus) for _ in range(4)]
    invited = house.acme.add_user(
        first_name="Ina", last_name="Invited", email="ina@acme.example", package_id=plus
    ).created_id("user")
    with pytest.raises(linecard.Conflict, match="shrink_plan") as refused:
        house.acme.set_seat_pool(package_id=plus, purchased=3)
    assert refused.value.reason == "below_use"

    plan = house.acme.shrink_plan(package_id=plus, purchased=3)
    assert [row["reason"] for row in plan["losses"]] == ["invited", "idle"]
    assert plan["losses"][0]["user_id"] == invited
    assert plan["losses"][1]["features_lost"] == ["minutes.included", "video.hipaa"]
    with pytest.raises(linecard.Conflict, match="1 more user must lose") as refused:
        house.acme.shrink_pool(package_id=plus, purchased=3, from_user_ids=[invited])
    assert refused.value.reason == "below_use"

    house.acme.shrink_pool(package_id=plus, purchased=3, from_user_ids=[invited, holders[3]])
    assert house.pool("Plus")["purchased"] == 3 and house.pool("Plus")["used"] == 3
    assert house.acme.find_user(user_id=holders[3])["package"] == "Unassigned"
    assert house.acme.shrink_plan(package_id=plus, purchased=3)["losses"] == []
