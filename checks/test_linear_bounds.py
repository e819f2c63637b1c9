"""The linear model's means between their explicit bounds: Theorems 3.2 and 3.3."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
from flint import arb
from sympy import Symbol

from checks.support.judging import combine, judge_all, part
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.spiked_law import sample_spiked_losses
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.statistics import student_interval
from w2s_theory.theorems.linear_law import mean_loss, mean_ratio

Balls = tuple[tuple[Symbol, arb], ...]
DRAWS = 20_000
SHAPES = (
    *((16, 272, "1/16"), (3, 30, "1/6"), (40, 90, "1"), (2, 60, "1/100"), (200, 260, "1/2")),
    *((5, 40, "6/5"), (20, 60, "5"), (200, 206, "40")),
)
"""(M, d, psi): wide and narrow, psi small, near 1 and above."""

BEYOND = ((1, 41, "1/100"), (40, 43, "5"), (4, 24, "-1/2"))
"""What the assumptions exclude: one feature, d - M = 3, psi < 0 (a number only, with no model)."""


@check("linear-bounds", Evidence.EXACT_LAW)
def test_linear_bounds_simulated(statement: Statement, profile: Profile) -> Outcome:
    """At shapes that the assumptions admit and at some that they exclude: E L_TE in a ball, and of
    what the student adds to it the mean over draws, by Student's interval, error rate 1e-6.
    """
    shapes = ((m, d, Fraction(psi)) for m, d, psi in (*SHAPES, *BEYOND))
    settings = [_measured(m, d, psi, ()) for m, d, psi in shapes]
    return judge_all(statement, settings, least=len(SHAPES), digits=None)


def _measured(width: int, dim: int, psi: Fraction, more: Balls) -> BallSetting:
    losses, best = _draws(width, dim, abs(psi))
    mean = mean_loss(width, dim, abs(psi))
    values = (
        (q.WIDTH, arb(width)),
        (q.DIM, arb(dim)),
        (q.PSI, arb(psi.numerator) / psi.denominator),
        (q.MEAN_LOSS, mean),
        (q.PGR, 1 - mean - student_interval(best / losses - losses).ball),
        (q.MEAN_RATIO, 1 + student_interval(best / losses**2 - 1).ball),
        *more,
    )
    return BallSetting(values, (), f"M = {width}, d = {dim}, psi = {psi}")


@cache
def _draws(width: int, dim: int, psi: Fraction) -> tuple[FloatArray, FloatArray]:
    """L_TE and min_t L_ST of each draw."""
    rng = np.random.default_rng([54, width, dim, psi.numerator, psi.denominator])
    losses = sample_spiked_losses(width, dim, float(psi), DRAWS, rng)
    return losses, best_student_losses(losses, float(psi))


def best_student_losses(losses: FloatArray, psi: float) -> FloatArray:
    """min_t of the exact student's loss for each teacher loss: a grid, refined three times."""
    last = 4 * max(np.log(1 / psi), 0) + 20
    low, high = np.zeros_like(losses), np.full_like(losses, last)
    best = losses.copy()  # t = infinity
    for _ in range(4):
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


def _on_path(root: int, ratio: arb, label: str) -> BallSetting:
    width, dim = arb(root) ** 2, 1 + arb(root) ** 3
    values = ((q.WIDTH, width), (q.DIM, dim), (q.PSI, 1 / width), (q.MEAN_RATIO, ratio))
    grants = ("scaling-3.2",) if root > 1 else ()  # 1/M is a ball unless M is a power of 2
    return BallSetting(values, grants, f"{label}, M = {root**2}")


@check("thm-3.2", Evidence.EXACT_LAW)
def test_thm_3_2_simulated(statement: Statement, profile: Profile) -> Outcome:
    """Means over draws from the law, and that the ratio's agrees with the certified enclosure.

    E L_TE in a ball, the ratio by Student's interval, error rate 1e-6.
    """
    outcomes = []
    for root in (3, 4, 8, 16, 32, 1000):
        width, dim = root**2, 1 + root**3
        losses, best = _draws(width, dim, Fraction(1, width))
        found = student_interval(best / losses**2 - 1)
        exact = _enclosed(root)
        setting = _on_path(root, 1 + found.ball, "simulated")
        loss = ((q.MEAN_LOSS, mean_loss(width, dim, Fraction(1, width))),)
        settings = [BallSetting((*setting.balls, *loss), setting.grants, setting.label)]
        outcomes.append(judge_all(part(statement, 0, 1, 2, 3), settings, least=1, digits=None))
        agrees = Verdict.PROVED if exact.overlaps(1 + found.ball) else Verdict.UNDECIDED
        outcomes.append(Outcome(verdict=agrees))
    return combine(*outcomes)


@check("thm-3.3", Evidence.EXACT_LAW)
def test_thm_3_3_simulated(statement: Statement, profile: Profile) -> Outcome:
    """c = 1/2, 1, 3 at M = 3, 16, 100 and 1600, d - M = M^2, against the bounds."""
    settings = []
    for c in (Fraction(1, 2), Fraction(1), Fraction(3)):
        for width in (3, 16, 100, 1600):
            number = ((q.LIMIT_RATIO, arb(c.numerator) / c.denominator),)
            found = _measured(width, width + width**2, c / width, number)
            settings.append(replace(found, grants=("scaling-3.3",)))
    # Not on the path: psi is twice what it should be.
    settings.append(_measured(100, 10100, Fraction(2, 100), ((q.LIMIT_RATIO, arb(1)),)))
    return judge_all(part(statement, 0, 1, 2, 3, 4, 5), settings, least=12, digits=None)
