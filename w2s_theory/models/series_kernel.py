"""Gram functions of activations without a closed one: ``sum_k a_k^2 N_k P_k``, cut where certified.

What is cut is bounded: the weights are positive and sum to ||sigma||^2, known by rigorous
quadrature, and ``|P_k| <= 1``. So the kernel need not be homogeneous, and its error is stated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from flint import arb, arb_poly, fmpq_poly

from w2s_theory.arguments import ExtendedArray, FloatArray
from w2s_theory.certify.balls import precision
from w2s_theory.models.legendre import iterate_exactly, legendre_rounding
from w2s_theory.models.roundoff import gamma
from w2s_theory.spectra.analytic import Analytic
from w2s_theory.spectra.harmonics import iterate_legendre, multiplicity
from w2s_theory.spectra.quadrature import Integrated

BITS = 76
"""What is cut is below 2^-BITS of the kernel, where the series is short enough."""

MOST_DEGREES = 64

Expanded = Analytic | Integrated
"""Activations that have no closed Gram function."""


@dataclass(frozen=True, slots=True)
class Series:
    """``sum_k weights[k] P_k``; the weights beyond sum to at most ``tail``, all to ``trace``.

    ``coefficients`` are a_k, ``weights`` a_k^2 N_k.
    """

    dim: int
    coefficients: tuple[arb, ...]
    weights: tuple[arb, ...]
    trace: arb
    bits: int
    _polynomial: arb_poly = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """The series in powers of the cosine, what is cut in its constant: one call a pair."""
        cosine = np.empty(1, dtype=object)
        cosine[0] = fmpq_poly([0, 1])
        terms = zip(self.weights, iterate_exactly(cosine, self.dim), strict=False)
        # Powers have coefficients up to 2.5^degree.
        with precision(self.bits + 20 + 2 * len(self.weights)):
            cut = arb_poly([arb(0, self.tail)])
            powers = sum((weight * arb_poly(values[0]) for weight, values in terms), cut)
        object.__setattr__(self, "_polynomial", powers)

    def balls(self, cosine: arb) -> arb:
        """The series at a ball cosine, with what is cut."""
        if cosine == 1:
            return self.trace
        value: arb = self._polynomial(cosine)
        return value

    @property
    def tail(self) -> float:
        """A bound on what is cut."""
        return self.beyond(len(self.weights) - 1)

    def beyond(self, max_degree: int) -> float:
        """A bound on the sum of the weights beyond a degree."""
        with precision(self.bits + 20):
            rest = self.trace - sum(self.weights[: max_degree + 1], arb(0))
        return max(float(rest.upper()), 0.0)

    def floats(self, cosines: FloatArray) -> FloatArray:
        """The series at cosines in [-1, 1]; the trace itself where the cosine is 1."""
        total = np.zeros_like(cosines)
        legendre = iterate_legendre(cosines, self.dim)
        for weight, values in zip(self.weights, legendre, strict=False):
            if size := float(weight):
                total += size * values
        total[cosines == 1] = float(self.trace)
        return total

    def extended(self, cosines: ExtendedArray) -> ExtendedArray:
        """The same in extended precision."""
        total = np.zeros_like(cosines)
        for weight, values in zip(self.weights, iterate_exactly(cosines, self.dim), strict=False):
            if weight != 0:
                total += extended(weight) * values
        total[cosines == 1] = extended(self.trace)
        return total

    def rounding(self, cosine_error: float, largest_cosine: float) -> float:
        """A bound on the error of `extended` at cosines that err so much, or are exactly 1."""
        rounding = sum(
            float(w) * (legendre_rounding(k, self.dim, cosine_error) + gamma(len(self.weights) + 4))
            for k, w in enumerate(self.weights)
        )
        return rounding + self.tail * self._reach(min(largest_cosine + cosine_error, 1.0))

    def _reach(self, largest: float) -> float:
        """A bound on ``|P_k|`` beyond, at cosines up to this size (Atkinson & Han 2012, 2.117)."""
        if self.dim == 2 or largest == 1:
            return 1.0
        base = 4 / (len(self.weights) * (1 - largest**2))
        log = math.lgamma((self.dim - 1) / 2) - math.log(math.pi) / 2
        return min(math.exp(min(log + (self.dim - 2) / 2 * math.log(base), 0.0)), 1.0)


@lru_cache(maxsize=32)
def series(sigma: Expanded, dim: int, bits: int = BITS, least: int = 0) -> Series:
    """The kernel of ``sigma`` on S^{dim-1} to 2^-bits of its size, or to `MOST_DEGREES` degrees.

    Degrees 0..``least`` at least.
    """
    digits = math.ceil((bits + 10) * math.log10(2))
    with precision(bits + 20):
        trace = sigma.second_moment(dim, digits)
        left, coefficients, weights = trace, [], []
        for degree in range(MOST_DEGREES):
            coefficient = sigma.certified(degree, dim, digits)
            if coefficient.contains(0):
                coefficient = arb(0)
            coefficients.append(coefficient)
            weights.append(coefficient**2 * multiplicity(degree, dim))
            left -= weights[-1]
            if degree >= least and left < trace * arb(2) ** -bits:
                break
    return Series(dim, tuple(coefficients), tuple(weights), trace, bits)


def extended(ball: arb) -> np.longdouble:
    """The middle of a ball in extended precision."""
    high = float(ball.mid())
    return np.longdouble(high) + np.longdouble(float((ball - high).mid()))
