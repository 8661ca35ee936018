"""Sixty thousand tokens of thinking: all of them arrive, and the page answers its user meanwhile."""

import unittest

from page_case import PageCase, ask, ended, turn
from thinking import thinking, unguarded

THOUGHT = thinking(60_000)


class LongThoughtCase(PageCase):
    SCRIPTS = [(turn("think"), f"{THOUGHT}</think>Done.<|end|>")]
    FLAGS = ("--context", 70_000, "--kv-blocks", 8192)

    def start(self):
        page = self.open()
        page.context.set_default_timeout(120_000)
        page.context.route("**/v1/chat/completions", unguarded)
        ask(page, "think", wait=False)
        page.wait_for_selector(".thought.live .thought-body .block:nth-child(8)")
        return page


class FastThoughtTest(LongThoughtCase):
    def test_arrives_whole(self):
        page = self.start()
        ended(page)
        self.assertIn("60,00", page.inner_text(".thought-head"))
        page.click(".message.assistant [aria-label=Copy]", modifiers=["Shift"])
        copied = page.evaluate("navigator.clipboard.readText()")
        self.assertEqual(copied.strip(), f"{THOUGHT.strip()}\n\nDone.")
        words = page.evaluate("() => document.querySelector('.thought-body').textContent.split(/\\s+/).length")
        self.assertGreater(words, 0.9 * len(THOUGHT.split()))
        page.type("#prompt", "and next?")
        self.assertEqual(page.input_value("#prompt"), "and next?")


class SlowThoughtTest(LongThoughtCase):
    FLAGS = (*LongThoughtCase.FLAGS, "--step", 0.001)      # until it is stopped

    def test_leaves_the_page_usable_while_it_streams(self):
        page = self.start()
        page.fill("#prompt", "")
        page.type("#prompt", "and next?")
        self.assertEqual(page.input_value("#prompt"), "and next?")
        page.click(".thought-head")
        self.assertFalse(page.is_visible(".thought-body"))
        page.click(".thought-head")
        page.click("[aria-label=Settings]")
        page.press("#settings", "Escape")
        page.evaluate("() => { document.getElementById('talk').scrollTop = 0; }")
        page.click("[aria-label='To the newest']")
        self.assertEqual(page.get_attribute(".message.assistant", "aria-busy"), "true")
        page.click("[aria-label=Stop]")
        ended(page)
        self.assertIn("Stopped", page.inner_text(".message.assistant .note"))
        page.reload()
        page.wait_for_selector(".thought-body .block")
        self.assertIn(THOUGHT[:60], page.text_content(".thought-body"))


if __name__ == "__main__":
    unittest.main()
