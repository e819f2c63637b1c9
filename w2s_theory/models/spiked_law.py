"""The exact law of the linear teacher with one leading direction, and its student's losses."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, integer, real


def sample_spiked_losses(
    width: int, dim: int, psi: float, size: int, rng: np.random.Generator
) -> FloatArray:
    """``size`` draws of L_TE for Psi = (1, psi, ..., psi), f* = <e_1, x>, in O(size) at any dim.

    ``L_TE = psi Y/(psi Y + X)``, X ~ chi2(width), Y ~ chi2(dim - width) independent: given the
    first column z of U, ``1/L - 1 = z.(psi W)^-1.z`` with W Wishart (Muirhead 1982, th. 3.2.12).
    ValueError unless 1 <= width < dim and psi > 0.
    """
    width = integer("width", width, 1)
    dim = integer("dim", dim, width + 1)
    scale = real("psi", psi, positive=True)
    count = integer("size", size, 1)
    signal = rng.chisquare(width, count)
    noise = scale * rng.chisquare(dim - width, count)
    return noise / (noise + signal)


def spiked_student_losses(teacher_losses: ArrayLike, psi: float, times: ArrayLike) -> FloatArray:
    """``L_ST(t) = (1 - s_1 (1-L))^2 + s_psi^2 L (1-L)``, shape ``(teachers, times)``.

    ``s_1 = 1 - exp(-t)``, ``s_psi = 1 - exp(-psi t)``, with ``dw/dt = -(1/2) grad``.
    ValueError unless losses are in [0, 1], psi > 0 and times >= 0.
    """
    losses = np.asarray(teacher_losses, dtype=np.float64).reshape(-1, 1)
    clock = np.asarray(times, dtype=np.float64).reshape(1, -1)
    scale = real("psi", psi, positive=True)
    if not ((losses >= 0) & (losses <= 1)).all():
        raise ValueError("teacher_losses must be in [0, 1]")
    if not (clock >= 0).all():
        raise ValueError("times must be >= 0")
    left = np.exp(-clock)
    miss = left + (1 - left) * losses
    noise: FloatArray = np.expm1(-scale * clock) ** 2 * losses * (1 - losses)
    return miss**2 + noise
