"""The arc-cosine kernels in SymPy (Cho & Saul 2009), with the angle theta = arccos(rho)."""

from __future__ import annotations

from functools import cache

import sympy as sp

from w2s_theory.arguments import integer
from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q
from w2s_theory.spectra import formulas

THETA, RHO = q.TURN, q.RHO


@cache
def angular_definition(order: int) -> sp.Expr:
    """J_n = (-1)^n sin^{2n+1} ((1/sin) d/dtheta)^n [(pi-theta)/sin] (Cho & Saul 2009, eq. 4)."""
    order = integer("order", order, 0)
    value = (sp.pi - THETA) / sp.sin(THETA)
    for _ in range(order):
        value = sp.diff(value, THETA) / sp.sin(THETA)
    return sp.expand((-1) ** order * sp.sin(THETA) ** (2 * order + 1) * value)


@cache
def planar_integral(order: int) -> sp.Expr:
    """2^n n! int_{theta-pi/2}^{pi/2} cos^n(phi) cos^n(phi-theta) dphi, equal to J_n.

    It is 2 pi E[max(<g,x>,0)^n max(<g,y>,0)^n] for a standard Gaussian g and unit x, y at angle
    theta: only the plane of x and y matters, where the radius contributes E[r^{2n}] = 2^n n!.
    """
    order = integer("order", order, 0)
    phi = sp.Symbol("phi", real=True)
    wave = sp.exp(sp.I * phi)
    shifted = wave * sp.exp(-sp.I * THETA)
    product = ((wave + 1 / wave) * (shifted + 1 / shifted) / 4) ** order
    inside = sp.powsimp(sp.expand(product), force=True)
    primitive = sp.integrate(inside, phi)
    value = primitive.subs(phi, sp.pi / 2) - primitive.subs(phi, THETA - sp.pi / 2)
    return 2**order * sp.factorial(order) * sp.expand(value)


def gaussian_moment(power: sp.Expr | int) -> sp.Expr:
    """E|g|^{2p}, g standard Gaussian in R^d."""
    return kernels.GAUSSIAN_MOMENT(sp.sympify(power), formulas.D)


def arccosine(order: int) -> sp.Expr:
    """J_n(rho) = A_n(rho) sqrt(1-rho^2) + B_n(rho) (pi - acos(rho))."""
    return kernels.arccosine(integer("order", order, 0))


def gram(order: int, dim: sp.Expr | int = formulas.D) -> sp.Expr:
    """E_x[max(<u,x>,0)^n max(<v,x>,0)^n] in rho = <u,v>, x uniform on S^{d-1}, u and v unit."""
    return kernels.gram(integer("order", order, 0)).subs(formulas.D, dim)


def taylor_coefficient(order: int, power: int) -> sp.Expr:
    """[rho^m] J_n(rho)/pi: an exact rational for m <= n with m = n mod 2, else a rational / pi.

    Twice the squared Hermite coefficient, by Mehler: E[s(g) s(g')] = sum_m h_m^2 rho^m.
    """
    order, power = integer("order", order, 0), integer("power", power, 0)
    coefficient = kernels.HERMITE_COEFFICIENT(sp.Integer(power), sp.Integer(order))
    return sp.sympify(2 * coefficient**2)


def taylor_by_binomial(order: int, power: int) -> sp.Expr:
    """The same coefficient from (d/drho)^{n+1} J_n = n!^2 (1-rho^2)^{-1/2}; ValueError: m <= n."""
    order, power = integer("order", order, 0), integer("power", power, 0)
    if power <= order:
        raise ValueError(f"power must be > order = {order}, got {power}")
    gap = power - order - 1
    if gap % 2:
        return sp.Integer(0)
    binomial = sp.binomial(gap, gap // 2) / sp.Integer(2) ** gap
    scale = sp.factorial(order) ** 2 * sp.factorial(gap) / sp.factorial(power)
    return scale * binomial / sp.pi
