#!/usr/bin/env python3
"""Sums up the tests' JUnit files: the failures, why tests were skipped, and the totals.

  tools/summarize_tests.py FOLDER

FOLDER holds ctest's files (*.xml), and in cases/ the file NAME.xml of each GoogleTest program that
is ctest's test NAME: its cases count instead of it. A program that failed although no case of its
file did, as one that crashed or leaked, counts as one more failure.

The line before the last is exactly "N passed, N failed, N skipped"; the last one also says what to
do about the skipped. Exit status 1 if a test failed or none ran.
"""

import collections
import dataclasses
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

MODEL_REMEDY = "scripts/fetch-test-models all"


OUTPUT_LINES = 20  # of a failed test; all of it is in the .log beside the .xml
GTEST_CHATTER = re.compile(r"Running main|Note: Google Test filter|\[[ =-]+(RUN|OK|PASSED|FAILED)?[ =-]*\]")


@dataclasses.dataclass
class Totals:
    passed: int = 0
    failed: dict[str, list[str]] = dataclasses.field(default_factory=dict)  # test -> its output
    skipped: dict[str, list[str]] = dataclasses.field(
        default_factory=lambda: collections.defaultdict(list)
    )  # reason -> tests


def skip_reason(output: str) -> str:
    """What a test said when it skipped itself: GoogleTest's message, else its last line."""
    match = re.search(r"Skipped\n(.+?)\n(?:\n|\[  SKIPPED \])", output + "\n\n", re.DOTALL)
    lines = [line.strip() for line in (match.group(1) if match else output).splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        return "no reason given"
    return " ".join(lines) if match else lines[-1]


def failure_lines(output: str) -> list[str]:
    """What a failed test said, without GoogleTest's frame and not too much of it."""
    lines = [line.rstrip() for line in output.splitlines()]
    lines = [line for line in lines if line and not GTEST_CHATTER.match(line)]
    if len(lines) > OUTPUT_LINES:
        lines = lines[:OUTPUT_LINES] + [f"... {len(lines) - OUTPUT_LINES} more lines in the log"]
    return lines


def where_it_died(name: str, output: str) -> str:
    """The case that a program was in when its output ended, if that is not the test's own name."""
    started = re.findall(r"\[ RUN +\] (\S+)", output)
    return f" in {started[-1]}" if started and started[-1] != name else ""


def add_case(totals: Totals, name: str, case: ElementTree.Element) -> None:
    """One case of a GoogleTest program's file."""
    skipped, failures = case.find("skipped"), case.findall("failure")
    if skipped is not None or case.get("status") == "notrun":
        message = skipped.get("message", "") if skipped is not None else "disabled"
        said = message.splitlines()[1:] or [message]  # the first line is the place in the source
        totals.skipped[" ".join(line.strip() for line in said if line.strip())].append(name)
    elif failures:
        texts = [failure.text or failure.get("message", "") for failure in failures]
        totals.failed[name] = failure_lines("\n".join(texts))
    else:
        totals.passed += 1


def add_program(totals: Totals, xml: str) -> bool:
    """All cases of a GoogleTest program; whether one of them failed."""
    failed_before = len(totals.failed)
    for case in ElementTree.fromstring(xml).iter("testcase"):
        add_case(totals, f"{case.get('classname')}.{case.get('name')}", case)
    return len(totals.failed) > failed_before


def add_file(totals: Totals, xml: str, programs: dict[str, str]) -> None:
    """A file of ctest's; `programs` are the files of GoogleTest programs by their names."""
    for case in ElementTree.fromstring(xml).iter("testcase"):
        name = case.get("name", "?").split("  # GetParam()")[0]
        output = case.findtext("system-out") or ""
        failed = case.find("failure") is not None or case.get("status") == "fail"
        if name in programs:
            explained = add_program(totals, programs[name])
            if failed and not explained:
                totals.failed[name + where_it_died(name, output)] = failure_lines(output)
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            totals.skipped[skip_reason(output)].append(name)
        elif failed:
            totals.failed[name + where_it_died(name, output)] = failure_lines(output)
        else:
            totals.passed += 1


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def report(totals: Totals) -> list[str]:
    lines = []
    for name, output in totals.failed.items():
        lines += [f"FAILED  {name}"] + [f"    {line}" for line in output]
    for reason, names in sorted(totals.skipped.items()):
        shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
        lines.append(f"Skipped {plural(len(names), 'test')} ({shown}): {reason}")
    skipped = sum(len(names) for names in totals.skipped.values())
    counts = f"{totals.passed} passed, {len(totals.failed)} failed, {skipped} skipped"
    if skipped == 0:
        advice = "nothing was skipped"
    else:
        advice = f"to run the skipped, do what their lines above say ({MODEL_REMEDY} brings models)"
    return lines + [counts, f"{counts}: {advice}"]


def main(arguments: list[str]) -> int:
    folder = pathlib.Path(arguments[0])
    programs = {path.stem: path.read_text() for path in folder.glob("cases/*.xml")}
    totals = Totals()
    for path in sorted(folder.glob("*.xml")):
        add_file(totals, path.read_text(), programs)
    print("\n".join(report(totals)))
    return 0 if totals.passed and not totals.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
