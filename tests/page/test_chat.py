"""The chat: thoughts, answers, and what a user does with them."""

import re
import unittest

from page_case import PageCase, ask, ended, texts, turn

THOUGHT = "First 17 * 20 = 340.\n\nThen 51 more."
# Lines that differ, so that nobody takes them for a loop.
LONG = "".join(f"Step {n}: the square is {n * n}, the cube {n ** 3}, and {7 * n} is left.\n\n"
               for n in range(1000, 1250))


def packed(page, selector=".thought-body"):
    """The whole text without spaces: innerText leaves out what the browser has not laid out yet."""
    return "".join(page.text_content(selector).split())


def history(*turns):
    """How the model reads a conversation: thoughts are gone."""
    return "".join(f"<|user|>{question}<|assistant|>{answer}<|end|>" for question, answer in turns)


class ChatTest(PageCase):
    SCRIPTS = [
        (turn("17 * 23?"), f"{THOUGHT}</think>It is 391.<|end|>"),
        (history(("17 * 23?", "It is 391.")) + turn("And plus 1?"), "392</think>It is 392.<|end|>"),
        (turn("long"), f"{LONG}</think>At last.<|end|>"),
        (turn("other"), "hm</think>Something else.<|end|>"),
    ]
    FLAGS = ("--step", 0.002)

    def test_shows_thought_and_answer_apart_and_never_a_tag(self):
        page = self.open()
        ask(page, "17 * 23?")
        self.assertEqual(page.inner_text(".message.assistant .text"), "It is 391.")
        self.assertIn("51 more", page.inner_text(".thought-body"))
        self.assertRegex(page.inner_text(".thought-head"), r"^Thought for .+ · \d+ tokens$")
        self.assertNotIn("think>", page.inner_text("body"))
        self.assertRegex(page.inner_text(".actions .figures"),
                         r"tokens/s · \d+ tokens · first token .+ · first of the answer")

    def test_goes_on_without_old_thoughts(self):
        page = self.open()
        ask(page, "17 * 23?")
        ask(page, "And plus 1?")   # only this very prompt is answered so
        self.assertEqual(texts(page, ".message.assistant .text"), ["It is 391.", "It is 392."])

    def test_thinks_live_and_answers_now(self):
        page = self.open()
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1003")
        first = page.inner_text(".thought-head")
        self.assertRegex(first, r"^Thinking .+ · \d+ tokens$")
        page.wait_for_function(
            "before => document.querySelector('.thought-head').innerText !== before", arg=first)
        page.click("text=Answer now")
        ended(page)
        self.assertNotIn("Step 1249", page.inner_text(".thought-body"))
        self.assertRegex(page.inner_text(".thought-head"), "^Thought for")
        self.assertFalse(page.is_visible("text=Answer now"))

    def test_folds_and_remembers(self):
        page = self.open()
        ask(page, "17 * 23?")
        self.assertTrue(page.is_visible(".thought-body"))
        page.click(".thought-head")
        self.assertFalse(page.is_visible(".thought-body"))
        self.assertEqual(page.get_attribute(".thought-head", "aria-expanded"), "false")
        page.reload()
        page.wait_for_selector(".message.assistant")
        self.assertFalse(page.is_visible(".thought-body"))
        page.click(".thought-head")
        ask(page, "And plus 1?")
        self.assertTrue(page.locator(".thought-body").last.is_visible())

    def test_copies_without_the_thought(self):
        page = self.open()
        ask(page, "17 * 23?")
        page.click(".message.assistant .actions [aria-label=Copy]")
        self.assertEqual(page.evaluate("navigator.clipboard.readText()"), "It is 391.")
        page.click(".message.assistant .actions [aria-label=Copy]", modifiers=["Shift"])
        self.assertEqual(page.evaluate("navigator.clipboard.readText()"),
                         f"{THOUGHT}\n\nIt is 391.")

    def test_stops_keeps_what_came_and_continues(self):
        page = self.open()
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1005")
        page.click("[aria-label=Stop]")
        ended(page)
        self.assertIn("Stopped", page.inner_text(".message.assistant .note"))
        before = packed(page)
        self.assertIn("Step1005", before)
        page.click("text=Continue")
        page.wait_for_selector(".message.assistant:last-child[aria-busy=true]")
        more = int(re.findall(r"Step(\d{4}):", before)[-1]) + 3
        page.wait_for_selector(f".thought.live >> text=Step {more}")
        page.click("[aria-label=Stop]")
        ended(page)
        self.assertTrue(packed(page).startswith(before))
        for step in range(1000, more):
            self.assertEqual(packed(page).count(f"Step{step}:"), 1)
        self.assertEqual(page.locator(".message.assistant").count(), 1)

    def test_what_was_not_answered_goes_with_the_next_message(self):
        page = self.open()
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1001")
        page.click("[aria-label=Stop]")
        ended(page)
        with page.expect_request("**/v1/chat/completions") as sent:
            ask(page, "other", wait=False)
        self.assertEqual(sent.value.post_data_json["messages"],
                         [{"role": "user", "content": "long\n\nother"}])
        ended(page)

    def test_regenerates_and_turns_between_versions(self):
        page = self.open()
        ask(page, "17 * 23?")
        page.click("[aria-label='Answer again']")
        page.wait_for_selector(".turner >> text='2 / 2'")
        ended(page)
        self.assertEqual(page.locator(".message.assistant").count(), 1)
        page.click("[aria-label='Version before']")
        page.wait_for_selector(".turner >> text='1 / 2'")
        self.assertTrue(page.is_disabled("[aria-label='Version before']"))

    def test_edits_a_question(self):
        page = self.open()
        ask(page, "17 * 23?")
        page.hover(".message.user")
        page.click(".message.user [aria-label=Edit]")
        page.fill(".edit textarea", "other")
        page.press(".edit textarea", "Enter")
        page.wait_for_selector("text=Something else.")
        page.click(".message.user [aria-label='Version before']")
        page.wait_for_selector("text=It is 391.")
        page.click(".message.user [aria-label=Edit]")
        page.press(".edit textarea", "Escape")
        self.assertEqual(page.inner_text(".message.user > .text"), "17 * 23?")

    def test_branches_into_a_conversation_of_its_own(self):
        page = self.open()
        ask(page, "17 * 23?")
        ask(page, "And plus 1?")
        page.locator(".message.assistant").first.locator("[aria-label='Branch off here']").click()
        page.wait_for_selector(".history.open >> text=(branch)")
        self.assertEqual(texts(page, ".message.assistant .text"), ["It is 391."])
        self.assertEqual(page.locator(".history").count(), 2)

    def test_reload_in_mid_stream_loses_nothing(self):
        page = self.open()
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1012")
        shown = page.evaluate("""() => {
          const text = document.querySelector('.thought-body').textContent;
          location.reload();
          return text;
        }""")
        page.wait_for_selector("text=Stopped")
        self.assertIn("".join(shown.split()), packed(page))
        self.assertTrue(page.is_visible("text=Continue"))

    def test_attaches_a_text_file_and_refuses_others(self):
        page = self.open()
        page.set_input_files("input[type=file]", [
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": "a < b".encode()}])
        page.wait_for_selector(".chip >> text=notes.txt")
        page.set_input_files("input[type=file]", [
            {"name": "picture.png", "mimeType": "image/png", "buffer": b"\x89PNG\xff\x00"}])
        page.wait_for_selector("text=picture.png is no text")
        ask(page, "what?")
        self.assertIn("notes.txt", page.inner_text(".attached"))
        page.click(".attached summary")
        self.assertEqual(page.inner_text(".attached pre"), "a < b")

    def test_presets_fill_the_prompt_and_mark_what_to_fill_in(self):
        page = self.open()
        for name in ("Solve and explain", "Mark homework", "Set exam questions",
                     "Explain a derivation", "Teach code"):
            page.click(f".presets >> text={name}")
            self.assertIn("[", page.input_value("#prompt"))
            self.assertRegex(page.evaluate("getSelection().toString() || (() => {"
                                           "const p = document.getElementById('prompt');"
                                           "return p.value.slice(p.selectionStart, p.selectionEnd)"
                                           "})()"), r"^\[.+\]$")

    def test_deep_thinking_off_leaves_the_thought_out(self):
        page = self.open()
        page.click("text=Deep thinking")
        self.assertEqual(page.get_attribute("button:has-text('Deep thinking')", "aria-pressed"),
                         "false")
        with page.expect_request("**/v1/chat/completions") as sent:
            ask(page, "17 * 23?", wait=False)
        self.assertEqual(sent.value.post_data_json["reasoning_effort"], "none")
        ended(page)
        self.assertFalse(page.is_visible(".thought"))

    def test_another_model_answers_without_deep_thinking(self):
        page = self.open()
        page.click("[aria-label=Settings]")
        page.select_option("#partner", "other")
        page.keyboard.press("Escape")
        page.click("text=Deep thinking")
        with page.expect_request("**/v1/chat/completions") as sent:
            ask(page, "17 * 23?", wait=False)
        self.assertEqual(sent.value.post_data_json["model"], "other")
        ended(page)

    def test_gauge_tells_how_full_the_context_is(self):
        page = self.open()
        ask(page, "17 * 23?")
        self.assertRegex(page.get_attribute(".gauge", "aria-label"),
                         r"^\d+ of 20,000 tokens of context$")

    def test_follows_the_end_until_the_user_scrolls(self):
        page = self.open()
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1060")
        self.assertLess(page.evaluate("(() => { const v = document.getElementById('talk');"
                                      "return v.scrollHeight - v.scrollTop - v.clientHeight })()"), 120)
        page.evaluate("document.getElementById('talk').scrollTop = 0")
        page.wait_for_timeout(400)
        self.assertEqual(page.evaluate("document.getElementById('talk').scrollTop"), 0)
        page.click("[aria-label='To the newest']")
        page.wait_for_function("() => document.getElementById('talk').scrollTop > 100")
        page.click("[aria-label=Stop]")
        ended(page)


if __name__ == "__main__":
    unittest.main()
