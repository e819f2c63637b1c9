"""Numbers as text: no digit that their error does not support."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, Decimal


def with_error(value: float, error: float, digits: int = 4) -> str:
    """``value`` to at most ``digits`` significant digits, ``error`` within a unit of the last.

    Where not one digit is supported it is "< bound" (for a value >= 0), a bound of one digit on
    ``value + error``; "?" where ``error`` is infinite or NaN, "nan" for NaN.

    >>> with_error(5.169e-17, 5e-14), with_error(0.123456, 2e-3), with_error(0.123456, 0)
    ('< 6e-14', '0.12', '0.1235')
    """
    if not math.isfinite(value):
        return f"{value:g}"
    if not 0 <= error < math.inf:
        return "?"
    for count in range(digits, 0, -1):
        exponent = int(f"{value:.{count - 1}e}".partition("e")[2])
        if error == 0 or (value and Decimal(error) <= Decimal(1).scaleb(exponent - count + 1)):
            return f"{value:.{count}g}"
    bound = abs(Decimal(value)) + Decimal(error)
    unit = Decimal(1).scaleb(bound.adjusted())
    top = (bound / unit).to_integral_value(ROUND_CEILING) * unit
    return f"{'<' if value >= 0 else '>'} {'' if value >= 0 else '-'}{float(top):.1g}"
