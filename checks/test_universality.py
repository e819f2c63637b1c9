"""The deterministic equivalent against networks, and what follows from it for students."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from flint import arb

from checks.support.judging import assumed, judge_all, part
from checks.test_relu import gains
from w2s_theory.certify import ball
from w2s_theory.experiments.networks import relu_runs
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.statistics import Interval, median_interval, student_interval
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent

DIM = 32
CLOCK = (0.1, 1.0, 4.0, 16.0, 100.0, 1000.0)
"""t lambda_1."""

QUICK_DRAWS = {16: 200, 64: 600}
FULL_DRAWS = {16: 400, 32: 400, 48: 600, 64: 1000, 128: 600, 256: 400}


@check("universality", Evidence.MONTE_CARLO)
def test_universality_in_dimension_32(statement: Statement, profile: Profile) -> Outcome:
    """Mean L_TE and mean curve of ReLU networks, linear target, against the prediction.

    Student's intervals, nominal error rate 1e-6 each; the draws are what makes them narrow enough.
    """
    model = ReluSphere(DIM)
    eigenvalue = float(model.spectrum(1).eigenvalues[1])
    target = harmonic_target(Harmonic(1, np.eye(DIM)[0]))
    draws = QUICK_DRAWS if profile.name == "quick" else FULL_DRAWS
    settings = []
    for width, count in draws.items():
        prediction = deterministic_equivalent(model, target, width)
        loss, curve = _measured(width, count)
        predicted = prediction.curve(np.array(CLOCK) / eigenvalue)
        for clock, measured, value in zip(CLOCK, curve, predicted, strict=True):
            values = (
                (q.RIDGE, _exactly(prediction.ridge)),
                (q.RIDGE_ABOVE, _exactly(1.01 * prediction.ridge)),
                (q.EIGENVALUE, _exactly(eigenvalue)),
                (q.LAMBDA_TARGET, _exactly(eigenvalue)),
                (q.WIDTH, arb(width)),
                (q.MEASURED_LOSS, loss.ball),
                (q.MEASURED_CURVE, measured.ball),
                (q.PREDICTED_CURVE, _exactly(float(value))),
            )
            label = f"width {width}, t lambda_1 = {clock}"
            settings.append(BallSetting(values, assumed(statement), label))
    return judge_all(statement, settings, least=len(settings), digits=None)


def _exactly(value: float) -> arb:
    """A predicted number with its relative error of about 1e-12."""
    return ball(value, 1e-12 * value)


@cache
def _measured(width: int, draws: int) -> tuple[Interval, tuple[Interval, ...]]:
    with one_thread_blas():
        runs = list(relu_runs(DIM, (width,), draws, seed=33))
    eigenvalue = float(ReluSphere(DIM).spectrum(1).eigenvalues[1])
    logs = np.array([np.log(run.curve.losses) for run in runs])
    times = np.log(runs[0].curve.times)
    points = np.log(np.array(CLOCK) / eigenvalue)
    values = np.exp([np.interp(points, times, row) for row in logs])
    losses = student_interval([run.teacher.loss for run in runs])
    return losses, tuple(student_interval(column) for column in values.T)


@pytest.mark.parametrize(
    ("dim", "widths", "draws"), [(3, (16, 128), 256), (4, (16, 128), 256), (8, (64, 256), 96)]
)
@check("optimality", Evidence.MONTE_CARLO)
def test_optimality_without_the_ansatz(
    statement: Statement, profile: Profile, dim: int, widths: tuple[int, int], draws: int
) -> Outcome:
    """Median of min_t L_ST/L_TE^2 at two widths: order statistics, error rate 1e-6.

    Narrow teachers vary more and cost less, so there are more of them.
    """
    narrow, wide = widths
    first, second = gains(dim, "linear", narrow, draws), gains(dim, "linear", wide, 64)
    values = (
        (q.RATIO_NARROW, median_interval(first.square_ratios).ball),
        (q.RATIO_WIDE, median_interval(second.square_ratios).ball),
    )
    settings = [BallSetting(values, assumed(statement), f"dim {dim}, widths {narrow}, {wide}")]
    return judge_all(part(statement, 2, 3), settings, least=1, digits=None)
