"""kappa_S, the alignment of a teacher's features with a set S of student eigenspaces.

kappa_S = `||(I - P_T) P_S||^2` is the teacher's worst loss over unit targets in S. S is a union of
eigenspaces (degrees on the sphere, levels of the linear model) and needs no basis: with G the Gram
matrix and G_S the sum of the eigenspaces' own Gram matrices, kappa_S is 1 minus the `|S|`-th
largest eigenvalue of G^(-1/2) G_S G^(-1/2), and 1 if `|S|` exceeds the width (statement
`kappa-forms`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, integers, real, real_array, unit_interval
from w2s_theory.ledger import alignment as ledger
from w2s_theory.models.base import Features, Goal, Model
from w2s_theory.models.roundoff import DOUBLE_EPS
from w2s_theory.models.teacher import Teacher
from w2s_theory.students.infinite import infinite_student


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """`kappa` of the eigenspaces `spaces`, which hold `size` eigenfunctions together.

    `error_bound`: backward error of the eigensolver, about width * 2^-53 * `condition` (Golub & Van
    Loan 2013, sec. 8.7); condition is that of the Gram matrix.
    """

    kappa: float
    error_bound: float
    spaces: tuple[int, ...]
    size: int
    width: int
    condition: float


def kappa(model: Model[Features, Goal], features: Features, spaces: Sequence[int]) -> Alignment:
    """kappa_S for the union of `spaces` (degrees, or levels), in float64.

    An eigenspace of eigenvalue 0 makes it 1. ValueError for no, repeated, negative or unknown
    spaces, and for linearly dependent features.

    >>> from w2s_theory.models.relu_sphere import ReluSphere
    >>> sphere = ReluSphere(3)
    >>> features = sphere.sample_features(16, np.random.default_rng(0))
    >>> f"{kappa(sphere, features, [1]).kappa:.4f}"
    '0.0125'
    """
    from scipy.linalg import cholesky, eigvalsh, solve_triangular

    chosen = _spaces(spaces)
    width, size, blind = len(model.gram(features)), 0, False
    levels = model.eigenspaces(max(chosen))
    for space in chosen:
        if space >= levels.multiplicities.size:
            raise ValueError(f"spaces must be < {levels.multiplicities.size}, got {space}")
        size += int(levels.multiplicities[space])
        blind = blind or levels.eigenvalues[space] == 0
    gram = model.gram(features)
    extremes = np.linalg.eigvalsh(gram)
    if not extremes[0] > 4 * width * DOUBLE_EPS * extremes[-1]:
        raise ValueError(
            "features must be linearly independent, got a Gram matrix with smallest eigenvalue "
            f"{extremes[0]:.3g} of {extremes[-1]:.3g}"
        )
    condition = float(extremes[-1] / extremes[0])
    common = {"spaces": chosen, "size": size, "width": width, "condition": condition}
    if blind or size > width:
        return Alignment(kappa=1.0, error_bound=0.0, **common)  # type: ignore[arg-type]
    part = sum((model.space_gram(features, space) for space in chosen), np.zeros_like(gram))
    factor = cholesky(gram, lower=True)
    half = solve_triangular(factor, part, lower=True)
    ratio = solve_triangular(factor, half.T, lower=True)
    place = width - size
    share = float(eigvalsh((ratio + ratio.T) / 2, subset_by_index=(place, place))[0])
    return Alignment(
        kappa=min(max(1 - share, 0.0), 1.0),
        error_bound=8 * width * DOUBLE_EPS * condition,
        **common,  # type: ignore[arg-type]
    )


def master_bound(
    aligned: ArrayLike, loss: ArrayLike, lowest: float, outside: float, times: ArrayLike
) -> FloatArray:
    """The master bound on L_ST at `times`: alignment, unfinished training and leakage.

    `aligned` kappa_S, `loss` L_TE, `lowest` = lambda_0, `outside` = lambda_out; elementwise.
    ValueError: kappa_S or L_TE outside [0, 1], an eigenvalue or a time negative.
    """
    clock = real_array("times", times)
    if not (clock >= 0).all():
        raise ValueError("times must be >= 0, got a negative one or NaN")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        result: FloatArray = _master_function()(
            unit_interval("aligned", aligned),
            unit_interval("loss", loss),
            real("lowest", lowest),
            real("outside", outside),
            clock,
        )
    return result


@cache
def _master_function() -> Callable[..., FloatArray]:
    from sympy import lambdify

    # As typed: multiplying out would turn exp(-x) into exp(x), which overflows.
    formula = ledger.MASTER_BOUND
    return lambdify(formula.args, formula.expr, modules="numpy")  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class BestBound:
    """The set S and time for which the master bound is least, beside what the student does.

    `bound` at `time` for S = `spaces` (alignment `kappa`); `student_loss` the true loss then;
    `best_loss` at `best_time` the true optimum.
    """

    spaces: tuple[int, ...]
    kappa: float
    time: float
    bound: float
    student_loss: float
    best_time: float
    best_loss: float
    teacher_loss: float


def best_master_bound(
    model: Model[Features, Goal], teacher: Teacher[Features, Goal], candidates: int | None = None
) -> BestBound:
    """Minimise the master bound over S and t for a least-squares teacher's infinite student.

    S = the target's eigenspaces and the `candidates` next ones by falling eigenvalue, nested, as
    long as `|S| <= width` (None: all of those). ValueError if the target has energy where the
    kernel vanishes.
    """
    spaces = teacher.spaces
    if teacher.unlearnable > 0:
        raise ValueError("target must have no energy in eigenspaces of eigenvalue 0")
    if teacher.target_tail > 0:
        raise ValueError("target must have finitely many degrees, got an expansion")
    carried = tuple(int(k) for k in np.flatnonzero(teacher.target_energies > 0))
    lowest = float(spaces.eigenvalues[list(carried)].min())
    order = [int(k) for k in np.argsort(-spaces.eigenvalues, kind="stable")]
    queue = [k for k in order if k not in carried and spaces.eigenvalues[k] > 0]
    curve = infinite_student(teacher)
    best: tuple[float, tuple[int, ...], float, float] | None = None
    for count in range(len(queue) + 1 if candidates is None else candidates + 1):
        inside = tuple(sorted((*carried, *queue[:count])))
        if best is not None and spaces.multiplicities[list(inside)].sum() > len(teacher.features):
            break
        found = kappa(model, teacher.features, inside)
        out = [k for k in range(spaces.eigenvalues.size) if k not in inside]
        outside = max(float(spaces.eigenvalues[out].max()), spaces.beyond) if out else spaces.beyond
        bounds = master_bound(found.kappa, teacher.loss, lowest, outside, curve.times)
        place = int(np.argmin(bounds))
        if best is None or bounds[place] < best[0]:
            best = (float(bounds[place]), inside, float(curve.times[place]), found.kappa)
    bound, inside, time, aligned = best  # type: ignore[misc]
    return BestBound(
        spaces=inside,
        kappa=aligned,
        time=time,
        bound=bound,
        student_loss=float(infinite_student(teacher, np.array([time])).losses[0]),
        best_time=curve.best_time,
        best_loss=curve.best_loss,
        teacher_loss=teacher.loss,
    )


def _spaces(spaces: Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(sorted(integers("spaces", spaces, 0)))
    if len(set(chosen)) != len(chosen):
        raise ValueError(f"spaces must be distinct and at least one, got {tuple(spaces)}")
    return chosen
