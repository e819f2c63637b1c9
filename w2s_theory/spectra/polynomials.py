"""Legendre polynomials in dimension d as SymPy polynomials, by two independent routes."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from w2s_theory.arguments import integer
from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.harmonic import legendre_polynomial
from w2s_theory.spectra import formulas

T = q.POINT

__all__ = [
    "T",
    "legendre_polynomial",
    "moment_coefficient",
    "positive_moment",
    "rodrigues_polynomial",
]


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
    return kernels.DENSITY_CONSTANT(sp.sympify(dim)) * beta / 2


def moment_coefficient(power: Any, degree: int, dim: Any = formulas.D) -> Any:
    """a_k = E[max(t,0)^alpha P_k(t)] as the sum of its Beta integrals, term by term."""
    poly = sp.Poly(legendre_polynomial(degree, dim), T)
    return sum(c * positive_moment(power + e, dim) for (e,), c in poly.terms())
