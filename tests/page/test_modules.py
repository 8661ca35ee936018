"""The page's modules by themselves: cutting of growing texts, server-sent events, metrics, words, sizes."""

import pathlib
import re
import unittest

from page_case import PageCase

WEB = pathlib.Path(__file__).resolve().parents[2] / "web"
DOCUMENTS = {
    "paragraphs": "One\nand on.\n\nTwo, *emphasised*.\n\n\n\nThree 中文 🙂 é.\n",
    "headings": "# One\ntext\n## Two\n\ntext\n\nThree\n===\n\nmore",
    "code": "Look:\n\n```js\nlet a;\n\nlet b = `x`;\n```\nthen\n\n~~~\n```\n\n~~~\n\nend",
    "long fence": "````\n```\n\nx\n```\n\ny\n````\n\nafter",
    "unclosed code": "text\n\n```py\na\n\nb",
    "indented code": "text\n\n    a\n\n    b\n\ntext",
    "displayed mathematics": "So\n\n$$\nx\n\n+ y\n$$\n\nand\n\n\\[\na\n\nb\n\\]\n\nend $$z$$ here.",
    "environments": "Then\n\n\\begin{align*}\nx &= 1\n\n\\\\ y &= 2\n\\end{align*}\n\nend",
    "mathematics in a line": "With \\(x\\) and $y$.\n\nIt is $5 or \\[z\\] now.\n\nend",
    "table": "A table:\n\n| a | b |\n|--:|:-:|\n| 1 | $x$ |\n\nend",
    "tight list": "- a\n  - b\n    - c\n- d\n\nend",
    "list with paragraphs": "1. a\n\n   more of a\n\n   ```\n   code\n\n   code\n   ```\n\nend",
    "quote": "> a\n> b\n>\n> c\n\nend",
    "rules": "a\n\n---\n\nb\n\n***\n\nc",
    "carriage returns": "a\r\n\r\nb\r\n\r\n```\r\nc\r\n\r\nd\r\n```\r\n\r\ne",
    "blanks with spaces": "a\n  \nb\n\t\nc",
}
# Cut inside of what is one paragraph, so that only the words are the same.
LONG = {
    "long lines": "word " * 5000 + "\n\nend",
    "long line without blanks": "中" * 30_000 + "\n\nend",
    "long paragraph": "\n".join(f"line {n} of many" for n in range(900)) + "\n\nend",
}
# What is shown, without the white space between blocks, which is not.
CUT = """async ([text, cuts, wordsOnly]) => {
  const {StreamText} = await import('/js/render/stream_text.js');
  const {renderMarkdown} = await import('/js/render/markdown.js');
  const seen = (element) => {
    if (wordsOnly) return element.textContent.replace(/\\s+/g, '');
    for (const span of element.querySelectorAll('.math.set')) span.replaceChildren(span.dataset.tex);
    for (const part of element.querySelectorAll('.set, .coloured')) part.classList.remove('set', 'coloured');
    for (const code of element.querySelectorAll('pre code')) code.textContent = code.textContent;
    for (const part of element.querySelectorAll('[data-tex]')) part.removeAttribute('data-tex');
    return element.innerHTML.replace(/\\s+/g, ' ').replace(/> | </g, (found) => found.trim())
      .replaceAll(' class=""', '');
  };
  const place = document.querySelector('.messages');
  const whole = document.createElement('div');
  whole.append(renderMarkdown(text));
  const wanted = seen(whole);
  const differing = [];
  for (const cut of cuts) {
    const element = document.createElement('div');
    place.replaceChildren(element);
    const shown = new StreamText(element);
    for (const end of cut) shown.set(text.slice(0, end));
    shown.set(text, true);
    for (const block of element.querySelectorAll('.block')) block.replaceWith(...block.childNodes);
    element.normalize();
    if (seen(element) !== wanted) differing.push([cut.slice(-3), seen(element), wanted]);
  }
  return differing.slice(0, 2);
}"""


def sources():
    return [file for file in (WEB / "js").rglob("*.js")]


class ModulesTest(PageCase):
    def setUp(self):
        self.page = self.open()

    def test_a_growing_text_ends_as_if_it_had_come_at_once(self):
        for name, text in DOCUMENTS.items():
            everywhere = list(range(len(text.encode("utf-16-le")) // 2 + 1))
            with self.subTest(name):
                cuts = [everywhere, *([end] for end in everywhere)]
                self.assertEqual(self.page.evaluate(CUT, [text, cuts, False]), [])
        for name, text in LONG.items():
            with self.subTest(name):
                self.assertEqual(self.page.evaluate(CUT, [text, [list(range(0, len(text), 97))], True]), [])

    def test_cuts_only_what_begins_alike_and_looks_at_each_line_once(self):
        found = self.page.evaluate("""async (texts) => {
          const {makeSplitter} = await import('/js/render/blocks.js');
          return texts.map((text) => {
            const [once, often] = [makeSplitter(), makeSplitter()];
            const pieces = [];
            for (let end = 0; end <= text.length; ++end) pieces.push(...often(text.slice(0, end)));
            return [once(text), pieces];
          });
        }""", [text for text in DOCUMENTS.values() if len(text) < 2000])
        for once, often in found:
            self.assertEqual(once, often)
            self.assertEqual(sorted(set(once)), once)

    def test_a_folded_away_block_is_rendered_when_it_comes_near(self):
        text = "\n\n".join(f"**Paragraph {n}** of $x_{{{n}}}$." for n in range(300))
        self.page.evaluate("""async (text) => {
          const {StreamText} = await import('/js/render/stream_text.js');
          const place = document.querySelector('.messages');
          document.querySelector('.welcome').hidden = true;
          new StreamText(place, {lazy: true}).set(text, true);
        }""", text)
        plain = "() => document.querySelectorAll('.block.plain').length"
        self.page.wait_for_function(f"() => ({plain})() < 300")
        self.assertGreater(self.page.evaluate(plain), 100)
        for _ in range(200):
            self.page.evaluate("() => document.querySelector('.block.plain')?.scrollIntoView()")
            if self.page.evaluate(plain) == 0:
                break
        self.assertEqual(self.page.locator(".block strong").count(), 300)

    def test_reads_events_however_they_are_cut(self):
        stream = ("data: one\n\n: a comment\nevent: extra\ndata: zwei 中🙂\ndata:  more\n\nid: 3\nretry: 5\n\n"
                  "data\n\ndata: three\r\n\r\nunknown: x\ndata: {\"a\": \"b:c\"}\n\ndata: never ended\n")
        wanted = [["message", "one"], ["extra", "zwei 中🙂\n more"], ["message", ""], ["message", "three"],
                  ["message", "{\"a\": \"b:c\"}"]]
        wrong = self.page.evaluate("""async ([text, wanted]) => {
          const {events} = await import('/js/sse.js');
          const bytes = new TextEncoder().encode(text);
          const wrong = [];
          const parts = [...bytes.keys()].map((cut) => [bytes.slice(0, cut), bytes.slice(cut)]);
          parts.push([...bytes].map((byte) => Uint8Array.of(byte)));
          for (const chunks of parts) {
            const body = new ReadableStream({start(control) {
              for (const chunk of chunks) control.enqueue(chunk);
              control.close();
            }});
            const found = [];
            for await (const {event, data} of events(body)) found.push([event, data]);
            if (JSON.stringify(found) !== JSON.stringify(wanted)) wrong.push([chunks[0].length, found]);
          }
          return wrong;
        }""", [stream, wanted])
        self.assertEqual(wrong, [])

    def test_reads_metrics_as_prometheus_writes_them(self):
        text = ("# HELP a b\n# TYPE a counter\na 3\n"
                'a{model="r1",path="x}\\"y\\\\z\\n, b=\\"1\\""} 4.5 1700000000000\n'
                'a{model="r2"} 1e3\nb_bucket{le="0.1"} 2\nb_bucket{le="+Inf"} 4\nb_bucket{le="1"} 3\n'
                "c NaN\nd -Inf\n\n?\n")
        found = self.page.evaluate("""async (text) => {
          const {parseMetrics, total, totalsBy, histogram, quantile, since, growth} =
            await import('/js/metrics.js');
          const read = parseMetrics(text);
          const counts = histogram(read, 'b');
          return {
            names: [...read.keys()], labels: read.get('a')[1].labels,
            all: total(read, 'a'), one: total(read, 'a', {model: 'r2'}), none: total(read, 'z'),
            by: Object.fromEntries(totalsBy(read, 'a', 'model')),
            counts: counts.map(([bound, count]) => [String(bound), count]),
            quantiles: [0.25, 0.5, 0.75, 1].map((share) => quantile(counts, share)),
            nothing: [quantile([], 0.5), quantile([[1, 0]], 0.5), growth(null, 1)],
            grown: [growth(5, 3), growth(5, null), growth(2, 9)],
            since: [since([[1, 5]], [[1, 2]]), since([[1, 1]], [[1, 2]])],
            wanted: [...parseMetrics(text, (name) => name === 'd').keys()],
          };
        }""", text)
        self.assertEqual(found, {
            "names": ["a", "b_bucket", "c", "d"],
            "labels": {"model": "r1", "path": 'x}"y\\z\n, b="1"'},
            "all": 1007.5, "one": 1000, "none": None, "by": {"": 3, "r1": 4.5, "r2": 1000},
            "counts": [["0.1", 2], ["1", 3], ["Infinity", 4]],
            "quantiles": [0.05, 0.1, 1, 1], "nothing": [None, None, None], "grown": [2, 5, 2],
            "since": [[[1, 3]], [[1, 1]]], "wanted": ["d"]})

    def test_every_word_is_there_in_both_languages(self):
        words = self.page.evaluate("async () => (await import('/js/i18n.js')).kWords")
        self.assertGreater(len(words), 300)
        for key, both in words.items():
            with self.subTest(key):
                self.assertEqual(len(both), 2)
                self.assertTrue(all(text.strip() for text in both))
                english, chinese = (set(re.findall(r"\{(\w+)\}", text)) for text in both)
                self.assertEqual(english, chinese)

    def test_no_word_is_defined_twice(self):
        keys = [key for file in sorted((WEB / "js/words").glob("*.js"))
                for key in re.findall(r"^  ['\"]?(\w+)['\"]?:", file.read_text(), re.M)]
        self.assertEqual(sorted(key for key in set(keys) if keys.count(key) > 1), [])

    def test_every_word_that_is_used_exists_and_none_is_idle(self):
        words = self.page.evaluate("async () => (await import('/js/i18n.js')).kWords")
        used, patterns = set(), set()
        for file in sources():
            if file.parent.name == "words":
                continue
            text = re.sub(r"^\s*//.*", "", file.read_text(), flags=re.M)
            calls = re.findall(r"\bt\('(\w+)'(\)?)", text)
            calls += [(key, "") for pair in re.findall(r"\bt\([^()]*\? '(\w+)'\s*: '(\w+)'", text) for key in pair]
            for key, ended in calls:
                self.assertIn(key, words, file.name)
                self.assertFalse(ended and "{" in words[key][0], f"{key} in {file.name} lacks its values")
            used |= set(re.findall(r"'(\w+)'", text))
            patterns |= {f"{before}\\w+{after}" for before, after
                         in re.findall(r"`(\w{3,})\$\{[^`{}]*\}(\w*)`", text)}
        whole = re.compile("|".join(sorted(patterns)))
        idle = [key for key in words if key not in used and not whole.fullmatch(key)]
        self.assertEqual(idle, [])

    def test_modules_are_short(self):
        long = {str(file.relative_to(WEB)): len(file.read_text().splitlines()) for file in sources()
                if len(file.read_text().splitlines()) > 250}
        self.assertEqual(long, {})


if __name__ == "__main__":
    unittest.main()
