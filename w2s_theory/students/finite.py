"""Finite-width students of a whole sweep of teachers, from one block Lanczos run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, increasing_times, integer, real
from w2s_theory.models.base import Features, Goal, Model, Operator
from w2s_theory.models.parallel import Progress, one_thread_blas, run_parallel, silent
from w2s_theory.models.teacher import Teacher
from w2s_theory.students.curve import StudentCurve, default_times, refine_minimum
from w2s_theory.students.infinite import Rules, as_filters
from w2s_theory.students.lanczos import BlockLanczos
from w2s_theory.students.memory import TILE, MemoryPlan, Mode, plan_memory
from w2s_theory.students.operators import KeptOperator, TiledOperator, build_kept
from w2s_theory.students.projection import Projection, project
from w2s_theory.students.spectral import SpectralFilter, flow_resolvent

MIN_BLOCKS, BASIS = 60, 2000
"""By default as many steps as build a basis of about ``BASIS`` vectors, at least ``MIN_BLOCKS``."""

CHECK_EVERY, CHECK_GROWTH = 2, 1.1
"""Steps between two projections: 2, then a tenth of the steps so far, for their cost is cubic."""

LAG, SAFETY = 0.8, 4.0
"""The error estimate: SAFETY times the change of the loss's forms since step LAG * steps.

Right for an error that decays like 1/steps, the slowest kind: 1/(1/LAG - 1) = 4. The changes of
the loss itself are no guide: its parts err on either side, and so it may stand still for a while.
"""

CEILING_SAFETY = 10.0
"""The same for the ceiling, which no finite time smooths and which therefore falls most slowly."""

DIRECT = 4096
"""Width up to which the ceiling of a kept Gram matrix is solved for, not iterated."""

TOLERANCE = 1e-4
"""Of each teacher's best loss: four digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiniteSweep:
    """Students of one width, one curve a teacher, in the teachers' order.

    ``ceiling`` is the least loss this student reaches on the true labels (for PGR), off by
    about ``ceiling_estimate`` at most: the infinitely long training it needs is not what decides
    when to stop.  ``estimate`` is the error estimate (iteration and rounding), the largest over all
    losses asked for, and ``converged`` whether it is within the tolerance for every teacher;
    ``steps`` products with the kernel built a projection of dimension ``dimension``.
    ``storage_error`` is the measured effect of float32 storage on the best losses (None for
    float64); ``plan`` the memory estimate (None for the linear model, whose kernel
    stays factored, and for an operator that was given).
    """

    curves: tuple[StudentCurve, ...]
    ceiling: float
    ceiling_estimate: float
    estimate: float
    converged: bool
    steps: int
    dimension: int
    projection: Projection
    plan: MemoryPlan | None
    storage_error: float | None
    basis: FloatArray | None

    def weights(self, teacher: int, rule: SpectralFilter) -> FloatArray:
        """Weights w ``(width,)`` of the student of ``teacher``: ``f_S = sum_i w_i sigma_i``.

        ValueError unless the sweep was run with ``keep_basis``.
        """
        if self.basis is None:
            raise ValueError("weights need the Krylov basis: run with keep_basis=True")
        resolvent = rule.resolvent(self.projection.values)[None, :]
        inside = self.projection.teacher(teacher).weights(resolvent)[:, 0]
        result: FloatArray = self.basis @ inside / np.sqrt(self.basis.shape[0])
        return result


@dataclass(frozen=True, slots=True)
class _Storage:
    """How the Gram matrix may be kept."""

    mode: Mode
    dtype: type[np.float64] | type[np.float32]
    available: int | None
    given: Operator | None


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of every teacher: losses at times, or under filters."""

    times: FloatArray
    filters: tuple[SpectralFilter, ...]

    def resolvents(self, projection: Projection) -> FloatArray:
        """``s/lambda`` of every student, shape ``(times, dimension)``."""
        if self.filters:
            return np.stack([rule.resolvent(projection.values) for rule in self.filters])
        return flow_resolvent(projection.values, self.times)

    def best_resolvents(
        self, projection: Projection, curves: tuple[StudentCurve, ...]
    ) -> FloatArray:
        """``s/lambda`` of every teacher's best student, shape ``(teachers, dimension)``."""
        if self.filters:
            best = [self.filters[int(np.argmin(curve.losses))] for curve in curves]
            return np.stack([rule.resolvent(projection.values) for rule in best])
        times = np.array([curve.best_time for curve in curves])
        return flow_resolvent(projection.values, times)


def default_blocks(columns: int) -> int:
    """Lanczos steps allowed by default for ``columns`` right-hand sides (teachers and target)."""
    return max(MIN_BLOCKS, -(-BASIS // columns))


def finite_students(
    model: Model[Features, Goal],
    features: Features,
    teachers: Sequence[Teacher[Features, Goal]],
    rule: ArrayLike | Rules | None = None,
    *,
    operator: Operator | None = None,
    tolerance: float = TOLERANCE,
    max_blocks: int | None = None,
    required: bool = True,
    mode: Mode = Mode.AUTO,
    dtype: type[np.float64] | type[np.float32] = np.float64,
    available_memory: int | None = None,
    keep_basis: bool = False,
    progress: Progress = silent,
) -> FiniteSweep:
    """Students on ``features`` of all ``teachers`` (which share one target) at once.

    ``rule`` as for :func:`~w2s_theory.students.infinite.infinite_student`.  The iteration stops
    when its error estimate is at most ``tolerance`` times the teacher's best loss in every loss
    asked for, or no more than the rounding of float64.  The Gram matrix is
    kept (float64, or float32 with the error measured) or recomputed tile by tile, by ``mode`` or
    the memory free (``available_memory`` bytes if given), or is the ``operator`` given;
    ``keep_basis`` keeps what :meth:`FiniteSweep.weights` needs.  RuntimeError if ``required`` and
    ``max_blocks`` steps do not reach the tolerance (else, and where rounding forbids it,
    ``converged`` says so); ValueError if the memory does not suffice, naming what would.
    """
    tolerance = real("tolerance", tolerance, positive=True)
    columns = len(teachers) + 1
    if max_blocks is None:
        max_blocks = default_blocks(columns)
    max_blocks = integer("max_blocks", max_blocks, 3)
    if dtype not in (np.float64, np.float32):
        raise ValueError(f"dtype must be numpy.float64 or numpy.float32, got {dtype!r}")
    if not teachers or any(teacher.target != teachers[0].target for teacher in teachers):
        raise ValueError("teachers must be non-empty and share one target")
    question = _question(teachers[0], rule)
    storage = _Storage(mode, dtype, available_memory, operator)
    build, plan = _operator(model, features, columns, max_blocks, storage)
    block, noise = _right_sides(model, features, teachers, progress)
    kernel = build(progress)
    with one_thread_blas():
        lanczos = BlockLanczos(kernel, block, max_blocks)
        end = _iterate(lanczos, noise, question, tolerance, max_blocks, progress=progress)
        ceiling, ceiling_estimate = _ceiling(kernel, block[:, 0], end)
    if required and end.spent:
        raise RuntimeError(_unreached(end, max_blocks, tolerance))
    projection = end.projection
    curves = _curves(projection, question, teachers, end.estimates)
    storage_error = None
    if dtype is np.float32 and plan is not None and plan.mode is Mode.DENSE:
        weights = lanczos.basis @ projection.weights(question.best_resolvents(projection, curves))
        images = TiledOperator(model, features, progress).apply(weights)
        losses = 1 - 2 * (block[:, 0] @ weights) + np.einsum("ij,ij->j", weights, images)
        storage_error = float(np.abs(losses - [curve.best_loss for curve in curves]).max())
    return FiniteSweep(
        curves=curves,
        ceiling=ceiling,
        ceiling_estimate=ceiling_estimate,
        estimate=float(end.estimates.max()),
        converged=end.converged,
        steps=end.steps,
        dimension=lanczos.dimension,
        projection=projection,
        plan=plan,
        storage_error=storage_error,
        basis=lanczos.basis.copy() if keep_basis else None,
    )


def _question(teacher: Teacher[Features, Goal], rule: ArrayLike | Rules | None) -> _Question:
    filters = as_filters(rule)
    if filters:
        return _Question(np.array([item.time for item in filters]), filters)
    if rule is None:
        return _Question(default_times(teacher.spaces, teacher.target_energies), ())
    return _Question(increasing_times(np.asarray(rule)), ())


def _operator(
    model: Model[Features, Goal], features: Features, columns: int, blocks: int, storage: _Storage
) -> tuple[Callable[[Progress], Operator], MemoryPlan | None]:
    """How to build the student's kernel, decided (and refused) before anything is computed."""
    factored = storage.given or model.operator(features)
    if factored is not None:
        return lambda progress: factored, None
    plan = plan_memory(
        len(features),
        columns,
        max_blocks=blocks,
        dtype=storage.dtype,
        mode=storage.mode,
        available=storage.available,
    )
    if plan.mode is Mode.MATRIX_FREE:
        return lambda progress: TiledOperator(model, features, progress), plan
    return lambda progress: build_kept(model, features, storage.dtype, progress), plan


def _right_sides(
    model: Model[Features, Goal],
    features: Features,
    teachers: Sequence[Teacher[Features, Goal]],
    progress: Progress,
) -> tuple[FloatArray, FloatArray]:
    """``[b, h_1, ..., h_n]/sqrt(width)``: overlaps with the target and with every teacher.

    And by teacher how large the sums are whose roundings h_i has, over h_i: weights may cancel.
    """
    width = len(features)
    # A tile's entries at a time: of fewer, threads mostly wait for Python's lock.
    step = TILE if max(len(teacher.features) for teacher in teachers) > TILE // 2 else 2 * TILE

    def rows(start: int) -> FloatArray:
        part = features[start : start + step]
        sides = [model.target_overlaps(teachers[0].target, part)]
        spreads = []
        for teacher in teachers:
            cross = model.cross_gram(part, teacher.features)
            sides.append(cross @ teacher.weights)
            spreads.append(np.abs(cross, out=cross) @ np.abs(teacher.weights))
        return np.stack([*sides, *spreads], axis=1)

    parts = run_parallel(rows, range(0, width, step), "labels", progress)
    whole: FloatArray = np.concatenate(parts) / np.sqrt(width)
    sides, spreads = np.split(whole, [1 + len(teachers)], axis=1)
    sizes = np.linalg.norm(sides[:, 1:], axis=0)
    return sides, np.linalg.norm(spreads, axis=0) / np.where(sizes > 0, sizes, 1.0)


@dataclass(frozen=True, slots=True)
class _End:
    """``estimates`` (times, teachers), rounding included, at worst ``relative`` of a best loss.

    ``spent``: the steps ran out before the losses had settled.
    """

    projection: Projection
    estimates: FloatArray
    ceiling_estimate: float
    steps: int
    relative: float
    converged: bool
    spent: bool


def _iterate(
    lanczos: BlockLanczos,
    noise: FloatArray,
    question: _Question,
    tolerance: float,
    max_blocks: int,
    *,
    progress: Progress,
) -> _End:
    """Step until the last fifth of the steps changed no loss's forms by more than is allowed.

    A fixed lag would be fooled by plateaus, and by the slow (algebraic) convergence that kernels
    with power-law spectra show at late times.
    """
    past: list[tuple[int, FloatArray, float]] = []
    next_check = CHECK_EVERY
    for steps in range(1, max_blocks + 1):
        lanczos.step()
        progress("lanczos", steps, max_blocks)
        last = steps == max_blocks or lanczos.exhausted
        if steps < next_check and not last:
            continue
        next_check = max(steps + CHECK_EVERY, int(steps * CHECK_GROWTH))
        projection = project(lanczos, noise)
        resolvents = question.resolvents(projection)
        losses, forms = projection.losses(resolvents), projection.forms(resolvents)
        ceiling = projection.ceiling()
        rounding, goal = projection.rounding(resolvents), tolerance * losses.min(axis=0)
        while len(past) > 1 and past[1][0] <= LAG * steps:
            past.pop(0)
        change, fall = np.full_like(losses, np.inf), np.inf
        if lanczos.exhausted:
            change, fall = np.zeros_like(losses), 0.0
        elif past and past[0][0] <= LAG * steps:
            labels, gap, kept = np.abs(forms - past[0][1])
            # The error of h.phi(A) g is a positive form: Cauchy-Schwarz.
            change = SAFETY * (np.sqrt(labels) * np.sqrt(gap) + kept)
            fall = CEILING_SAFETY * max(past[0][2] - ceiling, 0.0)
        settled = bool((change <= np.maximum(goal - rounding, rounding)).all())
        if last or settled:
            break
        past.append((steps, forms, ceiling))
    estimates = change + rounding
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = float((estimates.max(axis=0) / losses.min(axis=0)).max())
    return _End(
        projection=projection,
        estimates=estimates,
        ceiling_estimate=fall,
        steps=steps,
        relative=relative,
        converged=bool((estimates <= goal).all()),
        spent=not settled,
    )


def _unreached(end: _End, max_blocks: int, tolerance: float) -> str:
    return (
        f"block Lanczos stopped after {end.steps} of max_blocks = {max_blocks} steps with an error "
        f"estimate of {end.relative:.3g} of the best loss, above the tolerance {tolerance:.3g}"
    )


def _ceiling(operator: Operator, truth: FloatArray, end: _End) -> tuple[float, float]:
    """``1 - b.A^-1 b`` and an estimate of its error, from A itself where that is cheap."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    projection = end.projection
    found = projection.ceiling(), end.ceiling_estimate + projection.ceiling_rounding()
    if not isinstance(operator, KeptOperator) or operator.width > DIRECT or found[1] == 0:
        return found
    matrix = operator.matrix()
    if matrix.dtype != np.float64:
        return found
    try:
        factor = cho_factor(matrix.T, lower=True, overwrite_a=True, check_finite=False)
        weights = cho_solve(factor, truth)
    except LinAlgError:
        return found
    loss = 1 - float(truth @ weights)
    return max(loss, 0.0), projection.rounding_of(float(weights @ weights))


def _curves(
    projection: Projection,
    question: _Question,
    teachers: Sequence[Teacher[Features, Goal]],
    estimates: FloatArray,
) -> tuple[StudentCurve, ...]:
    losses = projection.losses(question.resolvents(projection))
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
