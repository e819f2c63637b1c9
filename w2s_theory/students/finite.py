"""Finite-width students of a whole sweep of teachers, from one block Lanczos run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.models.arrays import FloatArray, check_integer, check_real, check_times
from w2s_theory.models.base import Model
from w2s_theory.models.linear_features import LinearFeatures
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.parallel import Progress, run_parallel, silent
from w2s_theory.models.teacher import Teacher
from w2s_theory.students.curve import StudentCurve, default_times, refine_minimum
from w2s_theory.students.infinite import Rules, as_filters
from w2s_theory.students.lanczos import BlockLanczos
from w2s_theory.students.memory import MemoryPlan, Mode, plan_memory
from w2s_theory.students.operators import (
    TILE,
    FactoredOperator,
    Operator,
    TiledOperator,
    build_dense,
)
from w2s_theory.students.projection import Projection, project
from w2s_theory.students.spectral import SpectralFilter, flow_resolvent

MAX_BLOCKS = 60
CHECK_EVERY = 2
SLOWEST = 0.9
"""Largest ratio of successive changes that the extrapolation assumes."""

SAFETY = 2.0
"""Convergence slows at times: the last change understates what is left (measured, up to 1.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiniteSweep:
    """Students of one width, one curve a teacher, in the teachers' order.

    ``ceiling`` is the least loss this student reaches on the true labels (for PGR), too high by
    about ``ceiling_estimate`` at most: the infinitely long training it needs is not what decides
    when to stop.  ``estimate`` is the iteration's error estimate, the largest over all losses
    asked for; ``steps`` products with the
    kernel built a projection of dimension ``dimension``.  ``storage_error`` is the measured effect
    of float32 storage on the best losses (None for float64); ``plan`` the memory estimate (None
    for the linear model, whose kernel is kept in factors).
    """

    curves: tuple[StudentCurve, ...]
    ceiling: float
    ceiling_estimate: float
    estimate: float
    steps: int
    dimension: int
    projection: Projection
    plan: MemoryPlan | None
    storage_error: float | None


@dataclass(frozen=True, slots=True)
class _Storage:
    """How the Gram matrix may be kept."""

    mode: Mode | Literal["auto"]
    dtype: type[Any]
    available: int | None


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of every teacher: losses at times, or under filters."""

    times: FloatArray
    filters: tuple[SpectralFilter, ...]

    def losses(self, projection: Projection) -> FloatArray:
        if self.filters:
            return projection.filter_losses(self.filters)
        return projection.flow_losses(self.times)

    def best_resolvents(
        self, projection: Projection, curves: tuple[StudentCurve, ...]
    ) -> FloatArray:
        """``s/lambda`` of every teacher's best student, shape ``(teachers, dimension)``."""
        if self.filters:
            best = [self.filters[int(np.argmin(curve.losses))] for curve in curves]
            return np.stack([rule.resolvent(projection.values) for rule in best])
        times = np.array([curve.best_time for curve in curves])
        return flow_resolvent(projection.values, times)


def finite_students(
    model: Model,
    features: Any,
    teachers: Sequence[Teacher],
    rule: ArrayLike | Rules | None = None,
    *,
    tolerance: float = 1e-6,
    max_blocks: int = MAX_BLOCKS,
    mode: Mode | Literal["auto"] = "auto",
    dtype: type[np.float64] | type[np.float32] = np.float64,
    available_memory: int | None = None,
    progress: Progress = silent,
) -> FiniteSweep:
    """Students on ``features`` of all ``teachers`` (which share one target) at once.

    ``rule`` as for :func:`~w2s_theory.students.infinite.infinite_student`.  The iteration stops
    when its error estimate is at most ``tolerance`` in every loss asked for.  The Gram matrix is
    kept (float64, or float32 with the error measured) or recomputed tile by tile, by ``mode`` or
    the memory free.  RuntimeError if ``max_blocks`` steps do not reach the tolerance; ValueError
    if the memory does not suffice, naming what would.
    """
    check_real("tolerance", tolerance, positive=True)
    check_integer("max_blocks", max_blocks, 3)
    if dtype not in (np.float64, np.float32):
        raise ValueError(f"dtype must be numpy.float64 or numpy.float32, got {dtype!r}")
    if not teachers or any(teacher.target != teachers[0].target for teacher in teachers):
        raise ValueError("teachers must be non-empty and share one target")
    question = _question(teachers[0], rule)
    storage = _Storage(mode, dtype, available_memory)
    build, plan = _operator(model, features, len(teachers) + 1, max_blocks, storage)
    block = _right_sides(model, features, teachers, progress)
    lanczos = BlockLanczos(build(progress), block, max_blocks)
    end = _iterate(lanczos, question, tolerance, max_blocks, progress)
    projection = end.projection
    curves = _curves(projection, question, teachers, end.estimates)
    storage_error = None
    if dtype is np.float32 and plan is not None and plan.mode == "dense":
        weights = lanczos.basis @ projection.weights(question.best_resolvents(projection, curves))
        images = TiledOperator(model, features, progress).apply(weights)
        losses = 1 - 2 * (block[:, 0] @ weights) + np.einsum("ij,ij->j", weights, images)
        storage_error = float(np.abs(losses - [curve.best_loss for curve in curves]).max())
    return FiniteSweep(
        curves=curves,
        ceiling=projection.ceiling(),
        ceiling_estimate=end.ceiling_estimate,
        estimate=float(end.estimates.max()),
        steps=end.steps,
        dimension=lanczos.dimension,
        projection=projection,
        plan=plan,
        storage_error=storage_error,
    )


def _question(teacher: Teacher, rule: ArrayLike | Rules | None) -> _Question:
    filters = as_filters(rule)
    if filters:
        return _Question(np.array([item.time for item in filters]), filters)
    if rule is None:
        return _Question(default_times(teacher.spaces, teacher.target_energies), ())
    return _Question(check_times(np.asarray(rule)), ())


def _operator(
    model: Model, features: Any, columns: int, blocks: int, storage: _Storage
) -> tuple[Callable[[Progress], Operator], MemoryPlan | None]:
    """How to build the student's kernel, decided (and refused) before anything is computed."""
    if isinstance(model, LinearGaussian) and isinstance(features, LinearFeatures):
        factored = FactoredOperator(model.levels, features)
        return lambda progress: factored, None
    plan = plan_memory(
        len(features),
        columns,
        max_blocks=blocks,
        dtype=storage.dtype,
        mode=storage.mode,
        available=storage.available,
    )
    if plan.mode == "matrix-free":
        return lambda progress: TiledOperator(model, features, progress), plan
    return lambda progress: build_dense(model, features, storage.dtype, progress), plan


def _right_sides(
    model: Model, features: Any, teachers: Sequence[Teacher], progress: Progress
) -> FloatArray:
    """``[b, h_1, ..., h_n]/sqrt(width)``: overlaps with the target and with every teacher."""
    width = len(features)

    def rows(start: int) -> FloatArray:
        part = features[start : start + TILE]
        sides = [model.target_overlaps(teachers[0].target, part)]
        sides += [
            model.cross_gram(part, teacher.features) @ teacher.weights for teacher in teachers
        ]
        return np.stack(sides, axis=1)

    parts = run_parallel(rows, range(0, width, TILE), "labels", progress)
    sides: FloatArray = np.concatenate(parts) / np.sqrt(width)
    return sides


@dataclass(frozen=True, slots=True)
class _End:
    projection: Projection
    estimates: FloatArray
    ceiling_estimate: float
    steps: int


def _iterate(
    lanczos: BlockLanczos,
    question: _Question,
    tolerance: float,
    max_blocks: int,
    progress: Progress,
) -> _End:
    """Step until losses two steps apart, extrapolated geometrically, agree to the tolerance."""
    previous: FloatArray | None = None
    previous_ceiling = 1.0
    last_change = np.inf
    for steps in range(1, max_blocks + 1):
        lanczos.step()
        progress("lanczos", steps, max_blocks)
        if steps % CHECK_EVERY and not lanczos.exhausted and steps < max_blocks:
            continue
        projection = project(lanczos)
        losses = question.losses(projection)
        if lanczos.exhausted:
            return _End(projection, np.zeros_like(losses), 0.0, steps)
        ceiling = projection.ceiling()
        if previous is not None:
            changes = np.abs(losses - previous)
            change = float(changes.max())
            ratio = min(change / last_change, SLOWEST) if last_change > 0 else 0.0
            estimates = SAFETY * changes * max(1.0, ratio / (1 - ratio))
            if float(estimates.max()) <= tolerance:
                # A ceiling falls far more slowly than a loss at finite time: no ratio to trust.
                fall = SAFETY / (1 - SLOWEST) * (previous_ceiling - ceiling)
                return _End(projection, estimates, max(fall, 0.0), steps)
            last_change = change
        previous, previous_ceiling = losses, ceiling
    raise RuntimeError(
        f"block Lanczos stopped after max_blocks = {max_blocks} steps with a change of "
        f"{last_change:.3g} in the loss, above the tolerance {tolerance:.3g}"
    )


def _curves(
    projection: Projection,
    question: _Question,
    teachers: Sequence[Teacher],
    estimates: FloatArray,
) -> tuple[StudentCurve, ...]:
    losses = question.losses(projection)
    curves = []
    for column, teacher in enumerate(teachers):
        values = losses[:, column].copy()
        best = int(np.argmin(values))
        best_time, best_loss = float(question.times[best]), float(values[best])
        if not question.filters:
            alone = projection.teacher(column)
            best_time, best_loss = refine_minimum(alone.single_losses, question.times, values)
        curves.append(
            StudentCurve(
                times=question.times,
                losses=values,
                truncation=np.zeros_like(values),
                error_bound=estimates[:, column].copy(),
                teacher_loss=teacher.loss,
                best_time=best_time,
                best_loss=best_loss,
            )
        )
    return tuple(curves)
