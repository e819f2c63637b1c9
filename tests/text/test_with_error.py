"""Numbers are printed to the digits that their error supports."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_theory.text.with_error import with_error

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
