"""Targets of infinitely many degrees: random networks, and zonal functions of t = <v, x>."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.arguments import ExtendedArray, FloatArray, integer
from w2s_theory.certify.balls import precision
from w2s_theory.models.ball_sphere import ball_dot, gram_function, unit_ball
from w2s_theory.models.extended_kernel import extended_gram, gram_rounding
from w2s_theory.models.legendre import iterate_exactly, legendre_extended, legendre_rounding
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.roundoff import DOUBLE_EPS, gamma
from w2s_theory.models.series_kernel import extended, series
from w2s_theory.models.targets import BallValues, Component, Harmonic, Target, unit_rows
from w2s_theory.spectra.activations import Activation, get_activation
from w2s_theory.spectra.harmonics import multiplicity
from w2s_theory.spectra.homogeneous import Homogeneous

if TYPE_CHECKING:
    from flint import arb

MOST_TAIL = 1e-12
"""Of a zonal function's energy."""

_BITS = 160


@dataclass(frozen=True, slots=True, eq=False)
class NetworkFunction:
    """``sum_j weights_j sigma(<v_j, x>)``, v_j the units of ``rows``; overlaps by the kernel."""

    sigma: Activation
    rows: FloatArray
    weights: FloatArray

    def overlaps(self, units: ExtendedArray) -> ExtendedArray:
        """``<f*, sigma_i>`` at unit rows."""
        cosines = np.clip(units @ unit_rows(self.rows).T, -1, 1)
        result: ExtendedArray = extended_gram(self.sigma, cosines, self._dim) @ self.weights
        return result

    def rounding(self, cosine_error: float) -> float:
        """Of the kernel, the sum and its terms."""
        size = float(np.abs(self.weights).sum())
        trace = float(ReluSphere(self._dim, self.sigma.name).kernel(1.0))
        error = gram_rounding(self.sigma, self._dim, cosine_error, 1.0)
        return size * (error + gamma(self.weights.size + 2) * trace)

    def in_balls(self) -> BallValues:
        """The overlap with a unit of balls, and the energy."""
        from flint import arb

        gram = gram_function(self.sigma, self._dim)
        axes = [unit_ball(row) for row in self.rows]
        scales = [arb(weight) for weight in self.weights.tolist()]

        def overlap(point: list[arb]) -> arb:
            return ball_dot(scales, [gram(ball_dot(axis, point)) for axis in axes])

        energy = arb(0)
        for i, (axis, scale) in enumerate(zip(axes, scales, strict=True)):
            energy += scale**2 * gram(arb(1))
            for other, weight in zip(axes[:i], scales, strict=False):
                energy += 2 * scale * weight * gram(ball_dot(axis, other))
        return overlap, energy

    @property
    def _dim(self) -> int:
        return int(self.rows.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class NetworkPart:
    """A network's part of one degree: ``a_k N_k sum_j weights_j P_k(<v_j, u>)``."""

    network: NetworkFunction
    degree: int
    energy: float
    scale: np.longdouble

    @property
    def dim(self) -> int:
        """The ambient dimension."""
        return int(self.network.rows.shape[1])

    def values(self, units: ExtendedArray) -> ExtendedArray:
        """At unit rows."""
        cosines = np.clip(units @ unit_rows(self.network.rows).T, -1, 1)
        zonal = legendre_extended(self.degree, cosines, self.dim)
        result: ExtendedArray = self.scale * (zonal @ self.network.weights)
        return result

    def rounding(self, cosine_error: float) -> float:
        """Of P_k, the sum and the scale."""
        size = abs(float(self.scale)) * float(np.abs(self.network.weights).sum())
        terms = gamma(self.network.weights.size + 6)
        return size * (legendre_rounding(self.degree, self.dim, cosine_error) + terms)

    def in_balls(self) -> BallValues:
        """ValueError: an expansion is known by floats and a tail."""
        raise ValueError("target must have finitely many degrees to be known in balls")


def network_target(
    model: ReluSphere, width: int, rng: np.random.Generator, max_degree: int
) -> Target:
    """A random network on the model's activation: uniform units, Gaussian weights, norm 1.

    Overlaps are closed forms through the kernel; degrees 0..``max_degree`` are listed, and what is
    beyond is the rest of the norm, enclosed. ValueError: width < 1.
    """
    from flint import arb

    rows = model.sample_features(integer("width", width, 1), rng)
    sigma, dim = model.sigma, model.dim
    weights = rng.standard_normal(width)
    norm = math.sqrt(max(float(weights @ model.gram(rows) @ weights), 0.0))
    if norm == 0:
        raise ValueError(f"target must not vanish, got a network on {sigma.name!r}")
    weights /= norm
    network = NetworkFunction(sigma, rows, weights)
    with precision(_BITS):
        _, norm2 = network.in_balls()
        axes = [unit_ball(row) for row in rows]
        pairs = [(i, j) for i in range(width) for j in range(i)]
        cosines = np.array([ball_dot(axes[i], axes[j]) for i, j in pairs], dtype=object)
        products = np.array([arb(weights[i]) * arb(weights[j]) for i, j in pairs], dtype=object)
        diagonal = sum((arb(weight) ** 2 for weight in weights.tolist()), arb(0))
        parts: list[Component] = []
        tail = norm2
        for k, values in zip(range(max_degree + 1), iterate_exactly(cosines, dim), strict=False):
            coefficient = sigma.certified(k, dim, digits=40)
            if coefficient.contains(0):
                continue
            scale = coefficient * multiplicity(k, dim)
            energy = coefficient * scale * (diagonal + 2 * sum(products * values, arb(0)))
            tail -= energy
            parts.append(NetworkPart(network, k, max(float(energy), 0.0), extended(scale)))
    return Target(tuple(parts), max(float(tail), 0.0), max_degree, network)


def zonal_target(text: str, dim: int, max_degree: int) -> Target:
    """The unit target proportional to f(<e_1, x>), f an expression in t, such as a Gaussian bump.

    Its expansion ends beyond ``max_degree`` where no more than 2^-76 of its energy is left, or at
    64 degrees; ``tail`` bounds what is. ValueError: as `get_activation`, or a tail above 1e-12
    (f has a kink).
    """
    function = get_activation(text)
    if isinstance(function, Homogeneous):
        raise ValueError(f"target must be a smooth function of t, got {text!r} (network:1 is it)")
    found = series(function, dim, least=max_degree)
    trace = float(found.trace)
    if trace == 0:
        raise ValueError(f"target must not vanish, got {text!r}")
    if not found.tail <= MOST_TAIL * trace:
        raise ValueError(
            f"target must be smooth: its first {len(found.weights)} degrees leave "
            f"{found.tail / trace:.2g} of its energy, more than {MOST_TAIL}, got {text!r}"
        )
    axis = np.eye(1, dim)[0]
    parts = []
    for k, (coefficient, weight) in enumerate(zip(found.coefficients, found.weights, strict=True)):
        if size := float((weight / found.trace).sqrt()):
            parts.append(Harmonic(k, axis, size if coefficient > 0 else -size))
    tail = max(found.tail / trace, DOUBLE_EPS**2)
    return Target(tuple(parts), tail, len(found.weights) - 1)
