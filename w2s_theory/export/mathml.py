"""Mathematics for a browser without scripts: MathML from the LaTeX that everything prints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape

from sympy import Basic

from w2s_theory.ledger.quantities import QUANTITIES
from w2s_theory.ledger.render import latex as printed
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.text.displays import claim_lines, definition_lines, visible
from w2s_theory.text.inline_math import prose_pieces

_ENTITY = re.compile(r"&#x([0-9A-Fa-f]+);")
_ALONE = re.compile(r"<mrow>(<m([ino])(?: [^>]*)?>[^<]*</m\2>)</mrow>")
_SCROLLS = 'tabindex="0" role="group" aria-label="{}"'
_NARROW = 28
"""About how many characters a phone has room for."""


class Plain:
    """The notation without macros, as `text.displays` asks for it."""

    def latex(self, expr: Basic) -> str:
        """LaTeX of an expression."""
        return printed(expr)

    def expanded(self, latex: str) -> str:
        """There are none."""
        return latex


_NAMES: Mapping[str, str] = {str(q.symbol): q.latex for q in QUANTITIES if len(str(q.symbol)) > 1}


@cache
def mathml(latex: str, *, display: bool = False) -> str:
    """`latex` as one `<math>` element, which carries its LaTeX for who copies it."""
    from latex2mathml.converter import convert

    made: str = convert(latex, display="block" if display else "inline")
    # Half as long, and the same in a page of HTML that is UTF-8.
    made = _ENTITY.sub(lambda m: m[0] if (c := chr(int(m[1], 16))) in "<>&" else c, made)
    for extra in (' xmlns="http://www.w3.org/1998/Math/MathML"', ' display="inline"'):
        made = made.replace(extra, "")
    made = _ALONE.sub(r"\1", made)
    return made.replace("<math", f'<math data-latex="{escape(latex)}"', 1)


def prose(text: str) -> str:
    """A text of the ledger as HTML, its ASCII mathematics typeset."""
    return "".join(
        _inline(piece) if is_math else escape(piece)
        for is_math, piece in prose_pieces(text, _NAMES)
    )


def _inline(latex: str) -> str:
    """A formula in a line; a long one scrolls by itself on a narrow screen."""
    if visible(latex) <= _NARROW:
        return mathml(latex)
    return f'<span class="scroll" {_SCROLLS.format("formula")}>{mathml(latex)}</span>'


def scrolling(latex: str, label: str) -> str:
    """A formula that scrolls by itself where it is wider than the screen."""
    return f'<div class="scroll" {_SCROLLS.format(label)}>{mathml(latex)}</div>'


def claim(statement: Statement) -> str:
    """The claim, a line a relation, then its definitions."""
    lines = _lines(claim_lines(statement.claim, Plain()))
    if statement.where:
        where = _lines(definition_lines(statement.where, Plain()))
        lines += f'<div class="where">where</div>{where}'
    return f'<div class="display">{lines}</div>'


def assumption(made: Assumption) -> str:
    """The text of an assumption, then its condition."""
    return f"{prose(made.text)}: {scrolling(printed(made.condition), 'condition')}"


def _lines(aligned: Sequence[str]) -> str:
    """Lines of an `aligned` environment, those that go on with the one before set in."""
    html = []
    for line in aligned:
        goes_on = line.startswith(r"&\qquad")
        bare = line.removeprefix("&").replace(r"\qquad\quad", "", 1) if goes_on else line[1:]
        bare = bare.removeprefix(r"\qquad").strip()
        html.append(f'<div class="line{" on" * goes_on}">{mathml(bare, display=True)}</div>')
    return "".join(html)
