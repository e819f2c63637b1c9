"""Displayed claims: one line a relation, long sums broken at their signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from sympy import Basic, Expr, Symbol
from sympy.core.relational import Relational

from w2s_theory.ledger.render import RELATION_LATEX, continues


class Prints(Protocol):
    """A notation: how an expression is set."""

    def latex(self, expr: Basic) -> str:
        """LaTeX of an expression."""


WIDE = 72
"""Visible characters beyond which a line is broken."""

_UNSEEN = re.compile(r"\\(left|right|mathcal|mathrm|operatorname|frac|sqrt|displaystyle)\b")
_NAMED = re.compile(r"\\((?:arc)?(?:sin|cos|tan)|log|exp|min|max)\b")
_BREAKS = re.compile(r" (\+|-|\\Rightarrow|\\wedge|\\vee) ")


def claim_lines(clauses: Sequence[Basic], notation: Prints) -> list[str]:
    """Lines of an `aligned` environment; `a >= b` followed by `b >= c` is one chain."""
    lines: list[str] = []
    previous: Basic | None = None
    for clause in clauses:
        if isinstance(clause, Relational):
            sign = RELATION_LATEX[clause.rel_op]
            left, right = notation.latex(clause.lhs), notation.latex(clause.rhs)
            if continues(previous, clause):
                lines.append(rf"&\qquad {sign} {right}")
            else:
                _end(lines)
                lines += _relation(left, sign, right)
        else:
            _end(lines)
            lines += _broken(rf"& {notation.latex(clause)}")
        previous = clause
    return lines


def definition_lines(where: Sequence[tuple[Symbol, Expr]], notation: Prints) -> list[str]:
    """Definitions, one a line."""
    lines: list[str] = []
    for symbol, value in where:
        _end(lines)
        lines += _relation(notation.latex(symbol), "=", notation.latex(value))
    return lines


def display(lines: Sequence[str]) -> list[str]:
    """The lines as one display, shrunk by ``\\wtsfit`` where it would be too wide."""
    body = " \\\\\n".join(f"  {line}" for line in lines)
    return [r"\[\wtsfit{\begin{aligned}", body, r"\end{aligned}}\]"]


def visible(latex: str) -> int:
    """About how many characters wide it is set."""
    bare = _UNSEEN.sub("", latex)
    bare = _NAMED.sub(r"\1", bare)
    bare = re.sub(r"\\[A-Za-z]+", "x", bare)
    return len(re.sub(r"[\s{}&\\^_]", "", bare))


def _end(lines: list[str]) -> None:
    if lines:
        lines[-1] += ","


def _relation(left: str, sign: str, right: str) -> list[str]:
    if visible(left) + visible(right) <= WIDE:
        return [rf"& {left} {sign} {right}"]
    return [*_broken(rf"& {left}"), *_broken(rf"&\qquad {sign} {right}")]


def _broken(line: str) -> list[str]:
    """A line broken at signs outside all brackets, as late as it can be."""
    pieces: list[str] = []
    start, depth = 0, 0
    for place, character in enumerate(line):
        depth += (character in "{([") - (character in "})]")
        if character == " " and depth == 0 and _BREAKS.match(line, place):
            pieces.append(line[start:place])
            start = place + 1
    pieces.append(line[start:])
    rows = [pieces[0]]
    for piece in pieces[1:]:
        if visible(rows[-1]) + visible(piece) <= WIDE:
            rows[-1] += f" {piece}"
        else:
            rows.append(rf"&\qquad\quad {piece}")
    return rows
