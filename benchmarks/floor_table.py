"""The table of the README: real ReLU networks against Theorem 4.1's floor."""

from __future__ import annotations

import numpy as np

from w2s_theory.experiments.networks import relu_runs
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.students.ball_student import certified_student
from w2s_theory.theorems.floors import shrinkage_floor

WIDTHS, DRAWS = (16, 64, 256), 10
DIGITS = 1e-3


def main() -> None:
    """Print the rows in Markdown."""
    print("| d | teacher width | L_TE | best L_ST | floor | smallest ratio |")
    print("|--:|--:|--:|--:|--:|--:|")
    for dim in (3, 8, 32):
        rows: dict[int, list[tuple[float, float, float, float]]] = {width: [] for width in WIDTHS}
        for run in relu_runs(dim, WIDTHS, DRAWS):
            floor, student = float(shrinkage_floor(run.teacher.loss)), run.curve.best_loss
            if run.curve.best_error > DIGITS * student:  # float64 does not hold three digits
                exact = certified_student(ReluSphere(dim), run.teacher)
                student = float(exact.loss(exact.best_time(run.teacher)))
            rows[run.width].append((run.teacher.loss, student, floor, student / floor))
        for width, values in rows.items():
            loss, student, floor, _ = np.mean(values, axis=0)
            smallest = min(value[3] for value in values)
            print(
                f"| {dim} | {width} | {loss:.3g} | {student:.3g} | {floor:.3g} | {smallest:.3g} |"
            )


if __name__ == "__main__":
    main()
