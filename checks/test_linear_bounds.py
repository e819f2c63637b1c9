"""The linear model's means between their explicit bounds: Theorems 3.2 and 3.3."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache, partial

import numpy as np
from flint import arb
from sympy import Symbol

from checks.support.judging import combine, judge_all, part
from checks.support.sampling import sample_all
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
BLOCK = 20_000
"""Draws that are made together."""
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
    what the student adds to it the mean over draws, by Student's interval.
    """
    shapes = [(m, d, Fraction(psi)) for m, d, psi in (*SHAPES, *BEYOND)]
    cells = [partial(_measured, profile, shape, ()) for shape in shapes]
    return sample_all(statement, cells, first=BLOCK, least=len(SHAPES), nominal=True)


def _measured(
    profile: Profile, shape: tuple[int, int, Fraction], more: Balls, draws: int, rate: float
) -> BallSetting:
    width, dim, psi = shape
    losses, best = _draws(profile, (width, dim, abs(psi)), draws)
    mean = mean_loss(width, dim, abs(psi))
    values = (
        (q.WIDTH, arb(width)),
        (q.DIM, arb(dim)),
        (q.PSI, arb(psi.numerator) / psi.denominator),
        (q.MEAN_LOSS, mean),
        (q.PGR, 1 - mean - student_interval(best / losses - losses, error_rate=rate / 2).ball),
        (q.MEAN_RATIO, 1 + student_interval(best / losses**2 - 1, error_rate=rate / 2).ball),
        *more,
    )
    return BallSetting(values, (), f"M = {width}, d = {dim}, psi = {psi}")


def _draws(profile: Profile, shape: tuple[int, int, Fraction], draws: int) -> FloatArray:
    """L_TE and min_t L_ST of each draw, shape (2, draws)."""
    seeds = [profile.stream("linear-bounds", i) for i in range(draws // BLOCK)]
    return np.concatenate([_block(seed, *shape) for seed in seeds], axis=1)


@cache
def _block(seed: int, width: int, dim: int, psi: Fraction) -> FloatArray:
    rng = np.random.default_rng([seed, width, dim, psi.numerator, psi.denominator])
    losses = sample_spiked_losses(width, dim, float(psi), BLOCK, rng)
    return np.array([losses, best_student_losses(losses, float(psi))])


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

    E L_TE in a ball, the ratio by Student's interval.
    """
    agrees = []

    def drawn(root: int, draws: int, rate: float) -> BallSetting:
        width, dim, psi = root**2, 1 + root**3, Fraction(1, root**2)
        losses, best = _draws(profile, (width, dim, psi), draws)
        ratio = 1 + student_interval(best / losses**2 - 1, error_rate=rate).ball
        same = _enclosed(root).overlaps(ratio)
        agrees.append(Outcome(verdict=Verdict.PROVED if same else Verdict.UNDECIDED))
        setting = _on_path(root, ratio, "simulated")
        return replace(setting, balls=(*setting.balls, (q.MEAN_LOSS, mean_loss(width, dim, psi))))

    cells = [partial(drawn, root) for root in (3, 4, 8, 16, 32, 1000)]
    held = sample_all(part(statement, 0, 1, 2, 3), cells, first=BLOCK, nominal=True)
    return combine(held, *agrees)


@check("thm-3.3", Evidence.EXACT_LAW)
def test_thm_3_3_simulated(statement: Statement, profile: Profile) -> Outcome:
    """c = 1/2, 1, 3 at M = 3, 16, 100 and 1600, d - M = M^2, against the bounds."""

    def drawn(c: Fraction, width: int, psi: Fraction, draws: int, rate: float) -> BallSetting:
        number = ((q.LIMIT_RATIO, arb(c.numerator) / c.denominator),)
        found = _measured(profile, (width, width + width**2, psi), number, draws, rate)
        return replace(found, grants=("scaling-3.3",))

    limits = (Fraction(1, 2), Fraction(1), Fraction(3))
    cells = [partial(drawn, c, m, c / m) for c in limits for m in (3, 16, 100, 1600)]
    # Not on the path: psi is twice what it should be.
    cells.append(partial(drawn, Fraction(1), 100, Fraction(2, 100)))
    claim = part(statement, 0, 1, 2, 3, 4, 5)
    return sample_all(claim, cells, first=BLOCK, least=12, nominal=True)
