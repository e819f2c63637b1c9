"""Dimensions, degrees and radii beyond what floats hold: values, logarithms and balls."""

import numpy as np
import pytest
import sympy as sp
from flint import arb

from w2s_theory.certify import lower, precision
from w2s_theory.ledger import kernels
from w2s_theory.spectra import arccosine_kernel, get_activation
from w2s_theory.spectra.harmonics import multiplicity

DIMS = [2**29 - 1, 2**29, 10**12, 10**22, 10**30, 10**154, 10**308, 10**400]


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize("name", ["step", "relu", "relu3", "abs"])
def test_float_spectra_are_right_in_any_dimension(name, dim):
    sigma = get_activation(name)
    spectrum = sigma.values(60, dim)
    for degree in (0, 1, 2, 3, 4, 7, 16, 59, 60):
        ball = sigma.certified(degree, dim, 25)
        value, log = float(spectrum.coefficients[degree]), float(spectrum.log_eigenvalues[degree])
        if ball == 0:
            assert (value, log) == (0, -np.inf)
            continue
        with precision(200):
            assert abs(arb(log) / (2 * abs(ball).log()) - 1) < 1e-13
            if abs(ball) < arb(2) ** -1022:
                assert value == 0
            else:
                assert abs(arb(value) / ball - 1) < 1e-13


def test_values_that_were_once_lost():
    found = get_activation("relu").values(60, 10**30)
    assert found.coefficients[0] == pytest.approx(3.989422804014327e-16, rel=1e-14)
    late = get_activation("relu").values(60, 10**12).log_eigenvalues[60]
    assert late == pytest.approx(-1509.1341967115754, abs=1e-9)


@pytest.mark.parametrize("dim", DIMS)
def test_multiplicities_of_any_dimension(dim):
    found = get_activation("relu").values(40, dim)
    for degree in (0, 1, 2, 5, 40):
        with precision(200):
            exact = arb(multiplicity(degree, dim))
            log = arb(float(found.log_multiplicities[degree]))
            assert abs(log - exact.log()) <= 1e-14 * (1 + exact.log())
        if exact < 1e300:
            assert found.multiplicities[degree] == pytest.approx(float(exact), rel=1e-13)
        else:
            assert found.multiplicities[degree] > 1e300


@pytest.mark.parametrize("name", ["relu", "step", "sin", "cos", "gelu", "erf"])
@pytest.mark.parametrize("exponent", [22, 40, 100, 400, 1000])
def test_balls_of_any_dimension(name, exponent):
    sigma = get_activation(name)
    for degree in range(4):
        ball = sigma.certified(degree, 10**exponent, digits=20)
        assert ball == 0 or ball.rel_accuracy_bits() > 66


def test_theorems_on_the_way_to_infinity_stay_decidable():
    degree, dim = 10**100, 10**40
    relu = get_activation("relu")
    with precision(600):
        constant = lower(kernels.DECAY_CONSTANT(sp.Integer(2), sp.Integer(1)))({})
        ratio = relu.certified(degree, 2, 150) ** 2 * arb(degree) ** 4 / constant
        assert abs(ratio - 1) < arb(10) ** -98
        square = relu.certified(2, dim, 150) ** 2
        scaled = square * dim * multiplicity(2, dim) * 4 * arb.pi()
        assert abs(scaled - 1) < arb(10) ** -38


@pytest.mark.parametrize("exponent", [12, 160, 400])
@pytest.mark.parametrize(("name", "degree"), [("erf", 1), ("erf", 3), ("gelu", 2)])
def test_the_first_terms_of_a_taylor_series_remain(name, degree, exponent):
    """a_k d^k tends to the k-th derivative of the activation at 0."""
    taylor = {("erf", 1): 2, ("erf", 3): -4, ("gelu", 2): sp.sqrt(2)}[name, degree] / sp.sqrt(sp.pi)
    ball = get_activation(name).certified(degree, 10**exponent, digits=20)
    with precision(200):
        ratio = ball * arb(10) ** (exponent * degree) / lower(taylor)({})
        assert abs(ratio - 1) < 40 * arb(10) ** -exponent + arb(10) ** -18


@pytest.mark.parametrize("radius", [10.0, 100.0, 1e3, 1e6, 1e100])
def test_smooth_activations_of_large_radius_are_their_limits(radius):
    """GELU tends to R relu, erf to a sign: off by 1/R^2."""
    for name, other, scale in (("gelu", "relu", radius), ("erf", "step", 2)):
        for degree in (2, 4) if name == "gelu" else (1, 3, 5):
            ball = get_activation(name).certified(degree, 5, 25, radius)
            limit = get_activation(other).certified(degree, 5, 25) * arb(scale)
            assert abs(ball / limit - 1) < 60 / arb(radius) ** 2 + arb(10) ** -14


@pytest.mark.parametrize("radius", [1e-300, 1e-3, 1e3, 1e300])
def test_radii_of_any_size(radius):
    sigma = get_activation("relu3")
    found = sigma.values(6, 5, radius)
    for degree in (0, 1, 2, 6):
        ball = sigma.certified(degree, 5, 25, radius)
        with precision(200):
            exact = 2 * abs(ball).log()
            assert abs(arb(float(found.log_eigenvalues[degree])) - exact) < 1e-13 * (1 + abs(exact))


@pytest.mark.parametrize("order", [0, 1, 3, 8])
def test_the_kernel_of_a_huge_dimension_is_the_kernel_of_a_small_one_scaled(order):
    small = arccosine_kernel([-0.5, 0.0, 0.9, 1.0], 10**6, order)
    huge = arccosine_kernel([-0.5, 0.0, 0.9, 1.0], 10**12, order)
    np.testing.assert_allclose(huge, small / 1e6**order, rtol=1e-4)
    assert (arccosine_kernel(0.3, 10**400, order) == 0) == (order > 0)
