"""The float spectra against balls: relative error below 1e-13 to degree 10,000, dim 10,000."""

import numpy as np
import pytest
from flint import arb, ctx

from w2s_theory.spectra import get_activation

MAX_DEGREE = 10_000
LIMIT = 1e-13
DEGREES = sorted({*range(12), *range(12, 400, 7), *range(401, 10_001, 97), 9_999, 10_000})


@pytest.mark.parametrize("name", ["step", "relu", "relu2", "relu3", "abs"])
@pytest.mark.parametrize("dim", [2, 3, 32, 1000, 10_000, None])
def test_ratio_recurrence(name, dim):
    activation = get_activation(name)
    if dim is None:
        spectrum = activation.hermite_values(MAX_DEGREE)
    else:
        spectrum = activation.values(MAX_DEGREE, dim)
    alive = 0
    for degree in DEGREES:
        if dim is None:
            ball = activation.hermite_certified(degree, 25)
        else:
            ball = activation.certified(degree, dim, 25)
        value, log = float(spectrum.coefficients[degree]), spectrum.log_eigenvalues[degree]
        if ball == 0:
            assert value == 0
            assert log == -np.inf
            continue
        with ctx.workprec(120):
            if value:
                alive += 1
                assert abs((arb(value) - ball) / ball) < LIMIT
            else:
                assert abs(ball) < arb(2) ** -1022
            exact = 2 * abs(ball).log()
            assert abs((arb(float(log)) - exact) / exact) < LIMIT
            if (ball**2).log() > -708:
                square = float(spectrum.eigenvalues[degree])
                assert abs((arb(square) - ball**2) / ball**2) < 2 * LIMIT
    assert alive > 20


@pytest.mark.parametrize("name", ["sin", "cos", "erf", "gelu"])
@pytest.mark.parametrize("dim", [2, 10_000, None])
def test_rounded_balls(name, dim):
    activation = get_activation(name)
    hermite = dim is None
    spectrum = activation.hermite_values(300) if hermite else activation.values(300, dim)
    for degree in range(0, 301, 11):
        ball = (
            activation.hermite_certified(degree, 25)
            if hermite
            else activation.certified(degree, dim, 25)
        )
        value = float(spectrum.coefficients[degree])
        if ball == 0:
            assert value == 0
        elif value == 0:
            assert abs(ball) < arb(2) ** -1022
        else:
            with ctx.workprec(120):
                assert abs((arb(value) - ball) / ball) < 1.2e-16


def test_arrays_are_read_only_and_of_one_shape():
    spectrum = get_activation("relu").values(5, 3)
    for array in (
        spectrum.degrees,
        spectrum.coefficients,
        spectrum.eigenvalues,
        spectrum.log_eigenvalues,
        spectrum.multiplicities,
        spectrum.log_multiplicities,
    ):
        assert array.shape == (6,)
        assert not array.flags.writeable


@pytest.mark.parametrize("name", ["step", "relu", "relu2", "abs", "gelu"])
@pytest.mark.parametrize("gauss", [False, True])
def test_few_degrees_are_the_first_of_many(name, gauss):
    activation = get_activation(name)

    def spectrum(most):
        return activation.hermite_values(most) if gauss else activation.values(most, 5)

    many = spectrum(6).coefficients
    for most in range(6):
        few = spectrum(most).coefficients
        assert len(few) == most + 1
        np.testing.assert_allclose(few, many[: most + 1], rtol=1e-14, atol=1e-16)
