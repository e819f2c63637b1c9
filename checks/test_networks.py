"""Real random-feature networks: least-squares ReLU teachers and their infinite students."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from checks.support.judging import combine, judge_all
from w2s_theory.certify import Verdict, ball, to_arb
from w2s_theory.experiments.networks import NetworkRun, relu_runs
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.students.ball_student import certified_student

# By construction: the target is a unit harmonic, the teacher solves the normal equations up to an
# error that its ball contains, the kernel is positive, and the grid of times is.
GRANTS = tuple(a.id for a in load()["cor-1"].assumes)


@pytest.mark.parametrize("dim", [3, 8, 32])
@check("cor-1", Evidence.PROPERTY)
def test_cor_1_on_relu_networks(statement: Statement, profile: Profile, dim: int) -> Outcome:
    """Each draw and each stopping time is decided from balls around the two losses.

    The radii are the a-posteriori rounding bounds of teacher and student plus the student's
    truncation, so no sampling error and no tolerance enters. In d = 3 a wide teacher's L_TE^2 is
    of the size of those radii: there fewer are drawn, and enclosed in Arb wherever a radius is
    more than a hundredth of the loss.
    """
    seed = profile.stream("cor-1")
    wide = tuple(width for width in profile.widths if dim == 3 and width > 64)
    others = tuple(width for width in profile.widths if width not in wide)
    runs = itertools.chain(
        relu_runs(dim, others, profile.draws, seed=seed),
        relu_runs(dim, wide, profile.draws // 3, seed=seed),
    )
    settings = (setting for run in runs for setting in _along_the_curve(run))
    return judge_all(statement, settings, least=100)


def _along_the_curve(run: NetworkRun) -> Iterator[BallSetting]:
    teacher, curve = run.teacher, run.curve
    teacher_ball = ball(teacher.loss, teacher.error_bound + teacher.optimality_gap)
    label = f"dim {run.dim}, width {run.width}, draw {run.draw}"
    vague = curve.error_bound > curve.losses / 100
    certified = certified_student(ReluSphere(run.dim), teacher) if vague.any() else None
    for time, loss, error, extra, floats in zip(
        curve.times, curve.losses, curve.error_bound, curve.truncation, ~vague, strict=True
    ):
        student_ball = ball(float(loss + extra / 2), float(error + extra / 2))
        if certified is not None and not floats:
            teacher_ball, student_ball = certified.teacher_loss, certified.loss(float(time))
        yield BallSetting(
            ((q.L_TE, teacher_ball), (q.L_ST, student_ball)), GRANTS, f"{label}, t = {time:.3g}"
        )


@pytest.mark.parametrize("dim", [3, 8])
@check("thm-4.1", Evidence.CERTIFIED)
def test_thm_4_1_on_relu_networks(statement: Statement, profile: Profile, dim: int) -> Outcome:
    """Networks in balls: both losses, and that teacher and student are shrinkage optimal.

    Floats miss the least-squares fit on either side, so its weights are shrunk by 2^-30: the
    teacher is then strictly shrinkage optimal, which the balls must show like all the rest.
    """
    model = ReluSphere(dim)
    settings = []
    for run in relu_runs(dim, (4, 16, 48), profile.draws, seed=profile.stream("thm-4.1")):
        teacher = replace(run.teacher, weights=run.teacher.weights * (1 - 2.0**-30))
        student = certified_student(model, teacher)
        best = student.best_time(teacher)
        for time in (best / 8, best, 2 * best):
            norm2, along = student.products(time)
            numbers = (
                (q.TARGET_NORM2, to_arb(1)),
                (q.L_TE, student.teacher_loss),
                (q.L_ST, student.loss(time)),
                (q.TEACHER_NORM2, student.teacher_norm2),
                (q.TEACHER_TARGET, sum(student.overlaps, to_arb(0))),
                (q.STUDENT_NORM2, norm2),
                (q.STUDENT_TEACHER, along),
            )
            label = f"dim {dim}, width {run.width}, draw {run.draw}, t = {time:.3g}"
            settings.append(BallSetting(numbers, ("unit-target",), label))
    return judge_all(statement, settings, least=len(settings))


@pytest.mark.parametrize("dim", [3, 8])
@check("lem-ls", Evidence.PROPERTY)
def test_lem_ls_on_relu_networks(statement: Statement, profile: Profile, dim: int) -> Outcome:
    """Certified against float: L_TE enclosed in ball arithmetic, ||f_T||^2 from float weights.

    They must fit the claim to 10 digits, and the float loss must lie within its own error bound.
    """
    model = ReluSphere(dim)
    settings, agree = [], Verdict.PROVED
    for run in relu_runs(dim, (4, 8, 16), profile.draws, seed=profile.stream("lem-ls")):
        teacher = run.teacher
        slack = teacher.error_bound + teacher.optimality_gap
        certified = certified_loss(model, teacher.features, teacher.target)
        if not ball(teacher.loss, slack).overlaps(certified):
            agree = Verdict.REFUTED
        norm2 = ball(teacher.norm2, slack)
        numbers = (
            (q.L_TE, certified),
            (q.TARGET_NORM2, to_arb(1)),
            (q.TEACHER_NORM2, norm2),
            (q.TEACHER_TARGET, norm2),
        )
        settings.append(BallSetting(numbers, ("least-squares",), f"dim {dim}, width {run.width}"))
    claim = replace(statement, claim=statement.claim[-1:])
    held = judge_all(claim, settings, least=len(settings), digits=10)
    return combine(held, Outcome(verdict=agree, detail="float and certified losses differ"))
