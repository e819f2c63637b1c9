"""Arc-cosine kernels and Gram functions: mpmath, the series, and random features."""

import math

import mpmath
import numpy as np
import pytest

from w2s_theory.ledger.arccosine_polynomials import polynomials
from w2s_theory.spectra import arccosine_kernel, get_activation, legendre

GRID = np.concatenate(
    [np.linspace(-1, 1, 81), -1 + np.logspace(-13, -2, 12), 1 - np.logspace(-13, -2, 12)]
)
ERROR_RATE = 1e-6


def angular(order: int, rho: float) -> mpmath.mpf:
    """J_n by Cho & Saul's integral over the plane, for orders 0..3 in their printed form."""
    angle = mpmath.acos(mpmath.mpf(float(rho)))
    s, c, rest = mpmath.sin(angle), mpmath.cos(angle), mpmath.pi - angle
    return (
        rest,
        s + rest * c,
        3 * s * c + rest * (1 + 2 * c**2),
        4 * s**3 + 15 * s * c**2 + rest * (9 * s**2 * c + 15 * c**3),
    )[order]


@pytest.mark.parametrize("order", range(4))
def test_relative_error_on_the_whole_interval(order):
    with mpmath.workdps(80):
        for rho in GRID:
            exact = angular(order, rho) / (
                2 * mpmath.pi * mpmath.fprod(5 + 2 * j for j in range(order))
            )
            got = mpmath.mpf(float(arccosine_kernel(rho, 5, order)))
            if rho == -1:
                assert got == 0
            else:
                assert abs(got / exact - 1) < 2e-15, rho


def test_polynomials_of_low_order():
    assert polynomials(0) == ((), (1,))
    assert polynomials(1) == ((1,), (0, 1))
    assert polynomials(2) == ((0, 3), (1, 0, 2))
    assert polynomials(3) == ((4, 0, 11), (0, 9, 0, 6))


@pytest.mark.parametrize("name", ["step", "relu", "relu2", "relu3", "abs", "linear"])
@pytest.mark.parametrize("dim", [2, 3, 32])
def test_gram_is_the_sum_of_its_series(name, dim):
    activation = get_activation(name)
    rho = np.array([-1, -0.9, -0.2, 0.0, 1e-7, 0.6, 1.0])
    spectrum = activation.values(3000, dim)
    weights = spectrum.eigenvalues * spectrum.multiplicities
    series = weights @ legendre(3000, dim, rho)
    # |P_k| <= 1: what is left out is at most the trace less the part summed.
    rest = float(activation.gram(1.0, dim)) - weights.sum()
    assert rest < 4e-4
    assert np.abs(series - activation.gram(rho, dim)).max() <= rest + 1e-14


def test_shape_scalars_and_errors():
    assert arccosine_kernel(0.3, 4).shape == ()
    assert arccosine_kernel(np.zeros((2, 3)), 4).shape == (2, 3)
    assert float(arccosine_kernel(1.0 + 1e-15, 4)) == pytest.approx(1 / 8, rel=1e-15)
    assert float(get_activation("linear").gram(1e-9, 4)) == pytest.approx(2.5e-10, rel=1e-15)
    for bad in (1.1, -2, math.nan):
        with pytest.raises(ValueError, match=r"rho must lie in \[-1, 1\], got"):
            arccosine_kernel(bad, 4)
    with pytest.raises(ValueError, match="dim must be an integer >= 2, got 1"):
        arccosine_kernel(0.0, 1)
    with pytest.raises(ValueError, match="order must be an integer in 0"):
        arccosine_kernel(0.0, 3, -1)


@pytest.mark.parametrize("pieces", [7, 20_000])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_layout_of_an_array_does_not_matter(order, pieces):
    rho = np.linspace(-1, 1, 2 * pieces)
    wanted = arccosine_kernel(rho, 5, order)
    square, found = rho.reshape(2, -1), wanted.reshape(2, -1)
    kept = rho.copy()
    assert np.array_equal(arccosine_kernel(square.T, 5, order), found.T)
    assert np.array_equal(arccosine_kernel(rho[::-2], 5, order), wanted[::-2])
    assert np.array_equal(arccosine_kernel(square[:, ::3], 5, order), found[:, ::3])
    assert np.array_equal(rho, kept)


@pytest.mark.parametrize("name", ["step", "relu", "relu2", "abs", "erf", "cos"])
def test_random_features_meet_the_series(name):
    """10^5 features: the empirical kernel within its empirical Bernstein radius of the series.

    Products lie in [-1, 1] (range 2), the data are fixed, the features independent; error rate
    1e-6 over the three rho together (Maurer & Pontil 2009, theorem 4, both sides).
    """
    dim, count, correlations = 3, 100_000, (-0.6, 0.1, 0.8)
    activation = get_activation(name)
    direction = np.random.default_rng(20_250_304).standard_normal((count, dim))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    functions = {
        "step": lambda t: (t > 0).astype(float),
        "relu": lambda t: np.maximum(t, 0),
        "relu2": lambda t: np.maximum(t, 0) ** 2,
        "abs": np.abs,
        "erf": np.vectorize(math.erf),
        "cos": np.cos,
    }
    spectrum = activation.values(400, dim)
    weights = spectrum.eigenvalues * spectrum.multiplicities
    table = legendre(400, dim, np.array([*correlations, 1.0]))
    second = {"step": 1 / 2, "relu": 1 / 6, "relu2": 1 / 10, "abs": 1 / 3}.get(name)
    rest = second - weights.sum() if second else 1e-12
    log_term = math.log(4 * len(correlations) / ERROR_RATE)
    for rho, series in zip(correlations, weights @ table, strict=False):
        other = rho * direction[:, 0] + math.sqrt(1 - rho**2) * direction[:, 1]
        products = functions[name](direction[:, 0]) * functions[name](other)
        radius = math.sqrt(2 * products.var(ddof=1) * log_term / count)
        radius += 2 * 7 * log_term / (3 * (count - 1))
        assert radius < 0.01
        assert abs(products.mean() - series) <= radius + rest
