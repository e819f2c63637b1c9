"""How a student's Gram matrix is kept: an estimate in bytes, and a refusal that says what works."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from w2s_theory.arguments import choice, integer
from w2s_theory.models.parallel import cores


class Mode(StrEnum):
    """How a Gram matrix is kept; ``AUTO`` leaves it to the memory that is free."""

    AUTO = "auto"
    DENSE = "dense"
    MATRIX_FREE = "matrix-free"


RESERVE = 0.9
"""Share of the free memory that a plan may use."""

TILE = 512
"""The side of the tiles that a Gram matrix is cut into; those of its upper triangle are kept."""

_TILES = 192 * 2**20  # tiles in flight, BLAS buffers, the projected problem


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPlan:
    """Bytes each way of keeping the Gram matrix needs, what is free, and the way chosen."""

    mode: Mode
    dense: int
    matrix_free: int
    available: int

    def __str__(self) -> str:
        """One line for a log."""
        return (
            f"{self.mode}: Gram in memory {_gib(self.dense)}, matrix-free "
            f"{_gib(self.matrix_free)}, free {_gib(self.available)}"
        )


def plan_memory(
    width: int,
    columns: int,
    *,
    max_blocks: int,
    dtype: type[np.float64] | type[np.float32] = np.float64,
    mode: Mode = Mode.AUTO,
    available: int | None = None,
) -> MemoryPlan:
    """Choose dense or matrix-free for a student of ``width`` and ``columns`` right-hand sides.

    ``available`` in bytes defaults to what the system reports free.  ValueError, with the estimate
    and the option that would fit, if the mode asked for (or, for "auto", either) does not.
    """
    width = integer("width", width, 1, 10**15)
    columns = integer("columns", columns, 1, 10**15)
    max_blocks = integer("max_blocks", max_blocks, 1, 10**15)
    mode = choice("mode", mode, Mode)
    if available is None:
        import psutil

        available = int(psutil.virtual_memory().available)
    basis = min(width, columns * (max_blocks + 1))
    shared = 8 * (width * basis + 3 * basis**2 + 6 * width * columns) + _TILES
    itemsize = np.dtype(dtype).itemsize
    gram = itemsize * width * (width + TILE) // 2
    free = shared + 8 * (cores() + 2) * width * columns  # the product, a buffer a core, and one
    dense = gram + free
    budget = RESERVE * available
    kept = mode is Mode.DENSE or (mode is Mode.AUTO and dense <= budget)
    plan = MemoryPlan(
        mode=Mode.DENSE if kept else Mode.MATRIX_FREE,
        dense=dense,
        matrix_free=free,
        available=available,
    )
    need = dense if kept else free
    if need > budget:
        raise ValueError(
            f"student width {width} needs {_gib(need)} ({plan.mode}), {_gib(available)} is free: "
            + _advice(gram, plan, itemsize)
        )
    return plan


def _advice(gram: int, plan: MemoryPlan, itemsize: int) -> str:
    budget = RESERVE * plan.available
    if plan.mode is Mode.MATRIX_FREE or plan.matrix_free > budget:
        return (
            "fewer teachers at a time (--draws), a smaller width (--student-width), or in Python "
            "max_blocks, would fit"
        )
    if itemsize == 8 and plan.dense - gram // 2 <= budget:
        return 'dtype=numpy.float32 or mode="matrix-free" fits'
    return 'mode="matrix-free" fits'


def _gib(size: int) -> str:
    return f"{size / 2**30:.2f} GiB"
