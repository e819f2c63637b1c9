"""The whole of Figure 2: 5 widths x 10 teachers, one student of width 16384; time, memory, BLAS.

Run: python benchmarks/simulate_figure2.py [student width] [draws]
Goal on 2 cores: at most 75 s and 3.5 GiB, two thirds of the time in BLAS and LAPACK.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from simulate_common import DIM, Result, figure_teachers, measured, report

from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.students import finite
from w2s_theory.students.lanczos import BlockLanczos


def timed(function: Callable[..., Any], clock: list[float]) -> Callable[..., Any]:
    """The same function, adding its time to ``clock[0]``."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            clock[0] += time.perf_counter() - start

    return run


def figure(width: int, draws: int) -> Result:
    """Fit the teachers, train the students, and time the steps that are BLAS or LAPACK calls."""
    blas, gram = [0.0], [0.0]
    # A step is products, QR and nothing else; a projection is one eigendecomposition and products.
    BlockLanczos.step = timed(BlockLanczos.step, blas)  # type: ignore[method-assign]
    finite.project = timed(finite.project, blas)
    finite.build_kept = timed(finite.build_kept, gram)
    model, rng = ReluSphere(DIM), np.random.default_rng(1)
    student = model.sample_features(width, rng)
    start = time.perf_counter()
    teachers = figure_teachers(model, draws, rng)
    fitted = time.perf_counter() - start
    sweep = finite.finite_students(model, student, teachers)
    best = np.array([curve.best_loss for curve in sweep.curves]).reshape(-1, draws).mean(axis=1)
    loss = np.array([teacher.loss for teacher in teachers]).reshape(-1, draws).mean(axis=1)
    total = time.perf_counter() - start
    return {
        "benchmark": "figure2",
        "student_width": width,
        "teachers": len(teachers),
        "steps": sweep.steps,
        "dimension": sweep.dimension,
        "error_estimate": sweep.estimate,
        "teacher_seconds": round(fitted, 2),
        "gram_seconds": round(gram[0], 2),
        "blas_seconds": round(blas[0], 2),
        "blas_share": round(blas[0] / total, 3),
        "mean_teacher_loss": loss.round(5).tolist(),
        "mean_best_loss": best.round(6).tolist(),
    }


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 16384
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    report(measured(lambda: figure(size, repeats)))
