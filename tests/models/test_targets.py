from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from w2s_theory.models.harmonic_polynomials import harmonic_parts, polynomial_target, sphere_moment
from w2s_theory.models.targets import Harmonic, Target, harmonic_target, unit_rows
from w2s_theory.spectra.harmonics import legendre, multiplicity


def _units(count: int, dim: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, dim))
    return unit_rows(rows)


@pytest.mark.parametrize(("degree", "dim"), [(0, 3), (1, 2), (2, 5), (4, 32), (7, 3)])
def test_harmonic_values_match_the_float_recurrence(degree: int, dim: int) -> None:
    axis = np.arange(1.0, dim + 1)
    units = _units(50, dim)
    cosines = units.astype(float) @ (axis / np.linalg.norm(axis))
    expected = np.sqrt(multiplicity(degree, dim)) * legendre(degree, dim, cosines)[degree]
    values = Harmonic(degree, axis).values(units)
    assert values.dtype == np.longdouble
    # The reference is the float64 recurrence.
    assert values.astype(float) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_sum_of_harmonics_has_the_norm_of_its_gram_matrix() -> None:
    first, second = np.eye(4)[0], np.array([0.6, 0.8, 0, 0])
    cosine = (4 * 0.36 - 1) / 3  # P_2 in dimension 4 at 0.6
    scale = 1 / np.sqrt(2 + 2 * cosine)
    target = harmonic_target([Harmonic(2, first, scale), Harmonic(2, second, scale)])
    assert target.degrees == (2,)
    assert target.components[0].energy == pytest.approx(1, abs=1e-14)
    with pytest.raises(ValueError, match=r"norm 1, got 1\.41"):
        harmonic_target([Harmonic(1, first), Harmonic(2, first)])


@pytest.mark.parametrize(
    ("degree", "direction", "scale", "message"),
    [
        (-1, [1, 0], 1.0, "degree"),
        (True, [1, 0], 1.0, "degree"),
        (1, [0, 0], 1.0, "direction"),
        (1, [1], 1.0, "direction"),
        (1, [np.nan, 0], 1.0, "direction"),
        (1, [1, 0], np.inf, "scale"),
    ],
)
def test_bad_harmonics(degree: int, direction: list[float], scale: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Harmonic(degree, direction, scale)


def test_a_target_orders_its_degrees_and_dims() -> None:
    one, two = Harmonic(1, [1, 0], 0.6), Harmonic(2, [1, 0], 0.8)
    assert Target((one, two)).degrees == (1, 2)
    with pytest.raises(ValueError, match="increasing"):
        Target((two, one))
    with pytest.raises(ValueError, match="dim"):
        Target((one, Harmonic(2, [1, 0, 0], 0.8)))
    with pytest.raises(ValueError, match="max_degree"):
        Target((one, two)).energies(1)


def test_moments_of_the_sphere() -> None:
    # E x_1^2 = 1/d, E x_1^4 = 3/(d(d+2)), E x_1^2 x_2^2 = 1/(d(d+2))
    assert sphere_moment((2, 0, 0), 3) == sp.Rational(1, 3)
    assert sphere_moment((4, 0, 0), 3) == sp.Rational(3, 15)
    assert sphere_moment((2, 2, 0), 3) == sp.Rational(1, 15)
    assert sphere_moment((1, 2, 0), 3) == 0


X = sp.symbols("x1:5")


@pytest.mark.parametrize(
    "expression",
    [
        X[0] ** 2,
        X[0] ** 4 - 3 * X[1] ** 2 * X[2] ** 2 + X[3],
        (X[0] * X[1] + sp.Rational(1, 3)) ** 2 + sp.sqrt(2) * X[2] ** 3 * X[3],
        X[0] ** 6 + X[1] ** 5,
    ],
)
def test_harmonic_parts_sum_to_the_polynomial_and_are_harmonic(expression: sp.Expr) -> None:
    parts = harmonic_parts(expression, X)
    units = _units(20, 4).astype(float)
    total = np.zeros(20)
    for degree, (terms, energy) in parts.items():
        poly = sum(
            c * sp.prod(x**e for x, e in zip(X, key, strict=True)) for key, c in terms.items()
        )
        total += np.array([float(poly.subs(dict(zip(X, row, strict=True)))) for row in units])
        # homogenise with |x|^2: the result must be harmonic, by SymPy's own derivatives
        radius = sum(x**2 for x in X)
        harmonic = sum(
            c
            * sp.prod(x**e for x, e in zip(X, key, strict=True))
            * radius ** sp.Rational(degree - sum(key), 2)
            for key, c in terms.items()
        )
        assert sp.expand(sum(sp.diff(harmonic, x, 2) for x in X)) == 0
        square = sp.Poly(sp.expand(poly**2), *X)
        norm2 = sum(c * sphere_moment(key, 4) for key, c in square.terms())
        assert sp.simplify(norm2 - energy) == 0
    direct = [float(expression.subs(dict(zip(X, row, strict=True)))) for row in units]
    # The reference evaluates the expanded polynomial in float64.
    assert total == pytest.approx(direct, rel=1e-12, abs=1e-12)


def test_a_polynomial_target_equals_the_zonal_harmonic_it_is() -> None:
    # sqrt(N_2) P_2(x1) in dimension 4, N_2 = 9, P_2(t) = (4 t^2 - 1)/3
    target = polynomial_target(4 * X[0] ** 2 - 1, X)
    assert target.degrees == (2,)
    units = _units(30, 4)
    zonal = Harmonic(2, np.eye(4)[0]).values(units)
    assert np.abs(target.components[0].values(units) - zonal).max() < 1e-17


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (X[0] ** 2, r"norm 1 on the sphere, got sqrt\(2\)/4"),
        (sp.sin(X[0]), "polynomial"),
        (0.5 * X[0], "exact"),
        (X[0] * sp.Symbol("y"), "exact"),
        (sum(x**2 for x in X) - 1, "vanish"),
    ],
)
def test_bad_polynomials(expression: sp.Expr, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        polynomial_target(expression, X)
