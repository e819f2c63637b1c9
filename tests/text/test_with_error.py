"""Numbers are printed to the digits that their error supports."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_theory.text.with_error import with_error, with_interval

SIZES = st.floats(min_value=1e-300, max_value=1e300)


@pytest.mark.parametrize(
    ("value", "error", "printed"),
    [
        (5.169e-17, 5e-14, "< 6e-14"),
        (0.123456, 2e-3, "0.12"),
        (0.123456, 0.0, "0.1235"),
        (349.0, 4.0, "3.5e+02"),
        (9.996, 0.01, "10"),
        (9.96, 0.5, "10"),
        (-0.25, 1e-9, "-0.25"),
        (-1e-9, 1e-6, "> -2e-06"),
        (0.0, 2e-16, "< 2e-16"),
        (0.0, 0.0, "0"),
        (1.0, math.inf, "?"),
        (1.0, math.nan, "?"),
        (math.nan, 0.0, "nan"),
    ],
)
def test_printed(value, error, printed):
    assert with_error(value, error) == printed


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(SIZES, st.floats(min_value=0, max_value=1e6))
def test_what_is_printed_is_within_a_unit_of_its_last_digit_and_the_error_is_too(value, relative):
    error = value * relative
    text = with_error(value, error)
    if text.startswith("<"):
        assert float(text[2:]) >= (value + error) * (1 - 1e-9)
        assert float(text[2:]) <= 2 * (value + error) * (1 + 1e-9)
        return
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - decimals)
    if not exponent and not decimals:
        unit = 10.0 ** (len(text) - len(text.rstrip("0")))
    assert abs(float(text) - value) <= 0.5 * unit * (1 + 1e-9)
    assert error <= unit * 10 * (1 + 1e-9)  # "0.25" may stand for "0.2500"


@pytest.mark.parametrize(
    ("numbers", "printed"),
    [
        ((0.354, 0.187, 0.4798), "0.35 (0.18 to 0.48)"),
        ((131.4, 128.6, 148.5), "131 (128 to 149)"),
        ((0.0033, 0.0003445, 0.02514), "0.0033 (3.4e-4 to 0.026)"),
        ((-0.5, -0.6, -0.4), "-0.5 (-0.60 to -0.40)"),
        ((0.0, -1.0, 1.0), "0 (-1 to 1)"),
        ((2.0, 1.0, 1e300), "2 (1 to 1.1e+300)"),
        ((0.5, 0.5, 0.5), "0.5"),
        ((0.9, 0.9 - 1e-15, 0.9), "0.9000 (0.8999 to 0.9001)"),
        ((5e-324, 0.0, 5e-324), "4.941e-324"),
    ],
)
def test_intervals_are_printed(numbers, printed):
    assert with_interval(*numbers) == printed


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(st.floats(-1e150, 1e150), min_size=3, max_size=3).map(sorted))
def test_the_ends_that_are_printed_hold_the_interval(numbers):
    low, value, high = numbers
    shown = re.findall(r"-?\d[\d.]*(?:e[+-]\d+)?", with_interval(value, low, high))
    if len(shown) == 3:
        assert Fraction(shown[1]) <= Fraction(low)
        assert Fraction(high) <= Fraction(shown[2])


@pytest.mark.parametrize("numbers", [(1, 2, 3), (3, 1, 2), (1, 0, math.inf), (math.nan, 0, 1)])
def test_an_interval_without_its_value_is_refused(numbers):
    with pytest.raises(ValueError, match="value must be in its interval"):
        with_interval(*numbers)
