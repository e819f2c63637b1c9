"""How often the intervals of `diagnose` hold the truth, as a table in Markdown.

python -m benchmarks.diagnose_coverage [--runs 1000] [--sizes 200 2000] [--models linear relu]
    [--seed 0]

The truth is that of population-exact models: a linear teacher with a student of infinite width
(Gaussian inputs), and a ReLU teacher with a student of finite width (inputs on the sphere). `heavy`
is the first with a scale of its own for each example, log-normal: tails that 200 examples do not
settle. Exit code 1 if a coverage misses 95 percent by more than three standard errors of its own
estimate.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.diagnose.diagnosis import summarise
from w2s_theory.diagnose.estimates import figures
from w2s_theory.diagnose.kinds import Inputs
from w2s_theory.diagnose.moments import Layout, gather
from w2s_theory.diagnose.roles import Patterns, find_roles
from w2s_theory.diagnose.sources import Arrays
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.filters import GradientFlow

LEVEL = 0.95
NAMES = (
    *("target_norm2", "teacher_loss", "student_loss", "pgr", "pgr_ceiling", "teacher_gap"),
    *("student_gap", "floor", "instance_floor", "ratio", "misfit", "cross_term", "rescaled_loss"),
)
FUNCTIONS = ("target", "teacher", "student", "ceiling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Functions whose inner products are known, and samples of them."""

    inner: FloatArray
    sample: Callable[[int, np.random.Generator], FloatArray]

    @property
    def truth(self) -> dict[str, float]:
        """Every figure of the population."""
        norm2 = np.diag(self.inner)
        distance2 = norm2[:, None] + norm2 - 2 * self.inner
        layout = Layout(
            ("weight", "target2", "teacher2", "teacher_target2", "ceiling_target2"),
            ("student2", "student_target2", "student_teacher2"),
            ("",),
        )
        y, t, s, c = range(4)
        moments = [1.0, norm2[y], norm2[t], distance2[t, y], distance2[c, y]]
        moments += [norm2[s], distance2[s, y], distance2[s, t]]
        found = {k: float(v) for k, v in figures(layout, np.array(moments)).items()}
        return found | {"pgr": found["gain"] / found["gap"]}


def linear(seed: int = 0) -> Population:
    """Theorem 3.2's model: d = 40, two levels, 8 features, gradient flow at infinite width."""
    model = LinearGaussian([1.0, 0.1], [1, 39])
    features = model.sample_features(8, np.random.default_rng(seed))
    target = model.target(np.eye(40)[0])
    teacher = fit_teacher(model, features, target)
    scales = [np.sqrt(level) for level in model.levels]
    taught = [
        scale * (block.T @ teacher.weights)
        for scale, block in zip(scales, features.blocks, strict=True)
    ]
    true = [np.zeros(len(part)) for part in taught]
    true[0][0] = 1.0
    kept = GradientFlow(2.0)(model.levels)
    learnt = [share * part for share, part in zip(kept, taught, strict=True)]
    rows = np.stack([np.concatenate(parts) for parts in (true, taught, learnt)])
    rows = np.vstack([rows, 0.9 * rows[0]])
    if abs(float((rows[1] - rows[0]) @ (rows[1] - rows[0])) - teacher.loss) > 1e-9:
        raise ArithmeticError("the teacher's coordinates have another loss than the teacher")
    return Population(
        inner=rows @ rows.T,
        sample=lambda count, rng: rng.standard_normal((count, rows.shape[1])) @ rows.T,
    )


def heavy(seed: int = 0, spread: float = 0.6) -> Population:
    """`linear`, each example times exp(spread z), z normal."""
    calm = linear(seed)

    def sample(count: int, rng: np.random.Generator) -> FloatArray:
        scales = np.exp(spread * rng.standard_normal((count, 1)))
        return scales * calm.sample(count, rng)

    return Population(inner=calm.inner * np.exp(2 * spread**2), sample=sample)


def relu(seed: int = 0) -> Population:
    """Model 1.1: d = 8, linear target, 16 features; a student of 64 by ridge regression."""
    dim, rng = 8, np.random.default_rng(seed)
    model = ReluSphere(dim)
    axis = np.eye(dim)[0]
    target = harmonic_target(Harmonic(1, axis))
    small, wide = model.sample_features(16, rng), model.sample_features(64, rng)
    weights = fit_teacher(model, small, target).weights
    gram, labels = model.gram(wide), model.cross_gram(wide, small) @ weights
    seen = model.target_overlaps(target, wide)
    student = np.linalg.solve(gram + 2e-3 * np.eye(64), labels)
    ceiling = np.linalg.solve(gram + 2e-3 * np.eye(64), seen)
    top = np.zeros((4, 81))
    top[0, 0], top[1, 1:17], top[2, 17:], top[3, 17:] = 1.0, weights, student, ceiling
    units = np.vstack([small, wide])
    whole = np.zeros((81, 81))
    whole[0, 0], whole[1:, 1:] = 1.0, model.gram(units)
    whole[0, 1:] = whole[1:, 0] = model.target_overlaps(target, units)

    def sample(count: int, rng: np.random.Generator) -> FloatArray:
        x = model.sample_features(count, rng)
        basis = np.hstack([np.sqrt(dim) * x[:, :1], np.maximum(x @ units.T, 0)])
        return basis @ top.T

    return Population(inner=top @ whole @ top.T, sample=sample)


POPULATIONS: Mapping[str, Callable[[], Population]] = {"linear": linear, "relu": relu}
MODELS: Mapping[str, Callable[[], Population]] = {**POPULATIONS, "heavy": heavy}


def misses(
    population: Population, count: int, runs: int, *, seed: int = 0, most: int = 2000
) -> dict[str, int]:
    """How often the interval of each figure leaves out the truth."""
    truth, missed = population.truth, dict.fromkeys(NAMES, 0)
    for run in range(runs):
        values = population.sample(count, np.random.default_rng([seed, run]))
        source = Arrays(dict(zip(FUNCTIONS, values.T, strict=True)))
        roles = find_roles(source, Patterns(ceiling="ceiling"))
        units = gather(source, roles, seed=run, most=most, blocks=most)
        found = summarise(units, level=LEVEL, inputs=Inputs.TEST, seed=run).run
        for name in NAMES:
            interval = getattr(found, name)
            missed[name] += interval is None or not interval.low <= truth[name] <= interval.high
    return missed


def main() -> int:
    """Run all, and print the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("--models", choices=list(MODELS), nargs="+", default=list(POPULATIONS))
    parser.add_argument("--most", type=int, default=2000, help="units; fewer: blocks")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    error = np.sqrt(LEVEL * (1 - LEVEL) / options.runs)
    columns = [(name, size) for name in options.models for size in options.sizes]
    table, started = [], time.perf_counter()
    for name, size in columns:
        found = misses(MODELS[name](), size, options.runs, seed=options.seed, most=options.most)
        table.append(found)
        took = time.perf_counter() - started
        print(f"{name}, {size} examples: {took:.0f} s so far", file=sys.stderr, flush=True)
    print(f"| figure | {' | '.join(f'{name}, {size}' for name, size in columns)} |")
    print("|---" * (1 + len(columns)) + "|")
    worst = 0.0
    for figure in NAMES:
        held = [1 - missed[figure] / options.runs for missed in table]
        worst = max(worst, *(abs(share - LEVEL) for share in held))
        print(f"| {figure} | {' | '.join(f'{100 * share:.1f}' for share in held)} |")
    print(f"\n{options.runs} runs, standard error {100 * error:.2f}: {worst / error:.1f} at worst")
    return 1 if worst > 3 * error else 0


if __name__ == "__main__":
    sys.exit(main())
