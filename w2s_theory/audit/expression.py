"""A user's own constant: parsed safely, enclosed to the digits asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from w2s_theory.text.parser import parse

if TYPE_CHECKING:
    from flint import arb
    from sympy import Expr

MAX_DIGITS = 1000
_MORE_BITS = 2
_MAX_RATIONAL_BITS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A parsed expression and its ball; `settled` is False if it could not be told from 0."""

    text: str
    expr: Expr
    ball: arb
    settled: bool


def audit_expression(text: str, digits: int = 50) -> Expression:
    """Enclose `text` to `digits` certified digits.

    A rational value is exact. Otherwise precision doubles up to four times what the digits need; a
    value that still cannot be told from 0 comes back unsettled, with the ball reached. Raises
    `ValueError` as `parser.parse` does, for digits outside 1..`MAX_DIGITS`, and for a value that
    is not finite.

    >>> audit_expression("1 + 31/(2*34)", 20).ball
    [1.45588235294118 +/- 3.53e-15]
    """
    from w2s_theory.certify import lower, precision, to_arb
    from w2s_theory.certify.balls import certified_digits

    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MAX_DIGITS:
        raise ValueError(f"digits must be an integer in 1..{MAX_DIGITS}, got {digits!r}")
    expr = parse(text)
    run = lower(expr)
    bits = int(3.33 * digits) + 64
    exact = rational(expr)
    if exact is not None:
        with precision(bits):
            return Expression(text=text, expr=expr, ball=to_arb(exact), settled=True)
    for _ in range(_MORE_BITS + 1):
        with precision(bits):
            ball = run({})
        if ball.is_finite() and (ball == 0 or certified_digits(ball) >= digits):
            return Expression(text=text, expr=expr, ball=ball, settled=True)
        bits *= 2
    if not ball.is_finite():
        raise ValueError(f"expression must be real and finite, got {text!r}")
    return Expression(text=text, expr=expr, ball=ball, settled=False)


def rational(expr: Expr) -> Fraction | None:
    """The value of an unevaluated tree of rationals, or None if it is anything else, or too big."""
    import sympy

    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q))
    if not isinstance(expr, sympy.Add | sympy.Mul | sympy.Pow):
        return None
    parts = [rational(arg) for arg in expr.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if isinstance(expr, sympy.Pow):
        return _power(*known)
    total = Fraction(isinstance(expr, sympy.Mul))
    for part in known:
        total = total * part if isinstance(expr, sympy.Mul) else total + part
    return total


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if exponent.denominator != 1 or size * abs(exponent) > _MAX_RATIONAL_BITS:
        return None
    return base ** int(exponent)
