"""Block Lanczos against numpy.linalg.eigh of the same Gram matrix: time and peak memory.

Run: python benchmarks/simulate_eigh.py [student width]
Goal at width 8192: at least 15 times faster, in less than half the memory.
Each side runs alone in a fresh process, builds the same Gram matrix from the same 50 teachers
and ends with the same 50 loss curves; the curves are compared.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from simulate_common import DIM, child, figure_teachers, measured, report

from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.students.curve import default_times
from w2s_theory.students.finite import finite_students
from w2s_theory.students.operators import build_dense
from w2s_theory.students.spectral import flow_resolvent


def lanczos(width: int) -> dict[str, Any]:
    """Ours."""
    model, rng = ReluSphere(DIM), np.random.default_rng(1)
    student = model.sample_features(width, rng)
    teachers = figure_teachers(model, 10, rng)

    def work() -> dict[str, Any]:
        sweep = finite_students(model, student, teachers)
        return {"losses": [curve.losses.tolist() for curve in sweep.curves]}

    return measured(work)


def eigh(width: int) -> dict[str, Any]:
    """The peer: a full eigendecomposition."""
    model, rng = ReluSphere(DIM), np.random.default_rng(1)
    student = model.sample_features(width, rng)
    teachers = figure_teachers(model, 10, rng)

    def work() -> dict[str, Any]:
        gram = build_dense(model, student).matrix
        overlaps = model.target_overlaps(teachers[0].target, student) / np.sqrt(width)
        labels = np.stack(
            [model.cross_gram(student, t.features) @ t.weights for t in teachers], axis=1
        ) / np.sqrt(width)
        values, vectors = np.linalg.eigh(gram)
        values = np.maximum(values, 0)
        h, b = vectors.T @ labels, vectors.T @ overlaps
        times = default_times(teachers[0].spaces, teachers[0].target_energies)
        phi = flow_resolvent(values, times)
        losses = 1 - 2 * phi @ (h * b[:, None]) + (phi**2 * values) @ h**2
        return {"losses": losses.T.tolist()}

    return measured(work)


def compare(width: int) -> dict[str, Any]:
    """Both in turn."""
    ours = child(__file__, "lanczos", str(width))
    peer = child(__file__, "eigh", str(width))
    difference = np.abs(np.array(ours.pop("losses")) - np.array(peer.pop("losses"))).max()
    return {
        "benchmark": "eigh",
        "student_width": width,
        "ours": ours,
        "peer": peer,
        "speed_ratio": round(peer["seconds"] / ours["seconds"], 2),
        "cpu_ratio": round(peer["cpu_seconds"] / ours["cpu_seconds"], 2),
        "memory_ratio": round(ours["peak_gib"] / peer["peak_gib"], 3),
        "largest_loss_difference": float(difference),
    }


if __name__ == "__main__":
    if len(sys.argv) > 2:
        report({"lanczos": lanczos, "eigh": eigh}[sys.argv[1]](int(sys.argv[2])))
    else:
        report(compare(int(sys.argv[1]) if len(sys.argv) > 1 else 8192))
