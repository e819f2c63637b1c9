"""The student's rounding bound against balls, and against every error its teacher allows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import Teacher, fit_teacher, teacher_from_weights
from w2s_theory.students import infinite
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.infinite import infinite_student

MODEL = ReluSphere(3)


@pytest.fixture(scope="module")
def teacher() -> Teacher:
    """Fitted weights, and pairs of opposite ones on rows that nearly coincide."""
    target = harmonic_target([Harmonic(1, [1.0, 2, 2], 0.6), Harmonic(2, [0.0, 0, 1], 0.8)])
    rng = np.random.default_rng(1)
    first = MODEL.sample_features(16, rng)
    second = first + 1e-6 * rng.standard_normal(first.shape)
    second /= np.linalg.norm(second, axis=1)[:, None]
    large = 0.5 * rng.uniform(1, 2, 16)
    fitted = fit_teacher(MODEL, first, target).weights
    weights = np.concatenate([fitted + large, -large])
    return teacher_from_weights(MODEL, np.concatenate([first, second]), target, weights)


def test_a_student_of_cancelling_weights_errs_by_no_more_than_its_bound(teacher: Teacher) -> None:
    curve, student = infinite_student(teacher), certified_student(MODEL, teacher)
    for i in range(0, curve.times.size, 25):
        ball = student.loss(float(curve.times[i]))
        slack = float(curve.error_bound[i] + curve.truncation[i]) + float(ball.rad())
        assert abs(float(ball) - curve.losses[i]) <= slack


@pytest.mark.parametrize("kept", [1.0, 0.3, -0.5, 1.5])
@pytest.mark.parametrize("what", ["overlap", "noise"])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_bound_covers_every_error_the_teacher_allows(
    teacher: Teacher, kept: float, what: str, sign: int
) -> None:
    """To first order, for a filter of either sign that may overshoot."""
    values = {"overlap": "overlaps", "noise": "noise"}[what]
    errors = 1e-7 * (1 + np.arange(teacher.noise.size) % 3)  # far above float64's own
    given = replace(teacher, **{f"{what}_errors": errors})
    share = np.full((1, errors.size), kept)
    before = infinite._losses(given, share, 1 - share)
    bound = infinite._rounding(given, share, 1 - share)
    for k in np.flatnonzero(teacher.target_energies if what == "overlap" else share[0]):
        one = np.where(np.arange(errors.size) == k, sign * errors, 0)
        moved = replace(given, **{values: getattr(given, values) + one})
        change = infinite._losses(moved, share, 1 - share) - before
        second_order = (kept * errors[k]) ** 2 / max(teacher.target_energies[k], 0.1)
        assert abs(change) <= bound + second_order
    if what == "noise":  # the errors add up
        moved = replace(given, noise=given.noise + errors)
        change = infinite._losses(moved, share, 1 - share) - before
        assert 0.999 * change <= kept**2 * errors.sum() <= bound


def test_the_bound_grows_with_the_error_of_the_eigenvalues(teacher: Teacher) -> None:
    """A relative error r of lambda moves s = 1 - exp(-lambda t) by at most r: |lambda s'| <= 1."""
    r = 1e-7
    spaces = replace(teacher.spaces, relative_errors=np.full_like(teacher.noise, r))
    given = replace(teacher, spaces=spaces)
    for time in (0.1, 3.0, 50.0, 1e4):
        moved_spaces = replace(spaces, eigenvalues=spaces.eigenvalues * (1 + r))
        one = infinite_student(given, [time])
        other = infinite_student(replace(given, spaces=moved_spaces), [time])
        assert abs(one.losses - other.losses) <= one.error_bound * (1 + 1e-6)
        assert one.error_bound < 20 * r
