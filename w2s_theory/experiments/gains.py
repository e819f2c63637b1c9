"""What a ReLU student gains on its teacher, draw by draw: the raw material of Theorem 3.1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from w2s_theory.models.arrays import FloatArray, check_integer
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, Target, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.infinite import infinite_student


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """Draws at one width: L_TE, and min_t L_ST of the infinite student; shape ``(draws,)`` each."""

    dim: int
    width: int
    teacher_losses: FloatArray
    student_losses: FloatArray

    @property
    def ratios(self) -> FloatArray:
        """min_t L_ST/L_TE."""
        return self.student_losses / self.teacher_losses

    @property
    def pgr(self) -> FloatArray:
        """1 - min_t L_ST/L_TE: an infinite student can represent the target, its ceiling is 0."""
        return 1 - self.ratios

    @property
    def square_ratios(self) -> FloatArray:
        """min_t L_ST/L_TE^2, which tends to 1 under universality."""
        return self.student_losses / self.teacher_losses**2


def mixed_target(dim: int, energies: dict[int, float]) -> Target:
    """A sum of zonal harmonics about the first axis, with the given energy in each degree.

    ValueError unless the energies sum to 1.
    """
    axis = np.eye(check_integer("dim", dim, 2))[0]
    return harmonic_target(
        [Harmonic(degree, axis, float(np.sqrt(energy))) for degree, energy in energies.items()]
    )


def relu_gains(dim: int, target: Target, width: int, draws: int, *, seed: int = 0) -> Gains:
    """Independent least-squares teachers of one width and their students, each at its best time.

    Draw i has its own generator, seeded by (seed, dim, width, i). ValueError as `fit_teacher`.
    """
    model = ReluSphere(dim)
    losses = []
    with one_thread_blas():  # the matrices are small: threads would only wait for each other
        for draw in range(check_integer("draws", draws, 1)):
            rng = np.random.default_rng([seed, dim, width, draw])
            teacher = fit_teacher(model, model.sample_features(width, rng), target)
            losses.append((teacher.loss, infinite_student(teacher).best_loss))
    table = np.array(losses).T
    return Gains(dim=dim, width=width, teacher_losses=table[0], student_losses=table[1])
