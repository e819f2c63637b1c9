"""Teachers of several widths, one student of all of them: the data of Figures 2 to 6."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.experiments.draws import draw_features, draw_together
from w2s_theory.experiments.figures.drawing import Rows
from w2s_theory.experiments.named import ModelName
from w2s_theory.experiments.sweep.grid import document_key
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.base import Features, Goal
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.parallel import Progress
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import SphereTeacher, Teacher, fit_teachers
from w2s_theory.students.curve import StudentCurve
from w2s_theory.students.finite import finite_students
from w2s_theory.theorems.deterministic_equivalent import Equivalent, deterministic_equivalent

SEED = 2503
CLOCK = (1e-2, 1e4)
"""The range of t lambda_*, lambda_* the target's kernel eigenvalue."""

_STUDENT = 1_000_000  # a draw's place in the seed is below it


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The draws of one teacher width: arrays of shape (draws,), curves (draws, times).

    `clock` is t lambda_*, lambda_* the target's kernel eigenvalue; `predicted_loss` is L_TE by the
    deterministic equivalent of these teachers, `predicted` L_ST on `clock` and `predicted_best` the
    least loss that it predicts for an infinitely wide student.
    """

    model: ModelName
    dim: int
    teacher_width: int
    student_width: int
    teacher_loss: FloatArray
    student_loss: FloatArray
    clock_best: FloatArray
    clock: FloatArray
    curves: FloatArray
    predicted: FloatArray
    predicted_loss: float
    predicted_best: float


def relu_cells(
    dim: int,
    teacher_widths: Sequence[int],
    student_widths: Sequence[int],
    draws: int,
    progress: Progress,
    *,
    store: Store | None = None,
) -> list[Cell]:
    """ReLU on S^{dim-1}, linear target: the same teachers for every student width.

    Draw i of width M is seeded by (SEED, dim, M, i), as in `experiments.networks`. What `store`
    holds is not computed again.
    """
    model = ReluSphere(dim)
    target = harmonic_target(Harmonic(1, np.eye(dim)[0]))

    @cache
    def teachers() -> list[SphereTeacher]:
        batches = [
            features
            for width in teacher_widths
            for features in draw_features(model, width, range(draws), (SEED, dim, width))
        ]
        return fit_teachers(model, batches, target, progress=_named(progress, f"d={dim}"))

    def computed(student_width: int) -> list[Cell]:
        (units,) = draw_features(model, student_width, [_STUDENT], (SEED, dim, student_width))
        note = _named(progress, f"d={dim}, {student_width} units")
        times = _times(teachers()[0])
        curves = finite_students(model, units, teachers(), times, progress=note).curves
        cells = []
        for place, width in enumerate(teacher_widths):
            own = slice(place * draws, (place + 1) * draws)
            equivalent = deterministic_equivalent(model, target, width)
            size = (ModelName.RELU, dim, width, student_width)
            cells.append(_cell(size, teachers()[own], curves[own], equivalent))
        return cells

    found = []
    for student_width in student_widths:
        content = {"dim": dim, "teacher_widths": [*teacher_widths], "student": student_width}
        work = partial(computed, student_width)
        found += _kept(store, content | {"model": "relu", "draws": draws}, work)
    return found


def linear_cells(
    teacher_widths: Sequence[int],
    student_widths: Sequence[int],
    draws: int,
    progress: Progress,
    *,
    store: Store | None = None,
) -> list[Cell]:
    """The linear model of Theorem 3.2: d - 1 = M^(3/2), psi = (d-1)^(-2/3), target <e_1, x>.

    Teachers and students of one width M share one joint draw of features, seeded by (SEED, M). What
    `store` holds is not computed again.
    """

    def computed(width: int) -> list[Cell]:
        weak = int(width**1.5)
        model = LinearGaussian([1.0, weak ** (-2 / 3)], [1, weak])
        target = model.target(np.eye(1, weak + 1)[0])
        widths = [max(student_widths), *[width] * draws]
        units, *batches = draw_together(model, widths, (SEED, width))
        note = _named(progress, f"M={width}")
        teachers = fit_teachers(model, batches, target, progress=note)
        equivalent = deterministic_equivalent(model, target, width)
        cells = []
        for student_width in student_widths:
            note = _named(progress, f"M={width}, {student_width} units")
            sweep = finite_students(
                model, units[:student_width], teachers, _times(teachers[0]), progress=note
            )
            size = (ModelName.LINEAR, weak + 1, width, student_width)
            cells.append(_cell(size, teachers, sweep.curves, equivalent))
        return cells

    found = []
    for width in teacher_widths:
        content = {"model": "linear", "teacher_width": width, "students": [*student_widths]}
        found += _kept(store, content | {"draws": draws}, partial(computed, width))
    return found


def _kept(
    store: Store | None, content: dict[str, object], computed: Callable[[], list[Cell]]
) -> list[Cell]:
    """The cells of `content` in the store, where they are put if they are not there."""
    if store is None:
        return computed()
    key, code = document_key(content | {"seed": SEED, "clock": CLOCK}, Path(__file__))
    text = store.document(key)
    if text is None:
        text = json.dumps([asdict(cell) for cell in computed()], default=np.ndarray.tolist)
        store.keep(key, code, content, text)
    return [_read(fields) for fields in json.loads(text)]


def _read(fields: dict[str, Any]) -> Cell:
    arrays = {name: np.array(value) for name, value in fields.items() if isinstance(value, list)}
    return Cell(**fields | arrays | {"model": ModelName(fields["model"])})


def _cell(
    size: tuple[ModelName, int, int, int],
    teachers: Sequence[Teacher[Features, Goal]],
    curves: Sequence[StudentCurve],
    equivalent: Equivalent,
) -> Cell:
    eigenvalue = _target_eigenvalue(teachers[0])
    clock = curves[0].times * eigenvalue
    return Cell(
        model=size[0],
        dim=size[1],
        teacher_width=size[2],
        student_width=size[3],
        teacher_loss=np.array([teacher.loss for teacher in teachers]),
        student_loss=np.array([curve.best_loss for curve in curves]),
        clock_best=np.array([curve.best_time for curve in curves]) * eigenvalue,
        clock=clock,
        curves=np.stack([curve.losses for curve in curves]),
        predicted=equivalent.curve(clock / eigenvalue),
        predicted_loss=equivalent.loss,
        predicted_best=equivalent.best()[1],
    )


def _target_eigenvalue(teacher: Teacher[Features, Goal]) -> float:
    return float(teacher.spaces.eigenvalues[teacher.target_energies > 0].min())


def _times(teacher: Teacher[Features, Goal]) -> FloatArray:
    """The times shown; later ones, which no figure shows, would cost most of the iterations."""
    clock: FloatArray = np.geomspace(*CLOCK, 121) / _target_eigenvalue(teacher)
    return clock


def _named(progress: Progress, name: str) -> Progress:
    def report(stage: str, done: int, total: int) -> None:
        progress(f"{name}: {stage}", done, total)

    return report


def _sizes(number: int, cell: Cell) -> dict[str, object]:
    keys = ("model", "dim", "teacher_width", "student_width")
    return {"figure": number, **{key: getattr(cell, key) for key in keys}}


def draw_rows(number: int, cells: Sequence[Cell]) -> Rows:
    """Tidy rows, one a draw."""
    from w2s_theory.theorems.floors import shrinkage_floor

    rows = []
    for cell in cells:
        floor = shrinkage_floor(cell.teacher_loss)
        for draw in range(cell.teacher_loss.size):
            rows.append(
                {
                    **_sizes(number, cell),
                    "draw": draw,
                    "teacher_loss": float(cell.teacher_loss[draw]),
                    "best_student_loss": float(cell.student_loss[draw]),
                    "stopping_time_lambda": float(cell.clock_best[draw]),
                    "floor": float(floor[draw]),
                    "predicted_teacher_loss": cell.predicted_loss,
                    "predicted_student_loss": cell.predicted_best,
                }
            )
    return rows


def curve_rows(number: int, cells: Sequence[Cell], power: int) -> Rows:
    """Tidy rows, one a time: mean, least and largest L_ST/L_TE^power over draws, and prediction."""
    rows = []
    for cell in cells:
        ratios = cell.curves / cell.teacher_loss[:, None] ** power
        predicted = cell.predicted / cell.predicted_loss**power
        for place, clock in enumerate(cell.clock):
            rows.append(
                {
                    **_sizes(number, cell),
                    "time_lambda": float(clock),
                    "power": power,
                    "mean_ratio": float(ratios[:, place].mean()),
                    "least_ratio": float(ratios[:, place].min()),
                    "largest_ratio": float(ratios[:, place].max()),
                    "predicted_ratio": float(predicted[place]),
                }
            )
    return rows
