"""Legendre polynomials in dimension d as SymPy polynomials, and their moments."""

from __future__ import annotations

import sympy as sp

from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.harmonic import legendre_polynomial
from w2s_theory.spectra import formulas

T = q.POINT

__all__ = ["T", "legendre_polynomial", "moment_coefficient", "positive_moment"]


def positive_moment(power: sp.Expr | int, dim: sp.Expr | int = formulas.D) -> sp.Expr:
    """E[max(t,0)^p], a Beta integral: c_d B((p+1)/2, (d-1)/2) / 2."""
    beta = sp.gamma((power + 1) / sp.Integer(2)) * sp.gamma(sp.sympify(dim - 1) / 2)
    beta /= sp.gamma(sp.sympify(power + dim) / 2)
    return kernels.DENSITY_CONSTANT(sp.sympify(dim)) * beta / 2


def moment_coefficient(
    power: sp.Expr | int, degree: int, dim: sp.Expr | int = formulas.D
) -> sp.Expr:
    """a_k = E[max(t,0)^alpha P_k(t)] as the sum of its Beta integrals, term by term."""
    poly = sp.Poly(legendre_polynomial(degree, dim), T)
    return sum(c * positive_moment(power + e, dim) for (e,), c in poly.terms())
