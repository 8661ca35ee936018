"""`retort run --batch`: JSON lines in, answers out, and going on after an interruption."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODEL = ROOT / "tests/data/models/tiny-qwen2.gguf"
QUESTIONS = [{"id": f"q{i}", "prompt": f"{i} + {i}?", "seed": i} for i in range(12)]


class BatchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.input = self.write("questions.jsonl", QUESTIONS)

    def write(self, name, lines):
        path = self.folder / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    def command(self, *flags, tokens=16):
        return [PROGRAM, "run", MODEL, "--threads", "1", "--max-tokens", str(tokens), *flags]

    def batch(self, *flags, **options):
        return subprocess.run(self.command("--batch", *flags), capture_output=True, text=True,
                              check=False, **options)

    @staticmethod
    def answers(text):
        """By line; each must be there once."""
        lines = [json.loads(line) for line in text.splitlines()]
        by_line = {line["line"]: line for line in lines}
        assert len(by_line) == len(lines), "a line was answered twice"
        return by_line

    def test_answers_do_not_depend_on_how_many_run_at_once(self):
        together = self.answers(self.batch(self.input).stdout)
        alone = self.answers(self.batch(self.input, "--parallel", "1").stdout)
        self.assertEqual(sorted(together), list(range(1, 13)))
        for line, answer in together.items():
            self.assertEqual(answer["id"], f"q{line - 1}")
            self.assertEqual(answer["answer"], alone[line]["answer"])

    def test_a_bad_line_is_answered_by_its_error_and_the_rest_goes_on(self):
        path = self.folder / "mixed.jsonl"
        path.write_text('{"prompt": "Hi"}\n\nnot json\n{"id": 7, "prompt": 7}\n')
        ran = self.batch(path)
        answers = self.answers(ran.stdout)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("answer", answers[1])
        self.assertIn("no JSON object", answers[3]["error"])
        self.assertEqual(answers[4]["id"], 7)
        self.assertIn("prompt is 7", answers[4]["error"])
        self.assertIn("2 of 3 lines could not be answered", ran.stderr)

    def test_the_pipe_is_read_and_an_empty_batch_is_fine(self):
        ran = self.batch("-", input='{"prompt": "Hi"}\n')
        self.assertEqual(list(self.answers(ran.stdout)), [1])
        self.assertEqual(self.batch("-", input="").returncode, 0)

    def test_goes_on_after_being_killed_without_losing_or_repeating(self):
        whole = self.answers(self.batch(self.input).stdout)
        output = self.folder / "answers.jsonl"
        flags = ("--batch", self.input, "--output", output, "--parallel", "1")
        process = subprocess.Popen(self.command(*flags), stderr=subprocess.DEVNULL)
        while process.poll() is None and (not output.exists() or output.stat().st_size == 0):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with output.open("a") as file:
            file.write('{"line": 12, "answer": "cut of')
        ran = self.batch(self.input, "--output", output)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        answers = self.answers(output.read_text())
        self.assertEqual({line: answer["answer"] for line, answer in answers.items()},
                         {line: answer["answer"] for line, answer in whole.items()})

    def test_ctrl_c_says_how_to_go_on(self):
        output = self.folder / "answers.jsonl"
        many = self.write("many.jsonl", QUESTIONS * 100)
        process = subprocess.Popen(self.command("--batch", many, "--output", output, tokens=200),
                                   stderr=subprocess.PIPE, text=True)
        while process.poll() is None and (not output.exists() or output.stat().st_size == 0):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
        self.assertEqual(process.returncode, 1)
        self.assertRegex(errors, r"stopped after \d+ of 1200 answers; the same command goes on")
        self.answers(output.read_text())

    def test_files_that_cannot_be_used_are_named_and_left_alone(self):
        self.assertIn("cannot read /nowhere", self.batch("/nowhere").stderr)
        notes = self.folder / "notes.txt"
        notes.write_text("shopping\n")
        ran = self.batch(self.input, "--output", notes)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("line 1 is no answer of a batch", ran.stderr)
        self.assertEqual(notes.read_text(), "shopping\n")
        self.assertIn("cannot write", self.batch(self.input, "--output", "/nowhere/x").stderr)


if __name__ == "__main__":
    unittest.main()
