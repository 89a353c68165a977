"""Which behaviours are proved: reads the numbers in the tests' names, and holds README.md's table to them.

behaviours.py [CHECKOUT]   prints each number with how many tests of C++, of the C ABI and of Python name it, then every
                           breach; exit status 1 when there is one.

S are the product pages' behaviours, B linecard's own, I its invariants. A test says a number in its name ("S4.16 ...",
"C: B11 ...", test_S4_16_...); that it passes is the test run's to say. README.md has each number in a row of its table
or lists it as missing, and each operation that a host may run; what a row names is declared in the row's headers.
"""

import collections
import pathlib
import re
import sys

LAST = {"S1.": 11, "S2.": 6, "S3.": 9, "S4.": 19, "S5.": 11, "B": 17, "I": 30}
ALL = [f"{group}{n}" for group, last in LAST.items() for n in range(1, last + 1)]

CPP_NAME = re.compile(r'\b(?:TEST_CASE\w*|LINECARD_STORE_CASE|ON_EVERY_STORE)\(\s*"((?:[^"\\]|\\.|"\s*")*)"')
CPP_NUMBER = re.compile(r"(?<![\w.])(?:S\d\.|[BI])\d+(?!\w)")
PYTHON_NAME = re.compile(r"^ *def test(_\w+)", re.MULTILINE)
PYTHON_NUMBER = re.compile(r"(?<=_)(?:S\d_|[BI])\d+(?=_|$)")
README_NUMBERS = re.compile(r"\b(S\d\.|[BI])(\d+)(?:-(\d+))?\b")  # "S4.14-15" are both


def read(file):
    return file.read_text(encoding="utf-8")


def named_by_tests(root):
    """face -> Counter: number -> how many names have it"""
    found = {face: collections.Counter() for face in ("C++", "C ABI", "Python")}
    for file in (root / "tests").rglob("*.[ch]pp"):
        face = found["C ABI" if root / "tests/capi" in file.parents else "C++"]
        for name in CPP_NAME.findall(read(file)):
            face.update(set(CPP_NUMBER.findall(name)))
    for file in (root / "bindings/python/tests").glob("test_*.py"):
        for name in PYTHON_NAME.findall(read(file)):
            found["Python"].update({number.replace("_", ".") for number in PYTHON_NUMBER.findall(name)})
    return found


def numbers(text):
    return [f"{group}{n}" for group, first, last in README_NUMBERS.findall(text)
            for n in range(int(first), int(last or first) + 1)]


def names(text):
    return re.findall(r"`([a-z0-9_]+)`", text)


class Table:
    """What README.md says is there, and what is not."""

    def __init__(self, readme):
        section = readme.partition("\n## What is there\n")[2].partition("\n## ")[0]
        lines = [line for line in section.splitlines() if line.startswith("|")][2:]
        self.rows = [line.strip("|").split("|")[:3] for line in lines]  # what, headers, numbers
        self.shown = {number for row in self.rows for number in numbers(row[2])}
        missing, in_part = (re.search(rf"\*\*{word}\*\*:(.*?)(?:\*\*|\n\n)", section, re.DOTALL)
                            for word in ("Missing", "In part"))
        self.missing = numbers(missing[1]) if missing else None
        self.in_part = numbers(in_part[1]) if in_part else []


def operations(root):
    """Every command and query but the system's own, which need permission::nobody."""
    rules = "\n".join(read(file) for file in (root / "include/linecard/rules").glob("*.hpp"))
    structs = re.findall(r"^struct (\w+) \{(.*?)^\};", rules, re.MULTILINE | re.DOTALL)
    own = {name for name, body in structs if "permission::nobody" in body}
    lists = re.findall(r"verb_list<([^;]+)>;", read(root / "include/linecard/rules/commands.hpp"))
    return [name for words in lists for name in re.findall(r"\w+", words) if name not in own]


def breaches(root, proved, table):
    if not table.rows or table.missing is None:
        yield "README.md has no table under 'What is there', or no '**Missing**:' below it"
        return
    for number in ALL:
        if number in table.missing:
            if number in proved:
                yield f"{number}: README.md lists it as missing, but a test names it"
            continue
        if number not in proved:
            yield f"{number}: no test names it, and README.md does not list it as missing"
        if number not in table.shown:
            yield f"{number}: in no row of README.md's table"
    for number in sorted({*proved, *table.shown, *table.missing, *table.in_part} - {*ALL}):
        yield f"{number}: there is no such behaviour"
    told = {name for row in table.rows for name in names(row[0])}
    for name in operations(root):
        if name not in told:
            yield f"{name}: in no row of README.md's table"
    for what, headers, _ in table.rows:
        files = [root / "include/linecard" / path for path in re.findall(r"`([\w/]+\.hpp)`", headers)]
        declared = set(re.findall(r"\w+", " ".join(read(file) for file in files if file.is_file())))
        for name in names(what):
            if name not in declared:
                yield f"{name}: README.md has it in {headers.strip()}, where it is not"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    tests, table = named_by_tests(root), Table(read(root / "README.md"))
    print(f"{'':7}" + "".join(f"{face:>8}" for face in tests))
    for number in ALL:
        note = "  missing" if number in (table.missing or ()) else "  in part" if number in table.in_part else ""
        print(f"{number:7}" + "".join(f"{count[number] or '-':>8}" for count in tests.values()) + note)
    found = [*breaches(root, set().union(*tests.values()), table)]
    print(*found, f"{len(ALL)} behaviours, {len(found)} breaches", sep="\n")
    return 1 if found else 0


sys.exit(main())
