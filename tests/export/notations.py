"""Notations as a document: those let through must compile, a refused one that breaks must not.

`python -m tests.export.notations taken 200`, `python -m tests.export.notations breaking 3`.
"""

import random
import sys

from sympy import Ge, Symbol

from w2s_theory.export.document import main_tex
from w2s_theory.text import mathematics as m
from w2s_theory.text.notation import Entry, Notation

BREAKING = (r"\left(x", "a_b_c", "x^", r"\right)", "a'_b'", r"x^\sin", r"\nothing", "}", "#", "a&b")
CHARACTERS = "abcLMTxyz0123456789+-=()[]|/,.;:!?*<>"


def argument(rng, depth):
    kind = rng.random()
    if kind < 0.5:
        return "{" + line(rng, depth - 1) + "}"
    return rng.choice("aL07") if kind < 0.75 else f"\\{rng.choice(sorted(m.SYMBOLS))} "


def command(name, following):
    return f"\\{name}{' ' * following[0].isalpha()}{following}"


def atom(rng, depth):
    kind = rng.random()
    if depth <= 0 or kind < 0.4:
        return rng.choice(CHARACTERS)
    if kind < 0.55:
        return f"\\{rng.choice(sorted(m.SYMBOLS | m.BIG))} "
    if kind < 0.7:
        return command(rng.choice(sorted(m.FONTS | m.ACCENTS)), argument(rng, depth))
    if kind < 0.78:
        return f"\\{rng.choice(sorted(m.NAMES))}" + "{" + rng.choice(["weak", "a, b-c", "DS"]) + "}"
    if kind < 0.85:
        sides = argument(rng, depth), argument(rng, depth)
        return command(rng.choice(sorted(m.FRACTIONS)), sides[0] + sides[1])
    if kind < 0.9:
        return f"\\sqrt{rng.choice(['', '[3]', ' '])}{argument(rng, depth)}"
    fences = rng.choice(sorted(m.FENCES)), rng.choice(sorted(m.FENCES))
    return f"\\left{fences[0]} {line(rng, depth - 1)}\\right{fences[1]} "


def line(rng, depth):
    """Mostly what the grammar takes: scripts and pieces may still clash."""
    parts = []
    for _ in range(rng.randrange(1, 5)):
        parts.append(atom(rng, depth))
        for sign in rng.sample(["'", "''", "_", "^", " "], rng.choice([0, 0, 1, 2])):
            parts.append(sign + argument(rng, depth) if sign in "_^" else sign)
    if rng.random() < 0.1:
        parts.insert(rng.randrange(len(parts)), rng.choice([*BREAKING, "\u00e9", "~", "$", "%"]))
    return "".join(parts)


def taken(count, seed):
    """`count` random notations of at most 200 characters that the grammar takes."""
    rng, found = random.Random(seed), []
    while len(found) < count:
        latex = line(rng, 3)
        try:
            m.check(latex)
        except ValueError:
            continue
        if len(latex) <= 200:
            found.append(latex)
    return found


def document(notations):
    """Each as a macro, used as the report uses it."""
    symbol = Symbol("x")
    head, _, rest = main_tex({}, (), (), {}).partition(r"\usepackage{w2s_theory}")
    packages = head + r"\usepackage{amsmath,amssymb,xcolor}" + rest.partition(r"\title")[0]
    lines = [packages, r"\begin{document}"]
    for latex in notations:
        notation = Notation((Entry("x", "wtsX", latex, "a symbol", symbol),))
        used = notation.latex(Ge(2 * symbol**2 / (3 + symbol) ** 3, 1 / symbol))
        lines += ["{", *notation.definitions(), rf"$\wtsX$; $\displaystyle {used}$\par}}"]
    return "\n".join([*lines, r"\end{document}"])


if __name__ == "__main__":
    kind, number = sys.argv[1:]
    chosen = taken(int(number), 0) if kind == "taken" else [BREAKING[int(number)]]
    print(document(chosen))  # noqa: T201
