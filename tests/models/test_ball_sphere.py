"""The sphere in balls, against the float model."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from w2s_theory.models import ball_sphere
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.spectra.homogeneous import Homogeneous


@pytest.mark.parametrize("activation", ["relu", "step", "relu2", "abs", "gelu"])
def test_grams_of_all_and_of_some_degrees(activation: str) -> None:
    model = ReluSphere(4, activation)
    units = model.sample_features(6, np.random.default_rng(0))
    whole = np.array(model.ball_gram(units), dtype=float)
    np.testing.assert_allclose(
        whole, model.gram(units), atol=1e-8 if activation == "step" else 1e-15
    )
    some = np.array(model.ball_gram(units, [0, 1, 3]), dtype=float)
    floats = sum(model.space_gram(units, degree) for degree in (0, 1, 3))
    np.testing.assert_allclose(some, floats, atol=1e-15)
    assert float(ball_sphere.space_function(model._sigma, 4, [])(arb(1))) == 0


def test_units_are_exact_and_products_are_of_all_entries() -> None:
    row = ball_sphere.unit_ball(np.array([3.0, -4.0]))
    assert row[0].contains(arb(3) / 5)
    assert row[1].contains(arb(-4) / 5)
    assert ball_sphere.ball_dot([arb(1), arb(2)], [arb(3), arb(5)]) == 13
    root = Homogeneous(name="root", power=Fraction(1, 2))
    with pytest.raises(ValueError, match="activation must have an integer power, got 'root'"):
        ball_sphere.gram_function(root, 4)


@pytest.mark.parametrize(("degree", "largest"), [(2, 4), (3, 4), (4, 6)])
def test_the_largest_eigenvalue_beyond_a_degree_is_of_either_parity(
    degree: int, largest: int
) -> None:
    sigma = ReluSphere(4)._sigma
    assert isinstance(sigma, Homogeneous)
    found = ball_sphere.eigenvalue_beyond(sigma, 4, degree)
    assert found.overlaps(sigma.certified(largest, 4, digits=30) ** 2)
    assert found > sigma.certified(largest + 2, 4, digits=30) ** 2
