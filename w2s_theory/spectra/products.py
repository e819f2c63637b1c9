"""Cumulative products that neither overflow nor underflow on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A block's product must stay normal: 32 factors, each within [2**-31, 2**31].
BLOCK = 32
TINY = float(np.finfo(np.float64).tiny)
LOW, HIGH = 1e-300, 1e300
MODERATE = 900  # exponents that a float64 of size 1 bears
# Numbers whose squares are still normal.
GENTLE_LOW, GENTLE_HIGH = 1e-150, 1e150


@dataclass(frozen=True, slots=True)
class Scaled:
    """Numbers ``mantissa * 2**exponent``, float64 and int64; no exponent means 0 throughout.

    Without an exponent every mantissa is 0 or a normal number; ``gentle`` says that every square
    is, too.
    """

    mantissa: Array
    exponent: NDArray[np.int64] | None = None
    gentle: bool = False

    def floats(self) -> Array:
        """Nearest float64: inf above the range, 0 below the least normal number (2.2e-308)."""
        if self.exponent is None:
            return self.mantissa
        clipped = np.clip(self.exponent, -4000, 4000).astype(np.int32)
        with np.errstate(over="ignore", under="ignore"):
            out = np.ldexp(self.mantissa, clipped)
        out[np.abs(out) < TINY] *= 0.0  # the sign stays
        return np.asarray(out, dtype=np.float64)

    def logs(self) -> Array:
        """Natural logarithms of the absolute values (-inf where the number is 0)."""
        size = np.abs(self.mantissa)
        with np.errstate(divide="ignore"):
            np.log(size, out=size)
        if self.exponent is not None:
            size += self.exponent * np.log(2.0)
        return size

    def square(self) -> Scaled:
        """The squares."""
        if self.gentle:
            return Scaled(self.mantissa * self.mantissa)
        if self.exponent is None:
            plain = self.mantissa * self.mantissa
            if _normal(plain, self.mantissa):
                return Scaled(plain)
        fraction, power = np.frexp(self.mantissa)
        shift = 0 if self.exponent is None else self.exponent
        return Scaled(fraction * fraction, 2 * (power.astype(np.int64) + shift))

    def head(self, count: int) -> Scaled:
        """The first ``count`` numbers."""
        if count == self.mantissa.size:
            return self
        exponent = None if self.exponent is None else self.exponent[:count]
        return Scaled(self.mantissa[:count], exponent, self.gentle)


def _normal(values: Array, wanted: Array, low: float = LOW, high: float = HIGH) -> bool:
    """Whether every value is in (low, high), or 0 where the wanted number is 0."""
    size = np.abs(values)
    inside = np.count_nonzero((size > low) & (size < high))
    return bool(inside == np.count_nonzero(wanted))


def binary_shift(dim: int) -> int:
    """The power of 2 that keeps factors of the size of ``dim`` within the range of `cumulative`."""
    return dim.bit_length() if dim >= 1 << 29 else 0


def shifted_sum(numbers: Array, dim: int, shift: int) -> Array:
    """``(numbers + dim) / 2**shift``, rounded at most twice, for a dim beyond floats too."""
    if not shift:
        return numbers + dim
    return np.asarray(np.ldexp(numbers, -shift) + dim / (1 << shift))


def cumulative(firsts: Scaled, ratios: Array, shift: int = 0) -> Scaled:
    """Interleaved products: out[:c] = firsts, out[i+c] = out[i] * ratios[i] * 2**shift.

    Shape (n + c,). All finite; ratios 0 or within [2**-31, 2**31] in size. One rounding per factor:
    the relative error is below n/c * 1.2e-16 beyond that of the ratios.
    """
    chains, size = firsts.mantissa.size, firsts.mantissa.size + ratios.size
    start = np.zeros(chains, np.int64) if firsts.exponent is None else firsts.exponent
    rows = -(-size // chains)
    if shift or np.abs(start).max(initial=0) > MODERATE:
        rest = cumulative(Scaled(firsts.mantissa), ratios)
        moved = (start + shift * np.arange(rows)[:, None]).ravel()[:size]
        return Scaled(rest.mantissa, moved + (0 if rest.exponent is None else rest.exponent))
    factors = np.empty(rows * chains)
    factors[:chains] = np.ldexp(firsts.mantissa, start)
    factors[chains:size] = ratios
    if size < factors.size:
        factors[size:] = 1.0
    table = factors.reshape(rows, chains)
    with np.errstate(over="ignore", under="ignore"):
        plain = np.multiply.accumulate(table, axis=0).ravel()
    # A product that underflows passes through (0, 1e-300] first, the factors being >= 2**-31.
    if _normal(plain, plain, GENTLE_LOW, GENTLE_HIGH):
        return Scaled(plain[:size], None, True)
    if _normal(plain, plain):
        return Scaled(plain[:size])
    parts = [_blockwise(table[:, i]) for i in range(chains)]
    mantissa = np.stack([part.mantissa for part in parts], axis=1).ravel()
    exponent = np.stack([np.asarray(part.exponent) for part in parts], axis=1).ravel()
    return Scaled(mantissa, exponent).head(size)


def _blockwise(factors: Array) -> Scaled:
    """Cumulative product of one chain, the running product kept as fraction and exponent."""
    count = factors.size
    rows = -(-count // BLOCK)
    padded = np.ones(rows * BLOCK)
    padded[:count] = factors
    inner = np.cumprod(padded.reshape(rows, BLOCK), axis=1)
    starts = np.empty(rows)
    shifts = np.empty(rows, dtype=np.int64)
    head, total = 1.0, 0
    for row, last in enumerate(inner[:, -1]):
        starts[row], shifts[row] = head, total
        fraction, shift = np.frexp(head * last)
        head, total = float(fraction), total + int(shift)
    mantissa, extra = np.frexp((inner * starts[:, None]).ravel()[:count])
    return Scaled(mantissa, np.repeat(shifts, BLOCK)[:count] + extra)
