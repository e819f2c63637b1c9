"""Against gradient descent on sampled inputs (NumPy): time to the same accuracy in the loss.

Run: python benchmarks/simulate_sampled.py [student width] [inputs]
The sampled run is given its best case: one teacher, a step of 1/lambda_max, stopped at the best
time, its loss then evaluated exactly. Its error against the exact loss (root mean square over
independent samples) is what ours has to match, at the same stopping time.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from simulate_common import DIM, Result, linear_target, measured, report

from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.filters import GradientDescent
from w2s_theory.students.finite import finite_students

REPEATS = 5


def compare(width: int, inputs: int) -> Result:
    """Ours, then the sampled run ``REPEATS`` times."""
    model, rng = ReluSphere(DIM), np.random.default_rng(1)
    student = model.sample_features(width, rng)
    teacher = fit_teacher(model, model.sample_features(64, rng), linear_target())
    gram = model.gram(student) / width
    overlaps = model.target_overlaps(teacher.target, student) / np.sqrt(width)
    step = 1 / float(np.linalg.eigvalsh(gram)[-1])
    best = finite_students(model, student, [teacher]).curves[0].best_time
    rule = GradientDescent(step, round(best / step))
    exact = finite_students(model, student, [teacher], rule, tolerance=1e-12, max_blocks=300)
    truth = float(exact.curves[0].losses[0])

    def sampled() -> float:
        points = model.sample_features(inputs, rng)
        features = np.maximum(points @ student.T, 0) / np.sqrt(width)
        labels = np.maximum(points @ teacher.features.T, 0) @ teacher.weights
        v = np.zeros(width)
        for _ in range(rule.steps):
            v += step / inputs * (features.T @ (labels - features @ v))
        return float(1 - 2 * v @ overlaps + v @ gram @ v)

    start = time.perf_counter()
    losses = np.array([sampled() for _ in range(REPEATS)])
    peer_seconds = (time.perf_counter() - start) / REPEATS
    peer_error = float(np.sqrt(np.mean((losses - truth) ** 2)))
    start = time.perf_counter()
    ours = finite_students(model, student, [teacher], rule, tolerance=peer_error)
    seconds = time.perf_counter() - start
    return {
        "benchmark": "sampled",
        "student_width": width,
        "inputs": inputs,
        "steps": rule.steps,
        "loss": truth,
        "peer_error": peer_error,
        "our_error": abs(float(ours.curves[0].losses[0]) - truth),
        "peer_seconds": round(peer_seconds, 3),
        "our_seconds": round(seconds, 3),
        "speed_ratio": round(peer_seconds / seconds, 1),
    }


if __name__ == "__main__":
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    report(measured(lambda: compare(units, number)))
