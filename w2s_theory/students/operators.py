"""The student's kernel ``G/width`` as an operator: kept, or recomputed tile by tile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.models.base import Features, Goal, Model
from w2s_theory.models.parallel import (
    Floats,
    Progress,
    cores,
    one_thread_blas,
    product,
    run_parallel,
    silent,
)

TILE = 512


def _slices(width: int) -> list[slice]:
    return [slice(start, min(start + TILE, width)) for start in range(0, width, TILE)]


def _tile(
    model: Model[Features, Goal], features: Features, rows: slice, columns: slice
) -> FloatArray:
    # `gram` sets the diagonal exactly, which a cross-Gram of equal units cannot.
    if rows == columns:
        return model.gram(features[rows])
    return model.cross_gram(features[rows], features[columns])


@dataclass(frozen=True, slots=True)
class DenseOperator:
    """``G/width`` kept in full, in float64 or float32 (products in that precision)."""

    matrix: Floats

    @property
    def width(self) -> int:
        """Side of the matrix."""
        return int(self.matrix.shape[0])

    def apply(self, block: FloatArray) -> FloatArray:
        """One matrix-matrix product."""
        narrow = self.matrix.dtype == np.float32
        image = product(self.matrix, block.astype(np.float32) if narrow else block)
        result: FloatArray = image.astype(np.float64, copy=False)
        return result


def build_dense(
    model: Model[Features, Goal],
    features: Features,
    dtype: type[np.float64] | type[np.float32] = np.float64,
    progress: Progress = silent,
) -> DenseOperator:
    """Fill the upper triangle in tiles on all cores and mirror it."""
    width = len(features)
    shape = (width, width)
    matrix: Floats = np.empty(shape) if dtype is np.float64 else np.empty(shape, np.float32)
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
class TiledOperator(Generic[Features, Goal]):
    """``G/width`` never kept: every product recomputes the upper triangle in tiles."""

    model: Model[Features, Goal]
    features: Features
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
