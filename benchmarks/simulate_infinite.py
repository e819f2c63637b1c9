"""Infinite-width students: 1,000 teachers of width 256, whole loss curves.

Run: python benchmarks/simulate_infinite.py [teachers]
Goal: under 60 s on 2 cores (one teacher a core).
"""

from __future__ import annotations

import sys

import numpy as np
from simulate_common import DIM, Result, linear_target, measured, report

from w2s_theory.models.parallel import run_parallel, silent
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.infinite import infinite_student


def curves(count: int) -> Result:
    """Fit and train ``count`` times, a seed each, on all cores."""
    model, target = ReluSphere(DIM), linear_target()

    def one(seed: int) -> tuple[float, float]:
        rng = np.random.default_rng(seed)
        teacher = fit_teacher(model, model.sample_features(256, rng), target)
        curve = infinite_student(teacher)
        return teacher.loss, curve.best_loss

    pairs = run_parallel(one, range(count), "teachers", silent)
    losses, best = np.array(pairs).T
    return {
        "benchmark": "infinite",
        "teachers": count,
        "mean_teacher_loss": float(losses.mean()),
        "mean_best_loss": float(best.mean()),
    }


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    report(measured(lambda: curves(number)))
