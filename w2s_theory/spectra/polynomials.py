"""Legendre polynomials in dimension d as SymPy polynomials, by two independent routes."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from w2s_theory.spectra import formulas
from w2s_theory.spectra.arguments import integer

T = sp.Symbol("t", real=True)


@cache
def legendre_polynomial(degree: int, dim: Any = formulas.D) -> Any:
    """P_k(t) by (k+d-2) P_{k+1} = (2k+d-2) t P_k - k P_{k-1}; ``dim`` a symbol or an integer."""
    degree = integer("degree", degree, 0)
    if degree < 2:
        return T**degree
    k = degree - 1
    above = (2 * k + dim - 2) * T * legendre_polynomial(k, dim)
    above -= k * legendre_polynomial(k - 1, dim)
    return sp.collect(sp.expand(sp.cancel(above / (k + dim - 2))), T, sp.factor)


@cache
def rodrigues_polynomial(degree: int, dim: Any = formulas.D) -> Any:
    """P_k(t) = (-1/2)^k Gamma((d-1)/2)/Gamma(k+(d-1)/2) (1-t^2)^{-b} (d/dt)^k (1-t^2)^{k+b}.

    b = (d-3)/2 (Atkinson & Han 2012, theorem 2.23).
    """
    degree = integer("degree", degree, 0)
    power = sp.sympify(dim - 3) / 2
    # q_j = (1-t^2)^{j-k-b} (d/dt)^j (1-t^2)^{k+b} obeys q_{j+1} = (1-t^2) q_j' - 2(k+b-j) t q_j.
    value = sp.Integer(1)
    for j in range(degree):
        slope = (1 - T**2) * sp.diff(value, T)
        value = sp.expand(slope - 2 * (degree + power - j) * T * value)
    scale = (-formulas.HALF) ** degree / sp.rf(sp.sympify(dim - 1) / 2, degree)
    return value * sp.expand_func(scale)


def positive_moment(power: Any, dim: Any = formulas.D) -> Any:
    """E[max(t,0)^p], a Beta integral: c_d B((p+1)/2, (d-1)/2) / 2."""
    beta = sp.gamma((power + 1) / sp.Integer(2)) * sp.gamma(sp.sympify(dim - 1) / 2)
    beta /= sp.gamma(sp.sympify(power + dim) / 2)
    return formulas.density_constant().subs(formulas.D, dim) * beta / 2


def moment_coefficient(power: Any, degree: int, dim: Any = formulas.D) -> Any:
    """a_k = E[max(t,0)^alpha P_k(t)] as the sum of its Beta integrals, term by term."""
    poly = sp.Poly(legendre_polynomial(degree, dim), T)
    return sum(c * positive_moment(power + e, dim) for (e,), c in poly.terms())
