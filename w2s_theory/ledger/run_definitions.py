"""What the symbols of the consequences of Theorem 4.1 stand for."""

from __future__ import annotations

from sympy import Expr, Integer, Symbol

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.definition import Definition, distance
from w2s_theory.ledger.relations import Eq, Ge, Le

_STARTED = ("pretrained", "pretrained-filters")
START_LOSS = distance(q.START_LOSS, v.START, v.TARGET)
START_DISTANCE = distance(q.START_DISTANCE, v.TEACHER, v.START)
START_GAP = Definition(
    text="the shrinkage of f_S - f_0 for f_T - f_0",
    relations=(Eq(q.START_GAP, v.inner(v.STUDENT - v.START, v.TEACHER - v.STUDENT)),),
    scope=_STARTED,
)
STARTED_STUDENT = Definition(
    text="f_S = f_0 + s(K) (f_T - f_0): the mean over the spectrum, weighted by f_T - f_0",
    relations=(Eq(q.START_GAP, v.Mean(v.FILTER_AT * (1 - v.FILTER_AT), v.SPECTRUM)),),
    scope=("pretrained-filters",),
)
MOVE = Symbol("alpha", positive=True)


def _class(symbol: Symbol, point: Expr) -> Definition:
    moved = v.norm2(v.TEACHER - v.STUDENT - MOVE * (point - v.STUDENT))
    return Definition(
        text="the least change of the distance from f_T on the way from f_S to a point",
        relations=(Ge(moved - v.norm2(v.TEACHER - v.STUDENT), symbol),),
        when=(Le(MOVE, 1),),
        free=(MOVE,),
        scope=("convex-class",),
    )


CLASS_ZERO = _class(q.CLASS_ZERO, Integer(0))
CLASS_TARGET = _class(q.CLASS_TARGET, v.TARGET)
CLASS_POINT = _class(q.CLASS_POINT, v.POINT)
POINT_DISTANCE = distance(q.POINT_DISTANCE, v.TARGET, v.POINT)


def _mixed(whole: Expr, label: Expr, pair: tuple[Expr, ...], *symbols: Symbol) -> Definition:
    one, other = pair
    return Definition(
        text="the mean of two functions, and their shrinkage",
        relations=(
            Eq(
                v.inner(v.ANY, whole),
                q.WEIGHT * v.inner(v.ANY, one) + (1 - q.WEIGHT) * v.inner(v.ANY, other),
            ),
            *(Eq(symbol, v.inner(f, label - f)) for symbol, f in zip(symbols, pair, strict=True)),
        ),
        free=(v.ANY,),
        scope=("mixtures",),
    )


MIXED_STUDENTS = _mixed(v.STUDENT, v.TEACHER, v.STUDENTS, q.ONE_GAP, q.OTHER_GAP)
MIXED_TEACHERS = _mixed(v.TEACHER, v.TARGET, v.TEACHERS, q.ONE_TEACHER_GAP, q.OTHER_TEACHER_GAP)
ONE_LOSS = distance(q.ONE_LOSS, v.STUDENTS[0], v.TARGET)
OTHER_LOSS = distance(q.OTHER_LOSS, v.STUDENTS[1], v.TARGET)
STUDENTS_APART = distance(q.STUDENTS_APART, *v.STUDENTS)
TEACHERS_APART = distance(q.TEACHERS_APART, *v.TEACHERS)
HEAD = Definition(
    text="f_S = sum_i W_i h_i, and r_i = w W_i - <h_i, f_T - f_S> half the gradient in W_i",
    relations=(
        Eq(s.SHRINKAGE, v.Mean(v.WEIGHT_AT * (q.DECAY * v.WEIGHT_AT - v.RESIDUAL_AT), v.FEATURES)),
        Eq(q.HEAD_NORM2, v.Mean(v.WEIGHT_AT**2, v.FEATURES)),
        Le(v.RESIDUAL_AT, q.HEAD_GRADIENT),
        Ge(v.RESIDUAL_AT, -q.HEAD_GRADIENT),
    ),
    scope=("linear-head",),
)
EULER_MISS = Definition(
    text="the derivative of f_S along its weights, less H f_S",
    relations=(Eq(q.EULER_MISS, v.norm2(v.RADIAL - q.HOMOGENEITY * v.STUDENT)),),
    scope=("homogeneous",),
)
WEIGHTS_FLOW = Definition(
    text="d theta/dt = -(1/2) grad (||f - f_T||^2 + w ||theta||^2), in the direction of theta",
    relations=(
        Eq(q.NORM_RATE, v.inner(v.RADIAL, v.TEACHER - v.STUDENT) - q.DECAY * q.PARAMETER_NORM2),
        Eq(q.PARAMETER_NORM2, v.Mean(v.WEIGHT_AT**2, v.FEATURES)),
    ),
    scope=("homogeneous",),
)
WATCHED = Definition(
    text="f_S = s(K) f_T at two times: means over the spectrum, weighted by f_T",
    relations=(
        Eq(q.FIT, v.Mean((1 - v.FILTER_AT) ** 2, v.SPECTRUM)),
        Eq(q.LATER_FIT, v.Mean((1 - v.LATER_AT) ** 2, v.SPECTRUM)),
        Ge(v.LATER_AT - v.FILTER_AT, q.FILTER_RISE),
        Le(v.LATER_AT, q.LATER_MAX),
    ),
    scope=("weak-validation",),
)
UNCONVERGED = Definition(
    text="the student's distance from the projection of f_T on its features",
    relations=(Eq(q.UNCONVERGED, v.norm2(v.STUDENT - v.P_S * v.TEACHER)),),
    scope=("converged",),
)
CEILING = Definition(
    text="the best loss on the true labels is that of their projection",
    relations=(Eq(q.CEILING, v.norm2((1 - v.P_S) * v.TARGET)),),
    scope=("converged",),
)
UNSEEN = Definition(
    text="what the student's features see of what the teacher's cannot",
    relations=(Eq(q.UNSEEN, v.norm2(v.P_S * (1 - v.P_T) * v.TARGET)),),
    scope=("converged",),
)
EQUIVALENT_DEGREES = Definition(
    text="the deterministic equivalent misses rho = kappa/(lambda + kappa) of an eigenfunction; "
    "the student multiplies the rest by s, and adds noise",
    relations=(
        Eq(v.Mean(Integer(1), v.ENERGY), 1),
        Eq(v.MISSED_AT * (1 + q.RIDGE * v.INVERSE_AT), q.RIDGE * v.INVERSE_AT),
        Ge(v.INVERSE_AT, 0),
        Le(v.INVERSE_AT, q.INVERSE_MAX),
        Eq(q.MEAN_INVERSE, v.Mean(v.INVERSE_AT, v.ENERGY)),
        Eq(q.MEAN_INVERSE2, v.Mean(v.INVERSE_AT**2, v.ENERGY)),
        Eq(q.L_TE, v.Mean(v.MISSED_AT, v.ENERGY)),
        Eq(q.BIAS, v.Mean(v.MISSED_AT**2, v.ENERGY)),
        Eq(q.L_ST, v.Mean((1 - v.FILTER_AT * (1 - v.MISSED_AT)) ** 2, v.ENERGY) + q.NOISE),
        Ge(v.FILTER_AT, q.FILTER_MIN),
        Le(v.FILTER_AT, q.FILTER_MAX),
        Ge(q.NOISE, 0),
    ),
    scope=("several-degrees",),
)

RUN_DEFINITIONS = (
    START_LOSS,
    START_DISTANCE,
    START_GAP,
    STARTED_STUDENT,
    CLASS_ZERO,
    CLASS_TARGET,
    CLASS_POINT,
    POINT_DISTANCE,
    MIXED_STUDENTS,
    MIXED_TEACHERS,
    ONE_LOSS,
    OTHER_LOSS,
    STUDENTS_APART,
    TEACHERS_APART,
    HEAD,
    EULER_MISS,
    WEIGHTS_FLOW,
    WATCHED,
    UNCONVERGED,
    CEILING,
    UNSEEN,
    EQUIVALENT_DEGREES,
)
