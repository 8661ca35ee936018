#!/usr/bin/env python3
"""Checks that files and functions stay small enough to read in one go.

  tools/check_sizes.py [ROOT]    exit status 1 when a limit is broken

A file should have at most 300 lines (600 is a bug), a function at most 60 (120 is a bug). Above
the first figure a line is printed, above the second the check fails. Functions are found in C++ by
their braces and in Python by its own parser; blank and comment lines count, as readers read them.
"""

import ast
import dataclasses
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from check_layers import without_comments_and_strings  # noqa: E402

FILE_ADVISED, FILE_LIMIT = 300, 600
FUNCTION_ADVISED, FUNCTION_LIMIT = 60, 120
FOLDERS = ("src", "tests", "tools", "scripts", "bench", "cmake", "web", ".ci")
CPP = (".h", ".cpp", ".inc")
OTHER = (".py", ".cmake", ".txt", ".js", ".css", ".html", ".sh", "")
DATA_FOLDERS = {"data", "corpus", "results", "__pycache__"}  # what is recorded is as long as it is

SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)
MEMBER_INITIALIZER = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:).*[\w>]$", re.DOTALL)  # A() : b_{1}
CALL_LIKE = re.compile(r"([\w:~]+|operator\s*[^\s(]+)\s*\(")


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    line: int
    lines: int


def starts_function(head: str) -> str | None:
    """The name of the function whose body opens after `head`, or None if something else opens."""
    head = re.sub(r"\btemplate\s*<[^{}]*?>\s*(?=[\w\[])", "", head).strip()
    match = CALL_LIKE.search(head)
    if not match or head.endswith(("=", ",", "(", "return")):
        return None
    before = head[: match.start()]
    if SCOPE.search(before) and not re.search(r"[\w>&*]\s+$", before.split("{")[-1]):
        return None
    if re.match(r"\s*(namespace|class|union|enum|extern)\b", head) or "=" in before:
        return None
    return match.group(1)


def cpp_functions(text: str) -> list[Function]:
    """Outermost function bodies of a C++ file; lambdas count as part of what they stand in."""
    code = without_comments_and_strings(text)
    code = DIRECTIVE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), code)
    functions, head_start, depth_inside, name, first = [], 0, 0, None, 0
    depth_initializer = 0
    for at, char in enumerate(code):
        if depth_initializer:
            depth_initializer += (char == "{") - (char == "}")
            continue
        if depth_inside:  # inside a function: only find its end
            depth_inside += (char == "{") - (char == "}")
            if depth_inside == 0:
                start = code.count("\n", 0, first) + 1
                functions.append(Function(name, start, code.count("\n", first, at) + 1))
                head_start = at + 1
            continue
        if char == "{":
            head = code[head_start:at]
            if MEMBER_INITIALIZER.search(head):
                depth_initializer = 1
            elif found := starts_function(head):
                name, depth_inside = found, 1
                first = head_start + len(head) - len(head.lstrip())
            else:
                head_start = at + 1
        elif char in ";}":
            head_start = at + 1
    return functions


def python_functions(text: str) -> list[Function]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        Function(node.name, node.lineno, node.end_lineno - node.lineno + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, kinds)
    ]


def is_python(path: pathlib.Path, text: str) -> bool:
    return path.suffix == ".py" or (path.suffix == "" and "python3" in text.split("\n", 1)[0])


def check_file(path: pathlib.Path, shown: str, text: str) -> tuple[list[str], list[str]]:
    """(broken limits, advice) for one file, each as "path:line: what"."""
    broken, advice = [], []

    def measure(what: str, line: int, lines: int, advised: int, limit: int) -> None:
        if lines > limit:
            broken.append(f"{shown}:{line}: {what} has {lines} lines; {limit} is the limit")
        elif lines > advised:
            advice.append(f"{shown}:{line}: {what} has {lines} lines; {advised} are advised")

    measure("the file", 1, len(text.splitlines()), FILE_ADVISED, FILE_LIMIT)
    functions = []
    if path.suffix in CPP:
        functions = cpp_functions(text)
    elif is_python(path, text):
        functions = python_functions(text)
    for function in functions:
        measure(function.name, function.line, function.lines, FUNCTION_ADVISED, FUNCTION_LIMIT)
    return broken, advice


def check_tree(root: pathlib.Path) -> tuple[list[str], list[str]]:
    broken, advice = [], []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            if not path.is_file() or path.suffix not in CPP + OTHER:
                continue
            if DATA_FOLDERS & set(relative.parts):
                continue
            file_broken, file_advice = check_file(path, relative.as_posix(), path.read_text(encoding="utf-8"))
            broken += file_broken
            advice += file_advice
    return broken, advice


def main(arguments: list[str]) -> int:
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).parents[1]
    broken, advice = check_tree(root)
    for line in advice + broken:
        print(line)
    if broken:
        print(f"{len(broken)} limits broken: split by idea, not by length")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
