"""The certified finite student against a matrix exponential in balls, and the float student."""

import numpy as np
import pytest
from flint import arb, arb_mat

from w2s_theory.certify import precision
from w2s_theory.models import ball_sphere
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.ball_finite import certified_finite
from w2s_theory.students.finite import finite_students


def setting(dim, teacher_width, width, degree=1, seed=0):
    model, rng = ReluSphere(dim), np.random.default_rng([seed, dim])
    target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
    teacher = fit_teacher(model, model.sample_features(teacher_width, rng), target)
    return model, model.sample_features(width, rng), teacher


def by_exponential(model, features, teacher, time):
    """``v = A^-1 (1 - exp(-t A)) h`` and its loss, all in balls of 400 bits."""
    with precision(400):
        width = len(features)
        gram = ball_sphere.gram_function(model.sigma, model.dim)
        rows = [ball_sphere.unit_ball(row) for row in features]
        others = [ball_sphere.unit_ball(row) for row in teacher.features]
        a = arb_mat([[gram(ball_sphere.ball_dot(x, y)) for y in rows] for x in rows])
        for i in range(width):
            a[i, i] = gram(arb(1))
        a = a / width
        root = arb(width).sqrt()
        cross = arb_mat([[gram(ball_sphere.ball_dot(x, y)) for y in others] for x in rows])
        h = cross * arb_mat([[arb(float(w))] for w in teacher.weights]) / root
        overlaps, norm2 = model.ball_overlaps(features, teacher.target)
        b = arb_mat([[value] for value in overlaps]) / root
        v = a.solve(h - (a * arb(-time)).exp() * h)
        return norm2 + (v.transpose() * (a * v - 2 * b))[0, 0]


@pytest.mark.parametrize(("dim", "width", "degree"), [(2, 7, 1), (3, 9, 2), (16, 12, 1)])
@pytest.mark.parametrize("time", [0.5, 60.0, 4000.0])
def test_it_is_the_flow_of_the_matrix_exponential(dim, width, degree, time):
    model, features, teacher = setting(dim, 4, width, degree)
    found = certified_finite(model, features, teacher).loss(time)
    assert found.overlaps(by_exponential(model, features, teacher, time))
    assert found.rad() < 1e-18
    other = certified_finite(model, features, teacher).loss(time * (1 + 1e-9))
    assert not found.overlaps(other)


def test_the_untrained_student_loses_the_target():
    model, features, teacher = setting(5, 6, 10)
    assert certified_finite(model, features, teacher).loss(0).contains(1)


@pytest.mark.parametrize(("dim", "teachers", "width"), [(2, 12, 40), (3, 20, 64), (24, 16, 80)])
def test_the_float_student_errs_by_no_more_than_it_says(dim, teachers, width):
    model, features, teacher = setting(dim, teachers, width, seed=3)
    (curve,) = finite_students(model, features, [teacher], required=False).curves
    exact = certified_finite(model, features, teacher)
    assert abs(exact.loss(curve.best_time) - curve.best_loss) <= curve.best_error
    for place in range(0, curve.times.size, 20):
        error = abs(exact.loss(float(curve.times[place])) - float(curve.losses[place]))
        assert error <= float(curve.error_bound[place])
    # The bound is about something: a loss off by a millionth is seen.
    assert not exact.loss(curve.best_time).contains(curve.best_loss * (1 + 1e-6))


@pytest.mark.parametrize(("number", "dim", "width", "count"), [(29, 8, 5, 119), (473, 20, 4, 48)])
def test_the_estimate_holds_where_the_loss_stands_still(number, dim, width, count):
    """Between two steps its parts cancelled: by its own change the loss was 9 and 5 times off."""
    rng = np.random.default_rng([20261125, number])
    model = ReluSphere(int(rng.integers(2, 33)))
    target = harmonic_target(Harmonic(int(rng.integers(1, 3)), np.eye(dim)[0]))
    rng.uniform(size=2)
    teacher = fit_teacher(model, model.sample_features(width, rng), target)
    features = model.sample_features(count, rng)
    (curve,) = finite_students(model, features, [teacher], required=False).curves
    exact = certified_finite(model, features, teacher)
    for place in (100, 130, 160):
        error = abs(exact.loss(float(curve.times[place])) - float(curve.losses[place]))
        assert error <= float(curve.error_bound[place])


def test_a_bad_trial_widens_the_ball_and_never_lies():
    from dataclasses import replace

    model, features, teacher = setting(3, 5, 8)
    good = certified_finite(model, features, teacher)
    with precision(128):
        worse = [value * arb("1.001") for value in good.values]
        bent = arb_mat([[value] for value in worse])
        columns = (good.matrix * good.vectors).transpose().tolist()
        vectors = good.vectors.transpose().tolist()
        residuals = [
            ball_sphere.ball_dot(gap, gap).abs_upper().sqrt()
            for gap in (
                [x - rate * y for x, y in zip(column, vector, strict=True)]
                for column, vector, rate in zip(columns, vectors, bent.entries(), strict=True)
            )
        ]
    bad = replace(good, values=worse, residuals=residuals).loss(50.0)
    assert bad.rad() > 1e-9
    assert bad.overlaps(good.loss(50.0))


def test_bad_input():
    model, features, teacher = setting(3, 4, 6)
    with pytest.raises(ValueError, match="at most 1024"):
        certified_finite(model, np.tile(features, (200, 1)), teacher)
    with pytest.raises(ValueError, match="rows of length 3"):
        certified_finite(model, np.eye(4), teacher)
    with pytest.raises(ValueError, match="bits"):
        certified_finite(model, features, teacher, bits=10)
    for time in (-1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="time"):
            certified_finite(model, features, teacher).loss(time)
