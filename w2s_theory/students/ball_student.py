"""The infinitely wide student in Arb balls: its loss where float64 and longdouble run out.

L_ST falls like L_TE^2: at d = 3 and width 1024 it is 1e-16 of the target's energy, while the
quadratic forms ``w.P_k(U U^T).w`` it is made of cancel from ``(sum |w_i|)^2``. Enough bits make
the cancellation harmless, at any width and in any dimension.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.arguments import FloatArray, integer, real
from w2s_theory.certify.balls import precision
from w2s_theory.models.ball_sphere import (
    BallFunction,
    Balls,
    ball_dot,
    eigenvalue_beyond,
    gram_function,
    unit_ball,
)
from w2s_theory.models.legendre import iterate_exactly
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import SphereTeacher
from w2s_theory.spectra.harmonics import multiplicity
from w2s_theory.students.curve import StudentCurve, default_times
from w2s_theory.students.filters import GradientFlow
from w2s_theory.students.infinite import infinite_student

if TYPE_CHECKING:
    from flint import arb

BITS = 192
"""The recurrence of P_k loses log2(1 + sqrt 2) bits a degree: 51 of them by degree 40."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedStudent:
    """Arb enclosures of what fixes a student's loss; lists by degree k = 0..max_degree.

    ``teacher_loss`` = L_TE and ``teacher_norm2`` = ||f_T||^2 of the function with exactly the
    teacher's float weights on the exact unit vectors of its rows; ``energies`` = ||f_T,k||^2;
    ``overlaps`` = <f_T, f*_k>; ``target_energies`` = ||f*_k||^2; ``eigenvalues`` = a_k^2.
    ``tail`` is the energy of f_T beyond max_degree, where no eigenvalue exceeds ``beyond``.
    """

    teacher_loss: arb
    teacher_norm2: arb
    eigenvalues: tuple[arb, ...]
    target_energies: tuple[arb, ...]
    energies: tuple[arb, ...]
    overlaps: tuple[arb, ...]
    tail: arb
    beyond: arb
    bits: int

    def loss(self, time: float) -> arb:
        """Enclosure of L_ST under gradient flow stopped at exactly ``time``.

        ``sum_k c_k^2 - 2 s_k o_k + s_k^2 e_k``, and up to ``s(beyond)^2 tail``. ValueError unless
        0 <= time < inf.
        """
        from flint import arb

        kept, last = self._filter(time)
        with precision(self.bits):  # no s**2: a ball about exactly 0 has no power in python-flint
            terms = zip(kept, self.target_energies, self.overlaps, self.energies, strict=True)
            total = sum((c2 - 2 * s * o + s * s * e for s, c2, o, e in terms), arb(0))
            return total + (last * last * self.tail).union(arb(0))

    def products(self, time: float) -> tuple[arb, arb]:
        """Enclosures of ``||f_S||^2`` and ``<f_S, f_T>`` at ``time``. ValueError as `loss`."""
        from flint import arb

        kept, last = self._filter(time)
        with precision(self.bits):
            pairs = list(zip(kept, self.energies, strict=True))
            norm2 = sum((s * s * e for s, e in pairs), (last * last * self.tail).union(arb(0)))
            return norm2, sum((s * e for s, e in pairs), (last * self.tail).union(arb(0)))

    def _filter(self, time: float) -> tuple[Balls, arb]:
        """``s = 1 - exp(-lambda t)`` by degree, and the most it is beyond them."""
        rule = GradientFlow(real("time", time))
        with precision(self.bits):
            *kept, last = (rule.formula(value) for value in (*self.eigenvalues, self.beyond))
            return kept, last

    def curve(self, teacher: SphereTeacher) -> StudentCurve:
        """The losses at `default_times` and at the best of all times, each with its error."""
        times = default_times(teacher.spaces, teacher.target_energies)
        found = [self.loss(float(time)) for time in times]
        best_time = self.best_time(teacher)
        best = self.loss(best_time)
        return StudentCurve(
            times=times,
            losses=np.array([float(loss.mid()) for loss in found]),
            truncation=np.zeros(len(found)),
            error_bound=np.array([_reach(loss) for loss in found]),
            teacher_loss=teacher.loss,
            best_time=best_time,
            best_loss=float(best.mid()),
            known_error=_reach(best),
        )

    def best_time(self, teacher: SphereTeacher) -> float:
        """The time of least loss by the float curve, from these energies instead of its own."""
        o, c2 = _floats(self.overlaps), _floats(self.target_energies)
        parts = zip(self.energies, self.overlaps, self.target_energies, strict=True)
        with precision(self.bits):  # the difference cancels
            noise = [max(float(e - x**2 / y), 0.0) if y > 0 else float(e) for e, x, y in parts]
        better = replace(teacher, overlaps=o, target_energies=c2, noise=np.array(noise))
        return infinite_student(better).best_time


def certified_student(
    model: ReluSphere, teacher: SphereTeacher, *, bits: int = BITS
) -> CertifiedStudent:
    """The infinite-width student of ``teacher`` in Arb balls, over the teacher's own degrees.

    About ``2 width^2 max_degree`` ball operations: 30 s at width 1024 and degree 40. ValueError for
    features or a target of another dimension, a target of infinitely many degrees, or if ``bits``
    do not resolve every energy to L_TE^2 / 1000.
    """
    from flint import arb

    sigma, degrees = model.sigma, len(teacher.target_energies)
    model.unlearnable_energy(teacher.target)  # checks the target's dim
    if teacher.target_tail:
        raise ValueError("target must have finitely many degrees to be known in balls")
    with precision(integer("bits", bits, 64)):
        gram = gram_function(sigma, model.dim)
        a = [sigma.certified(k, model.dim, digits=bits // 3) for k in range(degrees)]
        rows = [unit_ball(row) for row in model.check_features(teacher.features)]
        weights = [arb(float(value)) for value in teacher.weights]
        norm2, forms = _forms(gram, rows, weights, [not value.is_zero() for value in a])
        energies = [
            value**2 * multiplicity(k, model.dim) * form
            for k, (value, form) in enumerate(zip(a, forms, strict=True))
        ]
        overlaps, target_energies = [arb(0)] * degrees, [arb(0)] * degrees
        for part in teacher.target.components:
            evaluate, energy = part.in_balls()
            target_energies[part.degree] = energy
            values = [evaluate(row) for row in rows]
            overlaps[part.degree] = a[part.degree] * ball_dot(weights, values)
        loss = sum(target_energies, arb(0)) - 2 * sum(overlaps, arb(0)) + norm2
        if not all(1000 * energy.rad() < loss**2 for energy in energies):
            raise ValueError(f"bits must resolve every energy to L_TE^2 / 1000, got {bits}")
        return CertifiedStudent(
            teacher_loss=loss,
            teacher_norm2=norm2,
            eigenvalues=tuple(value**2 for value in a),
            target_energies=tuple(target_energies),
            energies=tuple(energies),
            overlaps=tuple(overlaps),
            tail=norm2 - sum(energies, arb(0)),
            beyond=eigenvalue_beyond(sigma, model.dim, degrees - 1),
            bits=bits,
        )


def _forms(
    gram: BallFunction, rows: list[Balls], weights: Balls, live: list[bool]
) -> tuple[arb, Balls]:
    """``w.G.w``, and ``w.P_k(U U^T).w`` by degree (0 where not ``live``)."""
    from flint import arb

    diagonal = ball_dot(weights, weights)
    norm2, forms = diagonal * gram(arb(1)), [diagonal if alive else arb(0) for alive in live]
    for i, (row, weight) in enumerate(zip(rows, weights, strict=True)):
        cosines = np.array([ball_dot(row, other) for other in rows[:i]], dtype=object)
        pairs = [2 * weight * other for other in weights[:i]]
        norm2 += ball_dot(pairs, [gram(cosine) for cosine in cosines])
        for k, values in zip(range(len(live)), iterate_exactly(cosines, len(row)), strict=False):
            if live[k]:
                forms[k] += ball_dot(pairs, values)
    return norm2, forms


def _reach(loss: arb) -> float:
    """How far its middle, rounded to a float, may be from it."""
    return float(abs(loss - float(loss.mid())).upper())


def _floats(balls: tuple[arb, ...]) -> FloatArray:
    return np.array([float(ball) for ball in balls])
