"""Displayed claims: one line a relation, long sums broken at their signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from sympy import Add, Basic, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Implies

from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.render import RELATION_LATEX, continues, latex, printed_parts


class Prints(Protocol):
    """A notation: how an expression is set."""

    def latex(self, expr: Basic, named: Mapping[Basic, str] | None = None) -> str:
        """LaTeX of an expression; those `named` have names."""

    def expanded(self, latex: str) -> str:
        """LaTeX with its macros written out."""


class Plain:
    """The package's notation without macros."""

    def latex(self, expr: Basic, named: Mapping[Basic, str] | None = None) -> str:
        """LaTeX of an expression; those `named` have names."""
        return latex(expr, named=named)

    def expanded(self, latex: str) -> str:
        """There are none."""
        return latex


@dataclass(frozen=True, slots=True)
class Naming:
    """A notation in which some expressions have names."""

    notation: Prints
    named: Mapping[Basic, str]

    def latex(self, expr: Basic, named: Mapping[Basic, str] | None = None) -> str:
        """LaTeX of an expression, its parts by their names."""
        return self.notation.latex(expr, {**self.named, **(named or {})})

    def expanded(self, latex: str) -> str:
        """LaTeX with its macros written out."""
        return self.notation.expanded(latex)


WIDE = 66
"""Visible characters beyond which a line is broken."""
_LONG, _GAIN, _HOPELESS, _TRIED, _MOST_NAMES = 22, 36, 92, 6, 4
"""Named is what is this wide and its repetitions together that wide, or in lines wider still."""
_LETTERS = ("Q", "U", "V", "Z")

_UNSEEN = re.compile(r"\\(left|right|mathcal|mathrm|operatorname|sqrt|displaystyle|text)\b")
_FRACTION = re.compile(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}")
_GROUP = re.compile(r"(?<!frac)(?<!\})\{([^{}]*)\}")
_NAMED = re.compile(r"\\((?:arc)?(?:sin|cos|tan)|log|exp|min|max)\b")
_BREAKS = re.compile(r" (\+|-|\\Rightarrow|\\wedge|\\vee|\\quad|\\text\{and\}) ")
_CLAUSES = re.compile(r" (\\quad|\\text\{and\}) ")
_OUTER = re.compile(r"^(.*?)\\left\((.*)\\right\)([^()]*)$")


def displayed(
    claim: Sequence[Basic], where: Sequence[tuple[Symbol, Expr]], notation: Prints
) -> tuple[list[str], list[str]]:
    """Lines of a claim and of its definitions; what is long and repeated is named in these."""
    named = abbreviations(claim, where)
    naming = Naming(notation, named)
    lines = definition_lines(where, naming)
    if lines and named:
        _end(lines)
    lines += _named_lines(named, notation)
    return claim_lines(claim, naming), lines


def abbreviations(
    claim: Sequence[Basic], where: Sequence[tuple[Symbol, Expr]] = ()
) -> dict[Basic, str]:
    """Names for what a claim repeats at length, and for half of what no line can hold."""
    return dict(_abbreviations(tuple(claim), tuple(where)))


@cache
def _abbreviations(
    claim: tuple[Basic, ...], where: tuple[tuple[Symbol, Expr], ...]
) -> dict[Basic, str]:
    sides = [*claim, *(value for _, value in where)]
    free = {name for name, _ in where}.union(*(side.free_symbols for side in sides))
    free |= {limit.args[1] for side in sides for limit in side.atoms(AtInfinity)}
    letter = next(x for x in _LETTERS if not any(str(symbol) == x for symbol in free))
    named: dict[Basic, str] = {}
    while len(named) < _MOST_NAMES:
        counts = printed_parts(sides, named)
        for expr in named:
            counts += printed_parts([expr], {e: name for e, name in named.items() if e != expr})
        repeated = [expr for expr in counts if counts[expr] > 1]
        gains = {
            expr: (counts[expr] - 1) * width for expr, width in _long(repeated, free, named).items()
        }
        best = max(gains, key=lambda expr: gains[expr], default=None)
        name = f"{letter}_{{{len(named) + 1}}}"
        if best is None or gains[best] < _GAIN:
            widest = _widest(claim, named)
            if widest < _HOPELESS:
                break
            widths = _long((expr for expr in counts if isinstance(expr, Add)), free, named)
            half = sorted(widths, key=lambda expr: abs(widest - 2 * widths[expr]))
            found = {e: _widest(claim, {**named, e: name}) for e in half[:_TRIED]}
            best = min(found, key=lambda expr: found[expr], default=None)
            if best is None or found[best] > widest - _LONG:
                break
        named[best] = name
    return named if len(named) > 1 else dict.fromkeys(named, letter)


def _long(parts: Iterable[Basic], free: set[Basic], named: Mapping[Basic, str]) -> dict[Basic, int]:
    """The widths of the parts that are long and contain no bound variable."""
    return {
        expr: width
        for expr in parts
        if isinstance(expr, Expr)
        and expr.args
        and expr.free_symbols <= free
        and (width := visible(latex(expr, named=named))) >= _LONG
    }


def _widest(claim: Sequence[Basic], named: Mapping[Basic, str]) -> int:
    lines = claim_lines(claim, Naming(Plain(), named)) + _named_lines(named, Plain())
    return max(map(visible, lines))


def _named_lines(named: Mapping[Basic, str], notation: Prints) -> list[str]:
    lines: list[str] = []
    for expr, name in named.items():
        _end(lines)
        others = Naming(notation, {other: made for other, made in named.items() if other != expr})
        lines += _relation(name, "=", others.latex(expr), notation)
    return lines


def claim_lines(clauses: Sequence[Basic], notation: Prints) -> list[str]:
    """Lines of an `aligned` environment; `a >= b` followed by `b >= c` is one chain.

    An implication is set as its conclusion "if" its premises.
    """
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
                lines += _relation(left, sign, right, notation)
        else:
            _end(lines)
            lines += _broken(rf"& {_implied(clause, notation)}", notation)
        previous = clause
    return lines


def _implied(clause: Basic, notation: Prints) -> str:
    if not isinstance(clause, Implies):
        return notation.latex(clause)
    premise, conclusion = clause.args
    premises = premise.args if isinstance(premise, And) else (premise,)
    said = r"\enspace \text{and} \enspace ".join(notation.latex(part) for part in premises)
    return rf"{notation.latex(conclusion)} \quad \text{{if}}\enspace {said}"


def definition_lines(where: Sequence[tuple[Symbol, Expr]], notation: Prints) -> list[str]:
    """Definitions, one a line."""
    lines: list[str] = []
    for symbol, value in where:
        _end(lines)
        lines += _relation(notation.latex(symbol), "=", notation.latex(value), notation)
    return lines


def display(lines: Sequence[str]) -> list[str]:
    """The lines as one display, shrunk by ``\\wtsfit`` where it would be too wide."""
    body = " \\\\\n".join(f"  {line}" for line in lines)
    return [r"\[\wtsfit{\begin{aligned}", body, r"\end{aligned}}\]"]


def visible(latex: str) -> int:
    """About how many characters wide it is set; a fraction is as wide as its wider part."""
    bare, before = _NAMED.sub(r"\1", _UNSEEN.sub("", latex)), ""
    while bare != before:
        before = bare
        bare = _GROUP.sub(r"\1", _FRACTION.sub(lambda m: max(m[1], m[2], key=len), bare))
    bare = re.sub(r"\\[A-Za-z]+", "x", bare)
    return len(re.sub(r"[\s{}&\\^_]", "", bare))


def _end(lines: list[str]) -> None:
    if lines:
        lines[-1] += ","


def _relation(left: str, sign: str, right: str, notation: Prints) -> list[str]:
    if visible(notation.expanded(left + right)) <= WIDE:
        return [rf"& {left} {sign} {right}"]
    if visible(notation.expanded(left)) <= _LONG // 2:
        return _broken(rf"& {left} {sign} {right}", notation)
    return [*_broken(rf"& {left}", notation), *_broken(rf"&\qquad {sign} {right}", notation)]


def _broken(line: str, notation: Prints) -> list[str]:
    """A line broken at signs outside all brackets, as late as it can be."""

    def wide(latex: str) -> bool:
        return visible(notation.expanded(latex)) > WIDE

    if not wide(line):
        return [line]
    pieces = _pieces(line)
    if len(pieces) == 1 and (found := _OUTER.match(line)) and _one_pair(found[2]):
        # Brackets of one size, whatever stands between them, so that a line may end in them.
        pieces = _pieces(found[2])
        pieces[0] = rf"{found[1]}\biggl( {pieces[0]}"
        pieces[-1] += rf" \biggr){found[3]}"
    rows = [pieces[0]]
    for piece in pieces[1:]:
        if wide(rows[-1] + piece):
            rows.append(rf"&\qquad\quad {piece}")
        else:
            rows[-1] += f" {piece}"
    return rows


def _one_pair(inside: str) -> bool:
    """Whether the brackets around it are one pair: `(a)(b)` begins and ends with two."""
    depth = 0
    for sign in re.findall(r"\\(?:left|right)\b", inside):
        depth += 1 if sign == r"\left" else -1
        if depth < 0:
            return False
    return True


def _pieces(line: str) -> list[str]:
    """The line cut before its signs outside all brackets, or before its premises."""
    breaks = _CLAUSES if r"\text{if}" in line else _BREAKS
    pieces: list[str] = []
    start, depth = 0, 0
    for place, character in enumerate(line):
        depth += (character in "{([") - (character in "})]")
        if character == " " and depth == 0 and breaks.match(line, place):
            pieces.append(line[start:place])
            start = place + 1
    return [*pieces, line[start:]]
