"""Checks: one, many and everything at once tell the same, from texts, numbers, lists and arrays."""

from array import array

import pytest

import linecard

NAMES = ["license.assign", "package.manage", "user.manage", "control_panel.use"]


@pytest.fixture
def people(house):
    house.user(email="ada@acme.example", role="administrator")
    house.user(email="bob@acme.example")
    found = [house.operator.identity_id]
    for email in ("ada@acme.example", "bob@acme.example"):
        with house.directory.actor(email=email) as actor:
            found.append(actor.identity_id)
    return found


def test_I7_one_many_and_all_at_once_tell_the_same(house, people):
    directory, questions, expected = house.directory, [], []
    for who in people:
        for scope in (house.tenant_id, None):
            held = directory.effective(who, scope_id=scope)
            for name in NAMES:
                allowed = directory.check(who, name, scope_id=scope)
                assert (name in held) is allowed
                assert (directory.permission_id(name) in held) is allowed
                assert directory.check(linecard.id_number(who), directory.permission_id(name), scope_id=scope) is allowed
                questions.append((who, name, scope or directory.platform_id))
                expected.append(int(allowed))
    assert sum(expected) == 8 + 3  # the operator's everywhere; the administrator's but packages, in the tenant
    who, names, scopes = (list(column) for column in zip(*questions))
    assert directory.check_many(who, names, scopes) == bytes(expected)
    numbers = [linecard.id_number(w) for w in who], [directory.permission_id(n) for n in names], [linecard.id_number(s) for s in scopes]
    assert directory.check_many(*numbers) == bytes(expected)
    arrays = array("Q", numbers[0]), array("I", numbers[1]), array("Q", numbers[2])
    assert directory.check_many(*arrays) == bytes(expected)
    assert directory.check_many(*(memoryview(bytes(a)).cast(a.typecode) for a in arrays)) == bytes(expected)


def test_one_permission_and_one_scope_are_meant_for_all(house, people):
    assert house.directory.check_many(people, "license.assign", house.tenant_id) == bytes([1, 1, 0])
    assert house.directory.check_many(people, "package.manage") == bytes([1, 0, 0])
    assert house.directory.check_many([], "package.manage") == b""


def test_I10_a_revocation_counts_with_the_next_check(house, people):
    assert house.directory.check(people[1], "license.assign", scope_id=house.tenant_id)
    house.operator.call("suspend_identity", email="ada@acme.example")
    assert not house.directory.check(people[1], "license.assign", scope_id=house.tenant_id)
    assert len(house.directory.effective(people[1], scope_id=house.tenant_id)) == 0


def test_columns_that_do_not_fit_are_refused(house, people):
    directory = house.directory
    for columns in (
        (people, array("I", [9, 9]), house.tenant_id),
        (people, "license.assign", array("Q", [1])),
        (people, array("Q", [9, 9, 9]), house.tenant_id),
        ([-1], "license.assign", house.tenant_id),
        (["x"], "license.assign", house.tenant_id),
    ):
        with pytest.raises(linecard.Invalid):
            directory.check_many(*columns)
    with pytest.raises(linecard.Invalid, match="permission_unknown"):
        directory.check_many(people, "license.assing", house.tenant_id)
    with pytest.raises(linecard.Invalid, match="permission_unknown"):
        _ = "no.such" in directory.effective(people[0])
    with pytest.raises(linecard.Invalid, match="permission_unknown"):
        directory.check(people[0], 0)


@pytest.mark.parametrize("wrong", [-1, 0, 256, 2**32 + 9, 2**64 + 9])
def test_a_number_that_no_permission_has_is_refused_and_never_wraps_around(house, people, wrong: int):
    who, where = house.operator.identity_id, house.tenant_id
    for ask in (
        lambda: house.directory.check(who, wrong, scope_id=where),
        lambda: house.directory.check_many([who], wrong, where),
        lambda: wrong in house.directory.effective(who, scope_id=where),
    ):
        with pytest.raises(linecard.Invalid) as refused:
            ask()
        assert refused.value.reason == "permission_unknown"


@pytest.mark.parametrize("wrong", [-1, 2**64, 2**64 + 5])
def test_a_number_that_no_id_has_is_refused_and_never_wraps_around(house, people, wrong: int):
    who = linecard.id_number(house.operator.identity_id)
    for ask in (
        lambda: house.directory.check(who + 2**64, "license.assign"),
        lambda: house.directory.check(who, "license.assign", scope_id=wrong),
        lambda: house.directory.effective(who, scope_id=wrong),
        lambda: house.directory.check_many([wrong], "license.assign"),
        lambda: house.directory.check_many([house.operator.identity_id, wrong], "license.assign"),
        lambda: house.directory.check_many(array("d", [1.0]), "license.assign"),
    ):
        with pytest.raises(linecard.Invalid):
            ask()
