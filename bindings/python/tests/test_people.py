"""People over time: suspended, deleted, restored, erased, replaced."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Iterator

import pytest

import linecard
from house import House, furnish
from reached import ANOTHER, CHOSEN, INA, Reached

DAY = 24 * 60 * 60 * 1000


class Company:
    """On a file, so that a number can be put where no command of this part puts one; its clock moves when told."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_790_000_000_000
        self.handed: list[linecard.Handover] = []
        self.path = folder / "people.db"
        directory, _ = linecard.Directory.create(self.path, clock=lambda: self.now, assets=self.keep)
        self.house: House = furnish(directory)
        self.acme = self.house.acme
        self.mia = self.house.user(
            first_name="Mia",
            last_name="Meier",
            email="mia@acme.example",
            package_id=self.house.package["Plus"],
            extension="201",
            external_ref="17",
            forwarding_number="+491701111111",
        )
        self.max = self.house.user(first_name="Max", email="max@acme.example", extension="202")

    def keep(self, handover: linecard.Handover) -> None:
        self.handed.append(handover)

    def number(self, whose: str, e164: str) -> None:
        with sqlite3.connect(self.path) as file:
            file.execute(
                "INSERT INTO dids (tenant_id, number, use, user_id, e911)"
                " SELECT tenant_id, ?, 'direct', user_id, 1 FROM extensions WHERE number = ?",
                (e164, self.acme.find_user(user_id=whose)["extensions"][0]),
            )
        file.close()

    def delete(self, user_id: str, **more: object) -> linecard.Receipt:
        return self.acme.preview.delete_user(user_id=user_id, **more).confirm()  # type: ignore[arg-type]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path)
    yield made
    made.house.close()


def test_S4_17_a_deletion_is_previewed_and_confirmed_and_says_so_when_it_was_not(company: Company):
    with pytest.raises(linecard.Conflict, match="confirmation_needed"):
        company.acme.delete_user(user_id=company.mia)
    preview = company.acme.preview.delete_user(user_id=company.mia)
    assert company.acme.find_user(user_id=company.mia)["state"] == "active"
    assert preview.receipt.numbers == [{"number": "201", "user_id": company.mia, "action": "erased"}]
    preview.confirm()
    with pytest.raises(linecard.NotFound):
        company.acme.find_user(user_id=company.mia)
    operations = linecard.Directory.describe()["operations"]
    assert [name for name in operations if operations[name].get("confirmed")] == ["delete_user", "erase_user"]


def test_B9_a_deleted_user_returns_as_invited_with_the_desk_and_without_line_or_licence(company: Company):
    company.delete(company.mia)
    [gone] = company.acme.deleted_users()["users"]
    assert (gone["user_id"], gone["name"], gone["email"]) == (company.mia, "Mia Meier", "mia@acme.example")
    company.acme.restore_user(user_id=company.mia)
    back = company.acme.find_user(user_id=company.mia)
    assert (back["state"], back["package"], back["extensions"]) == ("invited", "Unassigned", [])
    assert back["external_ref"] == "17" and back["forwarding_number"] is None
    assert [device["name"] for device in back["devices"]] == ["desk"]
    company.acme.activate_user(user_id=company.mia)
    assert company.acme.find_user(user_id=company.mia)["team_role"] == "agent"
    with pytest.raises(linecard.Conflict, match="not_deleted"):
        company.acme.restore_user(user_id=company.mia)


def test_B9_I20_who_returns_proves_the_mailbox_anew(reached: Reached):
    user_id = reached.joined()
    acme = reached.house.acme
    acme.preview.delete_user(user_id=user_id).confirm()
    acme.restore_user(user_id=user_id, send_welcome=True)
    assert not reached.signs_in()
    reached.visitor.accept_invitation(token=reached.token(), password=ANOTHER)
    assert reached.signs_in(INA, ANOTHER) and not reached.signs_in(INA, CHOSEN)


def test_B9_I23_after_the_window_nothing_personal_is_in_the_file_and_the_chains_verify(tmp_path: Path):
    now = [1_790_000_000_000]
    mail = linecard.Mail(mailer=lambda letter: None, link_base="https://pbx.example/#", sender="a@pbx.example")
    path = tmp_path / "erased.db"
    directory, _ = linecard.Directory.create(path, clock=lambda: now[0], mail=mail)
    house = furnish(directory)
    user_id = house.user(first_name="Zaphira", last_name="Querfeld", email="zaphira@acme.example")
    house.acme.preview.delete_user(user_id=user_id).confirm()
    now[0] += 30 * DAY
    with pytest.raises(linecard.Conflict, match="window_over"):
        house.acme.restore_user(user_id=user_id)
    house.directory.pump_mail()
    for actor in (house.acme, house.operator):
        proof = actor.verify_audit()
        assert proof["intact"] and int(proof["erased"]) > 0
    house.close()
    with sqlite3.connect(path) as file:
        dump = "\n".join(file.iterdump())
    file.close()
    assert "Zaphira" not in dump and "uerfeld" not in dump and "zaphira" not in dump


def test_B9_erased_on_request(company: Company):
    company.delete(company.mia)
    company.acme.preview.erase_user(user_id=company.mia).confirm()
    assert company.acme.deleted_users()["users"] == []
    assert "Meier" not in repr(company.acme.audit(limit=500)) and company.acme.verify_audit()["intact"]


def test_B7_a_direct_number_stands_in_the_way_until_it_is_said_what_becomes_of_it(company: Company):
    company.number(company.mia, "+4930100")
    with pytest.raises(linecard.Conflict) as refused:
        company.acme.preview.delete_user(user_id=company.mia)
    assert refused.value.reason == "would_strand" and "+4930100 is a direct number, has E911 switched on" in str(refused.value)
    kinds = [(row["kind"], row["direct_number"]) for row in company.acme.strandings(user_id=company.mia)]
    assert kinds == [("did", "+4930100"), ("e911", "+4930100")]
    assert company.acme.strandings(direct_number="+4930100") == company.acme.strandings(user_id=company.mia)
    receipt = company.delete(company.mia, numbers_to=company.max)
    assert {"number": "+4930100", "user_id": company.max, "action": "inserted"} in receipt.numbers
    assert company.acme.find_user(user_id=company.max)["extensions"] == ["201", "202"]
    company.delete(company.max, release_numbers=True)
    assert company.acme.strandings(direct_number="+4930100") == []


def test_B6_a_person_is_replaced_in_one_command_and_it_is_undone(company: Company):
    company.number(company.mia, "+4930100")
    def both() -> list[dict[str, Any]]:
        people = [company.acme.find_user(user_id=user) for user in (company.mia, company.max)]
        return [{name: person[name] for name in person if name != "version"} for person in people]

    before = both()
    done = company.acme.replace_person(user_id=company.mia, successor_id=company.max)
    mia, max_ = (company.acme.find_user(user_id=user) for user in (company.mia, company.max))
    assert (mia["state"], mia["package"], mia["extensions"], mia["devices"]) == ("active", "Unassigned", [], [])
    assert (max_["package"], max_["extensions"]) == ("Plus", ["201", "202"])
    assert sorted(device["name"] for device in max_["devices"]) == ["desk", "desk-2"]
    [listed] = company.acme.replacements()["replacements"]
    assert listed["replacement_id"] == done.created_id("replacement") and len(listed["items"]) == 5
    company.acme.undo_replacement(replacement_id=listed["replacement_id"])
    assert both() == before


def test_B6_what_has_moved_since_is_named_and_the_window_ends(company: Company):
    done = company.acme.replace_person(user_id=company.mia, successor_id=company.max)
    company.acme.change_package(user_id=company.max, package_id=company.house.package["Basic"])
    with pytest.raises(linecard.Conflict) as refused:
        company.acme.undo_replacement(replacement_id=done.created_id("replacement"))
    assert refused.value.reason == "moved_since" and 'package "Plus"' in str(refused.value)
    company.now += 7 * DAY
    with pytest.raises(linecard.Conflict, match="window_over"):
        company.acme.undo_replacement(replacement_id=done.created_id("replacement"))


def test_S4_17_I2_the_policy_frees_the_seats_of_the_suspended(company: Company):
    assert company.acme.tenant_policy_in_force() == {"suspended_seats": "keep", "restore_days": 30, "undo_days": 7}
    company.acme.set_tenant_policy(suspended_seats="free", undo_days=3)
    assert company.acme.tenant_policy_in_force() == {"suspended_seats": "free", "restore_days": 30, "undo_days": 3}
    company.acme.suspend_user(user_id=company.mia)
    assert company.house.pool("Plus")["used"] == 0
    company.acme.resume_user(user_id=company.mia)
    assert company.acme.find_user(user_id=company.mia)["package"] == "Unassigned"


def test_S4_17_assets_are_handed_to_an_active_user_only(company: Company):
    with pytest.raises(linecard.Conflict, match="successor_is_the_user"):
        company.acme.preview.delete_user(user_id=company.mia, assets_to=company.mia)
    changed = {change["record"] for change in company.delete(company.mia, assets_to=company.max).changes}
    assert "errands" in changed and "departures" in changed
    [told] = company.handed
    assert (told.user_id, told.to_user_id, told.external_ref) == (company.mia, company.max, "17")
