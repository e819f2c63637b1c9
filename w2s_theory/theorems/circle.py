"""Linear targets on the circle, d = 2, in linear time: least energy of an even function.

In d = 2 the even part of the kernel has eigenvalues 1/(pi (k^2 - 1))^2, so an even function g, of
period pi, has the squared norm pi times the integral of (g'' + g)^2 over a period. U^T K_e^-1 U/8
is the form of the least that g may have if g(theta_i) = <w, u_i>/(2 sqrt 2) at every unit, for a
linear function w (`teacher-schur`): an interpolating spline. Its slopes solve a cyclic tridiagonal
system, diagonally dominant, so that float64 keeps all but a few digits at any width; the Gram
matrix of the features does not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, float_array
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target

LEAST_GAP = 1e-12
"""Angles are known to 1e-16: what is nearer has lost its distance."""
_SERIES = 0.5


def circle_loss(units: ArrayLike, direction: ArrayLike = (1.0, 0.0)) -> float:
    """L_TE of the least-squares ReLU teacher on the unit rows ``units`` (width, 2).

    The target is linear along ``direction``. ValueError for fewer than two units, for units that
    are equal or opposite (their distance is lost in floats), or of another dimension.

    >>> rng = np.random.default_rng(0)
    >>> rows = rng.standard_normal((64, 2))
    >>> f"{circle_loss(rows / np.linalg.norm(rows, axis=1, keepdims=True)):.3e}"
    '3.188e-10'
    """
    rows = float_array("units", units, 2)
    if rows.shape[1] != 2 or len(rows) < 2:
        raise ValueError(f"units must be at least two rows of length 2, got {rows.shape}")
    axis = float_array("direction", direction, 1)
    if axis.shape != (2,) or not axis.any():
        raise ValueError(f"direction must be a nonzero vector of length 2, got {axis}")
    axis = axis / np.linalg.norm(axis)
    return float(axis @ np.linalg.solve(np.eye(2) + energy_form(rows), axis))


def circle_losses(units: FloatArray) -> tuple[float, float]:
    """L_TE for the unit zonal targets of degrees 1 and 2 about the first axis.

    With y the linear values, b the overlaps of the even target and E the energy of even functions
    the second is ``1 - E(b, b) + E(b, y) (I + E(y, y))^-1 E(y, b)``: as E(b, b) nears 1 it keeps
    fewer digits, about four at width 512. ValueError as `circle_loss`.
    """
    target = harmonic_target(Harmonic(2, [1.0, 0.0]))
    overlaps = ReluSphere(2).target_overlaps(target, units)
    form = even_energies(units, np.column_stack([units / (2 * np.sqrt(2.0)), overlaps]))
    linear, cross = np.eye(2) + form[:2, :2], form[:2, 2]
    even = (1 - form[2, 2]) + cross @ np.linalg.solve(linear, cross)
    return float(np.linalg.inv(linear)[0, 0]), float(even)


def energy_form(units: FloatArray) -> FloatArray:
    """U^T K_e^-1 U/8, shape (2, 2), for unit rows of length 2. ValueError as `circle_loss`."""
    return even_energies(units, units / (2 * np.sqrt(2.0)))


def even_energies(units: FloatArray, values: FloatArray) -> FloatArray:
    """values^T K_e^-1 values, (columns, columns), for values (width, columns) asked at the units.

    ValueError as `circle_loss`.
    """
    angles = np.arctan2(units[:, 1], units[:, 0])
    lines = np.where(angles < 0, angles + np.pi, angles)
    lines = np.where(lines >= np.pi, lines - np.pi, lines)
    order = np.argsort(lines, kind="stable")
    gaps = np.diff(lines[order], append=lines[order[0]] + np.pi)
    if not (gaps > LEAST_GAP).all():
        raise ValueError("units must be neither equal nor opposite")
    return np.pi * _least(gaps, values[order])


def _excess(x: FloatArray) -> FloatArray:
    """``x - sin x``, without cancellation."""
    small = np.minimum(x, _SERIES)
    term = small**3 / 6
    total = term.copy()
    for k in range(2, 10):
        term = -term * small**2 / ((2 * k) * (2 * k + 1))
        total += term
    return np.where(x < _SERIES, total, x - np.sin(x))


def _least(spacing: FloatArray, values: FloatArray) -> FloatArray:
    """The least integral of (g'' + g)^2, a form in the columns of ``values`` (width, columns).

    On each piece it is a quadratic form in values and slopes at both ends.
    """
    gaps = spacing[:, None]
    sine, cosine = np.sin(gaps), np.cos(gaps)
    ss, sc = _excess(2 * gaps) / 4, sine**2 / 2  # integrals of sin^2, sin cos, cos^2
    cc = gaps - ss
    det = _excess(gaps) * (gaps + sine) / 4
    m11, m12, m22 = cc / det, -sc / det, ss / det
    a, b = np.roll(values, -1, axis=0) - values * cosine, values * sine
    own = m11 * sine**2 + 2 * m12 * sine * cosine + m22 * cosine**2
    cross = -(m12 * sine + m22 * cosine)
    force = -(sine * (m11 * a + m12 * b) + cosine * (m12 * a + m22 * b))
    force += np.roll(m12 * a + m22 * b, 1, axis=0)
    diagonal = own + np.roll(m22, 1, axis=0)
    slopes = _cyclic(diagonal[:, 0], cross[:, 0], -force)
    after = np.roll(slopes, -1, axis=0)
    miss, turn = a - slopes * sine, b + after - slopes * cosine
    form: FloatArray = miss.T @ (m11 * miss + m12 * turn) + turn.T @ (m12 * miss + m22 * turn)
    return (form + form.T) / 2


def _cyclic(diagonal: FloatArray, cross: FloatArray, right: FloatArray) -> FloatArray:
    """Solve the symmetric cyclic tridiagonal system: folded, it has two bands."""
    from scipy.linalg import solveh_banded

    size = len(diagonal)
    order = np.empty(size, dtype=int)
    order[0::2] = np.arange((size + 1) // 2)
    order[1::2] = np.arange(size - 1, (size - 1) // 2, -1)
    place = np.argsort(order)
    bands = np.zeros((3, size))
    bands[0] = diagonal[order]
    ends = np.sort(np.stack([place, np.roll(place, -1)]), axis=0)
    np.add.at(bands, (ends[1] - ends[0], ends[0]), cross)
    found = np.empty_like(right)
    found[order] = solveh_banded(bands, right[order], lower=True)
    return found
