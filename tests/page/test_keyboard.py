"""The page used by keyboard alone: the focus goes where it should, is seen, and is never lost."""

import unittest

from page_case import ended, turn
from panel_case import PanelCase

LONG = "".join(f"Step {n}: the square is {n * n}, and {7 * n} is left.\n\n" for n in range(1000, 1400))
SCRIPTS = [
    (turn("short"), "hm</think>Yes.<|end|>"),
    (turn("shorter"), "so</think>No.<|end|>"),
    (turn("long"), f"{LONG}</think>At last.<|end|>"),
]
# What has the focus: none at all, unseen, or its name.
FOCUS = """() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return 'LOST';
  const {outlineStyle, outlineWidth} = getComputedStyle(element);
  const ring = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  const box = element.closest('form');
  const framed = box !== null && getComputedStyle(box.querySelector('.card') ?? box).boxShadow !== 'none';
  const {width, height, right, bottom, left, top} = element.getBoundingClientRect();
  const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  if (!(ring || framed) || width * height === 0 || !inside) return `UNSEEN ${element.outerHTML}`;
  return element.getAttribute('aria-label') ?? element.id ?? element.innerText;
}"""
MOST = 120     # stops of Tab


class KeyboardTest(PanelCase):
    SCRIPTS = SCRIPTS
    FLAGS = ("--step", 0.002)

    def focus(self, page):
        """The name of what has the focus, which is there and seen."""
        name = page.evaluate(FOCUS)
        self.assertNotRegex(name, "^(LOST|UNSEEN)")
        return name

    def tab_to(self, page, selector, key="Tab"):
        """As a user does, whatever is on the way."""
        for _ in range(MOST):
            page.keyboard.press(key)
            self.focus(page)
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        self.fail(f"{selector} is not reached by {key}")

    def back_to(self, page, selector):
        self.tab_to(page, selector, "Shift+Tab")

    def has_focus(self, page, selector):
        page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)
        self.focus(page)

    def ask(self, page, text, wait=True):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_selector(".message.assistant")
        if wait:
            ended(page)

    def test_a_chat_from_opening_the_page_to_a_new_one(self):
        page = self.open(wait=".presets")
        self.tab_to(page, "#prompt")
        self.ask(page, "short")
        self.has_focus(page, "#prompt")
        self.back_to(page, ".thought-head")
        page.keyboard.press("Enter")
        self.assertFalse(page.is_visible(".thought-body"))
        page.keyboard.press("Space")
        self.assertTrue(page.is_visible(".thought-body"))
        self.back_to(page, "[aria-label=Edit]")
        page.keyboard.press("Enter")
        self.has_focus(page, ".edit textarea")
        page.keyboard.press("Control+A")
        self.ask(page, "shorter")
        page.wait_for_selector("text=No.")
        self.focus(page)
        self.tab_to(page, "#prompt")
        self.back_to(page, "#new-chat")
        page.keyboard.press("Enter")
        self.has_focus(page, "#prompt")
        self.assertEqual(page.locator(".message").count(), 0)

    def test_leaving_an_edit_goes_back_to_its_button(self):
        page = self.open(wait=".presets")
        self.tab_to(page, "#prompt")
        self.ask(page, "short")
        self.back_to(page, "[aria-label=Edit]")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        self.has_focus(page, "[aria-label=Edit]")

    def test_settings_open_change_and_close(self):
        page = self.open(wait=".presets")
        self.tab_to(page, "[aria-controls=settings]")
        page.keyboard.press("Enter")
        self.assertTrue(page.is_visible("#settings"))
        self.focus(page)
        self.tab_to(page, "#value-temperature")
        before = float(page.input_value("#value-temperature"))
        page.keyboard.press("ArrowRight")
        self.assertGreater(float(page.input_value("#value-temperature")), before)
        self.has_focus(page, "#value-temperature")
        self.back_to(page, ".slider button")                # back to the server's default
        self.assertIn("back to", page.evaluate("document.activeElement.innerText"))
        page.keyboard.press("Enter")
        self.has_focus(page, "#value-temperature")
        page.keyboard.press("Escape")
        self.has_focus(page, "[aria-controls=settings]")
        self.assertFalse(page.is_visible("#settings"))

    def test_buttons_that_go_hand_the_focus_on(self):
        page = self.open(wait=".presets")
        self.tab_to(page, "#prompt")
        self.ask(page, "long", wait=False)
        page.wait_for_selector(".thought.live")
        self.back_to(page, ".thought .row > button:last-child")
        page.keyboard.press("Enter")                        # Answer now: it hides
        ended(page)
        self.has_focus(page, ".thought-head")
        self.tab_to(page, "[aria-label='Answer again']")
        page.keyboard.press("Enter")                        # the answer gives way to another
        page.wait_for_selector(".turner >> text='2 / 2'")
        self.focus(page)
        page.keyboard.press("Escape")                       # stops it
        ended(page)
        self.tab_to(page, "[aria-label='Version before']")
        page.keyboard.press("Enter")
        page.wait_for_selector(".turner >> text='1 / 2'")
        self.focus(page)
        self.tab_to(page, "[aria-label='Branch off here']")
        page.keyboard.press("Enter")
        page.wait_for_selector(".history.open >> text=(branch)")
        self.focus(page)

    def test_histories_are_opened_and_deleted(self):
        page = self.open(wait=".presets")
        self.tab_to(page, "#prompt")
        for text in ("short", "shorter"):
            self.ask(page, text)
            page.keyboard.press("Alt+n")
            self.has_focus(page, "#prompt")
        self.back_to(page, ".history .title")
        page.keyboard.press("Enter")
        page.wait_for_selector(".message.assistant >> text=Yes.")
        self.focus(page)
        self.tab_to(page, ".history .remove")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        self.tab_to(page, "dialog .primary")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelectorAll('.history').length === 1")
        self.focus(page)

    def test_menus_go_by_arrows_and_give_the_focus_back(self):
        page = self.open(wait=".presets")
        self.tab_to(page, "[aria-label=Beginnings]")
        page.keyboard.press("Enter")
        self.focus(page)
        page.keyboard.press("ArrowDown")
        self.assertEqual(page.evaluate("document.activeElement.innerText"), "Mark homework")
        page.keyboard.press("Escape")
        self.has_focus(page, "[aria-label=Beginnings]")

    def test_shortcuts_reach_every_view_and_the_sheet_lists_them(self):
        page = self.open(wait=".presets")
        for number, title in enumerate(("Side by side", "Votes", "Models", "Dashboard", "Runs"), 2):
            page.keyboard.press(f"Alt+{number}")
            page.wait_for_selector(f"main h1 >> text={title}")
        page.keyboard.press("?")
        page.wait_for_selector("dialog[open] >> text=Keyboard shortcuts")
        self.focus(page)
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        page.keyboard.press("Alt+1")
        page.wait_for_selector(".presets")
        page.keyboard.press("/")
        self.has_focus(page, "#prompt")
        page.keyboard.press("Control+k")
        self.has_focus(page, "#search")

    def test_views_by_the_links_keep_the_focus(self):
        page = self.open(wait=".presets")
        self.tab_to(page, ".ways [href='#/models']")
        page.keyboard.press("Enter")
        page.wait_for_selector(".model")
        self.has_focus(page, ".ways [href='#/models']")
        self.tab_to(page, "[aria-label='Unload other']")
        page.keyboard.press("Enter")
        page.wait_for_selector("[aria-label='Load other']")
        self.has_focus(page, "[aria-label='Load other']")
        page.keyboard.press("Enter")
        page.wait_for_selector("[aria-label='Unload other']")

    def test_a_comparison_from_prompt_to_vote(self):
        page = self.open(wait=".presets")
        page.keyboard.press("Alt+2")
        page.wait_for_selector(".cmp-column")
        self.tab_to(page, "[aria-label='Deep thinking in column B']")
        page.keyboard.press("Enter")
        self.has_focus(page, "[aria-label='Deep thinking in column B']")
        page.keyboard.press("Enter")
        self.tab_to(page, "#prompt")
        page.keyboard.type("short")
        page.keyboard.press("Enter")
        page.wait_for_selector(".cmp-vote >> text=Alike")
        self.has_focus(page, "#prompt")
        self.back_to(page, "[aria-label='B is best']")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=You voted for B")
        self.assertEqual(page.evaluate("document.activeElement.innerText"), "All votes")
        page.keyboard.press("Enter")
        page.wait_for_selector(".votes table")
        self.focus(page)

    def test_the_sidebar_of_a_phone_opens_and_closes(self):
        page = self.open(wait=".presets", viewport={"width": 360, "height": 740})
        self.tab_to(page, ".menu-button")
        page.keyboard.press("Enter")
        page.wait_for_selector(".sidebar.shown")
        self.focus(page)
        page.keyboard.press("Escape")
        self.has_focus(page, ".menu-button")


if __name__ == "__main__":
    unittest.main()
