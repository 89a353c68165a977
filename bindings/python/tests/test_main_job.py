"""A tenant's users get licence packages."""

from __future__ import annotations

from pathlib import Path

import pytest

import linecard
from main_job import do_main_job


def test_the_main_job_in_memory():
    do_main_job(memory=True)


def test_the_main_job_in_a_file_that_is_opened_again(tmp_path: Path):
    check_again = do_main_job(path=tmp_path / "acme.db")
    check_again(path=str(tmp_path / "acme.db"))


def test_the_host_key_opens_the_directory_as_text_too_another_key_does_not(tmp_path: Path):
    directory, key = linecard.Directory.create(tmp_path / "acme.db")
    directory.close()
    linecard.Directory.open(tmp_path / "acme.db", host_key=key.text).close()
    other, wrong = linecard.Directory.create(memory=True)
    other.close()
    with pytest.raises(linecard.Denied, match="wrong_host_key"):
        linecard.Directory.open(tmp_path / "acme.db", host_key=wrong)
    with pytest.raises(linecard.Invalid, match="host_key_invalid"):
        linecard.Directory.open(tmp_path / "acme.db", host_key="no key")
    with pytest.raises(linecard.NotFound, match="not_created"):
        linecard.Directory.open(tmp_path / "empty.db", host_key=key)
    with pytest.raises(linecard.Conflict, match="already_created"):
        linecard.Directory.create(tmp_path / "acme.db")


def test_the_host_key_shows_itself_only_when_asked_for_its_text():
    directory, key = linecard.Directory.create(memory=True)
    directory.close()
    assert key.text.startswith("lckey1_")
    assert key.text not in repr(key) + str(key) + f"{key}"
    assert key == linecard.HostKey(key.text) and key != linecard.HostKey("other")


def test_an_actor_knows_who_acts_and_where(house):
    with house.directory.actor(house.operator.identity_id) as again:
        assert again.scope_id == house.operator.scope_id == house.directory.platform_id
        assert again.identity_id == house.operator.identity_id
    assert house.tenant_id.startswith("tenant_")


def test_check_answers_what_a_host_asks_before_every_action(house):
    user = house.user(email="ada@acme.example", role="administrator")
    with house.directory.actor(email="ada@acme.example") as ada:
        who = ada.identity_id
    assert house.directory.check(who, "license.assign", scope_id=house.tenant_id)
    assert not house.directory.check(who, "package.manage", scope_id=house.tenant_id)
    assert not house.directory.check(who, "license.assign")
    with pytest.raises(linecard.Invalid, match="permission_unknown"):
        house.directory.check(who, "license.assing", scope_id=house.tenant_id)
    with pytest.raises(linecard.WrongKind, match="identity_id"):
        house.directory.check(user, "license.assign")


def test_each_user_goes_through_all_pages(house):
    names = [house.user() for _ in range(7)]
    house.acme.users = lambda _users=house.acme.users, **fields: _users(**{**fields, "limit": 2})
    assert {user["user_id"] for user in house.acme.each_user()} == set(names)


def test_int64_members_are_int_and_details_parse(house):
    house.user()
    entry = house.acme.audit(limit=1)["entries"][0]
    assert type(entry["seq"]) is int
    assert {change["record"] for change in linecard.audit.details(entry)} >= {"users", "team_members"}
    assert house.acme.audit(before=2)["entries"][0]["seq"] == 1
    receipt = house.acme.preview.assign_package(user_id=house.user(), package_id=house.package["Basic"]).receipt
    assert receipt.price_differences == [{"currency": "EUR", "minor": 999, "amount": "9.99 EUR"}]


def test_call_takes_any_operation_by_name(house):
    receipt = house.acme.call("enable_service", service="video")
    assert isinstance(receipt, linecard.Receipt) and receipt.command == "enable_service"
    assert house.acme.call("users", search=None)["users"] == []


def test_a_receipt_is_the_dict_the_library_wrote_and_its_members_are_attributes(house):
    receipt = house.acme.enable_service(service="video")
    for name in linecard.schema.describe()["operations"]["enable_service"]["answer"]["properties"]:
        assert getattr(receipt, name) == receipt[name], name
    assert receipt.audit_seq == house.acme.audit(limit=1)["entries"][0]["seq"]
    with pytest.raises(LookupError, match="enable_service made no user"):
        receipt.created_id("user")


def test_the_package_has_the_version_of_its_library():
    assert linecard.__version__ == linecard.Directory.describe()["linecard"]
