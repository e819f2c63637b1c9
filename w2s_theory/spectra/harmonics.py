"""Spherical harmonics by degree: multiplicities and Legendre polynomials in dimension d.

``P_k`` is the Gegenbauer polynomial of index (d-2)/2, normalised ``P_k(1) = 1`` (d = 2:
Chebyshev, d = 3: Legendre); ``N_k`` is the number of independent harmonics of degree k
(Atkinson & Han 2012, sections 2.1 to 2.3).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_theory.arguments import cosines, degree_number, integer
from w2s_theory.spectra.products import Scaled, binary_shift, cumulative, shifted_sum

MAX_PRODUCT = 10**6
"""Factors of a binomial coefficient that are multiplied out."""


def multiplicity(degree: int, dim: int) -> int:
    """Exact N_k = C(d+k-1, k) - C(d+k-3, k-2) on S^{d-1}. ValueError: degree < 0, dim < 2.

    >>> [multiplicity(degree, dim=3) for degree in range(4)]
    [1, 3, 5, 7]
    """
    degree = integer("degree", degree, 0)
    dim = integer("dim", dim, 2)
    if degree < 2:
        return 1 if degree == 0 else dim
    if min(degree, dim) > MAX_PRODUCT:
        raise ValueError(f"degree and dim must not both exceed {MAX_PRODUCT}: N_k has no room")
    return math.comb(dim + degree - 1, degree) - math.comb(dim + degree - 3, degree - 2)


def iterate_multiplicity(dim: int) -> Iterator[int]:
    """Yield N_0, N_1, ... exactly, without end, one product each. ValueError: dim < 2."""
    dim = integer("dim", dim, 2)
    yield 1
    value, degree = dim, 1
    while True:
        yield value
        value = value * (2 * degree + dim) * (degree + dim - 2)
        value //= (2 * degree + dim - 2) * (degree + 1)
        degree += 1


def scaled_multiplicities(max_degree: int, dim: int) -> Scaled:
    """N_0..N_J as scaled floats, by N_{k+1}/N_k = (2k+d)(k+d-2) / ((2k+d-2)(k+1)), k >= 1."""
    max_degree = degree_number("max_degree", max_degree)
    dim = integer("dim", dim, 2)
    k, shift = np.arange(1, max_degree, dtype=np.float64), binary_shift(dim)
    twice = shifted_sum(2 * k, dim - 2, shift)
    top = (twice + np.ldexp(2.0, -shift)) * shifted_sum(k, dim - 2, shift)
    ratios = np.empty(max_degree)
    ratios[:1] = dim / (1 << shift)
    ratios[1:] = top / (twice * (k + 1))
    return cumulative(Scaled(np.ones(1)), ratios, shift)


def iterate_legendre(t: ArrayLike, dim: int) -> Iterator[NDArray[np.float64]]:
    """Yield P_0(t), P_1(t), ... without end, each of the shape of ``t``.

    Four arrays in all, whatever the degree. Each yielded array is read-only and is overwritten
    when the second one after it is asked for: copy what you keep. Recurrence
    (k+d-2) P_{k+1} = (2k+d-2) t P_k - k P_{k-1} (Atkinson & Han 2012, eq. 2.86), stable on [-1, 1],
    written as P_{k+1} = t P_k + k/(k+d-2) (t P_k - P_{k-1}): exact at t = +-1,
    and a step rounds by at most 6 units of 2^-53, for ``|t P_k - P_{k-1}| <= 1`` (Bernstein).
    ValueError: dim < 2, t outside [-1, 1] (beyond 1e-12) or NaN.
    """
    dim = integer("dim", dim, 2)
    return _legendre(cosines("t", t), dim)


def _legendre(points: NDArray[np.float64], dim: int) -> Iterator[NDArray[np.float64]]:
    before, now, after = np.ones_like(points), points.copy(), np.empty_like(points)
    yield _frozen(before)
    degree = 1
    while True:
        yield _frozen(now)
        np.multiply(points, now, out=after)
        np.subtract(after, before, out=before)
        before *= degree / (degree + dim - 2)
        after += before
        before, now, after = now, after, before
        degree += 1


def _frozen(array: NDArray[np.float64]) -> NDArray[np.float64]:
    view = array.view()
    view.flags.writeable = False
    return view


def legendre(degree_max: int, dim: int, t: ArrayLike) -> NDArray[np.float64]:
    """P_0..P_J at ``t``: shape ``(J+1, *t.shape)``. ValueError as in `iterate_legendre`.

    >>> print(legendre(2, 3, 0.5))
    [ 1.     0.5   -0.125]
    """
    degree_max = degree_number("degree_max", degree_max)
    source = iterate_legendre(t, dim)
    first = next(source)
    out = np.empty((degree_max + 1, *first.shape))
    out[0] = first
    for degree in range(1, degree_max + 1):
        out[degree] = next(source)
    return out
