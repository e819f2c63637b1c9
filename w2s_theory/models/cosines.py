"""Inner products of unit rows in extended precision at BLAS speed, by error-free splitting.

Entries are cut into fixed-point slices of so few bits that float64 matrix products of slices are
exact; only their sum rounds (Ozaki, Ogita, Oishi & Rump 2012).
"""

from __future__ import annotations

import math

import numpy as np

from w2s_theory.arguments import ExtendedArray, FloatArray

_TARGET_BITS = 72  # beyond the 64 of the accumulation type


def unit_cosines(left: ExtendedArray, right: ExtendedArray) -> ExtendedArray:
    """``left @ right.T`` clipped to [-1, 1], for unit rows; shape ``(len(left), len(right))``.

    Error at most ``2 dim`` units of 2^-71 from the slices dropped and one rounding a slice pair:
    less than a plain extended inner product's.
    """
    dim = left.shape[1]
    # A sum of dim products of two b-bit integers must stay below 2^53.
    bits = (53 - max(math.ceil(math.log2(dim)), 1)) // 2
    count = math.ceil(_TARGET_BITS / bits)
    first, second = _slices(left, bits, count), _slices(right, bits, count)
    total = np.zeros((len(left), len(right)), dtype=np.longdouble)
    for order in range(count - 1, -1, -1):  # small terms first
        for i in range(order + 1):
            total += first[i] @ second[order - i].T
    return np.clip(total, -1, 1)


def _slices(rows: ExtendedArray, bits: int, count: int) -> list[FloatArray]:
    slices, rest = [], rows
    for index in range(1, count + 1):
        scale = np.longdouble(2) ** (bits * index)
        part = np.rint(rest * scale) / scale
        slices.append(part.astype(np.float64))
        rest = rest - part
    return slices
