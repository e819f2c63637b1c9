"""The deterministic equivalent against networks, and what follows from it for students."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, partial

import numpy as np
from flint import arb

from checks.support.judging import combine, judge_all, limits, part
from checks.support.sampling import medians, sample_all, sampled
from checks.support.spectrum_sums import spread_at
from checks.test_relu import DRAWS, gains
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import ball
from w2s_theory.experiments.draws import draw_teachers
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.measurements import EQUIVALENT_DIM, EQUIVALENT_WIDTHS, OPTIMAL_CELLS
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.statistics import median_interval
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.deterministic_equivalent import Equivalent, deterministic_equivalent

OUTSIDE = (3, 64)
"""(d, M) where the equivalent is off: for the assumptions to exclude."""
BLOCK = 200
"""Draws that are made together."""
CLOCK = (0.1, 1.0, 4.0, 16.0, 100.0, 1000.0)
"""t lambda_1."""


@check("universality-measured", Evidence.MONTE_CARLO)
def test_universality_in_dimension_32(statement: Statement, profile: Profile) -> Outcome:
    """Medians of L_TE and of the curve of ReLU networks, linear target, against the prediction.

    By order statistics: an interval for the mean that holds for every law on [0, 1] would be wider
    than the errors of several percent that are claimed.
    """
    widths = EQUIVALENT_WIDTHS[::3] if profile.name == "quick" else EQUIVALENT_WIDTHS
    places = [*((int(EQUIVALENT_DIM), width) for width in widths), OUTSIDE]
    cells = [partial(_compared, profile, place, clock) for place in places for clock in CLOCK]
    least = len(widths) * len(CLOCK)
    return sample_all(statement, cells, first=BLOCK, least=least, resolves=medians(2))


def _compared(
    profile: Profile, place: tuple[int, int], clock: float, draws: int, rate: float
) -> BallSetting:
    dim, width = place
    model = ReluSphere(dim)
    eigenvalue = float(model.spectrum(1).eigenvalues[1])
    prediction = _prediction(dim, width)
    value = float(prediction.curve(np.array([clock]) / eigenvalue)[0])
    blocks = [
        _measured(profile.stream("universality", i), dim, width) for i in range(draws // BLOCK)
    ]
    losses, *curve = np.concatenate(blocks, axis=1)
    return sampled(
        {
            q.MEASURED_LOSS: median_interval(losses, error_rate=rate / 2),
            q.MEASURED_CURVE: median_interval(curve[CLOCK.index(clock)], error_rate=rate / 2),
        },
        (q.RIDGE, _exactly(prediction.ridge)),
        (q.LAMBDA_TARGET, _exactly(eigenvalue)),
        (q.DIM, arb(dim)),
        (q.WIDTH, arb(width)),
        (q.PREDICTED_CURVE, _exactly(value)),
        label=f"dim {dim}, width {width}, t lambda_1 = {clock}",
    )


@cache
def _prediction(dim: int, width: int) -> Equivalent:
    target = harmonic_target(Harmonic(1, np.eye(dim)[0]))
    return deterministic_equivalent(ReluSphere(dim), target, width)


def _exactly(value: float) -> arb:
    """A predicted number with its relative error of about 1e-12."""
    return ball(value, 1e-12 * value)


@cache
def _measured(seed: int, dim: int, width: int) -> FloatArray:
    """L_TE and L_ST at the times of `CLOCK`, of `BLOCK` draws: shape (7, BLOCK)."""
    model, target = ReluSphere(dim), harmonic_target(Harmonic(1, np.eye(dim)[0]))
    times = np.array(CLOCK) / float(model.spectrum(1).eigenvalues[1])
    with one_thread_blas():
        teachers = draw_teachers(model, target, width, range(BLOCK), (seed, dim, width))
        rows = [(teacher.loss, *infinite_student(teacher, times).losses) for teacher in teachers]
    return np.array(rows).T


@check("optimality-limit", Evidence.CERTIFIED)
def test_optimality_limit_certified(statement: Statement, profile: Profile) -> Outcome:
    """D in balls: its terms up to lambda_k < kappa/1000, what is left by the trace.

    Small ridges that the assumptions admit, and a large one that they exclude.
    """
    cells = [(dim, scale) for dim in (3, 4, 5, 8) for scale in (2 * dim + 3, 40, 100)]
    settings = [spread_at(dim, Fraction(scale)) for dim, scale in cells]
    settings.append(spread_at(4, Fraction(1, 100)))
    held = judge_all(part(statement, 0), settings, least=len(cells), digits=None)
    return combine(held, limits(statement, 1, SPACE_DIM=(3, 4, 9), LAMBDA_TARGET=("1/36", 1)))


@check("optimality-measured", Evidence.MONTE_CARLO)
def test_optimality_without_the_ansatz(statement: Statement, profile: Profile) -> Outcome:
    """Median of min_t L_ST/L_TE^2 at two widths, by order statistics.

    Narrow teachers vary more and cost less, so there are more of them.
    """

    def drawn(dim: int, narrow: int, wide: int, draws: int, rate: float) -> BallSetting:
        first = gains(profile, dim, "linear", narrow, 4 * draws)
        second = gains(profile, dim, "linear", wide, draws)
        return sampled(
            {
                q.SQUARE_NARROW: median_interval(first.square_ratios, error_rate=rate / 2),
                q.SQUARE_WIDE: median_interval(second.square_ratios, error_rate=rate / 2),
            },
            *((q.DIM, arb(dim)), (q.WIDTH, arb(narrow)), (q.WIDTH_WIDE, arb(wide))),
            label=f"dim {dim}, widths {narrow}, {wide}",
        )

    cells = [partial(drawn, *cell) for cell in OPTIMAL_CELLS]
    return sample_all(statement, cells, first=DRAWS, resolves=medians(2))
