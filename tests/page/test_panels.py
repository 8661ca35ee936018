"""Models, dashboard and runs. The key is in test_key.py."""

import re
import unittest

from page_case import ScriptedServer, texts
from panel_case import SCRIPTS, PanelCase, answer, request


def card(page, name):
    return page.locator(f".model:has(h2:text-is('{name}'))")


class ModelsTest(PanelCase):
    FLAGS = ("--step", 0.002)

    def tearDown(self):
        request(self.server, "/retort/v1/models/other/load", {})

    def test_shows_state_memory_and_load(self):
        answer(self.server)
        page = self.open("#/models", wait=".model >> nth=1")
        facts = dict(zip(texts(card(page, "scripted"), "dt"), texts(card(page, "scripted"), "dd")))
        self.assertEqual(facts["Context"], "20,000 tokens")
        self.assertEqual(facts["Requests"], "0 running, 0 waiting")
        self.assertRegex(facts["KV blocks"], r"^\d+ of 4,096 in use, \d+ cached$")
        self.assertNotEqual(facts["Generated since loading"], "0 tokens")
        self.assertEqual(facts["Time to live"], "Stays loaded")
        self.assertEqual(texts(card(page, "scripted"), ".badge"), ["Loaded", "Always thinks"])
        self.assertIn("scripted.gguf", card(page, "scripted").inner_text())

    def test_memory_is_shown_part_by_part(self):
        page = self.open("#/models", wait=None)
        page.route("**/retort/v1/models", lambda route: route.fulfill(json={"models": [{
            "name": "r1", "path": "/m/r1.gguf", "file_bytes": 1_100_000_000, "state": "loaded",
            "memory": {"weight_bytes": 1_000_000_000, "kv_cache_bytes": 250_000_000,
                       "workspace_bytes": 50_000_000}}]}))
        page.wait_for_selector(".memory >> text=1.3 GB")
        self.assertEqual(re.sub(r"\s+", " ", page.inner_text(".memory figcaption")),
                         "Memory 1.3 GB Weights 1 GB KV cache 250 MB Workspace 50 MB")

    def test_requests_that_run_are_seen(self):
        page = self.open("#/models", wait=".model >> nth=1")
        body = {"model": "scripted", "stream": True,
                "messages": [{"role": "user", "content": "long"}]}
        page.evaluate("""body => {
          window.control = new AbortController();
          fetch('/v1/chat/completions', {method: 'POST', body: JSON.stringify(body),
            headers: {'Content-Type': 'application/json'}, signal: window.control.signal});
        }""", body)
        card(page, "scripted").locator("text=1 running, 0 waiting").wait_for()
        page.evaluate("window.control.abort()")
        card(page, "scripted").locator("text=0 running, 0 waiting").wait_for()

    def test_unloads_and_loads(self):
        page = self.open("#/models", wait=".model >> nth=1")
        page.click("[aria-label='Unload other']")
        card(page, "other").locator(".badge:text-is('Not loaded')").wait_for()
        self.assertEqual(self.state_of("other"), "unloaded")
        page.wait_for_selector("#announcer:has-text('other is unloaded')", state="attached")
        self.assertEqual(page.evaluate("document.activeElement.innerText"), "Load")
        page.keyboard.press("Enter")
        card(page, "other").locator(".badge:text-is('Loaded')").wait_for()
        self.assertEqual(self.state_of("other"), "loaded")
        self.assertEqual(page.evaluate("document.activeElement.innerText"), "Unload")

    def state_of(self, name):
        return re.search(rf'"name":"{name}".*?"state":"(\w+)"',
                         request(self.server, "/retort/v1/models"))[1]

    def test_says_why_a_load_failed(self):
        page = self.open("#/models", wait=".model >> nth=1")
        page.click("[aria-label='Unload other']")
        page.route("**/other/load", lambda route: route.fulfill(
            status=500, json={"error": "other.gguf: get the file anew"}))
        page.click("[aria-label='Load other']")
        card(page, "other").locator("text=The last try failed: other.gguf: get the file").wait_for()
        page.unroute("**/other/load")
        page.click("[aria-label='Load other']")
        card(page, "other").locator(".badge:text-is('Loaded')").wait_for()
        self.assertEqual(card(page, "other").locator(".fault").count(), 0)

    def test_chats_with_the_chosen_model(self):
        page = self.open("#/models", wait=".model >> nth=1")
        page.click("[aria-label='Chat with it: other']")
        page.wait_for_selector("#prompt")
        self.assertEqual(page.input_value("[aria-label=Model]"), "other")


class PullTest(PanelCase):
    def begin(self, page, name):
        page.fill("#pull-name", name)
        page.press("#pull-name", "Enter")

    def test_brings_a_model_and_shows_how_far_it_is(self):
        page = self.open("#/models", wait="#pull-name")
        self.begin(page, "brought")
        page.wait_for_selector(".pull-line:has-text('of 10 MB')")
        done = page.evaluate("document.querySelector('progress').value")
        page.wait_for_function("done => document.querySelector('progress')?.value > done", arg=done)
        page.wait_for_selector("text=brought is here")
        card(page, "brought").locator(".badge:text-is('Not loaded')").wait_for()
        page.click(".pull-progress [aria-label=Close]")
        self.assertEqual(page.inner_text(".pull-progress"), "")

    def test_goes_on_while_another_view_is_shown(self):
        page = self.open("#/models", wait="#pull-name")
        self.begin(page, "meanwhile")
        page.click("text=Dashboard")
        page.wait_for_selector(".tile")
        page.click("text=Models")
        page.wait_for_selector("text=meanwhile is here")

    def test_cancels_and_says_that_what_came_is_kept(self):
        page = self.open("#/models", wait="#pull-name")
        self.begin(page, "unwanted")
        page.wait_for_selector(".pull-line:has-text('of 10 MB')")
        page.click(".pull-progress >> text=Cancel")
        page.wait_for_selector("text=What has come is kept")
        self.assertEqual(page.evaluate("document.activeElement.ariaLabel"), "Close")
        self.assertNotIn("unwanted", request(self.server, "/retort/v1/models"))

    def test_says_what_is_wrong_with_a_reference(self):
        page = self.open("#/models", wait="#pull-name")
        self.begin(page, "broken")
        page.wait_for_selector(".pull-line.fault:has-text('there is no model broken')")
        page.wait_for_selector("#announcer:has-text('broken could not be downloaded')",
                               state="attached")
        self.assertTrue(page.is_enabled(".pull-row >> text=Download"))

    def test_a_name_of_the_catalogue_is_found_and_chosen(self):
        page = self.open("#/models", wait=".offer")
        all_of_them = page.locator(".offer").count()
        page.fill("#pull-name", "r1 distill 1.5b")
        self.assertLess(page.locator(".offer").count(), all_of_them)
        page.locator(".offer button").first.click()
        self.assertRegex(page.input_value("#pull-name"), r"1\.5b.*:\w+")
        page.fill("#pull-name", "no such thing")
        page.wait_for_selector("text=Nothing here fits")


class DashboardTest(PanelCase):
    FLAGS = ("--step", 0.002)

    def tile(self, page, name):
        return page.locator(f".tile:has(dt:text-is('{name}'))").inner_text()

    def test_figures_move_after_requests(self):
        page = self.open("#/dashboard", wait=".tile")
        page.wait_for_selector(".tile:has(dt:text-is('Answers')):has-text('0 in 5 min')")
        for _ in range(3):
            answer(self.server)
        page.wait_for_selector(".tile:has(dt:text-is('Answers')):has-text('3 in 5 min')")
        self.assertRegex(self.tile(page, "Between tokens, median"), r"\d+(\.\d)?\s+ms")
        self.assertRegex(self.tile(page, "First token, median"), r"\d")
        page.wait_for_selector("td.number", state="attached")
        ended = page.locator(".end-tables section", has_text="How answers ended")
        self.assertRegex(ended.inner_text(), r"Ended by the model\s+3\s+\d+")
        page.wait_for_selector(".plot .curve", state="attached")

    def test_one_models_figures_can_be_chosen(self):
        answer(self.server, model="other")
        page = self.open("#/dashboard", wait=".filter select")
        self.assertEqual(texts(page, ".filter option"), ["All models", "other", "scripted"])
        page.select_option(".filter select", "other")
        page.wait_for_selector(".tile:has(dt:text-is('Answers')):has-text('0 in 5 min')")
        answer(self.server, model="scripted")
        answer(self.server, model="other")
        page.wait_for_selector(".tile:has(dt:text-is('Answers')):has-text('1 in 5 min')")
        page.select_option(".filter select", "")
        page.wait_for_selector(".tile:has(dt:text-is('Answers')):has-text('2 in 5 min')")

    def test_running_requests_are_seen(self):
        page = self.open("#/dashboard", wait=".tile")
        page.click("text=Side by side")
        page.fill("#prompt", "long")
        page.press("#prompt", "Enter")
        page.wait_for_selector(".thought.live")
        page.click("text=Dashboard")
        page.wait_for_selector(".tile:has(dt:text-is('Requests')):has-text('2 running')")
        page.wait_for_function("() => parseFloat(document.querySelector('.tile .big').innerText) > 1")
        page.click("text=Side by side")
        page.click("[aria-label='Stop all']")
        page.click("text=Dashboard")
        page.wait_for_selector(".tile:has(dt:text-is('Requests')):has-text('0 running')")

    def test_a_lost_server_is_said_and_found_again(self):
        page = self.open("#/dashboard", wait=".tile")
        page.context.set_offline(True)
        page.wait_for_selector(".lost:has-text('Looking again every two seconds')")
        self.assertTrue(page.is_visible(".tile"))           # the last figures stay
        page.context.set_offline(False)
        page.wait_for_selector(".lost", state="hidden")
        page.wait_for_selector("#announcer:has-text('The server answers again')", state="attached")

    def test_curves_can_be_read_as_a_table(self):
        page = self.open("#/dashboard", wait=".plot")
        page.locator(".plot summary").first.click()
        page.wait_for_selector(".plot-table[open] tbody tr")
        self.assertEqual(texts(page, ".plot-table[open] thead th"), ["Time", "generated", "prompts"])


class RunsTest(PanelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill_store()
        cls.storeless = cls.enterClassContext(ScriptedServer(SCRIPTS))

    def test_lists_runs_and_finds_them(self):
        page = self.open("#/runs", wait=".runs tbody tr")
        rows = texts(page, ".runs tbody tr")
        self.assertEqual(len(rows), 3)
        finished = next(row for row in rows if "k3f9q2" in row)
        for part in ("Comparison", "r1\nqwen", "3", "1 min 15 s", "Finished"):
            self.assertIn(part, finished)
        self.assertIn("Interrupted", next(row for row in rows if "z8zz11" in row))
        page.fill("[type=search][aria-label^='Search models']", "phi compare")
        self.assertEqual(page.locator(".runs tbody tr").count(), 1)
        page.wait_for_selector("text=1 of 3 runs")
        page.fill("[type=search][aria-label^='Search models']", "")
        page.select_option("[aria-label=Kind]", "bench")
        self.assertIn("m4b7xx", page.inner_text(".runs tbody"))

    def test_opens_a_run_with_its_report_and_comes_back_to_its_row(self):
        page = self.open("#/runs", wait=".runs tbody tr")
        page.locator(".runs tr", has_text="k3f9q2").locator("a").click()
        page.wait_for_selector("h2 >> text=k3f9q2")
        self.assertIn("retort compare r1.gguf qwen.gguf", page.inner_text(".command"))
        self.assertIn("Q4_K_M", page.inner_text("table"))
        with page.context.expect_page() as opened:
            page.click("text=Open the report")
        opened.value.wait_for_selector("text=k3f9q2 en")
        with page.expect_download() as saved:
            page.click("text=Save the report")
        self.assertEqual(saved.value.suggested_filename, "retort-k3f9q2.html")
        page.click("text=All runs")
        page.wait_for_selector(".runs")
        self.assertIn("run=k3f9q2", page.evaluate("document.activeElement.href"))

    def test_tells_what_failed_as_text(self):
        page = self.open("#/runs?run=m4b7xx", wait=".fault")
        self.assertEqual(page.inner_text(".fault"), "phi.gguf: <b>it is broken</b>")
        self.assertIn("Benchmarks have no report", page.inner_text("main"))

    def test_a_run_that_is_not_there_is_said(self):
        self.open("#/runs?run=nothing", wait=".fault:has-text('no stored run begins')")

    def test_a_server_without_a_store_says_how_to_have_one(self):
        page = self.open("#/runs", wait="text=This server keeps no runs", server=self.storeless)
        self.assertIn("--store runs.db", page.inner_text("main"))


class EmptyStoreTest(PanelCase):
    def test_an_empty_store_says_how_to_fill_it(self):
        page = self.open("#/runs", wait="text=Nothing has been measured yet")
        self.assertIn("retort compare A B", page.inner_text("main"))


if __name__ == "__main__":
    unittest.main()
