"""Cumulative products that neither overflow nor underflow on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A block's product must stay normal: 32 factors, each within [2**-31, 2**31].
BLOCK = 32
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True)
class Scaled:
    """Numbers ``mantissa * 2**exponent``: 0.5 <= |mantissa| < 1 (or 0), the exponent int64."""

    mantissa: NDArray[np.float64]
    exponent: NDArray[np.int64]

    def floats(self) -> NDArray[np.float64]:
        """Nearest float64: inf above the range, 0 below the least normal number (2.2e-308)."""
        clipped = np.clip(self.exponent, -4000, 4000).astype(np.int32)
        with np.errstate(over="ignore", under="ignore"):
            out = np.ldexp(self.mantissa, clipped)
        out[np.abs(out) < TINY] = 0.0
        return np.asarray(out, dtype=np.float64)

    def logs(self) -> NDArray[np.float64]:
        """Natural logarithms of the absolute values (-inf where the number is 0)."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.abs(self.mantissa)) + self.exponent * np.log(2.0))


def cumulative(first: float, ratios: NDArray[np.float64]) -> Scaled:
    """Return ``first * prod(ratios[:i])`` for i = 0..n, shape (n+1,).

    ``ratios`` must be finite, with absolute values in [2**-31, 2**31]. One rounding per
    factor: the relative error is below n * 1.2e-16 beyond that of the ratios.
    """
    count = ratios.size
    rows = -(-count // BLOCK)
    padded = np.ones(rows * BLOCK)
    padded[:count] = ratios
    inner = np.cumprod(padded.reshape(rows, BLOCK), axis=1)
    starts = np.empty(rows)
    shifts = np.empty(rows, dtype=np.int64)
    head, shift = np.frexp(first)
    total = int(shift)
    for row, last in enumerate(inner[:, -1]):
        starts[row], shifts[row] = head, total
        head, shift = np.frexp(head * last)
        total += int(shift)
    products = np.concatenate([[first], (inner * starts[:, None]).ravel()[:count]])
    mantissa, extra = np.frexp(products)
    exponent = np.concatenate([[0], np.repeat(shifts, BLOCK)[:count]]) + extra
    return Scaled(mantissa, exponent)
