"""Formulas of the consequences of Theorem 4.1: floors and ceilings that a run can be held against.

Each formula is typed here and nowhere else. Target, teacher and student are points of a real
inner-product space, the target a unit vector: losses are relative to ||f*||^2.
"""

from __future__ import annotations

from sympy import Expr, Integer, Max, Pow, sqrt

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.statement import Formula


def roots_apart(far: Formula, near: Formula) -> Expr:
    """A difference of square roots: twice the distance from f* to a ball, if it is outside."""
    return sqrt(far.expr) - sqrt(near.expr)


_TRIANGLE = (q.L_TE, q.START_LOSS, q.START_DISTANCE, q.SLACK)
BALL_FAR = Formula("ball_far", _TRIANGLE, 2 * q.L_TE + 2 * q.START_LOSS - q.START_DISTANCE)
"""||2 f* - f_0 - f_T||^2: twice as far as f* is from the centre of the ball about (f_0 + f_T)/2."""
BALL_NEAR = Formula("ball_near", _TRIANGLE, q.START_DISTANCE + 4 * q.SLACK)
"""The square of the ball's diameter."""

PRETRAINED_FLOOR = Formula(
    "pretrained_floor", _TRIANGLE, Max(0, roots_apart(BALL_FAR, BALL_NEAR)) ** 2 / Integer(4)
)
INSTANCE_FLOOR = Formula(
    "instance_floor",
    (q.L_TE, q.TEACHER_NORM2, q.SLACK),
    PRETRAINED_FLOOR(q.L_TE, Integer(1), q.TEACHER_NORM2, q.SLACK),
)
"""The student starts at f_0 = 0, at distance 1 from the target."""

GAIN_CEILING = Formula("gain_ceiling", (q.L_TE,), q.L_TE - s.SHRINKAGE_FLOOR.expr)
"""What is between the teacher's loss and Theorem 4.1's floor."""
PGR_CEILING = Formula("pgr_ceiling", (q.L_TE, q.CEILING), GAIN_CEILING.expr / (q.L_TE - q.CEILING))

NO_BOOST = Formula(
    "no_boost", (q.ADVANTAGE,), s.half(q.ADVANTAGE + sqrt(q.ADVANTAGE * (4 - 3 * q.ADVANTAGE)))
)
NO_BOOST_ROOT = Formula("no_boost_root", (q.ADVANTAGE,), sqrt(q.ADVANTAGE) + q.ADVANTAGE / 2)
NO_BOOST_CHAIN = Formula("no_boost_chain", (q.ADVANTAGE,), 2 * sqrt(q.ADVANTAGE) - q.ADVANTAGE)


_GOLD = (q.L_TE, q.WEAK_SHARE)
GOLD_FAR = Formula("gold_far", _GOLD, 1 - q.L_TE + q.L_TE * (1 + q.WEAK_SHARE) ** 2)
GOLD_NEAR = Formula("gold_near", _GOLD, 1 - q.L_TE + q.L_TE * (1 - q.WEAK_SHARE) ** 2)
"""That is 1 + q(2 + q) L and 1 - q(2 - q) L, without cancellation."""
GOLD_FLOOR = Formula(
    "gold_floor", _GOLD, Pow(s.half(roots_apart(GOLD_FAR, GOLD_NEAR)), 2, evaluate=False)
)
GOLD_CONSTANT = Formula(
    "gold_constant", (q.WEAK_SHARE,), q.WEAK_SHARE**2 * (1 - q.WEAK_SHARE**2 / 4)
)
GOLD_TOUCH = Formula("gold_touch", (q.WEAK_SHARE,), 2 / (4 - q.WEAK_SHARE**2))

DEGREES_RATIO = Formula(
    "degrees_ratio", (q.MEAN_INVERSE, q.MEAN_INVERSE2), q.MEAN_INVERSE2 / q.MEAN_INVERSE**2
)
"""E[1/lambda^2]/E[1/lambda]^2, lambda distributed as the target's energy."""
