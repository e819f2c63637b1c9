"""Certified sums over degrees for max(t,0)^alpha, alpha = 0, 1, 2, ...: Parseval and the kernel.

From k = alpha+1 on, in steps of 2, tau_k = a_k^2 N_k has the rational ratio
r(k) = tau_{k+2}/tau_k = ((k-alpha)/(k+alpha+d))^2 (2k+d+2)(k+d-2)(k+d-1) / ((2k+d-2)(k+1)(k+2)),
and `telescope` encloses the tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, fmpq, fmpq_poly

from w2s_theory.arguments import integer
from w2s_theory.certify.balls import precision
from w2s_theory.certify.lower import lower
from w2s_theory.certify.positivity import X
from w2s_theory.enclose.telescope import multipliers
from w2s_theory.spectra import formulas, kernel
from w2s_theory.spectra.harmonics import multiplicity
from w2s_theory.spectra.homogeneous import Homogeneous

BITS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """sum of a_k^2 N_k over k = start, start+2, ...: ``ball`` encloses it, by both bounds."""

    start: int
    first: arb
    ball: arb


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A series against its closed form, all balls; ``tail`` bounds or encloses what was left out.

    ``gap`` = closed - partial. The identity asserts that it lies in ``tail``.
    """

    terms: int
    partial: arb
    tail: arb
    closed: arb

    @property
    def gap(self) -> arb:
        """closed - partial."""
        return self.closed - self.partial

    def consistent(self) -> bool:
        """False: the identity is refuted. True: it holds to within the widths of gap and tail."""
        return bool(self.gap.overlaps(self.tail))

    def resolution(self) -> float:
        """How far the closed form could be off without being noticed."""
        return float((self.gap.rad() + self.tail.rad()).upper() * 2)


def term_ratio(power: int, dim: int) -> tuple[fmpq_poly, fmpq_poly]:
    """Numerator and denominator of r(k), polynomials in k over Q."""
    top = (X - power) ** 2 * (2 * X + dim + 2) * (X + dim - 2) * (X + dim - 1)
    bottom = (X + power + dim) ** 2 * (2 * X + dim - 2) * (X + 1) * (X + 2)
    return top, bottom


def tail(power: int, dim: int, start: int, bits: int = BITS) -> Tail:
    """Enclose sum of a_k^2 N_k over k = start, start+2, ... (start > power, start-power odd).

    The radius is O(start^-3) of the tail. ValueError: start as above. ArithmeticError: start too
    small.
    """
    power, dim = integer("power", power, 0), integer("dim", dim, 2)
    start = integer("start", start, power + 1)
    if (start - power) % 2 == 0:
        raise ValueError(f"start must be {power + 1} + an even number, got {start}")
    low, high = multipliers(*term_ratio(power, dim), fmpq(dim - 2, 2), start)
    with precision(bits):
        first = _square(power, start, dim)
        return Tail(start=start, first=first, ball=first * arb(low).union(arb(high)))


def _square(power: int, degree: int, dim: int) -> arb:
    return _coefficient(power, degree, dim) ** 2 * multiplicity(degree, dim)


def _coefficient(power: int, degree: int, dim: int) -> arb:
    for branch in Homogeneous(name="power", power=Fraction(power)).branches(False):
        if branch.covers(degree):
            at = {formulas.K: degree, formulas.D: dim, formulas.RADIUS: 1}
            return lower(branch.expression)(at)
    return arb(0)


def _terms(power: int, dim: int, start: int) -> list[tuple[int, arb]]:
    """(k, a_k^2 N_k) for every non-zero degree k < start, by the exact ratios."""
    low = range(min(power + 1, start))
    out = [(k, _square(power, k, dim)) for k in low]
    out = [(k, value) for k, value in out if value != 0]
    top, bottom = term_ratio(power, dim)
    if start > power + 1:
        value = _square(power, power + 1, dim)
        for k in range(power + 1, start, 2):
            out.append((k, value))
            value = value * top(k) / bottom(k)
    return out


def parseval(power: int, dim: int, start: int, bits: int = BITS) -> Comparison:
    """sum_k a_k^2 N_k, degrees below ``start`` summed and the rest enclosed, against the trace.

    The trace E[max(t,0)^{2 alpha}] is the closed form of degree 0 at power 2 alpha. Errors: `tail`.
    """
    rest = tail(power, dim, start, bits)
    with precision(bits):
        terms = _terms(power, dim, start)
        partial = sum((value for _, value in terms), arb(0))
        closed = _coefficient(2 * power, 0, dim)
    return Comparison(terms=len(terms), partial=partial, tail=rest.ball, closed=closed)


def kernel_at(power: int, dim: int, rho: Fraction | int, start: int) -> Comparison:
    """sum_k a_k^2 N_k P_k(rho) against the arc-cosine kernel, at an exact rational rho.

    ``|P_k| <= 1`` bounds the rest by the tail of Parseval; at rho = +-1, P_k = (+-1)^k and the
    rest is enclosed. ValueError: rho not an exact rational in [-1, 1]. Errors: `tail`.
    """
    point = Fraction(rho) if isinstance(rho, int | Fraction) else None
    if isinstance(rho, bool) or point is None or abs(point) > 1:
        raise ValueError(f"rho must be an exact rational in [-1, 1], got {rho!r}")
    exact = fmpq(point.numerator, point.denominator)
    rest = tail(power, dim, start)
    # Ball recurrences lose at most log2(1 + sqrt 2) = 1.28 bits per degree.
    with precision(BITS + 32 + 13 * start // 10):
        wanted = dict(_terms(power, dim, start))
        partial, before, now = arb(0), arb(1), arb(exact)
        for k in range(start):
            if k in wanted:
                partial += wanted[k] * (before if k == 0 else now)
            if k:
                above = ((2 * k + dim - 2) * exact * now - k * before) / (k + dim - 2)
                before, now = now, above
        closed = lower(kernel.gram(power))({kernel.RHO: exact, formulas.D: dim})
        left = arb(0).union(rest.ball).union(-rest.ball)
        if abs(point) == 1:
            left = rest.ball * (1 if start % 2 == 0 else int(point))
    return Comparison(terms=len(wanted), partial=partial, tail=left, closed=closed)
