"""Linear random features: f(x) = sum_i w_i <u_i, x>, u ~ N(0, I), x ~ N(0, Psi) by levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import (
    ExtendedArray,
    FloatArray,
    degree_number,
    float_array,
    integer,
    integers,
    real,
)
from w2s_theory.models.base import EigenSpaces, Expansion
from w2s_theory.models.linear_features import (
    FactoredOperator,
    LinearFeatures,
    LinearTarget,
    sample_blocks,
)
from w2s_theory.models.roundoff import DOUBLE_EPS, gamma

if TYPE_CHECKING:
    from flint import arb


@dataclass(frozen=True, slots=True)
class FactoredSystem:
    """``G = sum_l psi_l B_l B_l^T`` applied block by block, never formed."""

    features: LinearFeatures
    levels: tuple[float, ...]
    overlaps: ExtendedArray
    gram_error: float = 0.0
    overlap_error: float = 0.0

    @property
    def roundings(self) -> int:
        """Two inner products, a scaling and the sum over levels."""
        columns = max(block.shape[1] for block in self.features.blocks)
        return len(self.features) + int(columns) + len(self.levels) + 2

    def product(self, weights: FloatArray) -> ExtendedArray:
        """``G w``."""
        return self._apply(weights, absolute=False)

    def magnitude(self, sizes: FloatArray) -> ExtendedArray:
        """``sum_l psi_l |B_l| |B_l|^T |w|``."""
        return self._apply(sizes, absolute=True)

    def _apply(self, weights: FloatArray, *, absolute: bool) -> ExtendedArray:
        vector = weights.astype(np.longdouble)
        total = np.zeros(len(self.features), dtype=np.longdouble)
        for level, block in zip(self.levels, self.features.blocks, strict=True):
            wide = np.abs(block) if absolute else block
            total += np.longdouble(level) * (wide @ (wide.T @ vector))
        return total


MAX_ENTRY = 1e150


@dataclass(frozen=True, slots=True)
class LinearGaussian:
    """Model 1.2 with Psi given by distinct positive ``levels`` and their ``multiplicities``.

    The kernel's eigenspaces are the levels, in the order given.  No array has a side of length
    ``dim``: see :func:`~w2s_theory.models.linear_features.sample_blocks`.
    ValueError: levels not distinct, finite and > 0, or multiplicities not integers >= 1.
    """

    levels: tuple[float, ...]
    multiplicities: tuple[int, ...]
    joint: ClassVar[bool] = True

    def __init__(self, levels: Sequence[float], multiplicities: Sequence[int]) -> None:
        """Store validated copies."""
        given = float_array("levels", levels, 1).tolist()
        values = tuple(real("levels", level, positive=True) for level in given)
        counts = integers("multiplicities", multiplicities, 1)
        if len(set(values)) != len(values) or len(values) != len(counts):
            raise ValueError(
                f"levels must be distinct, one a multiplicity, got {values} and {counts}"
            )
        object.__setattr__(self, "levels", values)
        object.__setattr__(self, "multiplicities", counts)

    @property
    def dim(self) -> int:
        """Dimension d of the inputs."""
        return sum(self.multiplicities)

    def operator(self, features: LinearFeatures) -> FactoredOperator:
        """Two thin products a level."""
        self._check_features(features)
        return FactoredOperator(self.levels, features)

    def tail_trace(self, listed: float) -> float:
        """0: every level is listed."""
        return 0.0

    def sample_features(self, width: int, rng: np.random.Generator) -> LinearFeatures:
        """Draw ``width`` features; draw a teacher's and a student's together and slice them."""
        width = integer("width", width, 1)
        return LinearFeatures(sample_blocks(self.multiplicities, width, rng))

    def features_from_rows(self, rows: ArrayLike, direction: ArrayLike) -> LinearFeatures:
        """Features with explicit ``rows`` (width, dim), coordinates ordered by level.

        ``direction`` (dim,) is the target's; within each level the first column becomes the
        coordinate along it (a reflection), the others an orthonormal complement.
        """
        matrix, beta = float_array("rows", rows, 2), float_array("direction", direction, 1)
        if matrix.shape[1] != self.dim or beta.size != self.dim:
            raise ValueError(
                f"rows and direction must have length {self.dim}, got {matrix.shape[1]} "
                f"and {beta.size}"
            )
        if np.abs(matrix).max() > MAX_ENTRY:
            raise ValueError(
                f"rows must be at most {MAX_ENTRY} in size: a Gram holds their squares"
            )
        edges = np.cumsum(self.multiplicities)[:-1]
        parts = zip(np.split(matrix, edges, axis=1), np.split(beta, edges), strict=True)
        return LinearFeatures(tuple(_reflect(block, axis) for block, axis in parts))

    def target(self, direction: ArrayLike) -> LinearTarget:
        """The unit target proportional to ``<direction, x>``, coordinates ordered by level."""
        beta = float_array("direction", direction, 1)
        if beta.size != self.dim or not beta.any():
            raise ValueError(f"direction must be nonzero of length {self.dim}, got {beta.size}")
        beta = beta / np.abs(beta).max()  # its norm may not be a float
        parts = np.split(beta, np.cumsum(self.multiplicities)[:-1])
        sizes = [
            np.sqrt(level) * float(np.linalg.norm(part))
            for level, part in zip(self.levels, parts, strict=True)
        ]
        norm = float(np.linalg.norm(sizes))
        return LinearTarget(tuple(size / norm for size in sizes))

    def gram(self, features: LinearFeatures) -> FloatArray:
        """``U Psi U^T``, shape ``(width, width)``."""
        return self.cross_gram(features, features)

    def cross_gram(self, left: LinearFeatures, right: LinearFeatures) -> FloatArray:
        """``<u_i, Psi u_j>`` for i in ``left``, j in ``right``, from one joint draw."""
        self._check_features(left)
        self._check_features(right)
        total = np.zeros((len(left), len(right)))
        for level, a, b in zip(self.levels, left.blocks, right.blocks, strict=True):
            total += level * (a @ b.T)
        return total

    def space_gram(self, features: LinearFeatures, space: int) -> FloatArray:
        """The Gram matrix of level ``space`` alone."""
        self._check_features(features)
        index = degree_number("space", space)
        if index >= len(self.levels):
            raise ValueError(f"space must be < {len(self.levels)}, got {space}")
        block = features.blocks[index]
        return self.levels[index] * (block @ block.T)

    def target_overlaps(self, target: LinearTarget, features: LinearFeatures) -> FloatArray:
        """``<f*, u_i> = sum_l c_l sqrt(psi_l) u_i[l, 0]``, shape ``(width,)``."""
        return self._overlaps(target, features).astype(np.float64)

    def eigenspaces(self, max_degree: int) -> EigenSpaces:
        """The levels, exact; ``max_degree`` is ignored."""
        values = np.array(self.levels)
        counts = np.array(self.multiplicities, dtype=np.float64)
        return EigenSpaces(values, counts, np.zeros_like(values), 0.0)

    def target_energies(self, target: LinearTarget, max_degree: int) -> FloatArray:
        """``c_l^2`` by level; ``max_degree`` is ignored."""
        self._check_target(target)
        return np.array(target.coefficients) ** 2

    def target_tail(self, target: LinearTarget) -> float:
        """0: every level is listed."""
        return 0.0

    def unlearnable_energy(self, target: LinearTarget) -> float:
        """0: every level is positive."""
        self._check_target(target)
        return 0.0

    def extended_system(self, target: LinearTarget, features: LinearFeatures) -> FactoredSystem:
        """The least-squares system, factored."""
        overlaps = self._overlaps(target, features)
        error = gamma(2 * len(self.levels) + 4) * float(np.abs(overlaps).max())
        return FactoredSystem(features, self.levels, overlaps, overlap_error=error)

    def expand(
        self, target: LinearTarget, features: LinearFeatures, weights: FloatArray, max_degree: int
    ) -> Expansion:
        """By level: ``y = sqrt(psi) B^T w``; the target's coordinate first, the rest is noise."""
        self._check_target(target)
        self._check_features(features)
        vector = weights.astype(np.longdouble)
        rows = []
        for level, block, size in zip(
            self.levels, features.blocks, target.coefficients, strict=True
        ):
            coordinates = np.sqrt(np.longdouble(level)) * (block.T @ vector)
            scale = np.sqrt(level) * float((np.abs(block).T @ np.abs(weights)).max())
            error = gamma(weights.size + 4) * scale
            across = float(coordinates[1:] @ coordinates[1:])
            along = float(coordinates[0])
            noise = across if size else across + along**2
            reach = 2 * error * float(np.abs(coordinates).sum()) + 4 * DOUBLE_EPS * noise
            rows.append((across + along**2, size * along, noise, abs(size) * error, reach))
        table = np.array(rows).T
        return Expansion(
            energies=table[0],
            overlaps=table[1],
            noise=table[2],
            overlap_errors=table[3] + DOUBLE_EPS * np.abs(table[1]),
            noise_errors=table[4],
        )

    def ball_gram(
        self, features: LinearFeatures, spaces: Sequence[int] | None = None
    ) -> list[list[arb]]:
        """The Gram matrix in balls, of the levels in ``spaces`` if given."""
        from flint import arb, arb_mat

        self._check_features(features)
        width = len(features)
        gram = arb_mat(width, width)
        for place, (level, block) in enumerate(zip(self.levels, features.blocks, strict=True)):
            if spaces is None or place in spaces:
                rows = arb_mat([[arb(float(value)) for value in row] for row in block])
                gram += (rows * rows.transpose()) * arb(level)
        return [[gram[i, j] for j in range(width)] for i in range(width)]

    def ball_overlaps(
        self, features: LinearFeatures, target: LinearTarget
    ) -> tuple[list[arb], arb]:
        """``sum_l c_l sqrt(psi_l) u_i[l, 0]`` and ``sum_l c_l^2`` in balls."""
        from flint import arb

        self._check_target(target)
        self._check_features(features)
        overlaps, norm2 = [arb(0)] * len(features), arb(0)
        for level, block, size in zip(
            self.levels, features.blocks, target.coefficients, strict=True
        ):
            slope = arb(size) * arb(level).sqrt()
            overlaps = [
                total + slope * arb(float(value))
                for total, value in zip(overlaps, block[:, 0], strict=True)
            ]
            norm2 += arb(size) ** 2
        return overlaps, norm2

    def _overlaps(self, target: LinearTarget, features: LinearFeatures) -> ExtendedArray:
        self._check_target(target)
        self._check_features(features)
        total = np.zeros(len(features), dtype=np.longdouble)
        for level, block, size in zip(
            self.levels, features.blocks, target.coefficients, strict=True
        ):
            total += np.longdouble(size) * np.sqrt(np.longdouble(level)) * block[:, 0]
        return total

    def _check_target(self, target: LinearTarget) -> None:
        if not isinstance(target, LinearTarget) or len(target.coefficients) != len(self.levels):
            raise ValueError(f"target must be a LinearTarget over {len(self.levels)} levels")

    def _check_features(self, features: LinearFeatures) -> None:
        if not isinstance(features, LinearFeatures) or len(features.blocks) != len(self.levels):
            raise ValueError(f"features must be LinearFeatures over {len(self.levels)} levels")


def _reflect(block: FloatArray, axis: FloatArray) -> FloatArray:
    """Columns after the Householder reflection that sends ``axis`` to the first coordinate."""
    largest = float(np.abs(axis).max())
    if largest == 0:
        return block.copy()
    mirror = axis / largest
    mirror /= np.linalg.norm(mirror)
    sign = 1.0 if mirror[0] >= 0 else -1.0
    mirror[0] += sign
    mirror /= np.linalg.norm(mirror)
    return -sign * (block - 2 * np.outer(block @ mirror, mirror))
