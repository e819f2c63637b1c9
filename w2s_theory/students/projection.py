"""Losses of finite-width students from one projected problem, at every time and for every rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.models.roundoff import DOUBLE_EPS
from w2s_theory.students.lanczos import BlockLanczos
from w2s_theory.students.spectral import flow_resolvent

ROUNDINGS = 16
"""Of a loss's terms, ``|A| |v|^2`` among them: entries of A are good to 9 (`arccosine_kernel`)."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The student's kernel seen from a Krylov space: Ritz values and the data along Ritz vectors.

    ``values`` (m,); ``labels`` (m, teachers) and ``truth`` (m,) are the coordinates of the
    teachers' labels h and of the target's overlaps b; ``turn`` (m, m) maps Ritz to basis
    coordinates; ``noise`` (teachers,) is how large the sums are whose roundings h has, over h.
    The student's weights are ``v = phi(A) h`` with phi = s/lambda, its loss
    ``1 - 2 v.b + v.A v``.
    """

    values: FloatArray
    labels: FloatArray
    truth: FloatArray
    turn: FloatArray
    noise: FloatArray

    def losses(self, resolvents: FloatArray) -> FloatArray:
        """Losses, shape ``(rules, teachers)``; ``resolvents`` = s/lambda, (rules, m)."""
        linear = resolvents @ (self.labels * self.truth[:, None])
        quadratic = (resolvents**2 * self.values) @ self.labels**2
        return np.maximum(1 - 2 * linear + quadratic, 0.0)

    def single_losses(self, times: FloatArray) -> FloatArray:
        """The first teacher's losses under gradient flow, shape ``(times,)``."""
        return self.losses(flow_resolvent(self.values, times))[:, 0]

    def forms(self, resolvents: FloatArray) -> FloatArray:
        """Three forms that make up :meth:`losses`, shape ``(3, rules, teachers)``.

        With g = 2b - h and phi = s/lambda the loss is ``1 - h.phi(A) g - h.(phi (1 - s))(A) h``;
        these are h.phi h, g.phi g and h.(phi (1 - s)) h. For flow and ridge phi and phi (1 - s)
        are completely monotone, so every form rises to its limit as the Krylov space grows: its
        changes cannot cancel, as those of the loss do.
        """
        gap = 2 * self.truth[:, None] - self.labels
        kept = resolvents * (1 - resolvents * self.values)
        labels = self.labels**2
        return np.stack([resolvents @ labels, resolvents @ gap**2, kept @ labels])

    def rounding(self, resolvents: FloatArray) -> FloatArray:
        """What rounding may do to :meth:`losses`, an estimate; shape ``(rules, teachers)``."""
        size = self.values[-1] * (resolvents**2 @ self.labels**2)
        # Of the labels: 2 <f_S - f*, the student of their roundings>, by Cauchy-Schwarz.
        labels = 2 * np.sqrt(self.losses(resolvents)) * np.sqrt(size) * self.noise
        result: FloatArray = ROUNDINGS * DOUBLE_EPS * (1 + size + labels)
        return result

    def rounding_of(self, norm2: float) -> float:
        """The same for the loss of weights v with ``|v|^2 = norm2``."""
        return float(ROUNDINGS * DOUBLE_EPS * (1 + self.values[-1] * norm2))

    def teacher(self, column: int) -> Projection:
        """The same problem with one teacher's labels."""
        labels, noise = self.labels[:, [column]], self.noise[[column]]
        return Projection(self.values, labels, self.truth, self.turn, noise)

    def ceiling(self) -> float:
        """``1 - b.A^+ b``: the least loss any weights of this student reach."""
        positive = self.values > 0
        explained = self.truth[positive] ** 2 / self.values[positive]
        return max(1 - float(explained.sum()), 0.0)

    def ceiling_rounding(self) -> float:
        """The same for :meth:`ceiling`."""
        positive = self.values > 0
        return self.rounding_of(float(((self.truth[positive] / self.values[positive]) ** 2).sum()))

    def weights(self, resolvents: FloatArray) -> FloatArray:
        """Basis coordinates of v, shape ``(m, teachers)``; ``resolvents`` is (teachers, m)."""
        return self.turn @ (resolvents.T * self.labels)


def project(lanczos: BlockLanczos, noise: FloatArray) -> Projection:
    """Diagonalise the projected matrix; the first column of the block is b, the others h."""
    values, turn = np.linalg.eigh(lanczos.projected)
    # Below the rounding of T a Ritz value is 0, and t = inf must not divide by it.
    zero = 4 * values.size * DOUBLE_EPS * float(values[-1])
    values = np.where(values > zero, values, 0.0)
    data = turn.T @ lanczos.coordinates()
    labels, truth = data[:, 1:], data[:, 0]
    return Projection(values=values, labels=labels, truth=truth, turn=turn, noise=noise)
