"""Numbers as text: no digit that their error does not support."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal


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


def with_interval(value: float, low: float, high: float, digits: int = 4) -> str:
    """``value (low to high)``, the ends outwards: a digit more than the interval's first.

    To at most ``digits`` significant digits.

    ValueError unless low <= value <= high and all are finite.

    >>> with_interval(0.5571, 0.5168, 0.6032), with_interval(5.63e-5, 1.2e-5, 5.95e-5)
    ('0.557 (0.516 to 0.604)', '5.6e-5 (1.2e-5 to 6.0e-5)')
    """
    if not (low <= value <= high and math.isfinite(high - low)):
        raise ValueError(f"value must be in its interval, got {value!r} in {low!r} to {high!r}")
    share = min(1.0, (high - low) / 2 / abs(value)) if value else 1.0
    if not share:
        return f"{value:.4g}"
    count = min(digits, 1 + max(1, math.ceil(-math.log10(share))))
    pairs = ((value, ROUND_HALF_EVEN), (low, ROUND_FLOOR), (high, ROUND_CEILING))
    middle, *ends = (_plain(Context(count, how).create_decimal(x)) for x, how in pairs)
    return f"{middle} ({' to '.join(ends)})"


def _plain(number: Decimal) -> str:
    return f"{number:f}" if not number or -4 < number.adjusted() < 5 else f"{number:e}"
