"""The report as a reader's browser shows it: nothing for axe-core to find, nothing wider than a
phone, answers that open, in both languages and both themes.

Wants Playwright for Python, axe-playwright-python and Debian's chromium; is skipped without them.
RETORT_SHOTS=FOLDER keeps pictures to look at.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
PAGE_MAKER = os.environ.get("RETORT_REPORT_PAGE", str(ROOT / "build/release/tests/report/make_page"))
SKIPPED = 77  # the exit status that ctest takes for skipped

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
except ImportError as error:
    print(f"no {error.name}: run scripts/setup --dev, then scripts/build")
    sys.exit(SKIPPED)
CHROMIUM = shutil.which("chromium")
if not CHROMIUM:
    print("no chromium: run scripts/setup --dev")
    sys.exit(SKIPPED)

WIDTHS = {"desktop": (1280, 800), "tablet": (768, 1024), "phone": (360, 740)}
LOOKS = [("en", "light", "desktop"), ("en", "dark", "desktop"), ("en", "light", "tablet"),
         ("en", "dark", "phone"), ("zh", "light", "phone"), ("zh", "dark", "desktop")]


class ReportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        for language in ("en", "zh"):
            subprocess.run([PAGE_MAKER, language, f"{cls.folder.name}/{language}.html"], check=True)
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.folder.cleanup()

    def open(self, language="en", width="desktop", theme="light"):
        size = dict(zip(("width", "height"), WIDTHS[width]))
        # axe is put into the page as a script, which the page's own policy would refuse.
        context = self.browser.new_context(viewport=size, color_scheme=theme, bypass_csp=True)
        self.addCleanup(context.close)
        page = context.new_page()
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.errors.append(request.url)
                if not request.url.startswith(("file:", "data:")) else None)
        page.goto(f"file://{self.folder.name}/{language}.html")
        return page

    def shoot(self, page, name):
        if folder := os.environ.get("RETORT_SHOTS"):
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}.png")
            for section in page.locator("main > section").all():
                section.screenshot(path=f"{folder}/{name}-{section.get_attribute('id')}.png")

    def open_wrong_answer(self, page):
        page.locator("details.cause > summary").first.click()
        page.locator("details.cause details.answer > summary").first.click()
        page.locator("details.cause details.answer details.thought > summary").first.click()

    def test_axe_finds_nothing(self):
        for language, theme, width in LOOKS:
            with self.subTest(language=language, theme=theme, width=width):
                page = self.open(language, width, theme)
                self.shoot(page, f"{language}-{theme}-{width}")
                self.open_wrong_answer(page)
                results = Axe().run(page)
                self.assertEqual(results.violations_count, 0, results.generate_report())
                self.assertEqual(self.errors, [])

    def test_nothing_is_wider_than_the_screen(self):
        for language in ("en", "zh"):
            for width in WIDTHS:
                page = self.open(language, width)
                self.open_wrong_answer(page)
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"),
                                     WIDTHS[width][0], (language, width))

    def test_a_wrong_answer_opens_with_its_thought_folded(self):
        page = self.open()
        page.locator("details.cause > summary").first.click()
        entry = page.locator("details.cause details.answer").first
        self.assertEqual(entry.locator("pre").count(), 0)
        entry.locator("summary").first.click()
        self.assertIn("No idea", entry.locator("pre").last.inner_text())
        thought = entry.locator("details.thought")
        self.assertFalse(thought.locator("pre").is_visible())
        thought.locator("summary").click()
        self.assertIn("<b>Hm</b>", thought.locator("pre").inner_text())

    def test_questions_are_leafed_through_and_filtered(self):
        page = self.open()
        self.assertEqual(page.locator("#position").inner_text(), "1 of 60")
        page.keyboard.press("ArrowRight")
        self.assertEqual(page.locator("#position").inner_text(), "2 of 60")
        page.select_option("#type", "geometry")
        self.assertEqual(page.locator("#position").inner_text(), "1 of 20")
        page.select_option("#verdict", label="B: ran in circles")
        self.assertEqual(page.locator("#position").inner_text(), "No question matches.")

    def test_print_hides_what_only_a_mouse_needs(self):
        page = self.open()
        page.emulate_media(media="print")
        self.assertFalse(page.locator("nav").is_visible())
        self.assertFalse(page.locator("#next").is_visible())
        self.assertTrue(page.locator("#accuracy table").first.is_visible())
        if folder := os.environ.get("RETORT_SHOTS"):
            page.pdf(path=f"{folder}/print.pdf", format="A4")


if __name__ == "__main__":
    unittest.main()
