"""Kernels given by series: against closed forms, and what their stated error covers."""

from dataclasses import replace

import numpy as np
import pytest

from w2s_theory.certify.balls import precision
from w2s_theory.experiments.gains import mixed_target
from w2s_theory.models import series_kernel
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.extended_kernel import extended_gram
from w2s_theory.models.legendre import iterate_exactly
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.series_kernel import series
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.spectra.activations import get_activation
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.infinite import infinite_student

SWISH = "t/(1+exp(-t))"


def test_the_kernel_of_a_square_is_its_polynomial():
    points = np.linspace(-1, 1, 9)
    exact = (1 + 2 * points**2) / (5 * 7)
    assert ReluSphere(5, "t^2").kernel(points) == pytest.approx(exact, rel=1e-14)
    found = series(get_activation("t^2"), 5)
    assert np.abs(found.extended(points.astype(np.longdouble)) - exact).max() < 1e-17
    assert all(found.balls(2 * p - p).overlaps(found.balls(p)) for p in map(float, points[1:-1]))


@pytest.mark.parametrize(("name", "bits"), [("tanh", 256), ("erf", 76), ("(t+abs(t))/2", 128)])
def test_its_balls_are_those_of_the_legendre_sum_with_what_is_cut(name, bits):
    from flint import arb

    found = series(get_activation(name), 3, bits)
    for cosine in map(arb, (-1, -0.7, 0.25, 0.999)):
        with precision(bits + 100):
            terms = zip(found.weights, iterate_exactly(np.array([cosine]), 3), strict=False)
            whole = sum((weight * values[0] for weight, values in terms), arb(0)).mid()
            ends = [whole + sign * found.tail * arb("0.99") for sign in (-1, 0, 1)]
        with precision(bits):
            balls = found.balls(cosine)
        assert all(balls.contains(end) for end in ends)
        assert balls.rad() < 1.001 * found.tail + 2.0 ** (10 - bits)


@pytest.mark.slow
def test_a_gram_matrix_that_floats_lose_is_followed_in_balls():
    model = ReluSphere(3, "tanh")
    target = mixed_target(3, {1: 1.0})
    teacher = fit_teacher(model, model.sample_features(96, np.random.default_rng(0)), target)
    assert np.isinf(teacher.condition) or teacher.condition > 1e14
    assert 0 < teacher.error_bound < 1e-6 * teacher.loss


def test_the_stated_error_covers_a_kink_and_a_cut_series(monkeypatch):
    monkeypatch.setattr(series_kernel, "MOST_DEGREES", 12)
    typed = series(get_activation("(t+abs(t))/2"), 6, 60)
    points = np.linspace(-0.9, 0.9, 19).astype(np.longdouble)
    exact = extended_gram(get_activation("relu"), points, 6)
    off = float(np.abs(typed.extended(points) - exact).max())
    assert 1e-9 < off < typed.rounding(0.0, 0.9)
    short = replace(typed, weights=typed.weights[:3])
    lost = float(np.abs(short.extended(points) - exact).max())
    assert typed.rounding(0.0, 0.9) < lost < short.rounding(0.0, 0.9)


def test_what_lies_beyond_a_degree_is_bounded():
    for name in ("tanh", SWISH, "erf"):
        model = ReluSphere(4, name)
        longer = model.eigenspaces(20).eigenvalues
        for top in (3, 4):
            assert longer[top + 1 :].max() <= model.eigenspaces(top).beyond < longer.max()
        listed = float(longer @ model.eigenspaces(20).multiplicities)
        assert model.tail_trace(listed) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "width", "bits"), [(SWISH, 7, 128), ("gelu", 60, 256), ("abs", 12, 192)]
)
def test_teachers_and_students_lie_within_their_stated_errors(name, width, bits):
    """60 GELU features in d = 3 are singular in float64: fitted in balls."""
    model, target = ReluSphere(3, name), mixed_target(3, {2 if name == "abs" else 1: 1.0})
    features = model.sample_features(width, np.random.default_rng(5))
    teacher = fit_teacher(model, features, target)
    loss = certified_loss(model, features, target, teacher.weights, bits=bits)
    assert float(abs(loss - teacher.loss).upper()) <= teacher.error_bound
    exact, curve = certified_student(model, teacher, bits=bits), infinite_student(teacher)
    for place in (30, 60, 90):
        found, low = exact.loss(float(curve.times[place])), float(curve.losses[place])
        error = float(curve.error_bound[place])
        assert low - error <= found <= low + float(curve.truncation[place]) + error


def test_a_kink_typed_in_is_the_kink_with_a_stated_error():
    """Its pieces are analytic on either side of 0: 64 degrees are a matter of seconds."""
    target = mixed_target(9, {1: 1.0})
    losses = []
    for name in ("relu", "(t+abs(t))/2"):
        model = ReluSphere(9, name)
        features = model.sample_features(6, np.random.default_rng(1))
        teacher = fit_teacher(model, features, target, max_degree=8)
        losses.append((teacher.loss, teacher.error_bound))
    (closed, small), (typed, large) = losses
    assert small < 1e-14 < large < 1e-5
    assert 0 < abs(closed - typed) <= small + large
