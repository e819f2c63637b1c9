"""Enclosures to the digits asked for: the precision is raised until they are reached."""

import math
from collections.abc import Callable, Mapping

import sympy
from flint import arb, fmpq
from sympy import Expr, Symbol

from w2s_theory.arguments import integer
from w2s_theory.certify.balls import exact_value, precision
from w2s_theory.certify.lower import Values, lower
from w2s_theory.certify.separation import is_zero

MAX_DIGITS = 10**8

GUARD = 32
"""Bits an ordinary evaluation may lose."""

_MAX_BITS = 1 << 16

Settle = Callable[[arb, arb | None], arb | None]


class PrecisionExhausted(ArithmeticError):  # noqa: N818 - the name says what ran out
    """The digits asked for were not reached within the precision allowed."""


def finite(ball: arb, previous: arb | None) -> None:
    """Settles nothing; ArithmeticError where more precision did not make the ball finite."""
    if previous is not None and not (ball.is_finite() or previous.is_finite()):
        raise PrecisionExhausted("there is no finite enclosure")


def refine(
    evaluate: Callable[[int], arb],
    digits: int,
    *,
    settle: Settle = finite,
    max_bits: int | None = None,
    guard: int = GUARD,
) -> arb:
    """A ball of relative accuracy 10^-digits (or exactly 0): ``evaluate(bits)`` at rising bits.

    The first try has ``guard`` bits more than the digits: what the evaluation is known to lose.

    Short of it, ``settle(ball, the one before)`` may end the search: with a ball of its own, or by
    raising.
    Errors: ValueError for digits < 1; PrecisionExhausted beyond ``max_bits``, which is by default
    enough for a loss of nine tenths of them.
    """
    goal = math.ceil(integer("digits", digits, 1, MAX_DIGITS) * math.log2(10)) + 2
    bits, previous = goal + guard, None
    most = max(_MAX_BITS, 10 * bits) if max_bits is None else max_bits
    while bits <= most:
        with precision(bits):
            ball = evaluate(bits)
        if ball.is_zero() or ball.rel_accuracy_bits() >= goal:
            return ball
        settled = settle(ball, previous)
        if settled is not None:
            return settled
        previous, bits = ball, 2 * bits
    raise PrecisionExhausted(f"{digits} digits were not reached with {most} bits")


def enclose(
    expr: Expr, values: Values | None = None, *, digits: int = 30, max_bits: int | None = None
) -> arb:
    """A ball around ``expr`` at ``values`` with ``digits`` certified relative digits.

    An exact zero comes back as the exact ball 0.
    Errors: PrecisionExhausted if ``max_bits`` or the radii of the given balls forbid it.

    >>> enclose(sympy.pi / 4, digits=10)
    [0.785398163397448 +/- 3.10e-16]
    """
    given: Values = values or {}
    run = lower(expr)
    points = {symbol: exact_value(value) for symbol, value in given.items()}
    exact = {symbol: point for symbol, point in points.items() if point is not None}

    def settle(ball: arb, previous: arb | None) -> arb | None:
        if previous is None:
            return None
        if len(exact) == len(points):
            return arb(0) if ball.contains(0) and _is_zero_at(expr, exact) else None
        if not ball.rad() < previous.rad() * fmpq(9, 10):
            raise PrecisionExhausted(f"the given balls are too wide for {digits} digits of {expr}")
        return None

    return refine(lambda _bits: run(given), digits, settle=settle, max_bits=max_bits)


def _is_zero_at(expr: Expr, exact: Mapping[Symbol, fmpq]) -> bool:
    point = {symbol: sympy.Rational(int(q.p), int(q.q)) for symbol, q in exact.items()}
    return is_zero(sympy.sympify(expr).xreplace(point)) is True
