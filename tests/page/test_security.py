"""Texts of models, servers, files and links are shown and nothing more, wherever they are shown."""

import json
import unittest

from hostile import HostileCase
from page_case import ask, texts, turn
from payloads import PAYLOADS

TEXTS = list(PAYLOADS.values())
BUNDLES = ["\n\n".join(TEXTS[first:first + 9]) for first in range(0, len(TEXTS), 9)]


def says(text):
    return f"{text}\n\n</think>{text}<|end|>"


def conversations():
    """What an export of somebody else's might hold."""
    for number, (name, text) in enumerate(PAYLOADS.items()):
        question = {"id": f"q{number}", "parent": None, "role": "user", "text": text, "created": 1,
                    "files": [{"name": text, "text": text}]}
        answer = {"id": f"a{number}", "parent": f"q{number}", "role": "assistant", "text": text,
                  "reasoning": text, "model": text, "state": text, "finish": text, "created": text,
                  "figures": {text: 1, "tokens": text, "__proto__": 1}}
        yield {"id": text, "title": f"{number} {text}", "system": text, "created": 1000 - number,
               "updated": 1000 - number, "leaf": f"a{number}", "nodes": [question, answer], name: text}


def model(name):
    return {"name": name, "path": name, "state": "unloaded", "error": name, "file_bytes": 5,
            "context_tokens": 100, "defaults": {}, "thinking": "forced",
            "requests": {"running": 0, "waiting": 0}, "kv_blocks": {"total": 1, "free": 1, "cached": 0},
            "tokens": {"generated": 0}, "load_s": 1, "expires_s": None}


def run(text):
    return {"id": text, "kind": text, "state": text, "started_at": text, "finished_at": text, "seconds": 1,
            "version": text, "command": text, "samples": 1, "timings": 1}


class SecurityTest(HostileCase):
    SCRIPTS = [*((turn(f"p{number}"), says(text)) for number, text in enumerate(TEXTS)),
               *((turn(f"bundle {number}"), says(text)) for number, text in enumerate(BUNDLES)),
               (turn("hello"), "</think>world<|end|>")]

    def fake(self, page, path, body, status=200, kind="application/json"):
        text = body if isinstance(body, str) else json.dumps(body)
        page.route(f"**{path}", lambda route: route.fulfill(status=status, content_type=kind, body=text))

    def test_answers_and_thoughts_do_nothing(self):
        page = self.open_watched()
        for number, name in enumerate(PAYLOADS):
            page.click("#new-chat")
            ask(page, f"p{number}")
            self.check_harmless(page, name)
            self.assertTrue(page.text_content(".thought-body").strip(), name)
            self.assertTrue(page.text_content(".message.assistant .text").strip(), name)
        self.check_works(page)

    def test_imported_conversations_do_nothing(self):
        page = self.open_watched()
        file = {"format": "retort-conversations", "version": 1, "conversations": list(conversations())}
        count = self.start(page, "/js/history/exchange.js", "importText", json.dumps(file))
        self.assertEqual(count, len(PAYLOADS))
        page.wait_for_function(f"() => document.querySelectorAll('.history').length === {count}")
        self.check_harmless(page, "titles")
        for number, (name, text) in enumerate(PAYLOADS.items()):
            page.locator(".history .title").nth(number).click()
            page.wait_for_selector(f".history.open >> nth=0 >> text=/^{number} /")
            for part in (".message.user > .text", ".attached pre"):
                self.assertEqual(page.text_content(part), text, name)
            self.assertEqual(page.text_content(".attached summary"), text[:200], name)
            self.assertEqual(page.text_content(".model-name"), text[:200], name)
            self.check_harmless(page, name)
        self.check_works(page)

    def test_dialogs_about_hostile_titles_do_nothing(self):
        page = self.open_watched()
        for text in TEXTS[:60:6]:
            page.click("#new-chat")
            ask(page, text, wait=False)
            page.click("[aria-label=Conversation]")
            page.click("text=Rename")
            self.assertTrue(page.input_value("dialog input"))
            page.fill("dialog input", text)
            page.press("dialog input", "Enter")
            page.wait_for_selector("dialog", state="detached")
            page.locator(".history.open .remove").click(force=True)
            page.wait_for_selector("dialog")
            self.check_harmless(page, text)
            page.click("dialog .primary")
            page.wait_for_selector("dialog", state="detached")
        self.check_works(page)

    def test_names_of_models_do_nothing(self):
        page = self.open_watched()
        self.fake(page, "/retort/v1/models", {"models": [model(text) for text in TEXTS]})
        self.start(page, "/js/models.js", "refreshModels")
        page.wait_for_function(f"() => document.querySelectorAll('.topbar option').length === {len(TEXTS)}")
        for name, text in PAYLOADS.items():
            page.locator(".topbar select").select_option(text)
            page.wait_for_function("text => document.querySelector('.welcome').innerText.length > 0", arg=text)
            self.assertEqual(page.input_value(".topbar select"), text, name)
        self.check_harmless(page, "chat")
        for view in ("compare", "models"):
            page.goto(f"{self.server.url}/#/{view}")
            page.wait_for_selector({"compare": ".cmp-head select", "models": ".card.model"}[view])
            self.check_harmless(page, view)
        self.assertEqual(page.locator(".card.model h2").all_text_contents(), TEXTS)
        page.unroute("**/retort/v1/models")
        page.reload()
        self.check_works(page)

    def test_errors_of_answers_do_nothing(self):
        page = self.open_watched()
        for number, (name, text) in enumerate(PAYLOADS.items()):
            error = {"error": {"message": text, "code": text, "type": text}}
            page.unroute("**/v1/chat/completions")
            if number % 2 == 0:
                self.fake(page, "/v1/chat/completions", error, status=400 + number % 5 + 2)
            else:
                self.fake(page, "/v1/chat/completions", f"data: {json.dumps(error)}\n\n",
                          kind="text/event-stream")
            page.click("#new-chat")
            ask(page, "hello")
            self.assertEqual(page.text_content(".message.assistant .fault"), text, name)
            self.check_harmless(page, name)
        page.unroute("**/v1/chat/completions")
        self.check_works(page)

    def test_errors_of_the_list_of_models_do_nothing(self):
        page = self.open_watched()
        for name, text in PAYLOADS.items():
            page.unroute("**/retort/v1/models")
            self.fake(page, "/retort/v1/models", {"error": text}, status=500)
            self.start(page, "/js/models.js", "refreshModels")
            page.wait_for_function("text => document.querySelector('.talk .fault')?.textContent === text",
                                   arg=text)
            self.check_harmless(page, name)
        page.unroute("**/retort/v1/models")
        self.start(page, "/js/models.js", "refreshModels")
        self.check_works(page)

    def test_votes_do_nothing(self):
        page = self.open_watched()
        for text in TEXTS:
            vote = {"prompt": text, "best": 0,
                    "answers": [{"model": text, "answer": text, "reasoning": text},
                                {"model": "other", "answer": "x", "reasoning": ""}]}
            self.assertTrue(page.request.post(f"{self.server.url}/retort/v1/votes", data=vote).ok)
        page.goto(f"{self.server.url}/#/votes")
        page.wait_for_selector("details.vote")
        while page.is_visible("text=/^Show .+ more$/"):
            page.click("text=/^Show .+ more$/")
        page.evaluate("() => document.querySelectorAll('details.vote').forEach((fold) => { fold.open = true; })")
        page.wait_for_function(f"() => document.querySelectorAll('details.vote-thought').length === {len(TEXTS)}")
        page.evaluate("() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        page.wait_for_function(
            f"() => document.querySelectorAll('.vote-thought .block').length === {len(TEXTS)}")
        self.assertEqual(page.locator(".cmp-asked").all_text_contents(), TEXTS[::-1])
        self.check_harmless(page)
        self.check_works(page)

    def test_columns_of_a_comparison_do_nothing(self):
        page = self.open_watched("#/compare", wait=".cmp-head select")
        for number in range(len(BUNDLES)):
            page.fill("#prompt", f"bundle {number}")
            page.press("#prompt", "Enter")
            page.wait_for_function("() => document.querySelectorAll('.cmp-round[aria-busy=false]').length === 2")
            self.check_harmless(page, f"bundle {number}")
            page.click("[aria-label='New comparison']")
            page.wait_for_selector(".cmp-head select")
        for text in TEXTS[::10]:
            page.fill("#prompt", text)
            page.press("#prompt", "Enter")
            page.wait_for_selector(".cmp-round")
            self.check_harmless(page, text)
            page.click("[aria-label='New comparison']")
        self.check_works(page)

    def test_a_link_sets_what_it_says_as_text_and_only_if_wished(self):
        page = self.open_watched()
        for text in BUNDLES:
            query = page.evaluate("text => new URLSearchParams("
                                  "{system: text, model: text, temperature: text, deep: text}).toString()", text)
            page.goto(f"{self.server.url}/#/chat?{query}")
            page.reload()
            page.wait_for_selector(".shared")
            self.assertEqual(page.text_content(".shared blockquote"), text)
            self.assertEqual(page.evaluate("async () => (await import('/js/state.js')).state.settings.system"), "")
            self.check_harmless(page, text)
        page.click(".shared .primary")
        page.click("[aria-label=Settings]")
        self.assertEqual(page.input_value("#system-prompt"), BUNDLES[-1].replace("\r", "\n"))
        self.check_harmless(page)

    def test_names_and_progress_of_models_that_are_brought_do_nothing(self):
        page = self.open_watched("#/models", wait="#pull-name")
        for name, text in PAYLOADS.items():
            events = [{"event": "plan", "repository": text, "missing_bytes": 5,
                       "files": [{"file": text, "bytes": text}]},
                      {"event": "progress", "file": text, "done": 1, "bytes": 5},
                      {"event": "retry", "reason": text, "wait_s": text},
                      {"event": "error", "message": text, "code": text}]
            page.unroute("**/retort/v1/pull")
            self.fake(page, "/retort/v1/pull", "".join(f"data: {json.dumps(event)}\n\n" for event in events),
                      kind="text/event-stream")
            page.fill("#pull-name", text)
            page.press("#pull-name", "Enter")
            page.wait_for_function("text => document.querySelector('.pull-line')?.textContent === text", arg=text)
            self.check_harmless(page, name)
        self.check_works(page)

    def test_runs_and_their_commands_do_nothing(self):
        page = self.open_watched()
        runs = [{**run(text), "models": [text]} for text in TEXTS]
        self.fake(page, "/retort/v1/runs", {"runs": runs})
        page.goto(f"{self.server.url}/#/runs")
        page.wait_for_selector("table.runs")
        self.check_harmless(page, "list")
        for name, text in list(PAYLOADS.items())[::7]:
            measured = {"name": text, "digest": text, "quantization": text, "weight_bytes": 1, "failure": text}
            page.unroute("**/retort/v1/runs/*")
            self.fake(page, "/retort/v1/runs/*", {**run(text), "kind": "compare", "models": [measured]})
            page.goto(f"{self.server.url}/#/runs")
            page.wait_for_selector("table.runs")
            page.evaluate("text => { location.hash = `#/runs?run=${encodeURIComponent(text)}`; }", text)
            page.wait_for_selector(".command pre")
            self.assertEqual(page.text_content(".command pre"), text)
            self.check_harmless(page, name)
        self.check_works(page)

    def test_what_somebody_left_in_the_browser_does_nothing(self):
        page = self.open_watched()
        for text in BUNDLES:
            page.evaluate("""text => {
              const kept = {system: text, model: text, partner: text, theme: text, language: text,
                columns: [{model: text}, text], values: {temperature: text}, thoughtsOpen: text};
              localStorage.setItem('retort.settings', JSON.stringify(kept));
              sessionStorage.setItem('retort.draft', text);
              localStorage.setItem('retort.tail', JSON.stringify([{id: text, conversation: text, text}]));
            }""", text)
            page.reload()
            page.wait_for_selector(".presets")
            page.click("[aria-label=Settings]")
            self.assertTrue(page.input_value("#system-prompt"))
            self.check_harmless(page, text)
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.reload()
        self.check_works(page)


if __name__ == "__main__":
    unittest.main()
