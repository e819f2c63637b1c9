"""The linear model: law of the teacher and exact student."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from flint import arb, arb_mat

from checks.support.judging import assumed, judge_all, part
from checks.support.quantiles import bins
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import Verdict, ball, precision, to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.statistics import ERROR_RATE, law_draws, law_test
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.linear_law import evaluate_cdf

MOMENTS = (
    *((8, 40, "1/16"), (4, 24, "3/2"), (1, 30, "2/3")),
    *((8, 11, "1"), (8, 12, "1"), (8, 40, "-1")),
)
"""(M, d, psi); the last three are for the assumptions to exclude."""
DISTANCE = 1 / 30
"""Between distribution functions; a smaller one takes more draws (`law_draws`)."""


@pytest.mark.parametrize(("width", "dim", "psi"), [(4, 16, 0.25), (8, 40, 0.0625)])
@check("law-linear", Evidence.EXACT_LAW)
def test_law_linear_distribution(
    statement: Statement, profile: Profile, width: int, dim: int, psi: float
) -> Outcome:
    """L_TE of Gaussian features solved by least squares, against the law: Kolmogorov-Smirnov.

    A law at distance `DISTANCE` or more is refuted with probability 99.9 percent.
    """
    losses = _solved_losses(profile.stream("law-linear"), width, dim, psi)
    cdf = statement.claim[0].rhs
    result = law_test(losses, lambda x: evaluate_cdf(cdf, x, width, dim, psi))
    verdict = Verdict.PROVED if result.consistent else Verdict.REFUTED
    return Outcome(
        verdict=verdict,
        margin=f"D {result.distance:.2g}, p {result.p_value:.2g}",
        effective=result.draws,
        draws=result.draws,
        rate=f"{ERROR_RATE:.0e}",
        resolves=f"laws at a distance of {DISTANCE:.2g}",
    )


@check("law-linear", Evidence.EXACT_LAW)
def test_law_linear_moments(statement: Statement, profile: Profile) -> Outcome:
    """Means of q, q^2 and L_TE, enclosed between quantiles of the law that is tested above.

    For the assumptions to exclude: d - M = 3 and 4, where E q^2 is infinite, and psi < 0, which no
    model has (a mean of q would be negative).
    """
    settings = []
    for width, dim, psi in MOMENTS:
        law = bins(width, dim, abs(float(Fraction(psi))))
        values = (
            (q.MEAN_ODDS, law.mean(law.odds, law.odds_beyond(1))),
            (q.MEAN_ODDS2, law.mean(law.odds**2, law.odds_beyond(2))),
            (q.MEAN_LOSS, 1 - law.mean(1 - law.losses, float(law.chances[0]))),
            *((q.WIDTH, arb(width)), (q.DIM, arb(dim)), (q.PSI, to_arb(Fraction(psi)))),
        )
        label = f"M = {width}, d = {dim}, psi = {psi}"
        settings.append(BallSetting(values, ("loss-at",), label))
    return judge_all(part(statement, 1, 2, 3), settings, least=3, digits=2, relative=True)


@cache
def _solved_losses(seed: int, width: int, dim: int, psi: float) -> FloatArray:
    """1 - b^T G^-1 b for independent Gaussian features: the definition, nothing derived."""
    rng, draws = np.random.default_rng([seed, width, dim]), law_draws(DISTANCE)
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
        features = model.sample_features(width, profile.rng("student-linear", width))
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
        for setting in _block_networks(profile.stream("law-linear-k"), size, width)
    ]
    return judge_all(statement, settings, least=24, digits=9)


@cache
def _block_networks(seed: int, size: int, width: int) -> tuple[BallSetting, ...]:
    """Weights in float64 with their error bounds, against H from balls around the same features.

    The fitted teacher is within sqrt(gap) of the exact one, gap its optimality gap. A target along
    an eigenvector of H loses what k = 1 does, and float64 could not tell a random one from it at
    every seed: this one is as much along the best learnt direction as along the worst.
    """
    psi, rng = 0.03125, np.random.default_rng([seed, size, width])
    model = LinearGaussian([1.0, psi], [size, 3 * width])
    rows, direction = rng.standard_normal((width, model.dim)), np.zeros(model.dim)
    strong, weak = rows[:, :size], rows[:, size:]
    seen = np.linalg.eigh(strong.T @ np.linalg.solve(weak @ weak.T, strong))[1]
    direction[:size] = seen[:, 0] + seen[:, -1]
    features = model.features_from_rows(rows, direction)
    teacher = fit_teacher(model, features, model.target(direction))
    times = np.geomspace(0.05, 200, 6)
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
