"""Block Lanczos against numpy.linalg.eigh of the same Gram matrix: time and peak memory.

Run: python benchmarks/simulate_eigh.py [student width [teachers a width]]
Goal at width 8192: at least 15 times faster, in less than half the memory.
Each side runs alone in a fresh process, builds the same Gram matrix, and ends with the same loss
curves of the same teachers (by default 10 at each of five widths); the curves are compared.
"""

from __future__ import annotations

import sys

import numpy as np
from simulate_common import DIM, Result, child, figure_teachers, measured, report

from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.students.curve import default_times
from w2s_theory.students.finite import finite_students
from w2s_theory.students.operators import build_kept
from w2s_theory.students.spectral import flow_resolvent


def lanczos(width: int, draws: int) -> Result:
    """Ours."""
    model, rng = ReluSphere(DIM), np.random.default_rng(1)
    student = model.sample_features(width, rng)
    teachers = figure_teachers(model, draws, rng)

    def work() -> Result:
        sweep = finite_students(model, student, teachers)
        return {"losses": [curve.losses.tolist() for curve in sweep.curves]}

    return measured(work)


def eigh(width: int, draws: int) -> Result:
    """The peer: a full eigendecomposition."""
    model, rng = ReluSphere(DIM), np.random.default_rng(1)
    student = model.sample_features(width, rng)
    teachers = figure_teachers(model, draws, rng)

    def work() -> Result:
        gram = build_kept(model, student).matrix()
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


def compare(width: int, draws: int) -> Result:
    """Both in turn."""
    ours = child(__file__, "lanczos", str(width), str(draws))
    peer = child(__file__, "eigh", str(width), str(draws))
    difference = np.abs(np.array(ours.pop("losses")) - np.array(peer.pop("losses"))).max()
    return {
        "benchmark": "eigh",
        "student_width": width,
        "teachers": 5 * draws,
        "ours": ours,
        "peer": peer,
        "speed_ratio": round(peer["seconds"] / ours["seconds"], 2),
        "cpu_ratio": round(peer["cpu_seconds"] / ours["cpu_seconds"], 2),
        "memory_ratio": round(ours["peak_gib"] / peer["peak_gib"], 3),
        "largest_loss_difference": float(difference),
    }


def main(arguments: list[str]) -> None:
    """One side alone (a child), or the comparison."""
    sides = {"lanczos": lanczos, "eigh": eigh}
    side = sides.get(arguments[0]) if arguments else None
    numbers = [int(word) for word in arguments[side is not None :]]
    width, draws = [*numbers, *(8192, 10)[len(numbers) :]]
    report((side or compare)(width, draws))


if __name__ == "__main__":
    main(sys.argv[1:])
