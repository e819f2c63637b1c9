"""The float64 spectrum of one kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from w2s_theory.spectra.products import Scaled


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrum:
    """Coefficients and kernel eigenvalues by degree, each array of shape (max_degree + 1,).

    On the sphere ``coefficients`` are a_k, ``eigenvalues`` a_k^2, each N_k times
    (``multiplicities``, inf beyond 1.8e308). For the Gaussian measure they are h_k, h_k^2 and 1.
    A value below 2.2e-308 is 0; its logarithm is kept (-inf for a true zero).
    """

    degrees: NDArray[np.int64]
    coefficients: NDArray[np.float64]
    eigenvalues: NDArray[np.float64]
    log_eigenvalues: NDArray[np.float64]
    multiplicities: NDArray[np.float64]
    log_multiplicities: NDArray[np.float64]


def assemble(coefficients: Scaled, multiplicities: Scaled) -> Spectrum:
    """Build the spectrum of the given a_k and N_k."""
    squares = Scaled(coefficients.mantissa**2, 2 * coefficients.exponent)
    return Spectrum(
        degrees=np.arange(coefficients.mantissa.size),
        coefficients=coefficients.floats(),
        eigenvalues=squares.floats(),
        log_eigenvalues=2 * coefficients.logs(),
        multiplicities=multiplicities.floats(),
        log_multiplicities=multiplicities.logs(),
    )
