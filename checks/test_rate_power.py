"""The square for even targets on real networks, in balls."""

from __future__ import annotations

import math

import numpy as np
from flint import arb
from sympy import Expr

from checks.support.judging import assumed, judge_all, part
from checks.test_rate import hidden_trace
from w2s_theory.certify import lower, precision
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.rate import LEVEL_AT, STOP_AT
from w2s_theory.ledger.rate_power import polynomials
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.spectra.harmonics import multiplicity
from w2s_theory.students.ball_student import certified_student

CELLS = ((2, 24), (2, 32), (2, 40))
_RISK, _DEGREE, _BITS = arb(1) / 20, 2, 128


@check("gain-rate-power", Evidence.CERTIFIED)
def test_the_square_on_networks(statement: Statement, profile: Profile) -> Outcome:
    """Zonal targets of degree 2, K the largest whose level is above what the units hide."""
    with one_thread_blas():
        settings = [_network(statement, profile, dim, width) for dim, width in CELLS]
    return judge_all(part(statement, 0), settings, least=len(CELLS), digits=None)


def _network(statement: Statement, profile: Profile, dim: int, width: int) -> BallSetting:
    model, target = ReluSphere(dim), harmonic_target(Harmonic(_DEGREE, np.eye(dim)[0]))
    features = model.sample_features(width, profile.rng("rate-power", dim, width))
    teacher = fit_teacher(model, features, target)
    student, hidden = certified_student(model, teacher), hidden_trace(model, features)
    flat = multiplicity(_DEGREE, dim)
    with precision(_BITS):
        cut = max(k for k in range(2, 200, 2) if hidden < _at(LEVEL_AT.expr, k, dim))
        level, lowest = _at(LEVEL_AT.expr, cut, dim), student.eigenvalues[_DEGREE]
        stop = lower(STOP_AT.expr)({q.HIDDEN: level, q.LAMBDA_TARGET: lowest})
        time = float(stop)
        # The slope of L_ST is at most 4 tr K <= 1.
        loss = student.loss(time) + arb(0, float((stop - time).abs_upper()))
        count = polynomials(q.WIDTH).xreplace({q.WIDTH: width, q.FLATNESS: flat, q.SPACE_DIM: dim})
        values = (
            *((q.L_ST, loss), (q.L_TE, student.teacher_loss), (q.HIDDEN, hidden)),
            *((q.LEVEL, level), (q.LAMBDA_TARGET, lowest), (q.LAMBDA_OUT, student.eigenvalues[4])),
            *((q.TIME, stop), (q.FLATNESS, arb(flat)), (q.TARGET_ENERGY, 1 / lowest)),
            *((q.SPACE_DIM, arb(dim)), (q.DEGREE, arb(_DEGREE)), (q.CUT, arb(cut))),
            *((q.VANISHING, arb(math.ceil(int(count) ** (1 / (dim - 1))))), (q.RISK, _RISK)),
            (q.WIDTH, arb(width)),
        )
        return BallSetting(values, assumed(statement), f"dim {dim}, width {width}, K = {cut}")


def _at(formula: Expr, cut: int, dim: int) -> arb:
    return lower(formula)({q.CUT: arb(cut), q.SPACE_DIM: arb(dim)})
