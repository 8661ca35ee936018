"""A server that wants a key: the dialog that asks for it."""

import os
import tempfile
import unittest

from page_case import PageCase, ask, turn

DIALOG = "dialog.key-dialog[open]"


class KeyTest(PageCase):
    SCRIPTS = [(turn("17 * 23?"), "hm</think>It is 391.<|end|>")]

    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".keys", delete=False) as file:
            file.write("secret\nanother\n")
        cls.addClassCleanup(os.unlink, file.name)
        cls.FLAGS = ("--keys", file.name)
        super().setUpClass()

    def give(self, page, key):
        page.fill("#server-key", key)
        page.press("#server-key", "Enter")

    def test_asks_once_and_every_request_carries_the_key(self):
        page = self.open(wait=DIALOG)
        self.assertEqual(page.locator("dialog").count(), 1)
        self.assertEqual(page.evaluate("document.activeElement.id"), "server-key")
        self.assertEqual(page.get_attribute("#server-key", "type"), "password")
        sent = []
        page.on("request", lambda request: sent.append(request)
                if "/v1/" in request.url or request.url.endswith("/metrics") else None)
        self.give(page, "secret")
        page.wait_for_selector(DIALOG, state="detached")
        ask(page, "17 * 23?")
        self.assertEqual(page.inner_text(".message.assistant .text"), "It is 391.")
        page.click("text=Dashboard")
        page.wait_for_selector(".tile")
        self.assertGreater(len(sent), 2)
        for request in sent:
            self.assertEqual(request.headers.get("authorization"), "Bearer secret", request.url)

    def test_says_that_a_key_is_wrong(self):
        page = self.open(wait=DIALOG)
        self.give(page, "guess")
        page.wait_for_selector(f"{DIALOG} >> text=The server did not accept that key")
        self.give(page, "another")
        page.wait_for_selector(".presets")
        self.assertFalse(page.is_visible(DIALOG))

    def test_keeps_the_key_in_this_tab_alone(self):
        page = self.open(wait=DIALOG)
        self.give(page, "secret")
        page.wait_for_selector(".presets")
        page.reload()
        page.wait_for_selector(".presets")
        self.assertFalse(page.is_visible(DIALOG))
        self.assertNotIn("secret", page.evaluate("JSON.stringify(localStorage)"))
        self.assertNotIn("secret", page.url)
        self.open_in(page.context, wait=DIALOG)

    def test_who_has_no_key_is_left_alone_until_they_do_something(self):
        for leave in (lambda page: page.click(f"{DIALOG} >> text=Cancel"),
                      lambda page: page.keyboard.press("Escape")):
            page = self.open(wait=DIALOG)
            leave(page)
            page.wait_for_selector(".talk .fault")
            self.assertEqual(page.locator("dialog").count(), 0)
            with page.expect_response("**/retort/v1/models") as looked:    # by itself
                pass
            self.assertEqual(looked.value.status, 401)
            self.assertEqual(page.locator("dialog").count(), 0)
            page.click("text=Models")
            page.wait_for_selector(DIALOG)

    def test_a_key_that_is_no_key_any_more_is_asked_for_anew(self):
        page = self.open(wait=DIALOG)
        page.evaluate("sessionStorage.setItem('retort.key', 'old')")
        page.reload()
        page.wait_for_selector(f"{DIALOG} >> text=The server did not accept that key")
        self.give(page, "secret")
        page.wait_for_selector(".presets")



if __name__ == "__main__":
    unittest.main()
