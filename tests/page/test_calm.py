"""What a screen reader is told, what moves, and what is wider than a phone."""

import unittest

from page_case import ask, ended
from states_case import FILLED, NARROW, VIEWS, StatesCase

# Everything that the region of announcements says, from now on.
LISTEN = """() => {
  const region = document.getElementById('announcer');
  window.said = [];
  new MutationObserver(() => {
    if (region.textContent !== '') window.said.push(region.textContent);
  }).observe(region, {childList: true, characterData: true, subtree: true});
}"""
# Texts that change while an answer comes and that lie in a live region.
LIVE = """() => {
  window.live = [];
  new MutationObserver((records) => {
    for (const {target} of records) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const region = element?.closest('[aria-live], [role=status], [role=alert], [role=log], output');
      if (region && region.id !== 'announcer') window.live.push(region.outerHTML.slice(0, 200));
    }
  }).observe(document.body, {childList: true, characterData: true, subtree: true});
}"""
MOVING = """() => document.getAnimations().filter(({playState}) => playState === 'running')
  .map(({effect, animationName}) => `${animationName} ${effect.target.className}`)"""
# What is wider than the screen, but for what scrolls by itself.
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth &&
      [...document.querySelectorAll('main, .view')].every((box) => box.scrollWidth <= box.clientWidth)) {
    return [];
  }
  return [...document.querySelectorAll('main *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map(({outerHTML}) => outerHTML.slice(0, 120));
}"""


class AnnouncementsTest(StatesCase):
    def test_states_are_announced_and_tokens_are_not(self):
        page = self.open_as("light", wait=".presets")
        page.evaluate(LISTEN)
        page.evaluate(LIVE)
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1010")
        page.keyboard.press("Alt+A")
        ended(page)
        page.keyboard.press("Alt+N")
        ask(page, "rich")
        page.wait_for_function("() => /^The answer is complete/.test(window.said.at(-1))")
        said = page.evaluate("window.said")
        self.assertEqual(said[:2], ["Thinking", "The model was asked to answer"])
        self.assertIn("Answering", said)
        self.assertLessEqual(len(said), 8)
        for text in said:
            self.assertRegex(text, "^(Thinking|Answering|The model was asked to answer|"
                                   r"The answer is complete, [\d,]+ tokens)$")
        self.assertEqual(page.evaluate("window.live"), [])

    def test_a_stop_and_a_failure_are_announced(self):
        page = self.open_as("light", wait=".presets")
        page.evaluate(LISTEN)
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live")
        page.keyboard.press("Escape")
        ended(page)
        page.wait_for_function("() => window.said.at(-1) === 'Stopped'")
        page.route("**/chat/completions", lambda route: route.fulfill(
            status=500, json={"error": {"message": "it fell"}}))
        ask(page, "again")
        page.wait_for_function("() => window.said.at(-1) === 'It failed: it fell'")

    def test_a_comparison_announces_its_begin_and_its_end(self):
        page = self.open_as("light", "#/compare", wait=".cmp-facts")
        page.evaluate(LISTEN)
        page.evaluate(LIVE)
        page.fill("#prompt", "rich")
        page.press("#prompt", "Enter")
        page.wait_for_function("() => window.said.at(-1) === 'All have ended'")
        self.assertEqual(page.evaluate("window.said"), ["All have been asked", "All have ended"])
        self.assertEqual(page.evaluate("window.live"), [])

    def test_an_answer_that_comes_is_marked_as_busy(self):
        page = self.open_as("light", wait=".presets")
        ask(page, "long", wait=False)
        page.wait_for_selector(".message.assistant[aria-busy=true] .thought.live")
        page.keyboard.press("Escape")
        ended(page)


class MotionTest(StatesCase):
    def moving(self, motion):
        """What moves while an answer is awaited and comes, and while a model is loaded."""
        page = self.open_as("light", wait=".presets", reduced_motion=motion)
        page.route("**/chat/completions", lambda route: None)      # it never answers
        ask(page, "rich", wait=False)
        page.wait_for_selector(".pulse")
        moving = page.evaluate(MOVING)
        page.keyboard.press("Escape")
        ended(page)
        page.unroute("**/chat/completions")
        page.keyboard.press("Alt+2")
        page.wait_for_selector(".cmp-column")
        page.fill("#prompt", "long")
        page.press("#prompt", "Enter")
        page.wait_for_selector(".cmp-phase[data-phase=thinking]")
        moving += page.evaluate(MOVING)
        page.click("[aria-label='Stop all']")
        page.wait_for_selector(".cmp-phase[data-phase=stopped]")
        page.keyboard.press("Alt+4")
        page.route("**/retort/v1/pull", lambda route: None)
        page.fill("#pull-name", "slow")
        page.press("#pull-name", "Enter")
        page.wait_for_selector("progress:not([value])")
        moving += page.evaluate(MOVING)
        self.assertEqual(page.evaluate("getComputedStyle(document.querySelector('.main'))"
                                       ".scrollBehavior"), "auto")
        return moving

    def test_nothing_moves_for_who_wants_less_motion(self):
        self.assertEqual(self.moving("reduce"), [])

    def test_something_moves_for_others(self):
        self.assertGreaterEqual(len(self.moving("no-preference")), 2)


class WidthTest(StatesCase):
    def test_no_view_is_wider_than_a_phone(self):
        for language in ("en", "zh"):
            for view in VIEWS:
                page = self.open_as("light", f"#/{view}", wait=FILLED[view], language=language,
                                    **NARROW)
                with self.subTest(f"{view}, {language}"):
                    self.assertEqual(page.evaluate(TOO_WIDE), [])

    def test_no_answer_is_wider_than_a_phone(self):
        for language in ("en", "zh"):
            page = self.open_as("light", language=language, wait=".presets", **NARROW)
            ask(page, "rich")
            page.wait_for_selector(".message .katex")
            self.assertEqual(page.evaluate(TOO_WIDE), [])
            page.keyboard.press("Alt+S")
            page.wait_for_selector("#settings .slider")
            self.assertLessEqual(page.evaluate("""() => {
              const {left, right} = document.getElementById('settings').getBoundingClientRect();
              return Math.max(-left, right - innerWidth);
            }"""), 0)

    def test_runs_and_what_unfolds_are_not_wider_than_a_phone(self):
        page = self.open_as("light", "#/runs?run=m4b7xx", wait=".command", **NARROW)
        self.assertEqual(page.evaluate(TOO_WIDE), [])
        page = self.open_as("light", "#/votes", wait=".vote", **NARROW)
        page.locator(".vote > summary").first.click()
        self.assertEqual(page.evaluate(TOO_WIDE), [])
        page = self.open_as("light", "#/dashboard", wait=".plot .curve", **NARROW)
        page.locator(".plot summary").first.click()
        page.wait_for_selector(".plot-table[open] tbody tr")
        self.assertEqual(page.evaluate(TOO_WIDE), [])


if __name__ == "__main__":
    unittest.main()
