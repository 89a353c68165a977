"""README.md's programs, taken from its text, compiled and run: what is shown to a reader works.

usage: readme.py CHECKOUT BUILD CXX CC [flag...]   flags are added to both compilers (sanitizers)
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(what: str, command: list[str], **more) -> str:
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"README.md's {what} failed: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def main(checkout: str, build: str, cxx: str, cc: str, *flags: str) -> None:
    top, built = pathlib.Path(checkout), pathlib.Path(build)
    readme = (top / "README.md").read_text(encoding="utf-8")
    strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", *flags]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        cpp, c, (first, mail, money, numbers) = (blocks(readme, language) for language in ("cpp", "c", "python"))
        handed_over = "messages of 17 go to 18"
        cpp_says = [["Basic: 1 used", "below_use at /purchased"], ["+14165550100 rings at Ada's", handed_over]]
        c_says = [["Ada Abbott: Unassigned", '"intact":true'],
                  ["2001 rings", "and +4915112345678 as well, where a key is asked for", "no calls abroad"],
                  [handed_over]]
        libraries = [str(built / "liblinecard_cpp.a"), "-lsqlite3", "-lsodium", "-lutf8proc", "-lcrypt", "-lcctz",
                     "-pthread"]
        cache = (built / "CMakeCache.txt").read_text(encoding="utf-8")
        libraries += re.findall(r"^zxcvbn_library:FILEPATH=(/.*)$", cache, re.MULTILINE)
        for program, expected in zip(cpp, cpp_says, strict=True):
            (folder / "program.cpp").write_text(program, encoding="utf-8")
            run("C++ program", [cxx, "-std=c++20", *strict, f"-I{top}/include", "program.cpp", *libraries, "-o", "cpp"],
                cwd=folder)
            said = run("C++ program", ["./cpp"], cwd=folder)
            assert all(part in said for part in expected), said
        for program, expected in zip(c, c_says, strict=True):
            (folder / "program.c").write_text(program, encoding="utf-8")
            run("C program", [cc, "-std=c11", *strict, f"-I{top}/capi", "program.c", f"-L{built}", "-llinecard",
                              f"-Wl,-rpath,{built}", "-o", "c"], cwd=folder)
            said = run("C program", ["./c"], cwd=folder, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
            assert all(part in said for part in expected), said
        if not flags:  # a sanitizer would have to be loaded into the interpreter first
            where = {"PYTHONPATH": str(top / "bindings/python"), "LINECARD_LIBRARY": str(built / "liblinecard.so.1")}
            for python, expected in ((first, ["Basic", "below_use /purchased"]),
                                     (mail, ["Activez votre compte chez Acme", "False"]),
                                     (money, ["Basic seats (2 held, 3 unused, 1 included) 1 at 12.95 USD 12.95 USD",
                                              "Numbers of Basic holders (1 held) 1 at 4.99 USD 4.99 USD",
                                              "12.95 USD today, 17.94 USD after these two"]),
                                     (numbers, ["the order stands: line_broke", "+14165550100",
                                                "+14165550100 is bought once"])):
                said = run("Python program", [os.environ.get("PYTHON", "/usr/bin/python3"), "-c", python], cwd=folder,
                           env={**os.environ, **where, "PYTHONDONTWRITEBYTECODE": "1"})
                assert said.splitlines() == expected, said
        for command in re.findall(r"^(examples/\S+|tests/\S+)", blocks(readme, "sh")[0], re.MULTILINE):
            assert os.access(top / command, os.X_OK), f"README.md names {command}, which cannot be run"
    print("README.md's programs run")


main(*sys.argv[1:])
