"""Exact numbers from floats, and floats from balls."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from flint import arb, fmpq

from w2s_theory.spectra.products import Scaled

FARTHEST = 1 << 61
"""Exponents are kept as int64, and doubled by a square: exp(-1e600) is not told from 2^-2^61."""


def exact(name: str, value: float | Fraction) -> fmpq:
    """``value`` (int, Fraction, or float taken as the binary fraction it is) > 0, as an fmpq."""
    try:
        number = None if isinstance(value, bool) else Fraction(value)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or number <= 0:
        raise ValueError(f"{name} must be a finite number > 0, got {value!r}")
    return fmpq(int(number.numerator), int(number.denominator))


def rounded(balls: Iterable[arb]) -> Scaled:
    """Midpoints of balls as scaled floats (an error of one unit in the last place, or less)."""
    mantissas, exponents = [], []
    for ball in balls:
        man, exp = (int(part) for part in ball.mid().man_exp())
        excess = max(man.bit_length() - 64, 0)
        fraction, power = math.frexp(float(man >> excess))
        mantissas.append(fraction)
        exponent = power + excess + exp if fraction else 0
        exponents.append(min(max(exponent, -FARTHEST), FARTHEST))
    return Scaled(np.array(mantissas), np.array(exponents, dtype=np.int64))
