"""Corollary 1 on real random-feature networks: ReLU teachers, infinite students, every time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checks.evidence import judge_all
from w2s_theory.certify import ball
from w2s_theory.experiments.networks import NetworkRun, relu_runs
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.settings import BallSetting

# By construction: the target is a unit harmonic, the teacher solves the normal equations up to an
# error that its ball contains, the kernel is positive, and the grid of times is.
GRANTS = tuple(a.id for a in load()["cor-1"].assumes)


@pytest.mark.parametrize("dim", [3, 8, 32])
@check("cor-1", Evidence.PROPERTY)
def test_cor_1_on_relu_networks(statement: Statement, profile: Profile, dim: int) -> Outcome:
    """Each draw and each stopping time is decided from balls around the two losses.

    The radii are the a-posteriori rounding bounds of teacher and student plus the student's
    truncation, so no sampling error and no tolerance enters.
    """
    runs = relu_runs(dim, profile.widths, profile.draws)
    settings = (setting for run in runs for setting in _along_the_curve(run))
    return judge_all(statement, settings, least=100)


def _along_the_curve(run: NetworkRun) -> Iterator[BallSetting]:
    teacher, curve = run.teacher, run.curve
    teacher_ball = ball(teacher.loss, teacher.error_bound + teacher.optimality_gap)
    label = f"dim {run.dim}, width {run.width}, draw {run.draw}"
    for time, loss, error, extra in zip(
        curve.times, curve.losses, curve.error_bound, curve.truncation, strict=True
    ):
        student_ball = ball(float(loss + extra / 2), float(error + extra / 2))
        yield BallSetting(
            ((q.L_TE, teacher_ball), (q.L_ST, student_ball)), GRANTS, f"{label}, t = {time:.3g}"
        )
