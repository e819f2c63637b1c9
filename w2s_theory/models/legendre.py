"""Legendre polynomials beyond float64: in extended precision, or in Arb balls.

Extended precision serves the degrees that carry the target: there ``(1 - <f_T,f*_k>)^2`` and
``e_k - <f_T,f*_k>^2`` cancel from 1 down to the loss; float64
(`w2s_theory.spectra.harmonics.iterate_legendre`) serves every other degree.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from w2s_theory.arguments import ExtendedArray
from w2s_theory.models.roundoff import EXTENDED_EPS

_Entry = TypeVar("_Entry", np.longdouble, np.object_)


def iterate_exactly(cosines: NDArray[_Entry], dim: int) -> Iterator[NDArray[_Entry]]:
    """``P_0, P_1, ...`` in dimension ``dim`` (P(1) = 1) at ``cosines``, in their own arithmetic.

    An array of longdouble, or of objects such as Arb balls. Recurrence
    ``(k+d-2) P_{k+1} = (2k+d-2) t P_k - k P_{k-1}`` (Atkinson & Han 2012, eq. 2.86), with integer
    coefficients: a coefficient rounded to float64 would spoil the result.
    """
    previous, current = np.ones_like(cosines), cosines
    for k in count(1):
        yield previous
        following = (2 * k + dim - 2) * (cosines * current) - k * previous
        following /= k + dim - 2
        previous, current = current, following


def legendre_extended(degree: int, cosines: ExtendedArray, dim: int) -> ExtendedArray:
    """``P_degree`` at ``cosines`` in [-1, 1], in longdouble; see :func:`iterate_exactly`."""
    result: ExtendedArray = next(islice(iterate_exactly(cosines, dim), degree, None))
    return result


def legendre_rounding(
    degree: int, dim: int, cosine_error: float, unit_roundoff: float = EXTENDED_EPS
) -> float:
    """Absolute error bound of the recurrence at cosines that err by ``cosine_error``.

    Slope at most ``P_k'(1) = k (k+d-2)/(d-1)``.  Each step rounds by at most 8 u, and a
    perturbation of step m grows at most by k - m: for associated Gegenbauer polynomials the
    maximum is at t = 1, where successive differences shrink by ``k/(k+d-2)``.
    """
    slope = degree * (degree + dim - 2) / (dim - 1)
    return slope * cosine_error + 4 * unit_roundoff * degree * (degree + 1)
