"""Energies by degree of a sum of ridge functions on the sphere, in one sweep of the recurrence."""

from __future__ import annotations

from itertools import islice

import numpy as np

from w2s_theory.arguments import ExtendedArray, FloatArray
from w2s_theory.models.cosines import unit_cosines
from w2s_theory.models.legendre import legendre_extended, legendre_rounding
from w2s_theory.models.roundoff import DOUBLE_EPS, gamma
from w2s_theory.spectra.harmonics import iterate_legendre

_ROWS = 64


def degree_energies(
    units: FloatArray, weights: FloatArray, scales: FloatArray, dim: int
) -> tuple[FloatArray, FloatArray]:
    """``scales[k] * w.P_k(U U^T).w`` for every k, and a bound on the rounding of each.

    ``units`` (width, dim), ``weights`` (width,), ``scales`` = a_k^2 N_k.  The upper triangle only,
    in row blocks that stay in cache while the recurrence climbs through the degrees.
    """
    width = units.shape[0]
    forms = np.zeros_like(scales)
    live = scales != 0
    for start in range(0, width, _ROWS):
        stop = min(start + _ROWS, width)
        cosines = np.clip(units[start:stop] @ units[start:].T, -1.0, 1.0)
        diagonal = np.arange(stop - start)
        cosines[diagonal, diagonal] = 1.0
        left = weights[start:stop]
        right = np.concatenate([left, 2 * weights[stop:]])
        for degree, values in enumerate(islice(iterate_legendre(cosines, dim), scales.size)):
            if live[degree]:
                forms[degree] += left @ (values @ right)
    mass = float(np.abs(weights).sum()) ** 2
    cosine_error = gamma(3 * dim + 10, DOUBLE_EPS)
    accumulation = gamma(2 * width + 8, DOUBLE_EPS)
    errors = np.array(
        [
            scale * mass * (accumulation + legendre_rounding(k, dim, cosine_error, DOUBLE_EPS))
            for k, scale in enumerate(scales)
        ]
    )
    return np.maximum(scales * forms, 0.0), errors


def extended_form(degree: int, rows: ExtendedArray, weights: FloatArray, dim: int) -> np.longdouble:
    """``w.P_degree(U U^T).w`` in extended precision; ``rows`` = U, (width, dim)."""
    width = rows.shape[0]
    total = np.longdouble(0)
    for start in range(0, width, _ROWS):
        stop = min(start + _ROWS, width)
        cosines = unit_cosines(rows[start:stop], rows[start:])
        diagonal = np.arange(stop - start)
        cosines[diagonal, diagonal] = 1
        left = weights[start:stop]
        right = np.concatenate([left, 2 * weights[stop:]])
        total += left @ (legendre_extended(degree, cosines, dim) @ right)
    return total
