"""Bad input: a clear error naming the field, no state changed, no crash."""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import linecard
from house import House, furnish
from linecard import schema

OPERATIONS = schema.describe()["operations"]
EXAMPLES = {
    "email": "ada@acme.example",
    "csv": "email,first_name,last_name\n",
    "currency": "EUR",
    "service": "video",
    "feature": "video.hipaa",
    "purchased": 1,
    "seats": 1,
    "user_id": "user_000000000001",
    "user_ids": ["user_000000000001"],
    "package_id": "package_000000000001",
    "identity_id": "identity_000000000001",
    "delegate_id": "delegate_000000000001",
    "notice_version": 1,
    "message_id": "message_000000000001",
    "reset_request_id": "reset_request_000000000001",
    "session_id": "session_000000000001",
    "second_factor": "mailbox",
    "attempt": 1,
    "state": "dead",
    "terms_link": "https://example.com/terms",
    "permission": "queue.listen",
    "flag": "manage_e911",
    "owner": "user",
    "type": "text",
    "first": "2000",
    "last": "2999",
    "extension": "2001",
    "switched": "on",
    "direct_number": "+14165550101",
    "direct_numbers": ["+14165550101"],
    "use": "main",
    "voicemail_pin": "4711",
    "errand_id": "errand_000000000001",
    "successor_id": "user_000000000002",
    "replacement_id": "replacement_000000000001",
    "activities": [{"user_id": "user_000000000001", "last_active_at": "2026-11-22T09:00:00Z"}],
    "format": 1,
    "tenant": {"tenant_id": "tenant_000000000001", "name": "Some Name"},
    "tenant_policy": {"suspended_seats": "keep", "restore_days": 30, "undo_days": 7},
}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One for all: what is refused changes nothing."""
    made = furnish(linecard.Directory.create(memory=True)[0])
    yield made
    made.close()


def good_request(operation: str) -> dict[str, Any]:
    return {name: EXAMPLES.get(name, "Some Name") for name in OPERATIONS[operation]["request"]["required"]}


def actor_for(house: Any, operation: str) -> linecard.Actor:
    return {"platform": house.operator, "container": house.reseller}.get(OPERATIONS[operation]["acts_in"], house.acme)


def fields_where(fits: Any) -> list[tuple[str, str]]:
    return [
        (name, field)
        for name, operation in OPERATIONS.items()
        for field, described in operation["request"]["properties"].items()
        if fits(described)
    ]


def kind_of(described: dict[str, Any]) -> str:
    return described["type"] if isinstance(described["type"], str) else described["type"][0]


def is_text(described: dict[str, Any]) -> bool:
    return "maxLength" in described


def is_id(described: dict[str, Any]) -> bool:
    return described.get("format") == "id" and kind_of(described) == "string"


def refused_at(house: Any, operation: str, kind: type, field: str, value: Any) -> linecard.LinecardError:
    before = house.directory.state_digest()
    with pytest.raises(linecard.LinecardError) as refused:
        actor_for(house, operation).call(operation, **{**good_request(operation), field: value})
    assert type(refused.value) is kind, refused.value
    assert refused.value.path.startswith(f"/{field}")
    assert refused.value.message and refused.value.reason
    assert house.directory.state_digest() == before
    return refused.value


@pytest.mark.parametrize("operation, field", fields_where(is_text))
def test_bytes_that_are_no_UTF8_are_refused_naming_the_field(house, operation: str, field: str):
    for wrong in ("half a pair \ud800", b"\xff\xfe".decode("utf-8", "surrogateescape")):
        assert refused_at(house, operation, linecard.Invalid, field, wrong).reason == f"{field}_invalid"


@pytest.mark.parametrize("operation, field", fields_where(is_text))
def test_a_NUL_inside_is_refused_naming_the_field(house, operation: str, field: str):
    assert refused_at(house, operation, linecard.Invalid, field, "ab\0cd").reason == f"{field}_invalid"


@pytest.mark.parametrize("operation, field", fields_where(is_text))
def test_a_text_longer_than_the_schema_says_is_refused_naming_the_field(house, operation: str, field: str):
    longest = OPERATIONS[operation]["request"]["properties"][field]["maxLength"]
    assert refused_at(house, operation, linecard.Invalid, field, "1" * (longest + 1)).reason == f"{field}_invalid"


@pytest.mark.parametrize("operation, field", fields_where(lambda described: True))
def test_a_value_of_another_type_is_refused_naming_the_field(house, operation: str, field: str):
    wrong = {"string": [], "integer": "many", "boolean": 1, "array": "user_000000000001", "object": []}
    described = OPERATIONS[operation]["request"]["properties"][field]
    assert refused_at(house, operation, linecard.Invalid, field, wrong[kind_of(described)]).reason == "wrong_type"
    assert refused_at(house, operation, linecard.Invalid, field, b"bytes").reason == "wrong_type"


@pytest.mark.parametrize("operation, field", fields_where(is_id))
def test_an_id_of_another_kind_is_refused_as_such_and_what_is_no_id_as_invalid(house, operation: str, field: str):
    refused_at(house, operation, linecard.WrongKind, field, house.directory.platform_id)
    refused_at(house, operation, linecard.Invalid, field, "user_1")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_unknown_field_is_refused_by_name(house, operation: str):
    assert refused_at(house, operation, linecard.Invalid, "colour", "blue").reason == "field_unknown"


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if OPERATIONS[name]["request"]["required"]])
def test_a_missing_field_is_refused_by_name(house, operation: str):
    for field in OPERATIONS[operation]["request"]["required"]:
        request = {name: value for name, value in good_request(operation).items() if name != field}
        with pytest.raises(linecard.Invalid) as refused:
            actor_for(house, operation).call(operation, **request)
        described = OPERATIONS[operation]["request"]["properties"][field]
        path = f"/{field}/{next(iter(described['properties']))}" if "properties" in described else f"/{field}"
        assert (refused.value.reason, refused.value.path) == (f"{path.rpartition('/')[2]}_missing", path)


def test_a_word_outside_the_choices_is_refused_with_the_choices(house):
    refused = refused_at(house, "set_seat_pool", linecard.Invalid, "overage", "some")
    assert refused.reason == "word_unknown" and "block, allow" in refused.message


def test_numbers_beyond_their_limits_are_refused_naming_the_field(house):
    for limit in (0, 501, 2**31, 2**63, 2**200, 1.5, float("nan")):
        with pytest.raises(linecard.Invalid) as refused:
            house.acme.users(limit=limit)  # type: ignore[arg-type]
        assert refused.value.path == "/limit" or refused.value.reason == "json_malformed"


def test_an_item_of_a_list_is_named_by_its_place(house):
    users = [house.user(), "user_000000000001"]
    with pytest.raises(linecard.NotFound) as refused:
        house.acme.assign_packages(user_ids=users, package_id=house.package["Basic"])
    assert refused.value.path == "/user_ids/1"
    with pytest.raises(linecard.Invalid) as invalid:
        house.acme.preview.adopt_user(
            first_name="A", last_name="B", email="a@acme.example", devices=[{"name": "x\0", "description": ""}]
        )
    assert invalid.value.path == "/devices/0/name"


def test_an_operation_nobody_knows_is_not_found(house):
    with pytest.raises(linecard.NotFound, match="operation_unknown"):
        house.acme.call("drop_table")
    with pytest.raises(linecard.Invalid, match="not_a_command"):
        house.acme.confirm("token", "users")
    with pytest.raises(linecard.Invalid, match="operation"):
        house.acme.call("users\0")


def test_an_actor_in_another_kind_of_scope_is_told_so(house):
    with pytest.raises(linecard.Invalid, match="wrong_scope"):
        house.operator.users()


def test_arguments_of_the_directory_are_refused_by_name(house):
    directory, who = house.directory, house.operator.identity_id
    for refusal, attempt in {
        "email_invalid": lambda: directory.bootstrap_operator(email="a\0@b.example"),
        "identity_unknown": lambda: directory.actor(email="nobody@acme.example"),
        "identity_id_invalid": lambda: directory.actor("identity_1"),
        "scope_id_invalid": lambda: directory.actor(who, scope_id="Acme"),
        "wrong_kind": lambda: directory.actor(who, scope_id=who),
        "scope_unknown": lambda: directory.actor(who, scope_id="tenant_000000000001"),
        "one_key_needed": lambda: directory.actor(),
        "one_store_needed": lambda: linecard.Directory.create(),
        "sqlite_path_invalid": lambda: linecard.Directory.create("ab\0cd"),
        "postgres_invalid": lambda: linecard.Directory.create(postgres="ab\0cd"),
        "permission_invalid": lambda: directory.check(who, "a\0b"),
    }.items():
        with pytest.raises(linecard.LinecardError) as refused:
            attempt()
        assert refused.value.reason == refusal
    with pytest.raises(TypeError, match="email must be a str"):
        directory.actor(email=b"ops@pbx.example")  # type: ignore[arg-type]
    with pytest.raises(linecard.Invalid, match="one_store_needed"):
        linecard.Directory.create("acme.db", memory=True)


def test_another_tenants_object_is_refused_exactly_as_one_that_is_nowhere(house):
    bolt = house.another_tenant()
    foreign = bolt.adopt_user(
        first_name="Eve", last_name="Else", email="eve@bolt.example", external_ref="E-1"
    ).created_id("user")
    absent = "user_000000000001"
    basic = house.package["Basic"]

    def refusal_of(attempt: Any) -> tuple[Any, ...]:
        with pytest.raises(linecard.LinecardError) as refused:
            attempt()
        return type(refused.value), *refused.value.args

    for attempt in (
        lambda user: house.acme.find_user(user_id=user),
        lambda user: house.acme.users(after=user),
        lambda user: house.acme.assign_package(user_id=user, package_id=basic),
        lambda user: house.acme.change_package(user_id=user, package_id=basic),
        lambda user: house.acme.unassign_package(user_id=user),
        lambda user: house.acme.assign_packages(user_ids=[user], package_id=basic),
        lambda user: house.acme.activate_user(user_id=user),
        lambda user: house.acme.why_unassigned(user_id=user),
        lambda user: house.acme.why_role_unchanged(user_id=user),
        lambda user: house.acme.entitled(user_id=user, feature="video.hipaa"),
        lambda user: house.acme.preview.unassign_package(user_id=user),
    ):
        assert refusal_of(lambda: attempt(foreign)) == refusal_of(lambda: attempt(absent))
    assert refusal_of(lambda: house.acme.find_user(email="eve@bolt.example")) == refusal_of(
        lambda: house.acme.find_user(email="no@bolt.example")
    )
    assert refusal_of(lambda: house.acme.find_user(external_ref="E-1")) == refusal_of(
        lambda: house.acme.find_user(external_ref="E-2")
    )


def test_every_exception_class_has_its_own_status_and_says_reason_and_path():
    assert linecard.NotFound.status == -2 and issubclass(linecard.NotFound, linecard.LinecardError)
    shown = str(linecard.Invalid("email_invalid", "/email", "email must be an address"))
    assert shown == "email must be an address (email_invalid at /email)"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(), max_size=120))
def test_any_text_as_a_name_is_kept_as_it_is_or_refused_naming_the_field(house, name: str):
    try:
        preview = house.acme.preview.add_user(first_name=name, last_name="B", email="a@acme.example")
    except linecard.Invalid as refused:
        assert refused.path == "/first_name"
    else:
        user = next(change for change in preview.receipt.changes if change["record"] == "users")
        shown = next(column["after"] for column in user["columns"] if column["column"] == "first_name")
        assert shown == name


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(OPERATIONS)), st.data())
def test_any_value_in_any_field_is_answered_or_refused_and_nothing_worse(house, operation: str, data: Any):
    fields = sorted(OPERATIONS[operation]["request"]["properties"]) or ["nothing"]
    request = {**good_request(operation), data.draw(st.sampled_from(fields)): data.draw(anything)}
    with house.directory.actor(house.operator.identity_id, scope_id=actor_for(house, operation).scope_id) as actor:
        try:
            actor.call(operation, **request)
        except linecard.LinecardError as refused:
            assert not isinstance(refused, linecard.Internal)
