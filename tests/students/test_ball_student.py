"""The student in balls, against the float curve, the certified teacher and the definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import arb, ctx

from w2s_theory.experiments.gains import certified_gains, mixed_target, relu_gains
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import Teacher, fit_teacher
from w2s_theory.students.ball_student import CertifiedStudent, certified_student
from w2s_theory.students.infinite import infinite_student

CASES = [
    (3, "relu", {1: 1.0}, 48),
    (3, "relu", {0: 0.1, 1: 0.4, 2: 0.3, 4: 0.2}, 48),
    (8, "relu", {2: 1.0}, 48),
    (2, "relu", {1: 1.0}, 20),
    (4, "step", {1: 1.0}, 32),
    (3, "relu2", {0: 0.5, 2: 0.5}, 24),
]


def _pair(
    dim: int, activation: str, energies: dict[int, float], width: int
) -> tuple[ReluSphere, Teacher]:
    model = ReluSphere(dim, activation)
    units = model.sample_features(width, np.random.default_rng(5))
    return model, fit_teacher(model, units, mixed_target(dim, energies))


@pytest.mark.parametrize(("dim", "activation", "energies", "width"), CASES)
def test_float_and_certified_losses_agree_within_the_bounds(
    dim: int, activation: str, energies: dict[int, float], width: int
) -> None:
    model, teacher = _pair(dim, activation, energies, width)
    curve, student = infinite_student(teacher), certified_student(model, teacher)
    assert abs(float(student.teacher_loss) - teacher.loss) <= teacher.error_bound
    for i in range(0, curve.times.size, 20):
        ball = student.loss(float(curve.times[i]))
        slack = float(curve.error_bound[i] + curve.truncation[i]) + float(ball.rad())
        assert abs(float(ball) - curve.losses[i]) <= slack
    best = student.loss(student.best_time(teacher))
    slack = float((curve.error_bound + curve.truncation)[curve.times <= 2 * curve.best_time].max())
    assert abs(float(best) - curve.best_loss) <= slack + float(best.rad())


def test_the_teacher_is_the_one_of_the_certified_system() -> None:
    model, teacher = _pair(3, "relu", {1: 1.0}, 48)
    other = certified_loss(model, teacher.features, teacher.target, teacher.weights)
    loss = certified_student(model, teacher).teacher_loss
    assert loss.overlaps(other)
    assert loss.rad() < 1e-40


@pytest.fixture(scope="module")
def student() -> tuple[Teacher, CertifiedStudent]:
    model, teacher = _pair(3, "relu", {1: 1.0}, 48)
    return teacher, certified_student(model, teacher)


def test_energies_add_up_and_the_tail_is_positive(
    student: tuple[Teacher, CertifiedStudent],
) -> None:
    teacher, found = student
    assert found.tail > 0
    assert sum(found.energies, arb(0)) < teacher.norm2
    # ReLU learns no odd degree from 3 on.
    assert all(found.energies[k].is_zero() for k in range(3, 41, 2))


def test_an_untrained_student_loses_all_and_the_best_obeys_the_limit(
    student: tuple[Teacher, CertifiedStudent],
) -> None:
    teacher, found = student
    start = found.loss(0.0)
    assert start.contains(1)
    assert start.rad() < 1e-15  # the energy of the target's float direction
    time = found.best_time(teacher)
    with ctx.workprec(192):
        loss = found.teacher_loss
        floor = (1 + loss - ((1 + 3 * loss) * (1 - loss)).sqrt()) / 2
        assert found.loss(time) > floor
        assert found.loss(time) < loss
    assert found.loss(time) < found.loss(1.01 * time)
    assert found.loss(time) < found.loss(0.99 * time)


def test_gains_in_balls_are_those_of_the_same_draws() -> None:
    target = mixed_target(3, {1: 1.0})
    balls = certified_gains(3, target, 32, 2, seed=3)
    floats = relu_gains(3, target, 32, 2, seed=3)
    # Float64 errs by 1e-14 (times the weights' size); losses here are above 1e-4 and 1e-7.
    assert balls.teacher_losses.min() > 1e-4
    assert balls.student_losses.min() > 1e-7
    np.testing.assert_allclose(balls.teacher_losses, floats.teacher_losses, rtol=1e-8)
    np.testing.assert_allclose(balls.student_losses, floats.student_losses, rtol=1e-6)
    assert 0 < balls.estimate < 1e-12 * balls.student_losses.min()


def test_bad_input_is_named(student: tuple[Teacher, CertifiedStudent]) -> None:
    teacher, found = student
    for time in (-1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="time must be"):
            found.loss(time)
    with pytest.raises(ValueError, match=r"L_TE\^2 / 1000, got 64"):
        certified_student(ReluSphere(3), teacher, bits=64)
    with pytest.raises(ValueError, match="must have dim 4"):
        certified_student(ReluSphere(4), teacher)
    with pytest.raises(ValueError, match="must have finitely many degrees"):
        certified_student(ReluSphere(3), replace(teacher, target_tail=0.1))


def test_its_curve_encloses_its_losses_where_floats_know_nothing() -> None:
    model, target = ReluSphere(2), mixed_target(2, {1: 1.0})
    units = model.sample_features(48, np.random.default_rng(1))
    teacher = fit_teacher(model, units, target)
    plain, student = infinite_student(teacher), certified_student(model, teacher, bits=256)
    curve = student.curve(teacher)
    assert plain.best_error > plain.best_loss
    assert curve.best_error < curve.best_loss / 2
    for place in (0, 60, -1):
        loss = student.loss(float(curve.times[place]))
        assert abs(loss - curve.losses[place]) <= curve.error_bound[place]
    assert abs(student.loss(curve.best_time) - curve.best_loss) <= curve.best_error
    assert curve.best_loss <= curve.losses.min() + curve.best_error
