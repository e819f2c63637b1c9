"""The tables of docs/alignment.md: deviations of the ansatz, the master bound, fits, limits.

python benchmarks/alignment_tables.py [deviations|bound|fits|limit]
"""

from __future__ import annotations

import sys

import numpy as np

from w2s_theory.alignment import best_master_bound
from w2s_theory.experiments.gains import mixed_target, relu_gains
from w2s_theory.inference import extrapolated_median, power_law
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.universality import deterministic_equivalent, deviations

WIDTHS = (16, 32, 64, 128, 256)


def deviation_table() -> None:
    """Mean L_TE and curve against the deterministic equivalent, linear target."""
    print("dim width  mean L_TE  predicted  off      curve, largest |log|")
    for row in deviations((3, 4, 8, 32), (16, 64, 256), 40):
        off = row.teacher_loss / row.predicted_teacher_loss - 1
        print(
            f"{row.dim:3d} {row.width:5d}  {row.teacher_loss:.3e}  "
            f"{row.predicted_teacher_loss:.3e}  {off:+.3f}  {row.largest_log_deviation:.3f}"
        )


def bound_table() -> None:
    """Medians over 10 draws of the master bound at its best S and t, beside the true optimum."""
    print("dim width  kappa_S  bound/L_TE  L_ST there  best L_ST/L_TE  t lambda: bound, best")
    for dim in (3, 8, 32):
        model, target = ReluSphere(dim), mixed_target(dim, {1: 1.0})
        eigenvalue = float(model.spectrum(1).eigenvalues[1])
        for width in (16, 64, 256):
            rows = []
            for draw in range(10):
                rng = np.random.default_rng([77, dim, width, draw])
                teacher = fit_teacher(model, model.sample_features(width, rng), target)
                best = best_master_bound(model, teacher)
                losses = np.array([best.bound, best.student_loss, best.best_loss]) / teacher.loss
                times = np.array([best.time, best.best_time]) * eigenvalue
                rows.append([best.kappa, *losses, *times])
            print(f"{dim:3d} {width:5d}  " + "  ".join(f"{x:.3g}" for x in np.median(rows, axis=0)))


def fit_table() -> None:
    """Exponents over M = 16..256, 32 draws a width, linear target."""
    print("dim  fitted (interval)  proven  teacher fit  equivalent  -(1+3/(d-1))")
    for dim in (3, 4, 5, 8, 32):
        model, target = ReluSphere(dim), mixed_target(dim, {1: 1.0})
        found = [relu_gains(dim, target, width, 32, seed=31) for width in WIDTHS]
        teachers = np.concatenate([g.teacher_losses for g in found])
        students = np.concatenate([g.student_losses for g in found])
        groups = np.repeat(np.array(WIDTHS, dtype=float), 32)
        slope = power_law(teachers, students, groups).exponent
        decay = power_law(groups, teachers, groups).exponent
        losses = [deterministic_equivalent(model, target, width).loss for width in WIDTHS]
        predicted = np.polyfit(np.log(WIDTHS), np.log(losses), 1)[0]
        print(
            f"{dim:3d}  {slope.estimate:.3f} ({slope.low:.3f}, {slope.high:.3f})  "
            f"{1 + (dim - 1) / (2 * (dim + 2)):.3f}  {decay.estimate:.2f}  {predicted:.2f}  "
            f"{-(1 + 3 / (dim - 1)):.2f}"
        )


def limit_table() -> None:
    """min_t L_ST/L_TE^2, extrapolated linearly in the equivalent's own excess over 1."""
    for dim in (3, 4, 5):
        model, target = ReluSphere(dim), mixed_target(dim, {1: 1.0})
        widths, groups, excess = (64, 128, 256, 512), [], []
        for width in widths:
            found = relu_gains(dim, target, width, 48, seed=31)
            groups.append(found.square_ratios)
            predicted = deterministic_equivalent(model, target, width)
            excess.append(predicted.best()[1] / predicted.loss**2 - 1)
        limit = extrapolated_median(groups, excess)
        pairs = zip(groups, excess, strict=True)
        medians = ", ".join(f"{np.median(g):.2f} ({1 + e:.2f})" for g, e in pairs)
        interval = f"{limit.estimate:.2f} ({limit.low:.2f}, {limit.high:.2f})"
        print(f"{dim}: medians (equivalent) {medians}; limit {interval}")


TABLES = {
    "deviations": deviation_table,
    "bound": bound_table,
    "fits": fit_table,
    "limit": limit_table,
}

if __name__ == "__main__":
    with one_thread_blas():
        for name in sys.argv[1:] or TABLES:
            TABLES[name]()
