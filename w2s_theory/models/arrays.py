"""Array types, argument checks and the rounding model shared by models and students.

Quadratic forms such as ``1 - 2 b.w + w.G.w`` cancel to losses of 1e-9, so they are accumulated in
NumPy's ``longdouble``.  Where the platform has no wider type than float64 the same code runs with
``EXTENDED_EPS`` = 1.1e-16 and every reported bound widens accordingly.
"""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
ExtendedArray = NDArray[np.longdouble]

EXTENDED_EPS = float(np.finfo(np.longdouble).eps) / 2
"""Unit roundoff of the accumulation type."""

DOUBLE_EPS = float(np.finfo(np.float64).eps) / 2
"""Unit roundoff of float64."""


def gamma(operations: int, unit_roundoff: float = EXTENDED_EPS) -> float:
    """``n u / (1 - n u)``, the relative error of n roundings (Higham 2002, sec. 3.1)."""
    product = operations * unit_roundoff
    if product >= 0.5:
        raise ValueError(f"operations must satisfy n u < 1/2, got {operations}")
    return product / (1 - product)


def check_integer(name: str, value: Any, minimum: int) -> int:
    """Return ``value`` as an int; ValueError unless it is an integer (not a bool) >= minimum."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral) or value < minimum:
        raise ValueError(f"{name} must be an integer >= {minimum}, got {value!r}")
    return int(value)


def check_real(name: str, value: Any, *, positive: bool = False, infinite: bool = False) -> float:
    """Return ``value`` as a float; ValueError unless real, >= 0 (or > 0) and finite (or +inf)."""
    allowed = ("> 0" if positive else ">= 0") + (" or inf" if infinite else " and finite")
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise ValueError(f"{name} must be a number {allowed}, got {value!r}")
    number = float(value)
    if math.isnan(number) or number < 0 or (positive and number == 0):
        raise ValueError(f"{name} must be {allowed}, got {value!r}")
    if math.isinf(number) and not infinite:
        raise ValueError(f"{name} must be {allowed}, got {value!r}")
    return number


def check_array(name: str, values: ArrayLike, ndim: int) -> FloatArray:
    """Return a float64 array of ``ndim`` dimensions; ValueError if empty, NaN or infinite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != ndim or array.size == 0:
        raise ValueError(f"{name} must be a non-empty {ndim}-d array, got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return array


def check_times(times: ArrayLike) -> FloatArray:
    """Return strictly increasing times in [0, inf]; ValueError otherwise."""
    array = np.asarray(times, dtype=np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"times must be a non-empty 1-d array, got shape {array.shape}")
    if np.isnan(array).any() or (array < 0).any() or not (array[1:] > array[:-1]).all():
        raise ValueError("times must increase strictly within [0, inf]")
    return array
