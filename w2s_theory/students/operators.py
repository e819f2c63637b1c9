"""The student's kernel ``G/width`` as an operator: its tiles kept, or recomputed each time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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
    run_parallel,
    silent,
)
from w2s_theory.students.memory import TILE

_SHARES = 16
"""Sums of tiles that make a product, whatever the number of cores: its bits are the same on all."""


def _pairs(width: int) -> list[tuple[slice, slice]]:
    """Rows and columns of the tiles of the upper triangle."""
    slices = [slice(start, min(start + TILE, width)) for start in range(0, width, TILE)]
    return [(rows, columns) for i, rows in enumerate(slices) for columns in slices[i:]]


def _tile(
    model: Model[Features, Goal], features: Features, rows: slice, columns: slice
) -> FloatArray:
    # `gram` sets the diagonal exactly, which a cross-Gram of equal units cannot.
    if rows == columns:
        return model.gram(features[rows])
    return model.cross_gram(features[rows], features[columns])


def _applied(
    width: int, tile: Callable[[int], Floats], right: Floats, progress: Progress = silent
) -> FloatArray:
    """``G right/width`` from the tiles of the upper triangle, by their place in `_pairs`.

    Each share of them has a buffer, and buffers are added in order. An interrupt ends it within a
    tile.
    """
    pairs = _pairs(width)
    shares = min(_SHARES, len(pairs))
    awaited, ended = 0, False

    def share(number: int) -> FloatArray:
        total = np.zeros(right.shape)
        for index in range(len(pairs) * number // shares, len(pairs) * (number + 1) // shares):
            if ended:
                break
            rows, columns = pairs[index]
            entries = tile(index)
            total[rows] += entries @ right[columns]
            if rows != columns:
                total[columns] += entries.T @ right[rows]
            if number == awaited:
                progress("product", index + 1, len(pairs))
        return total

    if shares == 1:
        return share(0) / width
    whole = np.zeros(right.shape)
    waiting: deque[Future[FloatArray]] = deque()
    with ThreadPoolExecutor(cores()) as pool:
        try:
            for number in range(shares + cores()):
                if number < shares:
                    waiting.append(pool.submit(share, number))
                if number >= cores():  # no more buffers than cores, and one
                    whole += waiting.popleft().result()
                    awaited += 1
        finally:
            ended = True
    whole /= width
    return whole


@dataclass(frozen=True, slots=True)
class KeptOperator:
    """``G/width``, the upper triangle of G kept in tiles of float64 or float32.

    Products are in that precision; with float64 their bits are those of `TiledOperator`.
    """

    width: int
    tiles: tuple[Floats, ...]

    def apply(self, block: FloatArray) -> FloatArray:
        """One product of matrices a tile, two off the diagonal."""
        narrow = self.tiles[0].dtype == np.float32
        right = np.ascontiguousarray(block, np.float32) if narrow else np.ascontiguousarray(block)
        return _applied(self.width, self.tiles.__getitem__, right)

    def matrix(self) -> Floats:
        """``G/width`` in full."""
        whole: Floats = np.empty((self.width, self.width), dtype=self.tiles[0].dtype)
        for (rows, columns), tile in zip(_pairs(self.width), self.tiles, strict=True):
            whole[rows, columns] = tile
            whole[columns, rows] = tile.T
        whole /= self.width
        return whole


def build_kept(
    model: Model[Features, Goal],
    features: Features,
    dtype: type[np.float64] | type[np.float32] = np.float64,
    progress: Progress = silent,
) -> KeptOperator:
    """Compute the tiles of the upper triangle, on all cores."""

    def tile(pair: tuple[slice, slice]) -> Floats:
        entries = _tile(model, features, *pair)
        return entries.astype(np.float32) if dtype is np.float32 else entries

    # No one piece of memory: new large pages cost more than these tiles' entries.
    tiles = run_parallel(tile, _pairs(len(features)), "gram", progress)
    return KeptOperator(len(features), tuple(tiles))


@dataclass(frozen=True, slots=True)
class TiledOperator(Generic[Features, Goal]):
    """``G/width`` never kept: every product recomputes the tiles of the upper triangle."""

    model: Model[Features, Goal]
    features: Features
    progress: Progress = silent

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.features)

    def apply(self, block: FloatArray) -> FloatArray:
        """The product that `KeptOperator` makes, each tile computed when it is its turn."""
        pairs = _pairs(self.width)

        def tile(index: int) -> FloatArray:
            return _tile(self.model, self.features, *pairs[index])

        with one_thread_blas():
            return _applied(self.width, tile, np.ascontiguousarray(block), self.progress)
