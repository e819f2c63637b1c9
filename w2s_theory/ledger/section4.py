"""Assumptions, loss floors and learning rules: what the statements of section 4 are made of.

Each formula is typed here and nowhere else.
"""

from __future__ import annotations

from sympy import And, Expr, Integer, Mul, Rational, Symbol, asin, cos, exp, sqrt

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le, Lt
from w2s_theory.ledger.statement import Assumption, Formula

QUADRATIC_CONSTANT = Rational(3, 4)
QUADRATIC_EXPONENT = Integer(2)
BOUNDED_CONSTANT = Rational(1, 4)


def half(expr: Expr) -> Expr:
    """expr/2, kept as one fraction (SymPy would distribute the half over a sum)."""
    return Mul(Rational(1, 2), expr, evaluate=False)


# --- floors -------------------------------------------------------------------------------------

SHRINKAGE_FLOOR = Formula(
    "shrinkage_floor", (q.L_TE,), half(1 + q.L_TE - sqrt((1 + 3 * q.L_TE) * (1 - q.L_TE)))
)
BOUNDED_FLOOR = Formula("bounded_floor", (q.L_TE,), (1 - sqrt(1 - q.L_TE)) ** 2)


def quadratic(constant: Expr = QUADRATIC_CONSTANT, exponent: Expr = QUADRATIC_EXPONENT) -> Expr:
    """c L_TE^beta; by default the paper's floor."""
    return constant * q.L_TE**exponent


QUADRATIC_FLOOR = Formula("quadratic_floor", (q.L_TE,), quadratic())

ANGLE = (q.THETA, asin(sqrt(q.L_TE)))
"""Where theta stands in a claim it is the angle with sin(theta)^2 = L_TE."""


def chain_objective(norm_power: Expr = q.CHAIN, turn: Expr = q.CHAIN) -> Expr:
    """||f_n - f*||^2 when n students turn by phi each and shrink by cos(phi) each.

    The labels have angle theta to the target and norm cos(theta), so L_TE = sin(theta)^2.
    """
    shrunk = cos(q.THETA) * cos(q.PHI) ** norm_power
    return 1 - 2 * shrunk * cos(q.THETA - turn * q.PHI) + shrunk**2


CHAIN_OBJECTIVE = Formula("chain_objective", (q.CHAIN, q.THETA, q.PHI), chain_objective())
CHAIN_FLOOR = Formula(
    "chain_floor",
    (q.CHAIN, q.THETA),
    Infimum(CHAIN_OBJECTIVE.expr, q.PHI, Integer(0), q.THETA / q.CHAIN),
)

# --- learning rules as spectral filters -----------------------------------------------------------

GRADIENT_FLOW = Formula("gradient_flow", (q.EIGENVALUE, q.TIME), 1 - exp(-q.EIGENVALUE * q.TIME))
GRADIENT_DESCENT = Formula(
    "gradient_descent", (q.EIGENVALUE, q.STEP, q.STEPS), 1 - (1 - q.STEP * q.EIGENVALUE) ** q.STEPS
)
RIDGE = Formula("ridge", (q.EIGENVALUE, q.STEP), q.EIGENVALUE / (q.EIGENVALUE + q.STEP))
AVERAGED_DESCENT = Formula(
    "averaged_descent",
    (q.EIGENVALUE, q.STEP, q.STEPS),
    1 - (1 - q.STEP * q.EIGENVALUE) * GRADIENT_DESCENT.expr / (q.STEPS * q.STEP * q.EIGENVALUE),
)
"""The mean of the iterates 1, ..., k, a geometric sum."""
HEAVY_BALL_TWO_STEPS = Formula(
    "heavy_ball_two_steps",
    (q.EIGENVALUE, q.STEP, q.MOMENTUM),
    q.STEP * q.EIGENVALUE * (2 - q.STEP * q.EIGENVALUE + q.MOMENTUM),
)

# --- shrinkage (Definition 1) ---------------------------------------------------------------------

SHRINKAGE = q.STUDENT_TEACHER - q.STUDENT_NORM2
"""<f_S, f_T - f_S>."""


def scaling_gap(scale: Expr) -> Expr:
    """||f_T - a f_S||^2 - ||f_T - f_S||^2."""
    scaled = q.squared_distance(
        q.TEACHER_NORM2, scale**2 * q.STUDENT_NORM2, scale * q.STUDENT_TEACHER
    )
    return scaled - q.squared_distance(q.TEACHER_NORM2, q.STUDENT_NORM2, q.STUDENT_TEACHER)


# --- assumptions ----------------------------------------------------------------------------------

UNIT_TARGET = Assumption("unit-target", "||f*|| = 1", Eq(q.TARGET_NORM2, 1))
TEACHER_SHRINKS = Assumption(
    "teacher-shrinkage-optimal",
    "the teacher is shrinkage optimal for the target, <f_T, f* - f_T> >= 0",
    Ge(q.TEACHER_TARGET - q.TEACHER_NORM2, 0),
)
STUDENT_SHRINKS = Assumption(
    "student-shrinkage-optimal",
    "the student is shrinkage optimal for the teacher, <f_S, f_T - f_S> >= 0",
    Ge(SHRINKAGE, 0),
)
BOUNDED_STUDENT = Assumption(
    "bounded-student",
    "the student is no longer than its teacher, ||f_S|| <= ||f_T||",
    Le(q.STUDENT_NORM2, q.TEACHER_NORM2),
)
CHAIN_SHRINKS = Assumption(
    "chain-shrinkage-optimal",
    "every student is shrinkage optimal for its predecessor",
    Ge(q.LINK_MIN, 0),
)
NORMAL_EQUATIONS = Assumption(
    "least-squares", "the teacher solves the normal equations G w = b", Eq(q.RESIDUAL, 0)
)
FILTER_NONNEGATIVE = Assumption(
    "filter-nonnegative", "the filter is nonnegative", Ge(q.FILTER_MIN, 0)
)
FILTER_AT_MOST_ONE = Assumption(
    "filter-at-most-one", "the filter never overshoots", Le(q.FILTER_MAX, 1)
)
EIGENVALUES_NONNEGATIVE = Assumption(
    "kernel-positive", "kernel eigenvalues are nonnegative", Ge(q.EIGENVALUE_MIN, 0)
)
TIME_NONNEGATIVE = Assumption("time-nonnegative", "the stopping time is t >= 0", Ge(q.TIME, 0))
SCALE_IN_UNIT = Assumption("scale", "0 <= a <= 1", And(Ge(q.SCALE, 0), Le(q.SCALE, 1)))
LOSS_IN_UNIT = Assumption("loss", "0 <= L_TE <= 1", And(Ge(q.L_TE, 0), Le(q.L_TE, 1)))

LOSS_BELOW_ONE = Assumption("loss-below-one", "0 <= L_TE < 1", And(Ge(q.L_TE, 0), Lt(q.L_TE, 1)))


def above(symbol: Symbol, bound: Expr) -> Assumption:
    """`symbol > bound` as an assumption."""
    return Assumption(f"{symbol}-above", f"{say(symbol)} > {say(bound)}", Gt(symbol, bound))
