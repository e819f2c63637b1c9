"""The closed forms, each typed once, in SymPy: degree k, dimension d, power alpha, radius R."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

K = sp.Symbol("k", integer=True, nonnegative=True)
D = sp.Symbol("d", integer=True, positive=True)
ALPHA = sp.Symbol("alpha", nonnegative=True)
RADIUS = sp.Symbol("R", positive=True)
RHO = sp.Symbol("rho", real=True)
THETA = sp.Symbol("theta", positive=True)


@cache
def power_sphere() -> Any:
    """a_k = E[max(t,0)^alpha P_k(t)] on S^{d-1}: every k >= 0, d >= 2, alpha > -1/2.

    For alpha - k = 0, 2, 4, ... Rodrigues' formula and k integrations by parts leave a Beta
    integral; its ratio to the right-hand side is rational in alpha, so equal for all alpha.
    """
    half_gap = (ALPHA - K) / 2
    top = sp.gamma(D / 2) * sp.gamma(ALPHA + 1)
    return top / (2 ** (ALPHA + 1) * sp.gamma(half_gap + 1) * sp.gamma((ALPHA + K + D) / 2))


@cache
def power_gauss() -> Any:
    """h_k = E[max(g,0)^alpha He_k(g)] / sqrt(k!) for a standard Gaussian g."""
    half_gap = (ALPHA - K) / 2
    scale = sp.gamma(ALPHA + 1) / (2 ** (half_gap + 1) * sp.gamma(half_gap + 1))
    return scale / sp.sqrt(sp.factorial(K))


@cache
def multiplicity() -> Any:
    """N_k for k >= 1 as a quotient of Gamma functions (Atkinson & Han 2012, eq. 2.10)."""
    top = (2 * K + D - 2) * sp.gamma(K + D - 1)
    return top / ((K + D - 2) * sp.gamma(D - 1) * sp.gamma(K + 1))
