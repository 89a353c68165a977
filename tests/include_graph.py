"""Who may include whom: reads the #include lines under include/ and src/ and holds DESIGN.md's arrows.

include_graph.py [CHECKOUT]   names file, line and rule of each breach; exit status 1 when there is one.
"""

import pathlib
import re
import sys

# A file belongs to the first layer one of whose paths it begins with. Paths without include/linecard/ or src/ are meant
# under either.
LAYERS = {
    "umbrella": ["linecard.hpp"],
    "text": ["text/"],
    "base": ["id.hpp", "value.hpp", "result.hpp", "describe.hpp", "record.hpp", "row_source.hpp", "instant.hpp",
             "hash.hpp", "secrets/"],
    "json": ["json.hpp", "json/", "boost/json"],
    "model": ["model/", "model.hpp"],
    "snapshot": ["snapshot.hpp", "snapshot/"],
    "rules": ["rules/"],
    "views": ["views/"],
    "store port": ["ports/store.hpp"],
    "ports": ["ports/"],
    "stores": ["stores/"],
    "contract": ["contract.hpp", "contract/"],
    "directory": ["counters.hpp", "directory.hpp", "directory/"],
    "capi": ["capi/"],
}
ABOVE_RULES = ["views", "store port", "ports", "stores", "directory", "json"]

# (layer, "only" or "not", layers): of our own headers a layer includes only these, or none of these, itself always
# apart. Headers of the system and of other libraries are nobody's business, but for Boost.JSON, which is in layer json.
RULES = [
    ("text", "only", []),
    ("base", "only", ["text"]),
    ("json", "not", ["snapshot", "rules", "views", "store port", "ports", "stores", "directory"]),
    ("model", "not", ["snapshot", "rules", *ABOVE_RULES]),
    ("snapshot", "not", ["rules", *ABOVE_RULES]),
    ("rules", "not", ABOVE_RULES),
    ("views", "only", ["base", "model", "text"]),
    ("store port", "only", ["base", "text"]),
    ("ports", "not", ["model", "snapshot", "rules", "views", "stores", "directory", "json"]),
    ("stores", "only", ["base", "store port"]),
    ("contract", "only", ["base", "store port"]),
    *((layer, "not", ["capi", "umbrella"]) for layer in (*LAYERS, None) if layer not in ("capi", "umbrella")),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of(path):
    """The layer of a path as seen from include/linecard/, src/ or the checkout."""
    for layer, beginnings in LAYERS.items():
        if any(path == b or (not b.endswith(".hpp") and path.startswith(b)) for b in beginnings):
            return layer
    return None


def named_within(root, path):
    """A file's path without what every path of its kind begins with."""
    for folder in ("include/linecard", "src"):
        if path.is_relative_to(root / folder):
            return path.relative_to(root / folder).as_posix()
    return path.relative_to(root).as_posix()


def target_of(root, file, quote, name):
    """What an include line means: (is it ours, its name within)."""
    if quote == '"':
        for folder in (file.parent, root / "src", root / "include", root / "capi"):
            found = (folder / name).resolve()
            if found.is_file() and found.is_relative_to(root):
                return True, named_within(root, found)
    if name.startswith("linecard/"):
        return True, name.removeprefix("linecard/")
    if (root / "capi" / name).is_file():
        return True, "capi/" + name
    return name.startswith("boost/json"), name


def breach(source, target):
    for layer, kind, others in RULES:
        if layer != source or target == source:
            continue
        if kind == "not" and target in others:
            return f"{source or 'this file'} must not include {target}"
        if kind == "only" and target not in others:
            allowed = ", ".join(others) or "nothing of ours"
            return f"{source} includes only {allowed}, not {target or 'a header of no layer (see LAYERS)'}"
    return None


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    files = [f for folder in ("include", "src") for f in sorted((root / folder).rglob("*")) if f.suffix in (".hpp", ".cpp", ".h", ".c")]
    breaches = 0
    for file in files:
        source = layer_of(named_within(root, file))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            match = INCLUDE.match(line)
            if not match:
                continue
            ours, name = target_of(root, file, *match.groups())
            rule = breach(source, layer_of(name)) if ours else None
            if rule:
                breaches += 1
                print(f"{file.relative_to(root)}:{number}: includes {match.group(2)}: {rule}")
    print(f"{len(files)} files, {breaches} breaches")
    return 1 if breaches or not files else 0


sys.exit(main())
