"""Teachers of several widths, one student of all of them: the data of Figures 2 to 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.experiments.draws import draw_features, draw_together
from w2s_theory.experiments.figures.drawing import Rows
from w2s_theory.experiments.named import ModelName
from w2s_theory.models.base import Features, Goal
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.parallel import Progress
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import Teacher, fit_teachers
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

    `clock` is t lambda_*, lambda_* the target's kernel eigenvalue; `equivalent` the deterministic
    equivalent of these teachers, `predicted_best` the least loss that it predicts for an infinitely
    wide student.
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
    equivalent: Equivalent
    predicted_best: float
    eigenvalue: float

    def predicted(self) -> FloatArray:
        """Predicted L_ST on `clock`."""
        return self.equivalent.curve(self.clock / self.eigenvalue)


def relu_cells(
    dim: int,
    teacher_widths: Sequence[int],
    student_widths: Sequence[int],
    draws: int,
    progress: Progress,
) -> list[Cell]:
    """ReLU on S^{dim-1}, linear target: the same teachers for every student width.

    Draw i of width M is seeded by (SEED, dim, M, i), as in `experiments.networks`.
    """
    model = ReluSphere(dim)
    target = harmonic_target(Harmonic(1, np.eye(dim)[0]))
    batches = [
        features
        for width in teacher_widths
        for features in draw_features(model, width, range(draws), (SEED, dim, width))
    ]
    teachers = fit_teachers(model, batches, target, progress=_named(progress, f"d={dim}"))
    cells = []
    for student_width in student_widths:
        (units,) = draw_features(model, student_width, [_STUDENT], (SEED, dim, student_width))
        note = _named(progress, f"d={dim}, {student_width} units")
        curves = finite_students(model, units, teachers, _times(teachers[0]), progress=note).curves
        for place, width in enumerate(teacher_widths):
            own = slice(place * draws, (place + 1) * draws)
            equivalent = deterministic_equivalent(model, target, width)
            size = (ModelName.RELU, dim, width, student_width)
            cells.append(_cell(size, teachers[own], curves[own], equivalent))
    return cells


def linear_cells(
    teacher_widths: Sequence[int], student_widths: Sequence[int], draws: int, progress: Progress
) -> list[Cell]:
    """The linear model of Theorem 3.2: d - 1 = M^(3/2), psi = (d-1)^(-2/3), target <e_1, x>.

    Teachers and students of one width M share one joint draw of features, seeded by (SEED, M).
    """
    cells = []
    for width in teacher_widths:
        weak = int(width**1.5)
        model = LinearGaussian([1.0, weak ** (-2 / 3)], [1, weak])
        target = model.target(np.eye(1, weak + 1)[0])
        widths = [max(student_widths), *[width] * draws]
        units, *batches = draw_together(model, widths, (SEED, width))
        note = _named(progress, f"M={width}")
        teachers = fit_teachers(model, batches, target, progress=note)
        equivalent = deterministic_equivalent(model, target, width)
        for student_width in student_widths:
            note = _named(progress, f"M={width}, {student_width} units")
            sweep = finite_students(
                model, units[:student_width], teachers, _times(teachers[0]), progress=note
            )
            size = (ModelName.LINEAR, weak + 1, width, student_width)
            cells.append(_cell(size, teachers, sweep.curves, equivalent))
    return cells


def _cell(
    size: tuple[ModelName, int, int, int],
    teachers: Sequence[Teacher[Features, Goal]],
    curves: Sequence[StudentCurve],
    equivalent: Equivalent,
) -> Cell:
    eigenvalue = _target_eigenvalue(teachers[0])
    return Cell(
        model=size[0],
        dim=size[1],
        teacher_width=size[2],
        student_width=size[3],
        teacher_loss=np.array([teacher.loss for teacher in teachers]),
        student_loss=np.array([curve.best_loss for curve in curves]),
        clock_best=np.array([curve.best_time for curve in curves]) * eigenvalue,
        clock=curves[0].times * eigenvalue,
        curves=np.stack([curve.losses for curve in curves]),
        equivalent=equivalent,
        predicted_best=equivalent.best()[1],
        eigenvalue=eigenvalue,
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
                    "predicted_teacher_loss": cell.equivalent.loss,
                    "predicted_student_loss": cell.predicted_best,
                }
            )
    return rows


def curve_rows(number: int, cells: Sequence[Cell], power: int) -> Rows:
    """Tidy rows, one a time: mean, least and largest L_ST/L_TE^power over draws, and prediction."""
    rows = []
    for cell in cells:
        ratios = cell.curves / cell.teacher_loss[:, None] ** power
        predicted = cell.predicted() / cell.equivalent.loss**power
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
