"""What a population-exact model must offer, and a function of it expanded over eigenspaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import numpy as np

from w2s_theory.arguments import ExtendedArray, FloatArray

if TYPE_CHECKING:
    from flint import arb


class Rows(Protocol):
    """Features: ``len`` is the width, and a slice of them are features again."""

    def __len__(self) -> int:
        """The width."""

    def __getitem__(self, rows: slice, /) -> Self:
        """The features in a slice of the rows."""


Features = TypeVar("Features", bound=Rows)
Goal = TypeVar("Goal")
"""A model's kind of target."""
_Goal_contra = TypeVar("_Goal_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class EigenSpaces:
    """Kernel eigenvalues and multiplicities, one entry an eigenspace; shape ``(spaces,)`` each.

    ``relative_errors`` bounds the rounding of each eigenvalue.  Sphere: entry k is degree k and the
    list is truncated; ``beyond`` bounds every eigenvalue left out.  Linear: one entry a level of
    Psi, nothing left out, ``beyond`` = 0.
    """

    eigenvalues: FloatArray
    multiplicities: FloatArray
    relative_errors: FloatArray
    beyond: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A function f = sum_i w_i sigma_i against a target f*, by eigenspace; shape ``(spaces,)``.

    ``energies`` = ||f_j||^2; ``overlaps`` = <f_j, f*_j>; ``noise`` = the energy of f_j orthogonal
    to f*_j (all of it where f*_j = 0), found without cancellation; ``overlap_errors`` and
    ``noise_errors`` bound the rounding of each.
    """

    energies: FloatArray
    overlaps: FloatArray
    noise: FloatArray
    overlap_errors: FloatArray
    noise_errors: FloatArray


class System(Protocol):
    """The least-squares system ``G w = b`` in extended precision, with its rounding."""

    @property
    def overlaps(self) -> ExtendedArray:
        """b, shape ``(width,)``."""

    @property
    def gram_error(self) -> float:
        """Bound on the absolute error of every entry of G."""

    @property
    def overlap_error(self) -> float:
        """Bound on the absolute error of every entry of b."""

    @property
    def roundings(self) -> int:
        """Roundings behind one entry of ``product``."""

    def product(self, weights: FloatArray) -> ExtendedArray:
        """``G w``."""

    def magnitude(self, sizes: FloatArray) -> ExtendedArray:
        """``G w`` with every number replaced by its absolute value: the scale of its rounding."""


@dataclass(frozen=True, slots=True)
class DenseSystem:
    """A :class:`System` that holds G."""

    gram: ExtendedArray
    overlaps: ExtendedArray
    gram_error: float
    overlap_error: float

    @property
    def roundings(self) -> int:
        """One inner product."""
        return int(self.gram.shape[0]) + 1

    def product(self, weights: FloatArray) -> ExtendedArray:
        """``G w``."""
        return self.gram @ weights.astype(np.longdouble)

    def magnitude(self, sizes: FloatArray) -> ExtendedArray:
        """``|G| |w|``."""
        return np.abs(self.gram) @ sizes.astype(np.longdouble)


class Operator(Protocol):
    """A symmetric positive semidefinite operator on ``(width, columns)`` blocks."""

    @property
    def width(self) -> int:
        """Rows of a block."""

    def apply(self, block: FloatArray) -> FloatArray:
        """``(G/width) block`` in float64."""


class Model(Protocol[Features, _Goal_contra]):
    """A random-feature model whose population quantities are closed forms of the features.

    What a caller needs to know of its structure is a member here; no caller asks for its type.
    """

    @property
    def dim(self) -> int:
        """Dimension of the inputs."""

    @property
    def joint(self) -> bool:
        """Whether features are kept in coordinates of their span.

        Then teachers and the student that they meet come from one draw, and :meth:`operator` holds
        thin factors, for which no memory need be planned.
        """

    def sample_features(self, width: int, rng: np.random.Generator) -> Features:
        """Draw ``width`` features from the model's law."""

    def gram(self, features: Features) -> FloatArray:
        """``<sigma_i, sigma_j>``, shape ``(width, width)``."""

    def cross_gram(self, left: Features, right: Features) -> FloatArray:
        """``<sigma_i, sigma_j>`` for i in left, j in right."""

    def operator(self, features: Features) -> Operator | None:
        """``G/width`` in thin factors; None where it is known by its Gram matrix only."""

    def target_overlaps(self, target: _Goal_contra, features: Features) -> FloatArray:
        """``<f*, sigma_i>``, shape ``(width,)``."""

    def eigenspaces(self, max_degree: int) -> EigenSpaces:
        """Eigenvalues of the infinite-width kernel (max_degree is ignored by a finite spectrum)."""

    def tail_trace(self, listed: float) -> float:
        """The kernel's trace beyond :meth:`eigenspaces` whose own trace is ``listed``."""

    def target_energies(self, target: _Goal_contra, max_degree: int) -> FloatArray:
        """``||f*_j||^2`` by eigenspace; their sum is 1, with :meth:`target_tail`."""

    def target_tail(self, target: _Goal_contra) -> float:
        """Energy of the target beyond the eigenspaces listed."""

    def unlearnable_energy(self, target: _Goal_contra) -> float:
        """Energy of the target in eigenspaces of eigenvalue 0: no width learns it."""

    def extended_system(self, target: _Goal_contra, features: Features) -> System:
        """The least-squares system in extended precision, with its rounding bounds."""

    def space_gram(self, features: Features, space: int) -> FloatArray:
        """Gram matrix of the features' parts in one eigenspace; summed over all, the Gram."""

    def expand(
        self, target: _Goal_contra, features: Features, weights: FloatArray, max_degree: int
    ) -> Expansion:
        """Expand ``sum_i weights_i sigma_i`` over the eigenspaces."""

    def ball_gram(self, features: Features, spaces: Sequence[int] | None = None) -> list[list[arb]]:
        """The Gram matrix in Arb at the current precision, of the parts in ``spaces`` if given.

        Floats are the binary fractions they are. ValueError where the model has no enclosure.
        """

    def ball_overlaps(self, features: Features, target: _Goal_contra) -> tuple[list[arb], arb]:
        """``<f*, sigma_i>`` and ``||f*||^2`` in Arb at the current precision; see `ball_gram`."""
