"""Infinitely wide students: ``f_S = s(K) f_T`` eigenspace by eigenspace, no width, no sampling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, increasing_times
from w2s_theory.models.base import Features, Goal
from w2s_theory.models.roundoff import DOUBLE_EPS
from w2s_theory.models.teacher import Teacher
from w2s_theory.students.curve import StudentCurve, default_times, refine_minimum
from w2s_theory.students.spectral import SpectralFilter, flow_resolvent

Rules = SpectralFilter | Sequence[SpectralFilter]


def infinite_student(
    teacher: Teacher[Features, Goal], rule: ArrayLike | Rules | None = None
) -> StudentCurve:
    """The infinite-width student of ``teacher``: its loss under gradient flow or another rule.

    ``rule``: increasing times in [0, inf] for gradient flow (None:
    :func:`~w2s_theory.students.curve.default_times`), or one or several filters.  With several
    filters the curve has one entry a filter, in their order, and ``times`` holds each filter's
    equivalent time.
    """
    filters = as_filters(rule)
    if filters:
        return _filtered(teacher, filters)
    if rule is None:
        times = default_times(teacher.spaces, teacher.target_energies)
    else:
        times = increasing_times(np.asarray(rule))
    kept, left = _flow(teacher.spaces.eigenvalues, times)
    beyond, _ = _flow(np.array([teacher.spaces.beyond]), times)
    outside, span = _outside(teacher, beyond[:, 0])
    losses = _losses(teacher, kept, left) + outside

    def along(points: FloatArray) -> FloatArray:
        inside = _losses(teacher, *_flow(teacher.spaces.eigenvalues, points))
        last, _ = _flow(np.array([teacher.spaces.beyond]), points)
        return inside + _outside(teacher, last[:, 0])[0]

    best_time, best_loss = refine_minimum(along, times, losses)
    return StudentCurve(
        times=times,
        losses=losses,
        truncation=span,
        error_bound=_rounding(teacher, kept, left),
        teacher_loss=teacher.loss,
        best_time=best_time,
        best_loss=best_loss,
    )


def as_filters(rule: object) -> tuple[SpectralFilter, ...]:
    """The filters in ``rule``; empty if it holds times. ValueError if it holds both."""
    if isinstance(rule, SpectralFilter):
        return (rule,)
    items = tuple(rule) if isinstance(rule, Sequence) else ()
    filters = tuple(item for item in items if isinstance(item, SpectralFilter))
    if filters and len(filters) < len(items):
        raise ValueError(f"rule must hold filters or times, not both, got {rule!r}")
    return filters


def _filtered(teacher: Teacher[Features, Goal], rules: Sequence[SpectralFilter]) -> StudentCurve:
    kept = np.stack([rule(teacher.spaces.eigenvalues) for rule in rules])
    beyond = np.array([rule.supremum(teacher.spaces.beyond) for rule in rules])
    outside, span = _outside(teacher, beyond)
    losses = _losses(teacher, kept, 1 - kept) + outside
    best = int(np.argmin(losses))
    return StudentCurve(
        times=np.array([rule.time for rule in rules]),
        losses=losses,
        truncation=span,
        error_bound=_rounding(teacher, kept, 1 - kept),
        teacher_loss=teacher.loss,
        best_time=rules[best].time,
        best_loss=float(losses[best]),
    )


def _flow(eigenvalues: FloatArray, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    """``s = 1 - exp(-lambda t)`` and ``1 - s``, each to full accuracy, shape (times, spaces)."""
    kept = eigenvalues * flow_resolvent(eigenvalues, times)
    with np.errstate(over="ignore", invalid="ignore"):
        exponent = np.where(eigenvalues > 0, eigenvalues * times[:, None], 0.0)
    return kept, np.exp(-exponent)


def _outside(teacher: Teacher[Features, Goal], most: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What the eigenspaces not listed add at least, and how much more: s is ``most`` there at most.

    Between ``(c - s e)^2`` and ``(c + s e)^2``, c^2 and e^2 the energies of f* and f_T there.
    """
    reach = most * np.sqrt(teacher.tail)
    target = np.sqrt(teacher.target_tail)
    least: FloatArray = np.maximum(target - reach, 0.0) ** 2
    return least, (target + reach) ** 2 - least


def _misses(teacher: Teacher[Features, Goal], kept: FloatArray, left: FloatArray) -> FloatArray:
    """``1 - s_j o_j/c_j^2``: the part of f*_j the student misses, 0 where f*_j = 0."""
    carried = teacher.target_energies > 0
    gain = np.where(carried, teacher.overlaps, 0) / np.where(carried, teacher.target_energies, 1)
    # 1 - s g = (1 - s) + s (1 - g): both terms are small when the loss is.
    return np.where(carried, left + kept * (1 - gain), 0.0)


def _losses(teacher: Teacher[Features, Goal], kept: FloatArray, left: FloatArray) -> FloatArray:
    """``sum_j c_j^2 (1 - s_j o_j/c_j^2)^2 + s_j^2 noise_j``: a sum of squares, nothing cancels.

    Expanding ``1 - 2 sum s o + sum s^2 e`` instead would lose a loss of 1e-9 to 1e-7 relative.
    """
    misses = _misses(teacher, kept, left)
    return misses**2 @ teacher.target_energies + kept**2 @ teacher.noise


def _rounding(teacher: Teacher[Features, Goal], kept: FloatArray, left: FloatArray) -> FloatArray:
    """Rounding bound: overlaps, noise and (as ``|lambda s'| <= 1``) eigenvalues, to first order."""
    misses = np.abs(_misses(teacher, kept, left))
    relative = teacher.spaces.relative_errors
    inherited = 2 * misses * np.abs(kept) @ teacher.overlap_errors + kept**2 @ teacher.noise_errors
    shifted = 2 * misses @ (relative * np.abs(teacher.overlaps))
    shifted += 2 * np.abs(kept) @ (relative * teacher.noise)
    size = misses**2 @ teacher.target_energies + kept**2 @ teacher.noise
    slips = 4 * DOUBLE_EPS * misses @ teacher.target_energies
    result: FloatArray = inherited + shifted + slips
    result += (kept.shape[-1] + 8) * DOUBLE_EPS * (size + teacher.target_tail)
    return result
