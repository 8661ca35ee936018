"""Votes on models side by side: blind or not, what the server keeps of them, and the table of all."""

import math
import re
import unittest

from compare_case import (ANSWER, DEEP, OTHER, SCRIPTS, SHALLOW, CompareCase, all_ended, compare,
                          figures, post, votes)
from page_case import ScriptedServer, texts

WITHOUT = "scripted (no thinking)"     # as the server keeps the name


def vote(page, label):
    page.click(f".cmp-vote >> role=button[name='{label}']")
    page.wait_for_selector(".cmp-vote >> text=/You voted|Shown without a vote/")


def column_of(page, text):
    """The number of the column with this answer."""
    return [text in column for column in texts(page, ".cmp-column")].index(True)


class VoteTest(CompareCase):
    def test_keeps_who_was_best_and_what_was_said(self):
        page = self.open_columns(DEEP, OTHER)
        compare(page, "17 * 23?")
        vote(page, "B is best")
        self.assertIn("You voted for B: other", page.inner_text(".cmp-vote"))
        page.wait_for_selector(".cmp-column:last-child .cmp-head >> text=your vote")
        kept = votes(self.server)[0]
        self.assertEqual([kept["prompt"], kept["best"]], ["17 * 23?", 1])
        self.assertEqual([answer["model"] for answer in kept["answers"]], ["scripted", "other"])
        for answer in kept["answers"]:
            self.assertEqual(answer["answer"], ANSWER)
            self.assertIn("51 more", answer["reasoning"])
        self.assertEqual(page.evaluate("document.activeElement.innerText"), "All votes")

    def test_alike_and_none_favour_nobody(self):
        for label, words in (("Alike", "You voted: alike"), ("None", "You voted: none")):
            page = self.open_columns(DEEP, OTHER)
            before = len(votes(self.server))
            compare(page, "17 * 23?")
            vote(page, label)
            self.assertIn(words, page.inner_text(".cmp-vote"))
            self.assertEqual(len(votes(self.server)), before + 1)
            self.assertIsNone(votes(self.server)[0]["best"])

    def test_is_asked_for_once_all_have_ended_and_of_each_round(self):
        page = self.open_columns(DEEP, SHALLOW)
        compare(page, "long", wait=False)
        page.wait_for_selector(".cmp-vote >> text=When all have ended you can vote")
        self.assertEqual(page.locator(".cmp-vote button").count(), 0)
        page.click("[aria-label='Stop all']")
        all_ended(page)
        vote(page, "B is best")
        compare(page, "17 * 23?")
        vote(page, "Alike")
        self.assertEqual(votes(self.server)[0]["prompt"], "long\n\n↳ 17 * 23?")

    def test_the_same_model_twice_is_no_contest(self):
        page = self.open_columns(DEEP, DEEP)
        compare(page, "17 * 23?")
        page.wait_for_selector("text=There is no vote: all columns are the same")

    def test_a_vote_that_is_not_kept_is_said_and_can_be_tried_again(self):
        page = self.open_columns(DEEP, OTHER, blind=True)
        compare(page, "17 * 23?")
        page.route("**/retort/v1/votes", lambda route: route.fulfill(
            status=500, json={"error": "the disk is full"}))
        page.click("role=button[name='A is best']")
        page.wait_for_selector(".cmp-vote >> text=The vote was not kept: the disk is full")
        self.assertNotRegex(page.inner_html("main"), r"scripted|\bother\b")
        page.unroute("**/retort/v1/votes")
        vote(page, "A is best")


class BlindTest(CompareCase):
    NAMES = re.compile(r"scripted|\bother\b")

    # All that the document has, and what its elements say without having it: values and titles.
    # The settings list all models, whoever stands in the columns.
    def assert_nameless(self, page):
        said = page.evaluate("""() => {
          const copy = document.documentElement.cloneNode(true);
          copy.querySelector('#settings').remove();
          const values = [...document.querySelectorAll('main select, main input, main textarea')];
          return [copy.outerHTML, document.title, ...values.map(({value}) => value)].join(' ');
        }""")
        self.assertNotRegex(said, self.NAMES)

    def test_hides_names_everywhere_until_the_vote(self):
        page = self.open_columns(DEEP, OTHER, blind=True)
        compare(page, "long", wait=False)
        page.wait_for_selector(".cmp-column:last-child .thought.live >> text=Step 1002")
        self.assert_nameless(page)
        page.click("[aria-label='Stop all']")
        all_ended(page)
        compare(page, "17 * 23?")
        self.assert_nameless(page)
        self.assertEqual(set(figures(page, 0).values()), {"•••\nhidden until the vote"})
        vote(page, "A is best")
        self.assertEqual(sorted(texts(page, ".cmp-name")), ["other", "scripted"])
        self.assertRegex(figures(page, 0)["Whole time"], r"^\d")

    def test_keeps_true_names_however_columns_were_mixed(self):
        orders = set()
        for chance in (0, 0.99):
            page = self.open_columns(DEEP, SHALLOW, blind=True, random=chance)
            compare(page, "17 * 23?")
            best = column_of(page, "About 400.")
            orders.add(best)
            vote(page, f"{'AB'[best]} is best")
            kept = votes(self.server)[0]
            self.assertEqual(kept["answers"][kept["best"]],
                             {"model": WITHOUT, "answer": "About 400.", "reasoning": ""})
            self.assertEqual(kept["answers"][1 - kept["best"]]["model"], "scripted")
            self.assertIn("without thinking", page.locator(".cmp-head").nth(best).inner_text())
        self.assertEqual(orders, {0, 1})

    def test_skipping_shows_names_without_a_vote(self):
        page = self.open_columns(DEEP, OTHER, blind=True)
        before = votes(self.server)
        compare(page, "17 * 23?")
        vote(page, "Skip")
        self.assertEqual(sorted(texts(page, ".cmp-name")), ["other", "scripted"])
        self.assertEqual(votes(self.server), before)

    def test_a_reload_gives_no_name_away(self):
        page = self.open_columns(DEEP, OTHER, blind=True)
        compare(page, "17 * 23?")
        page.reload()
        page.wait_for_selector(".cmp-vote >> text=Which answer is best?")
        self.assert_nameless(page)
        vote(page, "A is best")
        self.assertEqual(sorted(texts(page, ".cmp-name")), ["other", "scripted"])

    def test_a_fault_gives_no_name_away(self):
        page = self.open_columns(DEEP, OTHER, blind=True)
        page.route("**/chat/completions", lambda route: route.fulfill(
            status=503, json={"error": {"message": "other.gguf: it is broken"}}))
        compare(page, "17 * 23?")
        page.wait_for_selector("text=This answer failed")
        self.assert_nameless(page)
        page.click("text=Show the names")
        page.wait_for_selector("text=other.gguf: it is broken")


def wilson(wins, n, z=1.959964):
    """The bounds p for which the observed share is z standard errors of p away: found by halving."""
    share = wins / n

    def bound(low, high, inside):
        for _ in range(60):
            middle = (low + high) / 2
            near = abs(share - middle) <= z * math.sqrt(middle * (1 - middle) / n)
            low, high = (low, middle) if near == inside else (middle, high)
        return low
    return bound(0, share, True), bound(share, 1, False)


class VotesViewTest(CompareCase):
    # (first, other, how often the first was best, the other, neither)
    TALLY = [("r1", "qwen", 17, 3, 2), ("qwen", "phi", 4, 4, 1)]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for first, other, *counts in cls.TALLY:
            for best, count in zip((0, 1, None), counts):
                for _ in range(count):
                    post(cls.server, "/retort/v1/votes", {"prompt": "1+1?", "best": best, "answers": [
                        {"model": first, "answer": "$x^2$", "reasoning": "well"},
                        {"model": other, "answer": "3", "reasoning": ""}]})

    def expected(self):
        """By model: wins, losses, ties."""
        counts = {}
        for first, other, won, lost, tied in self.TALLY:
            for name, row in ((first, (won, lost, tied)), (other, (lost, won, tied))):
                counts[name] = [a + b for a, b in zip(counts.get(name, (0, 0, 0)), row)]
        return counts

    def test_shows_rates_with_wilsons_intervals(self):
        page = self.open("#/votes", wait=".votes table")
        rows = {row.locator("th").inner_text(): row.locator("td").all_inner_texts()
                for row in page.locator(".votes table").first.locator("tbody tr").all()}
        self.assertEqual(list(rows), ["r1", "phi", "qwen"])      # the most preferred first
        for name, (won, lost, tied) in self.expected().items():
            n, points = won + lost + tied, won + tied / 2
            low, high = wilson(points, n)
            percents = [f"{100 * share:.0f} %" for share in (points / n, low, high)]
            self.assertEqual(rows[name][0].split("\n"),
                             [percents[0], f"{percents[1]} to {percents[2]}"])
            self.assertEqual(rows[name][1:], [str(won), str(lost), str(tied)])
        self.assertRegex(page.inner_text(".votes-verdict"), r"^r1 is preferred: 82 % of 22 comp")

    def test_shows_pairs_and_the_last_votes_with_what_was_said(self):
        page = self.open("#/votes", wait=".votes table")
        pairs = page.locator(".votes table").nth(1).locator("tbody tr")
        self.assertEqual([re.split(r"\s+", row.inner_text()) for row in pairs.all()],
                         [["phi", "4", "1", "4", "qwen"],
                          ["qwen", "3", "2", "17", "r1", "Best"]])
        self.assertEqual(page.locator(".vote").count(), 20)
        page.click("text=Show 11 more")
        self.assertEqual(page.locator(".vote").count(), 31)
        last = page.locator(".vote").last
        self.assertIn("Best: r1", last.inner_text())
        last.locator("summary").first.click()
        last.locator(".katex").wait_for()                        # set, not in dollars
        last.locator("text=Thought").click()
        last.locator("text=well").wait_for()


class NoStoreTest(CompareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storeless = cls.enterClassContext(ScriptedServer(SCRIPTS, "--step", 0.002))

    def test_says_that_there_is_no_voting(self):
        page = self.open_columns(DEEP, OTHER, blind=True, server=self.storeless)
        compare(page, "17 * 23?")
        self.assertIn("keeps no store of runs", page.inner_text(".cmp-vote"))
        self.assertEqual(texts(page, ".cmp-vote button"), ["Show the names"])
        page.click("text=Show the names")
        page.wait_for_selector(".cmp-name >> text=scripted")

    def test_the_view_of_votes_says_why_it_is_empty(self):
        page = self.open("#/votes", wait="text=This server keeps no votes", server=self.storeless)
        self.assertIn("started without one", page.inner_text("main"))
        page = self.open("#/votes", wait="text=No votes yet")
        page.click("main >> text=Compare models >> nth=0")
        page.wait_for_selector("#prompt")


if __name__ == "__main__":
    unittest.main()
