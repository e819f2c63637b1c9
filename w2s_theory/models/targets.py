"""Targets on the sphere: sums of harmonics, each component evaluated pointwise.

A target enters every formula only through its components: for sigma(<u,x>) with Funk-Hecke
coefficients a_k, ``<f*, sigma(<u,.>)> = sum_k a_k f*_k(u)``, so a component needs its values at
the features and its norm in L2 of the sphere, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import ExtendedArray, FloatArray, degree_number, float_array, signed
from w2s_theory.models.legendre import legendre_extended, legendre_rounding
from w2s_theory.models.roundoff import gamma
from w2s_theory.spectra.harmonics import multiplicity

if TYPE_CHECKING:
    from flint import arb

BallValues = tuple[Callable[[list["arb"]], "arb"], "arb"]
"""A component's value at a unit vector of balls, and its energy."""

UNIT_TOLERANCE = 1e-12
"""How far the norm of a target may be from 1: rounding of a user's coefficients, no more."""


MAX_SCALE = 1e150
"""Its square is still a float."""


@runtime_checkable
class Component(Protocol):
    """The part of a target in one degree."""

    @property
    def degree(self) -> int:
        """The degree k of the harmonic space."""

    @property
    def dim(self) -> int:
        """The dimension d of the sphere's ambient space."""

    @property
    def energy(self) -> float:
        """``||f*_k||^2``."""

    def values(self, units: ExtendedArray) -> ExtendedArray:
        """``f*_k`` at the unit rows of ``units``, shape ``(width,)``."""

    def rounding(self, cosine_error: float) -> float:
        """Bound on the absolute error of ``values`` when inner products err by this much."""

    def in_balls(self) -> BallValues:
        """Value and energy in Arb, every float taken as the binary fraction it is."""


class Network(Protocol):
    """A target that is itself a network on the model's own activation."""

    def overlaps(self, units: ExtendedArray) -> ExtendedArray:
        """``<f*, sigma_i>`` at unit rows."""

    def rounding(self, cosine_error: float) -> float:
        """Bound on the error of ``overlaps``."""

    def in_balls(self) -> BallValues:
        """The overlap with the unit at a row of balls, and ``||f*||^2``."""


@dataclass(frozen=True, slots=True)
class Target:
    """A unit target, one component a degree, in increasing degree, and what lies beyond the last.

    ``tail`` is the energy beyond: 0, or of an expansion, whose components then hold every degree up
    to ``most``.  A ``network`` knows its overlaps in closed form, tail and all.
    Raises ValueError naming the norm if the energies do not sum to 1.
    """

    components: tuple[Component, ...]
    tail: float = 0.0
    most: int = 0
    network: Network | None = None

    def __post_init__(self) -> None:
        """Check order, common dimension and unit norm."""
        degrees = [part.degree for part in self.components]
        if not degrees or sorted(set(degrees)) != degrees:
            raise ValueError(f"components must have distinct increasing degrees, got {degrees}")
        if len({part.dim for part in self.components}) > 1:
            raise ValueError("components must share one dim")
        norm = float(np.sqrt(sum(part.energy for part in self.components) + self.tail))
        if not abs(norm - 1) <= UNIT_TOLERANCE:
            raise ValueError(f"target must have norm 1, got {norm!r}")

    @property
    def dim(self) -> int:
        """The ambient dimension."""
        return self.components[0].dim

    @property
    def degrees(self) -> tuple[int, ...]:
        """The degrees the target lives in."""
        return tuple(part.degree for part in self.components)

    def energies(self, max_degree: int) -> FloatArray:
        """``||f*_k||^2`` for k = 0..max_degree; ValueError if the target reaches further.

        ValueError too for another max_degree than an expansion's own: ``tail`` lies beyond that.
        """
        if self.tail and self.most != max_degree:
            raise ValueError(f"max_degree must be the expansion's, {self.most}, got {max_degree}")
        if self.degrees[-1] > max_degree:
            raise ValueError(f"max_degree must be >= {self.degrees[-1]}, got {max_degree}")
        result = np.zeros(max_degree + 1)
        for part in self.components:
            result[part.degree] = part.energy
        return result


@dataclass(frozen=True, slots=True)
class Harmonic:
    """The unit zonal harmonic ``sqrt(N_k) P_k(<v,x>)`` about ``direction`` v, times ``scale``.

    ``direction`` is normalised; ValueError if it is zero, non-finite or shorter than 2.
    """

    degree: int
    direction: tuple[float, ...]
    scale: float = 1.0
    _axis: ExtendedArray = field(init=False, repr=False, compare=False)

    def __init__(self, degree: int, direction: ArrayLike, scale: float = 1.0) -> None:
        """Store a validated copy of the direction."""
        axis = float_array("direction", direction, 1)
        if axis.size < 2 or not np.any(axis):
            raise ValueError(f"direction must be a nonzero vector of length >= 2, got {axis}")
        if not abs(signed("scale", scale)) <= MAX_SCALE:
            raise ValueError(f"scale must be at most {MAX_SCALE} in size, got {scale!r}")
        object.__setattr__(self, "degree", degree_number("degree", degree))
        object.__setattr__(self, "direction", tuple(axis.tolist()))
        object.__setattr__(self, "scale", signed("scale", scale))
        object.__setattr__(self, "_axis", unit_rows(axis[None, :])[0])

    @property
    def dim(self) -> int:
        """The ambient dimension."""
        return len(self.direction)

    @property
    def energy(self) -> float:
        """``scale^2``."""
        return self.scale**2

    def values(self, units: ExtendedArray) -> ExtendedArray:
        """``scale sqrt(N_k) P_k(<v,u>)`` for every row u."""
        amplitude = self.scale * np.sqrt(np.longdouble(multiplicity(self.degree, self.dim)))
        cosines = np.clip(units @ self._axis, -1, 1)
        result: ExtendedArray = amplitude * legendre_extended(self.degree, cosines, self.dim)
        return result

    def rounding(self, cosine_error: float) -> float:
        """``|scale| sqrt(N_k)`` times the error of P_k, and the last product's."""
        amplitude = abs(self.scale) * float(np.sqrt(float(multiplicity(self.degree, self.dim))))
        return amplitude * (legendre_rounding(self.degree, self.dim, cosine_error) + gamma(4))

    def in_balls(self) -> BallValues:
        """Value and energy in Arb."""
        return HarmonicSum((self,)).in_balls()


@dataclass(frozen=True, slots=True)
class HarmonicSum:
    """Several zonal harmonics of one degree; ``<Y_v, Y_w> = P_k(<v,w>)`` gives the energy."""

    terms: tuple[Harmonic, ...]

    def __post_init__(self) -> None:
        """Check that the terms share degree and dim."""
        if len({(term.degree, term.dim) for term in self.terms}) != 1:
            raise ValueError("terms must be a non-empty group with one degree and one dim")

    @property
    def degree(self) -> int:
        """The common degree."""
        return self.terms[0].degree

    @property
    def dim(self) -> int:
        """The ambient dimension."""
        return self.terms[0].dim

    @property
    def energy(self) -> float:
        """``sum_ij c_i c_j P_k(<v_i, v_j>)``."""
        axes = np.stack([term._axis for term in self.terms])
        scales = np.array([term.scale for term in self.terms], dtype=np.longdouble)
        cosines = np.clip(axes @ axes.T, -1, 1)
        gram = legendre_extended(self.degree, cosines, self.dim)
        return max(float(scales @ gram @ scales), 0.0)

    def values(self, units: ExtendedArray) -> ExtendedArray:
        """The sum of the terms' values."""
        total = np.zeros(units.shape[0], dtype=np.longdouble)
        for term in self.terms:
            total += term.values(units)
        return total

    def rounding(self, cosine_error: float) -> float:
        """The sum of the terms' bounds."""
        return sum(term.rounding(cosine_error) for term in self.terms) * (1 + len(self.terms))

    def in_balls(self) -> BallValues:
        """Value and energy in Arb."""
        from flint import arb

        from w2s_theory.models.ball_sphere import ball_dot, unit_ball, zonal_function

        zonal = zonal_function(self.degree, self.dim)
        axes = [unit_ball(np.array(term.direction)) for term in self.terms]
        scales = [arb(term.scale) for term in self.terms]
        amplitude = arb(multiplicity(self.degree, self.dim)).sqrt()

        def zonals(point: list[arb]) -> arb:
            values = (s * zonal(ball_dot(v, point)) for s, v in zip(scales, axes, strict=True))
            return amplitude * sum(values, arb(0))

        energy = arb(0)
        for i, first in enumerate(scales):
            for j, second in enumerate(scales):
                energy += first * second * (1 if i == j else zonal(ball_dot(axes[i], axes[j])))
        return zonals, energy


def harmonic_target(harmonics: Harmonic | Sequence[Harmonic]) -> Target:
    """The target ``sum`` of the given harmonics, grouped by degree; ValueError unless unit norm."""
    items = (harmonics,) if isinstance(harmonics, Harmonic) else tuple(harmonics)
    by_degree: dict[int, list[Harmonic]] = {}
    for item in items:
        by_degree.setdefault(item.degree, []).append(item)
    parts: list[Component] = []
    for degree in sorted(by_degree):
        group = by_degree[degree]
        parts.append(group[0] if len(group) == 1 else HarmonicSum(tuple(group)))
    return Target(tuple(parts))


def unit_rows(rows: FloatArray) -> ExtendedArray:
    """Rows divided by their norms in extended precision: float64 rows are unit only to 1e-16."""
    extended = rows.astype(np.longdouble)
    norms = np.sqrt(np.einsum("ij,ij->i", extended, extended))
    result: ExtendedArray = extended / norms[:, None]
    return result
