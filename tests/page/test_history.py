"""Conversations: kept in the browser, found again, carried as files."""

import json
import unittest

from page_case import PageCase, ask, texts, turn


class HistoryTest(PageCase):
    SCRIPTS = [(turn(question), f"thinking of {question}</think>Answer to {question}.<|end|>")
               for question in ("apples", "pears", "plums and more")]

    def talk(self, *questions, **options):
        page = self.open(**options)
        for question in questions:
            page.click("#new-chat")
            ask(page, question)
        return page

    def menu(self, page, entry):
        page.click("[aria-label=Conversation]")
        page.click(f"[role=menuitem] >> text='{entry}'")

    def saved(self, page, entry):
        with page.expect_download() as download:
            self.menu(page, entry)
        with open(download.value.path()) as file:
            return download.value.suggested_filename, file.read()

    def test_lists_conversations_the_newest_first_and_opens_them(self):
        page = self.talk("apples", "pears")
        self.assertEqual(texts(page, ".history .title"), ["pears", "apples"])
        page.click(".history >> text=apples")
        page.wait_for_selector("text=Answer to apples.")
        self.assertEqual(texts(page, ".history.open .title"), ["apples"])
        page.reload()
        page.wait_for_selector("text=Answer to apples.")

    def test_a_new_tab_begins_anew_and_knows_the_conversations(self):
        page = self.talk("apples")
        other = self.open_in(page.context)
        other.wait_for_selector(".history >> text=apples")
        self.assertEqual(other.locator(".message").count(), 0)

    def test_searches_titles_and_texts_by_all_words(self):
        page = self.talk("apples", "pears", "plums and more")
        page.fill("#search", "ANSWER more")
        page.wait_for_function("() => document.querySelectorAll('.history').length === 1")
        self.assertEqual(texts(page, ".history .title"), ["plums and more"])
        page.fill("#search", "cherries")
        page.wait_for_selector("text=Nothing found")
        page.fill("#search", "")
        page.wait_for_function("() => document.querySelectorAll('.history').length === 3")

    def test_renames_and_deletes_after_asking(self):
        page = self.talk("apples", "pears")
        self.menu(page, "Rename")
        page.fill("dialog input", "Fruit")
        page.press("dialog input", "Enter")
        page.wait_for_selector(".history.open >> text=Fruit")
        self.menu(page, "Delete")
        page.click("dialog >> text=Cancel")
        self.assertEqual(page.locator(".history").count(), 2)
        self.menu(page, "Delete")
        page.click("dialog button.primary")
        page.wait_for_function("() => document.querySelectorAll('.history').length === 1")
        page.reload()
        page.wait_for_selector(".history >> text=apples")
        self.assertEqual(page.locator(".history").count(), 1)

    def test_a_conversation_that_begins_while_the_list_is_read_stays(self):
        page = self.talk("apples")
        titles = page.evaluate("""async () => {
          const store = await import('/js/history/store.js');
          const {state} = await import('/js/state.js');
          const listing = store.listConversations();
          store.newConversation();
          store.ensureConversation('pears');
          store.addNode({role: 'user', text: 'pears'});
          await listing;
          return state.conversations.map(({title}) => title);
        }""")
        self.assertEqual(titles, ["pears", "apples"])

    def test_exports_markdown_with_and_without_thoughts(self):
        page = self.talk("apples")
        name, text = self.saved(page, "Export as Markdown")
        self.assertEqual(name, "apples.md")
        shown = "\n".join(line for line in text.split("\n") if not line.startswith("<!--"))
        self.assertRegex(shown, r"## You\s+apples\s+## scripted\s+Answer to apples.")
        self.assertNotIn("thinking of", text)
        _, text = self.saved(page, "Export as Markdown, with thoughts")
        self.assertIn("> thinking of apples", text)

    def test_json_comes_back_as_it_went(self):
        page = self.talk("apples", "pears")
        page.click("[aria-label='Answer again']")
        page.wait_for_selector(".turner >> text='2 / 2'")
        _, text = self.saved(page, "Export all conversations")
        other = self.open()
        self.load(other, text)
        other.wait_for_selector(".history >> text=pears")
        other.click(".history >> text=pears")
        other.wait_for_selector(".turner >> text='2 / 2'")
        self.assertIn("thinking of pears", other.inner_text(".thought-body"))
        _, again = self.saved(other, "Export all conversations")
        self.assertEqual(self.without_ids(text), self.without_ids(again))

    def load(self, page, text):
        with page.expect_file_chooser() as chooser:
            self.menu(page, "Import conversations")
        chooser.value.set_files([{"name": "x.json", "mimeType": "application/json",
                                  "buffer": text.encode()}])

    def test_markdown_comes_back_too(self):
        page = self.open()
        tricky = "<!-- retort user -->\n\\<!-- retort text -->\n> quoted\n```\n# a\n```"
        page.set_input_files("input[type=file]", [
            {"name": "a b-->.md", "mimeType": "text/plain", "buffer": tricky.encode()}])
        page.wait_for_selector(".chip")
        page.fill("#prompt", tricky)
        page.press("#prompt", "Enter")
        page.wait_for_selector(".message.assistant[aria-busy=false]")
        ask(page, "apples")
        _, text = self.saved(page, "Export as Markdown, with thoughts")
        other = self.open()
        self.load(other, text)
        other.click(".history .title")
        other.wait_for_selector(".message.assistant >> nth=1")
        for selector in (".message.user > .text", ".message.assistant .text", ".attached summary",
                         ".model-name"):
            self.assertEqual(texts(other, selector), texts(page, selector))
        other.click(".attached summary")
        self.assertEqual(other.inner_text(".attached pre"), tricky)

    @staticmethod
    def without_ids(text):
        """A conversation's ids by their places: they are new wherever it is imported."""
        conversations = json.loads(text)["conversations"]
        for conversation in conversations:
            nodes = sorted(conversation["nodes"], key=lambda node: (node["created"], node["role"] != "user"))
            places = {node["id"]: place for place, node in enumerate(nodes)}
            conversation["nodes"] = [
                {"parent": places.get(node["parent"]),
                 **{name: node.get(name) or None for name in (
                     "role", "text", "reasoning", "model", "created", "state", "finish", "figures")}}
                for node in nodes]
            conversation["leaf"] = places[conversation["leaf"]]
            del conversation["id"]
        return sorted(conversations, key=lambda conversation: conversation["title"])

    def test_an_import_that_is_wrong_is_explained_and_changes_nothing(self):
        page = self.talk("apples")
        good = {"title": "good", "nodes": [{"id": 1, "role": "user", "text": "x"}]}
        for text, why in (("{", "It is neither JSON nor Markdown"),
                          ('{"format": "other"}', "of another format"),
                          (json.dumps({"format": "retort-conversations", "conversations": [
                              good, {"title": "x"}]}), "has no messages"),
                          (json.dumps({"format": "retort-conversations", "conversations": [
                              good, {"nodes": [{"role": "system"}]}]}), "neither the user's")):
            self.load(page, text)
            page.wait_for_selector(f"dialog >> text={why}")
            page.keyboard.press("Escape")
            page.wait_for_selector("dialog", state="detached")
        self.assertEqual(texts(page, ".history .title"), ["apples"])

    def test_says_when_the_browser_keeps_nothing(self):
        page = self.open()
        page.evaluate("""() => {
          IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') };
        }""")
        ask(page, "apples")
        page.wait_for_selector("text=cannot keep this conversation")
        self.assertEqual(page.inner_text(".message.assistant .text"), "Answer to apples.")

    def test_another_view_does_not_end_an_answer(self):
        page = self.open()
        ask(page, "apples", wait=False)
        page.keyboard.press("Alt+Digit5")
        page.wait_for_selector("text=Dashboard")
        page.keyboard.press("Alt+Digit1")
        page.wait_for_selector("text=Answer to apples.")


if __name__ == "__main__":
    unittest.main()
