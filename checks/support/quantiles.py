"""Means over the exact law of the linear model's teacher, enclosed between its quantiles.

B = Y/(X + Y) is a Beta variable, L_TE = psi B/(1 - B + psi B), q = (1 - B)/(psi B). A mean of what
increases in q lies between two sums over the quantiles' bins; nothing is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from flint import arb
from scipy.special import betainc, betaincinv

from w2s_theory.arguments import FloatArray

_TAIL = np.geomspace(1e-13, 1e-3, 400)
LEVELS = np.unique(np.concatenate([_TAIL, np.linspace(1e-3, 0.999, 4000), 1 - _TAIL]))
"""Of the quantiles."""
ROUNDING = 1e-9
"""Relative; the special functions err by some 1e-13."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bins:
    """`odds` q and `losses` L_TE at n quantiles, from the largest q to the smallest.

    `chances`: of the n + 1 bins between them, the one beyond the largest q first.
    """

    noise: float
    signal: float
    psi: float
    odds: FloatArray
    losses: FloatArray
    chances: FloatArray
    first: float

    def mean(self, values: FloatArray, beyond: float) -> arb:
        """The mean of what increases in q and is 0 at q = 0, from its values at the quantiles.

        `beyond`: a bound on what the first bin adds; inf, and so is the mean.
        """
        if beyond == float("inf"):
            return arb("inf")
        low = float(self.chances @ np.append(values, 0.0))
        return between(low, float(self.chances[1:] @ values) + beyond)

    def odds_beyond(self, power: int) -> float:
        """E q^power over the first bin, perhaps inf."""
        if self.noise <= power:
            return float("inf")
        total = self.psi**-power
        for i in range(power):
            total *= (self.signal + i) / (self.noise - 1 - i)
        return total * float(betainc(self.noise - power, self.signal + power, self.first))


@cache
def bins(width: int, dim: int, psi: float) -> Bins:
    """At `LEVELS`."""
    noise, signal = (dim - width) / 2, width / 2
    points = np.unique(betaincinv(noise, signal, LEVELS))
    odds = (1 - points) / (psi * points)
    return Bins(
        noise=noise,
        signal=signal,
        psi=psi,
        odds=odds,
        losses=1 / (1 + odds),
        chances=np.diff(betainc(noise, signal, points), prepend=0.0, append=1.0),
        first=float(points[0]),
    )


def between(low: float, high: float) -> arb:
    """A ball, wider than that by `ROUNDING`; of positive numbers."""
    return arb(low * (1 - ROUNDING)).union(arb(high * (1 + ROUNDING)))
