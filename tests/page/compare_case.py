"""What tests of the side-by-side view have in common.

    class VoteTest(CompareCase):
        def test_keeps_a_vote(self):
            page = self.open_columns(DEEP, OTHER)
            compare(page, "17 * 23?")
            ...
            self.assertEqual(votes(self.server)[0]["best"], 0)
"""

import json
import urllib.request

from page_case import PageCase, texts, turn

THOUGHT = "First 17 * 20 = 340.\n\nThen 51 more."
ANSWER = "It is 391."
LONG = "".join(f"Step {n}: the square is {n * n}, the cube {n ** 3}, and {7 * n} is left.\n\n"
               for n in range(1000, 1250))
# How the template reads a question whose thought is left out.
NO_THOUGHT = "\n</think>\n\n"


def history(*turns):
    return "".join(f"<|user|>{question}<|assistant|>{answer}<|end|>" for question, answer in turns)


SCRIPTS = [
    (turn("17 * 23?"), f"{THOUGHT}</think>{ANSWER}<|end|>"),
    (turn("17 * 23?") + NO_THOUGHT, "About 400.<|end|>"),
    (history(("17 * 23?", ANSWER)) + turn("And plus 1?"), "392</think>It is 392.<|end|>"),
    (turn("long"), f"{LONG}</think>At last.<|end|>"),
    (turn("slow"), f"{LONG[:700]}</think>At last.<|end|>"),
    (turn("slow") + NO_THOUGHT, "At once.<|end|>"),
]
DEEP, SHALLOW = {"model": "scripted", "deep": True}, {"model": "scripted", "deep": False}
OTHER = {"model": "other", "deep": True}


def compare(page, text, wait=True):
    page.fill("#prompt", text)
    page.press("#prompt", "Enter")
    page.wait_for_selector(f".cmp-column:last-child .cmp-round:last-child >> text={text}")
    if wait:
        all_ended(page)


def all_ended(page):
    """In the figures, which tick, and in the texts, which are drawn with the next frame."""
    page.wait_for_function("""() => {
      const phases = [...document.querySelectorAll('.cmp-phase')].map(({dataset}) => dataset.phase);
      return phases.every((phase) => ['done', 'stopped', 'failed'].includes(phase)) &&
        !document.querySelector('.cmp-round[aria-busy=true]');
    }""")


def figures(page, column):
    """What the foot of a column says, by its names."""
    foot = page.locator(".cmp-foot").nth(column)
    return dict(zip(texts(foot, "dt"), texts(foot, "dd")))


def fetch(server, path):
    with urllib.request.urlopen(server.url + path) as answer:
        return json.load(answer)


def post(server, path, body):
    """The answer's bytes: of a pull, its events."""
    request = urllib.request.Request(server.url + path, json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def votes(server):
    return fetch(server, "/retort/v1/votes")["votes"]


class CompareCase(PageCase):
    SCRIPTS = SCRIPTS
    FLAGS = ("--step", 0.002)

    def open_columns(self, *columns, blind=False, random=None, **options):
        """The view with these columns chosen before; `random` is what chance will say."""
        page = self.open("#/compare", **options)
        if random is not None:
            page.evaluate(f"Math.random = () => {random}")
        page.evaluate("""async ([columns, blind]) =>
          (await import('/js/settings.js')).change({columns, blind})""", [list(columns), blind])
        page.wait_for_function("n => document.querySelectorAll('.cmp-column').length === n",
                               arg=len(columns))
        return page
