"""Positively homogeneous activations: c+ max(t,0)^alpha + c- max(-t,0)^alpha."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from w2s_theory.arguments import degree_number, integer, real
from w2s_theory.spectra import formulas
from w2s_theory.spectra.arccosine import arccosine_kernel, parity_parts
from w2s_theory.spectra.closed import DOUBLE, ClosedForm, ParityForm
from w2s_theory.spectra.formulas import Branch
from w2s_theory.spectra.interface import Spectrum
from w2s_theory.spectra.products import Scaled, binary_shift, cumulative, shifted_sum
from w2s_theory.spectra.rounding import rounded

MAX_POWER = 1000
"""Powers of 2 and Gamma functions of it are worked out by SymPy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Homogeneous(ClosedForm):
    """sigma(t) = plus * max(t,0)^power + minus * max(-t,0)^power; a_k carries plus + (-1)^k minus.

    ValueError: power <= -1/2 (not square integrable) or > 1000, or both weights 0.
    """

    name: str
    power: Fraction
    plus: Fraction = Fraction(1)
    minus: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        """Reject weights and powers outside the class."""
        for name in ("power", "plus", "minus"):
            if not isinstance(getattr(self, name), Fraction | int):
                raise ValueError(f"{name} must be a Fraction, got {getattr(self, name)!r}")
        if not self.power > Fraction(-1, 2):
            raise ValueError(
                f"power must be > -1/2 for max(t,0)^power to be square integrable, got {self.power}"
            )
        if self.power > MAX_POWER:
            raise ValueError(f"power must be at most {MAX_POWER}, got {self.power}")
        if self.plus == 0 == self.minus:
            raise ValueError("plus and minus must not both be 0, got 0 and 0")

    def __hash__(self) -> int:
        """By name: a Fraction hashes slowly, and `values` looks its seeds up by activation."""
        return hash(self.name)

    def branches(self, gauss: bool) -> tuple[Branch, ...]:
        """One formula for both parities, weighted."""
        return _branches(self.power, self.plus, self.minus, gauss)

    def simplify(self, expression: sp.Expr) -> sp.Expr:
        """Gamma quotients reduced to their shortest form."""
        return sp.gammasimp(expression)

    def symbolic_general(self, parity: int, gauss: bool = False) -> ParityForm:
        """The formula for all degrees k > power of one parity; integer powers only are reflected.

        For integer alpha and k - alpha odd, 1/Gamma(1 + (alpha-k)/2) becomes
        (-1)^{(k-alpha-1)/2} Gamma((k-alpha)/2) / pi; for k - alpha = 2, 4, ... it is 0.
        """
        general = super(Homogeneous, self).symbolic_general(parity, gauss)
        if self.power.denominator != 1:
            return general
        alpha = int(self.power)
        least = alpha + 1 if (alpha + 1) % 2 == parity else alpha + 2
        expression = sp.Integer(0)
        if (least - alpha) % 2:
            gap = (alpha - 2 * general.index - parity) / sp.Integer(2)
            sign = (-1) ** (general.index + (parity - alpha - 1) // 2)
            reflected = sign * sp.gamma(-gap) / sp.pi
            expression = sp.sympify(general.expression).subs(1 / sp.gamma(gap + 1), reflected)
        return ParityForm(
            parity=parity, least=least, index=general.index, expression=sp.powsimp(expression)
        )

    def values(self, max_degree: int, dim: int, radius: float = 1.0) -> Spectrum:
        """Float64 spectrum of sigma(radius * <u,x>) on S^{d-1}, degrees 0..max_degree.

        a_{k+2}/a_k = (alpha-k)/(alpha+k+d): one rounded product per degree, relative error below
        1e-15 + 1.2e-16 * max_degree. ValueError: max_degree < 0, dim < 2, radius not > 0.
        """
        max_degree = degree_number("max_degree", max_degree)
        dim = integer("dim", dim, 2)
        alpha, shift = float(self.power), binary_shift(dim)
        k = _degrees(max(max_degree - 1, 0))
        ratios = (alpha - k) / shifted_sum(k + alpha, dim, shift)
        firsts = _seeds(self, dim, real("radius", radius, positive=True))
        return Spectrum(cumulative(firsts, ratios, -shift).head(max_degree + 1), dim)

    def hermite_values(self, max_degree: int, radius: float = 1.0) -> Spectrum:
        """Float64 spectrum, Gaussian measure: h_{k+2}/h_k = (alpha-k) / sqrt((k+1)(k+2))."""
        max_degree = degree_number("max_degree", max_degree)
        k = np.arange(max_degree - 1, dtype=np.float64)
        ratios = (float(self.power) - k) / np.sqrt((k + 1) * (k + 2))
        firsts = _seeds(self, None, real("radius", radius, positive=True))
        return Spectrum(cumulative(firsts, ratios).head(max_degree + 1), None)

    def gram(self, rho: ArrayLike, dim: int) -> NDArray[np.float64]:
        """E_x[sigma(<u,x>) sigma(<v,x>)] for unit u, v with <u,v> = rho, x uniform on S^{d-1}.

        Closed form for integer powers; the shape of ``rho``. ValueError: a power that is not an
        integer, dim < 2, rho outside [-1, 1] (beyond 1e-12) or NaN.
        """
        if self.power.denominator != 1:
            raise ValueError(f"power must be an integer for a closed Gram, got {self.power}")
        order = int(self.power)
        if self.minus == 0:
            result = arccosine_kernel(rho, dim, order)
            result *= float(self.plus) ** 2
            return result
        other, polynomial = parity_parts(rho, dim, order)
        sign = -1 if order % 2 else 1
        mixed = float(self.plus - sign * self.minus) ** 2
        return mixed * other + float(self.plus + sign * self.minus) ** 2 * polynomial


@lru_cache(maxsize=16)
def _degrees(count: int) -> NDArray[np.float64]:
    """0..count - 1, read-only."""
    degrees = np.arange(count, dtype=np.float64)
    degrees.flags.writeable = False
    return degrees


@lru_cache(maxsize=4096)
def _seeds(activation: Homogeneous, dim: int | None, radius: float) -> Scaled:
    """Degrees 0 and 1, correctly rounded but for ties (dim None: Gaussian)."""
    if dim is None:
        return rounded(activation.hermite_certified(k, DOUBLE, radius) for k in (0, 1))
    return rounded(activation.certified(k, dim, DOUBLE, radius) for k in (0, 1))


@cache
def _branches(power: Fraction, plus: Fraction, minus: Fraction, gauss: bool) -> tuple[Branch, ...]:
    alpha = sp.Rational(power.numerator, power.denominator)
    formula = formulas.power_gauss() if gauss else formulas.power_sphere()
    scaled = formulas.RADIUS**alpha * formula.subs(formulas.ALPHA, alpha)
    weights = (plus + minus, plus - minus)
    return tuple(
        Branch(expression=sp.Rational(w.numerator, w.denominator) * scaled, parity=parity)
        for parity, w in enumerate(weights)
        if w
    )
