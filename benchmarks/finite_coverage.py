"""How often a finite student's error estimate covers its error, against enclosures in Arb balls.

Random cases: d = 2..32, teachers of width 4 to 64 on a harmonic of degree 1 or 2, students of
width 32 to 256, each at its best stopping time, and one random time of its grid.

Run: python benchmarks/finite_coverage.py [cases] [tolerance] [seed]
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.ball_finite import certified_finite
from w2s_theory.students.finite import TOLERANCE, finite_students


def case(job: tuple[int, float, int]) -> list[tuple[bool, float, float]]:
    """(covered for certain, error over estimate, estimate over loss) at two times."""
    number, tolerance, seed = job
    rng = np.random.default_rng([seed, number])
    dim = int(rng.integers(2, 33))
    model = ReluSphere(dim)
    target = harmonic_target(Harmonic(int(rng.integers(1, 3)), np.eye(dim)[0]))
    width = round(float(np.exp(rng.uniform(np.log(4), np.log(65 if dim > 2 else 24)))))
    count = round(float(np.exp(rng.uniform(np.log(32), np.log(257)))))
    teacher = fit_teacher(model, model.sample_features(width, rng), target)
    features = model.sample_features(count, rng)
    sweep = finite_students(model, features, [teacher], tolerance=tolerance, required=False)
    (curve,), place = sweep.curves, int(rng.integers(len(sweep.curves[0].times)))
    exact = certified_finite(model, features, teacher)
    found = []
    for time, loss, estimate in (
        (curve.best_time, curve.best_loss, curve.best_error),
        (curve.times[place], curve.losses[place], curve.error_bound[place]),
    ):
        error = abs(exact.loss(float(time)) - float(loss))
        covered = bool(error <= float(estimate))
        found.append((covered, float(error.upper()) / estimate, estimate / max(loss, 1e-300)))
    return found


def main() -> None:
    """Print the shares as one JSON object."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    tolerance = float(sys.argv[2]) if len(sys.argv) > 2 else TOLERANCE
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 13
    jobs = [(number, tolerance, seed) for number in range(cases)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        results = list(pool.map(case, jobs, chunksize=4))
    report: dict[str, object] = {"benchmark": "coverage", "cases": cases}
    report |= {"tolerance": tolerance, "seed": seed}
    for name, place in (("best time", 0), ("random time", 1)):
        rows = [result[place] for result in results]
        missed = [i for i, row in enumerate(rows) if not row[0]]
        report[name] = {
            "covered": sum(row[0] for row in rows),
            "share": sum(row[0] for row in rows) / cases,
            "worst error over estimate": max(row[1] for row in rows),
            "median estimate over loss": float(np.median([row[2] for row in rows])),
            "missed": missed,
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
