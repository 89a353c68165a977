"""Says in plain words what a suite's JUnit file says, and adds its counts to a file.

junit_summary.py SUITE JUNIT EXIT_STATUS COUNTS [SKIPPED_NAME...]

Prints one line for the suite, then each failed case with its messages and each skipped one with its reason. Appends
"passed failed skipped" to COUNTS. A suite without a readable file, or one that failed as a program although no case
did, counts as one failure: silence is never success.
"""

import sys
import xml.etree.ElementTree as ElementTree


def indented(text):
    return "\n".join("      " + line for line in (text or "").strip().splitlines())


def name_of(case):
    group, name = case.get("classname", ""), case.get("name", "")
    # doctest gives a file's path, pytest a module, CTest the name once more
    return name if group == name or "/" in group or not group else f"{group}: {name}"


def main():
    suite, path, status, counts = sys.argv[1:5]
    status = int(status)
    skipped = [(name, "") for name in sys.argv[5:]]
    passed, failures, seconds = 0, [], 0.0
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as trouble:
        cases = []
        failures.append((suite, f"ended with status {status} and left no readable JUnit file ({trouble})"))
    for case in cases:
        seconds += float(case.get("time") or 0)
        bad = case.findall("failure") + case.findall("error")
        if bad or case.get("status") == "fail":
            said = [item.text if (item.text or "").strip() else item.get("message") for item in bad]
            out = case.findtext("system-out") or ""
            said.append("\n".join(out.splitlines()[-60:]))
            failures.append((name_of(case), "\n".join(text for text in said if text)))
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            reason = case.find("skipped")
            skipped.append((name_of(case), reason.get("message", "") if reason is not None else ""))
        else:
            passed += 1
    if status != 0 and not failures:
        failures.append((suite, f"ended with status {status} although no case failed"))

    print(f"{suite}: {passed} passed, {len(failures)} failed, {len(skipped)} skipped ({seconds:.1f} s)")
    for name, said in failures:
        print(f"  FAILED  {name}\n{indented(said)}")
    for name, reason in skipped:
        print(f"  skipped {name}{': ' + reason if reason else ''}")
    with open(counts, "a", encoding="utf-8") as file:
        print(passed, len(failures), len(skipped), file=file)


main()
