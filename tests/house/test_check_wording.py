"""How tools/check_wording.py finds what a report says."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools"))
import check_wording  # noqa: E402


class CheckWording(unittest.TestCase):
    def test_literals_of_calls_are_joined(self):
        source = """x = say("one") + view.say("two {}",
            n) + say_("three "
                 "and four") + essay("five") + say(name);"""
        self.assertEqual(list(check_wording.texts_of(source)), ["one", "two {}", "three and four"])

    def check(self, source, words):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src/lab/wording").mkdir(parents=True)
            (root / "src/a.cpp").write_text(source)
            (root / "src/lab/wording/zh.json").write_text(json.dumps(words))
            return check_wording.main(root)

    def test_missing_and_left_over_texts_are_findings(self):
        self.assertEqual(self.check('say("a");', {"a": "b"}), 0)
        self.assertEqual(self.check('say("a");', {}), 1)
        self.assertEqual(self.check('say("a");', {"a": "b", "c": "d"}), 1)


if __name__ == "__main__":
    unittest.main()
