"""The closed forms of kernel spectra, each typed once: degree k, dimension d, power alpha.

The activation is max(t,0)^alpha: alpha = 0 the step, 1 ReLU, 2 and 3 its powers. On the sphere
S^{d-1} it acts on t = <u,x>; for the Gaussian measure on a standard Gaussian.
"""

from __future__ import annotations

from functools import cache

from sympy import (
    Add,
    Expr,
    Rational,
    acos,
    binomial,
    cos,
    expand_func,
    factor,
    factorial,
    factorial2,
    gamma,
    pi,
    powsimp,
    sin,
    sqrt,
)

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.arccosine_polynomials import polynomials
from w2s_theory.ledger.statement import Formula

_K, _D, _ALPHA, _T = q.DEGREE, q.SPACE_DIM, q.POWER, q.POINT
_HALF = Rational(1, 2)

# --- the sphere -----------------------------------------------------------------------------------

DENSITY_CONSTANT = Formula(
    "density_constant", (_D,), gamma(_D / 2) / (sqrt(pi) * gamma((_D - 1) / 2))
)
"""c_d, by which the density below integrates to 1."""

DENSITY = Formula("density", (q.C_D, _T, _D), q.C_D * (1 - _T**2) ** ((_D - 3) / 2))
"""Density of t = <u,x> for x uniform on S^{d-1} and u of unit length."""

COEFFICIENT = Formula(
    "coefficient",
    (_K, _D, _ALPHA),
    gamma(_D / 2)
    * gamma(_ALPHA + 1)
    / (2 ** (_ALPHA + 1) * gamma((_ALPHA - _K) / 2 + 1) * gamma((_ALPHA + _K + _D) / 2)),
)
"""a_k = E[max(t,0)^alpha P_k(t)]: every k >= 0, d >= 2, alpha > -1/2."""

MULTIPLICITY = Formula(
    "multiplicity",
    (_K, _D),
    (2 * _K + _D - 2) * gamma(_K + _D - 1) / ((_K + _D - 2) * gamma(_D - 1) * gamma(_K + 1)),
)
"""N_k for k >= 1 as a quotient of Gamma functions (Atkinson & Han 2012, eq. 2.10)."""

MULTIPLICITY_BY_BINOMIALS = Formula(
    "multiplicity_by_binomials", (_K, _D), binomial(_D + _K - 1, _K) - binomial(_D + _K - 3, _K - 2)
)
"""N_k as homogeneous polynomials of degree k less those of degree k - 2."""

GAUSSIAN_MOMENT = Formula(
    "gaussian_moment", (_ALPHA, _D), 2**_ALPHA * gamma(_D / 2 + _ALPHA) / gamma(_D / 2)
)
"""E|g|^{2 alpha}, g standard Gaussian in R^d: d (d+2) ... (d+2 alpha-2) for integers."""

HALF_MOMENT = Formula(
    "half_moment", (_ALPHA,), 2 ** (_ALPHA - 1) * gamma(_ALPHA + _HALF) / sqrt(pi)
)
"""E[max(g,0)^{2 alpha}], g standard Gaussian in R."""

TRACE = Formula("trace", (_ALPHA, _D), powsimp(HALF_MOMENT.expr / GAUSSIAN_MOMENT.expr))
"""E[max(t,0)^{2 alpha}], the squared norm of a feature; 1/(2d) for ReLU."""


# --- arc-cosine kernels (Cho & Saul 2009) ---------------------------------------------------------


def _family(order: int, cosine: Expr, sine: Expr, rest: Expr) -> Expr:
    root, angle = polynomials(order)
    side = Add(*(c * cosine**i for i, c in enumerate(root)))
    weight = Add(*(c * cosine**i for i, c in enumerate(angle)))
    return side * sine + weight * rest


@cache
def arccosine(order: int) -> Expr:
    """J_n(rho) = A_n(rho) sqrt(1-rho^2) + B_n(rho) (pi - acos(rho))."""
    return _family(order, q.RHO, sqrt(1 - q.RHO**2), pi - acos(q.RHO))


@cache
def angular(order: int) -> Expr:
    """The same with rho = cos(theta), 0 <= theta <= pi."""
    return _family(order, cos(q.TURN), sin(q.TURN), pi - q.TURN)


@cache
def gram(order: int) -> Expr:
    """E_x[max(<u,x>,0)^n max(<v,x>,0)^n], rho = <u,v>, x uniform on S^{d-1}, u and v unit."""
    moment = 2**order * expand_func(gamma(_D / 2 + order)) / gamma(_D / 2)
    return arccosine(order) / (2 * pi * factor(moment))


# --- the Gaussian measure -------------------------------------------------------------------------

HERMITE_COEFFICIENT = Formula(
    "hermite_coefficient",
    (_K, _ALPHA),
    gamma(_ALPHA + 1)
    / (2 ** ((_ALPHA - _K) / 2 + 1) * gamma((_ALPHA - _K) / 2 + 1))
    / sqrt(factorial(_K)),
)
"""h_k = E[max(g,0)^alpha He_k(g)] / sqrt(k!), g standard Gaussian."""

RELU_HERMITE = Formula(
    "relu_hermite",
    (q.TERM,),
    (-1) ** (q.TERM - 1) * factorial2(2 * q.TERM - 3) / sqrt(2 * pi * factorial(2 * q.TERM)),
)
"""h_{2m} of ReLU, m >= 0, with (-1)!! = 1 and (-3)!! = -1."""


def taylor_term(order: int) -> Expr:
    """Term m of J_n/pi beyond degree n: n!^2 ((2m-1)!!)^2 rho^{2m+n+1} / (pi (2m+n+1)!).

    For (d/drho)^{n+1} J_n = n!^2 (1-rho^2)^{-1/2}.
    """
    degree = 2 * q.TERM + order + 1
    scale = factorial(order) ** 2 * factorial2(2 * q.TERM - 1) ** 2
    return scale * q.RHO**degree / (pi * factorial(degree))


# --- decay and limit ------------------------------------------------------------------------------

DECAY_CONSTANT = Formula(
    "decay_constant", (_D, _ALPHA), 2 ** (_D - 2) * (gamma(_D / 2) * gamma(_ALPHA + 1) / pi) ** 2
)
"""C = lim a_k^2 k^{2 alpha + d} over the non-zero degrees."""

DECAY_LOWER = Formula(
    "decay_lower", (q.DECAY_C, _K, _D, _ALPHA), q.DECAY_C * (_K + _D / 2 - 1) ** (-2 * _ALPHA - _D)
)
DECAY_UPPER = Formula(
    "decay_upper",
    (q.DECAY_C, _K, _D, _ALPHA),
    q.DECAY_C * ((_K - _ALPHA) * (_K + _ALPHA + _D - 2)) ** (-_ALPHA - _D / 2),
)

SCALED_EIGENVALUE = Formula(
    "scaled_eigenvalue", (q.A_K, q.N_K, _D, _ALPHA), _D**_ALPHA * q.A_K**2 * q.N_K
)
"""d^alpha a_k^2 N_k, which tends to h_k^2 as d -> infinity."""

LIMIT_RATE = Formula(
    "limit_rate", (_K, _ALPHA), (_K * (1 - 2 * _ALPHA) + _ALPHA * (2 - _ALPHA)) / 2
)
"""lim d (d^alpha a_k^2 N_k / h_k^2 - 1); (1-k)/2 for ReLU."""
