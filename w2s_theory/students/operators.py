"""The student's kernel ``G/width`` as an operator: kept, recomputed tile by tile, or factored."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from w2s_theory.arguments import FloatArray
from w2s_theory.models.base import Model
from w2s_theory.models.linear_features import LinearFeatures
from w2s_theory.models.parallel import (
    Progress,
    cores,
    one_thread_blas,
    product,
    run_parallel,
    silent,
)

TILE = 512


class Operator(Protocol):
    """A symmetric positive semidefinite operator on ``(width, columns)`` blocks."""

    @property
    def width(self) -> int:
        """Rows of a block."""

    def apply(self, block: FloatArray) -> FloatArray:
        """``(G/width) block`` in float64."""


def _slices(width: int) -> list[slice]:
    return [slice(start, min(start + TILE, width)) for start in range(0, width, TILE)]


def _tile(model: Model, features: Any, rows: slice, columns: slice) -> FloatArray:
    # `gram` sets the diagonal exactly, which a cross-Gram of equal units cannot.
    if rows == columns:
        return model.gram(features[rows])
    return model.cross_gram(features[rows], features[columns])


@dataclass(frozen=True, slots=True)
class DenseOperator:
    """``G/width`` kept in full, in float64 or float32 (products in that precision)."""

    matrix: NDArray[Any]

    @property
    def width(self) -> int:
        """Side of the matrix."""
        return int(self.matrix.shape[0])

    def apply(self, block: FloatArray) -> FloatArray:
        """One matrix-matrix product."""
        image = product(self.matrix, block.astype(self.matrix.dtype, copy=False))
        result: FloatArray = image.astype(np.float64, copy=False)
        return result


def build_dense(
    model: Model, features: Any, dtype: type[Any] = np.float64, progress: Progress = silent
) -> DenseOperator:
    """Fill the upper triangle in tiles on all cores and mirror it."""
    width = len(features)
    matrix = np.empty((width, width), dtype=dtype)
    slices = _slices(width)

    def fill(pair: tuple[slice, slice]) -> None:
        rows, columns = pair
        tile = _tile(model, features, rows, columns)
        tile /= width
        matrix[rows, columns] = tile
        if rows != columns:
            matrix[columns, rows] = tile.T

    pairs = ((rows, columns) for i, rows in enumerate(slices) for columns in slices[i:])
    run_parallel(fill, pairs, "gram", progress)
    return DenseOperator(matrix)


@dataclass(frozen=True, slots=True)
class TiledOperator:
    """``G/width`` never kept: every product recomputes the upper triangle in tiles."""

    model: Model
    features: Any
    progress: Progress = silent

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.features)

    def apply(self, block: FloatArray) -> FloatArray:
        """Each worker owns a fixed share of the tiles and a buffer: the sum has a fixed order."""
        slices = _slices(self.width)
        pairs = [(rows, columns) for i, rows in enumerate(slices) for columns in slices[i:]]
        workers = min(cores(), len(pairs))
        right = np.ascontiguousarray(block)

        def share(worker: int) -> FloatArray:
            total = np.zeros_like(right)
            for index in range(worker, len(pairs), workers):
                rows, columns = pairs[index]
                tile = _tile(self.model, self.features, rows, columns)
                total[rows] += tile @ right[columns]
                if rows != columns:
                    total[columns] += tile.T @ right[rows]
                if worker == 0:
                    self.progress("product", index + 1, len(pairs))
            return total

        with one_thread_blas(), ThreadPoolExecutor(workers) as pool:
            buffers = list(pool.map(share, range(workers)))
        for buffer in buffers[1:]:
            buffers[0] += buffer
        return buffers[0] / self.width


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
