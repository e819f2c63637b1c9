"""The exact law of the linear teacher with one leading direction."""

from __future__ import annotations

import numpy as np

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
    dim = integer("dim", dim, width + 1, 10**300)  # a float is made of it
    scale = real("psi", psi, positive=True)
    count = integer("size", size, 1)
    signal = rng.chisquare(width, count) / max(scale, 1.0)
    noise = min(scale, 1.0) * rng.chisquare(dim - width, count)
    return noise / (noise + signal)
