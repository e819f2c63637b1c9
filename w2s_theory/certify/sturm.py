"""Sign of a polynomial on an interval, exactly, by square-free factors and Sturm root counts."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import sympy
from sympy import QQ, Expr, Poly, Rational, Symbol, oo

from w2s_theory.certify.balls import Exact, to_fraction
from w2s_theory.certify.lower import reject_floats
from w2s_theory.certify.verdict import Verdict

End: TypeAlias = Exact | Expr  # the infinities are SymPy's
Zero: TypeAlias = Fraction | tuple[Fraction, Fraction]
_MAX_DEGREE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class SignProof:
    """Outcome of ``prove_sign``.

    zeros: the zeros in the closed interval in order, rational or as (a, b) with one irrational
    zero inside; empty for the zero polynomial. witness: a rational point where the claim fails
    (None if it holds, or fails only at irrational zeros). factors: square-free decomposition
    as (factor, multiplicity), the constant first.
    """

    verdict: Verdict
    zeros: tuple[Zero, ...]
    witness: Fraction | None
    factors: tuple[tuple[sympy.Expr, int], ...]


def prove_sign(expr: Expr, symbol: Symbol, lo: End, hi: End, *, strict: bool = False) -> SignProof:
    """Whether a polynomial is >= 0 (> 0 if ``strict``) on the closed interval [lo, hi].

    lo and hi are exact rationals or -oo and oo. The answer is exact; UNDECIDED only beyond
    degree 400. Errors: ValueError for floats, lo > hi, and anything but a polynomial in
    ``symbol`` with rational coefficients.

    >>> x = Symbol("x")
    >>> prove_sign(4 * x**2 - 4 * x + 1, x, 0, 1).zeros
    (Fraction(1, 2),)
    """
    poly = _polynomial(expr, symbol)
    low, high = _end(lo, -oo, "lo"), _end(hi, oo, "hi")
    if low is not None and high is not None and low > high:
        raise ValueError(f"lo must be at most hi, got [{lo}, {hi}]")
    if poly.degree() > _MAX_DEGREE:
        return SignProof(verdict=Verdict.UNDECIDED, zeros=(), witness=None, factors=())
    constant, parts = poly.sqf_list()
    factors = ((constant, 1), *((part.as_expr(), n) for part, n in parts))
    free = sympy.prod([part for part, _ in parts], start=Poly(1, symbol, domain=QQ))
    bound = _root_bound(free)
    inner = (-bound if low is None else low, bound if high is None else high)
    if inner[0] > inner[1]:  # a half-line beyond every root
        inner = (inner[1], inner[1]) if low is None else (inner[0], inner[0])
    zeros = _zeros(free, *inner)
    witness = _failure(poly, zeros, inner, strict)
    fails = witness is not None or (strict and (bool(zeros) or poly.is_zero))
    verdict = Verdict.REFUTED if fails else Verdict.PROVED
    return SignProof(verdict=verdict, zeros=zeros, witness=witness, factors=factors)


def _polynomial(expr: Expr, symbol: Symbol) -> Poly:
    expr = reject_floats(expr)
    try:
        poly = Poly(expr, symbol, domain=QQ)
    except (sympy.PolynomialError, sympy.CoercionFailed):
        raise ValueError(
            f"expr must be a polynomial in {symbol} with rational coefficients, got {expr}"
        ) from None
    return poly


def _end(value: End, infinity: Expr, name: str) -> Fraction | None:
    if value is infinity:
        return None
    try:
        return to_fraction(value)
    except ValueError:
        raise ValueError(f"{name} must be rational or {infinity}, got {value!r}") from None


def _value(poly: Poly, point: Fraction) -> Fraction:
    return to_fraction(poly.eval(Rational(point.numerator, point.denominator)))


def _root_bound(poly: Poly) -> Fraction:
    """Cauchy's bound: every root is smaller in absolute value."""
    lead, *rest = (abs(to_fraction(c)) for c in poly.all_coeffs())
    return Fraction(1) + max((c / lead for c in rest), default=Fraction(0))


def _zeros(free: Poly, lo: Fraction, hi: Fraction) -> tuple[Zero, ...]:
    """Zeros of a square-free polynomial in [lo, hi], in order."""
    rational = sorted(to_fraction(root) for root in sympy.roots(_linear_part(free)))
    irrational = free.quo(_linear_part(free))
    found: list[Zero] = [root for root in rational if lo <= root <= hi]
    # no rational number is a root of the rest, so the intervals may share their ends
    found += _isolate(irrational, lo, hi, rational)
    return tuple(sorted(found, key=lambda zero: zero if isinstance(zero, Fraction) else zero[0]))


def _linear_part(free: Poly) -> Poly:
    linear = [part for part, _ in free.factor_list()[1] if part.degree() == 1]
    return sympy.prod(linear, start=Poly(1, free.gen, domain=QQ))


def _isolate(
    poly: Poly, lo: Fraction, hi: Fraction, rational: list[Fraction]
) -> list[tuple[Fraction, Fraction]]:
    """Intervals with one root each, free of the rational roots; poly has no rational root."""
    if poly.degree() < 1 or lo == hi:
        return []
    stack, found = [(lo, hi)], []
    while stack:
        a, b = stack.pop()
        count = poly.count_roots(_rational(a), _rational(b))
        if count == 0:
            continue
        if count == 1 and not any(a <= root <= b for root in rational):
            found.append((a, b))
            continue
        middle = (a + b) / 2
        stack += [(a, middle), (middle, b)]
    return sorted(found)


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def _failure(
    poly: Poly, zeros: tuple[Zero, ...], inner: tuple[Fraction, Fraction], strict: bool
) -> Fraction | None:
    """A rational point where the claim fails: the sign is constant between neighbouring zeros."""
    lo, hi = inner
    if poly.is_zero:
        return lo if strict else None
    spans = [zero if isinstance(zero, tuple) else (zero, zero) for zero in zeros]
    starts = [lo, *(b for _, b in spans)]
    stops = [*(a for a, _ in spans), hi]
    for start, stop in zip(starts, stops, strict=True):
        sample = (start + stop) / 2
        if _value(poly, sample) < 0:
            return sample
    exact = (zero for zero in zeros if isinstance(zero, Fraction))
    return next(exact, None) if strict else None
