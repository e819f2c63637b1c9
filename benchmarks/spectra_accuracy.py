"""Relative error of the ReLU kernel's eigenvalues against degree: ours, quad, Gauss-Gegenbauer.

usage: python benchmarks/spectra_accuracy.py [FILE.png]; the truth is certified to 30 digits.
"""

from __future__ import annotations

import sys
import warnings

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from scipy.integrate import IntegrationWarning
from scipy.special import roots_gegenbauer

mpl.use("Agg")
import matplotlib.pyplot as plt
from flint import arb, ctx
from spectra_speed import DIM, INDEX, RELU, eigenvalue_by_quad

from w2s_theory.spectra import arccosine_kernel, legendre

MAX_DEGREE, NODES = 200, 400
FLOOR = 1e-17


def by_gauss() -> NDArray[np.float64]:
    """E[kernel(t) P_k(t)], k = 0..MAX_DEGREE, by a Gauss rule for the weight (1-t^2)^{(d-3)/2}."""
    nodes, weights = roots_gegenbauer(NODES, INDEX)
    weights = weights / weights.sum()
    table = legendre(MAX_DEGREE, DIM, nodes)
    return np.asarray(table @ (weights * arccosine_kernel(nodes, DIM)))


def error(approximate: float, degree: int) -> float:
    """Relative error, the difference taken in ball arithmetic."""
    with ctx.workprec(128):
        truth = RELU.certified(degree, DIM, 30) ** 2
        return max(float(abs((arb(float(approximate)) - truth) / truth).mid()), FLOOR)


def main() -> None:
    """Draw and print the errors over the non-zero degrees."""
    warnings.simplefilter("ignore", IntegrationWarning)
    degrees = [0, 1, *range(2, MAX_DEGREE + 1, 2)]
    ours, gauss = RELU.values(MAX_DEGREE, DIM).eigenvalues, by_gauss()
    errors = {
        "this package": [error(ours[k], k) for k in degrees],
        "scipy.integrate.quad, defaults": [error(eigenvalue_by_quad(k), k) for k in degrees],
        f"Gauss-Gegenbauer, {NODES} nodes": [error(gauss[k], k) for k in degrees],
    }
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for (label, values), marker in zip(errors.items(), "o^s", strict=True):
        axes.semilogy(degrees, values, marker, markersize=3, label=label)
        print(f"{label}: " + ", ".join(f"{values[degrees.index(k)]:.2g}" for k in (2, 8, 16, 200)))
    axes.axhline(1, color="0.7", linewidth=0.8)
    axes.set(
        xlabel="degree k",
        ylabel=r"relative error of $\lambda_k$",
        title=f"ReLU kernel eigenvalues, d = {DIM}",
    )
    axes.legend(frameon=False, fontsize=8)
    target = sys.argv[1] if len(sys.argv) > 1 else "spectra_accuracy.png"
    figure.savefig(target, dpi=150)
    print(f"wrote {target}; columns: degree 2, 8, 16, 200")


if __name__ == "__main__":
    main()
