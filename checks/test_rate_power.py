"""The square for even targets on real networks, in balls."""

from __future__ import annotations

import numpy as np
from flint import arb

from checks.support.circle_units import Circle
from checks.support.judging import assumed, combine, judge_all, limits, part
from checks.test_rate import hidden_trace
from w2s_theory.certify import lower, precision
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.rate import STOP_AT
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting, Settled
from w2s_theory.spectra.harmonics import multiplicity
from w2s_theory.students.ball_student import certified_student

CELLS = ((2, 24), (2, 32), (2, 40))
WIDE = ((101, 2), (1001, 20), (10**9 + 1, 2), (10**30 + 1, 2))
"""Units at equal angles, and the target's degree."""
_DEGREE, _BITS = 2, 128


@check("gain-rate-power", Evidence.CERTIFIED)
def test_the_square_on_networks(statement: Statement, profile: Profile) -> Outcome:
    """Random units, then up to 10^30 at equal angles, where every power but the square is seen."""
    with one_thread_blas():
        settings: list[Settled] = [_network(statement, profile, *cell) for cell in CELLS]
    settings += [Circle(width=width, degree=degree) for width, degree in WIDE]
    held = judge_all(part(statement, 0), settings, least=len(settings), digits=None)
    values = {"LAMBDA_TARGET": ("1/36",), "TARGET_ENERGY": (36,), "DEGREE": (2,), "RISK": ("1/20",)}
    return combine(held, limits(statement, 1, SPACE_DIM=(2, 3, 8), FLATNESS=(3,), **values))


def _network(statement: Statement, profile: Profile, dim: int, width: int) -> BallSetting:
    model, target = ReluSphere(dim), harmonic_target(Harmonic(_DEGREE, np.eye(dim)[0]))
    features = model.sample_features(width, profile.rng("rate-power", dim, width))
    teacher = fit_teacher(model, features, target)
    student, hidden = certified_student(model, teacher), hidden_trace(model, features)
    with precision(_BITS):
        lowest = student.eigenvalues[_DEGREE]
        time = 0.99 * float(lower(STOP_AT.expr)({q.HIDDEN: hidden, q.LAMBDA_TARGET: lowest}))
        values = (
            *((q.L_ST, student.loss(time)), (q.L_TE, student.teacher_loss), (q.HIDDEN, hidden)),
            *((q.LAMBDA_TARGET, lowest), (q.TARGET_ENERGY, 1 / lowest), (q.TIME, arb(time))),
            *((q.FLATNESS, arb(multiplicity(_DEGREE, dim))), (q.WIDTH, arb(width))),
            *((q.SPACE_DIM, arb(dim)), (q.DEGREE, arb(_DEGREE))),
        )
        return BallSetting(values, assumed(statement), f"dim {dim}, width {width}, t = {time:.0f}")
