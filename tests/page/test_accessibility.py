"""axe-core finds nothing against the page, in each of its states and themes.

Its use by keyboard is in test_keyboard.py; announcements, motion and width are in test_calm.py.
"""

import unittest

from page_case import ask, ended
from states_case import EMPTY, FILLED, NARROW, VIEWS, StatesCase

from axe_playwright_python.base import AXE_SCRIPT  # noqa: E402 (page_case skips without it)


def findings(page):
    """What axe-core has against the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    result = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{rule['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][-160:]}"
            for rule in result["violations"] for node in rule["nodes"]]


class AxeCase(StatesCase):
    def check(self, page, state):
        with self.subTest(state):
            self.assertEqual(findings(page), [])


class ChatStates(AxeCase):
    def states(self, theme, language="en", **options):
        page = self.open_as(theme, language=language, **options)
        page.wait_for_selector(".presets")
        yield page, "welcome"
        ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live >> text=Step 1003")
        yield page, "thinking"
        page.keyboard.press("Alt+A")
        ended(page)
        page.keyboard.press("Alt+N")
        ask(page, "short")
        ask(page, "rich")
        page.wait_for_selector(".message .text .katex")
        page.wait_for_selector(".message .text .hljs-keyword")
        yield page, "answer"
        page.focus(".message.user [aria-label]")
        page.locator(".message.user .actions button").nth(1).click()
        yield page, "edit"
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+S")
        page.wait_for_selector("#settings .slider")
        yield page, "settings"
        page.keyboard.press("Escape")
        for place in (".topbar", ".composer"):
            page.click(f"{place} [aria-haspopup=menu]")
            page.wait_for_selector("[role=menu]:visible")
            yield page, f"menu in {place}"
            page.keyboard.press("Escape")
        page.focus("#main")
        page.keyboard.press("?")
        page.wait_for_selector("dialog[open]")
        yield page, "shortcuts"
        page.keyboard.press("Escape")

    def test_chat_has_no_findings(self):
        for theme in ("light", "dark"):
            for page, state in self.states(theme):
                self.check(page, f"{state}, {theme}")

    def test_chat_has_no_findings_on_a_phone_in_chinese(self):
        for page, state in self.states("dark", "zh", **NARROW):
            self.check(page, state)
        page.click(".menu-button")
        page.wait_for_selector(".sidebar.shown")
        self.check(page, "sidebar")

    def test_rarer_states_have_no_findings(self):
        for theme in ("light", "dark"):
            page = self.open_as(theme, "#/chat?temperature=0.7&system=Be%20short", wait=".shared")
            self.check(page, f"settings of a link, {theme}")
            page = self.open_as(theme, wait=".presets")
            page.route("**/chat/completions", lambda route: route.fulfill(
                status=500, json={"error": {"message": "it fell"}}))
            ask(page, "what?")
            self.check(page, f"failure, {theme}")
            page.locator(".history .remove").first.click()
            page.wait_for_selector("dialog[open]")
            self.check(page, f"removal, {theme}")


class ViewStates(AxeCase):
    def test_filled_views_have_no_findings(self):
        for theme in ("light", "dark"):
            for view in VIEWS[1:]:
                page = self.open_as(theme, f"#/{view}", wait=FILLED[view])
                self.check(page, f"{view}, {theme}")
            page = self.open_as(theme, "#/runs?run=m4b7xx", wait=".command")
            self.check(page, f"one run, {theme}")

    def test_filled_views_have_no_findings_on_a_phone_in_chinese(self):
        for view in VIEWS[1:]:
            page = self.open_as("light", f"#/{view}", wait=FILLED[view], language="zh", **NARROW)
            self.check(page, view)

    def test_empty_and_storeless_views_have_no_findings(self):
        for theme in ("light", "dark"):
            for view, wait in EMPTY.items():
                page = self.open_as(theme, f"#/{view}", wait=wait, server=self.storeless)
                self.check(page, f"{view} without a store, {theme}")
                page.route(f"**/retort/v1/{view}", lambda route: route.fulfill(
                    json={"runs": [], "tally": [], "votes": []}))
                page.reload()
                page.wait_for_selector(wait)
                self.check(page, f"{view}, empty, {theme}")

    def test_side_by_side_has_no_findings_from_prompt_to_vote(self):
        for theme, options in (("light", {}), ("dark", {}), ("light", NARROW)):
            page = self.open_as(theme, "#/compare", **options)
            page.fill("#prompt", "rich")
            page.press("#prompt", "Enter")
            page.wait_for_selector(".cmp-round")
            self.check(page, f"asked, {theme}")
            page.wait_for_selector(".cmp-vote >> text=Alike")
            self.check(page, f"ended, {theme}")
            page.click(".cmp-vote >> text=Alike")
            page.wait_for_selector("text=You voted")
            self.check(page, f"voted, {theme}")

    def test_what_a_view_unfolds_has_no_findings(self):
        for theme in ("light", "dark"):
            page = self.open_as(theme, "#/votes", wait=".vote")
            page.locator(".vote > summary").first.click()
            page.locator(".vote-thought summary").first.click()
            self.check(page, f"vote, {theme}")
            page = self.open_as(theme, "#/dashboard", wait=".plot .curve")
            page.locator(".plot summary").first.click()
            page.wait_for_selector(".plot-table[open] tbody tr")
            self.check(page, f"table of a curve, {theme}")
            page = self.open_as(theme, "#/models", wait="#pull-name")
            page.fill("#pull-name", "broken")
            page.press("#pull-name", "Enter")
            page.wait_for_selector(".pull-line.fault")
            self.check(page, f"failed pull, {theme}")




if __name__ == "__main__":
    unittest.main()
