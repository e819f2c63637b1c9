"""Exact equality: of numbers, and of expressions in their symbols."""

from collections.abc import Sequence
from fractions import Fraction

from sympy import Expr, Rational, Symbol

from w2s_theory.certify.balls import precision
from w2s_theory.certify.lower import lower, reject_floats
from w2s_theory.certify.normal_form import vanishes
from w2s_theory.certify.separation import is_zero, separation_bits
from w2s_theory.certify.verdict import Verdict

__all__ = ["identity", "is_zero", "separating_point", "separation_bits"]

_POINTS = tuple(
    Fraction(p, q)
    for p, q in [(1, 3), (2, 1), (3, 5), (1, 7), (-2, 3), (5, 1), (9, 10), (-3, 1), (7, 4), (11, 1)]
)
_BITS = 256


def identity(lhs: Expr, rhs: Expr, symbols: Sequence[Symbol] | None = None) -> Verdict:
    """Whether lhs = rhs wherever both are real, for all values of their symbols.

    PROVED by exact algebra alone (rational functions, roots, trigonometric polynomials,
    exponentials); REFUTED if ``separating_point`` finds a point; else UNDECIDED.
    Errors: ValueError for floats, and if ``symbols`` is given and lacks a free symbol.

    >>> x = Symbol("x", positive=True)
    >>> identity((x**2 - 1) / (x - 1), x + 1).name
    'PROVED'
    """
    left, right = reject_floats(lhs), reject_floats(rhs)
    difference = left - right
    extra = sorted(difference.free_symbols - set(symbols), key=str) if symbols is not None else []
    if extra:
        raise ValueError(f"symbols must list every free symbol, {extra} missing")
    if difference == 0 or vanishes(difference):
        return Verdict.PROVED
    if separating_point(left, right) is not None:
        return Verdict.REFUTED
    if not difference.free_symbols and is_zero(difference):
        return Verdict.PROVED
    return Verdict.UNDECIDED


def separating_point(lhs: Expr, rhs: Expr) -> dict[Symbol, Fraction] | None:
    """A rational point, from a fixed list, where balls prove lhs != rhs; None if none does.

    The point respects the assumptions (positive, integer, ...) of the symbols.
    """
    difference = reject_floats(lhs) - reject_floats(rhs)
    symbols = sorted(difference.free_symbols, key=str)
    try:
        run = lower(difference)
    except ValueError:
        return None
    for shift in range(len(_POINTS)):
        point = _point(symbols, shift)
        if point is None:
            continue
        with precision(_BITS):
            gap = run(point)
        if gap.is_finite() and (gap > 0 or gap < 0):
            return point
    return None


def _point(symbols: Sequence[Symbol], shift: int) -> dict[Symbol, Fraction] | None:
    point = {}
    for place, symbol in enumerate(symbols):
        allowed = [value for value in _POINTS if _allows(symbol, value)]
        if not allowed:
            return None
        point[symbol] = allowed[(shift + 3 * place) % len(allowed)]
    return point


def _allows(symbol: Symbol, value: Fraction) -> bool:
    number = Rational(value.numerator, value.denominator)
    wanted = symbol.assumptions0
    return all(
        getattr(number, f"is_{name}", truth) in (truth, None) for name, truth in wanted.items()
    )
