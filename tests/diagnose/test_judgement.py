"""The verdict: every word of it on a run whose truth is known, and no false alarm."""

import re
from pathlib import Path

import numpy as np
import pytest

import w2s_theory
from w2s_theory.diagnose.diagnosis import diagnose
from w2s_theory.diagnose.kinds import Standing
from w2s_theory.ledger.registry import load
from w2s_theory.theorems.floors import shrinkage_floor


def plane(count=500, seed=0, third=0.0):
    """Functions a e_1 + b e_2 + c e_3 of Gaussian inputs; exactly orthonormal on the data."""
    x = np.random.default_rng(seed).standard_normal((count, 3))
    q, _ = np.linalg.qr(x)
    x = q * np.sqrt(count)
    return lambda a, b, c=third: x @ np.array([a, b, c])


def least_squares_teacher(f, loss):
    """f_T = P f*: norm^2 1 - L, on the half circle over [0, f*]."""
    return f(1 - loss, np.sqrt(loss * (1 - loss)))


def nearest_student(f, loss):
    """The point of the ball over [0, f_T] that is nearest to f*."""
    t = np.array([1 - loss, np.sqrt(loss * (1 - loss))])
    away = np.array([1.0, 0.0]) - t / 2
    return f(*(t / 2 + np.linalg.norm(t) / 2 * away / np.linalg.norm(away)))


def said(found, text):
    return any(text in reason for reason in found.reasons)


@pytest.mark.parametrize("loss", [0.1, 0.3, 2 / 3])
@pytest.mark.parametrize("inputs", ["test", "training"])
def test_the_sharp_student_is_at_the_limit(loss, inputs):
    f = plane(100_000)
    found = diagnose(
        f(1, 0), least_squares_teacher(f, loss), nearest_student(f, loss), inputs=inputs
    )
    floor = float(shrinkage_floor(loss))
    for name in ("student_loss", "floor", "instance_floor", "limit"):
        assert getattr(found.run, name).estimate == pytest.approx(floor, rel=1e-9)
    assert found.run.pgr.estimate == pytest.approx(found.run.pgr_ceiling.estimate, rel=1e-9)
    assert found.verdict is Standing.AT, found.reasons
    assert said(found, "the same within 5%")


def test_a_good_student_is_within_with_its_room():
    f = plane()
    found = diagnose(f(1, 0), least_squares_teacher(f, 0.3), f(0.7, 0.3))
    assert found.verdict is Standing.WITHIN
    assert found.run.ratio.low > 1.05
    assert said(found, f"is {found.run.ratio.estimate:.3g} (")


@pytest.mark.parametrize("inputs", ["test", "training"])
@pytest.mark.parametrize(
    ("loss", "student", "nearer"),
    [
        (0.6, (0.55, 0.15), False),  # a little beyond the ball
        (0.2, (0.98, 0.02), True),  # as gold labels do
    ],
)
def test_below_the_limit_an_assumption_fails_and_the_causes_are_told(loss, student, nearer, inputs):
    f = plane()
    found = diagnose(f(1, 0), least_squares_teacher(f, loss), f(*student), inputs=inputs)
    assert found.verdict is Standing.BELOW
    assert said(found, "so an assumption fails")
    assert said(found, "it overshot (momentum, a step above 1/lambda_max)")
    assert said(found, "nearer to the target than to the teacher") == nearer
    assert said(found, "different test sets")
    assert said(found, "one interval in 20 misses") == (inputs == "test")
    assert found.run.student_loss.estimate > found.run.instance_floor.estimate


def test_momentum_is_caught():
    """Heavy ball from 0 on two eigenvalues overshoots, here towards the target (lem-1's mutant)."""
    f = plane(100)
    teacher, values = np.array([0.8, 0.4]), np.array([1.0, 0.05])
    now = before = np.zeros(2)
    gaps = []
    for _ in range(8):
        now, before = now + 0.8 * (now - before) + 0.5 * values * (teacher - now), now
        gaps.append(diagnose(f(1, 0), f(*teacher), f(*now), inputs="training"))
    assert {found.verdict for found in gaps} >= {Standing.WITHIN, Standing.BELOW}
    below = next(found for found in gaps if found.verdict is Standing.BELOW)
    assert said(below, "overshot (momentum")


def test_a_warm_start_is_below_the_limit_from_zero_and_explained_by_its_start():
    f = plane()
    target, teacher, start = f(1, 0), least_squares_teacher(f, 0.3), f(0.95, 0.1)
    student = 0.9 * start + 0.1 * teacher
    without = diagnose(target, teacher, student)
    assert without.verdict is Standing.BELOW
    assert said(without, "started elsewhere than at 0 (then give its start)")
    found = diagnose(target, teacher, student, start=start)
    assert found.verdict is Standing.WITHIN
    assert said(found, "its start explains that")
    assert not said(found, "assumption fails")
    assert not said(found, "Theorem 4.1 applies")
    overshot = start - 0.4 * (teacher - start)
    away = diagnose(target, teacher, f(1, 0) + 0.01 * overshot, start=f(0.2, -0.2))
    assert away.verdict is Standing.BELOW
    assert not said(away, "then give its start")


@pytest.mark.parametrize("inputs", ["test", "training"])
def test_a_negative_teacher_gap_is_no_violation(inputs):
    """A teacher scaled up beyond least squares: L_ST below Theorem 4.1's floor, and explained."""
    f = plane()
    target, teacher = f(1, 0), f(1.1, 0.4)
    student = f(1.02, 0.1)
    found = diagnose(target, teacher, student, inputs=inputs)
    run = found.run
    assert run.teacher_gap.high < 0 < run.student_gap.low
    assert run.above_floor.high < 0
    assert found.verdict is Standing.WITHIN
    assert said(found, "the teacher's gap is negative")
    assert said(found, "the teacher's gap explains it: this is no violation")
    assert not said(found, "assumption fails")


def test_only_a_loss_that_is_surely_below_the_floor_is_explained():
    """An estimate above Theorem 4.1's floor whose interval reaches below it."""
    f = plane(60)
    loss = 0.3
    found = diagnose(f(1, 0), least_squares_teacher(f, loss), 1.02 * nearest_student(f, loss))
    assert found.run.above_floor.low < 0 < found.run.above_floor.high
    assert not said(found, "is below Theorem 4.1's floor")


def test_where_the_limit_is_zero_nothing_is_below_it():
    f = plane()
    found = diagnose(f(1, 0), f(1.3, 0.2), f(1, 0.001))
    assert found.run.ratio is None
    assert found.verdict is Standing.WITHIN
    assert said(found, "is 0 for this teacher: a student may reach any loss")


def test_the_theorem_speaks_of_a_loss_of_one_and_of_none_above():
    f = plane()
    assert diagnose(f(1, 0), f(2, 0), f(1, 0.5)).run.floor is not None
    assert diagnose(f(1, 0), f(2.01, 0), f(1, 0.5)).run.floor is None


def noisy(count, seed, shift=0.0):
    """A student at the limit up to noise that is the same at every number of examples."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((count, 2))
    loss = 0.3
    t = np.array([1 - loss, np.sqrt(loss * (1 - loss))])
    away = np.array([1.0, 0.0]) - t / 2
    s = t / 2 + (1 + shift) * np.linalg.norm(t) / 2 * away / np.linalg.norm(away)
    return x[:, 0], x @ t, x @ s


def test_few_examples_are_undecided_and_as_many_as_asked_decide():
    columns = noisy(60, seed=2, shift=-0.1)
    found = diagnose(*columns)
    assert found.verdict is Standing.UNDECIDED
    (reason,) = [r for r in found.reasons if "about" in r]
    needed = int(reason.split("about ")[1].split()[0])
    assert 500 < needed < 1000

    def of(share):  # the same estimates at another number of examples
        return diagnose(*(np.tile(v, round(share * needed / 60)) for v in columns)).verdict

    assert of(0.6) is Standing.UNDECIDED
    assert of(1.5) is not Standing.UNDECIDED


def test_an_estimate_below_the_limit_is_below_only_where_nothing_is_sampled():
    columns = noisy(60, seed=2, shift=0.1)
    found = diagnose(*columns)
    assert found.run.room.estimate < 0 < found.run.room.high
    assert found.verdict is Standing.UNDECIDED
    assert diagnose(*columns, inputs="training").verdict is Standing.BELOW


def test_training_inputs_are_judged_exactly_and_test_inputs_up_to_sampling():
    """The same small negative gap: an error of training there, noise here."""
    f = plane(200)
    target, teacher = f(1, 0), least_squares_teacher(f, 0.3)
    student = teacher + 0.05 * np.random.default_rng(1).standard_normal(200)
    exact = diagnose(target, teacher, student, inputs="training")
    assert exact.run.student_gap.estimate < 0
    assert said(exact, "the student's gap on its training inputs is")
    sampled = diagnose(target, teacher, student)
    assert sampled.run.student_gap.high > 0
    assert said(sampled, "the student's gap is 0 or positive up to sampling")
    assert not said(sampled, "on its training inputs is")


def test_a_gap_within_single_precision_of_zero_is_zero():
    f = plane()
    teacher = least_squares_teacher(f, 0.3).astype(np.float32)
    found = diagnose(f(1, 0), teacher, (1 + 1e-7) * teacher.astype(float), inputs="training")
    assert found.run.student_gap.estimate < 0
    assert not said(found, "< 0")


def test_rescaling_is_no_contradiction():
    f = plane()
    found = diagnose(f(1, 0), least_squares_teacher(f, 0.3), f(0.7, 0.0))
    assert found.run.rescaled_loss.estimate == pytest.approx(0, abs=1e-12)
    assert found.run.best_scale.estimate == pytest.approx(1 / 0.7)
    assert said(found, "below the limit: no contradiction")


def test_few_units_are_said():
    f = plane(30)
    found = diagnose(f(1, 0), least_squares_teacher(f, 0.3), f(0.5, 0.2), groups=np.arange(30) // 2)
    assert said(found, "15 groups are few")


def test_checkpoints_tell_where_the_gain_stopped_and_what_agreement_would_choose():
    f = plane(400)
    target, teacher = f(1, 0, 0), f(0.7, 0.35, 0.25)
    steps = {str(t): f(0.7 * (1 - 0.1**t), 0.35 * (1 - 0.9**t), 0) for t in (1, 2, 8, 64)}
    found = diagnose(target, teacher, steps)
    assert [run.checkpoint for run in found.runs] == list(steps)
    assert (found.best, found.agreement) == (1, 3)
    misfits = [run.misfit.estimate for run in found.runs]
    assert misfits == sorted(misfits, reverse=True)
    later = found.runs[3].student_loss.estimate - found.run.student_loss.estimate
    assert found.later_loss.estimate == found.agreement_loss.estimate == pytest.approx(later)
    assert said(found, "of 4 checkpoints 2 has the least loss")
    assert said(found, "until 64 L_ST grew by")
    assert said(found, "would have chosen the last, 64, which loses")
    alone = diagnose(target, teacher, steps["2"]).run
    assert alone.student_loss.estimate == found.run.student_loss.estimate
    rising = diagnose(target, teacher, {"1": steps["1"], "2": steps["2"]})
    assert rising.later_loss is None
    assert said(rising, "the last checkpoint is the best")


def test_statements_that_reasons_name_are_in_the_ledger():
    root = Path(w2s_theory.__file__).parent
    sources = [*sorted((root / "diagnose").glob("*.py")), root / "commands/diagnose.py"]
    pattern = r"\(([a-z]+-[a-z0-9.-]+|pretrained)\)"
    named = [name for path in sources for name in re.findall(pattern, path.read_text())]
    assert {"thm-4.1-instance", "weak-validation", "squared-only", "pretrained"} <= set(named)
    assert set(named) <= set(load())
