"""What models write is shown as they meant it: mathematics and money, tables, code, lists."""

import unittest

from page_case import PageCase, ask, turn

RENDER = """async (source) => {
  const {renderMarkdown, finish} = await import('/js/render/markdown.js');
  const block = document.createElement('div');
  block.className = 'block';
  block.append(renderMarkdown(source));
  document.querySelector('.messages').replaceChildren(block);
  await finish(block);
  const all = (selector) => [...block.querySelectorAll(selector)];
  const formulas = all('.math').map((span) => ({
    tex: span.dataset.tex, display: span.classList.contains('display'),
    set: span.querySelector('.katex-html') !== null,
    inside: span.closest('td, th, li, h1, h2, h3, blockquote, strong')?.localName ?? null,
  }));
  for (const span of all('.math')) span.replaceWith(`⟨${span.dataset.tex}⟩`);
  return {formulas, text: block.textContent.trim(), tags: all('*').map(({localName}) => localName),
          classes: all('td, th').map(({className}) => className)};
}"""
FACTORIAL = "def factorial(n):\n    return 1 if n < 2 else n * factorial(n - 1)\n"


class MarkdownTest(PageCase):
    SCRIPTS = [(turn("code"), f"</think>Here:\n\n```python\n{FACTORIAL}```\n\nand\n\n    indented  \n<|end|>"),
               (turn("live"), "</think>Let \\(x^2\\) be $5 or\n\n$$\n\\int_0^1 x\n\n= 2\n$$\n\nso $y$.<|end|>")]

    def setUp(self):
        self.page = self.open()

    def rendered(self, source):
        return self.page.evaluate(RENDER, source)

    def tex(self, source):
        return [formula["tex"] for formula in self.rendered(source)["formulas"]]

    def test_sets_every_way_of_writing_mathematics(self):
        for source, tex, display in (
                (r"so \(x^2\) is", "x^2", False),
                (r"so \( x^2 \) is", "x^2", False),
                ("so $x^2$ is", "x^2", False),
                ("so $x$, and", "x", False),
                ("($x$)", "x", False),
                ("so $$x^2$$ is", "x^2", True),
                (r"so \[x^2\] is", "x^2", True),
                ("$$\nx^2\n$$", "x^2", True),
                ("\\[\nx^2\n\\]", "x^2", True),
                ("$$\nx\n\n+ y\n$$", "x\n\n+ y", True),
                ("text\n$$\nx^2\n$$\ntext", "x^2", True),
                (r"$a_1 * b_1 * c_1$", "a_1 * b_1 * c_1", False),
                (r"\(\{1, 2\}\)", r"\{1, 2\}", False),
                (r"$\text{costs \$5}$", r"\text{costs \$5}", False)):
            with self.subTest(source):
                [formula] = self.rendered(source)["formulas"]
                self.assertEqual((formula["tex"], formula["display"], formula["set"]), (tex, display, True))

    def test_sets_bare_environments(self):
        for name in ("align*", "aligned", "equation", "gather", "pmatrix", "cases"):
            source = f"\\begin{{{name}}}\nx & y \\\\\n1 & 2\n\\end{{{name}}}".replace(
                "x & y", "x & y" if name not in ("equation", "gather") else "x").replace(
                "1 & 2", "1 & 2" if name not in ("equation", "gather") else "2")
            source = source.replace(" \\\\\n2", "") if name == "equation" else source
            with self.subTest(name):
                [formula] = self.rendered(f"Then\n\n{source}\n\nfollows.")["formulas"]
                self.assertEqual((formula["tex"], formula["display"], formula["set"]), (source, True, True))

    def test_leaves_money_alone(self):
        for text in ("$5 to $10", "costs $5", "$5-$10", "US$5 and US$6", "from $5/day to $10/day", "($5) or ($6)",
                     "$5, $10 and $20", "between $1,000 and $2,500.", "A$3 or NZ$4", "**$5** to **$10**",
                     "it is $5 (not $6)", "$1m–$2m", "5$ or 6$", "a $ b $ c", "$", "$$"):
            with self.subTest(text):
                shown = self.rendered(text)
                self.assertEqual(shown["formulas"], [])
                self.assertEqual(shown["text"], text.replace("**", ""))
        self.assertEqual(self.rendered(r"\$5 and \$6")["text"], "$5 and $6")

    def test_tells_money_from_mathematics_in_one_line(self):
        self.assertEqual(self.rendered("It costs $5, so $x = 5$ and \\(y = 2x\\) is $10.")["text"],
                         "It costs $5, so ⟨x = 5⟩ and ⟨y = 2x⟩ is $10.")
        self.assertEqual(self.tex("`$x$` and `\\(y\\)`"), [])
        self.assertEqual(self.tex("```\n$x$ \\[y\\]\n```"), [])

    def test_shows_unclosed_formulas_as_text(self):
        for source in (r"so \(x^2 + 1", r"so \[x^2 + 1", "so $x^2 + 1", "so $$x^2 + 1", "$$\nx^2 + 1",
                       "\\begin{align}\nx^2 + 1"):
            with self.subTest(source):
                shown = self.rendered(f"{source}\n\nthen more")
                self.assertEqual(shown["formulas"], [])
                self.assertIn("x^2 + 1", shown["text"])
                self.assertIn("then more", shown["text"])

    def test_shows_formulas_that_are_none_as_they_were_written(self):
        for tex in (r"\frac{1}{", r"\nosuchcommand", "x^2^3", r"\begin{nothing}x\end{nothing}"):
            with self.subTest(tex):
                self.page.evaluate(RENDER, f"\\({tex}\\)")
                [formula] = self.rendered(f"\\({tex}\\)")["formulas"]
                self.assertEqual((formula["tex"], formula["set"]), (tex, False))

    def test_sets_formulas_wherever_text_stands(self):
        for source, place in (("| a |\n|---|\n| $x$ |", "td"), ("| \\(x\\) |\n|---|\n| a |", "th"),
                              ("- a $x$", "li"), ("1. a\n\n   $$\n   x\n   $$", "li"), ("# On $x$", "h1"),
                              ("### \\(x\\)", "h3"), ("> $x$", "blockquote"), ("**so $x$**", "strong"),
                              ("> $$\n> x\n> $$", "blockquote"), ("- a\n  \\[\n  x\n  \\]", "li")):
            with self.subTest(source):
                [formula] = self.rendered(source)["formulas"]
                self.assertEqual((formula["tex"], formula["inside"], formula["set"]), ("x", place, True))

    def test_aligns_the_columns_of_tables(self):
        shown = self.rendered("| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |")
        self.assertEqual(shown["classes"], ["left", "center", "right", ""] * 2)
        self.page.evaluate(RENDER, "| a | b |\n|--:|:-:|\n| 1 | 2 |")
        aligned = self.page.evaluate("() => [...document.querySelectorAll('td')].map("
                                     "(cell) => getComputedStyle(cell).textAlign)")
        self.assertEqual(aligned, ["right", "center"])
        self.assertEqual(self.page.get_attribute(".table", "tabindex"), "0")

    def test_nests_lists(self):
        self.page.evaluate(RENDER, "1. one\n   - a\n   - b\n     1. deep\n2. two\n\n5) five")
        for path, text in (("ol > li > ul > li:nth-child(2) > ol > li", "deep"), ("ol > li:nth-child(2)", "two"),
                           ("ol[start='5'] > li", "five")):
            self.assertEqual(self.page.locator(f".block > {path}").inner_text().strip(), text)

    def test_shows_the_rest_of_markdown(self):
        shown = self.rendered("# h\n\n*e* **s** ~~d~~ `c`\n\n> q\n\n---\n\n[l](https://example.org) <b>")
        for tag in ("h1", "em", "strong", "s", "code", "blockquote", "hr", "a"):
            self.assertIn(tag, shown["tags"])
        self.assertIn("<b>", shown["text"])

    def test_copies_code_exactly(self):
        page = self.page
        ask(page, "code")
        page.wait_for_selector(".code .coloured")
        self.assertEqual(page.locator(".code-head").first.inner_text().split(), ["python", "Copy"])
        self.assertGreater(page.locator(".code .hljs-keyword").count(), 0)
        page.locator(".code button").first.click()
        page.wait_for_selector("text=Copied")
        self.assertEqual(page.evaluate("navigator.clipboard.readText()"), FACTORIAL)
        page.locator(".code button").last.click()
        page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('indented')")

    def test_sets_formulas_of_an_answer_that_came_in_pieces(self):
        page = self.page
        ask(page, "live")
        page.wait_for_function("() => document.querySelectorAll('.text .math .katex').length === 3")
        found = page.evaluate("() => [...document.querySelectorAll('.text .math')].map(({dataset}) => dataset.tex)")
        self.assertEqual(found, ["x^2", "\\int_0^1 x\n\n= 2", "y"])
        self.assertIn("be $5 or", page.inner_text(".message.assistant .text"))


if __name__ == "__main__":
    unittest.main()
