"""Decide an inequality at given values, by exact arithmetic or by balls of growing precision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sympy
from flint import arb, fmpq
from sympy import Expr, Rational, S, Symbol
from sympy.logic.boolalg import Boolean

from w2s_theory.certify.balls import exact_value, precision, to_arb
from w2s_theory.certify.lower import Values, lower, lower_many, reject_floats
from w2s_theory.certify.rational import lower_rational
from w2s_theory.certify.separation import is_zero
from w2s_theory.certify.verdict import Verdict

_TOUCH_BITS = 256  # from here on a ball around zero is tested for being zero exactly


@dataclass(frozen=True, slots=True)
class Decision:
    """Verdict, margin (how far the claim is from its edge, negative if false) and bits used.

    bits = 0 says that exact rational arithmetic settled it.
    """

    verdict: Verdict
    margin: arb
    bits: int


@dataclass(frozen=True, slots=True)
class _Given:
    values: Values
    exact: Mapping[Symbol, fmpq] | None  # None as soon as one value is a true ball


Outcome = tuple[Verdict, arb, bool]  # the last: settled by exact arithmetic
Node = Callable[[_Given, int], Outcome]


def decide(
    claim: Boolean, values: Values | None = None, *, start_bits: int = 64, max_bits: int = 4096
) -> Decision:
    """Decide ``claim`` (Ge, Gt, Le, Lt, Eq, Ne, And, Or, Not, true, false) at ``values``.

    PROVED and REFUTED are rigorous for every point of the balls given. The margin of a >= b and
    a > b is a - b, of a == b it is ``-|a - b|``, of And the smallest and of Or the largest one.
    A side that may be undefined (root of a negative number, pole) leaves the claim UNDECIDED.
    Errors: ValueError for floats, symbols without a value, and claims of another form.

    >>> decide(sympy.sqrt(2) + sympy.sqrt(3) > sympy.pi).verdict.name
    'PROVED'
    """
    if isinstance(start_bits, bool) or not isinstance(start_bits, int) or start_bits < 2:
        raise ValueError(f"start_bits must be an integer >= 2, got {start_bits!r}")
    if max_bits < start_bits:
        raise ValueError(f"max_bits must be at least start_bits, got {max_bits}")
    node = _compile(claim)
    given = values or {}
    points = {symbol: exact_value(value) for symbol, value in given.items()}
    known = {symbol: point for symbol, point in points.items() if point is not None}
    state = _Given(given, known if len(known) == len(points) else None)
    bits, previous = start_bits, None
    while True:
        with precision(bits):
            verdict, margin, exactly = node(state, bits)
        if verdict is not Verdict.UNDECIDED:
            return Decision(verdict, margin, 0 if exactly else bits)
        stuck = state.exact is None and previous is not None and not _sharper(margin, previous)
        if stuck or 2 * bits > max_bits:
            return Decision(verdict, margin, bits)
        bits, previous = 2 * bits, margin


def _sharper(ball: arb, previous: arb) -> bool:
    """Whether doubling the precision shrank the radius, or may yet make it finite."""
    if not ball.is_finite():
        return False
    return not previous.is_finite() or bool(ball.rad() < previous.rad() * fmpq(9, 10))


@lru_cache(maxsize=4096, typed=True)
def _compile(claim: Boolean) -> Node:  # noqa: PLR0911 - one return per kind of claim
    claim = reject_floats(claim)
    if claim is S.true or claim is S.false:
        verdict = Verdict.PROVED if claim is S.true else Verdict.REFUTED
        return lambda _given, _bits: (verdict, arb("inf" if claim is S.true else "-inf"), True)
    head = claim.func
    if head is sympy.Not:
        inner = _compile(claim.args[0])
        return lambda given, bits: _negated(inner(given, bits))
    if head in (sympy.And, sympy.Or):
        return _connective([_compile(arg) for arg in claim.args], head is sympy.And)
    if head in (sympy.Eq, sympy.Ne):
        equal = _relation(claim.lhs, claim.rhs, _equal)
        if head is sympy.Eq:
            return equal
        return lambda given, bits: _negated(equal(given, bits))
    if head in (sympy.Ge, sympy.Le):
        return _relation(claim.gts, claim.lts, _at_least)
    if head in (sympy.Gt, sympy.Lt):
        return _relation(claim.gts, claim.lts, _above)
    raise ValueError(f"claim must be a relation or a combination of relations, got {claim!r}")


def _negated(outcome: Outcome) -> Outcome:
    verdict, margin, exactly = outcome
    return ~verdict, -margin, exactly


def _connective(nodes: Sequence[Node], conjunction: bool) -> Node:
    def combine(given: _Given, bits: int) -> Outcome:
        verdict, margin, exactly = nodes[0](given, bits)
        for node in nodes[1:]:
            other, other_margin, other_exactly = node(given, bits)
            verdict = verdict & other if conjunction else verdict | other
            margin = margin.min(other_margin) if conjunction else margin.max(other_margin)
            exactly = exactly and other_exactly
        return verdict, margin, exactly

    return combine


def _partial(expr: Expr) -> set[Expr]:
    """The parts that may have no value: quotients, roots, logarithms, arcs."""
    found: set[Expr] = expr.atoms(sympy.Pow, sympy.log, sympy.asin, sympy.acos)
    whole = {p for p in found if isinstance(p, sympy.Pow) and p.exp.is_Integer and p.exp >= 0}
    return found - whole


def _at_least(gap: arb) -> Verdict:
    if gap >= 0:
        return Verdict.PROVED
    return Verdict.REFUTED if gap < 0 else Verdict.UNDECIDED


def _above(gap: arb) -> Verdict:
    if gap > 0:
        return Verdict.PROVED
    return Verdict.REFUTED if gap <= 0 else Verdict.UNDECIDED


def _equal(gap: arb) -> Verdict:
    if gap.is_zero():
        return Verdict.PROVED
    return Verdict.REFUTED if gap > 0 or gap < 0 else Verdict.UNDECIDED


def _relation(left: Expr, right: Expr, judge: Callable[[arb], Verdict]) -> Node:
    difference = left - right
    # What SymPy cancels must have a value all the same.
    lost = tuple(sympy.ordered((_partial(left) | _partial(right)) - _partial(difference)))
    cancelled = lower_many(lost) if lost else None
    run, rational = lower(difference), lower_rational(difference)
    symbols = sorted(difference.free_symbols, key=str)

    def outcome(gap: arb, exactly: bool) -> Outcome:
        verdict = judge(gap) if gap.is_finite() else Verdict.UNDECIDED
        return verdict, (-abs(gap) if judge is _equal else gap), exactly

    def node(given: _Given, bits: int) -> Outcome:
        for symbol in symbols:
            if symbol not in given.values:
                raise ValueError(f"values must give the symbol {symbol}")
        if cancelled is not None and not all(b.is_finite() for b in cancelled(given.values)):
            return outcome(arb.nan(), False)
        if rational is not None and given.exact is not None:
            try:
                exact_gap = rational(given.exact)
            except ZeroDivisionError:
                return outcome(arb.nan(), False)
            gap = arb(exact_gap)
            # the ball of a rational number never straddles zero, so the sign is exact
            return outcome(gap, True)
        result = outcome(run(given.values), False)
        # bits doubles, so it lands in this window exactly once
        touching = _TOUCH_BITS <= bits < 2 * _TOUCH_BITS and given.exact is not None
        if touching and result[0] is Verdict.UNDECIDED and given.exact is not None:
            point = {s: Rational(int(q.p), int(q.q)) for s, q in given.exact.items()}
            try:
                vanishes = is_zero(difference.xreplace(point))
            except ValueError:  # SymPy compares no imaginary number with another
                return outcome(arb.nan(), False)
            if vanishes:
                return outcome(to_arb(0), True)
        return result

    return node
