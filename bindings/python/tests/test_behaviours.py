"""The numbered behaviours of linecard, as a Python host meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import linecard
from house import House, furnish

TELEPHONE_SIDE = ("state", "team_role", "forwarding_number", "extensions", "devices", "language", "external_ref")


def row(house: House, user_id: str) -> dict[str, Any]:
    return next(user for user in house.acme.each_user() if user["user_id"] == user_id)


def refused(kind: type, reason: str) -> Any:
    return pytest.raises(kind, match=rf"\({reason}[ )]")


# ---- S1 licence assignment


def test_S1_1_only_an_administrator_of_the_tenant_or_above_lists_users_or_changes_licences(house: House):
    member = house.user(email="member@acme.example")
    house.user(email="admin@acme.example", role="administrator")
    basic = house.package["Basic"]
    with house.directory.actor(email="member@acme.example", scope_id=house.tenant_id) as actor:
        for attempt in (
            actor.users,
            actor.seat_pools,
            lambda: actor.assign_package(user_id=member, package_id=basic),
            lambda: actor.unassign_package(user_id=member),
            lambda: actor.preview.assign_package(user_id=member, package_id=basic),
        ):
            with refused(linecard.Denied, "permission_denied"):
                attempt()
    assert [denial["command"] for denial in house.acme.denials()] == ["unassign_package", "assign_package"]
    with house.directory.actor(email="admin@acme.example", scope_id=house.tenant_id) as actor:
        assert len(actor.users()["users"]) == 2
        actor.assign_package(user_id=member, package_id=basic)
    bolt = house.another_tenant()
    with house.directory.actor(email="admin@acme.example", scope_id=bolt.scope_id) as stranger:
        with refused(linecard.Denied, "permission_denied"):
            stranger.users()


def test_S1_2_a_row_without_package_shows_exactly_Unassigned(house: House):
    user = house.user(first_name="Åsa", last_name="Öberg", email="asa@acme.example")
    shown = row(house, user)
    assert (shown["name"], shown["initials"], shown["email"]) == ("Åsa Öberg", "ÅÖ", "asa@acme.example")
    assert shown["package"] == "Unassigned" and shown["package_id"] is None
    house.acme.assign_package(user_id=user, package_id=house.package["Plus"])
    assert row(house, user)["package"] == "Plus"


def test_S1_3_search_matches_any_part_of_names_or_email_ignoring_case_and_accents(house: House):
    user = house.user(first_name="Renée", last_name="D'Amours", email="rd@acme.example")
    house.user(first_name="Ada", last_name="Byron", email="ada@acme.example")
    for search in ("renee", "AMOURS", "née d", "rd@", "RENÉE D'AM"):
        assert [found["user_id"] for found in house.acme.each_user(search=search)] == [user], search
    assert len(house.acme.users(search="")["users"]) == len(house.acme.users()["users"]) == 2
    assert house.acme.users(search="nobody")["users"] == []


def test_S1_4_assigning_or_changing_a_package_alters_only_the_seat(house: House):
    user = house.user(forwarding_number="+15145550100", external_ref="A-1")
    before = house.acme.find_user(user_id=user)
    for receipt in (
        house.acme.assign_package(user_id=user, package_id=house.package["Basic"]),
        house.acme.change_package(user_id=user, package_id=house.package["Plus"]),
        house.acme.unassign_package(user_id=user),
    ):
        assert {change["record"] for change in receipt.changes} <= {"seats", "seat_pools"}
        assert receipt.untouched["rows"] > 0
        assert receipt.untouched["before"] == receipt.untouched["after"]
        after = house.acme.find_user(user_id=user)
        assert {name: after[name] for name in TELEPHONE_SIDE} == {name: before[name] for name in TELEPHONE_SIDE}


def test_S1_5_package_and_team_role_are_separate_fields(house: House):
    user = house.user(team_role="supervisor")
    house.acme.assign_package(user_id=user, package_id=house.package["Pro"])
    found = house.acme.find_user(user_id=user)
    assert (found["package"], found["team_role"]) == ("Pro", "supervisor")


def test_S1_6_what_is_not_selectable_is_refused_and_the_reason_says_which_of_four(house: House):
    user = house.user()

    def define(name: str, **fields: Any) -> str:
        return house.operator.define_package(name=name, currency="EUR", **fields).created_id("package")

    retired, unoffered, video = define("Old"), define("Secret"), define("Video", services=["video"])
    for package_id in (retired, video):
        house.acme.offer_package(package_id=package_id)
        house.acme.set_seat_pool(package_id=package_id, purchased=1)
    house.operator.retire_package(package_id=retired)
    for package_id, kind, reason in (
        ("package_000000000001", linecard.NotFound, "package_unknown"),
        (unoffered, linecard.Conflict, "package_not_offered"),
        (retired, linecard.Conflict, "package_retired"),
        (video, linecard.Conflict, "service_not_enabled"),
    ):
        with refused(kind, reason):
            house.acme.assign_package(user_id=user, package_id=package_id)
    house.acme.enable_service(service="video")
    house.acme.assign_package(user_id=user, package_id=video)


def test_S1_7_a_preview_changes_nothing_at_all(house: House):
    user = house.user()
    before = house.directory.state_digest()
    house.acme.preview.assign_package(user_id=user, package_id=house.package["Basic"])
    house.acme.preview.add_user(first_name="A", last_name="B", email="a@acme.example", send_welcome=True)
    assert house.directory.state_digest() == before


def test_S1_10_the_library_says_why_unassigned_why_not_selectable_and_why_the_role_did_not_change(house: House):
    user = house.user()
    assert house.acme.why_unassigned(user_id=user)["reason"] == "never_assigned"
    house.acme.assign_package(user_id=user, package_id=house.package["Basic"])
    assert house.acme.why_unassigned(user_id=user)["assigned"]
    assert house.acme.why_role_unchanged(user_id=user)["reason"] == "separate_fields"
    house.acme.unassign_package(user_id=user)
    why = house.acme.why_unassigned(user_id=user)
    assert (why["reason"], why["command"], why["selectable"]) == ("taken", "unassign_package", 3)
    house.acme.withdraw_package(package_id=house.package["Plus"])
    reasons = {package["name"]: package["reason"] for package in house.acme.selectable_packages()}
    assert reasons == {"Basic": "", "Plus": "package_not_offered", "Pro": ""}


def test_S1_11_a_user_can_be_set_back_to_Unassigned_and_a_full_pool_blocks_unless_overage_is_allowed(house: House):
    basic = house.package["Basic"]
    house.acme.set_seat_pool(package_id=basic, purchased=1, overage="block")
    first, second = house.user(), house.user()
    house.acme.assign_package(user_id=first, package_id=basic)
    with refused(linecard.LimitReached, "no_seat_left"):
        house.acme.assign_package(user_id=second, package_id=basic)
    house.acme.unassign_package(user_id=first)
    assert row(house, first)["package"] == "Unassigned"
    house.acme.assign_package(user_id=second, package_id=basic)
    house.acme.set_seat_pool(package_id=basic, purchased=1, overage="allow")
    house.acme.assign_package(user_id=first, package_id=basic)
    assert (house.pool("Basic")["used"], house.pool("Basic")["free"]) == (2, -1)


def test_S1_11_an_invited_user_reserves_a_seat_and_acceptance_converts_it(house: House):
    made = house.acme.add_user(
        first_name="Ada", last_name="Byron", email="ada@acme.example", package_id=house.package["Basic"]
    )
    assert (house.pool("Basic")["used"], house.pool("Basic")["reserved"]) == (0, 1)
    house.acme.activate_user(user_id=made.created_id("user"))
    assert (house.pool("Basic")["used"], house.pool("Basic")["reserved"]) == (1, 0)


# ---- S2 inviting a user


def test_S2_1_an_identity_is_unique_by_email_and_a_user_of_each_tenant_at_most_once(house: House):
    user = house.user(email="ada@acme.example")
    with refused(linecard.Conflict, "already_a_user"):
        house.acme.add_user(first_name="A", last_name="B", email="ADA@Acme.Example")
    bolt = house.another_tenant()
    elsewhere = bolt.add_user(first_name="Ada", last_name="B", email="Ada@acme.example").created_id("user")
    assert elsewhere != user
    here, there = (house.directory.actor(email="ada@acme.example", scope_id=a.scope_id) for a in (house.acme, bolt))
    with here, there:
        assert here.identity_id == there.identity_id


def test_S2_2_adding_takes_names_email_language_role_package_and_whether_to_send_the_welcome_mail(house: House):
    receipt = house.acme.add_user(
        first_name="Ada",
        last_name="Byron",
        email="ada@acme.example",
        language="fr-CA",
        role="administrator",
        package_id=house.package["Plus"],
        send_welcome=True,
    )
    found = house.acme.find_user(email="ada@acme.example")
    assert (found["first_name"], found["last_name"], found["language"]) == ("Ada", "Byron", "fr-CA")
    assert found["administrator"] and found["package"] == "Plus"
    assert [(mail["letter"], mail["language"]) for mail in receipt.mail] == [("welcome", "fr-CA")]
    silent = house.acme.add_user(first_name="Bob", last_name="Çelik", email="bob@acme.example")
    assert silent.mail == []


def test_S2_3_the_user_is_listed_at_once_as_invited(house: House):
    user = house.acme.add_user(first_name="A", last_name="B", email="a@acme.example").created_id("user")
    assert row(house, user)["state"] == "invited"


def test_S2_6_role_and_package_are_two_inputs(house: House):
    receipt = house.acme.add_user(
        first_name="A", last_name="B", email="a@acme.example", role="administrator"
    )
    shown = row(house, receipt.created_id("user"))
    assert shown["administrator"] and shown["package"] == "Unassigned"
    assert [permission["role"] for permission in receipt.permissions] == ["administrator"]


# ---- S4 plans


def test_S4_2_the_list_sorts_by_last_then_first_name_without_accents_and_lists_unused_seats(house: House):
    for first, last in (("Zoë", "Ångström"), ("Bob", "Zed"), ("Ann", "Angstrom"), ("Émile", "Byron"), ("Eve", "byron")):
        house.user(first_name=first, last_name=last)
    names = [user["name"] for user in house.acme.each_user()]
    assert names == ["Ann Angstrom", "Zoë Ångström", "Émile Byron", "Eve byron", "Bob Zed"]
    unused = {pool["name"]: pool["free"] for pool in house.acme.users()["unused"]}
    assert unused == {"Basic": 5, "Plus": 5, "Pro": 5}


def test_S4_5_a_user_holds_at_most_one_base_plan_changeable_any_time(house: House):
    user = house.user()
    house.acme.assign_package(user_id=user, package_id=house.package["Basic"])
    with refused(linecard.Conflict, "already_assigned"):
        house.acme.assign_package(user_id=user, package_id=house.package["Plus"])
    receipt = house.acme.change_package(user_id=user, package_id=house.package["Plus"])
    assert receipt.price_differences == [{"currency": "EUR", "minor": 1000, "amount": "10.00 EUR"}]
    assert {seat["package"]: seat["used_after"] for seat in receipt.seats} == {"Basic": 0, "Plus": 1}


def test_S4_6_entitled_answers_with_the_features_value(house: House):
    user = house.user()
    house.acme.assign_package(user_id=user, package_id=house.package["Basic"])
    assert not house.acme.entitled(user_id=user, feature="video.hipaa")["entitled"]
    assert house.acme.entitled(user_id=user, feature="minutes.included")["setting"] == "100"
    house.acme.change_package(user_id=user, package_id=house.package["Pro"])
    answer = house.acme.entitled(user_id=user, feature="video.hipaa")
    assert answer == {"entitled": True, "setting": "yes", "package_id": house.package["Pro"]}


# ---- B beyond the pages


def test_B1_a_receipt_tells_before_and_after_seats_price_numbers_permissions_and_mail(house: House):
    adopted = house.acme.adopt_user(
        first_name="Ada",
        last_name="Byron",
        email="ada@acme.example",
        extension="301",
        role="administrator",
        package_id=house.package["Plus"],
    )
    user = adopted.created_id("user")
    assert [(number["number"], number["user_id"], number["action"]) for number in adopted.numbers] == [
        ("301", user, "inserted")
    ]
    assert [permission["role"] for permission in adopted.permissions] == ["administrator"]
    changed = house.acme.change_package(user_id=user, package_id=house.package["Pro"])
    seat = next(change for change in changed.changes if change["record"] == "seats")
    moved = next(column for column in seat["columns"] if column["column"] == "package_id")
    assert (moved["before"], moved["after"]) == (house.package["Plus"], house.package["Pro"])
    assert changed.price_differences == [{"currency": "EUR", "minor": 1000, "amount": "10.00 EUR"}]
    assert changed.audit_seq == adopted.audit_seq + 1


def test_B2_a_confirmed_preview_does_exactly_what_it_showed(house: House):
    user = house.user()
    preview = house.acme.preview.assign_package(user_id=user, package_id=house.package["Basic"])
    assert preview.receipt.audit_seq is None
    done = preview.confirm()
    same = set(preview.receipt) - {"audit_seq", "token"}
    assert {name: done[name] for name in same} == {name: preview.receipt[name] for name in same}
    assert preview.token == preview.receipt.token and done.token is None and done.audit_seq


def test_B2_confirming_fails_when_anything_the_preview_read_has_moved(house: House):
    user, other = house.user(), house.user()
    preview = house.acme.preview.assign_package(user_id=user, package_id=house.package["Basic"])
    house.acme.assign_package(user_id=other, package_id=house.package["Basic"])
    with refused(linecard.Stale, "preview_moved"):
        preview.confirm()
    assert row(house, user)["package"] == "Unassigned"


def test_B2_a_token_serves_the_same_request_from_the_same_actor_only(house: House):
    user = house.user()
    basic, plus = house.package["Basic"], house.package["Plus"]
    token = house.acme.preview.assign_package(user_id=user, package_id=basic).token
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    with pytest.raises(linecard.LinecardError):
        house.acme.confirm(token, "assign_package", user_id=user, package_id=plus)
    with refused(linecard.Invalid, "token_invalid"):
        house.acme.confirm(forged, "assign_package", user_id=user, package_id=basic)
    with house.in_scope(house.tenant_id) as same_person:
        same_person.confirm(token, "assign_package", user_id=user, package_id=basic)
    assert row(house, user)["package"] == "Basic"


def test_B4_two_processes_on_one_file_do_not_oversell(tmp_path: Path):
    path = tmp_path / "acme.db"
    directory, key = linecard.Directory.create(path, busy_timeout_ms=20_000)
    house = furnish(directory, seats=7)
    users = [house.user() for _ in range(20)]
    worker = [sys.executable, "-B", str(Path(__file__).parent / "seat_taker.py"), str(path), house.tenant_id]
    takers = [
        subprocess.Popen(
            [*worker, house.package["Basic"], *some], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for some in (users[:10], users[10:])
    ]
    for taker in takers:
        assert taker.stdin and taker.stdout
        taker.stdin.write(key.text + "\n")
        taker.stdin.flush()
        assert taker.stdout.readline() == "ready\n"
    for taker in takers:  # both stand at the line
        assert taker.stdin
        taker.stdin.write("go\n")
        taker.stdin.flush()
    given = [int(taker.communicate()[0]) for taker in takers]
    assert [taker.returncode for taker in takers] == [0, 0]
    assert sum(given) == 7
    pool = house.pool("Basic")
    assert (pool["used"], pool["free"]) == (7, 0)
    assert sum(user["package"] == "Basic" for user in house.acme.each_user()) == 7
    assert house.acme.verify_audit()["intact"]
    house.close()


def test_B8_each_committed_command_is_one_audit_entry_with_who_when_before_and_after(house: House):
    user = house.user()
    before = house.acme.verify_audit()["entries"]
    receipt = house.acme.assign_package(user_id=user, package_id=house.package["Basic"])
    house.acme.assign_package(user_id=user, package_id=house.package["Basic"])  # held already: nothing to record
    with pytest.raises(linecard.Conflict):
        house.acme.assign_package(user_id=user, package_id=house.package["Plus"])
    entries = house.acme.changes_since(since=before)["entries"]
    assert [entry["seq"] for entry in entries] == [receipt.audit_seq]
    entry = entries[0]
    assert (entry["command"], entry["actor_id"]) == ("assign_package", house.operator.identity_id)
    assert (entry["acting_in_id"], entry["at"]) == (house.tenant_id, receipt.at)
    pool = next(c for c in linecard.audit.details(entry) if c["record"] == "seat_pools")
    assert pool["columns"] == {"used": [0, 1]}


def test_B8_personal_values_stand_beside_the_entry_not_in_it(house: House):
    house.user(first_name="Wilhelmina", email="wilhelmina@acme.example")
    for actor, value in ((house.acme, "Wilhelmina"), (house.operator, "wilhelmina@acme.example")):
        entry = actor.audit(limit=1)["entries"][0]
        assert value not in entry["details"]
        assert value in [personal["text"] for personal in entry["personal"]]


def test_B10_a_dry_run_has_a_verdict_for_each_row_naming_line_and_column(house: House, data: Path):
    csv = (data / "acme_users.csv").read_bytes().decode()
    grow(house)
    before = house.directory.state_digest()
    verdicts = house.acme.check_import(csv=csv)
    assert house.directory.state_digest() == before
    assert (verdicts["profile"], verdicts["accepted"], verdicts["refused"]) == ("plain", 253, 10)
    bad = {verdict["line"]: verdict["column"] for verdict in verdicts["verdicts"] if not verdict["accepted"]}
    assert bad == dirty_rows(data)
    assert all(verdict["message"] for verdict in verdicts["verdicts"] if not verdict["accepted"])


def test_B10_an_import_is_all_or_nothing_or_the_good_rows(house: House, data: Path):
    csv = (data / "acme_users.csv").read_bytes().decode()
    grow(house)
    before = house.directory.state_digest()
    with refused(linecard.LinecardError, "row_refused") as first:
        house.acme.import_users(csv=csv, policy="all_or_nothing")
    assert f"line {min(dirty_rows(data))}" in first.value.message
    assert house.directory.state_digest() == before

    receipt = house.acme.import_users(csv=csv, policy="good_rows")
    assert sum(made.startswith("user_") for made in receipt.created) == 253
    assert len(list(house.acme.each_user())) == 253
    used = {pool["name"]: pool["used"] for pool in house.acme.seat_pools()}
    assert sum(used.values()) == sum(user["package"] != "Unassigned" for user in house.acme.each_user())
    assert house.acme.find_user(external_ref="AC-10003")["first_name"] == "Íñigo"
    assert house.acme.verify_audit()["intact"]


def test_B10_a_3cx_export_is_recognised_by_its_header(house: House, data: Path):
    csv = (data / "acme_3cx.csv").read_bytes().decode()
    verdicts = house.acme.check_import(csv=csv)
    assert verdicts["profile"] == "threecx"
    assert [v["line"] for v in verdicts["verdicts"] if not v["accepted"]] == [9, 21, 35]
    assert "Department" in verdicts["ignored_columns"]
    house.acme.import_users(csv=csv, policy="good_rows")
    assert house.acme.find_user(email="veronique.bergeron@acme.example")["extensions"] == ["100"]


def grow(house: House) -> None:
    for package_id in house.package.values():
        house.acme.set_seat_pool(package_id=package_id, purchased=200)


def dirty_rows(data: Path) -> dict[int, str]:
    """What examples/data/README.md promises: the first of its tables."""
    table = (data / "README.md").read_text().split("Rows that look odd")[0]
    cells = [line.split("|") for line in table.splitlines() if line.startswith("| ")]
    rows = {int(cell[1]): cell[2].strip() for cell in cells if cell[1].strip().isdigit()}
    assert len(rows) == 10
    return rows


def test_B14_an_adopted_user_is_active_at_once_without_mail_and_found_by_the_hosts_own_id(house: House):
    receipt = house.acme.adopt_user(
        first_name="Ada",
        last_name="Byron",
        email="ada@acme.example",
        extension="301",
        external_ref="crm/4711",
        team_role="agent",
        devices=[{"name": "desk", "description": json.dumps({"mac": "00:15:65:00:00:01"})}],
    )
    assert receipt.mail == []
    found = house.acme.find_user(external_ref="crm/4711")
    assert found["user_id"] == receipt.created_id("user")
    assert (found["state"], found["extensions"], found["team_role"]) == ("active", ["301"], "agent")
    assert json.loads(found["devices"][0]["description"]) == {"mac": "00:15:65:00:00:01"}
    for name, value in (("external_ref", "crm/4711"), ("extension", "301")):
        with refused(linecard.Conflict, f"{name}_taken"):
            house.acme.adopt_user(first_name="Bob", last_name="Çelik", email="bob@acme.example", **{name: value})
    bolt = house.another_tenant()
    bolt.adopt_user(
        first_name="Bob", last_name="Ç", email="bob@bolt.example", external_ref="crm/4711", extension="301"
    )
    with refused(linecard.NotFound, "user_unknown"):
        house.acme.find_user(email="bob@bolt.example")
