"""Exact numbers and balls: what may enter a rigorous computation, and how a ball is printed."""

import math
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import TypeAlias

import sympy
from flint import acb, arb, ctx, fmpq, fmpz

from w2s_theory.arguments import integer

MAX_BITS = 1 << 30
"""More than any memory holds of a useful number, and what FLINT counts without overflow."""

Exact: TypeAlias = int | Fraction | sympy.Rational | fmpq | fmpz

_HINT = "pass a Fraction or another exact rational, or ball(mid, rad)"


def precision(bits: int) -> AbstractContextManager[None]:
    """Context manager: work at ``bits`` bits, alone, then restore the precision found.

    python-flint has one precision for all threads, so the others wait here until it is restored.
    A thread must not wait inside for another one that needs a precision (see `precision_is_held`).
    """
    return _Precision(integer("bits", bits, 2, MAX_BITS))


def working_bits() -> int:
    """The precision of the moment, of the innermost `precision`."""
    return int(ctx.prec)


def precision_is_held() -> bool:
    """Whether this thread is inside `precision`: then it must do the work of its threads itself."""
    return bool(getattr(_HELD, "depth", 0))


_ALONE = threading.RLock()
_HELD = threading.local()


class _Precision(AbstractContextManager[None]):
    def __init__(self, bits: int) -> None:
        self._inner = ctx.workprec(bits)

    def __enter__(self) -> None:
        _ALONE.acquire()
        _HELD.depth = getattr(_HELD, "depth", 0) + 1
        self._inner.__enter__()

    def __exit__(self, *raised: object) -> None:
        try:
            self._inner.__exit__(*raised)
        finally:
            _HELD.depth -= 1
            _ALONE.release()


def integrated(
    integrand: Callable[[acb, bool], acb], low: arb, high: arb, bits: int, evaluations: int
) -> arb:
    """The integral to 2^-bits, relatively or absolutely, or as good as so many evaluations give.

    What the integrand raises is raised, an interrupt too: python-flint has a SystemError instead.
    """
    goal = arb(2) ** -bits
    try:
        return acb.integral(
            integrand, low, high, rel_tol=goal, abs_tol=goal, eval_limit=evaluations
        ).real
    except SystemError as error:
        raised: BaseException = error
        while isinstance(raised, SystemError) and raised.__cause__ is not None:
            raised = raised.__cause__
        raise raised from None


def to_fmpq(value: Exact) -> fmpq:
    """The same rational number as an fmpq; ValueError for floats and everything not rational."""
    if isinstance(value, fmpq):
        return value
    if isinstance(value, bool):
        raise ValueError(f"value must be an exact rational, got {value!r}; {_HINT}")
    if isinstance(value, int | fmpz):
        return fmpq(value)
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, sympy.Rational):
        return fmpq(int(value.p), int(value.q))
    raise ValueError(f"value must be an exact rational, got {value!r}; {_HINT}")


def to_arb(value: Exact | arb) -> arb:
    """Ball around ``value`` at the current precision; an arb is taken as an enclosure, as it is."""
    return value if isinstance(value, arb) else arb(to_fmpq(value))


def to_fraction(value: Exact) -> Fraction:
    """The same rational number as a Fraction."""
    rational = to_fmpq(value)
    return Fraction(int(rational.p), int(rational.q))


def exact_value(value: Exact | arb) -> fmpq | None:
    """The rational number that ``value`` stands for, or None for a ball of positive radius."""
    if not isinstance(value, arb):
        return to_fmpq(value)
    return dyadic(value) if value.is_exact() and value.is_finite() else None


def dyadic(point: arb) -> fmpq:
    """The binary fraction held by an exact finite arb, such as ``x.lower()``."""
    mantissa, exponent = point.man_exp()
    power = fmpz(1) << abs(int(exponent))
    return fmpq(mantissa) * power if exponent >= 0 else fmpq(mantissa, power)


def ball(mid: float, rad: float) -> arb:
    """An arb containing [mid - rad, mid + rad], both taken as the binary fractions they are.

    Errors: ValueError unless mid and rad are finite and rad >= 0.
    """
    try:
        exact_mid, exact_rad = (
            Fraction(*map(int, Fraction(x).as_integer_ratio())) for x in (mid, rad)
        )
    except (ValueError, OverflowError, TypeError):
        raise ValueError(f"mid and rad must be finite numbers, got {mid!r} and {rad!r}") from None
    if isinstance(mid, bool) or isinstance(rad, bool) or exact_rad < 0:
        raise ValueError(f"mid and rad must be numbers with rad >= 0, got {mid!r} and {rad!r}")
    return interval(exact_mid - exact_rad, exact_mid + exact_rad)


def interval(lo: Exact, hi: Exact) -> arb:
    """An arb containing [lo, hi] (its ends round outwards)."""
    low, high = to_fmpq(lo), to_fmpq(hi)
    if low > high:
        raise ValueError(f"lo must be at most hi, got [{low}, {high}]")
    return arb(low) if low == high else arb(low).union(arb(high))


def certified_digits(value: arb) -> int:
    """Largest n with radius <= 10^-n ``|midpoint|``; huge for exact values."""
    bits = int(value.rel_accuracy_bits())
    return max(0, math.floor((bits - 1) * math.log10(2)))


def describe(value: arb, digits: int = 15) -> dict[str, str | int]:
    """Decimal ``mid``, ``rad`` and certified ``digits`` with ``value`` inside mid +- rad.

    mid has at most ``digits`` significant digits, rad three, rounded up. The radius is at most one
    unit of the last of the certified digits.
    Errors: ValueError if the ball is not finite or digits < 1.
    """
    digits = integer("digits", digits, 1, MAX_BITS)
    if not value.is_finite():
        raise ValueError(f"ball must be finite, got {value}")
    mid, rad, exponent = (int(part) for part in value.mid_rad_10exp(digits + 5))
    scale = max(len(str(abs(mid))) - digits, 0)
    rounded = round(Fraction(mid, 10**scale))
    radius = rad + abs(mid - rounded * 10**scale)
    shift = max(len(str(radius)) - 3, 0)
    radius = -(-radius // 10**shift)
    certified = digits
    if radius:
        certified = _digits(abs(rounded) * 10**scale, radius * 10**shift, digits)
    return {
        "mid": _decimal(rounded, exponent + scale),
        "rad": _scientific(radius, exponent + shift) if radius else "0",
        "digits": certified,
    }


def _digits(mid: int, rad: int, most: int) -> int:
    """Largest n <= most such that rad is at most a unit in the n-th digit of mid; 0 if none."""
    length = len(str(mid))
    return next((n for n in range(most, 0, -1) if rad * 10**n <= 10**length), 0)


def _scientific(mantissa: int, exponent: int) -> str:
    digits = str(mantissa)
    return f"{digits[0]}.{digits[1:] or '0'}e{exponent + len(digits) - 1}"


def _decimal(mantissa: int, exponent: int) -> str:
    """mantissa * 10^exponent, in positional notation where that stays short."""
    digits = str(abs(mantissa))
    sign = "-" if mantissa < 0 else ""
    if exponent > 6 or exponent < -len(digits) - 6:
        return sign + _scientific(abs(mantissa), exponent)
    if exponent >= 0:
        return sign + digits + "0" * exponent
    padded = digits.rjust(-exponent + 1, "0")
    return f"{sign}{padded[:exponent]}.{padded[exponent:]}"
