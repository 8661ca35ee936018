"""The page with a real model: SmolLM2-135M behind `retort serve`, under two names."""

import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

from page_case import PageCase, ask, ended, skip, texts

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODELS = pathlib.Path(os.environ.get("RETORT_MODELS", pathlib.Path.home() / ".cache/retort-models"))
MODEL = MODELS / "SmolLM2-135M-Instruct.Q4_1.gguf"
if not MODEL.exists():
    skip(f"no {MODEL.name}: run scripts/fetch-test-models small")


class RealServer:
    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.home = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [PROGRAM, "serve", f"smol={MODEL}", f"twin={MODEL}", "--port", self.url.split(":")[2],
             "--kv-tokens", "4096"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.home.name})
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/readyz")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("retort serve was not ready after a minute")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.home.cleanup()


class RealModelTest(PageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.real = RealServer()
        cls.addClassCleanup(cls.real.stop)

    def open_real(self, hash="", wait="#prompt"):
        page = self.open(hash=hash, wait=wait, server=self.real)
        page.context.set_default_timeout(120_000)
        return page

    def choose(self, page, name, value):
        page.locator(f".slider:has(#value-{name}) input[type=number]").fill(value)
        page.locator(f".slider:has(#value-{name}) input[type=number]").press("Tab")

    def test_answers_in_words_and_the_same_seed_answers_the_same(self):
        page = self.open_real()
        page.wait_for_selector("text=answers without a thought")
        page.click("[aria-label=Settings]")
        self.choose(page, "max_tokens", "40")
        self.choose(page, "temperature", "0.8")
        self.choose(page, "seed", "5")
        ask(page, "What is the capital of France?")
        first = page.inner_text(".message.assistant .text")
        self.assertRegex(first, r"\w+ \w+")
        self.assertRegex(page.inner_text(".actions .figures"), r"[\d.]+ tokens/s · \d+ tokens")
        page.click("[aria-label='Answer again']")
        page.wait_for_selector(".turner >> text='2 / 2'")
        ended(page)
        self.assertEqual(page.inner_text(".message.assistant .text"), first)

    def test_is_cut_by_length_and_continues(self):
        page = self.open_real()
        page.click("[aria-label=Settings]")
        self.choose(page, "max_tokens", "12")
        self.choose(page, "temperature", "0")
        ask(page, "Tell me a long story about a river.")
        page.wait_for_selector("text=The length limit was reached")
        before = page.inner_text(".message.assistant .text")
        page.click("text=Continue")
        page.wait_for_selector(".message.assistant:last-child[aria-busy=true]")
        ended(page)
        after = page.inner_text(".message.assistant .text")
        self.assertTrue(after.startswith(before.rstrip()), (before, after))
        self.assertGreater(len(after), len(before))

    def test_twins_side_by_side_say_the_same(self):
        page = self.open_real("#/chat")
        page.click("[aria-label=Settings]")
        self.choose(page, "max_tokens", "30")
        self.choose(page, "temperature", "0")
        page.keyboard.press("Alt+Digit2")
        page.wait_for_url(re.compile("#/compare"))
        page.locator("main textarea").fill("Name three colours.")
        page.locator("main textarea").press("Enter")
        page.wait_for_selector("text=Which answer is best?")
        answers = texts(page, ".cmp-columns .text")
        self.assertEqual(len(answers), 2)
        self.assertEqual(answers[0], answers[1])
        self.assertRegex(answers[0], r"\w")


if __name__ == "__main__":
    unittest.main()
