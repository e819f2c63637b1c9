"""A student's loss along its training, its best stopping time and its recovered gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from w2s_theory.arguments import FloatArray, integer
from w2s_theory.models.base import EigenSpaces

GRID_START, GRID_STOP = 1e-2, 1e6
"""Range of ``t * lambda_target`` that a default grid spans."""

SLIGHT = 0.01
"""The share of a target that does not decide when a student is looked at."""

_SECTIONS = 32
_ZOOMS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentCurve:
    """Losses ``L_ST`` at ``times`` (``dw/dt = -(1/2) grad``), and the best of them.

    The true loss at entry i lies within ``error_bound[i]`` of ``[losses[i], losses[i] +
    truncation[i]]``: ``truncation`` is what the eigenspaces left out can add, ``error_bound`` is
    rounding (infinite width) or the iteration's error estimate (finite width).
    ``best_loss`` at ``best_time`` is the minimum, refined between grid points for gradient flow;
    ``known_error`` is the bound there, if there is one of its own.
    """

    times: FloatArray
    losses: FloatArray
    truncation: FloatArray
    error_bound: FloatArray
    teacher_loss: float
    best_time: float
    best_loss: float
    known_error: float | None = None

    @property
    def best_error(self) -> float:
        """How far ``best_loss`` may be from the truth: the bound at its grid point or beside it."""
        if self.known_error is not None:
            return self.known_error
        best = int(np.argmin(self.losses))
        beside = slice(max(best - 1, 0), best + 2)
        return float((self.error_bound + self.truncation)[beside].max())

    def pgr(self, ceiling: float = 0.0) -> float:
        """``(L_TE - L_ST)/(L_TE - ceiling)`` at the best time; ceiling: the best loss possible.

        ValueError unless ``0 <= ceiling < teacher_loss``.
        """
        if not 0 <= ceiling < self.teacher_loss:
            raise ValueError(f"ceiling must be in [0, {self.teacher_loss!r}), got {ceiling!r}")
        return (self.teacher_loss - self.best_loss) / (self.teacher_loss - ceiling)


def default_times(spaces: EigenSpaces, target_energies: FloatArray, count: int = 161) -> FloatArray:
    """``count`` times with ``t lambda_target`` logarithmic over [1e-2, 1e6], and earlier ones.

    ``lambda_target`` is `target_eigenvalue`; where the target has parts of larger eigenvalue the
    grid goes on downwards to 1e-2 over the largest.
    """
    count = integer("count", count, 2)
    lowest = target_eigenvalue(spaces, target_energies)
    highest = float(spaces.eigenvalues[target_energies > 0].max())
    step = np.log10(GRID_STOP / GRID_START) / (count - 1)
    earlier = int(np.ceil(np.log10(highest / lowest) / step))
    first = GRID_START * 10 ** (-step * np.arange(earlier, 0, -1.0))
    return np.concatenate([first, np.geomspace(GRID_START, GRID_STOP, count)]) / lowest


def target_eigenvalue(spaces: EigenSpaces, target_energies: FloatArray) -> float:
    """The smallest positive eigenvalue of the eigenspaces that carry all but 1% of the target.

    ValueError if there is none.
    """
    carried = (target_energies > 0) & (spaces.eigenvalues > 0)
    values, energies = spaces.eigenvalues[carried], target_energies[carried]
    if values.size == 0:
        raise ValueError("target must have energy in an eigenspace of positive eigenvalue")
    order = np.argsort(values)
    held = np.cumsum(energies[order]) > SLIGHT * energies.sum()
    return float(values[order][held][0])


def refine_minimum(
    losses: Callable[[FloatArray], FloatArray], times: FloatArray, values: FloatArray
) -> tuple[float, float]:
    """Least loss near the grid's minimum: ``(time, loss)``, never above the grid's own.

    Sections of the bracket in log t, zooming by 16 each time: the loss is right to rounding, the
    time to about its square root.
    """
    best = int(np.argmin(values))
    best_time, best_loss = float(times[best]), float(values[best])
    inside = np.flatnonzero((times > 0) & np.isfinite(times))
    if inside.size < 2 or best not in inside:
        return best_time, best_loss
    low = float(times[max(best - 1, inside[0])])
    high = float(times[min(best + 1, inside[-1])])
    for _ in range(_ZOOMS):
        points = np.geomspace(low, high, _SECTIONS + 1)
        trial = losses(points)
        place = int(np.argmin(trial))
        if trial[place] < best_loss:
            best_time, best_loss = float(points[place]), float(trial[place])
        low, high = float(points[max(place - 1, 0)]), float(points[min(place + 1, _SECTIONS)])
    return best_time, best_loss
