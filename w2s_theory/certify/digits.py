"""Enclosures to a number of digits that is asked for."""

from collections.abc import Mapping
from typing import Any

import sympy
from flint import arb, fmpq
from sympy import Expr, Symbol

from w2s_theory.certify.balls import certified_digits, exact_value, precision
from w2s_theory.certify.lower import Values, lower
from w2s_theory.certify.separation import is_zero


class PrecisionExhausted(ArithmeticError):  # noqa: N818 - the name says what ran out
    """The digits asked for were not reached within the precision allowed."""


def enclose(
    expr: Expr, values: Values | None = None, *, digits: int = 30, max_bits: int = 4096
) -> arb:
    """A ball around ``expr`` at ``values`` with ``digits`` certified relative digits.

    An exact zero comes back as the exact ball 0.
    Errors: PrecisionExhausted if ``max_bits`` or the radii of the given balls forbid it.

    >>> enclose(sympy.pi / 4, digits=10)
    [0.785398163397448 +/- 3.10e-16]
    """
    if isinstance(digits, bool) or not isinstance(digits, int) or digits < 1:
        raise ValueError(f"digits must be an integer >= 1, got {digits!r}")
    given: Values = values or {}
    run = lower(expr)
    exact = {symbol: exact_value(value) for symbol, value in given.items()}
    bits = max(64, int(3.33 * digits) + 16)
    previous = None
    while bits <= max_bits:
        with precision(bits):
            result = run(given)
        if certified_digits(result) >= digits:
            return result
        if all(value is not None for value in exact.values()):
            if previous is not None and result.contains(0) and _is_zero_at(expr, exact):
                return arb(0)
        elif previous is not None and not result.rad() < previous.rad() * fmpq(9, 10):
            break
        previous, bits = result, 2 * bits
    raise PrecisionExhausted(f"{digits} digits of {expr} need more than {max_bits} bits")


def _is_zero_at(expr: Expr, exact: Mapping[Symbol, Any]) -> bool:
    point = {symbol: sympy.Rational(int(q.p), int(q.q)) for symbol, q in exact.items()}
    return is_zero(sympy.sympify(expr).xreplace(point)) is True
