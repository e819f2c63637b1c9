"""What a ReLU student gains on its teacher, draw by draw: the raw material of Theorem 3.1."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from w2s_theory.arguments import FloatArray, integer, real
from w2s_theory.experiments.draws import draw_teachers, draw_together
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, Target, harmonic_target
from w2s_theory.models.teacher import SphereTeacher
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.finite import finite_students
from w2s_theory.students.infinite import infinite_student


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """Draws at one width: L_TE, and min_t L_ST of the student; shape ``(draws,)`` each.

    ``ceiling``: the student's least loss on the true labels, 0 for an infinite one. ``estimate``:
    of the iteration's error in the losses and the ceiling of a finite student, no proven bound;
    a proven radius if the losses were enclosed.
    """

    dim: int
    width: int
    teacher_losses: FloatArray
    student_losses: FloatArray
    ceiling: float = 0.0
    estimate: float = 0.0

    @property
    def ratios(self) -> FloatArray:
        """min_t L_ST/L_TE."""
        return self.student_losses / self.teacher_losses

    @property
    def pgr(self) -> FloatArray:
        """(L_TE - min_t L_ST)/(L_TE - ceiling)."""
        gained = self.teacher_losses - self.student_losses
        result: FloatArray = gained / (self.teacher_losses - self.ceiling)
        return result

    @property
    def square_ratios(self) -> FloatArray:
        """min_t L_ST/L_TE^2, which tends to 1 under universality."""
        return self.student_losses / self.teacher_losses**2


def mixed_target(dim: int, energies: dict[int, float]) -> Target:
    """A sum of zonal harmonics about the first axis, with the given energy in each degree.

    ValueError unless the energies sum to 1.
    """
    axis = np.eye(integer("dim", dim, 2))[0]
    sizes = {degree: np.sqrt(real("energies", energy)) for degree, energy in energies.items()}
    return harmonic_target([Harmonic(degree, axis, size) for degree, size in sizes.items()])


def relu_gains(dim: int, target: Target, width: int, draws: int, *, seed: int = 0) -> Gains:
    """Independent least-squares teachers of one width and their students, each at its best time.

    Draw i has its own generator, seeded by (seed, dim, width, i). ValueError as `fit_teacher`.
    """
    with one_thread_blas():  # the matrices are small: threads would only wait for each other
        teachers = _teachers(dim, target, width, draws, seed)
        losses = [(teacher.loss, infinite_student(teacher).best_loss) for teacher in teachers]
    table = np.array(losses).T
    return Gains(dim=dim, width=width, teacher_losses=table[0], student_losses=table[1])


def finite_gains(
    dim: int, target: Target, width: int, draws: int, student_width: int, *, seed: int = 0
) -> Gains:
    """`relu_gains` of the same teachers with students on one draw of ``student_width`` features.

    The features' generator is seeded by (seed, dim, student_width): the draws are independent
    given them. Errors as `finite_students`.
    """
    model = ReluSphere(dim)
    (features,) = draw_together(model, [student_width], (seed, dim, student_width))
    with one_thread_blas():
        teachers = list(_teachers(dim, target, width, draws, seed))
    sweep = finite_students(model, features, teachers)
    return Gains(
        dim=dim,
        width=width,
        teacher_losses=np.array([teacher.loss for teacher in teachers]),
        student_losses=np.array([curve.best_loss for curve in sweep.curves]),
        ceiling=sweep.ceiling,
        estimate=sweep.estimate + sweep.ceiling_estimate,
    )


def certified_gains(dim: int, target: Target, width: int, draws: int, *, seed: int = 0) -> Gains:
    """`relu_gains` of the same teachers, with L_TE and L_ST at the best time enclosed in Arb.

    One process a core, 30 s a draw at width 1024. ``estimate`` bounds the radius of every loss.
    ValueError as `fit_teacher` and `certified_student`.
    """
    jobs = [(dim, target, width, draw, seed) for draw in range(integer("draws", draws, 1))]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        table = np.array(list(pool.map(_certified_gain, jobs))).T
    return Gains(
        dim=dim,
        width=width,
        teacher_losses=table[0],
        student_losses=table[1],
        estimate=float(table[2].max()),
    )


def _certified_gain(job: tuple[int, Target, int, int, int]) -> tuple[float, float, float]:
    """L_TE, L_ST and the larger radius of one draw."""
    dim, target, width, draw, seed = job
    model = ReluSphere(dim)
    with one_thread_blas():
        (teacher,) = draw_teachers(model, target, width, [draw], (seed, dim, width))
    student = certified_student(model, teacher)
    loss = student.loss(student.best_time(teacher))
    radius = max(float(loss.rad()), float(student.teacher_loss.rad()))
    return float(student.teacher_loss), float(loss), radius


def _teachers(
    dim: int, target: Target, width: int, draws: int, seed: int
) -> Iterator[SphereTeacher]:
    numbers = range(integer("draws", draws, 1))
    return draw_teachers(ReluSphere(dim), target, width, numbers, (seed, dim, width))
