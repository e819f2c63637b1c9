"""Real ReLU teachers with infinite students, draw by draw, and how far the ansatz is off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from w2s_theory.experiments.draws import draw_teachers
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import SphereTeacher
from w2s_theory.students.curve import StudentCurve
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRun:
    """One teacher, drawn from `seed`, and its infinite student along the grid of times."""

    dim: int
    width: int
    draw: int
    teacher: SphereTeacher
    curve: StudentCurve


def relu_runs(
    dim: int, widths: tuple[int, ...], draws: int, *, degree: int = 1, seed: int = 0
) -> Iterator[NetworkRun]:
    """Least-squares ReLU teachers on S^{dim-1} for a unit zonal harmonic, one by one.

    Draw i of width M has its own generator, seeded by (seed, dim, M, i): a run does not depend on
    which others are asked for. Raises `ValueError` as `ReluSphere` and `fit_teacher` do.
    """
    model = ReluSphere(dim)
    target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
    for width in widths:
        teachers = draw_teachers(model, target, width, range(draws), (seed, dim, width))
        for draw, teacher in enumerate(teachers):
            yield NetworkRun(
                dim=dim, width=width, draw=draw, teacher=teacher, curve=infinite_student(teacher)
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Means against their `deterministic_equivalent`: L_TE, and min_t of the mean curve L_ST(t)."""

    dim: int
    width: int
    draws: int
    teacher_loss: float
    predicted_teacher_loss: float
    student_loss: float
    predicted_student_loss: float
    largest_log_deviation: float


def deviations(
    dims: Sequence[int], widths: Sequence[int], draws: int, *, degree: int = 1, seed: int = 0
) -> Iterator[Deviation]:
    """One row a dimension and width: where the ansatz holds, and by how much it fails elsewhere.

    `largest_log_deviation` is the largest `|log(mean L_ST(t)/prediction)|` over 1e-2 <= t lambda
    <= 1e3, lambda the target's eigenvalue.
    """
    for dim in dims:
        model = ReluSphere(dim)
        target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
        eigenvalue = float(model.spectrum(degree).eigenvalues[degree])
        for width in widths:
            runs = list(relu_runs(dim, (width,), draws, degree=degree, seed=seed))
            times = runs[0].curve.times
            mean = np.mean([run.curve.losses for run in runs], axis=0)
            prediction = deterministic_equivalent(model, target, width)
            inside = times * eigenvalue <= 1e3
            logs = np.log(mean[inside] / prediction.curve(times[inside]))
            yield Deviation(
                dim=dim,
                width=width,
                draws=draws,
                teacher_loss=float(np.mean([run.teacher.loss for run in runs])),
                predicted_teacher_loss=prediction.loss,
                student_loss=float(mean.min()),
                predicted_student_loss=prediction.best()[1],
                largest_log_deviation=float(np.abs(logs).max()),
            )
