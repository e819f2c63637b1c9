"""What symbols stand for in the linear model, in random teachers and under universality."""

from __future__ import annotations

from sympy import Expr, Function, Integer, Symbol, floor
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.definition import Definition
from w2s_theory.ledger.linear import LINEAR_STUDENT
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le
from w2s_theory.ledger.relu import LEVEL
from w2s_theory.ledger.statement import Formula
from w2s_theory.ledger.universality import LEARNED, NOISE_WEIGHT, STOP

LINEAR = ("student-linear", "law-linear-k")

TWO_LEVELS = Definition(
    text="gradient flow from 0, the kernel's eigenvalues lambda_0 on S and lambda_out elsewhere",
    relations=(
        Eq(
            v.inner(v.ANY, v.STUDENT),
            s.GRADIENT_FLOW(q.LAMBDA_TARGET, q.TIME) * v.inner(v.ANY, v.P_S * v.TEACHER)
            + s.GRADIENT_FLOW(q.LAMBDA_OUT, q.TIME) * v.inner(v.ANY, (1 - v.P_S) * v.TEACHER),
        ),
    ),
    free=(v.ANY,),
    scope=LINEAR,
)
ONE_DIRECTION = Definition(
    text="S is spanned by a unit target: P_S f_T = <f_T, f*> f*",
    relations=(Eq(v.inner(v.ANY, v.P_S * v.TEACHER), q.TEACHER_TARGET * v.inner(v.ANY, v.TARGET)),),
    when=(s.UNIT_TARGET.condition,),
    free=(v.ANY,),
    scope=("student-linear",),
)
STUDENT_SLOPE = Definition(
    text="time derivative of the student's loss, one strong direction",
    relations=(Eq(q.STUDENT_SLOPE, LINEAR_STUDENT.expr.diff(q.TIME)),),
    scope=("student-linear",),
)
OUTSIDE_STRONG = Definition(
    text="the target's energy outside the strong directions S",
    relations=(Eq(q.TARGET_OUTSIDE, v.norm2((1 - v.P_S) * v.TARGET)),),
    scope=("law-linear-k",),
)
WEAK_ENERGY = Definition(
    text="the teacher's energy in the weak directions",
    relations=(Eq(q.WEAK_ENERGY, v.norm2((1 - v.P_S) * v.TEACHER)),),
    scope=("law-linear-k",),
)


def _summed(symbol: Symbol, formula: Formula, ridge: Expr = q.RIDGE) -> Boolean:
    """The sum of a formula over all eigenvalues."""
    return Eq(symbol, v.Mean(formula(v.TRACED_AT, ridge) / v.TRACED_AT, v.TRACED))


TRACE_SUMS = Definition(
    text="sums over the eigenvalues of K, which is not 0 and has a trace",
    relations=(
        Ge(v.TRACED_AT, 0),
        Gt(v.Mean(Integer(1), v.TRACED), 0),
        _summed(q.CAPTURED, LEARNED),
        _summed(q.CAPTURED_ABOVE, LEARNED, q.RIDGE_ABOVE),
    ),
    scope=("universality",),
)
EQUIVALENT = Definition(
    text="the deterministic equivalent: <f_T, f*> = 1 - L_TE, the energy L_TE (1 - L_TE) w_j/D in "
    "each other eigenfunction, and gradient flow from 0 for the time t",
    relations=(
        Ge(v.OTHER_AT, 0),
        Eq(v.LEARNED_AT, s.GRADIENT_FLOW(v.OTHER_AT, STOP.expr)),
        Le(v.Mean(Integer(1), v.OTHERS), q.TRACE),
        Eq(
            q.SPREAD,
            NOISE_WEIGHT(q.LAMBDA_TARGET, q.RIDGE)
            + v.Mean(NOISE_WEIGHT(v.OTHER_AT, q.RIDGE) / v.OTHER_AT, v.OTHERS),
        ),
        Eq(
            q.L_ST,
            (1 - s.GRADIENT_FLOW(q.LAMBDA_TARGET, STOP.expr) * (1 - q.L_TE)) ** 2
            + q.L_TE
            * (1 - q.L_TE)
            / q.SPREAD
            * v.Mean(v.LEARNED_AT**2 * NOISE_WEIGHT(v.OTHER_AT, q.RIDGE) / v.OTHER_AT, v.OTHERS),
        ),
    ),
    scope=("optimality",),
)
WIDTH = Definition(
    text="a teacher has a feature", relations=(Ge(q.WIDTH, 1),), scope=("thm-3.1-markov",)
)
MEAN_ALIGNMENT = Definition(
    text="mean of kappa_S over random features, and the probability that it exceeds its level",
    relations=(
        Ge(v.KAPPA_DRAWN, 0),
        Eq(q.MEAN_KAPPA, v.Mean(v.KAPPA_DRAWN, v.FEATURE_DRAWS)),
        Eq(q.MISS_RISK, v.Mean(v.MISSED_DRAWN, v.FEATURE_DRAWS)),
    ),
    scope=("thm-3.1-markov",),
)
MISSED, MET = (
    Definition(
        text="the indicator that kappa_S exceeds its level",
        relations=(Eq(v.MISSED_DRAWN, value),),
        when=(relation,),
        scope=("thm-3.1-markov",),
    )
    for value, relation in ((1, Gt(v.KAPPA_DRAWN, LEVEL.expr)), (0, Le(v.KAPPA_DRAWN, LEVEL.expr)))
)
UNSEEN = Definition(
    text="P_0 projects on the functions where the kernel vanishes",
    relations=(
        Eq(q.NULL_ENERGY, v.norm2(v.P_0 * v.TARGET)),
        Eq(q.NULL_TEACHER, v.norm2(v.P_0 * v.TEACHER)),
    ),
    scope=("odd-target",),
)

# S: the degrees 0, 1 and the even ones from 2 to K; sums up to the degree 2n.
COUNTED, INVERTED, EIGENVALUE = (
    Function(name, real=True) for name in ("counted", "inverted", "lambda_even")
)
SEEN_TO, LEFT_FROM = (Function(name, real=True) for name in ("seen", "left"))
LARGEST = Symbol("j_out", integer=True, nonnegative=True)
_HALF, _NEXT = floor(q.CUT / 2), 2 * q.TERM + 2


def eigenvalue(degree: Expr) -> Expr:
    """a_k^2 of ReLU."""
    return f.COEFFICIENT(degree, q.SPACE_DIM, Integer(1)) ** 2


def _added(total: Function, start: Expr, share: Expr) -> tuple[Boolean, ...]:
    harmonics = f.MULTIPLICITY(_NEXT, q.SPACE_DIM)
    return (Eq(total(Integer(0)), start), Eq(total(q.TERM + 1), total(q.TERM) + harmonics * share))


EVEN_DEGREES = Definition(
    text="the eigenvalue of degree 2n + 2",
    relations=(Eq(EIGENVALUE(q.TERM), eigenvalue(_NEXT)),),
    free=(q.TERM,),
    scope=("thm-3.1-limit", "optimality-limit", "leverage-power"),
)
ONE_DEGREE = Definition(
    text="D is at least what one degree gives it",
    relations=(
        Ge(
            q.SPREAD, f.MULTIPLICITY(_NEXT, q.SPACE_DIM) * NOISE_WEIGHT(EIGENVALUE(q.TERM), q.RIDGE)
        ),
    ),
    free=(q.TERM,),
    scope=("optimality-limit",),
)
DEGREES = Definition(
    text="S holds the harmonics of the degrees 0, 1 and the even ones up to K",
    relations=(
        *_added(COUNTED, 1 + q.SPACE_DIM, Integer(1)),
        *_added(
            INVERTED,
            1 / eigenvalue(Integer(0)) + q.SPACE_DIM / eigenvalue(Integer(1)),
            1 / EIGENVALUE(q.TERM),
        ),
        Eq(q.SIZE, COUNTED(_HALF)),
        Eq(q.INVERSE_SUM, INVERTED(_HALF)),
        Eq(q.TRACE, f.TRACE(Integer(1), q.SPACE_DIM)),
    ),
    free=(q.TERM,),
    scope=("thm-3.1-limit",),
)
_BEYOND, _SHARE = 2 * (_HALF + q.TERM) + 2, EIGENVALUE(_HALF + q.TERM)
FREEDOM_SUM = Definition(
    text="d(mu) = sum_k N_k lambda_k/(lambda_k + mu): up to the degree 2n, and what is left beyond "
    "K + 2n, which vanishes as n grows",
    relations=(
        *_added(
            SEEN_TO,
            *(
                eigenvalue(Integer(0)) / (eigenvalue(Integer(0)) + q.LEVEL)
                + q.SPACE_DIM * eigenvalue(Integer(1)) / (eigenvalue(Integer(1)) + q.LEVEL),
                EIGENVALUE(q.TERM) / (EIGENVALUE(q.TERM) + q.LEVEL),
            ),
        ),
        Eq(
            LEFT_FROM(q.TERM),
            f.MULTIPLICITY(_BEYOND, q.SPACE_DIM) * _SHARE / (_SHARE + q.LEVEL)
            + LEFT_FROM(q.TERM + 1),
        ),
        at_infinity(LEFT_FROM(q.TERM), Integer(0), q.TERM),
        Eq(q.FREEDOM, SEEN_TO(_HALF) + LEFT_FROM(Integer(0))),
    ),
    free=(q.TERM,),
    scope=("leverage-power",),
)
BEYOND = Definition(
    text="lambda_out is one of the eigenvalues beyond K",
    relations=(Eq(q.LAMBDA_OUT, eigenvalue(2 * (_HALF + LARGEST) + 2)),),
    scope=("thm-3.1-limit",),
)

OF_MODELS = (
    *(EVEN_DEGREES, ONE_DEGREE, DEGREES, BEYOND, FREEDOM_SUM),
    *(TWO_LEVELS, ONE_DIRECTION, STUDENT_SLOPE, OUTSIDE_STRONG, WEAK_ENERGY),
    *(TRACE_SUMS, EQUIVALENT, WIDTH, MEAN_ALIGNMENT, MISSED, MET, UNSEEN),
)
