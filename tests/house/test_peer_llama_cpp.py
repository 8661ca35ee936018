"""What bench/peer_llama_cpp.py asks of both sides; neither engine runs here."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import peer_llama_cpp  # noqa: E402


class Tests(unittest.TestCase):
    def test_names_say_what_both_sides_run(self):
        test = peer_llama_cpp.parse_test("tg64@2048")
        self.assertEqual((test.prompt, test.sequences, test.depth, test.tokens), (False, 1, 2048, 64))
        self.assertIn("2048", test.flags)
        self.assertTrue(peer_llama_cpp.parse_test("pp512").prompt)
        self.assertEqual(peer_llama_cpp.parse_test("batch8").sequences, 8)

    def test_each_test_leaves_the_other_kinds_out(self):
        for name, own in (("pp512", "--prompts"), ("tg128", "--depths"), ("batch4", "--batches")):
            flags = peer_llama_cpp.parse_test(name).flags
            given = dict(zip(flags[::2], flags[1::2]))
            for flag in ("--prompts", "--depths", "--batches"):
                self.assertEqual(given[flag] == "none", flag != own, f"{name} {flag}")

    def test_other_names_are_refused(self):
        for name in ("", "pp", "tg1@", "batch", "xx5"):
            with self.assertRaises(SystemExit):
                peer_llama_cpp.parse_test(name)

    def test_batches_are_those_of_retort_bench(self):
        plan = (ROOT / "src/lab/bench/plan.h").read_text()
        depth = int(re.search(r"kBatchDepth = (\d+)", plan)[1])
        generated = int(re.search(r"kBatchGenerated = (\d+)", plan)[1])
        self.assertEqual(peer_llama_cpp.BATCH_DEPTH, depth)
        self.assertEqual(peer_llama_cpp.BATCH_GENERATED, generated)

    def test_the_interval_holds_the_ratio_of_medians(self):
        low, high = peer_llama_cpp.ratio_interval([10, 11, 12, 11, 10], [5, 5.2, 5.1, 5, 4.9])
        self.assertLess(low, 11 / 5)
        self.assertGreater(high, 11 / 5)
        self.assertGreater(low, 1.8)


if __name__ == "__main__":
    unittest.main()
