"""Tests of the page in a real browser, against the real server with models that say what is written.

    class ChatTest(PageCase):
        SCRIPTS = [(turn("q"), "hm</think>yes<|end|>")]
        def test_answers(self):
            page = self.open()
            ask(page, "q")
            ...

Each test has a browser profile of its own. Whatever it does, a test fails if the page threw an error,
asked another host for anything, or broke its own content security policy.

RETORT_PAGE=web takes the page's own files from that folder instead of from the program, so that a change
to them can be tried without building.
"""

import mimetypes
import os
import shutil
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../serve"))
from scripted import ScriptedServer, WithServer, skip, turn, want  # noqa: E402, F401

want("playwright", "axe_playwright_python")
from playwright.sync_api import sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium")
if not CHROMIUM:
    skip("no chromium: run scripts/setup --dev, then scripts/build")
# What libraries say of themselves.
KNOWN = ("Version 9 of Highlight.js",)


class PageCase(WithServer):
    VIEWPORT = {"width": 1280, "height": 800}

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.FLAGS = (*cls.FLAGS, "--store", os.path.join(folder.name, "runs.db"))
        super().setUpClass()
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.browser = cls.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        cls.addClassCleanup(cls.browser.close)

    def open(self, hash="", wait="#prompt", server=None, **options):
        """A page in a profile of its own, at "#hash"."""
        options = {"viewport": self.VIEWPORT, "locale": "en-US", "reduced_motion": "reduce", **options}
        context = self.browser.new_context(
            permissions=["clipboard-read", "clipboard-write"], **options)
        context.set_default_timeout(60_000)   # machines are busy at times
        self.addCleanup(context.close)
        if "RETORT_PAGE" in os.environ:
            serve_from_folder(context, os.environ["RETORT_PAGE"], (server or self.server).url)
        return self.open_in(context, hash, wait, server)

    def open_in(self, context, hash="", wait="#prompt", server=None):
        page = context.new_page()
        url = (server or self.server).url
        faults = []
        self.faults = faults
        page.on("pageerror", lambda error: faults.append(f"thrown: {error}"))
        page.on("console", lambda message: faults.append(message.text) if self.is_fault(message)
                else None)
        page.on("request", lambda request: faults.append(f"asked {request.url}")
                if not request.url.startswith((url, "blob:", "data:")) else None)
        page.goto(f"{url}/{hash}")
        if wait:
            page.wait_for_selector(wait)
        self.addCleanup(self.check_faults, faults)
        return page

    # Answers with an error status are told on the console, too: tests of them look at the page.
    @staticmethod
    def is_fault(message):
        return message.type == "error" and "Failed to load resource" not in message.text \
            and not message.text.startswith(KNOWN)

    def check_faults(self, faults):
        self.assertEqual(faults, [])


def serve_from_folder(context, folder, url):
    policy = urllib.request.urlopen(f"{url}/").headers["Content-Security-Policy"]

    def answer(route):
        path = route.request.url[len(url) + 1:].split("?")[0] or "index.html"
        file = os.path.join(folder, path)
        if route.request.method != "GET" or not os.path.isfile(file):
            return route.fallback()
        with open(file, "rb") as opened:
            return route.fulfill(body=opened.read(), headers={
                "Content-Type": mimetypes.guess_type(file)[0], "Content-Security-Policy": policy})

    context.route(f"{url}/**", answer)


def ask(page, text, wait=True):
    """Sends a prompt; with `wait`, until its answer has ended."""
    page.fill("#prompt", text)
    page.press("#prompt", "Enter")
    page.wait_for_selector(".message.assistant")
    if wait:
        ended(page)


def ended(page):
    page.wait_for_selector(".message.assistant:last-child[aria-busy=false]")


def texts(page, selector):
    return page.locator(selector).all_inner_texts()
