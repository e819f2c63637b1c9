"""Random features sigma(<u,x>) on the sphere: u and x uniform, every population quantity exact.

u and x are unit vectors, so sigma is seen on [-1, 1] only: sigma(s t) is another activation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import ExtendedArray, FloatArray, degree_number, float_array, integer
from w2s_theory.models import ball_sphere as balls
from w2s_theory.models.base import DenseSystem, EigenSpaces, Expansion
from w2s_theory.models.cosines import unit_cosines
from w2s_theory.models.energies import degree_energies, extended_form
from w2s_theory.models.extended_kernel import extended_gram, gram_rounding
from w2s_theory.models.legendre import legendre_rounding
from w2s_theory.models.roundoff import DOUBLE_EPS, gamma
from w2s_theory.models.series_kernel import series
from w2s_theory.models.targets import Target, unit_rows
from w2s_theory.spectra.activations import Activation, get_activation
from w2s_theory.spectra.harmonics import iterate_legendre
from w2s_theory.spectra.homogeneous import Homogeneous
from w2s_theory.spectra.interface import Spectrum

if TYPE_CHECKING:
    from flint import arb

_ROWS = 64


@dataclass(frozen=True, slots=True)
class ReluSphere:
    """Model 1.1: features ``sigma(<u,.>)``, u and x uniform on S^{dim-1}.

    Features are float64 arrays of unit rows ``(width, dim)``; a row stands for the exact unit
    vector ``u/|u|``.  ``activation`` is what `w2s_theory.spectra.get_activation` takes: a name, or
    sigma(t) as an expression in t, square integrable.  Where no closed Gram function is known it is
    a series with a certified tail (`series_kernel`).  ValueError for ``dim`` < 2, an activation
    that is none, or a homogeneous one without an integer power.
    """

    dim: int
    activation: str = "relu"
    joint: ClassVar[bool] = False
    _sigma: Activation = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look the activation up."""
        object.__setattr__(self, "dim", integer("dim", self.dim, 2))
        sigma = get_activation(self.activation)
        if isinstance(sigma, Homogeneous) and sigma.power.denominator != 1:
            raise ValueError(f"activation must have an integer power, got {self.activation!r}")
        object.__setattr__(self, "_sigma", sigma)

    @property
    def sigma(self) -> Activation:
        """The activation."""
        return self._sigma

    def operator(self, features: FloatArray) -> None:
        """None: the Gram matrix has full rank. ValueError as `check_features`."""
        self.check_features(features)

    def spectrum(self, max_degree: int) -> Spectrum:
        """Funk-Hecke coefficients, kernel eigenvalues and multiplicities, degrees 0..max_degree."""
        return _spectrum(self._sigma, max_degree, self.dim)

    def eigenspaces(self, max_degree: int) -> EigenSpaces:
        """One eigenspace a degree.

        ``|a_k|`` of a homogeneous sigma falls within each parity, so two more bound the rest; else
        what is left of ||sigma||^2 does (`eigenvalue_beyond`).
        """
        most = degree_number("max_degree", max_degree)
        values = self.spectrum(most + 2)
        if isinstance(self._sigma, Homogeneous):
            beyond = float(values.eigenvalues[-2:].max())
        else:
            beyond = float(balls.eigenvalue_beyond(self._sigma, self.dim, most).upper())
        return EigenSpaces(
            values.eigenvalues[:-2].copy(),
            values.multiplicities[:-2].copy(),
            2 * _coefficient_rounding(values.degrees[:-2]),
            beyond,
        )

    def tail_trace(self, listed: float) -> float:
        """The trace is that of one feature, ``||sigma||^2``."""
        return max(float(self.kernel(1.0)) - listed, 0.0)

    def sample_features(self, width: int, rng: np.random.Generator) -> FloatArray:
        """``(width, dim)`` independent uniform unit rows."""
        rows = rng.standard_normal((integer("width", width, 1), self.dim))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def check_features(self, features: ArrayLike) -> FloatArray:
        """Return the features; ValueError unless finite unit rows (to 1e-12) of length ``dim``."""
        units = float_array("features", features, 2)
        if units.shape[1] != self.dim:
            raise ValueError(f"features must have rows of length {self.dim}, got {units.shape}")
        worst = float(np.abs(np.einsum("ij,ij->i", units, units) - 1).max())
        if worst > 2e-12:
            raise ValueError(f"features must be unit rows, got a squared norm off 1 by {worst:.3g}")
        return units

    def kernel(self, cosines: ArrayLike) -> FloatArray:
        """The Gram function of two units at inner products ``cosines``; their shape."""
        if isinstance(self._sigma, Homogeneous):
            return self._sigma.gram(cosines, self.dim)
        points = np.atleast_1d(np.asarray(cosines, dtype=np.float64))
        return series(self._sigma, self.dim).floats(points).reshape(np.shape(cosines))

    def gram(self, features: ArrayLike) -> FloatArray:
        """``<sigma_i, sigma_j>``, shape ``(width, width)``, symmetric to the last bit."""
        units = self.check_features(features)
        cosines = units @ units.T
        np.fill_diagonal(cosines, 1.0)
        result = self.kernel(cosines)
        return (result + result.T) / 2

    def cross_gram(self, left: ArrayLike, right: ArrayLike) -> FloatArray:
        """``<sigma_i, sigma_j>`` for i in ``left``, j in ``right``."""
        return self.kernel(self.check_features(left) @ self.check_features(right).T)

    def space_gram(self, features: ArrayLike, space: int) -> FloatArray:
        """``a_k^2 N_k P_k(U U^T)`` for degree k = ``space``, shape ``(width, width)``."""
        degree = degree_number("space", space)
        units = self.check_features(features)
        cosines = units @ units.T
        np.fill_diagonal(cosines, 1.0)
        spectrum = self.spectrum(degree)
        scale = float(spectrum.eigenvalues[degree] * spectrum.multiplicities[degree])
        values = next(islice(iterate_legendre(cosines, self.dim), degree, None))
        return scale * (values + values.T) / 2

    def target_overlaps(self, target: Target, features: ArrayLike) -> FloatArray:
        """``<f*, sigma_i> = sum_k a_k f*_k(u_i)`` (Funk-Hecke), shape ``(width,)``."""
        units = unit_rows(self.check_features(features))
        return self._extended_overlaps(target, units).astype(np.float64)

    def target_energies(self, target: Target, max_degree: int) -> FloatArray:
        """``||f*_k||^2`` for k = 0..max_degree."""
        self._check_target(target)
        return target.energies(max_degree)

    def target_tail(self, target: Target) -> float:
        """Of an expansion, its own."""
        self._check_target(target)
        return target.tail

    def unlearnable_energy(self, target: Target) -> float:
        """Energy of the target in degrees with a_k = 0 (ReLU: odd degrees >= 3)."""
        self._check_target(target)
        coefficients = self.spectrum(target.degrees[-1]).coefficients
        return sum(part.energy for part in target.components if coefficients[part.degree] == 0)

    def extended_system(self, target: Target, features: ArrayLike) -> DenseSystem:
        """Gram matrix and target overlaps in extended precision, with their rounding bounds."""
        units = unit_rows(self.check_features(features))
        width = units.shape[0]
        cosine_error = self._cosine_error()
        gram = np.empty((width, width), dtype=np.longdouble)
        largest = 0.0
        for start in range(0, width, _ROWS):
            stop = min(start + _ROWS, width)
            cosines = unit_cosines(units[start:stop], units[start:])
            diagonal = np.arange(stop - start)
            cosines[diagonal, diagonal] = 0  # out of the way of the largest off-diagonal
            largest = max(largest, float(np.abs(cosines).max()))
            cosines[diagonal, diagonal] = 1
            block = extended_gram(self._sigma, cosines, self.dim)
            gram[start:stop, start:] = block
            gram[start:, start:stop] = block.T
        return DenseSystem(
            gram=gram,
            overlaps=self._extended_overlaps(target, units),
            gram_error=gram_rounding(self._sigma, self.dim, cosine_error, largest),
            overlap_error=self._overlap_error(target, cosine_error),
        )

    def expand(
        self, target: Target, features: ArrayLike, weights: FloatArray, max_degree: int
    ) -> Expansion:
        """Energies, overlaps and noise of ``sum_i w_i sigma_i`` by degree 0..max_degree.

        ``e_k = a_k^2 N_k w.P_k(U U^T).w``: float64 away from the target, extended on its degrees.
        """
        units = self.check_features(features)
        spectrum = self.spectrum(max_degree)
        scales = spectrum.eigenvalues * spectrum.multiplicities
        energies, errors = degree_energies(units, weights, scales, self.dim)
        noise, noise_errors = energies.copy(), errors
        overlaps, overlap_errors = np.zeros_like(energies), np.zeros_like(energies)
        rows = unit_rows(units)
        mass = float(np.abs(weights).sum())
        for part in target.components:
            k = part.degree
            form = extended_form(k, rows, weights, self.dim)
            # One eigenvalue a_k^2 for both: its rounding then scales e_k and o_k^2 alike.
            amplitude = np.longdouble(spectrum.coefficients[k])
            energy = amplitude**2 * np.longdouble(spectrum.multiplicities[k]) * form
            overlap = amplitude * (part.values(rows) @ weights)
            energies[k], overlaps[k] = float(energy), float(overlap)
            parallel = overlap**2 / part.energy if part.energy > 0 else np.longdouble(0)
            noise[k] = max(float(energy - parallel), 0.0)
            accumulation = gamma(2 * weights.size + 8)
            form_error = legendre_rounding(k, self.dim, self._cosine_error()) + accumulation
            amplitude_error = abs(float(amplitude)) * mass
            value_error = part.rounding(self._cosine_error())
            value_error += accumulation * float(np.sqrt(spectrum.multiplicities[k] * part.energy))
            overlap_error = amplitude_error * value_error
            shared = 2 * float(_coefficient_rounding(k)) + DOUBLE_EPS
            overlap_errors[k] = overlap_error + shared * abs(overlaps[k])
            noise_errors[k] = scales[k] * mass**2 * form_error + shared * noise[k]
            if part.energy > 0:
                noise_errors[k] += 2 * abs(overlaps[k]) / part.energy * overlap_error
        return Expansion(
            energies=energies,
            overlaps=overlaps,
            noise=noise,
            overlap_errors=overlap_errors,
            noise_errors=noise_errors,
        )

    def ball_gram(
        self, features: ArrayLike, spaces: Sequence[int] | None = None
    ) -> list[list[arb]]:
        """The Gram matrix in balls."""
        rows = [balls.unit_ball(row) for row in self.check_features(features)]
        whole = balls.gram_function(self._sigma, self.dim)
        parts = whole if spaces is None else balls.space_function(self._sigma, self.dim, spaces)
        return balls.gram_balls(rows, parts)

    def ball_overlaps(self, features: ArrayLike, target: Target) -> tuple[list[arb], arb]:
        """``sum_k a_k f*_k(u_i)`` and ``||f*||^2`` in balls."""
        from flint import arb

        self._check_target(target)
        rows = [balls.unit_ball(row) for row in self.check_features(features)]
        if target.network is not None:
            overlap, norm2 = target.network.in_balls()
            return [overlap(row) for row in rows], norm2
        if target.tail:
            raise ValueError("target must have finitely many degrees to be known in balls")
        overlaps, norm2 = [arb(0)] * len(rows), arb(0)
        for part in target.components:
            coefficient = self._sigma.certified(part.degree, self.dim, digits=40)
            evaluate, energy = part.in_balls()
            norm2 += energy
            overlaps = [
                total + coefficient * evaluate(row)
                for total, row in zip(overlaps, rows, strict=True)
            ]
        return overlaps, norm2

    def _check_target(self, target: Target) -> None:
        if not isinstance(target, Target):
            raise ValueError(f"target must be a Target, got {target!r}")
        if target.dim != self.dim:
            raise ValueError(f"target must have dim {self.dim}, got {target.dim}")

    def _extended_overlaps(self, target: Target, units: ExtendedArray) -> ExtendedArray:
        self._check_target(target)
        if target.network is not None:
            return target.network.overlaps(units)
        coefficients = self.spectrum(target.degrees[-1]).coefficients
        total = np.zeros(units.shape[0], dtype=np.longdouble)
        for part in target.components:
            total += np.longdouble(coefficients[part.degree]) * part.values(units)
        return total

    def _cosine_error(self) -> float:
        return gamma(3 * self.dim + 10)

    def _overlap_error(self, target: Target, cosine_error: float) -> float:
        if target.network is not None:
            return target.network.rounding(cosine_error)
        spectrum = self.spectrum(target.degrees[-1])
        # Of what is cut: Cauchy-Schwarz.
        listed = float(spectrum.eigenvalues @ spectrum.multiplicities)
        total = float(np.sqrt(target.tail * (self.tail_trace(listed) + DOUBLE_EPS * listed)))
        for part in target.components:
            k = part.degree
            largest = float(np.sqrt(part.energy * spectrum.multiplicities[k]))
            bound = float(_coefficient_rounding(k)) * largest + part.rounding(cosine_error)
            total += abs(float(spectrum.coefficients[k])) * bound
        return total


@lru_cache(maxsize=256)
def _spectrum(sigma: Activation, max_degree: int, dim: int) -> Spectrum:
    return sigma.values(max_degree=max_degree, dim=dim)


def _coefficient_rounding(degrees: ArrayLike) -> FloatArray:
    """Relative error of a_k as `Homogeneous.values` states it; others' are correctly rounded."""
    return np.asarray(5e-16 + 2.4e-16 * np.asarray(degrees))
