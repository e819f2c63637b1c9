"""The checkers of arguments: the borders of what they accept, and the words they refuse with."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from w2s_theory import arguments as a


class Two(StrEnum):
    """Two values."""

    ONE = "one"
    OTHER = "other"


class Single(StrEnum):
    """One value."""

    ONE = "one"


HUGE = 10**400
TEXT = "x" * 78
ACCEPTED = [
    (a.choice, ("other", Two), Two.OTHER),
    (a.integer, (3, 3), 3),
    (a.integer, (np.int64(4), 3, 4), 4),
    (a.degree_number, (10**9,), 10**9),
    (a.degree_number, (0,), 0),
    (a.integers, ([2, 1, np.int8(1)], 1), (2, 1, 1)),
    (a.signed, (-2,), -2.0),
    (a.signed, (Fraction(1, 2),), 0.5),
    (a.signed, (0,), 0.0),
    (a.real, (0,), 0.0),
    (a.real, (0.25,), 0.25),
    (partial(a.real, positive=True), (5e-324,), 5e-324),
    (partial(a.real, infinite=True), (math.inf,), math.inf),
    (a.real_array, ([True, 2],), [1.0, 2.0]),
    (a.real_array, ([Fraction(1, 2)],), [0.5]),
    (a.real_array, (np.uint8(3),), 3.0),
    (a.float_array, ([[1, 2]], 2), [[1.0, 2.0]]),
    (a.increasing_times, ([0, 1, math.inf],), [0.0, 1.0, math.inf]),
    (a.unit_interval, ([0, 1],), [0.0, 1.0]),
    (a.unit_interval, (0.5,), 0.5),
    (a.cosines, ([1 + 5e-13, -1 - 5e-13, 0.5],), [1.0, -1.0, 0.5]),
    (a.cosines, ([1 + a.ROUNDING, -1 - a.ROUNDING],), [1.0, -1.0]),
    (a.cosines, ([],), []),
]
NUMBER = "must be a finite number >= 0, got"
REFUSED = [
    (a.choice, ("two", Two), "x must be one or other, got 'two'"),
    (a.choice, ("two", Single), "x must be one, got 'two'"),
    (a.integer, (2, 3), "x must be an integer >= 3, got 2"),
    (a.integer, (5, 3, 4), "x must be an integer in 3..4, got 5"),
    (a.integer, (True, 0), "x must be an integer >= 0, got True"),
    (a.integer, (2.0, 0), "x must be an integer >= 0, got 2.0"),
    (a.integer, (-1, 0, 10**9), "x must be an integer in 0..1000000000, got -1"),
    (a.integer, (-1, 0, 10**10), "x must be an integer in 0..10^10, got -1"),
    (a.integer, (-1, 0, 2 * 10**10), "x must be an integer in 0..20000000000, got -1"),
    (a.integer, (-(2**999), 0, 1), f"x must be an integer in 0..1, got {str(-(2**999))[:77]}..."),
    (a.integer, (-(2**1000), 0, 1), "x must be an integer in 0..1, got -2^1001 or so"),
    (a.integer, (2**1000, 0, 1), "x must be an integer in 0..1, got 2^1001 or so"),
    (a.integer, (TEXT, 0), f"x must be an integer >= 0, got '{TEXT}'"),
    (a.integer, (TEXT + "y", 0), f"x must be an integer >= 0, got '{TEXT[:76]}..."),
    (a.degree_number, (10**9 + 1,), "x must be an integer in 0..1000000000, got 1000000001"),
    (a.degree_number, (-1,), "x must be an integer in 0..1000000000, got -1"),
    (a.integers, ([], 1), "x must be integers >= 1, at least one, got []"),
    (a.integers, (3, 1), "x must be integers >= 1, at least one, got 3"),
    (a.integers, ([0], 1), "x must be an integer >= 1, got 0"),
    (a.signed, ("1",), "x must be a finite number, got '1'"),
    (a.signed, (True,), "x must be a finite number, got True"),
    (a.signed, (-math.inf,), "x must be a finite number, got -inf"),
    (a.signed, (math.nan,), "x must be a finite number, got nan"),
    (a.signed, (-HUGE,), "x must be a finite number, got -2^1329 or so"),
    (a.real, (-1e-9,), f"x {NUMBER} -1e-09"),
    (a.real, (HUGE,), f"x {NUMBER} 2^1329 or so"),
    (a.real, (True,), f"x {NUMBER} True"),
    (a.real, (1j,), f"x {NUMBER} 1j"),
    (a.real, (math.inf,), f"x {NUMBER} inf"),
    (partial(a.real, positive=True), (0,), "x must be a finite number > 0, got 0"),
    (partial(a.real, infinite=True), (math.nan,), "x must be a number >= 0 or inf, got nan"),
    (partial(a.real, infinite=True, positive=True), (0,), "x must be a number > 0 or inf, got 0"),
    (a.real_array, (["1"],), "x must be real numbers, got ['1']"),
    (a.real_array, ([1j],), "x must be real numbers, got [1j]"),
    (a.real_array, ([[1], [1, 2]],), "x must be real numbers, got [[1], [1, 2]]"),
    (a.float_array, ([1.0], 2), "x must be a non-empty 2-d array, got shape (1,)"),
    (a.float_array, ([], 1), "x must be a non-empty 1-d array, got shape (0,)"),
    (a.float_array, ([1, math.inf], 1), "x must be finite, got NaN or infinity"),
    (a.unit_interval, ([0.5, 1.5, 2],), "x must be in [0, 1], got 1.5"),
    (a.unit_interval, (-1e-300,), "x must be in [0, 1], got -1e-300"),
    (a.unit_interval, (math.nan,), "x must be in [0, 1], got nan"),
    (a.unit_interval, (True,), "x must be real numbers in [0, 1], got True"),
    (a.cosines, ([0, 1.1],), "x must lie in [-1, 1], got 1.1"),
    (a.cosines, ([0, -1.1],), "x must lie in [-1, 1], got -1.1"),
    (a.cosines, ([-0.5, 1 + 2e-12],), f"x must lie in [-1, 1], got {1 + 2e-12}"),
    (a.cosines, ([-1 - 2e-12, 0.5],), f"x must lie in [-1, 1], got {-1 - 2e-12}"),
    (a.cosines, ([math.nan],), "x must lie in [-1, 1], got nan"),
]  # fmt: skip


def _call(check, given):
    return check(*given) if check is a.increasing_times else check("x", *given)


@pytest.mark.parametrize(("check", "given", "value"), ACCEPTED)
def test_accepted(check, given, value):
    found = _call(check, given)
    if isinstance(found, np.ndarray):
        assert found.dtype == np.float64
        assert found.tolist() == value
    else:
        assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("check", "given", "message"), REFUSED)
def test_refused(check, given, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        _call(check, given)


@pytest.mark.parametrize("times", [[1, 1], [1, 0], [-1, 2], [0, math.nan], [math.nan]])
def test_times_increase(times):
    with pytest.raises(ValueError, match=r"^times must increase strictly within \[0, inf\]$"):
        a.increasing_times(times)


@pytest.mark.parametrize("times", [[], [[0, 1]], 1.0])
def test_times_are_a_row(times):
    with pytest.raises(ValueError, match=r"^times must be a non-empty 1-d array, got shape"):
        a.increasing_times(times)


def test_what_is_clipped_is_a_copy():
    given = np.array([1 + 1e-13])
    assert a.cosines("x", given)[0] == 1 < given[0]
