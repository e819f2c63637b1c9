"""One experiment: teachers of one width, a student, and the numbers that the paper reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from w2s_theory.limits import shrinkage_floor
from w2s_theory.models.arrays import FloatArray, check_integer
from w2s_theory.models.base import Model
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.models.teacher import Teacher, fit_teachers
from w2s_theory.students.curve import StudentCurve
from w2s_theory.students.finite import finite_students
from w2s_theory.students.infinite import infinite_student


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Per draw, shape `(draws,)`: losses of a unit target, the best stopping time, PGR, kappa_S.

    `stopping_time` is the t of the smallest student loss, for dw/dt = -(1/2) grad; `floor` is
    Theorem 4.1's at each teacher loss; `kappa` is kappa_S for the eigenspaces that carry the
    target. `pgr` takes as ceiling the student's best loss on the true labels (0 for an infinite
    student). `curves` holds every student's whole loss curve.
    """

    eigenvalue_target: float
    teacher_loss: FloatArray
    student_loss: FloatArray
    stopping_time: FloatArray
    pgr: FloatArray
    floor: FloatArray
    kappa: FloatArray
    curves: tuple[StudentCurve, ...]
    memory: str


def simulate(
    model: Model,
    target: Any,
    *,
    teacher_width: int,
    student_width: int | None,
    draws: int,
    seed: int,
    alignment: Callable[[Model, Any, Any], float],
    progress: Progress = silent,
) -> Simulation:
    """Fit `draws` least-squares teachers and train a student of each (None: infinite width).

    A student of finite width is shared by all draws. Draw i has its own generator, seeded by
    (seed, i), and the student's features theirs, so that draws can be added without changing the
    others. `alignment` gives kappa_S of a teacher. Raises `ValueError` for widths or draws < 1, an
    unlearnable target, singular features, or a width whose memory estimate exceeds what is free.
    """
    check_integer("teacher_width", teacher_width, 1)
    check_integer("draws", draws, 1)
    check_integer("seed", seed, 0)
    if student_width is not None:
        check_integer("student_width", student_width, 1)
    features = [
        model.sample_features(teacher_width, np.random.default_rng([seed, 0, draw]))
        for draw in range(draws)
    ]
    teachers = fit_teachers(model, features, target, progress=progress)
    if student_width is None:
        curves: Sequence[StudentCurve] = [infinite_student(teacher) for teacher in teachers]
        ceiling, memory = 0.0, ""
    else:
        rng = np.random.default_rng([seed, 1])
        units = model.sample_features(student_width, rng)
        sweep = finite_students(model, units, teachers, progress=progress)
        curves, ceiling = sweep.curves, sweep.ceiling
        memory = "" if sweep.plan is None else str(sweep.plan)
    losses = np.array([teacher.loss for teacher in teachers])
    return Simulation(
        eigenvalue_target=_target_eigenvalue(teachers[0]),
        teacher_loss=losses,
        student_loss=np.array([curve.best_loss for curve in curves]),
        stopping_time=np.array([curve.best_time for curve in curves]),
        pgr=np.array([curve.pgr(ceiling) for curve in curves]),
        floor=shrinkage_floor(losses),
        kappa=np.array([alignment(model, teacher, target) for teacher in teachers]),
        curves=tuple(curves),
        memory=memory,
    )


def _target_eigenvalue(teacher: Teacher) -> float:
    """The smallest positive eigenvalue among the eigenspaces that carry the target."""
    carried = teacher.spaces.eigenvalues[teacher.target_energies > 0]
    return float(carried[carried > 0].min())
