"""Validation of the integers and reals that every spectrum takes."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import SupportsIndex


def integer(name: str, value: SupportsIndex, least: int) -> int:
    """Return ``value`` as an int; ValueError unless it is an integer >= ``least`` (bool is not)."""
    if not isinstance(value, bool):
        try:
            number = operator.index(value)
        except TypeError:
            pass
        else:
            if number >= least:
                return number
    raise ValueError(f"{name} must be an integer >= {least}, got {value!r}")


def positive(name: str, value: float) -> float:
    """Return ``value`` as a float; ValueError unless it is finite and > 0."""
    if isinstance(value, Real) and not isinstance(value, bool):
        number = float(value)
        if math.isfinite(number) and number > 0:
            return number
    raise ValueError(f"{name} must be a finite number > 0, got {value!r}")
