"""The linear model with one strong direction: law of L_TE, optimal stopping, certified means.

Psi = (1, psi, ..., psi) in dimension `dim`, f* = <e_1, x>, `width` features. Every formula is the
ledger's (`w2s_theory.ledger.linear`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from flint import arb
from numpy.typing import ArrayLike
from sympy import Integer, Rational

from w2s_theory.arguments import FloatArray, increasing_times, integer, real, unit_interval
from w2s_theory.certify import precision, to_arb, to_fmpq
from w2s_theory.ledger import linear as ledger
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.section4 import GRADIENT_FLOW
from w2s_theory.students.floats import field_function, numpy_function

if TYPE_CHECKING:
    from sympy import Expr

_CELLS = 2000


def loss_cdf(losses: ArrayLike, width: int, dim: int, psi: float) -> FloatArray:
    """P(L_TE <= x), elementwise. ValueError: losses outside [0, 1], width >= dim, psi <= 0."""
    return evaluate_cdf(ledger.LOSS_CDF.expr, losses, width, dim, psi)


def evaluate_cdf(expr: Expr, losses: ArrayLike, width: int, dim: int, psi: float) -> FloatArray:
    """A distribution function I_z(a, b) given as a SymPy expression in the ledger's symbols."""
    from scipy.special import betainc
    from sympy import lambdify

    size, count, scale = _model(width, dim, psi)
    first, second, low, high = expr.args
    if low != 0:
        raise ValueError(f"expr must be a regularised incomplete Beta function from 0, got {expr}")
    symbols = (q.LOSS_AT, q.WIDTH, q.DIM, q.PSI)
    numbers = (unit_interval("losses", losses), float(size), float(count), scale)
    a, b, z = (lambdify(symbols, part)(*numbers) for part in (first, second, high))
    result: FloatArray = np.asarray(betainc(a, b, z))
    return result


def mean_loss(width: int, dim: int, psi: Fraction, *, bits: int = 128) -> arb:
    """E L_TE in a ball, by the ledger's hypergeometric function. ValueError as `loss_cdf`."""
    from flint import acb
    from sympy import hyper

    size, count, _ = _model(width, dim, float(psi))
    formula = ledger.MEAN_LOSS(*(Rational(v.numerator, v.denominator) for v in (size, count, psi)))
    with precision(bits):
        (series,) = formula.atoms(hyper) or (Integer(1),)
        value = to_arb(formula / series)
        if series == 1:
            return value
        (first, second), (third,) = series.ap, series.bq
        a, b, c = (acb(to_arb(number)) for number in (first, second, third))
        return value * acb(to_arb(series.argument)).hypgeom_2f1(a, b, c).real


def loss_quantile(levels: ArrayLike, width: int, dim: int, psi: float) -> FloatArray:
    """Quantiles of L_TE at `levels` in [0, 1], elementwise. ValueError as `loss_cdf`."""
    from scipy.special import betainccinv, betaincinv
    from sympy import Symbol, cancel, lambdify

    size, count, scale = _model(width, dim, psi)
    noise, signal, given = (count - size) / 2, size / 2, unit_interval("levels", levels)
    share, rest = Symbol("share"), Symbol("rest")
    quantile, strength = ledger.LOSS_QUANTILE.args
    # In z and 1 - z, which a float near 1 would lose: psi z/(psi z + 1 - z).
    stable = cancel(ledger.LOSS_QUANTILE.expr.subs(quantile, share / (share + rest)))
    parts = betaincinv(noise, signal, given), betainccinv(signal, noise, given)
    result: FloatArray = np.asarray(lambdify((share, rest, strength), stable)(*parts, scale))
    return result


def student_losses(losses: ArrayLike, psi: float, times: ArrayLike) -> FloatArray:
    """L_ST at ``times`` of infinite students, shape ``(teachers, times)``.

    ValueError unless losses are in [0, 1], psi > 0 and times increase within [0, inf].
    """
    column = unit_interval("losses", losses).reshape(-1, 1)
    scale = real("psi", psi, positive=True)
    return numpy_function(ledger.LINEAR_STUDENT)(column, scale, increasing_times(times))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanRatio:
    """Enclosure of E min_t L_ST/L_TE^2 at one width: `low` <= mean <= `high` (exact rationals)."""

    width: int
    dim: int
    low: Fraction
    high: Fraction

    @property
    def ball(self) -> arb:
        """The smallest ball around the enclosure."""
        return to_arb(self.low).union(to_arb(self.high))


def mean_ratio(width: int, dim: int, psi: Fraction, *, bits: int = 128) -> MeanRatio:
    """Certified E min_t L_ST/L_TE^2, from the moments of q = (1 - L_TE)/L_TE alone.

    ratio - 1 = q (2 exp(-t) + s^2) + q^2 exp(-2t), s = 1 - exp(-psi t), so the mean lies between
    1 + E q m and the value at any fixed t, m = min_t (2 exp(-t) + s^2). m is bounded below cell by
    cell: the first term falls and the second rises. ValueError unless dim > width + 4, 0 < psi < 1.
    """
    from w2s_theory.certify.balls import dyadic, to_fraction

    if not isinstance(psi, Fraction | int):
        raise ValueError(f"psi must be a Fraction, got {psi!r}")
    if not 0 < psi < 1:
        raise ValueError(f"psi must be in (0, 1), got {psi}")
    size, count, _ = _model(width, dim, float(psi))
    if count <= size + 4 or not 0 < psi < 1:
        raise ValueError(f"dim must be > width + 4 and psi in (0, 1), got {dim}, {width}, {psi}")
    numbers = [Rational(v.numerator, v.denominator) for v in (size, count, psi)]
    odds, odds2 = ledger.MEAN_ODDS(*numbers), ledger.MEAN_ODDS2(*numbers)
    with precision(bits):
        scale, first, second = to_arb(psi), to_arb(odds), to_arb(odds2)
        last = 3 * float(-np.log(float(psi))) + 3
        grid = [arb(float(t)) for t in np.linspace(0, last, _CELLS + 1)]
        falls = [2 * (-t).exp() for t in grid]
        kept = field_function(GRADIENT_FLOW)
        rises = [kept(scale, t) ** 2 for t in grid]
        cells = [fall + rise for fall, rise in zip(falls[1:], rises[:-1], strict=True)]
        least = rises[-1]
        for cell in cells:
            least = least.min(cell)
        low = 1 + first * least
        best = min(range(len(grid)), key=lambda i: float(falls[i] + rises[i]))
        high = 1 + first * (falls[best] + rises[best]) + second * (falls[best] / 2) ** 2
        return MeanRatio(
            width=size,
            dim=count,
            low=to_fraction(to_fmpq(dyadic(low.lower()))),
            high=to_fraction(to_fmpq(dyadic(high.upper()))),
        )


def _model(width: int, dim: int, psi: float) -> tuple[int, int, float]:
    size = integer("width", width, 1)
    count = integer("dim", dim, size + 1, 10**300)  # a float is made of it
    return size, count, real("psi", psi, positive=True)
