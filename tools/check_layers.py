#!/usr/bin/env python3
"""Checks that the layers of src/ use each other only as ARCHITECTURE.md draws them.

  tools/check_layers.py [ROOT]    exit status 1 and one line per finding, each with file and line

Looked at: #include lines (ours and those of outside libraries), the DEPS of every retort_layer in
CMake, and what only some layers may do (print, exit, read the environment). Tests may stand on
whatever is not above the layer that they test.
"""

import dataclasses
import pathlib
import re
import sys

# Folder under src/ -> folders whose headers it may include, its own aside.
LAYERS = {
    "base": (),
    "tensor": ("base",),
    "quant": ("tensor", "base"),
    "ops": ("quant", "tensor", "base"),
    "ops/reference": ("ops", "quant", "tensor", "base"),
    "ops/cpu": ("ops", "quant", "tensor", "base"),
    "checkpoint": ("quant", "tensor", "base"),
    "model": ("ops", "checkpoint", "quant", "tensor", "base"),
    "text": ("base",),
    "grammar": ("base",),
    "math": ("base",),
    "engine": ("model", "base"),
}
LAYERS["runtime"] = tuple(LAYERS)
LAYERS["store"] = ("base",)
LAYERS["hub"] = ("base",)
LAYERS["net"] = ("base",)
LAYERS["api"] = ("base",)
LAYERS["lab"] = tuple(LAYERS)
LAYERS["serve"] = tuple(name for name in LAYERS if name != "lab")
LAYERS["doctor"] = tuple(
    name for name in LAYERS if name not in ("lab", "serve", "net", "api", "math")
)
LAYERS["cli"] = tuple(LAYERS)

# How far to the left of the picture a layer stands: the tests of one may use what is not further.
STEPS = {"base": 0, "tensor": 1, "quant": 2, "ops": 3, "checkpoint": 3, "ops/reference": 4}
STEPS |= {"ops/cpu": 4, "model": 5, "grammar": 6, "math": 6, "net": 6, "text": 6, "engine": 6}
STEPS |= {"api": 6}
STEPS |= {"runtime": 7, "store": 7}
STEPS |= {"hub": 7, "doctor": 8, "lab": 8, "serve": 8, "cli": 9}

# Headers of outside libraries (prefix of what stands between <>) -> layers that may include them.
LIBRARIES = {
    "CLI/": ("cli",),
    "boost/multiprecision/": ("math",),
    "boost/asio/": ("net",),
    "boost/beast/": ("net",),
    "boost/optional.hpp": ("net",),
    "boost/": (),
    "curl/": ("hub",),
    "fmt/": tuple(LAYERS),
    "hwy/": ("ops/cpu",),
    "immintrin.h": ("ops/cpu",),
    "nlohmann/": (
        "base", "checkpoint", "grammar", "text", "net", "api", "hub", "runtime", "lab", "serve",
        "doctor", "cli",
    ),
    "openssl/": ("base",),
    "pcre2.h": ("text",),
    "prometheus/": ("serve",),
    "sqlite3.h": ("store",),
    "utf8proc.h": ("text", "cli"),
    "histedit.h": ("cli",),
    "zlib.h": ("runtime", "lab"),
}

# Headers that include an outside library which their layer keeps to itself.
PRIVATE_HEADERS = {
    "net/after.h",
    "net/channel.h",
    "net/connection.h",
    "net/coroutine.h",
    "net/executor.h",
    "net/http_parser.h",
    "net/listener.h",
    "net/tls_context.h",
    "net/trimmed.h",
}


@dataclasses.dataclass(frozen=True)
class Ban:
    pattern: re.Pattern
    allowed: tuple[str, ...]  # layers, or files below src/
    advice: str


BANS = (
    Ban(
        re.compile(r"std::(cout|cerr|clog)\b|\b(std::)?(printf|puts|fputs|fprintf|perror)\s*\("),
        ("cli", "base/error.cpp"),
        "only src/cli prints: return the text, or throw with Fail",
    ),
    Ban(
        re.compile(r"\b(std::)?(getenv|secure_getenv|setenv)\s*\("),
        ("cli",),
        "only src/cli reads the environment: take the value as an option",
    ),
    Ban(
        re.compile(r"\b(std::)?(exit|_exit|quick_exit|abort|terminate)\s*\("),
        ("cli", "base/error.cpp", "base/process.cpp"),
        "only src/cli ends the process: throw with Fail, or RETORT_CHECK for our own bugs",
    ),
    Ban(re.compile(r"\b(TODO|FIXME|XXX)\b"), (), "open an issue instead of leaving a note"),
)

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
LAYER_CALL = re.compile(r"retort_layer\s*\(\s*(\w+)([^)]*)\)")
KEYWORDS = ("SOURCES", "DEPS", "LIBS", "TESTS", "TEST_DEPS")
CODE = (".h", ".cpp", ".inc")


def layer_of(path: str) -> str | None:
    """The layer of a file or header below src/: "ops/cpu/kernel.h" -> "ops/cpu"."""
    parts = path.split("/")
    for depth in (2, 1):
        if len(parts) > depth and "/".join(parts[:depth]) in LAYERS:
            return "/".join(parts[:depth])
    return None


def is_for_tests(path: str) -> bool:
    """Unit tests, and what they share: foo_test.cpp, test_data.h."""
    name = path.rsplit("/", 1)[-1]
    return name.endswith("_test.cpp") or name.startswith("test_")


def may_include(layer: str, is_test: bool, other: str) -> bool:
    if other == layer or other in LAYERS[layer]:
        return True
    return is_test and STEPS[other] <= STEPS[layer]


def check_include(path: str, line: str) -> str | None:
    """What is wrong with this line of src/`path`, or None."""
    match = INCLUDE.match(line)
    if not match:
        return None
    layer, is_test = layer_of(path), is_for_tests(path)
    ours, outside = match.groups()
    if ours:
        other = layer_of(ours)
        if ours.startswith("tests/"):
            return None if is_test else f'"{ours}" is for tests alone'
        if other is None:
            return f'"{ours}" is not rooted at src/ (write "folder/file.h")'
        if ours in PRIVATE_HEADERS and other != layer:
            return f'"{ours}" is for {other} alone'
        if not may_include(layer, is_test, other):
            return f'{layer} may not include "{ours}": {other} is not to its right'
        return None
    whole_json = outside == "nlohmann/json.hpp" and path.endswith(".h") and not is_test
    if whole_json and layer != "api":  # whose plain data is JSON
        return "<nlohmann/json.hpp> costs every includer a second: use json_fwd.hpp in headers"
    if outside.startswith(("gtest/", "gmock/")) and not is_test:
        return f"<{outside}> is for tests alone"
    if outside.startswith("boost/") and layer == "net" and path.endswith(".h"):
        if path not in PRIVATE_HEADERS:
            return f"<{outside}> in a header that other layers include: hide it in the .cpp file"
    for prefix, layers in LIBRARIES.items():
        if outside.startswith(prefix):
            if layer in layers or is_test:
                return None
            allowed = ", ".join(layers) if layers else "no layer"
            return f"{layer} may not include <{outside}> ({allowed} may)"
    return None


def without_comments_and_strings(text: str) -> str:
    """The same lines with comments and literals blanked, so that patterns see code alone."""
    literal = r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
    pattern = re.compile(r"//[^\n]*|/\*(?:.|\n)*?\*/|" + literal)
    # A digit separator (1'000) is no quote.
    text = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "_", text)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def check_source(path: str, text: str) -> list[str]:
    """Findings in src/`path`, as "src/path:line: what"."""
    if layer_of(path) is None:
        return [f"src/{path}:1: this folder is no layer that tools/check_layers.py knows"]
    findings = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if finding := check_include(path, line):
            findings.append(f"src/{path}:{number}: {finding}")
    if path.endswith(".h") and "#pragma once" not in lines:
        findings.append(f"src/{path}:1: a header says #pragma once after its opening comment")
    if path.endswith(".h") and not text.startswith("//"):
        findings.append(f"src/{path}:1: a header opens with a comment: purpose, example, errors")
    code = without_comments_and_strings(text).splitlines()
    for ban in BANS:
        if layer_of(path) in ban.allowed or path in ban.allowed or is_for_tests(path):
            continue
        searched = code if ban.allowed else lines  # notes stand in comments
        for number, line in enumerate(searched, start=1):
            if match := ban.pattern.search(line):
                findings.append(f"src/{path}:{number}: {match.group().strip()}: {ban.advice}")
    return findings


def check_cmake(path: str, text: str) -> list[str]:
    """Findings in the retort_layer calls of src/`path`."""
    findings = []
    folders = {folder.replace("/", "_"): folder for folder in LAYERS}
    for match in LAYER_CALL.finditer(text):
        number = text.count("\n", 0, match.start()) + 1
        layer = folders.get(match.group(1))
        if layer is None:
            findings.append(f"src/{path}:{number}: {match.group(1)} is no layer")
            continue
        keyword = None
        for word in match.group(2).split():
            if word in KEYWORDS:
                keyword = word
            elif keyword == "TEST_DEPS" and word == "test_support":
                continue  # tests/support
            elif keyword in ("DEPS", "TEST_DEPS"):
                other = folders.get(word)
                if other is None or not may_include(layer, keyword == "TEST_DEPS", other):
                    findings.append(f"src/{path}:{number}: {layer} may not link {word}")
    return findings


def check_tree(root: pathlib.Path) -> list[str]:
    findings = []
    source = root / "src"
    for file in sorted(source.rglob("*")):
        path = file.relative_to(source).as_posix()
        if file.suffix in CODE:
            findings += check_source(path, file.read_text(encoding="utf-8"))
        elif file.name == "CMakeLists.txt":
            findings += check_cmake(path, file.read_text(encoding="utf-8"))
    return findings


def main(arguments: list[str]) -> int:
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).parents[1]
    findings = check_tree(root)
    for finding in findings:
        print(finding)
    if findings:
        print(f"{len(findings)} findings; the layers are drawn in ARCHITECTURE.md")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
