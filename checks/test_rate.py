"""The rate of the gain on real networks: every scale at once, in balls."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from flint import arb

from checks.support.judging import assumed, judge_all
from w2s_theory.certify import ball
from w2s_theory.experiments.gains import mixed_target
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.section4 import GRADIENT_FLOW
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import SphereTeacher, fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.floats import field_function
from w2s_theory.theorems.ball_kappa import certified_kappa

NETWORKS = ((3, 24, 1), (3, 32, 2), (5, 24, 1), (8, 40, 1))
"""Dimension, width, degree of the target."""
_LAST = 4


@check("master-bound-multiscale", Evidence.CERTIFIED)
def test_multiscale_on_relu_networks(statement: Statement, profile: Profile) -> Outcome:
    """Linear and quadratic targets; S the target's degree, then degree after degree, in Arb."""
    with one_thread_blas():
        settings = [
            setting
            for dim, width, degree in NETWORKS
            for setting in _over_times(statement, profile, dim, width, degree)
        ]
    return judge_all(statement, settings, least=3 * len(NETWORKS), digits=None)


def _over_times(
    statement: Statement, profile: Profile, dim: int, width: int, degree: int
) -> Iterator[BallSetting]:
    model, target = ReluSphere(dim), mixed_target(dim, {degree: 1.0})
    features = model.sample_features(width, profile.rng("multiscale", dim, width))
    teacher = fit_teacher(model, features, target)
    student = certified_student(model, teacher)
    aligned = scales(model, teacher)
    spaces, lowest = teacher.spaces, student.eigenvalues[degree]
    for clock in (1.0, 4.0, 10.0, 30.0):
        time = clock / float(lowest)
        leaked, before = _leaked(aligned, spaces.beyond, time)
        gap = arb(0).union(arb(teacher.optimality_gap))
        values = (
            (q.L_ST, student.loss(time)),
            (q.L_TE, student.teacher_loss - gap),
            (q.KAPPA, aligned[0][1]),
            (q.LAMBDA_TARGET, lowest),
            (q.LAMBDA_OUT, arb(aligned[1][0])),
            (q.TIME, arb(time)),
            (q.LEAKED, leaked),
            (q.LEAKED_BEFORE, before),
        )
        yield BallSetting(values, assumed(statement), f"dim {dim}, width {width}, t = {time:.3g}")


def scales(model: ReluSphere, teacher: SphereTeacher) -> list[tuple[float, arb]]:
    """(largest eigenvalue of the degree added, kappa of the set with it), S first."""
    spaces = teacher.spaces
    inside = [int(k) for k in np.flatnonzero(teacher.target_energies > 0)]
    order = [int(k) for k in np.argsort(-spaces.eigenvalues, kind="stable")]
    found, low = [], float(spaces.eigenvalues[inside].min())
    found.append((low, certified_kappa(model, teacher.features, inside)))
    for degree in order:
        if degree not in inside and spaces.eigenvalues[degree] > 0 and len(found) <= _LAST:
            inside = [*inside, degree]
            value = float(spaces.eigenvalues[degree])
            found.append((value, certified_kappa(model, teacher.features, inside)))
    return found


def _leaked(aligned: list[tuple[float, arb]], beyond: float, time: float) -> tuple[arb, arb]:
    """By parts over the sets; what lies beyond the last at once."""
    flow = field_function(GRADIENT_FLOW)
    levels = [ball(value, 1e-14 * value) for value, _ in aligned[1:]]
    passed = [flow(level, arb(time)) ** 2 for level in levels]
    leaked = before = arb(0)
    for place, high in enumerate(passed):
        low = passed[place + 1] if place + 1 < len(passed) else high
        leaked += (high - low) * aligned[place + 1][1]
        before += (high - low) * aligned[place][1]
    return leaked + passed[-1], before + passed[-1] * aligned[-1][1]
