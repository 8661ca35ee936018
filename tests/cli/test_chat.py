"""`retort run` as somebody at a terminal uses it: a pseudo-terminal, keys in, screen text out."""

import json
import os
import pathlib
import pty
import re
import select
import subprocess
import tempfile
import termios
import time
import unittest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODEL = ROOT / "tests/data/models/tiny-qwen2.gguf"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
PATIENCE = 60  # seconds; a busy machine with sanitizers is slow


class Terminal:
    """A chat in a pseudo-terminal."""

    def __init__(self, home, tokens=8, term="xterm"):
        self.master, slave = pty.openpty()
        self.mode = termios.tcgetattr(slave)
        environment = {**os.environ, "HOME": home, "TERM": term, "XDG_STATE_HOME": home + "/state"}
        environment.pop("RETORT_HISTORY", None)
        command = [PROGRAM, "run", str(MODEL), "--threads", "1", "--seed", "1", "--ignore-eos"]
        self.process = subprocess.Popen(
            # A session of its own with this as its terminal, so that Ctrl-C becomes a signal.
            ["setsid", "--ctty", "--wait", *command, "--max-tokens", str(tokens)],
            stdin=slave, stdout=slave, stderr=slave, env=environment,
        )
        os.close(slave)
        self.text = ""

    def wait_for(self, wanted):
        """Reads until `wanted` stands on the screen behind what was waited for before; returns
        all up to its end."""
        end = time.monotonic() + PATIENCE
        seen = ESCAPES.sub("", self.text)
        while wanted not in seen:
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{wanted!r} did not come; the screen says {seen!r}")
            if not select.select([self.master], [], [], left)[0]:
                continue
            try:
                chunk = os.read(self.master, 65536).decode(errors="replace")
            except OSError:
                chunk = ""
            if not chunk:
                raise AssertionError(f"{wanted!r} did not come before the end: {seen!r}")
            self.text += chunk
            seen = ESCAPES.sub("", self.text)
        cut = seen.index(wanted) + len(wanted)
        self.text = seen[cut:]
        return seen[:cut]

    def type(self, keys):
        os.write(self.master, keys.encode())

    def end(self):
        """Waits for the process; its exit status."""
        end = time.monotonic() + PATIENCE
        try:
            while select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
                if not os.read(self.master, 65536):
                    break
            else:
                raise AssertionError(f"the chat did not end; the screen said {self.text!r}")
        except OSError:
            pass
        status = self.process.wait(PATIENCE)
        os.close(self.master)
        return status


class ChatTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name

    def start(self, **options):
        terminal = Terminal(self.home, **options)
        self.addCleanup(terminal.process.wait)
        self.addCleanup(terminal.process.kill)
        terminal.wait_for("> ")
        return terminal

    def test_answers_and_leaves(self):
        chat = self.start()
        chat.type("Hi\r")
        chat.wait_for("tokens/s")
        chat.type("\x04")
        self.assertEqual(chat.end(), 0)

    def test_keys_typed_during_an_answer_wait_for_its_end(self):
        chat = self.start(tokens=200)
        chat.type("go\r")
        chat.wait_for("Thinking")
        chat.type("/set seed 4711\r")
        self.assertNotIn("/set", chat.wait_for("tokens/s"))
        chat.wait_for("seed is 4711")
        chat.type("go\r")
        chat.wait_for("Thinking")
        chat.type("\x04")
        self.assertEqual(chat.end(), 0)

    def test_the_terminal_is_left_as_it_was(self):
        chat = self.start()
        chat.type("/exit\r")
        self.assertEqual(chat.process.wait(PATIENCE), 0)
        self.assertEqual(termios.tcgetattr(chat.master), chat.mode)

    def test_settings_are_set_shown_and_reset(self):
        chat = self.start()
        chat.type("/set temperature 0.25\r")
        chat.wait_for("temperature is 0.25 from the next answer on.")
        chat.type("/set top_p 7\r")
        chat.wait_for("retort: top_p")
        chat.type("/set system Be brief.\r")
        chat.wait_for("The system message is set.")
        chat.type("/show\r")
        shown = chat.wait_for("conversation")
        self.assertRegex(shown, r"temperature +0\.25")
        self.assertRegex(shown, r"system +Be brief\.")
        chat.type("/reset\r")
        chat.wait_for("as they were")
        chat.type("/show\r")
        shown = chat.wait_for("conversation")
        self.assertNotIn("Be brief.", shown)
        self.assertNotRegex(shown, r"temperature +0\.25")

    def test_a_chat_is_saved_and_loaded(self):
        before, after = self.home + "/before.json", self.home + "/after.json"
        messages = [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "二"}]
        pathlib.Path(before).write_text(json.dumps({
            "schema": "retort.chat/1", "messages": messages, "settings": {"top_k": 7}}))
        chat = self.start()
        chat.type(f"/load {before}\r")
        chat.wait_for("2 messages from")
        chat.type("/set min_p 0.125\r")
        chat.wait_for("min_p is 0.125")
        chat.type(f"/save {after}\r")
        chat.wait_for("Saved to")
        saved = json.loads(pathlib.Path(after).read_text())
        self.assertEqual(saved["messages"], messages)
        self.assertEqual((saved["settings"]["top_k"], saved["settings"]["min_p"]), (7, 0.125))
        chat.type("/load /nowhere.json\r")
        chat.wait_for("cannot read /nowhere.json")

    def test_several_lines_are_one_input(self):
        text = "/set system one\ntwo"
        for keys in (f'"""{text}"""\r'.replace("\n", "\r"), text.replace("\n", "\\\r") + "\r",
                     f"\x1b[200~{text}\x1b[201~\r"):
            chat = self.start()
            chat.type(keys)
            chat.wait_for("The system message is set.")
            chat.type(f"/save {self.home}/lines.json\r")
            chat.wait_for("Saved to")
            saved = json.loads(pathlib.Path(self.home, "lines.json").read_text())
            self.assertEqual(saved["messages"][0]["content"], "one\ntwo", repr(keys))

    def test_history_lasts_from_one_session_to_the_next(self):
        chat = self.start()
        chat.type("/set seed 4711\r")
        chat.wait_for("seed is 4711")
        chat.type("/exit\r")
        self.assertEqual(chat.end(), 0)
        again = self.start()
        again.type("\x1b[A\x1b[A\r")  # twice up: behind /exit
        again.wait_for("seed is 4711")

    def test_ctrl_c_twice_leaves(self):
        chat = self.start()
        chat.type("half a li\x03")
        chat.wait_for("Ctrl-C again or Ctrl-D leaves.")
        chat.type("\x03")
        self.assertEqual(chat.end(), 0)

    def test_ctrl_c_in_an_answer_leaves_the_chat_alive(self):
        chat = self.start(tokens=200)
        chat.type("go\r")
        chat.wait_for("Thinking")
        chat.type("\x03")
        chat.wait_for("tokens/s")  # stopped, or done before
        chat.type("/help\r")
        chat.wait_for("/save FILE")

    def test_slips_are_named_and_paths_are_questions(self):
        chat = self.start()
        chat.type("/reste\r")
        chat.wait_for("there is no command /reste; /help lists them")
        chat.type("/retry\r")
        chat.wait_for("there is no question to answer again yet")
        chat.type("/etc/hosts is missing\r")
        chat.wait_for("tokens/s")

    def test_a_dumb_terminal_works_without_editing(self):
        chat = self.start(term="dumb")
        chat.type("Hi\n")
        self.assertNotIn("\x1b", chat.wait_for("tokens/s"))


if __name__ == "__main__":
    unittest.main()
