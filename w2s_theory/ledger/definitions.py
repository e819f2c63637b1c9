"""What the symbols of the statements stand for: the ground on which proofs start.

A definition holds in every setting of the statements in its scope (of all, if it names none).
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Function, Integer, Integral, Symbol, cos, pi, sin, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.chains import ROTATION
from w2s_theory.ledger.definition import Definition, distance
from w2s_theory.ledger.harmonic import Harmonic, Hermite
from w2s_theory.ledger.model_definitions import LINEAR, OF_MODELS
from w2s_theory.ledger.relations import Eq, Ge, Le
from w2s_theory.ledger.run_definitions import RUN_DEFINITIONS

INDEX = Symbol("i", integer=True, nonnegative=True)
_FLOW = ("lem-1", "cor-1")
_GAIN = ("gain-rate", "gain-rate-power", "thm-3.1")
_RATE = ("master-bound-multiscale", *_GAIN)
_LEVERAGE = ("leverage", "ansatz-fails")
_ALIGNED = (
    "kappa-alignment",
    "teacher-rate",
    "master-bound",
    "thm-3.1-markov",
    "converged",
    *_RATE,
    *_LEVERAGE,
)
_CHAINS = ("cor-2", "nstep", "nstep-sharp", "no-boost")


GRAM = Definition(
    text="inner products of target, teacher and student in L2(D)",
    relations=tuple(Eq(symbol, symbol) for symbol in v.GRAM_SYMBOLS),
)
TEACHER_LOSS = distance(q.L_TE, v.TEACHER, v.TARGET)
STUDENT_LOSS = distance(q.L_ST, v.STUDENT, v.TARGET)
FIT = distance(q.FIT, v.TEACHER, v.STUDENT)
SCALED_FIT = distance(q.SCALED_FIT, v.TEACHER, q.SCALE * v.STUDENT)
CENTRE = distance(q.CENTRE_DISTANCE2, v.STUDENT, v.TEACHER / 2)
SPECTRAL_STUDENT = Definition(
    text="f_S = s(K) f_T: by the spectral theorem <g(K) f_T, f_T> is the mean of g over the "
    "spectrum, weighted by f_T",
    relations=(
        Eq(q.STUDENT_TEACHER, v.Mean(v.FILTER_AT, v.SPECTRUM)),
        Eq(q.STUDENT_NORM2, v.Mean(v.FILTER_AT**2, v.SPECTRUM)),
    ),
    scope=("lem-1-filters", *_FLOW),
)
FILTER_RANGE = Definition(
    text="least and largest value of the filter on the spectrum",
    relations=(Ge(v.FILTER_AT, q.FILTER_MIN), Le(v.FILTER_AT, q.FILTER_MAX)),
    scope=("lem-1-filters", "pretrained-filters"),
)


GRADIENT_FLOW = Definition(
    text="gradient flow from 0, dw/dt = -(1/2) grad: s_k = 1 - exp(-lambda_k t)",
    relations=(
        Eq(v.FILTER_AT, s.GRADIENT_FLOW(v.EIGENVALUE_AT, q.TIME)),
        Ge(v.EIGENVALUE_AT, q.EIGENVALUE_MIN),
    ),
    scope=_FLOW,
)
READOUT = Definition(
    text="f_T = sum_i w_i sigma_i, G_ij = <sigma_i, sigma_j>, b_i = <f*, sigma_i>: then "
    "||f_T||^2 - <f_T, f*> = w.(G w - b), and no entry of G w - b exceeds the residual",
    relations=(
        Eq(q.TEACHER_NORM2 - q.TEACHER_TARGET, v.Mean(v.WEIGHT_AT * v.RESIDUAL_AT, v.FEATURES)),
        Le(v.RESIDUAL_AT, q.RESIDUAL),
        Ge(v.RESIDUAL_AT, -q.RESIDUAL),
    ),
    scope=("lem-ls", "cor-1", *_ALIGNED, *LINEAR),
)
LINKS = Definition(
    text="the smallest <f_i, f_{i-1} - f_i> over the links i = 1, ..., n",
    relations=(Ge(v.inner(v.chain(INDEX + 1), v.chain(INDEX) - v.chain(INDEX + 1)), q.LINK_MIN),),
    when=(Le(INDEX, q.CHAIN - 1),),
    free=(INDEX,),
    scope=_CHAINS,
)

LINK = Symbol("j", integer=True, nonnegative=True)
SMALLEST_LINK = Definition(
    text="one of the links, the one after f_j, is the smallest",
    relations=(
        Eq(q.LINK_MIN, v.inner(v.chain(LINK + 1), v.chain(LINK) - v.chain(LINK + 1))),
        Le(LINK, q.CHAIN - 1),
    ),
    scope=_CHAINS,
)


def _rotating(last: Expr, *relations: Boolean) -> Definition:
    return Definition(
        text="f_i has length ||f_T|| cos(phi)^i and the angle theta - i phi to the target, in one "
        "plane",
        relations=relations,
        when=(ROTATION[2].condition, Le(INDEX, last)),
        free=(INDEX,),
        scope=("nstep-sharp",),
    )


_SHRUNK = q.TEACHER_NORM2 * cos(q.PHI) ** (2 * INDEX + 2)
ROTATED = _rotating(
    q.CHAIN,
    Eq(
        v.inner(v.chain(INDEX), v.TARGET),
        sqrt(q.TEACHER_NORM2) * cos(q.PHI) ** INDEX * cos(s.ANGLE[1] - INDEX * q.PHI),
    ),
)
ROTATED_LINK = _rotating(
    q.CHAIN - 1,
    Eq(v.norm2(v.chain(INDEX + 1)), _SHRUNK),
    Eq(v.inner(v.chain(INDEX + 1), v.chain(INDEX)), _SHRUNK),
)

_FORMS, _PROPERTIES = ("kappa-forms", "kappa-properties"), ("kappa-properties",)
_BLOCKS, _SCHUR = ("kappa-linear",), ("teacher-schur",)
PROJECTED_TEACHER = Definition(
    text="a least-squares teacher is the projection of the target: <u, f_T> = <u, P_T f*>",
    relations=(Eq(v.inner(v.ANY, v.TEACHER), v.inner(v.ANY, v.P_T * v.TARGET)),),
    when=(s.NORMAL_EQUATIONS.condition,),
    free=(v.ANY,),
    scope=(*_ALIGNED, *_PROPERTIES, "law-linear-k", *_SCHUR),
)
ALIGNMENT = Definition(
    text="kappa_S = ||(I - P_T) P_S||^2, the least k with ||(I - P_T) P_S u||^2 <= k ||P_S u||^2",
    relations=(
        Ge(q.KAPPA, 0),
        Ge(q.KAPPA * v.norm2(v.P_S * v.ANY), v.norm2((1 - v.P_T) * v.P_S * v.ANY)),
    ),
    free=(v.ANY,),
    scope=(*_ALIGNED, *_FORMS, *_BLOCKS),
)


def _reached(text: str, value: Expr, part: Expr, space: Expr, at: Expr, *scope: str) -> Definition:
    """A unit vector of a space that the operator `part` takes to one of squared norm `value`."""
    unit = Eq(v.norm2(space * at), 1)
    return Definition(
        text=text, relations=(unit, Eq(v.norm2(part * space * at), value)), scope=scope
    )


def _extreme(text: str, value: Expr, part: Expr, space: Expr, at: Expr, *scope: str) -> Definition:
    """The largest of ||part u||^2 over unit vectors of a space, where it is attained."""
    most = Ge(value * v.norm2(space * v.ANY), v.norm2(part * space * v.ANY))
    reached = _reached(text, value, part, space, at, *scope)
    return replace(reached, relations=(most, *reached.relations), free=(v.ANY,))


ALIGNMENT_REACHED = _reached(
    "S is not empty: some unit vector of its span attains kappa_S",
    *(q.KAPPA, 1 - v.P_T, v.P_S, v.WORST, *_FORMS, *_LEVERAGE, *_BLOCKS),
)
PRINCIPAL = Definition(
    text="sigma_min^2: the least ||P_T u||^2 over unit vectors u in span S, where it is attained",
    relations=(
        Ge(v.norm2(v.P_T * v.P_S * v.ANY), q.SIGMA2_MIN * v.norm2(v.P_S * v.ANY)),
        Eq(v.norm2(v.P_S * v.NEAREST), 1),
        Eq(v.norm2(v.P_T * v.P_S * v.NEAREST), q.SIGMA2_MIN),
    ),
    free=(v.ANY,),
    scope=_FORMS,
)
WORST_TARGET = _extreme(
    "the largest loss ||g - P_T g||^2 of least-squares teachers of unit targets g in span S",
    *(q.WORST_LOSS, 1 - v.P_T, v.P_S, v.MISSED, *_FORMS),
)
LARGER_SET = Definition(
    text="kappa of a larger set S' is kappa_S and the rise",
    relations=(
        Ge(
            (q.KAPPA + q.KAPPA_RISE) * v.norm2(v.P_LARGER * v.ANY),
            v.norm2((1 - v.P_T) * v.P_LARGER * v.ANY),
        ),
    ),
    free=(v.ANY,),
    scope=_PROPERTIES,
)
WIDER_TEACHER = _reached(
    "kappa_S of a teacher with more units is kappa_S less the fall",
    *(q.KAPPA - q.KAPPA_FALL, 1 - v.P_WIDER, v.P_S, v.LEFT, *_PROPERTIES),
)
TARGET_LINE = Definition(
    text="kappa for S spanned by f*: every vector of the span is a multiple of f*",
    relations=(Eq(v.norm2((1 - v.P_T) * v.TARGET), q.KAPPA_TARGET * q.TARGET_NORM2),),
    scope=_PROPERTIES,
)
_TURN = v.ROTATION, v.BACK
TURNED = _extreme(
    "kappa after a rotation R: of the projections R P_T R* and R P_S R*",
    *(q.KAPPA_TURNED, 1 - _TURN[0] * v.P_T * _TURN[1], _TURN[0] * v.P_S * _TURN[1], v.TURNED),
    *_PROPERTIES,
)
FEATURE_BLOCKS = Definition(
    text="features with strong part A and Gram matrix W of their weak parts: their own Gram matrix "
    "is G = A^T A + W, and P_T is the projection on their span; W is positive definite",
    relations=(
        Eq(
            v.inner(v.ANY, v.FEATURE_GRAM * v.ANY),
            v.norm2(v.STRONG * v.ANY) + v.inner(v.ANY, v.WEAK * v.ANY),
        ),
        Eq(
            v.norm2(v.P_T * v.P_S * v.ANY),
            v.inner(v.ANY, v.STRONG * v.GRAM_INVERSE * v.STRONG_T * v.ANY),
        ),
        Ge(v.inner(v.ANY, v.WEAK_INVERSE * v.ANY), 0),
    ),
    free=(v.ANY,),
    scope=(*_BLOCKS, "law-linear-k", *_SCHUR),
)
BLOCK = v.STRONG * v.WEAK_INVERSE * v.STRONG_T
LEAST_BLOCK = Definition(
    text="mu_min: the least eigenvalue of A W^-1 A^T on S, with a unit eigenvector",
    relations=(
        Ge(v.inner(v.ANY, BLOCK * v.ANY), q.BLOCK_MIN * v.norm2(v.P_S * v.ANY)),
        Eq(v.inner(v.ANY, BLOCK * v.WEAKEST), q.BLOCK_MIN * v.inner(v.ANY, v.P_S * v.WEAKEST)),
        Eq(v.norm2(v.P_S * v.WEAKEST), 1),
    ),
    free=(v.ANY,),
    scope=_BLOCKS,
)
SOLVED = Definition(
    text="H is the inverse of I + A W^-1 A^T on S",
    relations=(
        Eq(v.inner(v.ANY, (1 + BLOCK) * v.SOLVED * v.WORST), v.inner(v.ANY, v.P_S * v.WORST)),
    ),
    free=(v.ANY,),
    scope=_BLOCKS,
)
SOLVED_TARGET = Definition(
    text="H is the inverse of I + A W^-1 A^T on S: b^T H b and ||H b||^2, b the target's part in S",
    relations=(
        Eq(v.inner(v.ANY, (1 + BLOCK) * v.SOLVED * v.TARGET), v.inner(v.ANY, v.P_S * v.TARGET)),
        Eq(q.BLOCK_LOSS, v.inner(v.TARGET, v.SOLVED * v.TARGET)),
        Eq(q.BLOCK_SQUARE, v.norm2(v.SOLVED * v.TARGET)),
    ),
    free=(v.ANY,),
    scope=("law-linear-k", *_SCHUR),
)
RANK_ONE = Definition(
    text="e = b^T R^-1 b, R = G - b b^T: for g = sum_i x_i sigma_i with R x = b, G x = (1 + e) b",
    relations=(
        Eq(
            v.inner(v.P_T * v.ANY, v.FORM_SOLVED),
            (1 + q.EVEN_ENERGY) * v.inner(v.P_T * v.ANY, v.TARGET),
        ),
        Eq(v.inner(v.ANY, v.P_T * v.FORM_SOLVED), v.inner(v.ANY, v.FORM_SOLVED)),
        Eq(v.inner(v.TARGET, v.FORM_SOLVED), q.EVEN_ENERGY),
    ),
    free=(v.ANY,),
    scope=_SCHUR,
)
FEATURE_MEANS = Definition(
    text="means over the features, h the average of the g(u_i) sigma_i/a_k: in their span, so the "
    "teacher's loss on g is at most ||h - g||^2",
    relations=(
        Eq(q.MEAN_LOSS, v.Mean(v.LOSS_DRAWN, v.FEATURE_DRAWS)),
        Eq(q.MEAN_KAPPA, v.Mean(v.KAPPA_DRAWN, v.FEATURE_DRAWS)),
        Le(v.LOSS_DRAWN, v.ESTIMATE_DRAWN),
    ),
    scope=("kappa-width", "thm-3.1-markov"),
)
PROJECTED_MISS = Definition(
    text="the teacher's loss within S",
    relations=(Eq(q.PROJECTED_MISS, v.norm2(v.P_S * (v.TEACHER - v.TARGET))),),
    scope=_ALIGNED,
)

_MASTER = ("master-bound", "thm-3.1-markov", *_RATE)
FILTERED = Definition(
    text="f_S = s(K) f_T",
    relations=(Eq(v.inner(v.ANY, v.STUDENT), v.inner(v.ANY, v.FILTER * v.TEACHER)),),
    free=(v.ANY,),
    scope=_MASTER,
)
TARGET_OUTSIDE = Definition(
    text="the target's energy outside S_0",
    relations=(Eq(q.TARGET_OUTSIDE, v.norm2((1 - v.P_0) * v.TARGET)),),
    scope=(*_MASTER, *_PROPERTIES, *_LEVERAGE, *_SCHUR),
)


def _spectral(part: Expr, measure: Symbol, at: Symbol, *ranges: Boolean) -> Definition:
    flow = s.GRADIENT_FLOW(at, q.TIME)
    return Definition(
        text=f"gradient flow on the {measure}: the norms of s(K) and I - s(K) there",
        relations=(
            Eq(v.norm2(part * v.TEACHER), v.Mean(1, measure)),
            Eq(v.norm2(v.FILTER * part * v.TEACHER), v.Mean(flow**2, measure)),
            Eq(v.norm2((1 - v.FILTER) * part * v.TEACHER), v.Mean((1 - flow) ** 2, measure)),
            *ranges,
        ),
        scope=_MASTER,
    )


FLOW_WITHIN = _spectral(v.P_0, v.WITHIN, v.WITHIN_AT, Ge(v.WITHIN_AT, q.LAMBDA_TARGET))
FLOW_BETWEEN = _spectral(v.P_S - v.P_0, v.BETWEEN, v.BETWEEN_AT, Ge(v.BETWEEN_AT, q.EIGENVALUE_MIN))
FLOW_OUTSIDE = _spectral(
    1 - v.P_S,
    v.OUTSIDE,
    v.OUTSIDE_AT,
    Ge(v.OUTSIDE_AT, q.EIGENVALUE_MIN),
    Le(v.OUTSIDE_AT, q.LAMBDA_OUT),
)

_NEXT = q.DEGREE + 1
HARMONICS = Definition(
    text="the polynomials P_k of the sphere by their recurrence, P_0 = 1 and P_1 = t",
    relations=(
        Eq(
            (_NEXT + q.SPACE_DIM - 2) * Harmonic(_NEXT + 1, q.SPACE_DIM, q.POINT),
            (2 * _NEXT + q.SPACE_DIM - 2) * q.POINT * Harmonic(_NEXT, q.SPACE_DIM, q.POINT)
            - _NEXT * Harmonic(q.DEGREE, q.SPACE_DIM, q.POINT),
        ),
    ),
    when=(Ge(q.SPACE_DIM, 2),),
    free=(q.DEGREE, q.SPACE_DIM, q.POINT),
)
HERMITES = Definition(
    text="the polynomials He_k by their recurrence, He_0 = 1 and He_1 = t",
    relations=(
        Eq(
            Hermite(_NEXT + 1, q.POINT),
            q.POINT * Hermite(_NEXT, q.POINT) - _NEXT * Hermite(q.DEGREE, q.POINT),
        ),
    ),
    free=(q.DEGREE, q.POINT),
)

# Scales S = S_0, S_1, ..., S_n beyond S, each a part of the next, in falling order of eigenvalues.
SCALES = Symbol("n_S", integer=True, nonnegative=True)
KAPPA_AT, EIGENVALUE_BEYOND, LEAKED_TO = (
    Function(name, real=True) for name in ("kappa", "lambda", "leaked")
)


def passed(index: Expr) -> Expr:
    """s^2 at the largest eigenvalue beyond S_i."""
    return s.GRADIENT_FLOW(EIGENVALUE_BEYOND(index), q.TIME) ** 2


def _beyond(outer: Expr, index: Expr) -> Boolean:
    shell = outer - v.scale(index)
    bound = passed(index) * v.norm2(shell * v.TEACHER)
    return Ge(bound, v.norm2(v.FILTER * shell * v.TEACHER))


SCALE_ALIGNMENT = Definition(
    text="kappa of S_i, as that of S: it is at most 1",
    relations=(
        Ge(KAPPA_AT(INDEX), 0),
        Le(KAPPA_AT(INDEX), 1),
        Ge(
            KAPPA_AT(INDEX) * v.norm2(v.scale(INDEX) * v.ANY),
            v.norm2((1 - v.P_T) * v.scale(INDEX) * v.ANY),
        ),
    ),
    free=(v.ANY, INDEX),
    scope=_RATE,
)
SCALE_FLOW = Definition(
    text="no eigenvalue beyond S_i exceeds lambda(i), nor does abs(1 - exp(-lambda t)), which "
    "grows with lambda >= 0, exceed its value there",
    relations=(
        _beyond(v.scale(INDEX + 1), INDEX),
        _beyond(Integer(1), INDEX),
        Ge(EIGENVALUE_BEYOND(INDEX), EIGENVALUE_BEYOND(INDEX + 1)),
        Ge(EIGENVALUE_BEYOND(INDEX), 0),
    ),
    when=(s.EIGENVALUES_NONNEGATIVE.condition,),
    free=(INDEX,),
    scope=_RATE,
)
LEAK = Definition(
    text="what may leak out, over L_TE: by parts up to S_n, at once beyond it",
    relations=(
        Eq(LEAKED_TO(Integer(0)), 0),
        Eq(
            LEAKED_TO(INDEX + 1),
            LEAKED_TO(INDEX) + (passed(INDEX) - passed(INDEX + 1)) * KAPPA_AT(INDEX + 1),
        ),
        Eq(q.LEAKED, LEAKED_TO(SCALES) + passed(SCALES)),
        Eq(EIGENVALUE_BEYOND(Integer(0)), q.LAMBDA_OUT),
    ),
    free=(INDEX,),
    scope=_RATE,
)

_FAR = (*_GAIN, *_LEVERAGE, "teacher-rate")
HIDDEN = Definition(
    text="Delta = ||K^(1/2) (I - P_T)||^2, the least with ||K^(1/2) (I - P_T) u||^2 <= Delta "
    "||u||^2; its adjoint takes the kernel's unit ball to what the teacher misses of it",
    relations=(
        Ge(q.HIDDEN, 0),
        Ge(q.HIDDEN * v.norm2(v.ANY), v.norm2(v.ROOT * (1 - v.P_T) * v.ANY)),
    ),
    free=(v.ANY,),
    scope=_FAR,
)
HIDDEN_REACHED = _reached(
    "Delta is attained, as K is compact",
    *(q.HIDDEN, v.ROOT * (1 - v.P_T), Integer(1), v.FARTHEST, *_LEVERAGE),
)
SEEN = Definition(
    text="lambda_0 is at most every eigenvalue in S",
    relations=(Ge(v.norm2(v.ROOT * v.P_S * v.ANY), q.LAMBDA_TARGET * v.norm2(v.P_S * v.ANY)),),
    free=(v.ANY,),
    scope=_FAR,
)
OUTSIDE_ENERGY = Definition(
    text="the mean eigenvalue of the spectral measure of (I - P_S) f_T",
    relations=(Eq(v.norm2(v.ROOT * (1 - v.P_S) * v.TEACHER), v.Mean(v.OUTSIDE_AT, v.OUTSIDE)),),
    scope=_GAIN,
)
_MISSED = (1 - v.P_T) * v.ANY
DEVIATION = Definition(
    text="K - K_M <= tau (K + mu); the features' mean K_M vanishes where the teacher is blind",
    relations=(
        Eq(v.inner(_MISSED, v.EMPIRICAL * _MISSED), 0),
        Ge(
            q.DEVIATION * (v.norm2(v.ROOT * v.ANY) + q.LEVEL * v.norm2(v.ANY)),
            v.norm2(v.ROOT * v.ANY) - v.inner(v.ANY, v.EMPIRICAL * v.ANY),
        ),
    ),
    free=(v.ANY,),
    scope=_LEVERAGE,
)

PREIMAGE = Definition(
    text="the target lies in the kernel's space: f* = K^(1/2) g, and ||g||^2 is its energy there",
    relations=(
        Eq(v.inner(v.ANY, v.ROOT * v.PREIMAGE), v.inner(v.ANY, v.TARGET)),
        Eq(v.norm2(v.PREIMAGE), q.TARGET_ENERGY),
    ),
    free=(v.ANY,),
    scope=("teacher-rate", "gain-rate-power"),
)
TARGET_VALUES = Definition(
    text="h = sum_k f*_k/a_k on the sphere: its mean square and its largest square",
    relations=(
        Eq(v.Mean(1, v.INPUTS), 1),
        Eq(v.Mean(v.DUAL_AT**2, v.INPUTS), q.TARGET_ENERGY),
        Ge(q.FLATNESS * q.TARGET_ENERGY, v.DUAL_AT**2),
    ),
    scope=("teacher-lower", "gain-rate-power"),
)
ON_ARM = Symbol("x", real=True)
SPLINE = Definition(
    text="B = sin(u) sin(v) on the arc of two arms, r and h long, u from the end of the arm that x "
    "is on, v the length of the other one",
    relations=(
        Eq(v.SPLINE_AT, sin(v.NEAR_AT) * sin(v.OTHER_ARM_AT)),
        *(Ge(room, 0) for at in (v.NEAR_AT, v.OTHER_ARM_AT) for room in (at, pi - at)),
        Eq(
            v.Mean(v.NEAR_AT**2 * v.OTHER_ARM_AT**2, v.ARC),
            q.NEXT_GAP**2 * Integral(ON_ARM**2, (ON_ARM, 0, q.PAIR_GAP))
            + q.PAIR_GAP**2 * Integral(ON_ARM**2, (ON_ARM, 0, q.NEXT_GAP)),
        ),
    ),
    scope=("ansatz-fails",),
)

DEFINITIONS = (
    SPLINE,
    *(TARGET_VALUES, PREIMAGE),
    *(HIDDEN, HIDDEN_REACHED, SEEN, OUTSIDE_ENERGY, DEVIATION),
    *OF_MODELS,
    *(HARMONICS, HERMITES),
    *(SCALE_ALIGNMENT, SCALE_FLOW, LEAK),
    *(FILTERED, TARGET_OUTSIDE, FLOW_WITHIN, FLOW_BETWEEN, FLOW_OUTSIDE),
    *(PROJECTED_TEACHER, ALIGNMENT, PROJECTED_MISS, ALIGNMENT_REACHED, PRINCIPAL, WORST_TARGET),
    *(FEATURE_BLOCKS, LEAST_BLOCK, SOLVED, SOLVED_TARGET, RANK_ONE, FEATURE_MEANS),
    *(LARGER_SET, WIDER_TEACHER, TARGET_LINE, TURNED),
    *(GRAM, TEACHER_LOSS, STUDENT_LOSS, FIT, SCALED_FIT, CENTRE),
    *(SPECTRAL_STUDENT, FILTER_RANGE, GRADIENT_FLOW, READOUT, LINKS),
    *(SMALLEST_LINK, ROTATED, ROTATED_LINK),
    *RUN_DEFINITIONS,
)
