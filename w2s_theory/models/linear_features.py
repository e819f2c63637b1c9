"""Features and targets of the linear model, level by level, without a side of length d.

Within a level the covariates are exchangeable under rotation, so every population quantity
depends on the rows only through the coordinate along the target's direction and the Gram matrix
of the rest, which is Wishart: Bartlett's factor replaces the rows (Muirhead 1982, th. 3.2.14).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from w2s_theory.arguments import FloatArray

UNIT_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class LinearTarget:
    """``f* = sum_l c_l <e_l, x>/sqrt(psi_l)``, e_l the first unit vector of level l.

    Any linear target is of this form up to a rotation within levels.  ValueError naming the norm
    unless ``sum c_l^2 = 1``.
    """

    coefficients: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check the norm."""
        norm = float(np.linalg.norm(self.coefficients))
        if not abs(norm - 1) <= UNIT_TOLERANCE:
            raise ValueError(f"target must have norm 1, got {norm!r}")


@dataclass(frozen=True, slots=True)
class LinearFeatures:
    """One block a level, ``(width, columns)``; column 0 is the coordinate along the target.

    Slicing keeps the joint law of the rows: ``features[:16]``.
    """

    blocks: tuple[FloatArray, ...]

    def __post_init__(self) -> None:
        """Check that the blocks are finite, 2-d and share their width."""
        if not self.blocks or any(block.ndim != 2 or block.size == 0 for block in self.blocks):
            raise ValueError("blocks must be non-empty 2-d arrays")
        if len({block.shape[0] for block in self.blocks}) > 1:
            raise ValueError("blocks must share their number of rows")
        if not all(np.isfinite(block).all() for block in self.blocks):
            raise ValueError("blocks must be finite, got NaN or infinity")

    def __len__(self) -> int:
        """The width."""
        return int(self.blocks[0].shape[0])

    def __getitem__(self, rows: slice) -> LinearFeatures:
        """The features in a slice of the rows."""
        return LinearFeatures(tuple(block[rows] for block in self.blocks))


@dataclass(frozen=True, slots=True)
class FactoredOperator:
    """``sum_l psi_l B_l B_l^T / width`` of the linear model, two thin products a level."""

    levels: tuple[float, ...]
    features: LinearFeatures

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.features)

    def apply(self, block: FloatArray) -> FloatArray:
        """``B_l (B_l^T block)``, summed."""
        total = np.zeros_like(block)
        for level, factor in zip(self.levels, self.features.blocks, strict=True):
            total += (level / self.width) * (factor @ (factor.T @ block))
        return total


def sample_blocks(
    multiplicities: tuple[int, ...], width: int, rng: np.random.Generator
) -> tuple[FloatArray, ...]:
    """One block a level, ``(width, min(multiplicity, width + 1))``, with the law of Gaussian rows.

    Multiplicity m > width + 1: a Gaussian column and Bartlett's lower triangular factor of a
    Wishart matrix with m - 1 degrees of freedom.
    """
    return tuple(
        rng.standard_normal((width, count)) if count <= width + 1 else _bartlett(count, width, rng)
        for count in multiplicities
    )


def _bartlett(count: int, width: int, rng: np.random.Generator) -> FloatArray:
    block = np.zeros((width, width + 1))
    block[:, 0] = rng.standard_normal(width)
    below = np.tril_indices(width, -1)
    factor = block[:, 1:]
    factor[below] = rng.standard_normal(below[0].size)
    freedom = count - 1 - np.arange(width)
    factor[np.diag_indices(width)] = np.sqrt(rng.chisquare(freedom))
    return block
