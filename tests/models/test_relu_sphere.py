from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from w2s_theory.models.cosines import unit_cosines
from w2s_theory.models.energies import degree_energies
from w2s_theory.models.legendre import legendre_extended, legendre_rounding
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.roundoff import EXTENDED_EPS
from w2s_theory.models.targets import Harmonic, harmonic_target, unit_rows

ACTIVATIONS = ["step", "relu", "relu2", "abs", "linear"]
SIGMA = {
    "step": lambda t: (t > 0).astype(float),
    "relu": lambda t: np.maximum(t, 0),
    "relu2": lambda t: np.maximum(t, 0) ** 2,
    "abs": np.abs,
    "linear": lambda t: t,
}
ERROR_RATE_SIGMAS = 6.0  # two-sided Gaussian tail 2e-9 an entry; < 1e-6 for 100 entries


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gram_and_overlaps_match_sampled_inputs(activation: str) -> None:
    model = ReluSphere(4, activation)
    rng = np.random.default_rng(5)
    units = model.sample_features(6, rng)
    inputs = model.sample_features(200_000, rng)
    target = harmonic_target(Harmonic(2 if activation != "linear" else 1, [1.0, 2, 0, -1]))
    values = SIGMA[activation](inputs @ units.T)
    labels = target.components[0].values(unit_rows(inputs)).astype(float)
    products = np.concatenate(
        [values[:, :, None] * values[:, None, :], (values * labels[:, None])[:, :, None]], axis=2
    )
    mean, spread = products.mean(axis=0), products.std(axis=0) / np.sqrt(len(inputs))
    exact = np.column_stack([model.gram(units), model.target_overlaps(target, units)])
    assert (np.abs(mean - exact) <= ERROR_RATE_SIGMAS * spread + 1e-15).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_extended_gram_agrees_with_the_float_gram(activation: str) -> None:
    model = ReluSphere(7, activation)
    units = model.sample_features(700, np.random.default_rng(0))  # more than one row block
    units[5] = -units[3]
    target = harmonic_target(Harmonic(1, np.ones(7)))
    system = model.extended_system(target, units)
    # the step's slope at -1 is infinite: float64 keeps half its digits there
    tolerance = 1e-8 if activation == "step" else 1e-15
    assert np.abs(system.gram - model.gram(units)).max() < tolerance
    assert (system.gram == system.gram.T).all()


def test_space_grams_sum_to_the_gram() -> None:
    model = ReluSphere(6)
    units = model.sample_features(10, np.random.default_rng(1))
    total = sum(model.space_gram(units, degree) for degree in range(60))
    off_diagonal = ~np.eye(10, dtype=bool)
    assert np.abs(total - model.gram(units))[off_diagonal].max() < 1e-8
    spaces = model.eigenspaces(60)
    assert np.diag(total) == pytest.approx(
        (spaces.eigenvalues * spaces.multiplicities)[:60].sum(), rel=1e-14
    )


@pytest.mark.parametrize("dim", [2, 3, 8, 32])
def test_energies_match_the_full_quadratic_form(dim: int) -> None:
    model = ReluSphere(dim)
    rng = np.random.default_rng(dim)
    units, weights = model.sample_features(150, rng), rng.standard_normal(150)
    scales = np.array([1.0, 0.5, 0.25, 0.0, 2.0, 0.0, 1.0])
    energies, errors = degree_energies(units, weights, scales, dim)
    rows = unit_rows(units)
    cosines = np.clip(rows @ rows.T, -1, 1)
    for degree, scale in enumerate(scales):
        form = scale * (weights @ legendre_extended(degree, cosines, dim) @ weights)
        assert abs(energies[degree] - float(form)) <= errors[degree]
        assert errors[degree] <= 1e-9 * (1 + float(form))


@pytest.mark.parametrize("dim", [2, 5, 32, 1000])
def test_split_products_are_exact_to_the_extended_type(dim: int) -> None:
    rng = np.random.default_rng(dim)
    left = unit_rows(rng.standard_normal((5, dim)))
    right = unit_rows(rng.standard_normal((7, dim)) * np.geomspace(1, 1e-12, dim))
    right[0] = left[0]
    exact = [[_exact_dot(a, b) for b in right] for a in left]
    error = max(
        abs(_fraction(value) - reference)
        for row, references in zip(unit_cosines(left, right), exact, strict=True)
        for value, reference in zip(row, references, strict=True)
    )
    assert error < 4 * EXTENDED_EPS


def _fraction(value: np.longdouble) -> Fraction:
    high = float(value)
    return Fraction(high) + Fraction(float(value - np.longdouble(high)))


def _exact_dot(left: np.ndarray, right: np.ndarray) -> Fraction:
    pairs = zip(left, right, strict=True)
    return sum((_fraction(a) * _fraction(b) for a, b in pairs), Fraction(0))


def test_the_legendre_bound_covers_the_extended_recurrence() -> None:
    from mpmath import mp

    for dim, degree in ((2, 40), (3, 25), (32, 12)):
        points = np.linspace(-1, 1, 41).astype(np.longdouble)
        computed = legendre_extended(degree, points, dim)
        bound = legendre_rounding(degree, dim, 0.0)
        with mp.workdps(40):
            for point, value in zip(points, computed, strict=True):
                t = mp.mpf(float(point)) + mp.mpf(float(point - np.longdouble(float(point))))
                before, now = mp.mpf(1), t
                for k in range(1, degree):
                    above = (2 * k + dim - 2) * t * now - k * before
                    before, now = now, above / (k + dim - 2)
                high = float(value)
                low = float(value - np.longdouble(high))
                assert abs(mp.mpf(high) + mp.mpf(low) - now) <= bound


def test_eigenspaces_bound_what_they_leave_out() -> None:
    for dim in (2, 5, 32):
        longer = ReluSphere(dim).eigenspaces(40)
        for top in (7, 8):
            beyond = ReluSphere(dim).eigenspaces(top).beyond
            assert beyond == longer.eigenvalues[top + 1 :].max()
            assert beyond > 0


def test_unlearnable_energy() -> None:
    model = ReluSphere(5)
    mixed = harmonic_target([Harmonic(2, np.eye(5)[0], 0.8), Harmonic(3, np.eye(5)[0], 0.6)])
    assert model.unlearnable_energy(mixed) == pytest.approx(0.36, rel=1e-14)
    assert ReluSphere(5, "step").unlearnable_energy(mixed) == pytest.approx(0.64, rel=1e-14)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (np.ones((3, 4)), "unit rows"),
        (np.eye(3), "length 4"),
        (np.full((2, 4), np.nan), "finite"),
        (np.empty((0, 4)), "non-empty"),
    ],
)
def test_bad_features(features: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReluSphere(4).gram(features)


def test_the_dimension_is_a_plain_integer() -> None:
    assert type(ReluSphere(np.int8(3)).dim) is int


def test_bad_models_and_targets() -> None:
    for degree in (-1, b"1", [2]):
        with pytest.raises(ValueError, match="max_degree"):
            ReluSphere(3).eigenspaces(degree)
    with pytest.raises(ValueError, match="dim must be an integer >= 2, got 1"):
        ReluSphere(1)
    with pytest.raises(ValueError, match="activation"):
        ReluSphere(3, "tanhh")
    with pytest.raises(ValueError, match="target must have dim 3, got 4"):
        ReluSphere(3).unlearnable_energy(harmonic_target(Harmonic(1, np.ones(4))))
    with pytest.raises(ValueError, match="target must have dim 3, got 4"):
        ReluSphere(3).target_energies(harmonic_target(Harmonic(1, np.ones(4))), 2)
    with pytest.raises(ValueError, match="width"):
        ReluSphere(3).sample_features(0, np.random.default_rng(0))
