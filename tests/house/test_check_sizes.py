"""How tools/check_sizes.py measures files and functions."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools"))
import check_sizes  # noqa: E402


def measured(text):
    return [(f.name, f.line, f.lines) for f in check_sizes.cpp_functions(text)]


def body(lines):
    return "  F();\n" * lines


class CppFunctions(unittest.TestCase):
    def test_from_the_signature_to_the_closing_brace(self):
        text = "namespace retort {\n\nint Add(int a,\n        int b) {\n  return a + b;\n}\n\n}\n"
        self.assertEqual(measured(text), [("Add", 3, 4)])

    def test_members_constructors_and_operators(self):
        text = (
            "class A : public B<int> {\n public:\n  A() : b_{1}, c_(2) {}\n"
            "  int b() const { return b_; }\n  bool operator==(const A&) const { return true; }\n};\n"
            "A::~A() {\n  Stop();\n}\n"
        )
        self.assertEqual([name for name, _, _ in measured(text)], ["A", "b", "operator==", "A::~A"])

    def test_templates(self):
        text = "template <typename T, typename = Enable<T>>\nT Twice(T value) {\n  return value;\n}\n"
        self.assertEqual([name for name, _, _ in measured(text)], ["Twice"])

    def test_lambdas_and_blocks_belong_to_their_function(self):
        text = "void Run() {\n  if (a) {\n    auto f = [&](int i) { return i; };\n  }\n}\n"
        self.assertEqual(measured(text), [("Run", 1, 5)])

    def test_data_is_no_function(self):
        text = (
            "struct P { int a = 0; };\nenum class E { kA, kB };\nconst P p{1};\n"
            "constexpr int kTable[] = {1, 2};\nusing F = int(int);\nint G(int);\n"
        )
        self.assertEqual(measured(text), [])

    def test_braces_in_comments_strings_and_macros_do_not_count(self):
        text = 'void A() {\n  // }\n  F("}", \'}\', R"(})");\n}\n#define M(x) { x; }\nvoid B() {}\n'
        self.assertEqual(measured(text), [("A", 1, 4), ("B", 6, 1)])

    def test_test_macros_are_functions(self):
        self.assertEqual(measured("TEST(Suite, Name) {\n}\n"), [("TEST", 1, 2)])


class Limits(unittest.TestCase):
    def check(self, name, text):
        return check_sizes.check_file(pathlib.Path(name), name, text)

    def test_a_function_above_the_limit_breaks_it(self):
        broken, advice = self.check("a.cpp", "void Long() {\n" + body(119) + "}\n")
        self.assertEqual(broken, ["a.cpp:1: Long has 121 lines; 120 is the limit"])
        self.assertEqual(advice, [])

    def test_between_the_figures_there_is_advice(self):
        broken, advice = self.check("a.cpp", "void Long() {\n" + body(59) + "}\n")
        self.assertEqual(broken, [])
        self.assertEqual(advice, ["a.cpp:1: Long has 61 lines; 60 are advised"])

    def test_at_the_advised_figure_there_is_silence(self):
        self.assertEqual(self.check("a.cpp", "void Long() {\n" + body(58) + "}\n"), ([], []))
        self.assertEqual(self.check("a.txt", "x\n" * 300), ([], []))

    def test_files(self):
        self.assertEqual(len(self.check("a.txt", "x\n" * 301)[1]), 1)
        self.assertEqual(len(self.check("a.css", "x\n" * 601)[0]), 1)

    def test_python_functions(self):
        text = "def f():\n" + "    g()\n" * 120
        self.assertEqual(len(self.check("a.py", text)[0]), 1)
        self.assertEqual(len(self.check("script", "#!/usr/bin/env python3\n" + text)[0]), 1)

    def test_recorded_data_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name in ("tests/data/long.txt", "tests/long.txt"):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text("x\n" * 700)
            broken, _ = check_sizes.check_tree(root)
            self.assertEqual(broken, ["tests/long.txt:1: the file has 700 lines; 600 is the limit"])


if __name__ == "__main__":
    unittest.main()
