"""How L_TE falls with the width, odd and even targets, and the closest nearly antipodal units.

Targets are zonal harmonics of degree 1 and 2 about the first axis. In d = 2 every loss is enclosed
in Arb balls (160 to 320 bits) by 1/L = 1 + b^T (G - b b^T)^-1 b; in higher dimensions it is the
extended-precision fit, whose bound must stay below a thousandth of the loss. One line a draw:
dimension, degree, width, draw, loss, relative error, distances from antipodal of the two closest
pairs. `python benchmarks/teacher_decay.py OUT.csv [dims]`, then
`python benchmarks/teacher_decay.py --table OUT.csv`.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from flint import arb, arb_mat

from w2s_theory.arguments import FloatArray
from w2s_theory.certify.balls import precision
from w2s_theory.experiments.draws import draw_features
from w2s_theory.models.ball_sphere import unit_ball
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, Target, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.statistics import median_interval
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent

SEED = 18
WIDTHS = {
    2: ((32, 200), (64, 200), (128, 200), (256, 100), (512, 100)),
    3: ((64, 200), (128, 200), (256, 200), (512, 100), (1024, 100)),
}
"""(width, draws) by dimension; those beyond 3 are as 3, fewer draws at the largest width."""
RELATIVE = 1e-3
COLUMNS = (
    *("dim", "degree", "width", "draws", "median", "low", "high", "equivalent", "exponent"),
    *("corr_first", "corr_second"),
)


def in_balls(model: ReluSphere, features: FloatArray, target: Target) -> tuple[float, float]:
    """L_TE and its relative error; more bits until it has six digits."""
    for bits in (160, 320, 640):
        with precision(bits):
            rows = arb_mat([unit_ball(row) for row in features])
            cosines, scale = rows * rows.transpose(), 1 / (2 * arb.pi() * model.dim)
            overlaps, _ = model.ball_overlaps(features, target)
            size = len(features)
            rest = arb_mat(size, size)
            for i in range(size):
                for j in range(i):
                    r = cosines[i, j]
                    entry = scale * ((1 - r * r).sqrt() + r * (arb.pi() - r.acos()))
                    rest[i, j] = rest[j, i] = entry - overlaps[i] * overlaps[j]
                rest[i, i] = scale * arb.pi() - overlaps[i] ** 2
            try:
                solved = rest.solve(arb_mat([[b] for b in overlaps]))
            except ZeroDivisionError:
                continue
            form = sum((b * solved[i, 0] for i, b in enumerate(overlaps)), arb(0))
            loss = 1 / (1 + form)
            if loss.rel_accuracy_bits() > 20:
                return float(loss.mid()), float(loss.rad() / loss.mid())
    raise ValueError(f"no enclosure of L_TE at width {len(features)}")


def closest(features: FloatArray) -> tuple[float, float]:
    """The two least |u_i + u_j|."""
    gaps = [np.linalg.norm(features[i] + features[:i], axis=1) for i in range(1, len(features))]
    first, second = np.partition(np.concatenate(gaps), 1)[:2]
    return float(first), float(second)


def measure(path: Path, dims: list[int]) -> None:
    """Append a line a draw."""
    with path.open("a", newline="") as out, one_thread_blas():
        writer = csv.writer(out)
        for dim in dims:
            model = ReluSphere(dim)
            for width, draws in WIDTHS[min(dim, 3)]:
                for draw, features in enumerate(
                    draw_features(model, width, range(draws), (SEED, dim, width))
                ):
                    pairs = closest(features)
                    for degree in (1, 2):
                        target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
                        if dim == 2:
                            loss, error = in_balls(model, features, target)
                        else:
                            teacher = fit_teacher(model, features, target, max_degree=2)
                            loss = teacher.loss
                            error = (teacher.error_bound + teacher.optimality_gap) / loss
                            if error > RELATIVE:
                                loss, error = in_balls(model, features, target)
                        writer.writerow([dim, degree, width, draw, loss, error, *pairs])
                out.flush()


def table(path: Path) -> None:
    """Medians with intervals at 95 percent, local exponents, the equivalent, correlations."""
    groups: dict[tuple[int, int, int], list[list[float]]] = defaultdict(list)
    with path.open(newline="") as lines:
        for dim, degree, width, _, *rest in csv.reader(lines):
            groups[int(dim), int(degree), int(width)].append([float(x) for x in rest])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    before: tuple[int, int, int, float] | None = None
    for (dim, degree, width), rows in sorted(groups.items()):
        losses, _, first, second = np.log(np.array(rows)).T
        found = median_interval(np.exp(losses), error_rate=0.05)
        target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
        ansatz = deterministic_equivalent(ReluSphere(dim), target, width).loss
        local = ""
        if before and before[:2] == (dim, degree):
            local = f"{-np.log(found.estimate / before[3]) / np.log(width / before[2]):.3f}"
        writer.writerow(
            [dim, degree, width, len(rows)]
            + [f"{x:.4g}" for x in (found.estimate, found.low, found.high, ansatz)]
            + [local]
            + [f"{np.corrcoef(losses, pair)[0, 1]:.2f}" for pair in (first, second)]
        )
        before = (dim, degree, width, found.estimate)


def main() -> None:
    """Measure, or print the table of what was measured."""
    if sys.argv[1] == "--table":
        table(Path(sys.argv[2]))
    else:
        measure(Path(sys.argv[1]), [int(dim) for dim in sys.argv[2:]] or [2, 3, 4, 8, 5, 6, 7])


if __name__ == "__main__":
    main()
