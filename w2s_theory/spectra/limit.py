"""Gegenbauer -> Hermite: R_k(d) = d^alpha a_k^2 N_k / h_k^2 -> 1 as d -> inf, with its rate.

R_k(d) = 1 + rate/d + O(1/d^2), rate = (k (1-2 alpha) + alpha (2-alpha))/2; and for given k and
alpha there is an explicit C with ``|R_k(d) - 1 - rate/d| <= C/d^2`` for all d. Proof: for a bound
B(d) = 1 + rate/d +- C/d^2 the step of R/B from d to d+2 is rational in d; if it is >= 1 from some d
on, R/B increases to its limit 1, hence R <= B there; likewise below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from flint import arb, fmpq, fmpq_poly

from w2s_theory.arguments import integer
from w2s_theory.certify.digits import refine
from w2s_theory.certify.lower import lower
from w2s_theory.certify.positivity import X, nonnegative_from
from w2s_theory.ledger import kernels
from w2s_theory.spectra import formulas
from w2s_theory.spectra.closed import gamma_guard
from w2s_theory.spectra.formulas import ALPHA, D, K


@dataclass(frozen=True, slots=True, kw_only=True)
class RateBound:
    """``|R_k(d) - 1 - rate/d| <= spread/d^2`` for every integer d >= from_dim, proved exactly."""

    power: int
    degree: int
    rate: Fraction
    spread: Fraction
    from_dim: int


def scaled_ratio() -> sp.Expr:
    """R_k(d) in K, D, ALPHA; k >= 1 (for k = 0 without the multiplicity, which is 1)."""
    scaled = kernels.SCALED_EIGENVALUE(formulas.power_sphere(), formulas.multiplicity(), D, ALPHA)
    return scaled / formulas.power_gauss() ** 2


def rate(power: sp.Expr | int = ALPHA, degree: sp.Expr | int = K) -> sp.Expr:
    """lim d (R_k(d) - 1) = (k (1-2 alpha) + alpha (2-alpha))/2; (1-k)/2 for ReLU."""
    return kernels.LIMIT_RATE(sp.sympify(degree), sp.sympify(power))


def gamma_rate() -> sp.Expr:
    """lim z log(z^s Gamma(z)/Gamma(z+s)) = -s(s-1)/2, by Stirling to 1/(12 z), s symbolic."""
    z, s = sp.symbols("z s", positive=True)

    def stirling(x: sp.Expr) -> sp.Expr:
        return (x - formulas.HALF) * sp.log(x) - x + 1 / (12 * x)

    return sp.simplify(sp.limit(z * (stirling(z) - stirling(z + s) + s * sp.log(z)), z, sp.oo))


def expected_rate(degree: int) -> sp.Expr:
    """`rate` assembled from its parts, alpha symbolic: the Gamma quotient squared and N_k.

    z = d/2 and s = (alpha+k)/2 give -s(s-1) 2/d for the square; N_k k!/d^k = 1 + n/d + ... gives n,
    read off the polynomial.
    """
    degree = integer("degree", degree, 0)
    s = (ALPHA + degree) / 2
    counted = sp.Integer(0)
    if degree:
        top = sp.Poly(sp.expand(_multiplicity_polynomial(degree)), D)
        counted = top.coeff_monomial(D ** (degree - 1)) / top.coeff_monomial(D**degree)
    return sp.expand(4 * gamma_rate().subs(sp.Symbol("s", positive=True), s) + counted)


def _multiplicity_polynomial(degree: int) -> sp.Expr:
    return sp.combsimp(sp.gammasimp(formulas.multiplicity().subs(K, degree)))


def certified_ratio(power: int, degree: int, dim: int, digits: int = 30) -> arb:
    """Ball around R_k(d). ValueError: h_k = 0 (degree above power by an even number), dim < 2."""
    power, degree = integer("power", power, 0), integer("degree", degree, 0)
    dim = integer("dim", dim, 2)
    _nonzero(power, degree)
    run = lower(scaled_ratio() / (1 if degree else formulas.multiplicity()))
    at = {K: degree, D: dim, ALPHA: power}
    return refine(lambda _bits: run(at), digits, guard=gamma_guard(degree, dim))


def _nonzero(power: int, degree: int) -> None:
    if degree > power and (degree - power) % 2 == 0:
        raise ValueError(f"degree must have h_k != 0 at power {power}, got {degree}")


def step(power: int, degree: int) -> tuple[fmpq_poly, fmpq_poly]:
    """R_k(d+2)/R_k(d) as two polynomials in d over Q."""
    top = (X + 2) ** power * X**2
    bottom = X**power * (X + power + degree) ** 2
    if degree:
        top *= (X + 2 * degree) * (X + degree - 1) * (X + degree - 2)
        bottom *= (X + 2 * degree - 2) * X * (X - 1)
    return top, bottom


def rate_bound(power: int, degree: int, from_dim: int = 2) -> RateBound:
    """The least spread of the form 2^j for which the bound is provable from ``from_dim`` on.

    ValueError: from_dim < 2, h_k = 0. ArithmeticError: none up to 2^60.
    """
    power, degree = integer("power", power, 0), integer("degree", degree, 0)
    from_dim = integer("from_dim", from_dim, 2)
    _nonzero(power, degree)
    first = fmpq(degree * (1 - 2 * power) + power * (2 - power), 2)
    spread = fmpq(1, 1 << 10)
    while spread < 1 << 60:
        if _proved(power, degree, first, spread, from_dim):
            return RateBound(
                power=power,
                degree=degree,
                rate=Fraction(int(first.p), int(first.q)),
                spread=Fraction(int(spread.p), int(spread.q)),
                from_dim=from_dim,
            )
        spread *= 2
    raise ArithmeticError(f"no bound is provable from dim {from_dim} on at degree {degree}")


def _proved(power: int, degree: int, first: fmpq, spread: fmpq, start: int) -> bool:
    top, bottom = step(power, degree)

    def gain(bound: fmpq_poly) -> fmpq_poly:
        """(R/B)(d+2) - (R/B)(d), up to a positive factor, for B(d) = bound(d)/d^2."""
        return top * bound * (X + 2) ** 2 - bottom * bound(X + 2) * X**2

    above = X**2 + first * X + spread
    below = X**2 + first * X - spread
    return (
        (first * first < 4 * spread or nonnegative_from(above, start))
        and nonnegative_from(gain(above), start)
        and nonnegative_from(-gain(below), max(start, _beyond_roots(first, spread)))
    )


def _beyond_roots(first: fmpq, spread: fmpq) -> int:
    """An integer above both roots of x^2 + first x - spread; below it that bound is void."""
    return int((abs(first) + 2 * math.isqrt(int(spread) + 1) + 2).ceil())
