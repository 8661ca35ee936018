"""The side-by-side view on a wide screen and on a phone."""

import time
import unittest

from compare_case import DEEP, OTHER, SHALLOW, CompareCase, all_ended, compare
from page_case import texts

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
OTHER_SHALLOW = {"model": "other", "deep": False}

# The columns that are seen, as far as they are.
SEEN = """() => [...document.querySelectorAll('.cmp-column')].flatMap((column, index) => {
  const {left, right} = column.getBoundingClientRect();
  const strip = column.parentElement.getBoundingClientRect();
  const width = Math.min(right, strip.right) - Math.max(left, strip.left);
  return width > 1 ? [`${'ABCD'[index]} ${Math.round(width / (right - left) * 100)} %`] : [];
})"""
# Words of the foot that are cut off, by their own place or by the column.
CUT = """() => [...document.querySelectorAll('.cmp-foot dt, .cmp-foot dd, .cmp-phase')]
  .filter((cell) => {
    const end = cell.closest('.cmp-column').getBoundingClientRect().right;
    return cell.getBoundingClientRect().right > end ||
      (cell.tagName !== 'DD' && cell.scrollWidth > cell.clientWidth);
  }).map(({innerText}) => innerText)"""


def swipe(page, from_x, to_x, y=300):
    """A finger that goes across, as the browser's own input."""
    session = page.context.new_cdp_session(page)
    steps = [from_x + (to_x - from_x) * i / 10 for i in range(11)]
    for kind, points in [("touchStart", steps[:1]), *(("touchMove", [x]) for x in steps[1:]),
                         ("touchEnd", [])]:
        session.send("Input.dispatchTouchEvent", {
            "type": kind, "touchPoints": [{"x": x, "y": y} for x in points]})
        time.sleep(0.016)   # as often as a screen tells; all at once would be a jump
    session.detach()


def seen(page, columns):
    page.wait_for_function(f"columns => JSON.stringify(({SEEN})()) === JSON.stringify(columns)",
                           arg=columns)


def current(page, label):
    page.wait_for_selector(f".cmp-tabs [aria-current]:has-text('{label}')")


class WideTest(CompareCase):
    def test_all_columns_are_in_sight_at_1280(self):
        four = [DEEP, OTHER, SHALLOW, OTHER_SHALLOW]
        for count in (2, 3, 4):
            page = self.open_columns(*four[:count])
            compare(page, "17 * 23?")
            seen(page, [f"{letter} 100 %" for letter in "ABCD"[:count]])
            self.assertEqual(page.evaluate(CUT), [])
            self.assertFalse(page.is_visible(".cmp-tabs"))

    def test_figures_stand_in_the_same_rows_in_all_columns(self):
        page = self.open_columns(DEEP, SHALLOW, OTHER)
        compare(page, "17 * 23?")
        rows = page.evaluate("""() => [...document.querySelectorAll('.cmp-foot')].map((foot) =>
          [...foot.querySelectorAll('dt')].map((name) => name.getBoundingClientRect().top))""")
        self.assertEqual(rows[0], rows[1])
        self.assertEqual(rows[0], rows[2])

    def test_columns_that_do_not_fit_can_be_scrolled_to(self):
        page = self.open_columns(DEEP, OTHER, SHALLOW, OTHER_SHALLOW,
                                 viewport={"width": 800, "height": 700})
        page.locator(".cmp-column").last.scroll_into_view_if_needed()
        page.wait_for_function(f"() => ({SEEN})().includes('D 100 %')")


class PhoneTest(CompareCase):
    def test_shows_one_column_at_a_time_and_names_them_all(self):
        page = self.open_columns(DEEP, OTHER, **PHONE)
        compare(page, "17 * 23?")
        seen(page, ["A 100 %"])
        self.assertEqual(texts(page, ".cmp-tabs button"), ["A\nscripted", "B\nother"])
        current(page, "scripted")
        page.tap(".cmp-tabs >> text=other")
        seen(page, ["B 100 %"])
        current(page, "other")
        self.assertTrue(page.locator(".cmp-round .text").last.is_visible())

    def test_swiping_turns_to_the_next_column_and_back(self):
        page = self.open_columns(DEEP, OTHER, SHALLOW, **PHONE)
        compare(page, "17 * 23?")
        for column, label in (("B", "other"), ("C", "C")):
            swipe(page, 320, 60)
            seen(page, [f"{column} 100 %"])
            current(page, label)
        swipe(page, 40, 300)
        seen(page, ["B 100 %"])
        current(page, "other")

    def test_the_keyboard_turns_to_the_next_column(self):
        page = self.open_columns(DEEP, OTHER, **PHONE)
        compare(page, "long", wait=False)
        page.locator(".cmp-tabs button").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        seen(page, ["B 100 %"])
        self.assertEqual(page.evaluate("document.activeElement.innerText"), "B\nother")
        page.wait_for_selector(".cmp-column:last-child .thought.live >> text=Step 1004")
        seen(page, ["B 100 %"])                    # what comes in both does not turn it back
        self.assertEqual(page.evaluate("document.activeElement.innerText"), "B\nother")
        page.click("[aria-label='Stop all']")
        all_ended(page)

    def test_names_stay_hidden_in_the_row_of_columns(self):
        page = self.open_columns(DEEP, OTHER, blind=True, **PHONE)
        compare(page, "17 * 23?")
        self.assertEqual(texts(page, ".cmp-tabs button"), ["A", "B"])
        self.assertNotRegex(page.inner_html(".cmp-tabs"), r"scripted|\bother\b")

    def test_nothing_is_wider_than_the_screen(self):
        page = self.open_columns(DEEP, OTHER, SHALLOW, OTHER_SHALLOW, **PHONE)
        for step in (lambda: None, lambda: compare(page, "17 * 23?")):
            step()
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 360)
            self.assertEqual(page.evaluate("document.querySelector('main').scrollWidth"), 360)
            self.assertEqual(page.evaluate(CUT), [])


if __name__ == "__main__":
    unittest.main()
