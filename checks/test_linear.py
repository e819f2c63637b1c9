"""The linear model: law of the teacher, exact student, Theorems 3.2 and 3.3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from flint import arb, arb_mat
from sympy import Symbol

from checks.support.judging import assumed, combine, judge_all, part
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import Verdict, ball, precision
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.spiked_law import sample_spiked_losses
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search import spiked
from w2s_theory.search.settings import BallSetting
from w2s_theory.statistics import bounded_mean_interval, law_test, student_interval
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.linear_law import evaluate_cdf, mean_ratio


@pytest.mark.parametrize(("width", "dim", "psi"), [(4, 16, 0.25), (8, 40, 0.0625)])
@check("law-linear", Evidence.EXACT_LAW)
def test_law_linear_distribution(
    statement: Statement, profile: Profile, width: int, dim: int, psi: float
) -> Outcome:
    """L_TE of Gaussian features solved by least squares, against the law: KS, error rate 1e-6."""
    losses = _solved_losses(width, dim, psi, 20_000)
    cdf = statement.claim[0].rhs
    result = law_test(losses, lambda x: evaluate_cdf(cdf, x, width, dim, psi))
    verdict = Verdict.PROVED if result.consistent else Verdict.REFUTED
    return Outcome(
        verdict=verdict,
        margin=f"D {result.distance:.2g}, p {result.p_value:.2g}",
        effective=result.draws,
    )


@check("law-linear", Evidence.EXACT_LAW)
def test_law_linear_moments(statement: Statement, profile: Profile) -> Outcome:
    """Means of q and q^2 over the same draws: Student's interval, nominal error rate 1e-6."""
    width, dim, psi = 8, 40, Fraction(1, 16)
    odds = 1 / _solved_losses(width, dim, float(psi), 20_000) - 1
    means = [student_interval(values) for values in (odds, odds**2)]
    claimed = [
        float(clause.rhs.subs({q.WIDTH: width, q.DIM: dim, q.PSI: psi}))
        for clause in statement.claim[1:]
    ]
    inside = all(i.low <= value <= i.high for i, value in zip(means, claimed, strict=True))
    verdict = Verdict.PROVED if inside else Verdict.REFUTED
    widths = [(i.high - i.low) / i.estimate for i in means]
    return Outcome(verdict=verdict, margin=f"width {widths[0]:.1e}", effective=means[0].draws)


@cache
def _solved_losses(width: int, dim: int, psi: float, draws: int) -> FloatArray:
    """1 - b^T G^-1 b for independent Gaussian features: the definition, nothing derived."""
    rng = np.random.default_rng([51, width, dim])
    scales = np.full(dim, np.sqrt(psi))
    scales[0] = 1.0
    rows = rng.standard_normal((draws, width, dim)) * scales
    overlaps = rows[:, :, :1]
    solved = np.linalg.solve(rows @ rows.transpose(0, 2, 1), overlaps)
    losses: FloatArray = 1 - (overlaps * solved).sum(axis=(1, 2))
    return losses


@check("student-linear", Evidence.PROPERTY)
def test_student_linear_on_networks(statement: Statement, profile: Profile) -> Outcome:
    """Simulated teachers and students against the formula, at all times, to 9 digits."""
    settings = _networks(statement, profile)
    return judge_all(part(statement, 0, 2), settings, least=30, digits=9)


def _networks(statement: Statement, profile: Profile) -> Iterator[BallSetting]:
    psi = 0.03125
    for width in profile.widths[:3]:
        model = LinearGaussian([1.0, psi], [1, 6 * width])
        features = model.sample_features(width, np.random.default_rng([52, width]))
        teacher = fit_teacher(model, features, model.target(np.eye(model.dim)[0]))
        times = np.geomspace(0.05, 500, 12)
        curve = infinite_student(teacher, times)
        loss = ball(teacher.loss, teacher.error_bound + teacher.optimality_gap)
        for time, value, error in zip(times, curve.losses, curve.error_bound, strict=True):
            values = (
                (q.L_TE, loss),
                (q.L_ST, ball(float(value), float(error))),
                (q.PSI, arb(psi)),
                (q.TIME, arb(float(time))),
            )
            yield BallSetting(values, assumed(statement), f"width {width}, t = {time:.3g}")


@check("law-linear-k", Evidence.PROPERTY)
def test_law_linear_k_on_networks(statement: Statement, profile: Profile) -> Outcome:
    """Simulated teachers and students with k = 2, 3 and an oblique target, to 9 digits."""
    settings = [
        replace(setting, grants=assumed(statement))
        for size in (2, 3)
        for width in profile.widths[:2]
        for setting in _block_networks(size, width)
    ]
    return judge_all(statement, settings, least=24, digits=9)


@cache
def _block_networks(size: int, width: int) -> tuple[BallSetting, ...]:
    """Weights in float64 with their error bounds, against H from balls around the same features.

    The fitted teacher is within sqrt(gap) of the exact one, gap its optimality gap.
    """
    psi, rng = 0.03125, np.random.default_rng([55, size, width])
    model = LinearGaussian([1.0, psi], [size, 3 * width])
    rows, direction = rng.standard_normal((width, model.dim)), np.zeros(model.dim)
    direction[:size] = rng.standard_normal(size)
    features = model.features_from_rows(rows, direction)
    teacher = fit_teacher(model, features, model.target(direction))
    times = np.geomspace(0.05, 500, 6)
    curve = infinite_student(teacher, times)
    gap, reach = teacher.optimality_gap, 3 * np.sqrt(teacher.optimality_gap)
    energy = ball(float(teacher.noise[1]), float(teacher.noise_errors[1]) + reach)
    loss, square = _block_forms(rows, direction[:size], psi)
    settings = []
    for time, value, error in zip(times, curve.losses, curve.error_bound, strict=True):
        values = (
            (q.L_TE, ball(teacher.loss, teacher.error_bound + gap)),
            (q.L_ST, ball(float(value), float(error) + reach)),
            (q.WEAK_ENERGY, energy),
            (q.BLOCK_LOSS, loss),
            (q.BLOCK_SQUARE, square),
            (q.PSI, arb(psi)),
            (q.TIME, arb(float(time))),
        )
        label = f"k = {size}, width {width}, t = {time:.3g}"
        settings.append(BallSetting(values, (), label))
    return tuple(settings)


def _block_forms(rows: FloatArray, direction: FloatArray, psi: float) -> tuple[arb, arb]:
    """b^T H b and ||H b||^2 from the blocks A^T and B of the features, in balls of 128 bits."""
    size = direction.size
    with precision(128):
        strong, weak = arb_mat(rows[:, :size].tolist()), arb_mat(rows[:, size:].tolist())
        noise = weak * weak.transpose() * arb(psi)
        inverse = strong.transpose() * noise.solve(strong) + arb_mat(size, size, 1)
        target = arb_mat(size, 1, direction.tolist())
        missed = inverse.solve(target)
        norm2 = (target.transpose() * target)[0, 0]
        loss = (target.transpose() * missed)[0, 0] / norm2
        return loss, (missed.transpose() * missed)[0, 0] / norm2


@check("thm-3.2", Evidence.CERTIFIED)
def test_thm_3_2_certified(statement: Statement, profile: Profile) -> Outcome:
    """The mean enclosed from exact moments, M = 16 to 10^6 (M a square, so that d is exact)."""
    roots = (4, 8, 16, 32, 64, 1000)
    return judge_all(statement, map(spiked.scaled, roots), least=len(roots), digits=None)


@check("thm-3.2", Evidence.EXACT_LAW)
def test_thm_3_2_simulated(statement: Statement, profile: Profile) -> Outcome:
    """Means over draws from the law, and that they agree with the certified enclosure.

    Student's interval over 20000 draws, nominal error rate 1e-6 each.
    """
    outcomes = []
    for root in (8, 16, 32, 1000):
        width, dim = root**2, 1 + root**3
        ratios = _ratios(width, dim, 1 / width, 20_000, 53)
        found = student_interval(ratios)
        exact = mean_ratio(width, dim, Fraction(1, width))
        agrees = found.low <= exact.high and exact.low <= found.high
        settings = [spiked.at_scale(width, dim, found.ball, f"simulated, M = {width}")]
        outcomes.append(judge_all(statement, settings, least=1, digits=None))
        outcomes.append(Outcome(verdict=Verdict.PROVED if agrees else Verdict.UNDECIDED))
    return combine(*outcomes)


@cache
def _ratios(width: int, dim: int, psi: float, draws: int, seed: int) -> FloatArray:
    """min_t L_ST/L_TE^2 of each draw."""
    losses = sample_spiked_losses(width, dim, psi, draws, np.random.default_rng([seed, width]))
    return best_student_losses(losses, psi) / losses**2


def best_student_losses(losses: FloatArray, psi: float) -> FloatArray:
    """min_t of the exact student's loss for each teacher loss: a grid, refined three times."""
    last = 4 * np.log(1 / psi) + 20
    low, high = np.zeros_like(losses), np.full_like(losses, last)
    best = np.full_like(losses, np.inf)
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


@check("thm-3.3", Evidence.EXACT_LAW)
def test_thm_3_3_simulated(statement: Statement, profile: Profile) -> Outcome:
    """c = 1/2, 1, 3 at M = 100 and 1600, d - M = M^2: means of L_TE, PGR and L_ST/L_TE^2.

    L_TE and PGR lie in [0, 1]: empirical Bernstein, error rate 1e-6; the ratio by Student.
    """
    settings = []
    for c in (Fraction(1, 2), Fraction(1), Fraction(3)):
        for width in (100, 1600):
            settings.append(_plateau(c, width, 20_000))
    return judge_all(statement, settings, least=6, digits=None)


def _plateau(c: Fraction, width: int, draws: int) -> BallSetting:
    psi = c / width
    rng = np.random.default_rng([54, width, c.numerator])
    losses = sample_spiked_losses(width, width + width**2, float(psi), draws, rng)
    best = best_student_losses(losses, float(psi))
    measured: list[tuple[Symbol, arb]] = [
        (q.MEAN_LOSS, bounded_mean_interval(losses, 0, 1).ball),
        (q.PGR, bounded_mean_interval(1 - best / losses, 0, 1).ball),
        (q.MEAN_RATIO, student_interval(best / losses**2).ball),
        (q.LIMIT_RATIO, arb(c.numerator) / c.denominator),
        (q.WIDTH, arb(width)),
    ]
    return BallSetting(tuple(measured), ("scaling-3.3",), f"c = {c}, M = {width}")
