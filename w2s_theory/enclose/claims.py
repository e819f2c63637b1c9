"""Deciding the relations of a spectral claim at given numbers, in ball arithmetic.

Closed forms are enclosed as they are (1/Gamma vanishing at its poles), integrals by quadrature,
sums and limits by their step ratios.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from flint import arb, ctx
from sympy.logic.boolalg import Boolean

from w2s_theory.certify.lower import lower
from w2s_theory.certify.verdict import Verdict
from w2s_theory.enclose.integrals import Rationals, integral
from w2s_theory.enclose.sums import limit, series
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic, Hermite


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Balls around the two sides of a relation."""

    left: arb
    right: arb

    @property
    def resolution(self) -> float:
        """By how much the sides could differ, over the larger one (over 1 if that is 0)."""
        size = abs(self.left).max(abs(self.right)).lower()
        gap = abs(self.left - self.right).upper()
        ratio = gap / size if size > 0 else gap
        return float(ratio.upper()) if ratio.is_finite() else float("inf")


def enclose(
    expression: sp.Expr, values: Mapping[sp.Symbol, Fraction], bits: int, start: int
) -> arb:
    """Ball around ``expression`` at ``values``; sums take ``start`` terms one by one.

    ArithmeticError: a tail or limit that cannot be enclosed. ValueError: a node with no ball form.
    """
    exact = {symbol: sp.Rational(v.numerator, v.denominator) for symbol, v in values.items()}
    balls: dict[sp.Expr, arb] = {}
    traversal = sp.preorder_traversal(expression)
    for node in traversal:
        if isinstance(node, sp.Integral | sp.Sum | AtInfinity | Harmonic | Hermite):
            needed = {s: exact[s] for s in sorted(node.free_symbols, key=str)}
            balls[node] = _special(node, needed, bits, start)
            traversal.skip()
    names = {node: sp.Dummy() for node in balls}
    closed = expression.xreplace(names)
    given = {names[node]: ball for node, ball in balls.items()}
    with ctx.workprec(bits):
        return lower(closed)({**values, **given})


def _special(node: sp.Expr, values: Rationals, bits: int, start: int) -> arb:
    if isinstance(node, sp.Integral):
        return integral(node, values, bits)
    if isinstance(node, sp.Sum):
        return series(node, values, bits, start)
    if isinstance(node, AtInfinity):
        return limit(node, values, bits)
    with ctx.workprec(bits):
        return lower(node.xreplace(values))({})


def decide_at(
    relation: Boolean,
    values: Mapping[sp.Symbol, Fraction],
    *,
    bits: int,
    start: int,
    tolerance: Fraction,
) -> tuple[Verdict, Sides]:
    """An equality is PROVED if the sides provably agree to ``tolerance`` (see `Sides.resolution`),
    an inequality if it provably holds; REFUTED if it provably fails; else UNDECIDED.
    """
    left, right = (enclose(side, values, bits, start) for side in (relation.lhs, relation.rhs))
    sides = Sides(left=left, right=right)
    if relation.rel_op == "==":
        if left < right or left > right:
            return Verdict.REFUTED, sides
        agreed = sides.resolution <= tolerance
        return (Verdict.PROVED if agreed else Verdict.UNDECIDED), sides
    low, high = (right, left) if relation.rel_op in (">", ">=") else (left, right)
    strict = relation.rel_op in ("<", ">")
    if low < high or (not strict and low <= high):
        return Verdict.PROVED, sides
    fails = low > high or (strict and low >= high)
    return (Verdict.REFUTED if fails else Verdict.UNDECIDED), sides
