"""Arc-cosine kernels of every integer order (Cho & Saul 2009), float64.

With Phi = pi - arccos(rho), J_n(rho) = A_n(rho) sqrt(1-rho^2) + B_n(rho) Phi has integer
polynomials A_n, B_n. The Gram function of the features max(<u,x>, 0)^n, x uniform on S^{d-1},
u of unit length and rho = <u,v>, is J_n(rho) / (2 pi d (d+2) ... (d+2n-2)).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_theory.arguments import cosines, integer
from w2s_theory.ledger.arccosine_polynomials import polynomials

Array = NDArray[np.float64]
TERMS = 60
_PIECE = 2**16  # entries: more leave the cache; at fewer, threads mostly wait for Python's lock
MAX_ORDER = 100  # its polynomials are found by recursion, and their coefficients are floats


def _over_scale(values: Array, order: int, dim: int, out: Array) -> Array:
    """J_n over 2 pi d (d+2) ... (d+2n-2) into ``out``; tiny values are 0."""
    scale = math.prod(dim + 2 * j for j in range(order))
    shift = max(scale.bit_length() - 900, 0)
    with np.errstate(under="ignore"):
        np.divide(values, 2 * math.pi * (scale / (1 << shift)), out=out)
        if shift:
            np.ldexp(out, -min(shift, 1 << 20), out=out)
    return out


def arccosine_kernel(rho: ArrayLike, dim: int, order: int = 1) -> Array:
    """E_x[max(<u,x>,0)^n max(<v,x>,0)^n], x uniform on S^{d-1}, unit u, v with <u,v> = rho.

    Same shape as ``rho``; relative error about 1e-15 on the whole of [-1, 1] (next to -1, where
    the closed form cancels, J_n is summed as a positive series in (1+rho)/2).
    ValueError: dim < 2, order < 0, rho outside [-1, 1] (beyond 1e-12) or NaN.
    """
    dim = integer("dim", dim, 2)
    order = integer("order", order, 0, MAX_ORDER)
    given = cosines("rho", rho)
    points = given.reshape(-1)
    room = np.empty((3, min(points.size, _PIECE)))
    for start in range(0, points.size, _PIECE):
        piece = points[start : start + _PIECE]
        _replace(piece, order, dim, room[:, : piece.size])
    return given


def _replace(points: Array, order: int, dim: int, room: Array) -> None:
    """Put the kernel at each of ``points`` in its place; new pages would cost as much again."""
    out, least = _closed(points, order, *room), _threshold(order)
    if points.min() < least:
        low = points < least
        out[low] = _near_minus_one(points[low], order)
    _over_scale(out, order, dim, points)


def _threshold(order: int) -> float:
    # Below it the closed form would lose a factor of ten or more to cancellation.
    return min(-1.0 + 0.3 * order, 0.0)


def _closed(points: Array, order: int, out: Array, side: Array, above: Array) -> Array:
    root, angle = polynomials(order)
    np.arccos(np.negative(points, out=out), out=out)
    if angle != (1,):
        out *= _horner(angle, points)
    if root:
        np.subtract(1, points, out=side)
        side *= np.add(1, points, out=above)
        np.sqrt(side, out=side)
        if root != (1,):
            side *= _horner(root, points)
        out += side
    return out


def _near_minus_one(points: Array, order: int) -> Array:
    """J_n = c y^{n+1/2} 2F1(1/2, 1/2; n+3/2; y), y = (1+rho)/2, from dJ_n/drho = n^2 J_{n-1}."""
    y = (1 + points) / 2
    series = np.ones_like(y)
    for j in range(TERMS, -1, -1):
        series *= y * ((j + 0.5) ** 2 / ((j + 1) * (j + order + 1.5)))
        series += 1
    scale = 2.0 * math.prod(2.0 * j * j / (j + 0.5) for j in range(1, order + 1))
    return np.asarray(scale * np.sqrt(y) * y**order * series)


def parity_parts(rho: ArrayLike, dim: int, order: int) -> tuple[Array, Array]:
    """(E, O) with arccosine_kernel(+-rho) = E +- O if n is odd, and O +- E if n is even.

    O is the polynomial half, (pi/2) B_n(rho); E the other, without the cancellation of a
    difference of kernels. Errors as in `arccosine_kernel`.
    """
    dim = integer("dim", dim, 2)
    points = cosines("rho", rho)
    root, angle = polynomials(integer("order", order, 0, MAX_ORDER))
    weight = _horner(angle, points)
    side = np.sqrt((1 - points) * (1 + points)) * _horner(root, points)
    even = np.asarray(side + weight * np.arcsin(points))
    odd = np.asarray(weight * (math.pi / 2))
    return _over_scale(even, order, dim, even), _over_scale(odd, order, dim, odd)


def _horner(poly: tuple[int, ...], points: Array) -> Array:
    if poly == (0, 1):
        return points
    out = np.full_like(points, poly[-1])
    for value in reversed(poly[:-1]):
        out *= points
        if value:
            out += value
    return out
