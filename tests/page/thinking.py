"""A long thought as reasoning models write them, for tests and measurements of the page.

    context.route("**/v1/chat/completions", unguarded)
    thinking(60_000)      # paragraphs, lists and mathematics: exactly so many ASCII characters

The same every time, and without passages that come again: the server would take those for a loop.
"""

import json
import random

_OPENINGS = ("Wait, let me check", "Alternatively, consider", "So we have", "Let me compute", "Hmm, recall",
             "Now look at", "First I should verify", "That suggests", "Suppose instead", "To be safe, redo")
_OBJECTS = ("the remainder of {a} modulo {b}", "a triangle with sides {a}, {b} and {c}",
            "the sum of the first {a} squares", "a polynomial with roots {b} and {c}",
            "the number of ways to place {b} rooks", "the derivative at x = {a}",
            "an urn with {a} red and {b} blue balls", "the matrix whose trace is {c}")
_FINDINGS = ("which gives {a} after {b} steps", "so the bound {c} cannot hold", "and that agrees with {a}",
             "but then {b} would divide {c}", "hence at most {c} of them remain", "leaving {a} + {b} in all")
_INLINE = (r"\(x^2 + {a}x - {b} = 0\)", r"$\frac{{{a}}}{{{b}}} < {c}$", r"\(\sqrt{{{a} + {b}}}\)", "`n % {b}`",
           r"\(\sum_{{k=1}}^{{{a}}} k^2\)", "**{c}**")
_DISPLAY = (r"\[ \int_0^{{{a}}} x^{{{b}}}\,dx = \frac{{{a}^{{{c}}}}}{{{b} + 1}} \]",
            r"$$ {a} \equiv {b} \pmod{{{c}}} $$",
            "\\[ \\begin{{aligned}} x &= {a} + {b} \\\\ y &= \\sqrt{{{c}}} \\end{{aligned}} \\]")


def _paragraph(pick: random.Random) -> str:
    def fill(texts):
        return pick.choice(texts).format(a=pick.randint(2, 9999), b=pick.randint(2, 999),
                                         c=pick.randint(1000, 99999))

    def sentence():
        words = f"{pick.choice(_OPENINGS)} {fill(_OBJECTS)}, {fill(_FINDINGS)}"
        return f"{words}: {fill(_INLINE)}." if pick.random() < 0.3 else f"{words}."

    kind = pick.random()
    if kind < 0.08:
        return fill(_DISPLAY)
    if kind < 0.16:
        return "\n".join(f"- {sentence()}" for _ in range(pick.randint(2, 5)))
    return " ".join(sentence() for _ in range(pick.randint(1, 6)))


def thinking(length: int) -> str:
    pick = random.Random(length)
    parts, so_far = [], 0
    while so_far < length:
        parts.append(_paragraph(pick))
        so_far += len(parts[-1]) + 2
    return "\n\n".join(parts)[:length].rstrip().ljust(length, ".")


def unguarded(route):
    """For context.route: a completion without the loop guard, to which bytes of English are a loop."""
    route.continue_(post_data=json.dumps({**route.request.post_data_json, "loop_guard": False}))
