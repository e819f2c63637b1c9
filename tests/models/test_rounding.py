"""Every rounding bound of the models against balls, on inputs that make the rounding large.

Signed weights whose sum is 0, rows that nearly coincide, cosines at the ends of [-1, 1], huge and
tiny scales. Where a bound is sharp, the error found is a good part of it: a bound weakened fails.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import arb, arb_mat

from w2s_theory.certify import lower, precision
from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.ball_sphere import ball_dot, gram_balls, unit_ball, zonal_function
from w2s_theory.models.energies import degree_energies, extended_form
from w2s_theory.models.extended_kernel import extended_gram, gram_rounding
from w2s_theory.models.harmonic_polynomials import polynomial_target
from w2s_theory.models.legendre import legendre_extended, legendre_rounding
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.roundoff import DOUBLE_EPS, EXTENDED_EPS, gamma
from w2s_theory.models.targets import Harmonic, HarmonicSum, harmonic_target, unit_rows
from w2s_theory.models.teacher import fit_teacher, teacher_from_weights
from w2s_theory.spectra.homogeneous import Homogeneous

BITS = 256


def exactly(value: np.longdouble) -> arb:
    """A longdouble as the binary fraction that it is."""
    high = float(value)
    return arb(high) + arb(float(value - np.longdouble(high)))


def largest(balls: list[arb]) -> float:
    return max(float(abs(ball).upper()) for ball in balls)


def test_gamma_is_the_error_of_that_many_roundings() -> None:
    for unit in (EXTENDED_EPS, DOUBLE_EPS, 2.0**-10):
        for count in (1, 7, 400):
            product = Fraction(count) * Fraction(unit)
            assert gamma(count, unit) == pytest.approx(
                float(product / (1 - product)), rel=1e-15, abs=0
            )
    assert gamma(511, 2.0**-10) > 0
    with pytest.raises(ValueError, match="n u < 1/2, got 512"):
        gamma(512, 2.0**-10)
    # n factors (1 + u) stay below 1 + gamma
    assert gamma(100, 2.0**-10) > (1 + 2.0**-10) ** 100 - 1


@pytest.mark.parametrize("error", [0.0, 1e-15, 1e-9])
@pytest.mark.parametrize(("dim", "degree"), [(2, 30), (3, 1), (3, 25), (5, 8), (32, 12)])
def test_legendre_values_at_wrong_cosines(dim: int, degree: int, error: float) -> None:
    rng = np.random.default_rng(degree)
    inside = np.r_[1, 1 - 1e-12, 0.9, 0.3, 0, -0.7, -1, rng.uniform(-1, 1, 10)]
    true = np.clip(inside.astype(np.longdouble), -1 + 2 * error, 1)
    moved = true - np.longdouble(error)
    bound = legendre_rounding(degree, dim, error)
    with precision(BITS):
        run = zonal_function(degree, dim)
        values = legendre_extended(degree, moved, dim)
        errors = [exactly(value) - run(exactly(t)) for value, t in zip(values, true, strict=True)]
        # what the cosines' own error rounds to
        slip = EXTENDED_EPS * (degree * (degree + dim - 2) / (dim - 1))
        assert largest(errors) <= bound + slip
        if error == 1e-9:  # sharp at 1: the slope there is the bound's
            assert largest(errors[:1]) >= 0.999 * bound


@pytest.mark.parametrize("unit", [DOUBLE_EPS, EXTENDED_EPS])
def test_the_recurrence_alone_rounds_by_what_is_stated(unit: float) -> None:
    bound = legendre_rounding(6, 4, 0.0, unit)
    assert bound == pytest.approx(4 * unit * 42, rel=1e-15, abs=0)


ACTIVATIONS = [
    Homogeneous(name="plus", power=Fraction(1)),
    Homogeneous(name="odd", power=Fraction(1), plus=Fraction(1), minus=Fraction(-1)),
    Homogeneous(name="even", power=Fraction(2), plus=Fraction(1), minus=Fraction(1)),
    Homogeneous(name="signed", power=Fraction(2), plus=Fraction(3), minus=Fraction(-2)),
    Homogeneous(name="sign", power=Fraction(0), plus=Fraction(1), minus=Fraction(-1)),
    Homogeneous(name="step", power=Fraction(0)),
    Homogeneous(name="cubic", power=Fraction(3), plus=Fraction(-1, 8), minus=Fraction(1, 8)),
]


@pytest.mark.parametrize("error", [1e-18, 1e-10])
@pytest.mark.parametrize("sigma", ACTIVATIONS, ids=lambda sigma: sigma.name)
def test_signed_features_keep_the_gram_bound(sigma: Homogeneous, error: float) -> None:
    dim, order = 4, int(sigma.power)
    plus, minus = (arb(float(c)) for c in (sigma.plus, sigma.minus))
    points = np.r_[0.0, 1e-9, -1e-9, 0.5, -0.5, 0.99, -0.99].astype(np.longdouble)
    bound = gram_rounding(sigma, dim, error, 0.99)
    with precision(BITS):
        run = lower(kernels.gram(order).subs(q.SPACE_DIM, dim))
        found = []
        for shift in (-error, error):
            values = extended_gram(sigma, points + np.longdouble(shift), dim)
            for value, point in zip(values, points, strict=True):
                t = exactly(point)
                same, mixed = run({q.RHO: t}), run({q.RHO: -t})
                exact = (plus**2 + minus**2) * same + 2 * plus * minus * mixed
                found.append(exactly(value) - exact)
        assert 0 < largest(found) <= bound
        if error == 1e-10 and order == 0:  # sharp where the slope is largest
            assert largest(found) > 0.2 * bound


def test_the_step_near_its_infinite_slope() -> None:
    """Where gap and error meet the slope is bounded by a square root, and still holds."""
    sigma, error = ACTIVATIONS[5], 1e-10
    for gap in (0.0, 0.5e-10, 1e-10, 1.5e-10, 1e-9, 1e-6):
        point = np.longdouble(1) - np.longdouble(gap)
        bound = gram_rounding(sigma, 3, error, float(point))
        with precision(BITS):
            run = lower(kernels.gram(0).subs(q.SPACE_DIM, 3))
            moved = np.array([point - np.longdouble(error), min(point + np.longdouble(error), 1)])
            values = extended_gram(sigma, moved, 3)
            exact = run({q.RHO: exactly(point)})
            worst = largest([exactly(value) - exact for value in values])
        assert worst <= bound
        assert worst >= 0.2 * bound


def cancelling(dim: int, width: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows that nearly coincide, with weights of opposite sign: all sums are near 0."""
    rng = np.random.default_rng(width)
    half = rng.standard_normal((width // 2, dim))
    close = half + 1e-6 * rng.standard_normal(half.shape)
    weights = scale * rng.uniform(1, 2, width // 2)
    rows = unit_rows(np.concatenate([half, close])).astype(np.float64)
    return rows, np.concatenate([weights, -weights])


@pytest.mark.parametrize("scale", [1e-150, 1.0, 1e100])
@pytest.mark.parametrize("dim", [2, 3, 16])
def test_energies_of_cancelling_weights(dim: int, scale: float) -> None:
    units, weights = cancelling(dim, 70, scale)
    rows = unit_rows(units)
    scales = np.array([1.0, 2.0, 0.5, 0.0, 1.0, 3.0])
    energies, errors = degree_energies(units, weights, scales, dim)
    with precision(BITS):
        balls = [unit_ball(row) for row in units]
        column = arb_mat([[arb(float(w))] for w in weights])
        for k, factor in enumerate(scales):
            gram = arb_mat(gram_balls(balls, zonal_function(k, dim)))
            exact = (column.transpose() * gram * column)[0, 0] * factor
            assert abs(float(arb(float(energies[k])) - exact)) <= errors[k]
            assert (errors[k] == 0) == (factor == 0)
            # far from nothing: of the size of (sum |w|)^2 roundings
            mass = float(np.abs(weights).sum()) ** 2
            assert errors[k] <= 1e4 * (k + 1) ** 2 * DOUBLE_EPS * mass * factor
            form = exactly(extended_form(k, rows, weights, dim)) * factor
            bound = legendre_rounding(k, dim, gamma(3 * dim + 10)) + gamma(2 * 70 + 8)
            assert abs(float(form - exact)) <= bound * mass * factor
            assert errors[k] >= 2 * DOUBLE_EPS * mass * factor * (70 + 4 + k * (k + 1))


COMPONENTS = {
    "zonal": Harmonic(7, [1.0, -2, 3], 1e3),
    "negative scale": Harmonic(4, [1e-200, 1e-200, 0], -2.0),
    "cancelling sum": HarmonicSum(
        (Harmonic(5, [1.0, 2, 3], 1.0), Harmonic(5, [1.0, 2, 3 + 1e-9], -1.0))
    ),
    "tiny": HarmonicSum((Harmonic(2, [1.0, 0, 0], 1e-9), Harmonic(2, [0, 1.0, 0], -1e-9))),
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_values_of_a_component_err_by_no_more_than_its_bound(name: str) -> None:
    part = COMPONENTS[name]
    rng = np.random.default_rng(3)
    units = np.concatenate([rng.standard_normal((40, 3)), np.eye(3), [[1.0, 2, 3], [-1, -2, -3]]])
    rows = unit_rows(units)
    with precision(BITS):
        run, energy = part.in_balls()
        exact = [run(unit_ball(row)) for row in units]
        found = part.values(rows)
        worst = largest([exactly(v) - e for v, e in zip(found, exact, strict=True)])
        bound = part.rounding(gamma(3 * 3 + 10))
        assert 0 < worst <= bound
        size = sum(abs(term.scale) for term in getattr(part, "terms", (part,))) ** 2
        assert abs(float(energy) - part.energy) <= 1e-15 * size
    # a shifted cosine: the bound's slope is that of the function at the axis
    steep = part.rounding(1e-6) - part.rounding(0.0)
    slope = sum(
        abs(term.scale) * np.sqrt(2 * term.degree + 1) * (term.degree * (term.degree + 1) / 2)
        for term in getattr(part, "terms", (part,))
    )
    assert steep >= 0.999e-6 * slope


def test_a_polynomial_of_cancelling_terms() -> None:
    x = sp.symbols("x1:4")
    expression = (x[0] - x[1]) ** 5 + 1000 * (x[0] - x[2]) ** 3 - 999 * x[0] ** 3
    target = polynomial_target(expression, x, normalise=True)
    along = np.ones(3) + 1e-7 * np.arange(60).reshape(20, 3)
    rows = unit_rows(along)
    with precision(BITS):
        for part in target.components:
            run, energy = part.in_balls()
            found = part.values(rows)
            errors = [exactly(v) - run(unit_ball(row)) for v, row in zip(found, along, strict=True)]
            bound = part.rounding(gamma(3 * 3 + 10))
            assert largest(errors) <= bound
            sizes = sum(abs(float(c)) for c in part.coefficients)
            assert bound >= sizes * (8 * part.degree + 8) * EXTENDED_EPS
            assert part.rounding(1e-6) - part.rounding(0.0) >= 0.99e-6 * sizes * part.degree
            assert abs(float(energy) - part.energy) < 1e-15


@pytest.mark.parametrize("activation", ["relu", "step", "relu2"])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_loss_of_cancelling_weights_errs_by_no_more_than_its_bound(
    activation: str, scale: float
) -> None:
    model = ReluSphere(3, activation)
    target = harmonic_target(Harmonic(1, [1.0, 2, 2]))
    units, weights = cancelling(3, 24, scale)
    teacher = teacher_from_weights(model, units, target, weights)
    exact = certified_loss(model, units, target, weights)
    assert float(abs(arb(teacher.loss) - exact).upper()) <= teacher.error_bound
    # Its parts: G and the inner products err by their own bounds times (sum |w|)^2.
    system = model.extended_system(target, units)
    mass = float(np.abs(weights).sum())
    assert teacher.error_bound >= system.gram_error * mass**2 + 2 * system.overlap_error * mass


@pytest.mark.parametrize("activation", ["relu", "relu2"])
def test_entries_of_the_system_err_by_no_more_than_stated(activation: str) -> None:
    model = ReluSphere(4, activation)
    target = harmonic_target([Harmonic(1, [1.0, 0, 0, 0], 0.6), Harmonic(2, [1.0, 1, 0, 0], -0.8)])
    units, _ = cancelling(4, 20, 1.0)
    system = model.extended_system(target, units)
    with precision(BITS):
        gram = model.ball_gram(units)
        overlaps, _ = model.ball_overlaps(units, target)
        errors = [exactly(system.gram[i, j]) - gram[i][j] for i in range(20) for j in range(20)]
        assert 0 < largest(errors) <= system.gram_error
        errors = [exactly(b) - e for b, e in zip(system.overlaps, overlaps, strict=True)]
        assert 0 < largest(errors) <= system.overlap_error


def test_overlaps_and_noise_of_cancelling_weights() -> None:
    model = ReluSphere(3)
    target = harmonic_target([Harmonic(1, [1.0, 0, 0], 0.6), Harmonic(2, [1.0, 1, 0], -0.8)])
    units, weights = cancelling(3, 24, 1.0)
    found = model.expand(target, units, weights, 6)
    with precision(BITS):
        rows = [unit_ball(row) for row in units]
        w = [arb(float(value)) for value in weights]
        for part in target.components:
            k = part.degree
            run, energy = part.in_balls()
            coefficient = model._sigma.certified(k, 3, digits=40)
            overlap = coefficient * ball_dot(w, [run(row) for row in rows])
            assert abs(float(arb(float(found.overlaps[k])) - overlap)) <= found.overlap_errors[k]
            gram = arb_mat(model.ball_gram(units, [k]))
            column = arb_mat([[value] for value in w])
            whole = (column.transpose() * gram * column)[0, 0]
            noise = whole - overlap**2 / energy
            assert abs(float(arb(float(found.noise[k])) - noise)) <= found.noise_errors[k]


def test_the_gap_to_the_optimum_counts_the_rounding_of_the_residual() -> None:
    """Weights a little off: the gap is the residual's square over the least eigenvalue."""
    model = ReluSphere(3)
    target = harmonic_target(Harmonic(1, [1.0, 2, 2]))
    units = model.sample_features(16, np.random.default_rng(2))
    fitted = fit_teacher(model, units, target)
    best = certified_loss(model, units, target)
    for size in (0.0, 1e-9, 1e-3):
        weights = fitted.weights + size * np.resize([1.0, -1.0], 16)
        teacher = teacher_from_weights(model, units, target, weights)
        gap = certified_loss(model, units, target, weights) - best
        assert float(gap.upper()) <= teacher.optimality_gap
    assert replace(fitted, loss=0.0).optimality_gap > 0
