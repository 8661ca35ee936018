"""Pages in every state that they can be in: themes, languages, screens, views that are filled.

    page = self.open_as("dark", "#/votes", wait=FILLED["votes"], language="zh", **NARROW)
"""

from page_case import ScriptedServer, turn
from panel_case import PanelCase, request

RICH = r"""Euler knew that

$$e^{i\pi} + 1 = 0$$

and that \(a^2 + b^2 = c^2\).

| n | square |
|--:|:------:|
| 2 | 4      |

```python
def square(n):  # of a number
    return n * n
```

> See [the page](https://example.org) and `code`.
"""
LONG = "".join(f"Step {n}: the square is {n * n}, and {7 * n} is left.\n\n" for n in range(1000, 1400))
SCRIPTS = [
    (turn("short"), "hm</think>Yes.<|end|>"),
    (f"<|user|>short<|assistant|>Yes.<|end|>{turn('rich')}",
     f"It is $\\pi$.\n\n```c\nint x;\n```\n</think>{RICH}<|end|>"),
    (turn("rich"), f"hm</think>{RICH}<|end|>"),
    (turn("long"), f"{LONG}</think>At last.<|end|>"),
]
NARROW = {"viewport": {"width": 360, "height": 740}}
VIEWS = ("chat", "compare", "votes", "models", "dashboard", "runs")
# What stands in a view once it is filled.
FILLED = {"chat": "#prompt", "compare": ".cmp-facts", "votes": ".votes table", "models": ".offer",
          "dashboard": ".plot .curve", "runs": ".runs tbody tr"}
EMPTY = {"votes": ".votes-empty", "runs": ".card.empty"}


class StatesCase(PanelCase):
    SCRIPTS = SCRIPTS
    FLAGS = ("--step", 0.002)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill_store()
        for best in (0, 1, None, 0):
            request(cls.server, "/retort/v1/votes", {"prompt": "1+1?", "best": best, "answers": [
                {"model": "scripted", "answer": "$x$", "reasoning": "hm"},
                {"model": "other", "answer": "3", "reasoning": ""}]})
        cls.storeless = cls.enterClassContext(ScriptedServer(SCRIPTS))

    def open_as(self, theme, hash="", wait="#prompt", language="en", **options):
        page = self.open(hash, wait=None, color_scheme=theme,
                         locale={"en": "en-US", "zh": "zh-CN"}[language], **options)
        page.locator(wait).first.wait_for(state="attached")
        return page
