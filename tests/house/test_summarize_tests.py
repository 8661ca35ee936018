"""How tools/summarize_tests.py reads the JUnit files of ctest and GoogleTest."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools"))
import summarize_tests  # noqa: E402

GTEST_SKIP = """[ RUN      ] Exactness.Logits
/src/a_test.cpp:12: Skipped
~/models/x.gguf is absent:
fetch it

[  SKIPPED ] Exactness.Logits (0 ms)
"""


def case(name, status="run", inside=""):
    return f'<testcase name="{name}" status="{status}">{inside}</testcase>'


def totals(*cases, programs=None):
    result = summarize_tests.Totals()
    summarize_tests.add_file(result, f"<testsuite>{''.join(cases)}</testsuite>", programs or {})
    return result


def program(*cases):
    return f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>"


def gtest_case(name, inside=""):
    return f'<testcase classname="A" name="{name}" status="run">{inside}</testcase>'


class Summary(unittest.TestCase):
    def test_counts_each_case_once(self):
        found = totals(
            case("A.passes"),
            case("A.fails", "fail", '<failure message=""/>'),
            case("A.skips", "notrun", f"<skipped/><system-out>{GTEST_SKIP}</system-out>"),
        )
        lines = summarize_tests.report(found)
        self.assertIn("FAILED  A.fails", lines)
        self.assertEqual(lines[-2], "1 passed, 1 failed, 1 skipped")
        self.assertTrue(lines[-1].startswith("1 passed, 1 failed, 1 skipped: to run the skipped"))

    def test_failures_say_what_went_wrong_and_no_more(self):
        output = "[ RUN      ] A.b\na_test.cpp:1: Failure\nExpected: 1\n[  FAILED  ] A.b (0 ms)\n"
        inside = f'<failure message=""/><system-out>{output}</system-out>'
        lines = summarize_tests.report(totals(case("A.b  # GetParam() = 5", "fail", inside)))
        self.assertEqual(lines[:3], ["FAILED  A.b", "    a_test.cpp:1: Failure", "    Expected: 1"])
        long = summarize_tests.failure_lines("line\n" * 100)
        self.assertEqual(len(long), summarize_tests.OUTPUT_LINES + 1)

    def test_says_when_nothing_was_skipped(self):
        lines = summarize_tests.report(totals(case("A.passes"), case("B.passes")))
        self.assertEqual(lines[-2:], ["2 passed, 0 failed, 0 skipped",
                                      "2 passed, 0 failed, 0 skipped: nothing was skipped"])

    def test_the_reason_is_the_message_of_the_test(self):
        reason = summarize_tests.skip_reason(GTEST_SKIP)
        self.assertEqual(reason, "~/models/x.gguf is absent: fetch it")

    def test_a_program_that_skips_itself_says_why_last(self):
        self.assertEqual(summarize_tests.skip_reason("first\nnot installed\n"), "not installed")
        self.assertEqual(summarize_tests.skip_reason(""), "no reason given")

    def test_skipped_tests_of_one_reason_share_a_line(self):
        skips = [case(f"A.{n}", "notrun", f"<skipped/><system-out>{GTEST_SKIP}</system-out>")
                 for n in range(5)]
        lines = summarize_tests.report(totals(*skips))
        self.assertEqual(len(lines), 3)
        self.assertIn("Skipped 5 tests (A.0, A.1, A.2 and others)", lines[0])

    def test_a_programs_cases_count_instead_of_it(self):
        skipped = '<skipped message="/src/a_test.cpp:12&#x0A;x.gguf is absent:&#x0A;fetch it&#x0A;"/>'
        failure = '<failure message="short">a_test.cpp:1\nExpected: 1</failure>'
        file = program(gtest_case("passes"), gtest_case("fails", failure), gtest_case("skips", skipped))
        found = totals(case("a_test", "fail", "<failure/>"), programs={"a_test": file})
        lines = summarize_tests.report(found)
        self.assertEqual(lines[:3], ["FAILED  A.fails", "    a_test.cpp:1", "    Expected: 1"])
        self.assertIn("x.gguf is absent: fetch it", lines[3])
        self.assertEqual(lines[-2], "1 passed, 1 failed, 1 skipped")

    def test_a_program_that_failed_without_a_failed_case_counts_once_more(self):
        leaked = "<failure/><system-out>ERROR: LeakSanitizer: detected memory leaks</system-out>"
        found = totals(case("a_test", "fail", leaked), programs={"a_test": program(gtest_case("passes"))})
        lines = summarize_tests.report(found)
        self.assertEqual(lines[:2], ["FAILED  a_test", "    ERROR: LeakSanitizer: detected memory leaks"])
        self.assertEqual(lines[-2], "1 passed, 1 failed, 0 skipped")

    def test_a_program_that_died_says_where(self):
        output = "[ RUN      ] A.first\n[       OK ] A.first\n[ RUN      ] A.second\nSegmentation fault\n"
        lines = summarize_tests.report(
            totals(case("a_test", "fail", f"<failure/><system-out>{output}</system-out>")))
        self.assertEqual(lines[:2], ["FAILED  a_test in A.second", "    Segmentation fault"])


if __name__ == "__main__":
    unittest.main()
