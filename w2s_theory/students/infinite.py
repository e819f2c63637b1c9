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
    losses = _losses(teacher, kept, left)
    beyond, _ = _flow(np.array([teacher.spaces.beyond]), times)
    best_time, best_loss = refine_minimum(
        lambda points: _losses(teacher, *_flow(teacher.spaces.eigenvalues, points)), times, losses
    )
    return StudentCurve(
        times=times,
        losses=losses,
        truncation=beyond[:, 0] ** 2 * teacher.tail,
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
    losses = _losses(teacher, kept, 1 - kept)
    beyond = np.array([rule.supremum(teacher.spaces.beyond) for rule in rules])
    best = int(np.argmin(losses))
    return StudentCurve(
        times=np.array([rule.time for rule in rules]),
        losses=losses,
        truncation=beyond**2 * teacher.tail,
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
    result += (kept.shape[-1] + 8) * DOUBLE_EPS * size
    return result
