"""The package finds its library, and its idea of the C ABI is the headers'."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from linecard import _ffi, errors

PACKAGE = Path(_ffi.__file__).parent


def python(program: str, library: str | None = None, path: Path = PACKAGE.parent) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k not in ("LINECARD_LIBRARY", "PYTHONPATH")}
    environment["PYTHONPATH"] = str(path)
    if library is not None:
        environment["LINECARD_LIBRARY"] = library
    return subprocess.run([sys.executable, "-B", "-c", program], env=environment, capture_output=True, text=True)


NOWHERE = "import ctypes.util; ctypes.util.find_library = lambda name: None; import linecard"


def test_without_the_library_the_import_error_says_what_to_set():
    done = python(NOWHERE)
    assert done.returncode != 0
    assert "ImportError" in done.stderr and "LINECARD_LIBRARY" in done.stderr


def test_what_LINECARD_LIBRARY_names_is_the_only_candidate_and_the_error_names_it():
    done = python("import linecard", library="no/such/liblinecard.so.1")
    assert "ImportError" in done.stderr
    assert "LINECARD_LIBRARY" in done.stderr and "no/such/liblinecard.so.1" in done.stderr


def test_a_library_that_is_another_library_is_refused_by_name():
    done = python("import linecard", library="libc.so.6")
    assert "ImportError" in done.stderr and "linecard_abi" in done.stderr


def test_a_copy_beside_the_package_is_found(tmp_path: Path):
    shutil.copytree(PACKAGE, tmp_path / "linecard", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "linecard" / "liblinecard.so.1").symlink_to(Path(_ffi.lib._name).resolve())
    done = python(NOWHERE + "; print(linecard.__version__)", path=tmp_path)
    assert done.returncode == 0, done.stderr


class Fake:
    def __init__(self, abi: int, grown: int) -> None:
        self.linecard_abi = lambda: abi
        self.linecard_struct_size = lambda name: ctypes.sizeof(_ffi.STRUCTS[name.decode()]) + grown


def test_a_library_whose_structs_have_another_size_is_refused():
    _ffi._hold_to(Fake(abi=1, grown=0))
    with pytest.raises(ImportError, match="linecard_options"):
        _ffi._hold_to(Fake(abi=1, grown=8))
    with pytest.raises(ImportError, match="linecard_options"):
        _ffi._hold_to(Fake(abi=2, grown=-8))
    with pytest.raises(ImportError, match="ABI 0"):
        _ffi._hold_to(Fake(abi=0, grown=0))


def test_a_newer_library_may_have_added_to_its_structs_but_not_to_a_value():
    with pytest.raises(ImportError, match="linecard_value"):
        _ffi._hold_to(Fake(abi=2, grown=8))


def without_comments(header: str) -> str:
    return re.sub(r"/\*.*?\*/", "", header, flags=re.S)


def test_every_function_of_the_headers_is_declared_with_as_many_arguments(headers: str):
    found = re.findall(r"LINECARD_API\s+[\w\s*]*?(linecard_\w+)\(([^;]*)\);", without_comments(headers))
    assert len(found) > 50
    in_headers = {name: 0 if arguments == "void" else arguments.count(",") + 1 for name, arguments in found}
    assert {name: len(argtypes) for name, (_, argtypes) in _ffi.FUNCTIONS.items()} == in_headers


def members_of(body: str) -> list[str]:
    """Member names; a callback's own parameters hold no semicolon, so that each piece is one member."""
    pieces = [piece.strip() for piece in body.split(";") if piece.strip()]
    return [(re.search(r"\(\*(\w+)\)", piece) or re.search(r"(\w+)(\[\w+\])?$", piece))[1] for piece in pieces]  # type: ignore


def test_every_struct_of_the_headers_has_its_members_in_order(headers: str):
    bodies = re.findall(r"struct (linecard_\w+) \{(.*?)\n\}", without_comments(headers), flags=re.S)
    ours = {name: [field[0].rstrip("_") for field in struct._fields_] for name, struct in _ffi.STRUCTS.items()}
    assert ours == {name: members_of(body) for name, body in bodies}


def test_every_status_of_the_header_has_one_exception_class(headers: str):
    numbers = {int(number) for _, number in re.findall(r"#define LINECARD_E_(\w+) \((-\d+)\)", headers)}
    assert numbers == set(errors.BY_STATUS)
    assert len(numbers) == 15
