"""Deciding a clause at given numbers, whatever it contains, in exact or ball arithmetic.

Closed forms are decided by `certify`; minima by verified minimisation, integrals by quadrature,
sums and limits by their step ratios, each put in as a ball. These need exact numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import sympy as sp
from flint import arb, fmpq
from sympy import Abs, Basic, Dummy, Expr, Implies, Integer, Le, Max, Pow, Symbol
from sympy.logic.boolalg import Boolean

from w2s_theory.certify.balls import precision, to_arb
from w2s_theory.certify.decide import Decision, decide
from w2s_theory.certify.lower import lower
from w2s_theory.certify.verdict import Verdict
from w2s_theory.enclose.integrals import integral
from w2s_theory.enclose.minima import decide_with_infima, has_infimum
from w2s_theory.enclose.sums import limit, series
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic, Hermite

Values: TypeAlias = Mapping[Symbol, fmpq | Fraction | arb]

TERMS = 250
"""How many terms of a sum are added one by one before its tail is bounded."""

SUM_DIGITS = 6
"""A sum is enclosed to the third power of its length, a limit to where it is read off."""

_CLOSED_BITS = 1024
_NONE = float("inf")
_APPROACHED = (sp.Sum, AtInfinity)
_ENCLOSED = (sp.Integral, sp.Derivative, Harmonic, Hermite, *_APPROACHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The verdict on one clause.

    `margin`: distance of an inequality from its edge, divided by its larger side; inf where there
    is none to speak of, NaN where more bits would not decide it either. `resolution`: by how much
    the two sides of an equality could still differ, over the larger one (over 1 if that is 0).
    Both are floats for reports only. `idle`: it is an implication whose premise does not hold.
    """

    verdict: Verdict
    margin: float = _NONE
    resolution: float = 0.0
    idle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """When an equality counts as PROVED, and how many `terms` of a sum are added one by one.

    `digits` n: when its sides provably agree to 10^-n of the larger one or, unless `relative`, to
    10^-n if both are smaller than 1; sides with a sum or a limit to 10^-6. None: when they are
    exactly equal.
    """

    digits: int | None = None
    relative: bool = False
    terms: int = TERMS


EXACT = Effort()


def decide_clause(  # noqa: PLR0911 - one return per way to decide
    clause: Boolean, values: Values, bits: int, effort: Effort = EXACT
) -> Ruling:
    """Decide a relation, an implication or a combination of relations at `values`.

    What cannot be enclosed is UNDECIDED. `ValueError`: a node with no ball form.
    """
    if isinstance(clause, Implies):
        return _implication(clause, values, bits, effort)
    known = {symbol: values[symbol] for symbol in free_symbols(clause)}
    digits = effort.digits if getattr(clause, "rel_op", "") == "==" else None
    try:
        if digits is not None and (effort.relative or _enclosed_nodes(clause)):
            return _sides(clause, known, bits, effort)
        closed, known = _closed(clause, known, bits, effort.terms)
    except ArithmeticError:
        return Ruling(verdict=Verdict.UNDECIDED, margin=float("nan"), resolution=_NONE)
    asked = closed if digits is None else agreement(closed, digits)
    if has_infimum(asked):
        return Ruling(verdict=decide_with_infima(asked, known, bits))
    most = bits if _enclosed_nodes(clause) else max(bits, _CLOSED_BITS)
    decision = decide(asked, known, start_bits=bits, max_bits=most)
    if digits is not None:
        return Ruling(verdict=_or_exactly(decision.verdict, closed, known))
    if decision.verdict is Verdict.UNDECIDED and clause.has(*_APPROACHED):
        return Ruling(verdict=decision.verdict, margin=float("nan"))
    return Ruling(verdict=decision.verdict, margin=_relative_margin(closed, known, decision))


def _or_exactly(near: Verdict, equation: Boolean, values: Values) -> Verdict:
    """PROVED too if the sides are exactly equal where, at an edge, balls of them are undefined."""
    if near is Verdict.UNDECIDED and decide(equation, values).verdict is Verdict.PROVED:
        return Verdict.PROVED
    return near


def _implication(clause: Implies, values: Values, bits: int, effort: Effort) -> Ruling:
    # The conclusion may be undefined where the premise fails, so the premise is asked first.
    premise = decide_clause(clause.args[0], values, bits, effort).verdict
    if premise is Verdict.REFUTED:
        return Ruling(verdict=Verdict.PROVED, idle=True)
    conclusion = decide_clause(clause.args[1], values, bits, effort)
    settled = Verdict.PROVED in (premise, conclusion.verdict)
    return conclusion if settled else Ruling(verdict=Verdict.UNDECIDED)


def agreement(equation: Boolean, digits: int) -> Boolean:
    """`|lhs - rhs| <= 10^-digits max(1, |rhs|)`, as a relation."""
    tolerance = Pow(Integer(10), -digits)
    return Le(Abs(equation.lhs - equation.rhs), tolerance * Max(1, Abs(equation.rhs)))


def enclose(expression: Expr, values: Values, bits: int, terms: int = TERMS) -> arb:
    """Ball around ``expression`` at ``values``; sums take ``terms`` terms one by one.

    ArithmeticError: a tail or limit that cannot be enclosed, or one at a number that is a ball.
    ValueError: a node with no ball form.
    """
    closed, known = _closed(expression, values, bits, terms)
    with precision(bits):
        return lower(closed)(known)


def _sides(equation: Boolean, values: Values, bits: int, effort: Effort) -> Ruling:
    """REFUTED if the sides are provably apart, PROVED if they are close enough.

    A closed form without a value at exact numbers (a pole, 0/0) is REFUTED: it equals nothing.
    """
    sides = (equation.lhs, equation.rhs)
    exact = not any(isinstance(value, arb) for value in values.values())
    left, right = (enclose(side, values, bits, effort.terms) for side in sides)
    for side, ball in zip(sides, (left, right), strict=True):
        if exact and not ball.is_finite() and not side.has(sp.Integral, *_APPROACHED):
            return Ruling(verdict=Verdict.REFUTED, resolution=_NONE)
    approached = equation.has(*_APPROACHED)
    digits = effort.digits or 0
    tolerance = Fraction(1, 10 ** (min(digits, SUM_DIGITS) if approached else digits))
    size = abs(left).max(abs(right)).lower()
    gap = abs(left - right).upper()
    ratio = gap / size if size > 0 else gap
    resolution = float(ratio.upper()) if ratio.is_finite() else _NONE
    if left < right or left > right:
        return Ruling(verdict=Verdict.REFUTED, resolution=resolution)
    if resolution <= tolerance or (not effort.relative and gap <= to_arb(tolerance)):
        return Ruling(verdict=Verdict.PROVED, resolution=resolution)
    margin = float("nan") if approached else _NONE
    return Ruling(verdict=Verdict.UNDECIDED, margin=margin, resolution=resolution)


@lru_cache(maxsize=4096)
def free_symbols(expression: Basic) -> frozenset[Basic]:
    """SymPy's, which walks the tree each time; a statement is asked in many settings."""
    return frozenset(expression.free_symbols)


@lru_cache(maxsize=4096)
def _enclosed_nodes(expression: Basic) -> tuple[Basic, ...]:
    """The outermost nodes to be enclosed, each once."""
    found: dict[Basic, None] = {}
    traversal = sp.preorder_traversal(expression)
    for node in traversal:
        if isinstance(node, _ENCLOSED):
            traversal.skip()
            found[node] = None
    return tuple(found)


def _closed(
    expression: Basic, values: Values, bits: int, terms: int
) -> tuple[Basic, dict[Symbol, fmpq | Fraction | arb]]:
    """The expression with a new symbol for each enclosed node, and their balls with `values`."""
    names = {node: Dummy() for node in _enclosed_nodes(expression)}
    known = dict(values)
    for node, name in names.items():
        needed = sorted(node.free_symbols, key=str)
        exact = tuple((s, _rational(s, values[s])) for s in needed)
        known[name] = _enclosed(node, exact, bits, terms)
    return (expression.xreplace(names) if names else expression), known


def _rational(symbol: Symbol, value: fmpq | Fraction | arb) -> sp.Rational:
    if isinstance(value, arb):
        raise ArithmeticError(f"{symbol} is known as a ball only: {value}")
    return sp.Rational(int(value.numerator), int(value.denominator))


@lru_cache(maxsize=4096)
def _enclosed(
    node: Expr, exact: tuple[tuple[Symbol, sp.Rational], ...], bits: int, terms: int
) -> arb:
    values = dict(exact)
    if isinstance(node, sp.Integral):
        return integral(node, values, bits)
    if isinstance(node, sp.Sum):
        return series(node, values, bits, terms)
    if isinstance(node, AtInfinity):
        return limit(node, values, bits)
    if isinstance(node, sp.Derivative):
        moving = {symbol for symbol, _ in node.variable_count}
        node = node.xreplace({s: x for s, x in exact if s not in moving}).doit()
    with precision(bits):
        return lower(node.xreplace(values))({})


def _relative_margin(clause: Boolean, values: Values, decision: Decision) -> float:
    """Margin over the larger side, as a float; inf for what is no inequality."""
    if getattr(clause, "rel_op", "") not in (">=", ">", "<=", "<"):
        return _NONE
    with precision(max(decision.bits, 64)):
        # The values as `decide` has them: a ball around them may take a root below 0.
        sizes = [abs(lower(side)(values)) for side in (clause.lhs, clause.rhs)]
        size = sizes[0].max(sizes[1])
        ratio = decision.margin / size
        return float(ratio.mid()) if ratio.is_finite() else _margin_at_zero(size)


def _margin_at_zero(size: arb) -> float:
    """0 where both sides are 0, NaN where one of them is undefined."""
    return 0.0 if size.is_finite() else float("nan")
