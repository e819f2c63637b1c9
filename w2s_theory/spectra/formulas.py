"""The closed forms in SymPy: degree k, dimension d, power alpha, radius R.

Those of max(t,0)^alpha are the ledger's; the others are typed here, once.
A `Branch` is one formula for the coefficient of sigma(R t) on the degrees of one parity. Degrees
that no branch of an activation covers have coefficient 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy as sp

from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q

K, D, M, ALPHA = q.DEGREE, q.SPACE_DIM, q.TERM, q.POWER
RADIUS = sp.Symbol("R", positive=True)

HALF = sp.Rational(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """``expression`` in K, D, RADIUS holds for degrees = parity mod 2, least <= degree <= most."""

    expression: sp.Expr
    parity: int
    least: int = 0
    most: int | None = None

    def covers(self, degree: int) -> bool:
        """Whether the formula is the one for this degree."""
        inside = self.least <= degree and (self.most is None or degree <= self.most)
        return inside and degree % 2 == self.parity


def power_sphere() -> sp.Expr:
    """a_k = E[max(t,0)^alpha P_k(t)] on S^{d-1}: every k >= 0, d >= 2, alpha > -1/2."""
    return kernels.COEFFICIENT.expr


def power_gauss() -> sp.Expr:
    """h_k = E[max(g,0)^alpha He_k(g)] / sqrt(k!) for a standard Gaussian g."""
    return kernels.HERMITE_COEFFICIENT.expr


def density_constant() -> sp.Expr:
    """c_d, with density c_d (1-t^2)^{(d-3)/2} of t = <u,x>."""
    return kernels.DENSITY_CONSTANT.expr


def _monomial() -> sp.Expr:
    """R^k E[t^k P_k(t)], the first term of the coefficient of a power series."""
    return (RADIUS / 2) ** K * sp.gamma(D / 2) * sp.gamma(K + 1) / sp.gamma(K + D / 2)


@cache
def wave_sphere(parity: int) -> tuple[Branch, ...]:
    """cos(R t) (parity 0) or sin(R t) (parity 1): Bessel functions J_{k+d/2-1}(R), as 0F1."""
    series = sp.hyper((), (K + D / 2,), -(RADIUS**2) / 4)
    sign = (-1) ** ((K - parity) / 2)
    return (Branch(expression=sign * _monomial() / sp.gamma(K + 1) * series, parity=parity),)


@cache
def wave_gauss(parity: int) -> tuple[Branch, ...]:
    """E[exp(iRg) He_k(g)] = (iR)^k exp(-R^2/2), its real or imaginary part over sqrt(k!)."""
    sign = (-1) ** ((K - parity) / 2)
    size = RADIUS**K * sp.exp(-(RADIUS**2) / 2) / sp.sqrt(sp.factorial(K))
    return (Branch(expression=sign * size, parity=parity),)


def _erf_taylor() -> sp.Expr:
    return 2 * (-1) ** ((K - 1) / 2) / (sp.sqrt(sp.pi) * sp.gamma((K + 1) / 2) * K)


@cache
def erf_sphere() -> tuple[Branch, ...]:
    """erf(R t): its Taylor series, each power expanded, sums to a 1F1."""
    series = sp.hyper((K / 2,), (K + D / 2,), -(RADIUS**2))
    return (Branch(expression=_erf_taylor() * _monomial() * series, parity=1),)


@cache
def erf_gauss() -> tuple[Branch, ...]:
    """erf(R g): the same series sums to (1+2R^2)^{-k/2}."""
    size = RADIUS**K * sp.sqrt(sp.factorial(K)) * (1 + 2 * RADIUS**2) ** (-K / 2)
    return (Branch(expression=_erf_taylor() * size, parity=1),)


def _gelu_taylor() -> sp.Expr:
    scale = sp.sqrt(sp.pi) * 2 ** ((K - 1) / 2) * sp.gamma(K / 2) * (K - 1)
    return (-1) ** (K / 2 - 1) / scale


@cache
def gelu_sphere() -> tuple[Branch, ...]:
    """z Phi(z), z = R t: half of z, plus an even series that sums to two 1F1.

    It is a 2F2 with parameters (K-1)/2, K/2 + 1 over K/2, K + D/2: F + (2/K) z F' of a 1F1.
    """
    half_square = RADIUS**2 / 2
    first, second = (K - 1) / 2, K + D / 2
    series = sp.hyper((first,), (second,), -half_square) - RADIUS**2 * first / (
        K * second
    ) * sp.hyper((first + 1,), (second + 1,), -half_square)
    mean = sp.hyper((HALF,), (1 + D / 2,), -half_square)
    return (
        Branch(expression=RADIUS**2 / (sp.sqrt(2 * sp.pi) * D) * mean, parity=0, most=0),
        Branch(expression=RADIUS / (2 * D), parity=1, most=1),
        Branch(expression=_gelu_taylor() * _monomial() * series, parity=0, least=2),
    )


@cache
def gelu_gauss() -> tuple[Branch, ...]:
    """g Phi(R g) R: the 2F1 of its series is elementary, being 2F1(a, c+1; c; -R^2)."""
    square = RADIUS**2
    series = (1 + square / K) * (1 + square) ** (-(K + 1) / 2)
    size = RADIUS**K * sp.sqrt(sp.factorial(K))
    mean = square / sp.sqrt(2 * sp.pi * (1 + square))
    return (
        Branch(expression=mean, parity=0, most=0),
        Branch(expression=RADIUS / 2, parity=1, most=1),
        Branch(expression=_gelu_taylor() * size * series, parity=0, least=2),
    )
