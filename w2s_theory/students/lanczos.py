"""Block Lanczos with full re-orthogonalisation (Golub & Van Loan 2013, sec. 10.3.6).

All right-hand sides form one block, so that the work is matrix-matrix products; the projected
matrix ``T = Q^T A Q`` is taken from the projections themselves, which deflated (rank-reduced)
blocks need no bookkeeping for.
"""

from __future__ import annotations

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.models.base import Operator
from w2s_theory.models.parallel import product
from w2s_theory.models.roundoff import DOUBLE_EPS

DROP = 1e-12
"""A direction is dropped when what is left of it is this small against the largest in its block."""


class BlockLanczos:
    """Grows an orthonormal basis of ``span{X, A X, A^2 X, ...}`` a block at a time.

    ``start`` is ``(width, columns)``; ``coordinates`` = Q^T X, exact since X spans the first block.
    """

    def __init__(self, operator: Operator, start: FloatArray, max_blocks: int) -> None:
        """Reserve room for the basis (pages are committed as they are written)."""
        width, columns = start.shape
        capacity = min(width, columns * (max_blocks + 1))
        self._operator = operator
        self._basis = np.empty((width, capacity), order="F")
        self._projected = np.zeros((capacity, capacity))
        self._applied = 0  # columns of Q whose image under A is known
        self._size = 0
        scale = np.linalg.norm(start, axis=0)
        self._append(start / np.where(scale > 0, scale, 1.0), reference=1.0)
        self._start = start

    @property
    def dimension(self) -> int:
        """Dimension of the projected problem."""
        return self._applied

    @property
    def exhausted(self) -> bool:
        """Whether the basis is invariant under A: the projection is then exact."""
        return self._applied == self._size

    @property
    def projected(self) -> FloatArray:
        """``T``, shape ``(dimension, dimension)``."""
        return self._projected[: self._applied, : self._applied]

    @property
    def basis(self) -> FloatArray:
        """``Q``, shape ``(width, dimension)``."""
        return self._basis[:, : self._applied]

    def coordinates(self) -> FloatArray:
        """``Q^T X``, shape ``(dimension, columns)``."""
        return self.basis.T @ self._start

    def step(self) -> None:
        """Apply A to the newest block and append what is orthogonal to the basis."""
        if self.exhausted:
            return
        newest = slice(self._applied, self._size)
        image = self._operator.apply(self._basis[:, newest])
        known = self._basis[:, : self._size]
        inside = product(known.T, image)
        self._projected[: self._size, newest] = inside
        self._projected[newest, : self._size] = inside.T
        corner = self._projected[newest, newest]
        self._projected[newest, newest] = (corner + corner.T) / 2
        self._applied = self._size
        image -= product(known, inside)
        # What rounding leaves of an invariant block is of the size of A times the unit roundoff.
        scale = float(np.abs(np.diagonal(self.projected)).max())
        self._append(image, reference=scale)

    def _append(self, block: FloatArray, reference: float) -> None:
        from scipy.linalg import qr

        room = self._basis.shape[1] - self._size
        if room == 0:
            return
        known = self._basis[:, : self._size]
        vectors, triangle, _ = qr(block, mode="economic", pivoting=True, check_finite=False)
        sizes = np.abs(np.diagonal(triangle))
        floor = max(DROP * float(sizes[0]), 64 * DOUBLE_EPS * reference)
        kept = min(int((sizes > floor).sum()), room)
        vectors = vectors[:, :kept]
        if kept and self._size:
            # Twice is enough (Parlett 1998, sec. 6.9), once the remainder has unit length.
            vectors = vectors - product(known, product(known.T, vectors))
            vectors, _ = qr(vectors, mode="economic", overwrite_a=True, check_finite=False)
        self._basis[:, self._size : self._size + kept] = vectors
        self._size += kept
