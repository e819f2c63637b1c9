"""Spectra as they are asked for: what holds where nothing is said."""

import numpy as np
import pytest

from w2s_theory.spectra import get_activation, tabulate


def test_a_spectrum_is_of_eleven_degrees_in_dimension_32_unless_asked_otherwise():
    found = tabulate.spectrum()
    assert found.coefficients.shape == (11,)
    np.testing.assert_array_equal(
        found.coefficients, get_activation("relu").values(10, 32).coefficients
    )
    assert tabulate.spectrum("abs", 3, 4).coefficients.shape == (5,)


def test_a_dimension_is_of_the_sphere():
    gaussian = tabulate.spectrum("relu", max_degree=4, measure="gaussian").coefficients
    np.testing.assert_array_equal(gaussian, get_activation("relu").hermite_values(4).coefficients)
    with pytest.raises(ValueError, match="dim does not apply to the gaussian measure, got 3"):
        tabulate.spectrum("relu", 3, measure="gaussian")
