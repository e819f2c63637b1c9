"""The deterministic equivalent of a random-feature teacher and of its student's whole curve.

Gaussian universality replaces the features of one kernel by Gaussian ones with the same spectrum.
Then a teacher of width M behaves like kernel ridge regression with the effective ridge kappa that
solves sum_i lambda_i/(lambda_i + kappa) = M. An ansatz: how good it is stands in
`docs/alignment.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, increasing_times, integer
from w2s_theory.ledger import universality as ledger
from w2s_theory.models.base import Features, Goal, Model
from w2s_theory.models.roundoff import DOUBLE_EPS
from w2s_theory.students.floats import numpy_function
from w2s_theory.students.spectral import flow_resolvent

MAX_DEGREE = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """A kernel's distinct eigenvalues and multiplicities, and the trace of what is left out."""

    eigenvalues: FloatArray
    multiplicities: FloatArray
    tail: float

    def learned(self, ridge: float) -> float:
        """sum_i lambda_i/(lambda_i + ridge); what is left out enters as tail/ridge."""
        shares = numpy_function(ledger.LEARNED)(self.eigenvalues, ridge)
        return float(self.multiplicities @ shares) + self.tail / ridge

    def spread(self, ridge: float) -> float:
        """sum_i ridge lambda_i/(lambda_i + ridge)^2, by which `learned` falls in log(ridge)."""
        shares = numpy_function(ledger.LEARNED)(self.eigenvalues, ridge)
        misses = numpy_function(ledger.EQUIVALENT_LOSS)(self.eigenvalues, ridge)
        return float(self.multiplicities @ (shares * misses)) + self.tail / ridge


def kernel_levels(model: Model[Features, Goal], max_degree: int = MAX_DEGREE) -> Levels:
    """Levels of the infinite-width kernel."""
    spaces = model.eigenspaces(max_degree)
    kept = spaces.eigenvalues > 0
    eigenvalues, counts = spaces.eigenvalues[kept], spaces.multiplicities[kept]
    tail = model.tail_trace(float(eigenvalues @ counts))
    return Levels(eigenvalues=eigenvalues, multiplicities=counts, tail=tail)


def effective_ridge(levels: Levels, width: int) -> float:
    """The one kappa > 0 with sum_i lambda_i/(lambda_i + kappa) = width.

    The sum falls strictly in kappa (statement `universality`), and is convex in it: Newton's steps
    from the left, where it is above width, rise to the root. ValueError if width is not below the
    number of positive eigenvalues (then kappa = 0: the teacher is perfect).
    """
    width = integer("width", width, 1, 10**300)
    count = float(levels.multiplicities.sum()) if levels.tail == 0 else np.inf
    if not width < count:
        raise ValueError(f"width must be < {count}, the number of eigenvalues, got {width}")
    trace = float(levels.eigenvalues @ levels.multiplicities) + levels.tail
    ridge = trace / width
    while levels.learned(ridge) <= width:
        ridge /= 2
    while (step := (levels.learned(ridge) - width) / levels.spread(ridge)) > 2 * DOUBLE_EPS:
        ridge += step * ridge
    return ridge


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """Predictions for a teacher of `width` and its infinitely wide student.

    By level: `target_energies`, `learned` = lambda/(lambda + ridge), `noise` (the teacher's energy
    in the level beside its share of the target). `loss` = sum_j c_j^2 ridge/(lambda_j + ridge);
    `spread` = sum_i ridge lambda_i/(lambda_i + ridge)^2.
    """

    width: int
    ridge: float
    spread: float
    loss: float
    levels: Levels
    target_energies: FloatArray
    learned: FloatArray
    noise: FloatArray

    def curve(self, times: ArrayLike) -> FloatArray:
        """Predicted L_ST at ``times`` (dw/dt = -(1/2) grad), shape ``(times,)``."""
        clock = increasing_times(np.atleast_1d(np.asarray(times, dtype=np.float64)))
        kept = self.levels.eigenvalues * flow_resolvent(self.levels.eigenvalues, clock)
        misses = 1 - kept * self.learned
        losses: FloatArray = misses**2 @ self.target_energies + kept**2 @ self.noise
        return losses

    def best(self) -> tuple[float, float]:
        """Optimal stopping time and least predicted loss, on a fine grid about a coarse one's best.

        Both are logarithmic: 4,000 steps over eight decades, and every twentieth of them.
        """
        slowest = float(self.levels.eigenvalues[self.target_energies > 0].min())
        times = np.geomspace(1e-2, 1e6, 4001) / slowest
        coarse = 20 * int(np.argmin(self.curve(times[::20])))
        near = times[max(coarse - 20, 0) : coarse + 21]
        losses = self.curve(near)
        place = int(np.argmin(losses))
        return float(near[place]), float(losses[place])


def deterministic_equivalent(
    model: Model[Features, Goal], target: Goal, width: int, max_degree: int = MAX_DEGREE
) -> Equivalent:
    """The prediction for least-squares teachers of `width` on `target`.

    ValueError if the target has energy where the kernel vanishes or infinitely many degrees, or
    width is too large.
    """
    if model.unlearnable_energy(target) > 0:
        raise ValueError("target must have no energy in eigenspaces of eigenvalue 0")
    if model.target_tail(target) > 0:
        raise ValueError("target must have finitely many degrees, got an expansion")
    levels = kernel_levels(model, max_degree)
    ridge = effective_ridge(levels, width)
    everywhere = model.target_energies(target, max_degree)
    energies = everywhere[model.eigenspaces(max_degree).eigenvalues > 0]
    learned = numpy_function(ledger.LEARNED)(levels.eigenvalues, ridge)
    weights = numpy_function(ledger.NOISE_WEIGHT)(levels.eigenvalues, ridge)
    misses = numpy_function(ledger.EQUIVALENT_LOSS)(levels.eigenvalues, ridge)
    spread = levels.spread(ridge)
    noise = float(energies @ weights) * weights * levels.multiplicities / spread
    return Equivalent(
        width=width,
        ridge=ridge,
        spread=spread,
        loss=float(energies @ misses),
        levels=levels,
        target_energies=energies,
        learned=learned,
        noise=noise,
    )
