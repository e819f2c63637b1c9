"""Ball evaluation to a stated number of digits, and its rounding to float64."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from w2s_theory.arguments import integer
from w2s_theory.spectra.products import Scaled

GUARD = 32
MOST_BITS = 1 << 20


def exact(name: str, value: float | Fraction) -> fmpq:
    """``value`` (int, Fraction, or float taken as the binary fraction it is) > 0, as an fmpq."""
    try:
        number = None if isinstance(value, bool) else Fraction(value)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or number <= 0:
        raise ValueError(f"{name} must be a finite number > 0, got {value!r}")
    return fmpq(number.numerator, number.denominator)


def refine(evaluate: Callable[[int], Any], digits: int, least: int = 0) -> Any:
    """Ball with relative accuracy 10^-digits: ``evaluate(bits)`` at rising precision.

    A ball that cannot be told from 0 is returned once its radius is below 2^-least (least > 0).
    ValueError: digits < 1. ArithmeticError: not reached within 2^20 bits, or no finite ball.
    """
    goal = math.ceil(integer("digits", digits, 1) * math.log2(10)) + 2
    bits = goal + GUARD
    while bits <= MOST_BITS:
        with ctx.workprec(bits):
            value = evaluate(bits)
        if not value.is_finite():
            raise ArithmeticError(f"no finite enclosure at {bits} bits for {digits} digits")
        if value == 0 or value.rel_accuracy_bits() >= goal:
            return value
        if least and value.contains(0) and value.rad() < arb(2) ** -least:
            return value
        bits *= 2
    raise ArithmeticError(f"{digits} digits were not reached with {MOST_BITS} bits")


def rounded(balls: Iterable[Any]) -> Scaled:
    """Midpoints of balls as scaled floats (an error of one unit in the last place, or less)."""
    mantissas, exponents = [], []
    for ball in balls:
        man, exp = (int(part) for part in ball.mid().man_exp())
        excess = max(man.bit_length() - 64, 0)
        fraction, power = math.frexp(float(man >> excess))
        mantissas.append(fraction)
        exponents.append(power + excess + exp if fraction else 0)
    return Scaled(np.array(mantissas), np.array(exponents, dtype=np.int64))
