"""The consequences of Theorem 4.1 in numbers: what to hold a weak-to-strong run against.

Losses and squared norms are relative to ||f*||^2, in any real inner-product space: a population, or
a data set. Float functions take arrays, elementwise and broadcast; those that end in `_ball` take
exact numbers (int, Fraction, decimal string) and return certified enclosures. All are made from
the formulas of `ledger.section7`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import ROUNDING, FloatArray, real_array, unit_interval
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section7 as z
from w2s_theory.ledger.statement import Formula
from w2s_theory.students.floats import numpy_function
from w2s_theory.theorems.floors import exact_loss, exact_nonnegative

if TYPE_CHECKING:
    from flint import arb
    from sympy import Expr

Exact = int | str | Fraction


def instance_floor(
    teacher_loss: ArrayLike, teacher_norm2: ArrayLike, slack: ArrayLike = 0.0
) -> FloatArray:
    """The floor of thm-4.1-instance: no student with <f_S, f_T - f_S> >= -slack has a lower loss.

    `teacher_loss` = ||f_T - f*||^2 and `teacher_norm2` = ||f_T||^2, both over ||f*||^2; nothing is
    assumed of the teacher. Exactly 0 where teacher_norm2 + 2 slack >= 1 + teacher_loss. Raises
    `ValueError` for a negative or infinite number, and where no teacher has that norm and loss.

    >>> print(instance_floor(0.1, [0.9, 0.8, 1.1]))
    [0.00916731 0.02084974 0.        ]
    """
    return pretrained_floor(teacher_loss, 1.0, teacher_norm2, slack, names=_INSTANCE)


_PRETRAINED = ("teacher_loss", "start_loss", "start_distance", "slack")
_INSTANCE = ("teacher_loss", "1", "teacher_norm2", "slack")


def pretrained_floor(
    teacher_loss: ArrayLike,
    start_loss: ArrayLike,
    start_distance: ArrayLike,
    slack: ArrayLike = 0.0,
    *,
    names: tuple[str, ...] = _PRETRAINED,
) -> FloatArray:
    """The floor of pretrained: of a student trained from f_0, <f_S - f_0, f_T - f_S> >= -slack.

    `start_loss` = ||f_0 - f*||^2 and `start_distance` = ||f_T - f_0||^2, over ||f*||^2. Exactly 0
    where start_distance + 2 slack >= teacher_loss + start_loss. Raises `ValueError` for a negative
    or infinite number, and where the three are no triangle; `names` are for its message.

    >>> print(pretrained_floor(0.1, [1.0, 0.0], [0.9, 0.1]))
    [0.00916731 0.        ]
    """
    given = (teacher_loss, start_loss, start_distance, slack)
    loss, start, distance, gap = (
        _nonnegative(name, value) for name, value in zip(names, given, strict=True)
    )
    area = 4 * loss * start - (distance - loss - start) ** 2
    if (area < -ROUNDING * (loss + start + distance) ** 2).any():
        raise ValueError(
            f"{', '.join(names[:3])} must be squared sides of a triangle, got "
            f"{loss}, {start}, {distance}"
        )
    return unchecked_floor(loss, start, distance, gap)


def unchecked_floor(
    teacher_loss: FloatArray, start_loss: FloatArray, start_distance: FloatArray, slack: FloatArray
) -> FloatArray:
    """The formula of `pretrained_floor` alone, beyond triangles too: for its slopes."""
    apart = _apart(z.BALL_FAR, z.BALL_NEAR, teacher_loss, start_loss, start_distance, slack)
    return np.maximum(apart, 0.0) ** 2 / 4


def gold_floor(teacher_loss: ArrayLike, gold_share: ArrayLike) -> FloatArray:
    """The floor of gold-labels: labels (1 - p) f_T + p f*, p the `gold_share`.

    Theorem 4.1's at p = 0, and 0 at p = 1. Raises `ValueError` for a number outside [0, 1].

    >>> print(gold_floor(0.1, [0.0, 0.2, 1.0]))
    [0.00916731 0.00604943 0.        ]
    """
    weak = 1 - unit_interval("gold_share", gold_share)
    loss = unit_interval("teacher_loss", teacher_loss)
    return _apart(z.GOLD_FAR, z.GOLD_NEAR, loss, weak) ** 2 / 4


def gain_ceiling(teacher_loss: ArrayLike) -> FloatArray:
    """What a student can gain at most, L_TE less the floor; in convex-class, its misfit as well.

    Raises `ValueError` for a loss outside [0, 1].
    """
    loss = unit_interval("teacher_loss", teacher_loss)
    with np.errstate(invalid="ignore"):
        return np.where(loss < 1, numpy_function(z.GAIN_CEILING)(loss), 0.0)


def pgr_ceiling(teacher_loss: ArrayLike, ceiling_loss: ArrayLike = 0.0) -> FloatArray:
    """The largest possible performance gap recovered, (L - floor(L))/(L - C).

    `ceiling_loss` is C, the student's best loss on the true labels; the result may exceed 1 if it
    is above the floor. Raises `ValueError` for losses outside [0, 1] and where C >= L: there is
    no gap to recover.

    >>> print(pgr_ceiling([0.1, 0.5]))
    [0.90832691 0.61803399]
    """
    loss = unit_interval("teacher_loss", teacher_loss)
    ceiling = unit_interval("ceiling_loss", ceiling_loss)
    if not (ceiling < loss).all():
        raise ValueError(f"ceiling_loss must be < teacher_loss, got {ceiling} and {loss}")
    return gain_ceiling(loss) / (loss - ceiling)


def no_boost(advantage: ArrayLike) -> FloatArray:
    """The largest advantage 1 - L_ST of a student whose teacher has the advantage 1 - L_TE.

    Raises `ValueError` for an advantage outside [0, 1].

    >>> print(no_boost([0.01, 0.1]))
    [0.10462429 0.35413813]
    """
    return _plain(z.NO_BOOST)(unit_interval("advantage", advantage))


def no_boost_chain(advantage: ArrayLike) -> FloatArray:
    """The same for chains of students of any length.

    Raises `ValueError` for an advantage outside [0, 1].
    """
    return _plain(z.NO_BOOST_CHAIN)(unit_interval("advantage", advantage))


# --- certified ------------------------------------------------------------------------------------


def instance_floor_ball(
    teacher_loss: Exact, teacher_norm2: Exact, slack: Exact = 0, *, digits: int = 20
) -> arb:
    """`instance_floor` with `digits` certified digits, the exact ball 0 where it is 0.

    Raises `ValueError` for a number that is negative or not exact, and where no teacher has that
    norm and loss.

    >>> instance_floor_ball("1/10", "9/10")
    [0.00916730868040161 +/- 3.97e-18]
    """
    return pretrained_floor_ball(teacher_loss, 1, teacher_norm2, slack, digits=digits)


def pretrained_floor_ball(
    teacher_loss: Exact,
    start_loss: Exact,
    start_distance: Exact,
    slack: Exact = 0,
    *,
    digits: int = 20,
) -> arb:
    """`pretrained_floor` with `digits` certified digits, the exact ball 0 where it is 0.

    Raises `ValueError` for a number that is negative or not exact, and for no triangle.
    """
    from flint import arb

    from w2s_theory.certify import enclose

    given = (teacher_loss, start_loss, start_distance, slack)
    loss, start, distance, gap = (
        exact_nonnegative(name, value) for name, value in zip(_PRETRAINED, given, strict=True)
    )
    if 4 * loss * start < (distance - loss - start) ** 2:
        raise ValueError(
            "teacher_loss, start_loss, start_distance must be squared sides of a triangle, got "
            f"{loss}, {start}, {distance}"
        )
    if distance + 2 * gap >= loss + start:
        return arb(0)
    at = dict(zip(z.BALL_FAR.args, (loss, start, distance, gap), strict=True))
    return enclose(_conjugate(z.BALL_FAR, z.BALL_NEAR) ** 2 / 4, at, digits=digits)


def gold_floor_ball(teacher_loss: Exact, gold_share: Exact, *, digits: int = 20) -> arb:
    """`gold_floor` with `digits` certified digits. Raises `ValueError` as `exact_loss`."""
    from w2s_theory.certify import enclose

    at = {q.L_TE: exact_loss(teacher_loss), q.WEAK_SHARE: 1 - exact_loss(gold_share, "gold_share")}
    return enclose(_conjugate(z.GOLD_FAR, z.GOLD_NEAR) ** 2 / 4, at, digits=digits)


def pgr_ceiling_ball(teacher_loss: Exact, ceiling_loss: Exact = 0, *, digits: int = 20) -> arb:
    """`pgr_ceiling` with `digits` certified digits. Raises `ValueError` where C >= L."""
    from w2s_theory.certify import enclose

    at = {q.L_TE: exact_loss(teacher_loss), q.CEILING: exact_loss(ceiling_loss, "ceiling_loss")}
    if at[q.CEILING] >= at[q.L_TE]:
        raise ValueError(f"ceiling_loss must be < teacher_loss, got {ceiling_loss}, {teacher_loss}")
    return enclose(z.PGR_CEILING.expr, at, digits=digits)


def no_boost_ball(advantage: Exact, *, chain: bool = False, digits: int = 20) -> arb:
    """`no_boost`, or `no_boost_chain`, with `digits` certified digits."""
    from w2s_theory.certify import enclose

    formula = z.NO_BOOST_CHAIN if chain else z.NO_BOOST
    return enclose(formula.expr, {q.ADVANTAGE: exact_loss(advantage, "advantage")}, digits=digits)


# --- from the ledger's formulas -------------------------------------------------------------------


@cache
def _conjugate(far: Formula, near: Formula) -> Expr:
    """A difference of two square roots without cancellation; 0/0 where both are 0."""
    from sympy import expand, sqrt

    return expand(far.expr - near.expr) / (sqrt(far.expr) + sqrt(near.expr))


def _apart(far: Formula, near: Formula, *values: FloatArray) -> FloatArray:
    """The difference of the roots in floats, 0 where both are 0."""
    function = _plain(Formula("apart", far.args, _conjugate(far, near)))
    with np.errstate(invalid="ignore"):
        apart = np.asarray(function(*values))
    return np.where(np.isnan(apart), 0.0, apart)


@cache
def _plain(formula: Formula) -> Callable[..., FloatArray]:
    """The formula in floats as it is typed, for what does not cancel."""
    from sympy import lambdify

    return lambdify(formula.args, formula.expr, modules="numpy")  # type: ignore[no-any-return]


def _nonnegative(name: str, values: ArrayLike) -> FloatArray:
    found = real_array(name, values)
    outside = ~((found >= 0) & np.isfinite(found))
    if outside.any():
        raise ValueError(f"{name} must be finite and >= 0, got {found[outside].flat[0]}")
    return found
