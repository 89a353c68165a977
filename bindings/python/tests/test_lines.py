"""B11: whose line it is, one and many, as queries tell it; nothing found where nothing can be known."""

import dataclasses
import sqlite3

import pytest

import linecard
from dict_store import DictStore
from house import furnish


@pytest.fixture
def ann(house):
    return house.user(
        email="ann@acme.example",
        extension="2001",
        external_ref="crm-4711",
        forwarding_number="+4915112345678",
        package_id=house.package["Plus"],
    )


def test_B11_a_line_is_found_by_user_extension_and_the_hosts_id(house, ann):
    directory, tenant = house.directory, house.tenant_id
    line = directory.line(user_id=ann)
    assert (line.found, line.rings, line.user_id, line.tenant_id) == (True, True, ann, tenant)
    assert (line.extension, line.forwarding, line.screening) == ("2001", "+4915112345678", True)
    assert (line.international, line.e911, line.use) == (False, False, None)
    assert (line.extension_count, line.caller_id, line.e911_caller_id, line.label) == (1, None, None, None)
    assert line.stale_ms == 0
    assert line.entitled("video.hipaa") and line.entitled("minutes.included")
    for other in (
        directory.line(tenant_id=tenant, extension="2001"),
        directory.line(tenant_id=tenant, external_ref="crm-4711"),
        directory.line(user_id=linecard.id_number(ann)),
        directory.line(tenant_id=linecard.id_number(tenant), extension="2001"),
    ):
        assert other == line
    with pytest.raises(dataclasses.FrozenInstanceError):
        line.rings = False


def test_B11_a_suspended_users_line_is_found_and_does_nothing(house, ann):
    assert house.directory.line(user_id=ann).rings
    house.acme.suspend_user(user_id=ann)
    line = house.directory.line(tenant_id=house.tenant_id, extension="2001")
    assert line.found and line.user_id == ann
    assert not (line.rings or line.screening or line.international or line.entitlements or line.forwarding)
    house.acme.resume_user(user_id=ann)
    assert house.directory.line(user_id=ann).forwarding == "+4915112345678"


def test_B11_entitlements_say_what_the_query_says(house, ann):
    for package in ("Basic", "Pro", "Plus", None):
        if package:
            house.acme.change_package(user_id=ann, package_id=house.package[package])
        else:
            house.acme.unassign_package(user_id=ann)
        for feature in ("video.hipaa", "minutes.included"):
            told = house.acme.entitled(user_id=ann, feature=feature)
            assert house.directory.line(user_id=ann).entitled(feature) is told["entitled"]
    with pytest.raises(linecard.Invalid) as no:
        house.directory.line(user_id=ann).entitled("no.such")
    assert no.value.reason == "feature_unknown"


def test_B11_numbers_one_and_many(tmp_path):
    directory, key = linecard.Directory.create(tmp_path / "a.db")
    house = furnish(directory)
    ann = house.user(extension="2001")
    tenant = house.tenant_id
    assert directory.lines([]) == []
    assert not directory.line(direct_number="+493012345").found
    house.close()
    raw = sqlite3.connect(tmp_path / "a.db")  # as the inventory stands in the file
    for number, use, user, label in (
        ("+493012345", "direct", linecard.id_number(ann), ""),
        ("+493000", "main", None, ""),
        ("+493007", "other", None, "Fax"),
    ):
        values = (linecard.id_number(tenant), number, use, user, label)
        raw.execute("INSERT INTO dids (tenant_id, number, use, user_id, e911, label) VALUES (?, ?, ?, ?, 1, ?)", values)
        raw.execute("INSERT INTO did_claims (number, tenant_id) VALUES (?, ?)", (number, linecard.id_number(tenant)))
    raw.commit()
    raw.close()
    with linecard.Directory.open(tmp_path / "a.db", host_key=key) as directory:
        direct, none, main = directory.lines(["+493012345", "+4999", "+493000"])
        assert (direct.use, direct.user_id, direct.rings, direct.e911) == ("direct", ann, True, True)
        assert (main.use, main.user_id, main.rings, main.tenant_id) == ("main", None, False, tenant)
        assert (direct.caller_id, direct.e911_caller_id) == ("+493012345", "+493012345")
        assert directory.line(direct_number="+493007").label == "Fax"
        assert not none.found and none.use is None and none.tenant_id is None
        for number, line in (("+493012345", direct), ("+4999", none), ("+493000", main)):
            assert directory.line(direct_number=number) == line


def test_what_cannot_be_asked_is_refused(house, ann):
    directory = house.directory
    for wrong in (
        {},
        {"direct_number": "+4930", "user_id": ann},
        {"extension": "2001"},
        {"tenant_id": house.tenant_id},
        {"user_id": ann, "tenant_id": house.tenant_id},
    ):
        with pytest.raises(linecard.Invalid) as no:
            directory.line(**wrong)
        assert no.value.reason == "one_key_needed"
    for wrong in (
        {"user_id": "nonsense"},
        {"tenant_id": "nonsense", "extension": "2001"},
        {"user_id": -1},
        {"direct_number": "\ud800"},
    ):
        with pytest.raises(linecard.Invalid):
            directory.line(**wrong)
    with pytest.raises(linecard.WrongKind):
        directory.line(user_id=house.tenant_id)
    with pytest.raises(linecard.Invalid):
        directory.lines(["+49\0"])
    for text in ("+14165550100", b"+14165550100"):  # not twelve numbers of a letter
        with pytest.raises(TypeError, match="direct_numbers must be a list"):
            directory.lines(text)
        with pytest.raises(TypeError, match="direct_numbers must be a list"):
            house.acme.add_dids(direct_numbers=text)
    with pytest.raises(TypeError, match="user_ids must be a list"):
        house.acme.assign_packages(user_ids=ann, package_id=house.package["Plus"])
    directory.close()
    with pytest.raises(linecard.LinecardError):
        directory.line(user_id=ann)


def test_B11_the_last_known_line_is_told_while_a_store_in_python_is_away():
    class Leaving(DictStore):
        away = False

        def begin(self, *, write):
            if self.away:
                raise OSError("unplugged")
            return super().begin(write=write)

    store = Leaving()
    with linecard.Directory.create(store=store)[0] as directory:
        house = furnish(directory)
        ben = house.user(email="ben@acme.example", extension="2001")
        assert directory.line(user_id=ben).rings
        house.acme.edit_user(user_id=ben, forwarding_number="+4915112345678")
        store.away = True
        known = directory.line(user_id=ben)
        assert known.rings and known.stale_ms > 0 and known.forwarding is None
        assert directory.lines(["+49300"])[0].stale_ms > 0
        with pytest.raises(OSError, match="unplugged"):
            house.acme.find_user(user_id=ben)
