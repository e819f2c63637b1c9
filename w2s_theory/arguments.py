"""One checker for each kind of argument, and the array types.

Every checker takes the argument's name and value and returns the value in its plain type, or
raises `ValueError` with the name, what is allowed, and what was given. NumPy loads on first use.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from enum import StrEnum
from numbers import Real
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = "NDArray[np.float64]"
ExtendedArray: TypeAlias = "NDArray[np.longdouble]"

_Choice = TypeVar("_Choice", bound=StrEnum)

MAX_DEGREE = 10**9

ROUNDING = 1e-12
"""Inner products of unit vectors leave [-1, 1] by rounding only, and by no more than this."""


def choice(name: str, value: str, kind: type[_Choice]) -> _Choice:
    """``value`` as a member of ``kind``; ValueError names its values unless it is one of them."""
    try:
        return kind(value)
    except ValueError:
        *most, last = kind
        allowed = f"{', '.join(most)} or {last}" if most else last
        raise ValueError(f"{name} must be {allowed}, got {value!r}") from None


def integer(name: str, value: object, least: int, most: int | None = None) -> int:
    """``value`` as an int; ValueError unless an integer (not a bool) in ``least`` to ``most``."""
    if not isinstance(value, bool):
        try:
            number = operator.index(value)  # type: ignore[arg-type]
        except TypeError:
            pass
        else:
            if number >= least and (most is None or number <= most):
                return number
    allowed = f">= {least}" if most is None else f"in {least}..{_power(most)}"
    raise ValueError(f"{name} must be an integer {allowed}, got {_short(value)}")


def degree_number(name: str, value: object, least: int = 0) -> int:
    """`integer` up to MAX_DEGREE: what runs over all degrees would not end beyond."""
    return integer(name, value, least, MAX_DEGREE)


def integers(name: str, values: Iterable[object], least: int) -> tuple[int, ...]:
    """`integer` of each; ValueError for what holds none or is no collection."""
    try:
        found = tuple(integer(name, value, least) for value in values)
    except TypeError:
        found = ()
    if not found:
        raise ValueError(f"{name} must be integers >= {least}, at least one, got {_short(values)}")
    return found


def signed(name: str, value: object) -> float:
    """``value`` as a float; ValueError unless real and finite."""
    try:
        number = (
            float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
        )
    except OverflowError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name} must be a finite number, got {_short(value)}")
    return number + 0.0  # no -0


def real(name: str, value: object, *, positive: bool = False, infinite: bool = False) -> float:
    """``value`` as a float; ValueError unless real, >= 0 (or > 0) and finite (or +inf)."""
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.nan
        above = number > 0 or (number == 0 and not positive)
        if above and (infinite or math.isfinite(number)):
            return number
    kind = "number" if infinite else "finite number"
    allowed = f"a {kind} {'> 0' if positive else '>= 0'}{' or inf' if infinite else ''}"
    raise ValueError(f"{name} must be {allowed}, got {_short(value)}")


def real_array(name: str, values: ArrayLike) -> FloatArray:
    """A float64 array of real numbers, of any shape; ValueError for anything else."""
    import numpy as np

    try:
        given = np.asarray(values)
        if given.dtype.kind not in "biufO":  # a text is not a number, a complex not a real
            raise TypeError
        with np.errstate(over="ignore"):
            return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be real numbers, got {_short(values)}") from None


def _power(bound: int) -> str:
    text = str(bound)
    zeros = len(text) - 1
    return f"10^{zeros}" if zeros > 9 and text == f"1{zeros * '0'}" else text


def _short(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 1000:
        return f"{'-' if value < 0 else ''}2^{value.bit_length()} or so"
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:77]}..."


def float_array(name: str, values: ArrayLike, ndim: int) -> FloatArray:
    """A float64 array of ``ndim`` dimensions; ValueError if empty, NaN or infinite."""
    import numpy as np

    found = real_array(name, values)
    if found.ndim != ndim or found.size == 0:
        raise ValueError(f"{name} must be a non-empty {ndim}-d array, got shape {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return found


def increasing_times(values: ArrayLike) -> FloatArray:
    """Strictly increasing times in [0, inf]; ValueError otherwise."""
    import numpy as np

    found = real_array("times", values)
    if found.ndim != 1 or found.size == 0:
        raise ValueError(f"times must be a non-empty 1-d array, got shape {found.shape}")
    if np.isnan(found).any() or (found < 0).any() or not (found[1:] > found[:-1]).all():
        raise ValueError("times must increase strictly within [0, inf]")
    return found


def unit_interval(name: str, value: ArrayLike) -> FloatArray:
    """``value`` as float64 in [0, 1], of any shape; ValueError names the first that is not."""
    import numpy as np

    try:
        given = np.asarray(value)
        if given.dtype.kind not in "iufO":
            raise TypeError
        found = given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be real numbers in [0, 1], got {_short(value)}") from None
    outside = ~((found >= 0) & (found <= 1))
    if outside.any():
        first = found[outside].flat[0] if found.ndim else float(found)
        raise ValueError(f"{name} must be in [0, 1], got {first}")
    return found


def cosines(name: str, values: ArrayLike) -> FloatArray:
    """``values`` as a new float64 array in C order, within [-1, 1]; ValueError beyond 1e-12."""
    import numpy as np

    found = np.array(real_array(name, values), order="C")
    if found.size:
        low, high = float(found.min()), float(found.max())
        if not (low >= -1 - ROUNDING and high <= 1 + ROUNDING):
            worst = high if not high <= 1 + ROUNDING else low
            raise ValueError(f"{name} must lie in [-1, 1], got {worst!r}")
        if low < -1 or high > 1:
            np.clip(found, -1.0, 1.0, out=found)
    return found
