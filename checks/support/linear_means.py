"""The linear model's means at any shape, on a theorem's path or off it.

For each t the ratio L_ST/L_TE^2 = (1 + q exp(-t))^2 + q (1 - exp(-psi t))^2 rises with
q = (1 - L_TE)/L_TE, hence so does its minimum: between two quantiles it lies between its values
there, and it is at most 1 + q, the ratio at t = infinity.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
from flint import arb
from sympy import Symbol

from checks.support.quantiles import between, bins
from w2s_theory.arguments import FloatArray
from w2s_theory.ledger import quantities as q
from w2s_theory.search.settings import BallSetting
from w2s_theory.theorems.linear_law import mean_loss

Balls = tuple[tuple[Symbol, arb], ...]


def law_at(width: int, dim: int, psi: Fraction, more: Balls) -> BallSetting:
    """A shape with the means of the law at psi or, if it is negative, its absolute value."""
    mean = mean_loss(width, dim, abs(psi))
    ratio, left = means(width, dim, abs(psi))
    values = (
        (q.WIDTH, arb(width)),
        (q.DIM, arb(dim)),
        (q.PSI, arb(psi.numerator) / psi.denominator),
        (q.MEAN_LOSS, mean),
        (q.PGR, 1 - mean - left),
        (q.MEAN_RATIO, ratio),
        *more,
    )
    return BallSetting(values, (), f"M = {width}, d = {dim}, psi = {psi}")


@cache
def means(width: int, dim: int, psi: Fraction) -> tuple[arb, arb]:
    """E min_t L_ST/L_TE^2, and E [min_t L_ST/L_TE - L_TE], of the law of L_TE; d > M + 2."""
    law = bins(width, dim, float(psi))
    losses, chances = law.losses, law.chances
    excess = best_student_losses(losses, law.psi) / losses**2 - 1
    # The second is (ratio - 1) L_TE, at most 1: a factor rises in q, the other falls.
    low = float(chances @ (np.append(excess, 0.0) * np.insert(losses, 0, 0.0)))
    high = float(chances[1:] @ (excess * np.append(losses[1:], 1.0)) + chances[0])
    return 1 + law.mean(excess, law.odds_beyond(1)), between(low, high)


def best_student_losses(losses: FloatArray, psi: float) -> FloatArray:
    """min_t of the exact student's loss for each teacher loss: a grid, refined five times."""
    last = 4 * max(np.log(1 / psi), 0) + 20
    low, high = np.zeros_like(losses), np.full_like(losses, last)
    best = losses.copy()  # t = infinity
    for _ in range(6):
        steps = np.linspace(0, 1, 41)
        times = low[:, None] + (high - low)[:, None] * steps
        values = _student_at(losses, psi, times)
        place = values.argmin(axis=1)
        rows = np.arange(losses.size)
        best = np.minimum(best, values[rows, place])
        low = times[rows, np.maximum(place - 1, 0)]
        high = times[rows, np.minimum(place + 1, 40)]
    return best


def _student_at(losses: FloatArray, psi: float, times: FloatArray) -> FloatArray:
    left = np.exp(-times)
    loss = losses[:, None]
    result: FloatArray = (left + (1 - left) * loss) ** 2
    result += np.expm1(-psi * times) ** 2 * loss * (1 - loss)
    return result
