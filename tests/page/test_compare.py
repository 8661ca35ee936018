"""Models side by side: the same prompt to all, and live figures. The vote is in test_votes.py."""

import json
import re
import unittest

from compare_case import (ANSWER, DEEP, OTHER, SHALLOW, CompareCase, all_ended, compare, figures,
                          post)
from page_case import texts

# In each column, the value of a row is a number and another one than before.
MOVED = r"""([row, before]) => [...document.querySelectorAll('.cmp-foot')].every((foot, index) =>
  [...foot.querySelectorAll('dl > div')].some((pair) => pair.firstChild.innerText === row &&
    /\d/.test(pair.lastChild.innerText) && pair.lastChild.innerText !== before[index]))"""


class CompareTest(CompareCase):
    def test_asks_all_the_same_and_shows_answers_beside_each_other(self):
        page = self.open("#/compare")
        sent = []
        page.on("request", lambda request: sent.append(request.post_data_json)
                if request.url.endswith("/chat/completions") else None)
        compare(page, "17 * 23?")
        self.assertEqual(texts(page, ".cmp-name"), ["scripted", "other"])
        self.assertEqual(texts(page, ".cmp-round .text"), [ANSWER, ANSWER])
        self.assertEqual(sorted(request.pop("model") for request in sent), ["other", "scripted"])
        self.assertEqual(sent[0], sent[1])
        self.assertEqual(sent[0]["messages"], [{"role": "user", "content": "17 * 23?"}])
        self.assertNotIn("think>", page.inner_text("body"))

    def test_shows_each_answers_figures(self):
        page = self.open_columns(DEEP, SHALLOW)
        compare(page, "17 * 23?")
        deep, shallow = figures(page, 0), figures(page, 1)
        self.assertEqual(list(deep), list(shallow))
        for name in ("Thinking time", "First token", "First of answer", "Whole time"):
            self.assertRegex(deep[name], r"^\d+\.\d s")
        for speed in (deep["Tokens/s"], shallow["Tokens/s"]):
            self.assertGreater(float(re.match(r"[\d,]+\.\d", speed)[0].replace(",", "")), 1)
        usage = self.usage("17 * 23?")
        thought = usage["completion_tokens_details"]["reasoning_tokens"]
        self.assertEqual(deep["Thought tokens"], str(thought))
        self.assertEqual(deep["Answer tokens"], str(usage["completion_tokens"] - thought))
        self.assertEqual(deep["Prompt tokens"], str(usage["prompt_tokens"]))
        self.assertEqual([shallow["Thinking time"], shallow["Thought tokens"]], ["–", "0"])
        self.assertFalse(page.locator(".cmp-column").nth(1).locator(".thought").is_visible())
        self.assertFalse(page.is_visible("text=closed at its budget"))

    def usage(self, question):
        return json.loads(post(self.server, "/v1/chat/completions", {
            "model": "scripted", "messages": [{"role": "user", "content": question}]}))["usage"]

    def test_marks_the_best_of_each_row_once_all_have_ended(self):
        page = self.open_columns(DEEP, SHALLOW)
        compare(page, "slow", wait=False)
        page.wait_for_selector(".cmp-column:last-child .cmp-phase[data-phase=done]")
        self.assertEqual(page.locator(".cmp-best").count(), 0)
        all_ended(page)
        page.wait_for_selector(".cmp-best", state="attached")
        self.assertIn("(best)", figures(page, 1)["Whole time"])
        self.assertNotIn("(best)", figures(page, 0)["Whole time"])
        for row in ("Thinking time", "Thought tokens", "Answer tokens", "Prompt tokens"):
            self.assertNotIn("(best)", figures(page, 0)[row] + figures(page, 1)[row])

    def test_figures_move_while_answers_come(self):
        page = self.open("#/compare")
        compare(page, "long", wait=False)
        page.wait_for_selector(".cmp-column:last-child .thought.live >> text=Step 1002")
        self.assertEqual(texts(page, ".cmp-phase"), ["Thinking", "Thinking"])
        for row in ("Tokens/s", "Thinking time", "Thought tokens", "Whole time"):
            page.wait_for_function(MOVED, arg=[row, [figures(page, 0)[row], figures(page, 1)[row]]])
        self.assertEqual([figures(page, 0)[row] for row in ("First of answer", "Answer tokens")],
                         ["–", "0"])
        page.click("[aria-label='Stop all']")
        all_ended(page)

    def test_answers_now_in_one_column_only(self):
        page = self.open("#/compare")
        compare(page, "long", wait=False)
        page.wait_for_selector(".cmp-column:last-child .thought.live >> text=Step 1002")
        page.locator(".cmp-column").last.locator("text=Answer now").click()
        page.wait_for_selector(".cmp-column:last-child .cmp-phase[data-phase=done]")
        self.assertEqual(page.inner_text(".cmp-column:first-child .cmp-phase"), "Thinking")
        page.click("[aria-label='Stop all']")
        all_ended(page)
        self.assertEqual(texts(page, ".cmp-phase"), ["Stopped", "Done"])
        self.assertEqual(page.inner_text(".cmp-column:first-child .note"), "Stopped")

    def test_goes_on_without_old_thoughts(self):
        page = self.open("#/compare")
        compare(page, "17 * 23?")
        compare(page, "And plus 1?")    # only this very prompt is answered so
        for column in page.locator(".cmp-column").all():
            self.assertEqual(texts(column, ".cmp-round .text"), [ANSWER, "It is 392."])

    def test_takes_two_to_four_columns_and_models_that_were_brought(self):
        page = self.open("#/compare")
        self.assertEqual(page.locator("[aria-label^='Remove column']").count(), 0)
        page.click("[aria-label='Add a column']")
        page.click("[aria-label='Add a column']")
        self.assertEqual(page.locator(".cmp-column").count(), 4)
        self.assertTrue(page.is_disabled("[aria-label='Add a column']"))
        page.click("[aria-label='Remove column D']")
        self.assertEqual(page.locator(".cmp-column").count(), 3)
        self.assertIn(b'"done"', post(self.server, "/retort/v1/pull", {"model": "third"}))
        page.wait_for_selector("[aria-label='Model of column C'] >> css=option[value=third]",
                               state="attached")
        page.select_option("[aria-label='Model of column C']", "third")
        self.assertIn("Not loaded yet", page.inner_text(".cmp-column:last-child"))
        page.click("[aria-label='Deep thinking in column C']")
        compare(page, "17 * 23?")
        self.assertEqual(texts(page, ".cmp-name"), ["scripted", "other", "third"])
        self.assertEqual(texts(page, ".cmp-round .text"), [ANSWER] * 3)

    def test_reload_in_mid_comparison_loses_nothing(self):
        page = self.open_columns(OTHER, DEEP)
        compare(page, "long", wait=False)
        page.wait_for_selector(".cmp-column:last-child .thought.live >> text=Step 1009")
        shown = page.evaluate("""() => {
          const bodies = [...document.querySelectorAll('.thought-body')];
          const seen = bodies.map(({innerText}) => innerText);
          location.reload();
          return seen;
        }""")
        page.wait_for_selector(".note >> text=Stopped")
        self.assertEqual(texts(page, ".cmp-name"), ["other", "scripted"])
        for before, after in zip(shown, texts(page, ".thought-body")):
            self.assertIn(before.strip()[-200:], after)
        self.assertRegex(figures(page, 0)["Thought tokens"], r"^\d+")

    def test_goes_on_while_another_view_is_shown(self):
        page = self.open("#/compare")
        compare(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1002")
        page.click("text=Dashboard")
        page.wait_for_selector(".tile")
        page.click("text=Side by side")
        page.wait_for_selector(".cmp-column:last-child .thought.live >> text=Step 1004")
        page.click("[aria-label='Stop all']")
        all_ended(page)
        page.click("[aria-label='New comparison']")
        page.wait_for_selector(".cmp-round", state="detached")
        self.assertEqual(page.evaluate("document.activeElement.id"), "prompt")

    def test_one_failure_leaves_the_others(self):
        page = self.open("#/compare")
        page.route("**/chat/completions", lambda route: route.fulfill(
            status=500, json={"error": {"message": "it fell"}})
            if route.request.post_data_json["model"] == "other" else route.continue_())
        compare(page, "17 * 23?")
        self.assertEqual(texts(page, ".cmp-phase"), ["Done", "Failed"])
        self.assertIn("it fell", page.inner_text(".cmp-column:last-child"))
        self.assertIn("fewer than two answers", page.inner_text(".cmp-vote"))


if __name__ == "__main__":
    unittest.main()
