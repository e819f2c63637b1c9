"""Moments of Legendre polynomials in dimension d."""

from __future__ import annotations

import sympy as sp

from w2s_theory.ledger import kernels
from w2s_theory.spectra import formulas


def positive_moment(power: sp.Expr | int, dim: sp.Expr | int = formulas.D) -> sp.Expr:
    """E[max(t,0)^p], a Beta integral: c_d B((p+1)/2, (d-1)/2) / 2."""
    beta = sp.gamma((power + 1) / sp.Integer(2)) * sp.gamma(sp.sympify(dim - 1) / 2)
    beta /= sp.gamma(sp.sympify(power + dim) / 2)
    return kernels.DENSITY_CONSTANT(sp.sympify(dim)) * beta / 2
