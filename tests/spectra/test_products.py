"""Scaled products against exact rationals, far outside the float range."""

from fractions import Fraction

import numpy as np
import pytest

from w2s_theory.spectra.products import Scaled, cumulative


def exact_products(firsts, ratios):
    out = [Fraction(f) for f in firsts]
    for i, ratio in enumerate(ratios):
        out.append(out[i] * Fraction(float(ratio)))
    return out


def logarithm(value: Fraction) -> float:
    import mpmath

    return float(mpmath.log(mpmath.mpf(abs(value.numerator)) / value.denominator))


@pytest.mark.parametrize("chains", [1, 2])
@pytest.mark.parametrize("size", [0, 1, 5, 64, 501])
@pytest.mark.parametrize("scale", [1e-9, 0.4, 1.0, 3.0, 1e9])
def test_products_are_right_at_any_magnitude(chains, size, scale):
    ratios = scale * np.random.default_rng(7).uniform(0.5, 2, size)
    scaled = cumulative(Scaled(np.array([0.7, -0.3][:chains])), ratios)
    exact = exact_products([0.7, -0.3][:chains], ratios)
    floats, logs = scaled.floats(), scaled.logs()
    assert floats.shape == (size + chains,)
    for value, got, log in zip(exact, floats, logs, strict=True):
        expected = logarithm(value)
        assert abs(log - expected) <= 1e-13 * max(1.0, abs(expected))
        if abs(expected) < 700:
            assert abs(Fraction(float(got)) / value - 1) < Fraction(1, 10**12)
        elif expected > 710:
            assert abs(got) == np.inf
        elif expected < -709:
            assert got == 0


def test_a_zero_ends_its_chain_only():
    out = cumulative(Scaled(np.array([1.0, 2.0])), np.array([0.0, 0.5, 3.0, 0.5])).floats()
    np.testing.assert_array_equal(out, [1.0, 2.0, 0.0, 1.0, 0.0, 0.5])


def test_a_zero_beside_an_underflowing_chain():
    scaled = cumulative(Scaled(np.ones(2)), np.tile([0.0, 1e-8], 60))
    assert np.isneginf(scaled.logs()[2::2]).all()
    # Sixty sums of rounded logarithms.
    np.testing.assert_allclose(scaled.logs()[1::2], np.arange(61) * np.log(1e-8), rtol=1e-13)


def test_squares_keep_what_would_underflow():
    square = Scaled(np.array([1e-200, 0.0, 3.0])).square()
    np.testing.assert_array_equal(square.floats(), [0.0, 0.0, 9.0])
    np.testing.assert_allclose(square.logs()[0], -400 * np.log(10.0), rtol=1e-14)


def test_a_shift_stands_for_a_power_of_two_in_every_factor():
    ratios = np.random.default_rng(3).uniform(0.5, 2, 41)
    firsts = Scaled(np.array([0.5, -0.75]), np.array([-2000, 3]))
    shifted = cumulative(firsts, ratios, -40)
    exact = exact_products([Fraction(1, 2) / 2**2000, Fraction(-6)], ratios / 2.0**40)
    expected = [logarithm(value) for value in exact]
    np.testing.assert_allclose(shifted.logs(), expected, rtol=1e-13)
