"""The tables of simulations in the documents, from a store: a table costs what is new.

python -m benchmarks.simulation_tables [NAME ...] [--store build/results.db] [--workers N]

Grids are docs/tables/*.toml, and `w2s sweep` runs them as well. What is no cell of a sweep is kept
in the same store as a document. Without names all but `limit`, which takes hours of Arb balls.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Context
from fractions import Fraction
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np
from sympy import Expr, Integer

from benchmarks.pages import ROOT, Table, markdown, write
from w2s_theory import __version__
from w2s_theory.arguments import FloatArray
from w2s_theory.experiments import gains
from w2s_theory.experiments.gains import mixed_target
from w2s_theory.experiments.named import simulate
from w2s_theory.experiments.sweep.grid import code_version, document_key, read_plan
from w2s_theory.experiments.sweep.results import ERROR_RATE, StoredRow
from w2s_theory.experiments.sweep.run import sweep
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.ledger import universality
from w2s_theory.models.linear_gaussian import LinearGaussian, LinearTarget
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.statistics import extrapolated_median, median_interval, power_law
from w2s_theory.text.with_error import with_error, with_interval
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent
from w2s_theory.theorems.kappa import best_master_bound
from w2s_theory.theorems.leverage import ceiling
from w2s_theory.theorems.linear_law import mean_ratio

GRIDS = ROOT / "docs" / "tables"
INTERVALS = "medians, in brackets their distribution-free 95 percent intervals"


@dataclass(frozen=True, slots=True)
class Source:
    """A store, and the folder of the grids that it is filled from."""

    store: Store
    grids: Path = GRIDS
    workers: int = 1

    def rows(self, pattern: str) -> list[StoredRow]:
        """The cells of the grids of that name, in their order; what is missing is run.

        ValueError where there is no such grid, or a cell fails.
        """
        files = sorted(self.grids.glob(f"{pattern}.toml"))
        if not files:
            raise ValueError(f"grid must be a file of {self.grids}, got {pattern}.toml")
        plans = [read_plan(path.read_text("utf-8")) for path in files]
        for path, plan in zip(files, plans, strict=True):
            if failed := sweep(plan, self.store, workers=self.workers).failed:
                raise ValueError(f"grid must give every cell, got {failed} failures of {path.name}")
        found = {row["cell"]: row for row in self.store.rows()}
        return [found[key] for plan in plans for key in plan.keys]

    def kept(self, content: dict[str, object], compute: Callable[[], object]) -> object:
        """What `compute` gives for `content`, as JSON has it; computed once for this code."""
        key, code = document_key(content, Path(gains.__file__))
        text = self.store.document(key)
        if text is None:
            text = json.dumps(compute())
            self.store.keep(key, code, content, text)
        return json.loads(text)


# --- numbers --------------------------------------------------------------------------------------


def column(rows: Sequence[StoredRow], name: str) -> FloatArray:
    """A measured number of every row."""
    return np.array([float(str(row[name])) for row in rows])


def median(values: FloatArray, errors: FloatArray | float = 0.0) -> str:
    """The median and its interval, farther out by the errors of the values themselves."""
    shifted = (median_interval(values + s * errors, error_rate=ERROR_RATE) for s in (-1, 1))
    low, high = (found.low if place == 0 else found.high for place, found in enumerate(shifted))
    return with_interval(float(np.median(values)), low, high)


def ratios(rows: Sequence[StoredRow], under: str, power: int = 1) -> tuple[FloatArray, FloatArray]:
    """Best L_ST over another number, and the error of that."""
    loss, error = column(rows, "student_loss"), column(rows, "student_error")
    below = column(rows, under) ** power
    return loss / below, error / below


def exact(formula: Expr) -> float:
    """The value of a formula of the ledger."""
    return float(formula)


def upper(bound: float) -> str:
    """Three digits that are no smaller than the bound."""
    return three(bound, ROUND_CEILING)


def three(value: float, rounding: str = ROUND_HALF_EVEN) -> str:
    """Three digits."""
    number = Context(3, rounding).create_decimal(value)
    return f"{number:e}" if number.adjusted() < -3 else f"{number:f}"


def made(name: str, rows: Sequence[StoredRow], said: str) -> str:
    """Which command, seed and version made a table of cells."""
    seeds, codes = ({str(row[key]) for row in rows} for key in ("seed", "code"))
    by = f"seed {', '.join(sorted(seeds))}, w2s_theory {__version__}"
    return f"{command(name)}, {by}, code {', '.join(sorted(c[:8] for c in codes))}: {said}."


def kept_by(name: str, draws: int, seed: int) -> str:
    """`made`, of a table whose draws are kept as documents."""
    by = f"seed {seed}, w2s_theory {__version__}, code {code_version()[:8]}"
    return f"{command(name)}, {by}: {draws} draws, {INTERVALS}."


def command(name: str) -> str:
    """How to write a table again."""
    grids = f", grid `docs/tables/{name}.toml`" if (GRIDS / f"{name}.toml").exists() else ""
    return f"`python -m benchmarks.simulation_tables {name}`{grids}"


def points(
    rows: Sequence[StoredRow], *names: str
) -> Iterator[tuple[list[object], list[StoredRow]]]:
    """Rows that follow each other with the same values of these columns."""
    for key, group in groupby(rows, key=lambda row: [row[name] for name in names]):
        yield key, list(group)


# --- sweeps ---------------------------------------------------------------------------------------


def floor_table(source: Source) -> str:
    """Real networks against Theorem 4.1's floor."""
    rows, lines = source.rows("floor"), []
    for (dim, width), cells in points(rows, "dim", "teacher_width"):
        values, errors = ratios(cells, "floor")
        least = int(np.argmin(values))
        teacher, student = (
            median(column(cells, f"{who}_loss"), column(cells, f"{who}_error"))
            for who in ("teacher", "student")
        )
        smallest = with_error(float(values[least]), float(errors[least]), 3)
        lines.append((dim, width, teacher, student, median(values, errors), smallest))
    header = ("d", "teacher width", "L_TE", "best L_ST", "best L_ST / floor", "smallest")
    return f"{markdown(header, lines)}\n\n{made('floor', rows, INTERVALS)}"


def ansatz_table(source: Source) -> str:
    """Losses against the deterministic equivalent, linear target; the cells of `fits`."""
    rows, lines = source.rows("fits"), []
    for (dim, width), cells in points(rows, "dim", "teacher_width"):
        if width not in (16, 64, 256):
            continue
        target = mixed_target(int(str(dim)), {1: 1.0})
        predicted = deterministic_equivalent(ReluSphere(int(str(dim))), target, int(str(width)))
        line: list[object] = [dim, width]
        for who, told in (("teacher", predicted.loss), ("student", predicted.best()[1])):
            losses = column(cells, f"{who}_loss")
            off = float(np.median(losses)) / told - 1
            line += [median(losses, column(cells, f"{who}_error")), three(told), f"{off:+.0%}"]
        lines.append(line)
    header = ("d", "M", "L_TE", "predicted", "off", "best L_ST", "predicted", "off")
    said = f"{INTERVALS}; grid `docs/tables/fits.toml`"
    return f"{markdown(header, lines)}\n\n{made('ansatz', rows, said)}"


def degree_table(source: Source) -> str:
    """L_TE and best L_ST/L_TE at two widths, target by target."""
    rows, lines = source.rows("degrees-*"), []
    rows = sorted(rows, key=lambda row: (row["dim"], len(str(row["target"])), str(row["target"])))
    for (dim, target, width), cells in points(rows, "dim", "target", "teacher_width"):
        energies = str(target).replace(",", ", ").replace(":", ": ")
        teacher = median(column(cells, "teacher_loss"), column(cells, "teacher_error"))
        whole = energies if ":" in energies else f"{energies}: 1"
        lines.append((dim, whole, width, teacher, median(*ratios(cells, "teacher_loss"))))
    header = ("d", "energy by degree", "M", "L_TE", "best L_ST/L_TE")
    said = f"32 draws, {INTERVALS}; grids `docs/tables/degrees-d*.toml`"
    return f"{markdown(header, lines)}\n\n{made('degrees', rows, said)}"


def finite_table(source: Source) -> str:
    """Best L_ST/L_TE and PGR by student width; d = 8, linear target."""
    rows, lines = source.rows("finite"), []
    rows = sorted(rows, key=lambda row: (row["teacher_width"], float(str(row["student_width"]))))
    for (width, student), cells in points(rows, "teacher_width", "student_width"):
        ratio, pgr = median(*ratios(cells, "teacher_loss")), median(column(cells, "pgr"))
        lines.append((width, "infinite" if student == "inf" else student, ratio, pgr))
    header = ("M_TE", "M_ST", "best L_ST/L_TE", "PGR")
    return f"{markdown(header, lines)}\n\n{made('finite', rows, INTERVALS)}"


def fit_table(source: Source) -> str:
    """Exponents over M = 16..256, linear target."""
    rows, lines = source.rows("fits"), []
    for (dim,), cells in points(rows, "dim"):
        model, target = ReluSphere(int(str(dim))), mixed_target(int(str(dim)), {1: 1.0})
        widths = column(cells, "teacher_width")
        teachers, students = (column(cells, f"{who}_loss") for who in ("teacher", "student"))
        slope = power_law(teachers, students, widths, error_rate=ERROR_RATE).exponent
        decay = power_law(widths, teachers, widths, error_rate=ERROR_RATE).exponent
        each = np.unique(widths)
        losses = [deterministic_equivalent(model, target, int(width)).loss for width in each]
        lines.append((
            dim,
            with_interval(slope.estimate, slope.low, slope.high),
            f"{exact(universality.PROVEN_EXPONENT(Integer(dim))):.2f}",
            with_interval(decay.estimate, decay.low, decay.high),
            f"{np.polyfit(np.log(each), np.log(losses), 1)[0]:.2f}",
            f"{-exact(universality.TEACHER_DECAY(Integer(dim))):.2f}",
        ))  # fmt: skip
    fitted, decaying = "fitted L_ST ~ L_TE^beta", "teacher, fitted"
    header = ("d", fitted, "proven beta", decaying, "equivalent", "-(1+3/(d-1))")
    said = "32 draws a width, in brackets 95 percent bootstrap intervals"
    return f"{markdown(header, lines)}\n\n{made('fits', rows, said)}"


def rate_table(source: Source) -> str:
    """What `w2s ceiling` bounds, beside what is measured at the widths that are."""
    rows = source.rows("rate")
    measured = {(key[0], key[1]): cells for key, cells in points(rows, "dim", "teacher_width")}
    lines = []
    for dim, width in ((3, 1024), (3, 8192), (8, 1024), (8, 8192), (32, 8192), (32, 65536)):
        bound, cells, seen = ceiling(dim, width, 0.05), measured.get((dim, width)), ("", "")
        if cells:
            losses, errors = column(cells, "student_loss"), column(cells, "student_error")
            lost = errors.max() > losses.min()
            best = (
                with_error(0.0, float(np.max(losses + errors))) if lost else median(losses, errors)
            )
            seen = median(column(cells, "teacher_loss"), column(cells, "teacher_error")), best
        tops = map(upper, (bound.level, bound.teacher, bound.student))
        lines.append((f"{dim}, {width:,}", *tops, *seen, f"{bound.width_from:,}"))
    bounds = ("Delta <=", "L_TE <=", "L_ST <=", "measured L_TE", "best L_ST", "says something from")
    said = f"12 draws, {INTERVALS}; bounds as of `w2s ceiling`"
    table = markdown(("d, M (linear, delta = 1/20)", *bounds), lines)
    return f"{table}\n\n{made('rate', rows, said)}"


# --- what is no cell of a sweep -------------------------------------------------------------------


def linear_table(_: Source) -> str:
    """Theorem 3.2: E ratio on its path, enclosed."""
    lines = []
    for root in (4, 8, 16, 32, 64, 1000):
        ball = mean_ratio(root**2, 1 + root**3, Fraction(1, root**2)).ball
        ends = float(ball.mid()), float(ball.lower()), float(ball.upper())
        lines.append((f"{root**2:,}", with_interval(*ends, digits=12)))
    table = markdown(("M", "certified E ratio, d = 1 + M^(3/2), psi = 1/M"), lines)
    return f"{table}\n\n{command('linear')}: nothing is drawn."


BOUND_SEED, BOUND_DRAWS = 77, 10


def bound_table(source: Source) -> str:
    """The master bound at its best S and t, beside the true optimum."""
    lines = []
    for dim in (3, 8, 32):
        for width in (16, 64, 256):
            content: dict[str, object] = {"table": "bound", "dim": dim, "width": width}
            content |= {"seed": BOUND_SEED, "draws": BOUND_DRAWS}
            found = np.array(source.kept(content, partial(bounds_of, dim, width)))
            lines.append((dim, width, *map(median, found.T)))
    header = ("d", "M", "kappa_S", "bound", "L_ST at that t", "best L_ST")
    return f"{markdown(header, lines)}\n\n{kept_by('bound', BOUND_DRAWS, BOUND_SEED)}"


def bounds_of(dim: int, width: int) -> list[list[float]]:
    """kappa_S, the bound, L_ST there and the best L_ST (over L_TE) of each draw."""
    model, target, rows = ReluSphere(dim), mixed_target(dim, {1: 1.0}), []
    for draw in range(BOUND_DRAWS):
        rng = np.random.default_rng([BOUND_SEED, dim, width, draw])
        teacher = fit_teacher(model, model.sample_features(width, rng), target)
        best = best_master_bound(model, teacher)
        losses = (best.bound, best.student_loss, best.best_loss)
        rows.append([best.kappa, *(float(loss) / teacher.loss for loss in losses)])
    return rows


SEVERAL_SEED, SEVERAL_DRAWS = 5, 32


def several_table(source: Source) -> str:
    """min_t L_ST/L_TE^2 of the linear model, target on the levels 1 and 1/4 in equal parts."""
    lines = []
    for width in (100, 200, 400):
        model, target = two_levels(width)
        content: dict[str, object] = {"table": "several", "width": width}
        content |= {"seed": SEVERAL_SEED, "draws": SEVERAL_DRAWS}
        found = np.array(source.kept(content, partial(several_of, width)))
        predicted = deterministic_equivalent(model, target, width)
        equivalent = predicted.best()[1] / predicted.loss**2
        lines.append((width, median(found), f"{equivalent:.3f}"))
    table = markdown(("M", "min_t L_ST/L_TE^2", "equivalent"), lines)
    return f"{table}\n\n{kept_by('several', SEVERAL_DRAWS, SEVERAL_SEED)}"


def two_levels(width: int) -> tuple[LinearGaussian, LinearTarget]:
    """Directions of variance 1 and 1/4 and width^2 weak ones; half of the energy on each."""
    model = LinearGaussian([1.0, 0.25, width**-1.5], [1, 1, width**2])
    return model, model.target([1.0, 2.0, *np.zeros(width**2)])


def several_of(width: int) -> list[float]:
    """min_t L_ST/L_TE^2 of each draw."""
    model, target = two_levels(width)
    asked = {"teacher_width": width, "draws": SEVERAL_DRAWS, "seed": SEVERAL_SEED}
    found = simulate(model, target=target, **asked)
    return [float(ratio) for ratio in found.student_loss / found.teacher_loss**2]


LIMIT_SEED = 31
CERTIFIED: Mapping[int, Mapping[int, int]] = {3: {1024: 48, 2048: 24}, 4: {1024: 24}, 5: {1024: 24}}
"""Draws in Arb balls, by dimension and width; 48 in float64 at the widths below."""


def limit_table(source: Source) -> str:
    """min_t L_ST/L_TE^2, extrapolated linearly in the equivalent's own excess over 1."""
    lines = []
    for dim, certified in CERTIFIED.items():
        model, target = ReluSphere(dim), mixed_target(dim, {1: 1.0})
        groups, excess = [], []
        for width, draws in {64: 48, 128: 48, 256: 48, 512: 48, **certified}.items():
            content: dict[str, object] = {"table": "limit", "dim": dim, "width": width}
            content |= {"seed": LIMIT_SEED, "draws": draws}
            make = partial(squares_of, dim, width, draws, balls=width in certified)
            groups.append(np.array(source.kept(content, make)))
            predicted = deterministic_equivalent(model, target, width)
            excess.append(predicted.best()[1] / predicted.loss**2 - 1)
        limit = extrapolated_median(groups, excess)
        shown = [f"{np.median(g):.2f} ({1 + e:.2f})" for g, e in zip(groups, excess, strict=True)]
        shown += [""] * (6 - len(shown))
        lines.append((dim, *shown, f"{limit.estimate:.2f} ({limit.low:.2f}, {limit.high:.2f})"))
    table = markdown(("d", "M = 64", "128", "256", "512", "1024", "2048", "limit"), lines)
    by = f"seed {LIMIT_SEED}, w2s_theory {__version__}, code {code_version()[:8]}"
    return f"{table}\n\n{command('limit')}, {by}."


def squares_of(dim: int, width: int, draws: int, *, balls: bool) -> list[float]:
    """min_t L_ST/L_TE^2 of each draw."""
    drawn = gains.certified_gains if balls else gains.relu_gains
    found = drawn(dim, mixed_target(dim, {1: 1.0}), width, draws, seed=LIMIT_SEED)
    return [float(ratio) for ratio in found.square_ratios]


def decay_table(_: Source) -> str:
    """Exponents of L_TE between the two largest widths, from `docs/figures/teacher-decay.csv`."""
    with (ROOT / "docs" / "figures" / "teacher-decay.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = []
    for dim in dict.fromkeys(row["dim"] for row in rows):
        line: list[str] = []
        for degree in ("1", "2"):
            before, last = [r for r in rows if (r["dim"], r["degree"]) == (dim, degree)][-2:]
            names = ("exponent", "exponent_low", "exponent_high")
            middle, low, high = (float(last[name]) for name in names)
            share = float(last["median"]) / float(last["equivalent"])
            line += [f"{middle:.2f} ({low:.2f} to {high:.2f})", f"{share:.2g}"]
        power = exact(universality.TEACHER_DECAY(Integer(dim)))
        lines.append((dim, f"{before['width']}, {last['width']}", f"{power:.2f}", *line))
    of = "of the ansatz's loss"
    header = ("d", "widths", "(d+2)/(d-1)", "linear: exponent", of, "even: exponent", of)
    source = "`docs/figures/teacher-decay.csv`, of `python benchmarks/teacher_decay.py`, seed 18"
    return f"{markdown(header, lines)}\n\n{command('decay')} from {source}."


TABLES: Mapping[str, tuple[str, Callable[[Source], str]]] = {
    "floor": ("README.md", floor_table),
    "linear": ("docs/alignment.md", linear_table),
    "ansatz": ("docs/alignment.md", ansatz_table),
    "bound": ("docs/alignment.md", bound_table),
    "degrees": ("docs/alignment.md", degree_table),
    "finite": ("docs/alignment.md", finite_table),
    "fits": ("docs/alignment.md", fit_table),
    "limit": ("docs/alignment.md", limit_table),
    "several": ("docs/limits.md", several_table),
    "rate": ("docs/rate.md", rate_table),
    "decay": ("docs/rate.md", decay_table),
}


def tables(source: Source, names: Sequence[str]) -> list[Table]:
    """The tables of these names; ValueError for one that is none."""
    if unknown := [name for name in names if name not in TABLES]:
        raise ValueError(f"table must be one of {', '.join(TABLES)}, got {', '.join(unknown)}")
    return [Table(name, TABLES[name][0], partial(TABLES[name][1], source)) for name in names]


def main() -> int:
    """Write the tables that are asked for."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TABLES))
    parser.add_argument("--store", type=Path, default=Path("build/results.db"))
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    try:
        options.store.parent.mkdir(exist_ok=True)
        source = Source(Store(options.store), workers=options.workers)
        with one_thread_blas():
            write(tables(source, options.names or [name for name in TABLES if name != "limit"]))
    except ValueError as error:
        sys.stderr.write(f"tables: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
