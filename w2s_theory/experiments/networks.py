"""Real ReLU teachers with infinite students, draw by draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from w2s_theory.experiments.draws import draw_teachers
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import SphereTeacher
from w2s_theory.students.curve import StudentCurve
from w2s_theory.students.infinite import infinite_student


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
