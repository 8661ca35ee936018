"""How tools/summarize_tests.py reads ctest's JUnit files."""

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


def totals(*cases):
    result = summarize_tests.Totals()
    summarize_tests.add_file(result, f"<testsuite>{''.join(cases)}</testsuite>")
    return result


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


if __name__ == "__main__":
    unittest.main()
