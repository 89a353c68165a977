"""Every operation of linecard_describe is a method with the schema's names; what is not, fails here by name."""

from __future__ import annotations

import inspect
import types
import typing
from typing import Any, Mapping, Sequence

import pytest

from linecard import Actor, Directory, schema
from linecard.lines import Content
from linecard.operations import Commands, Queries

OPERATIONS = schema.describe()["operations"]
# What nobody may do is the system's own: bootstrap_operator is the directory's, record_denial the library's.
ACTORS = {name: operation for name, operation in OPERATIONS.items() if operation["needs"] != "nobody"}
EXTRA = {"each_user"}  # `users`, page by page
TEXTS = Sequence[Mapping[str, str]]
# Rows of other lists hold more than text.
LISTS = {"entries": Mapping[str, Content], "features": TEXTS, "devices": TEXTS, "activities": TEXTS}


def python_type(field: dict[str, Any], name: str) -> Any:
    kind = field["type"] if isinstance(field["type"], str) else field["type"][0]
    if "enum" in field:
        return typing.Literal[tuple(word for word in field["enum"] if word is not None)]
    if kind == "array":
        if field["items"]["type"] == "object":
            return LISTS.get(name, Sequence[Mapping[str, Any]])
        return Sequence[python_type(field["items"], name)]
    if kind == "object":
        return Mapping[str, Any]
    if kind == "integer" or field.get("format") == "int64":
        return int
    return {"string": str, "boolean": bool}[kind]


def parameters_of(method: Any) -> dict[str, tuple[Any, bool]]:
    """name -> (type, required)"""
    hints = typing.get_type_hints(method)
    found = {}
    for name, parameter in list(inspect.signature(method).parameters.items())[1:]:
        assert parameter.kind is parameter.KEYWORD_ONLY, f"{method.__name__}: {name} is not keyword-only"
        required = parameter.default is parameter.empty
        hint = hints[name]
        if not required:
            assert parameter.default is None, f"{method.__name__}: {name} has a default, which may drift"
            assert type(None) in typing.get_args(hint)
            kept = [argument for argument in typing.get_args(hint) if argument is not type(None)]
            hint = kept[0] if len(kept) == 1 else typing.Literal[tuple(w for k in kept for w in typing.get_args(k))]
        found[name] = (hint, required)
    return found


@pytest.mark.parametrize("operation", ACTORS)
def test_every_operation_is_a_method_with_the_names_types_and_requirements_of_the_schema(operation: str):
    owner = Commands if OPERATIONS[operation]["kind"] == "command" else Queries
    method = getattr(owner, operation, None)
    assert method is not None, f"{owner.__name__} has no method for {operation}"
    request = OPERATIONS[operation]["request"]
    wanted = {name: (python_type(f, name), name in request["required"]) for name, f in request["properties"].items()}
    assert parameters_of(method) == wanted


def test_no_method_is_left_over_from_an_operation_that_is_no_more():
    methods = {
        name
        for owner in (Commands, Queries)
        for part in owner.__mro__
        for name, member in vars(part).items()
        if isinstance(member, types.FunctionType) and not name.startswith("_")
    }
    assert methods - EXTRA == set(ACTORS)


def test_what_nobody_may_do_is_no_method_of_an_actor():
    assert not any(hasattr(Actor, name) for name in OPERATIONS if name not in ACTORS)
    assert hasattr(Directory, "bootstrap_operator")


@pytest.mark.parametrize("operation", ACTORS)
def test_every_method_says_in_one_line_what_it_does(operation: str):
    documentation = getattr(Actor, operation).__doc__
    assert documentation and "\n" not in documentation and documentation.endswith(".")


def test_every_method_is_annotated_with_what_it_answers():
    for name in ACTORS:
        assert "return" in typing.get_type_hints(getattr(Actor, name)), name


def test_describe_is_a_copy_that_a_host_may_change():
    Directory.describe()["operations"].clear()
    assert Directory.describe()["operations"]


def test_a_method_sends_the_operation_of_its_own_name_with_every_field_it_was_given():
    class Recorder(Commands[Any], Queries):
        def _command(self, operation: str, /, **fields: Any) -> Any:
            self.sent = (operation, {k: v for k, v in fields.items()})
            lists = ("users", "packages", "pools", "denials", "actions", "permissions", "roles")
            more = ("attributes", "entries", "rules", "strandings")
            return {"matches": True, **dict.fromkeys((*lists, *more), [])}

        _query = _command

    recorder = Recorder()
    for name, operation in ACTORS.items():
        fields = {field: object() for field in operation["request"]["properties"]}
        sent = dict(fields)
        if "entries" in fields:
            fields["entries"], sent["entries"] = {"badge": 4711}, [{"name": "badge", "content": "4711"}]
        getattr(recorder, name)(**fields)
        assert recorder.sent == (name, sent)
