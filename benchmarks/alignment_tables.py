"""The tables of docs/alignment.md: deviations of the ansatz, the master bound, degrees, finite
students, fits, limits.

python benchmarks/alignment_tables.py [deviations|bound|degrees|finite|fits|limit]
"""

from __future__ import annotations

import sys

import numpy as np

from w2s_theory.experiments.gains import certified_gains, finite_gains, mixed_target, relu_gains
from w2s_theory.experiments.networks import deviations
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.statistics import extrapolated_median, power_law
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent
from w2s_theory.theorems.kappa import best_master_bound

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


def degree_table() -> None:
    """Medians over 32 draws of L_TE and min_t L_ST/L_TE at two widths, target by target."""
    mixture, low = {0: 0.1, 1: 0.4, 2: 0.3, 4: 0.2}, {0: 0.1, 1: 0.5, 2: 0.4}
    cases: list[tuple[int, dict[int, float], tuple[int, int]]] = [
        (3, {4: 1.0}, (16, 128)),
        (3, mixture, (16, 128)),
        (5, {2: 1.0}, (16, 128)),
        (5, {4: 1.0}, (64, 256)),
        (5, mixture, (64, 256)),
        (8, {2: 1.0}, (48, 128)),
        (8, {4: 1.0}, (384, 768)),
        (8, mixture, (384, 768)),
        (32, {2: 1.0}, (768, 1536)),
        (32, low, (768, 1536)),
    ]
    print("dim energies widths  L_TE  L_ST/L_TE")
    for dim, energies, widths in cases:
        target = mixed_target(dim, energies)
        found = [relu_gains(dim, target, width, 32, seed=31) for width in widths]
        losses = ", ".join(f"{np.median(g.teacher_losses):.3g}" for g in found)
        ratios = ", ".join(f"{np.median(g.ratios):.3g}" for g in found)
        print(f"{dim:3d} {energies} {widths}  {losses}  {ratios}", flush=True)


def finite_table() -> None:
    """Medians over 32 draws of min_t L_ST/L_TE (PGR) by student width; d = 8, linear target."""
    print("M_TE  M_ST: L_ST/L_TE (PGR)")
    target = mixed_target(8, {1: 1.0})
    for width in (16, 64, 128):
        students = {m: finite_gains(8, target, width, 32, m, seed=31) for m in (512, 2048, 8192)}
        ends = students | {"infinite": relu_gains(8, target, width, 32, seed=31)}
        cells = [
            f"{m}: {np.median(g.ratios):.3g} ({np.median(g.pgr):.3f})" for m, g in ends.items()
        ]
        print(f"{width:4d}  " + "  ".join(cells), flush=True)
    ceilings = ", ".join(f"{m}: {g.ceiling:.2g}" for m, g in students.items())
    print(f"ceilings {ceilings}")


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
    """min_t L_ST/L_TE^2, extrapolated linearly in the equivalent's own excess over 1.

    48 draws a width in float64 up to 512, where it errs by up to 0.5%; beyond, in Arb balls.
    """
    for dim, certified in ((3, {1024: 48, 2048: 24}), (4, {1024: 24}), (5, {1024: 24})):
        model, target = ReluSphere(dim), mixed_target(dim, {1: 1.0})
        found = [relu_gains(dim, target, width, 48, seed=31) for width in (64, 128, 256, 512)]
        for width, draws in certified.items():
            found.append(certified_gains(dim, target, width, draws, seed=31))
            worst = found[-1].estimate / found[-1].student_losses.min()
            print(
                f"{dim}: {draws} draws at {width}, radius at most {worst:.1g} of L_ST", flush=True
            )
        excess = []
        for gains in found:
            predicted = deterministic_equivalent(model, target, gains.width)
            excess.append(predicted.best()[1] / predicted.loss**2 - 1)
        groups = [gains.square_ratios for gains in found]
        limit = extrapolated_median(groups, excess)
        pairs = zip(groups, excess, strict=True)
        medians = ", ".join(f"{np.median(g):.2f} ({1 + e:.2f})" for g, e in pairs)
        interval = f"{limit.estimate:.2f} ({limit.low:.2f}, {limit.high:.2f})"
        print(f"{dim}: medians (equivalent) {medians}; limit {interval}", flush=True)


TABLES = {
    "deviations": deviation_table,
    "bound": bound_table,
    "degrees": degree_table,
    "finite": finite_table,
    "fits": fit_table,
    "limit": limit_table,
}

if __name__ == "__main__":
    with one_thread_blas():
        for name in sys.argv[1:] or TABLES:
            TABLES[name]()
