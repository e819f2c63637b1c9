"""Multiplicities and Legendre polynomials against SciPy and exact counting."""

import itertools
import math

import numpy as np
import pytest
from scipy.special import eval_chebyt, eval_gegenbauer

from w2s_theory.ledger import kernels
from w2s_theory.spectra import formulas, iterate_legendre, legendre, multiplicity
from w2s_theory.spectra.harmonics import iterate_multiplicity, scaled_multiplicities

POINTS = np.array([-1.0, -0.999, -0.5, 0.0, 1e-9, 0.3, 0.97, 1.0])


def homogeneous_polynomials(degree: int, dim: int) -> int:
    return math.comb(dim + degree - 1, degree) if degree >= 0 else 0


@pytest.mark.parametrize("dim", [2, 3, 4, 9, 32])
@pytest.mark.parametrize("degree", range(8))
def test_multiplicity_counts_harmonic_polynomials(degree, dim):
    expected = homogeneous_polynomials(degree, dim) - homogeneous_polynomials(degree - 2, dim)
    assert multiplicity(degree, dim) == expected


@pytest.mark.parametrize("dim", [2, 3, 32, 10_000])
def test_multiplicities_one_by_one(dim):
    found = list(itertools.islice(iterate_multiplicity(dim), 60))
    assert found == [multiplicity(degree, dim) for degree in range(60)]


@pytest.mark.parametrize("dim", [2, 3, 32, 10_000])
def test_float_multiplicities_and_logs_match_the_exact_integers(dim):
    scaled = scaled_multiplicities(3000, dim)
    floats, logs = scaled.floats(), scaled.logs()
    for degree in (0, 1, 2, 3, 17, 400, 2999, 3000):
        exact = multiplicity(degree, dim)
        assert abs(logs[degree] - math.log(exact)) <= 1e-13 * max(1.0, math.log(exact))
        if exact < 1 << 1020:
            assert abs(floats[degree] / exact - 1) < 1e-13
        elif exact >= 1 << 1024:
            assert floats[degree] == math.inf


@pytest.mark.parametrize("dim", [2, 3, 5, 32, 1000])
def test_legendre_matches_scipy(dim):
    ours = legendre(60, dim, POINTS)
    for degree in range(61):
        if dim == 2:
            theirs = eval_chebyt(degree, POINTS)
        else:
            index = (dim - 2) / 2
            theirs = eval_gegenbauer(degree, index, POINTS) / eval_gegenbauer(degree, index, 1.0)
        # A three-term recurrence rounds by at most 4 u k (k + 1) = 1.6e-12, and in practice less.
        np.testing.assert_allclose(ours[degree], theirs, rtol=0, atol=2e-13)


@pytest.mark.parametrize("dim", [2, 3, 32])
def test_legendre_stays_in_the_unit_interval_at_high_degree(dim):
    values = legendre(10_000, dim, np.linspace(-1, 1, 41))
    assert np.abs(values).max() <= 1 + 1e-12
    np.testing.assert_array_equal(values[:, -1], 1.0)
    np.testing.assert_array_equal(values[:, 0], (-1.0) ** np.arange(10_001))


def test_chebyshev_is_the_cosine_of_the_multiple_angle():
    angle = np.linspace(0.1, 3.0, 7)
    # The slope k/sin(angle) times the cosine's rounding, 500 * 1.1e-16/0.1, and the steps' own.
    ours = legendre(500, 2, np.cos(angle))[500]
    np.testing.assert_allclose(ours, np.cos(500 * angle), rtol=0, atol=1e-11)


def test_iterator_reuses_its_arrays_and_keeps_shape():
    source = iterate_legendre(np.full((2, 3), 0.5), 4)
    first, second, third = (next(source) for _ in range(3))
    assert first.shape == second.shape == third.shape == (2, 3)
    np.testing.assert_array_equal(second, 0.5)
    assert not third.flags.writeable
    next(source)
    assert not np.array_equal(first, np.ones((2, 3)))


def test_scalar_argument_and_argument_left_alone():
    points = np.array([1.0 + 1e-15, -1.0])
    assert legendre(3, 5, 0.25).shape == (4,)
    legendre(3, 5, points)
    assert points[0] > 1


@pytest.mark.parametrize("bad", [1.5, -1.1, math.nan, math.inf])
def test_points_outside_are_refused(bad):
    with pytest.raises(ValueError, match=r"t must lie in \[-1, 1\], got"):
        legendre(2, 3, [0.0, bad])


@pytest.mark.parametrize("dim", [1, 0, -3, 2.5, True, "3"])
def test_bad_dimensions_are_refused(dim):
    for call in (
        lambda: multiplicity(2, dim),
        lambda: legendre(2, dim, 0.0),
        lambda: iterate_legendre(0.0, dim),
    ):
        with pytest.raises(ValueError, match="dim must be an integer >= 2, got"):
            call()


@pytest.mark.parametrize("degree", [-1, 1.0, True])
def test_bad_degrees_are_refused(degree):
    with pytest.raises(ValueError, match="degree must be an integer >= 0, got"):
        multiplicity(degree, 3)


@pytest.mark.parametrize("dim", [2, 3, 8])
@pytest.mark.parametrize("degree", [1, 2, 3, 10])
def test_symbolic_multiplicity_is_the_integer(degree, dim):
    formula = kernels.MULTIPLICITY.expr.subs({formulas.K: degree, formulas.D: dim})
    assert formula == multiplicity(degree, dim)
