"""The deterministic equivalent against networks, and what follows from it for students."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from flint import arb
from sympy import Integer

from checks.support.judging import judge_all, part
from checks.test_relu import gains
from w2s_theory.certify import ball, lower, precision, to_arb
from w2s_theory.experiments.networks import relu_runs
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.kernels import MULTIPLICITY, TRACE
from w2s_theory.ledger.measurements import EQUIVALENT_DIM, OPTIMAL_CELLS
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.ledger.universality import RIDGE_AT
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.spectra import get_activation
from w2s_theory.statistics import Interval, median_interval, student_interval
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent

OUTSIDE = (3, 128, 200)
"""(d, M, draws) where the equivalent is off: for the assumptions to exclude."""
CLOCK = (0.1, 1.0, 4.0, 16.0, 100.0, 1000.0)
"""t lambda_1."""

QUICK_DRAWS = {16: 200, 64: 600}
FULL_DRAWS = {16: 400, 32: 400, 48: 600, 64: 1000, 128: 600, 256: 400}


@check("universality-measured", Evidence.MONTE_CARLO)
def test_universality_in_dimension_32(statement: Statement, profile: Profile) -> Outcome:
    """Mean L_TE and mean curve of ReLU networks, linear target, against the prediction.

    Student's intervals, nominal error rate 1e-6 each; the draws are what makes them narrow enough.
    """
    draws = QUICK_DRAWS if profile.name == "quick" else FULL_DRAWS
    cells = [(int(EQUIVALENT_DIM), width, count) for width, count in draws.items()]
    settings = []
    for dim, width, count in [*cells, OUTSIDE]:
        model = ReluSphere(dim)
        eigenvalue = float(model.spectrum(1).eigenvalues[1])
        target = harmonic_target(Harmonic(1, np.eye(dim)[0]))
        prediction = deterministic_equivalent(model, target, width)
        loss, curve = _measured(dim, width, count)
        predicted = prediction.curve(np.array(CLOCK) / eigenvalue)
        for clock, measured, value in zip(CLOCK, curve, predicted, strict=True):
            values = (
                (q.RIDGE, _exactly(prediction.ridge)),
                (q.LAMBDA_TARGET, _exactly(eigenvalue)),
                (q.DIM, arb(dim)),
                (q.WIDTH, arb(width)),
                (q.MEASURED_LOSS, loss.ball),
                (q.MEASURED_CURVE, measured.ball),
                (q.PREDICTED_CURVE, _exactly(float(value))),
            )
            label = f"dim {dim}, width {width}, t lambda_1 = {clock}"
            settings.append(BallSetting(values, (), label))
    return judge_all(statement, settings, least=len(cells) * len(CLOCK), digits=None)


def _exactly(value: float) -> arb:
    """A predicted number with its relative error of about 1e-12."""
    return ball(value, 1e-12 * value)


@cache
def _measured(dim: int, width: int, draws: int) -> tuple[Interval, tuple[Interval, ...]]:
    with one_thread_blas():
        runs = list(relu_runs(dim, (width,), draws, seed=33))
    eigenvalue = float(ReluSphere(dim).spectrum(1).eigenvalues[1])
    logs = np.array([np.log(run.curve.losses) for run in runs])
    times = np.log(runs[0].curve.times)
    points = np.log(np.array(CLOCK) / eigenvalue)
    values = np.exp([np.interp(points, times, row) for row in logs])
    losses = student_interval([run.teacher.loss for run in runs])
    return losses, tuple(student_interval(column) for column in values.T)


@check("optimality-limit", Evidence.CERTIFIED)
def test_optimality_limit_certified(statement: Statement, profile: Profile) -> Outcome:
    """D in balls: its terms up to lambda_k < kappa/1000, what is left by the trace.

    Small ridges that the assumptions admit, and a large one that they exclude.
    """
    cells = [(dim, scale) for dim in (3, 4, 5, 8) for scale in (2 * dim + 3, 40, 100)]
    settings = [_spread(dim, Fraction(scale)) for dim, scale in cells]
    settings.append(_spread(4, Fraction(1, 100)))
    return judge_all(part(statement, 0), settings, least=len(cells), digits=None)


def _spread(dim: int, scale: Fraction) -> BallSetting:
    with precision(128):
        constant = lower(RIDGE_AT(Integer(1), Integer(dim)))({})
        ridge = constant * to_arb(scale) ** (-dim - 2)
        spread, left, degree = arb(0), to_arb(TRACE(Integer(1), Integer(dim))), 0
        while True:
            value = get_activation("relu").certified(degree, dim, digits=40) ** 2
            count = 1 if degree == 0 else int(MULTIPLICITY(Integer(degree), Integer(dim)))
            spread += count * ridge * value / (value + ridge) ** 2
            left -= count * value
            if degree > 1 and value < ridge / 1000:
                break
            degree += 1 if degree < 2 else 2
        values = (
            (q.RIDGE, ridge),
            (q.SPREAD, spread.union(spread + left / ridge)),
            (q.SPACE_DIM, arb(dim)),
        )
        return BallSetting(values, (), f"d = {dim}, K = {scale}")


@pytest.mark.parametrize("cell", OPTIMAL_CELLS, ids=str)
@check("optimality-measured", Evidence.MONTE_CARLO)
def test_optimality_without_the_ansatz(
    statement: Statement, profile: Profile, cell: tuple[int, int, int]
) -> Outcome:
    """Median of min_t L_ST/L_TE^2 at two widths: order statistics, error rate 1e-6.

    Narrow teachers vary more and cost less, so there are more of them.
    """
    dim, narrow, wide = cell
    draws = {16: 256, 64: 96}[narrow]
    first, second = gains(dim, "linear", narrow, draws), gains(dim, "linear", wide, 64)
    values = (
        *((q.DIM, arb(dim)), (q.WIDTH, arb(narrow)), (q.WIDTH_WIDE, arb(wide))),
        (q.SQUARE_NARROW, median_interval(first.square_ratios).ball),
        (q.SQUARE_WIDE, median_interval(second.square_ratios).ball),
    )
    settings = [BallSetting(values, (), f"dim {dim}, widths {narrow}, {wide}")]
    return judge_all(statement, settings, least=1, digits=None)
