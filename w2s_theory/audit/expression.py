"""A user's own constant: parsed safely, enclosed to the digits asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from w2s_theory.audit.constants import constants
from w2s_theory.audit.evaluate import enclosure
from w2s_theory.text.parser import parse, rational

if TYPE_CHECKING:
    from flint import arb
    from sympy import Expr

MAX_DIGITS = 1000
_MORE_BITS = 2
_MAX_RATIONAL_BITS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A parsed expression, its ball, and its value if that is known to be rational.

    `settled` is False if it could not be told from 0.
    """

    text: str
    expr: Expr
    ball: arb
    settled: bool
    exact: Fraction | None = None


def audit_expression(text: str, digits: int = 50) -> Expression:
    """Enclose `text` to `digits` certified digits; constants of the audit may be named in it.

    Their names are their ids with _ for -, as in "beta_32". A rational value without them is exact.
    Otherwise precision doubles up to four times what the digits need; a value that still cannot be
    told from 0 comes back unsettled, with the ball reached. Raises `ValueError` as `parser.parse`
    does, for digits outside 1..`MAX_DIGITS`, and for a value that is not finite.

    >>> audit_expression("1 + 31/(2*34)", 20).ball
    [1.45588235294118 +/- 3.53e-15]
    """
    from sympy import Symbol

    from w2s_theory.certify import lower, precision, to_arb
    from w2s_theory.certify.balls import certified_digits

    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MAX_DIGITS:
        raise ValueError(f"digits must be an integer in 1..{MAX_DIGITS}, got {digits!r}")
    named = {constant.id.replace("-", "_"): constant for constant in constants()}
    symbols = {name: Symbol(name, real=True) for name in named if name in text}
    expr = parse(text, symbols)
    run = lower(expr)
    bits = int(3.33 * digits) + 64
    exact = None if expr.free_symbols else rational(expr, _MAX_RATIONAL_BITS)
    if exact is not None:
        with precision(bits):
            value = Fraction(int(exact.p), int(exact.q))
            return Expression(text=text, expr=expr, ball=to_arb(value), settled=True, exact=value)
    for _ in range(_MORE_BITS + 1):
        values = {s: enclosure(named[str(s)], bits // 3) for s in expr.free_symbols}
        with precision(bits):
            ball = run(values)
        if ball.is_finite() and (ball == 0 or certified_digits(ball) >= digits):
            return Expression(text=text, expr=expr, ball=ball, settled=True)
        bits *= 2
    if not ball.is_finite():
        raise ValueError(f"expression must be real and finite, got {text!r}")
    return Expression(text=text, expr=expr, ball=ball, settled=False)
