"""Ingredients of the strategies: spectra, vectors, features."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import draws
from w2s_theory.certify import to_fmpq
from w2s_theory.search import coordinates
from w2s_theory.search.teachers import FeatureTeacher

F = Fraction
DIMS = st.integers(2, coordinates.MAX_DIM)
TANGENT = st.fractions(min_value=-100, max_value=100, max_denominator=50)
exactly = settings(max_examples=20, deadline=None, derandomize=True, database=None)


def target(dim):
    return tuple(to_fmpq(int(i == 0)) for i in range(dim))


def test_eigenvalues_spread_repeat_and_vanish():
    found = draws(coordinates.eigenvalues(4), 100)
    assert all(len(values) == 4 for values in found)
    flat = {x for values in found for x in values}
    assert all(x == 0 or F(1, 10**12) <= x < F(10**13) for x in flat)
    assert min(x for x in flat if x) < F(1, 10**9)
    assert max(flat) > 10**9
    assert sum(0 in values for values in found) >= 5
    assert sum(len(set(values)) < 4 for values in found) >= 5
    assert any(len(set(values)) >= 3 for values in found)
    assert any(list(values) != sorted(values) for values in found)
    assert any(list(values) != sorted(values, reverse=True) for values in found)


@exactly
@given(DIMS.flatmap(coordinates.unit_vectors))
def test_unit_vectors_are_unit_vectors(vector):
    assert sum(x * x for x in vector) == 1


@pytest.mark.parametrize("dim", [1, 0, -2])
def test_unit_vectors_need_two_coordinates(dim):
    with pytest.raises(ValueError, match=f"dim must be an integer >= 2, got {dim}"):
        coordinates.unit_vectors(dim)


@exactly
@given(st.data(), DIMS)
def test_features_are_independent_and_fewer_than_coordinates(data, dim):
    rows = data.draw(coordinates.feature_rows(dim))
    assert 1 <= len(rows) < dim
    assert {len(row) for row in rows} == {dim}
    assert coordinates.independent(rows)
    FeatureTeacher(rows, "least-squares").weights(target(dim))


@pytest.mark.parametrize(
    ("rows", "independent"),
    [
        (((1, 0, 0), (0, 1, 0)), True),
        (((1, 2, 3), (2, 4, 6)), False),
        (((0, 0, 0),), False),
        (((1, 1, 0), (0, 1, 1), (1, 0, -1)), False),
        (((1, 1, 0), (0, 1, 1), (1, 0, 1)), True),
    ],
)
def test_independence(rows, independent):
    assert coordinates.independent([[F(x) for x in row] for row in rows]) is independent


@exactly
@given(st.lists(TANGENT, min_size=1, max_size=4))
def test_stereographic_points_are_unit_vectors(tangent):
    point = coordinates.from_stereographic(tangent)
    assert sum(x * x for x in point) == 1
    assert [x / (1 + point[0]) for x in point[1:]] == tangent


@pytest.mark.parametrize(
    ("x", "digits", "value"),
    [(0.123456, 2, F(123, 1000)), (123456.0, 0, F(100000)), (-2e-9, 3, F(-2, 10**9)), (0.0, 5, 0)],
)
def test_rounding_counts_significant_digits(x, digits, value):
    assert coordinates.rounded(x, digits) == value
