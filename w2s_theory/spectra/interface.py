"""The float64 spectrum of one kernel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from w2s_theory.spectra.harmonics import scaled_multiplicities
from w2s_theory.spectra.products import Scaled
from w2s_theory.text.tabular import Tabular

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Spectrum(Tabular):
    """Coefficients and kernel eigenvalues by degree, each array of shape (max_degree + 1,).

    On the sphere S^{dim-1} ``coefficients`` are a_k and ``eigenvalues`` a_k^2, each N_k times
    (``multiplicities``, inf beyond 1.8e308). For the Gaussian measure (``dim`` None) they are h_k,
    h_k^2 and 1. A value below 2.2e-308 is 0; its logarithm is kept (-inf for a true zero).
    Each array is computed when first asked for, and read-only.
    """

    scaled: Scaled
    dim: int | None

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """One row a degree."""
        return {
            "degree": self.degrees,
            "multiplicity": self.multiplicities,
            "coefficient": self.coefficients,
            "eigenvalue": self.eigenvalues,
            "log_eigenvalue": self.log_eigenvalues,
        }

    def title(self) -> str:
        """Where, and which degrees."""
        place = "for the Gaussian measure" if self.dim is None else f"on the sphere, d = {self.dim}"
        return f"spectrum {place}, degrees 0 to {self.scaled.mantissa.size - 1}"

    @cached_property
    def degrees(self) -> NDArray[np.int64]:
        """0..max_degree."""
        return _frozen_integers(self.scaled.mantissa.size)

    @cached_property
    def coefficients(self) -> Array:
        """a_k, or h_k."""
        return _frozen(self.scaled.floats())

    @cached_property
    def eigenvalues(self) -> Array:
        """Squared coefficients."""
        return _frozen(self.scaled.square().floats())

    @cached_property
    def log_eigenvalues(self) -> Array:
        """Natural logarithms of the eigenvalues."""
        return _frozen(2 * self.scaled.logs())

    @cached_property
    def multiplicities(self) -> Array:
        """N_k, rounded."""
        return _frozen(self._counts.floats())

    @cached_property
    def log_multiplicities(self) -> Array:
        """Natural logarithms of N_k."""
        return _frozen(self._counts.logs())

    @cached_property
    def _counts(self) -> Scaled:
        size = self.scaled.mantissa.size
        if self.dim is None:
            return Scaled(np.ones(size))
        return scaled_multiplicities(size - 1, self.dim)


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array


def _frozen_integers(size: int) -> NDArray[np.int64]:
    out = np.arange(size)
    out.flags.writeable = False
    return out
