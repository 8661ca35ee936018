#!/usr/bin/env python3
"""Grades the same pairs with `retort grade` and with PyPI's math-verify, and counts who agrees.

  tools/compare_graders.py RETORT PAIRS.jsonl...    RETORT: the program; Markdown rows on stdout

A pair is {"id", "gold", "prediction", "expected"} with the options of `retort grade` as further
fields; those without an expected 0 or 1, or marked "disputed", are left out. math-verify gets the
same options, and bare answers between dollars, since it reads LaTeX only there.
With --list the pairs on which the two differ are printed too.
"""

import argparse
import gzip
import json
import pathlib
import subprocess


def read_pairs(path: pathlib.Path) -> list[dict]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for number, row in enumerate(rows):  # traces name their fields otherwise
        row.setdefault("prediction", row.get("response"))
        row.setdefault("expected", row.get("mathverify"))
        row.setdefault("id", number)
    return [
        row
        for row in rows
        if isinstance(row.get("prediction"), str)
        and row.get("gold") is not None
        and row.get("expected") in (0, 1)
        and "disputed" not in row
    ]


def grade_with_retort(program: str, pairs: list[dict]) -> list[bool]:
    lines = "\n".join(json.dumps(pair) for pair in pairs) + "\n"
    run = subprocess.run([program, "grade"], input=lines, text=True, capture_output=True, check=True)
    return [json.loads(line)["correct"] for line in run.stdout.splitlines()]


def in_dollars(text: str) -> str:
    """A bare answer between dollars; sentences and what has delimiters stay."""
    delimited = any(mark in text for mark in ("$", "\\boxed", "\\(", "\\["))
    return text if delimited or len(text) > 100 or "\n" in text else f"${text}$"


def grade_with_math_verify(pairs: list[dict]) -> list[bool]:
    from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify

    verdicts = []
    for pair in pairs:
        types = pair.get("match_types", ["latex", "expr"])
        priority = pair.get("boxed_match_priority", 50)
        configs = []
        if "latex" in types:
            configs.append(LatexExtractionConfig(boxed_match_priority=priority))
        if "expr" in types:
            configs.append(ExprExtractionConfig())
        gold, prediction = str(pair["gold"]), pair["prediction"]
        if "match_types" not in pair:  # written for other graders, which read bare LaTeX
            gold, prediction = in_dollars(gold), in_dollars(prediction)
        verdicts.append(
            verify(
                parse(gold, configs),
                parse(prediction, configs),
                float_rounding=pair.get("precision", 6),
                strict=pair.get("strict", True),
                allow_set_relation_comp=pair.get("allow_set_relation_comp", False),
            )
        )
    return verdicts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("retort")
    parser.add_argument("pairs", nargs="+", type=pathlib.Path)
    parser.add_argument("--list", action="store_true", help="print where the two differ")
    arguments = parser.parse_args()
    print("| pairs | n | retort grade | math-verify | the two agree |\n|---|---|---|---|---|")
    for path in arguments.pairs:
        pairs = read_pairs(path)
        ours = grade_with_retort(arguments.retort, pairs)
        theirs = grade_with_math_verify(pairs)
        expected = [pair["expected"] == 1 for pair in pairs]

        def share(left: list[bool], right: list[bool]) -> str:
            same = sum(a == b for a, b in zip(left, right))
            return f"{same} ({100 * same / len(left):.1f} %)"

        print(f"| {path.name} | {len(pairs)} | {share(ours, expected)} | {share(theirs, expected)} | {share(ours, theirs)} |")
        if arguments.list:
            for pair, our, their in zip(pairs, ours, theirs):
                if our != their:
                    print(f"    {pair['id']}: expected {pair['expected']}, retort {our}, math-verify {their}")


if __name__ == "__main__":
    main()
