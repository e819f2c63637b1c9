"""Speed of kernel spectra against scipy.integrate.quad and mpmath.quad, each a ratio in one run.

Claims: eigenvalues 0..200 of the ReLU kernel at d = 32 in float64 at least 1,000 times faster than
quad at its defaults; one coefficient certified to 50 digits at least 100 times faster than
mpmath.quad at 50 digits. Exit code 1 if either fails.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
from scipy.integrate import IntegrationWarning, quad
from scipy.special import eval_gegenbauer, gamma

from w2s_theory.spectra import get_activation

DIM, MAX_DEGREE, DIGITS = 32, 200, 50
INDEX = (DIM - 2) / 2
CERTIFIED_DEGREES = (0, 2, 16, 64)
RELU = get_activation("relu")


def seconds(work: Callable[[], Any], repeats: int) -> float:
    """Median wall time of one call."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def eigenvalue_by_quad(degree: int) -> float:
    """E[kernel(t) P_k(t)] by quad at its defaults."""
    constant = gamma(DIM / 2) / (np.sqrt(np.pi) * gamma((DIM - 1) / 2))
    at_one = eval_gegenbauer(degree, INDEX, 1.0)

    def integrand(t: float) -> float:
        kernel = (np.sqrt(1 - t * t) + t * (np.pi - np.arccos(t))) / (2 * np.pi * DIM)
        weight = (1 - t * t) ** ((DIM - 3) / 2)
        return float(kernel * eval_gegenbauer(degree, INDEX, t) / at_one * weight)

    return float(constant * quad(integrand, -1, 1)[0])


def coefficient_by_mpmath(degree: int) -> Any:
    """E[max(t,0) P_k(t)] by mpmath.quad, split at the kink."""
    half = mpmath.mpf(1) / 2
    constant = mpmath.gamma(DIM * half) / (mpmath.sqrt(mpmath.pi) * mpmath.gamma((DIM - 1) * half))
    constant /= mpmath.gegenbauer(degree, DIM * half - 1, 1)

    def integrand(t: Any) -> Any:
        return t * mpmath.gegenbauer(degree, DIM * half - 1, t) * (1 - t * t) ** ((DIM - 3) * half)

    return constant * mpmath.quad(integrand, [0, 1])


def main() -> int:
    """Print the ratios."""
    warnings.simplefilter("ignore", IntegrationWarning)
    RELU.values(1, DIM)
    fast = seconds(lambda: RELU.values(MAX_DEGREE, DIM).eigenvalues, 2001)
    slow = seconds(lambda: [eigenvalue_by_quad(k) for k in range(MAX_DEGREE + 1)], 5)
    exact = RELU.values(16, DIM).eigenvalues[16]
    wrong = abs(eigenvalue_by_quad(16) / exact - 1)
    print(f"float64, degrees 0..{MAX_DEGREE}, d = {DIM}: {fast * 1e6:.1f} us, quad {slow:.4f} s")
    print(f"  ratio {slow / fast:.0f}; quad is wrong by {wrong:.1%} at degree 16")

    worst = float("inf")
    for degree in CERTIFIED_DEGREES:
        ours = seconds(lambda k=degree: RELU.certified(k, DIM, DIGITS), 51)
        with mpmath.workdps(DIGITS):
            theirs = seconds(lambda k=degree: coefficient_by_mpmath(k), 1)
        worst = min(worst, theirs / ours)
        print(f"{DIGITS} digits, degree {degree}: {ours * 1e6:.1f} us, mpmath.quad {theirs:.3f} s")
        print(f"  ratio {theirs / ours:.0f}")
    return 0 if slow / fast >= 1000 and worst >= 100 else 1


if __name__ == "__main__":
    sys.exit(main())
