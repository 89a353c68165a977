"""Packages that follow the team role, and seats nobody uses."""

from __future__ import annotations

from typing import Any, Iterator

import pytest

import linecard
from house import House, furnish

DAY = 24 * 60 * 60 * 1000


class Clock:
    now = 1_790_000_000_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(clock: Clock) -> Iterator[House]:
    made = furnish(linecard.Directory.create(memory=True, clock=lambda: clock.now)[0], seats=2)
    yield made
    made.close()


def package_of(house: House, user_id: str) -> str:
    return house.acme.find_user(user_id=user_id)["package"]


def outcomes(house: House, **of: Any) -> dict[str, str]:
    return {row["user_id"]: row["reason"] or row["state"] for row in house.acme.assignments(**of)["assignments"]}


def test_B13_a_rule_gives_the_package_to_everybody_with_the_team_role_now_and_later(house: House):
    ann = house.user()
    preview = house.acme.preview.set_assignment_rule(team_role="agent", package_id=house.package["Plus"])
    assert package_of(house, ann) == "Unassigned"
    preview.confirm()
    bea = house.user()
    assert [package_of(house, who) for who in (ann, bea)] == ["Plus", "Plus"]
    [rule] = house.acme.assignment_rules()
    assert (rule["team_role"], rule["name"]) == ("agent", "Plus")
    house.acme.remove_assignment_rule(team_role="agent")
    assert package_of(house, ann) == "Plus" and outcomes(house) == {}


def test_B13_a_hand_wins_until_the_user_is_named_and_failures_are_kept_and_retried(house: House):
    house.acme.set_assignment_rule(team_role="agent", package_id=house.package["Plus"])
    ann, bea, cea, dea = (house.user(), house.user(package_id=house.package["Pro"]), house.user(), house.user())
    assert outcomes(house) == {ann: "assigned", bea: "assigned_by_hand", cea: "assigned", dea: "no_seat_left"}
    house.acme.unassign_package(user_id=ann)
    assert house.acme.retry_failed_assignments().seats[0]["used_after"] == 2
    assert outcomes(house, state="conflict") == {ann: "unassigned_by_hand", bea: "assigned_by_hand"}
    assert outcomes(house, state="failed") == {}
    house.acme.set_seat_pool(package_id=house.package["Plus"], purchased=5)
    house.acme.retry_assignments(user_ids=[ann, bea])
    assert package_of(house, ann) == "Plus" and package_of(house, bea) == "Pro"
    with pytest.raises(linecard.NotFound) as refused:
        house.acme.retry_assignments(user_ids=[ann, "user_000000000001"])
    assert refused.value.path == "/user_ids/1"


def test_S1_5_a_team_role_moves_only_the_seat_that_a_rule_gave(house: House):
    house.acme.set_assignment_rule(team_role="agent", package_id=house.package["Plus"])
    house.acme.set_assignment_rule(team_role="lead", package_id=house.package["Pro"])
    ann, bea = house.user(), house.user(team_role="cook", package_id=house.package["Basic"])
    for who in (ann, bea):
        house.acme.edit_user(user_id=who, team_role="lead")
    assert package_of(house, ann) == "Pro" and package_of(house, bea) == "Basic"
    house.acme.change_package(user_id=ann, package_id=house.package["Basic"])
    assert house.acme.find_user(user_id=ann)["team_role"] == "lead"


def test_B12_idle_seats_are_listed_longest_first_and_their_savings_add_up(house: House, clock: Clock):
    ann, bea = (house.user(package_id=house.package[name]) for name in ("Plus", "Pro"))
    clock.now += 100 * DAY
    assert house.acme.idle_seats(idle_days=101) == {"idle_seats": [], "next": None}
    house.acme.note_activity(
        activities=[
            {"user_id": ann, "last_active_at": "2026-11-01T00:00:00Z"},
            {"user_id": ann, "last_active_at": "2026-10-01T00:00:00Z"},
        ]
    )
    page = house.acme.idle_seats(idle_days=30, limit=1)
    [first] = page["idle_seats"]
    [second] = house.acme.idle_seats(idle_days=30, limit=1, after=page["next"])["idle_seats"]
    assert (first["user_id"], first["last_active_at"], first["saves_minor"]) == (bea, None, 2999)
    assert (second["user_id"], second["last_active_at"], second["saves_minor"]) == (ann, "2026-11-01T00:00:00.000Z", 1999)
    assert [row["user_id"] for row in house.acme.idle_seats(idle_since="2026-10-15T00:00:00Z")["idle_seats"]] == [bea]


def test_B12_a_report_is_refused_whole_and_names_the_entry(house: House, clock: Clock):
    ann = house.user()
    late = {"user_id": ann, "last_active_at": "2999-01-01T00:00:00Z"}
    with pytest.raises(linecard.Invalid) as refused:
        house.acme.note_activity(activities=[{"user_id": ann, "last_active_at": "2026-01-01T00:00:00Z"}, late])
    assert refused.value.path == "/activities/1/last_active_at"
