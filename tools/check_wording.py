#!/usr/bin/env python3
"""Checks that every text of a report has its counterpart in each other language, and no more.

  tools/check_wording.py [ROOT]    exit status 1 and one line per finding

A text is what stands as a literal in a call of `say` (src/lab/wording/wording.h) or of `say_`, in
C++ or in the report's script. The counterparts stand in src/lab/wording/*.json.
"""

import json
import pathlib
import re
import sys

CALL = re.compile(r'(?<!")\bsay_?\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def texts_of(source):
    """The literals handed to `say`, neighbouring ones joined as the compiler joins them."""
    for call in CALL.finditer(source):
        yield "".join(LITERAL.findall(call.group(1))).replace('\\"', '"')


def texts_of_tree(root):
    found = {}
    sources = [p for suffix in ("cpp", "h", "js") for p in sorted((root / "src").rglob(f"*.{suffix}"))]
    for path in sources:
        if path.name.endswith("_test.cpp") or path.name == "wording.h":
            continue
        for text in texts_of(path.read_text(encoding="utf-8")):
            found.setdefault(text, path)
    return found


def main(root):
    used = texts_of_tree(root)
    findings = []
    for catalogue in sorted((root / "src/lab/wording").glob("*.json")):
        known = json.loads(catalogue.read_text(encoding="utf-8"))
        name = catalogue.relative_to(root)
        findings += [f"{name}: lacks {text!r} of {path.relative_to(root)}"
                     for text, path in used.items() if text not in known]
        findings += [f"{name}: {text!r} is said nowhere" for text in known if text not in used]
    print("\n".join(findings) or f"{len(used)} texts, each with its counterparts")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
