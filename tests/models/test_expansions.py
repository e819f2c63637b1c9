"""Targets of infinitely many degrees: networks and zonal functions, their tails and refusals."""

import numpy as np
import pytest

from w2s_theory.models import series_kernel
from w2s_theory.models.expansions import network_target, zonal_target
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target, unit_rows
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent
from w2s_theory.theorems.kappa import best_master_bound

MODEL = ReluSphere(4)


def network(most=40, model=MODEL):
    return network_target(model, 6, np.random.default_rng(3), most)


@pytest.mark.parametrize("name", ["relu", "gelu"])
def test_a_network_is_fitted_exactly_by_its_own_features(name):
    model = ReluSphere(4, name)
    target = network(model=model)
    assert target.energies(40).sum() + target.tail == pytest.approx(1, abs=1e-14)
    assert 0 <= target.tail < 1e-3
    teacher = fit_teacher(model, target.network.rows, target)
    assert teacher.loss <= teacher.error_bound < 1e-12
    other = model.sample_features(6, np.random.default_rng(8))
    units = unit_rows(other)
    listed = sum(
        float(model.spectrum(part.degree).coefficients[part.degree]) * part.values(units)
        for part in target.components
    )
    trace = float(model.kernel(1.0))
    assert (
        np.abs(listed - model.target_overlaps(target, other)).max()
        < np.sqrt(trace * target.tail) + 1e-15
    )


def test_what_is_listed_of_a_network_changes_nothing_beyond_the_stated_bounds():
    features = MODEL.sample_features(20, np.random.default_rng(1))
    short, long = (fit_teacher(MODEL, features, network(most), max_degree=most) for most in (6, 40))
    assert short.target_tail > 10 * long.target_tail
    assert short.loss == pytest.approx(long.loss, abs=short.error_bound + long.error_bound)
    times = np.array([1e2, 1e3, 1e4])
    wide, narrow = infinite_student(short, times), infinite_student(long, times)
    assert (wide.losses <= narrow.losses + narrow.truncation).all()
    assert (narrow.losses <= wide.losses + wide.truncation).all()
    # Without what the target has beyond, both ends would miss it.
    assert (narrow.losses > wide.losses - short.target_tail).all()
    assert (wide.truncation > narrow.truncation).all()


def test_a_zonal_function_is_its_expansion():
    features = MODEL.sample_features(12, np.random.default_rng(2))
    linear, degree = zonal_target("3*t", 4, 40), harmonic_target(Harmonic(1, np.eye(4)[0]))
    assert linear.tail < 1e-20
    losses = [fit_teacher(MODEL, features, target).loss for target in (linear, degree)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
    bump = zonal_target("exp(-4*(1-t)^2)", 4, 40)
    points = np.linspace(-1, 1, 11)
    rows = unit_rows(np.stack([points, np.sqrt(1 - points**2), 0 * points, 0 * points], axis=1))
    values = sum(part.values(rows) for part in bump.components)
    exact = np.exp(-4 * (1 - points) ** 2)
    assert np.ptp((values / exact).astype(float)[2:]) < 1e-9
    assert bump.energies(40).sum() == pytest.approx(1, abs=1e-14)


def test_what_is_no_expansion_is_refused(monkeypatch):
    monkeypatch.setattr(series_kernel, "MOST_DEGREES", 8)
    with pytest.raises(ValueError, match="target must be smooth: its first 8 degrees leave"):
        zonal_target("abs(t)+t", 4, 5)
    with pytest.raises(ValueError, match="smooth function of t, got 'relu'"):
        zonal_target("relu", 4, 40)
    for build in (lambda: zonal_target("0*t", 4, 5), lambda: network(model=ReluSphere(4, "0*t"))):
        with pytest.raises(ValueError, match="target must not vanish, got"):
            build()
    with pytest.raises(ValueError, match="max_degree must be the expansion's, 40, got 41"):
        network().energies(41)
    with pytest.raises(ValueError, match="finitely many degrees to be known in balls"):
        MODEL.ball_overlaps(np.eye(4), zonal_target("t", 4, 6))
    with pytest.raises(ValueError, match="finitely many degrees, got an expansion"):
        deterministic_equivalent(MODEL, network(), 5, 40)
    with pytest.raises(ValueError, match="finitely many degrees, got an expansion"):
        best_master_bound(MODEL, fit_teacher(MODEL, np.eye(4), network()))
    with pytest.raises(ValueError, match="finitely many degrees to be known in balls"):
        certified_student(MODEL, fit_teacher(MODEL, np.eye(4), network()))
    with pytest.raises(ValueError, match="width"):
        network_target(MODEL, 0, np.random.default_rng(0), 40)
