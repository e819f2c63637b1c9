"""The linear model's means between their explicit bounds: Theorems 3.2 and 3.3.

The means are those of the exact law, which `law-linear` tests against simulated features; nothing
is drawn here. For each t the ratio L_ST/L_TE^2 = (1 + q exp(-t))^2 + q (1 - exp(-psi t))^2 rises
with q = (1 - L_TE)/L_TE, hence so does its minimum: between two quantiles it lies between its
values there, and it is at most 1 + q, the ratio at t = infinity.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
from flint import arb
from sympy import Symbol

from checks.support.judging import combine, judge_all, part
from checks.support.quantiles import between, bins
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.theorems.linear_law import mean_loss, mean_ratio

Balls = tuple[tuple[Symbol, arb], ...]
SHAPES = (
    *((16, 272, "1/16"), (3, 30, "1/6"), (40, 90, "1"), (2, 60, "1/100"), (200, 260, "1/2")),
    *((5, 40, "6/5"), (20, 60, "5"), (200, 206, "40")),
)
"""(M, d, psi): wide and narrow, psi small, near 1 and above."""

BEYOND = ((1, 41, "1/100"), (40, 43, "5"), (4, 24, "-1/2"))
"""What the assumptions exclude: one feature, d - M = 3, psi < 0 (a number only, with no model)."""


@check("linear-bounds", Evidence.EXACT_LAW)
def test_linear_bounds_of_the_law(statement: Statement, profile: Profile) -> Outcome:
    """At shapes that the assumptions admit and at some that they exclude."""
    shapes = [(m, d, Fraction(psi)) for m, d, psi in (*SHAPES, *BEYOND)]
    settings = [law_at(*shape, ()) for shape in shapes]
    return judge_all(statement, settings, least=len(SHAPES), digits=None)


def law_at(width: int, dim: int, psi: Fraction, more: Balls) -> BallSetting:
    mean = mean_loss(width, dim, abs(psi))
    ratio, left = _means(width, dim, abs(psi))
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
def _means(width: int, dim: int, psi: Fraction) -> tuple[arb, arb]:
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


@check("thm-3.2", Evidence.CERTIFIED)
def test_thm_3_2_certified(statement: Statement, profile: Profile) -> Outcome:
    """The mean ratio enclosed from exact moments, M = 4 to 10^6 (M a square: d is exact)."""
    roots = (2, 3, 4, 8, 16, 32, 64, 1000)
    settings = [_on_path(root, _enclosed(root), "enclosed") for root in roots]
    return judge_all(part(statement, 2, 3), settings, least=len(roots), digits=None)


def _enclosed(root: int) -> arb:
    return mean_ratio(root**2, 1 + root**3, Fraction(1, root**2)).ball


def _on_path(root: int, ratio: arb, label: str, more: Balls = ()) -> BallSetting:
    width, dim = arb(root) ** 2, 1 + arb(root) ** 3
    values = ((q.WIDTH, width), (q.DIM, dim), (q.PSI, 1 / width), (q.MEAN_RATIO, ratio), *more)
    grants = ("scaling-3.2",) if root > 1 else ()  # 1/M is a ball unless M is a power of 2
    return BallSetting(values, grants, f"{label}, M = {root**2}")


@check("thm-3.2", Evidence.EXACT_LAW)
def test_thm_3_2_of_the_law(statement: Statement, profile: Profile) -> Outcome:
    """Means of the law, and that the ratio's agrees with the certified enclosure."""
    roots, agrees, settings = (3, 4, 8, 16, 32, 1000), [], []
    for root in roots:
        width, dim, psi = root**2, 1 + root**3, Fraction(1, root**2)
        ratio = _means(width, dim, psi)[0]
        same = _enclosed(root).overlaps(ratio)
        agrees.append(Outcome(verdict=Verdict.PROVED if same else Verdict.REFUTED))
        loss = ((q.MEAN_LOSS, mean_loss(width, dim, psi)),)
        settings.append(_on_path(root, ratio, "of the law", loss))
    held = judge_all(part(statement, 0, 1, 2, 3), settings, least=len(roots), digits=None)
    return combine(held, *agrees)


@check("thm-3.3", Evidence.EXACT_LAW)
def test_thm_3_3_of_the_law(statement: Statement, profile: Profile) -> Outcome:
    """c = 1/2, 1, 3 at M = 3, 16, 100 and 1600, d - M = M^2, against the bounds."""
    shapes = [(c, m, c / m) for c in map(Fraction, ("1/2", "1", "3")) for m in (3, 16, 100, 1600)]
    # Not on the path: psi is twice what it should be.
    shapes.append((Fraction(1), 100, Fraction(2, 100)))
    settings = []
    for c, width, psi in shapes:
        number = ((q.LIMIT_RATIO, arb(c.numerator) / c.denominator),)
        found = law_at(width, width + width**2, psi, number)
        settings.append(replace(found, grants=("scaling-3.3",)))
    claim = part(statement, 0, 1, 2, 3, 4, 5)
    return judge_all(claim, settings, least=12, digits=None)
