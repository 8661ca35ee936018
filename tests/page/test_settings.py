"""Settings: sliders with the server's defaults, the system prompt, links, languages, themes, keys."""

import re
import unittest

from page_case import PageCase, ask, ended, turn

NAMES = ["max_tokens", "temperature", "top_p", "repetition_penalty", "thinking_budget", "seed"]


def sent_by(page, question="q"):
    """The request that asking makes."""
    with page.expect_request("**/v1/chat/completions") as sent:
        ask(page, question, wait=False)
    ended(page)
    return sent.value.post_data_json


def set_value(page, name, value):
    page.locator(f".slider:has(#value-{name}) input[type=number]").fill(value)
    page.locator(f".slider:has(#value-{name}) input[type=number]").press("Tab")


class SettingsTest(PageCase):
    SCRIPTS = [(turn("q"), "hm</think>yes<|end|>")]

    def opened(self, **options):
        page = self.open(**options)
        page.wait_for_selector("text=always thinks")       # the models are known
        page.click("[aria-label=Settings]")
        return page

    def test_each_slider_shows_the_servers_default_and_sends_nothing_of_it(self):
        page = self.opened()
        for name, default in zip(NAMES, ["what fits", "0", "0.95", "1", "no limit", "random"]):
            self.assertEqual(page.inner_text(f".slider:has(#value-{name}) .default"),
                             f"default: {default}")
        request = sent_by(page)
        self.assertEqual([name for name in NAMES if name in request], [])

    def test_what_was_chosen_is_sent_kept_and_taken_back(self):
        page = self.opened()
        chosen = {"max_tokens": 100, "temperature": 0.7, "top_p": 0.9, "repetition_penalty": 1.1,
                  "thinking_budget": 64, "seed": 7}
        for name, value in chosen.items():
            set_value(page, name, str(value))
        request = sent_by(page)
        self.assertEqual({name: request[name] for name in NAMES}, chosen)
        page.reload()
        page.wait_for_selector(".message")
        page.click("[aria-label=Settings]")
        self.assertEqual(page.input_value(".slider:has(#value-top_p) input[type=number]"), "0.9")
        page.click("text=back to 0.95")
        page.wait_for_selector(".slider:has(#value-top_p) >> text=default: 0.95")
        page.click("text=The server's defaults")
        request = sent_by(page)
        self.assertEqual([name for name in NAMES if name in request], [])

    def test_sliders_have_the_reports_ranges_and_fields_go_beyond(self):
        page = self.opened()
        for name, low, high in (("max_tokens", "1", "2048"), ("temperature", "0.1", "1")):
            slider = page.locator(f"#value-{name}")
            self.assertEqual((slider.get_attribute("min"), slider.get_attribute("max")), (low, high))
        set_value(page, "max_tokens", "5000")
        set_value(page, "temperature", "1.5")
        request = sent_by(page)
        self.assertEqual((request["max_tokens"], request["temperature"]), (5000, 1.5))
        set_value(page, "temperature", "99")                 # what no server takes
        self.assertEqual(page.input_value(".slider:has(#value-temperature) input[type=number]"), "2")

    def test_the_slider_goes_by_keys(self):
        page = self.opened()
        page.focus("#value-temperature")
        page.keyboard.press("End")
        page.wait_for_selector(".slider:has(#value-temperature) >> text='back to 0'")
        self.assertEqual(page.input_value(".slider:has(#value-temperature) input[type=number]"), "1")
        page.keyboard.press("ArrowLeft")
        self.assertEqual(page.input_value(".slider:has(#value-temperature) input[type=number]"),
                         "0.95")

    def test_recommended_settings_are_one_click_away(self):
        page = self.opened()
        page.click("text=Recommended for R1")
        request = sent_by(page)
        self.assertEqual((request["temperature"], request["top_p"]), (0.6, 0.95))

    def test_a_system_prompt_is_of_its_conversation(self):
        page = self.opened()
        page.fill("#system-prompt", "Be brief.")
        page.press("#system-prompt", "Tab")
        first = sent_by(page)
        self.assertEqual(first["messages"][0], {"role": "system", "content": "Be brief."})
        page.fill("#system-prompt", "")
        page.press("#system-prompt", "Tab")
        self.assertEqual(sent_by(page)["messages"][0]["role"], "user")

    def test_a_link_carries_settings_and_asks_before_they_are_taken(self):
        page = self.opened()
        set_value(page, "temperature", "0.3")
        page.fill("#system-prompt", "Rhyme.")
        page.press("#system-prompt", "Tab")
        page.click("text=Copy a link")
        link = page.evaluate("navigator.clipboard.readText()")
        other = self.open(hash=link.split("/", 3)[3])
        other.wait_for_selector("text=This link carries settings")
        self.assertIn("Temperature 0.3", other.inner_text(".shared"))
        self.assertIn("Rhyme.", other.inner_text(".shared"))
        other.click("text=Leave mine")
        self.assertNotIn("temperature", sent_by(other))
        third = self.open(hash=link.split("/", 3)[3])
        third.click("text='Use them'")
        request = sent_by(third)
        self.assertEqual(request["temperature"], 0.3)
        self.assertEqual(request["messages"][0]["content"], "Rhyme.")

    def test_languages_change_at_once_and_stay(self):
        page = self.open()
        page.select_option(".foot select >> nth=0", "zh")
        page.wait_for_selector("text=想一起思考什么")
        self.assertEqual(page.get_attribute("html", "lang"), "zh-Hans")
        page.reload()
        page.wait_for_selector("text=想一起思考什么")
        self.assertEqual(self.open(locale="zh-CN").get_attribute("html", "lang"), "zh-Hans")

    def test_themes_change_at_once_stay_and_do_not_flash(self):
        colour = "getComputedStyle(document.body).backgroundColor"
        page = self.open(color_scheme="light")
        self.assertEqual(page.evaluate(colour), "rgb(255, 255, 255)")
        page.select_option(".foot select >> nth=1", "dark")
        page.wait_for_function(f"() => {colour} === 'rgb(20, 23, 26)'")
        page.goto(self.server.url, wait_until="commit")
        page.wait_for_selector("body", state="attached")
        self.assertEqual(page.get_attribute("html", "data-theme"), "dark")
        self.assertEqual(self.open(color_scheme="dark").evaluate(colour), "rgb(20, 23, 26)")

    def test_shortcuts_do_what_their_sheet_says(self):
        page = self.open()
        page.keyboard.press("?")
        page.wait_for_selector("dialog >> text=Keyboard shortcuts")
        sheet = page.inner_text("dialog")
        for keys in ("Alt\n +  \nA", "Ctrl", "Esc"):
            self.assertIn(keys.split("\n")[0], sheet)
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        page.keyboard.press("/")
        page.wait_for_function("() => document.activeElement.id === 'prompt'")
        self.assertEqual(page.input_value("#prompt"), "")
        ask(page, "q")
        page.keyboard.press("Alt+KeyT")
        page.wait_for_selector(".thought-body", state="hidden")
        page.keyboard.press("Alt+KeyR")
        page.wait_for_selector(".turner >> text='2 / 2'")
        page.keyboard.press("Alt+KeyD")
        page.wait_for_selector("button[aria-pressed=false]:has-text('Deep thinking')")
        page.keyboard.press("Alt+KeyS")
        page.wait_for_selector("#settings", state="visible")
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+KeyN")
        page.wait_for_selector(".welcome", state="visible")
        page.keyboard.press("Control+KeyK")
        page.wait_for_function("() => document.activeElement.id === 'search'")
        page.keyboard.press("Alt+Digit4")
        page.wait_for_url(re.compile("#/models"))


if __name__ == "__main__":
    unittest.main()
