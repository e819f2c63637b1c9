"""How L_TE falls with the width, odd and even targets, and the closest nearly antipodal units.

Targets are zonal harmonics of degree 1 and 2 about the first axis. In d = 2 losses come from the
circle's spline, checked on some draws against Arb balls (160 to 640 bits) by 1/L = 1 + b^T (G - b
b^T)^-1 b; in higher dimensions from a Cholesky factor refined in extended precision, and from balls
where its error is not below a thousandth. One line a draw:
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
from w2s_theory.statistics import Interval, median_interval
from w2s_theory.theorems.circle import circle_losses
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent

SEED = 18
WIDTHS = {
    2: ((32, 400), (64, 400), (128, 400), (256, 400), (512, 400)),
    3: ((64, 200), (128, 200), (256, 200), (512, 100), (1024, 100)),
    4: ((64, 200), (128, 200), (256, 200), (512, 100)),
}
"""(width, draws) by dimension; those beyond 4 are as 4."""
RELATIVE = 1e-3
CHECKED, CHECKED_TO = 5, 256
"""In d = 2 the first draws at widths up to this are compared with balls, and must agree."""
COLUMNS = (
    *("dim", "degree", "width", "draws", "median", "low", "high", "equivalent", "exponent"),
    *("exponent_low", "exponent_high", "corr_first", "corr_second"),
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


def refined(model: ReluSphere, features: FloatArray, targets: list[Target]) -> list[list[float]]:
    """L_TE and its relative error for each target: one Cholesky factor, refined in longdouble."""
    from scipy.linalg import cho_factor, cho_solve

    systems = [model.extended_system(target, features) for target in targets]
    whole = systems[0].gram
    factor, found = cho_factor(whole.astype(np.float64), lower=True), []
    for system in systems:
        weights = np.zeros(len(features), dtype=np.longdouble)
        for _ in range(6):
            residual = system.overlaps - whole @ weights
            step = cho_solve(factor, residual.astype(np.float64))
            weights = weights + step
        loss = float(1 - system.overlaps @ weights)
        entries = system.gram_error * float(np.abs(weights).sum()) ** 2
        found.append([loss, (entries + abs(float(step @ residual))) / loss])
    return found


def closest(features: FloatArray) -> tuple[float, float]:
    """The two least |u_i + u_j|."""
    gaps = [np.linalg.norm(features[i] + features[:i], axis=1) for i in range(1, len(features))]
    first, second = np.partition(np.concatenate(gaps), 1)[:2]
    return float(first), float(second)


def _certified(
    model: ReluSphere, features: FloatArray, target: Target, found: list[float]
) -> list[float]:
    """The enclosure; ValueError if what was found is not as near as it says."""
    loss, error = in_balls(model, features, target)
    if abs(found[0] / loss - 1) > max(found[1], RELATIVE):
        raise ValueError(f"{found!r} against {loss!r} at width {len(features)}")
    return [loss, error]


def measure(path: Path, dims: list[int]) -> None:
    """Append a line a draw."""
    with path.open("a", newline="") as out, one_thread_blas():
        writer = csv.writer(out)
        for dim in dims:
            model = ReluSphere(dim)
            for width, draws in WIDTHS[min(dim, 4)]:
                for draw, features in enumerate(
                    draw_features(model, width, range(draws), (SEED, dim, width))
                ):
                    pairs = closest(features)
                    targets = [harmonic_target(Harmonic(k, np.eye(dim)[0])) for k in (1, 2)]
                    if dim == 2:
                        found = [[loss, RELATIVE] for loss in circle_losses(features)]
                    else:
                        found = refined(model, features, targets)
                    for degree, entry in enumerate(found, 1):
                        checked = dim == 2 and draw < CHECKED and width <= CHECKED_TO
                        again = checked or entry[1] > RELATIVE
                        target = targets[degree - 1]
                        pair = _certified(model, features, target, entry) if again else entry
                        writer.writerow([dim, degree, width, draw, *pair, *pairs])
                out.flush()


def table(path: Path) -> None:
    """Medians with intervals at 95 percent, exponents, the ansatz, correlations.

    The interval of an exponent is that of both medians together, so at 90 percent at least.
    """
    groups: dict[tuple[int, int, int], list[list[float]]] = defaultdict(list)
    with path.open(newline="") as lines:
        for dim, degree, width, _, *rest in csv.reader(lines):
            groups[int(dim), int(degree), int(width)].append([float(x) for x in rest])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    before: tuple[int, int, int, Interval] | None = None
    for (dim, degree, width), rows in sorted(groups.items()):
        losses, _, first, second = np.log(np.array(rows)).T
        found = median_interval(np.exp(losses), error_rate=0.05)
        target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
        ansatz = deterministic_equivalent(ReluSphere(dim), target, width).loss
        local = [""] * 3
        if before and before[:2] == (dim, degree):
            span, last = np.log(width / before[2]), before[3]
            ends = (last.estimate, found.estimate), (last.low, found.high), (last.high, found.low)
            local = [f"{np.log(one / two) / span:.3f}" for one, two in ends]
        writer.writerow(
            [dim, degree, width, len(rows)]
            + [f"{x:.4g}" for x in (found.estimate, found.low, found.high, ansatz)]
            + local
            + [f"{np.corrcoef(losses, pair)[0, 1]:.2f}" for pair in (first, second)]
        )
        before = (dim, degree, width, found)


def main() -> None:
    """Measure, or print the table of what was measured."""
    if sys.argv[1] == "--table":
        table(Path(sys.argv[2]))
    else:
        measure(Path(sys.argv[1]), [int(dim) for dim in sys.argv[2:]] or [2, 3, 4, 8, 5, 6, 7])


if __name__ == "__main__":
    main()
