"""How students are trained: heads, homogeneous networks, validation, projections, degrees."""

from __future__ import annotations

from sympy import And, Expr, Implies, Integer, Rational
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import section7 as z
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le, Lt
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_CHECKS = "checks/test_consequences.py"
_PROOF = "proofs/symbolic/trained_students.py"
_REFERENCE = "Extension of Theorem 4.1"
_ALWAYS = (Evidence.SYMBOLIC, Evidence.PROPERTY)
_ONE = Integer(1)
_FAIR = And(s.UNIT_TARGET.condition, s.TEACHER_SHRINKS.condition)
_FLOOR = Ge(q.L_ST, s.SHRINKAGE_FLOOR.expr)

# --- a linear head --------------------------------------------------------------------------------

STATIONARY = Assumption(
    "head-stationary",
    "the head is at a stationary point of ||f - f_T||^2 + omega ||W||^2",
    Eq(q.HEAD_GRADIENT, 0),
)
DECAY = Assumption("decay", "the weight decay omega is nonnegative", Ge(q.DECAY, 0))
_HEAD = (STATIONARY, DECAY)


def _head(shrinkage: Expr = q.DECAY * q.HEAD_NORM2, fair: Boolean = _FAIR) -> tuple[Boolean, ...]:
    return (Eq(s.SHRINKAGE, shrinkage), Ge(s.SHRINKAGE, 0), Implies(fair, _FLOOR))


LINEAR_HEAD = Statement(
    id="linear-head",
    kind=Kind.COROLLARY,
    title="Any network with a trained linear head keeps the limit",
    source=Source.EXTENSION,
    text="f = W h(x), a bias counted as a feature: at a stationary point of the head alone the "
    f"shrinkage is {say(q.DECAY * q.HEAD_NORM2)}, whatever h is and however it was trained.",
    claim=_head(),
    assumes=_HEAD,
    uses=("def-1", "thm-4.1"),
    needs=(Evidence.FORMAL, *_ALWAYS),
    reference=_REFERENCE,
    proof=_PROOF,
    formal="linear_head",
    mutants=(
        Mutant("any-head", "the head need not be at a stationary point", assumes=(DECAY,)),
        Mutant("negative-decay", "the weight decay may be negative", assumes=(STATIONARY,)),
        Mutant("twice-decay", "it is twice as much", claim=_head(2 * q.DECAY * q.HEAD_NORM2)),
        Mutant(
            "any-teacher",
            "the limit holds for every teacher",
            claim=_head(fair=s.UNIT_TARGET.condition),
        ),
    ),
)

# --- homogeneous networks -------------------------------------------------------------------------

EULER = Assumption(
    "homogeneous",
    "f is homogeneous of degree H in its weights, <theta, grad f> = H f (Euler)",
    Eq(q.EULER_MISS, 0),
)
DEGREE = Assumption("positive-degree", "H > 0", Gt(q.HOMOGENEITY, 0))
_NETWORK = (EULER, DEGREE, DECAY)
GROWS = Ge(q.NORM_RATE, 0)


def _homogeneous(
    rate: Expr = q.HOMOGENEITY * s.SHRINKAGE, grows: Boolean = GROWS, fair: Boolean = _FAIR
) -> tuple[Boolean, ...]:
    return (
        Eq(q.NORM_RATE, rate - q.DECAY * q.PARAMETER_NORM2),
        Implies(grows, Ge(s.SHRINKAGE, 0)),
        Implies(And(grows, fair), _FLOOR),
    )


HOMOGENEOUS = Statement(
    id="homogeneous",
    kind=Kind.THEOREM,
    title="A homogeneous network keeps the limit while its weight norm does not fall",
    source=Source.EXTENSION,
    text="ReLU networks without biases are homogeneous of their depth. Along gradient flow of all "
    "layers on the teacher's labels, with weight decay or without, the rate of half the squared "
    "norm of the weights is the degree times the shrinkage, less the decay: as long as the norm "
    f"does not fall, and at every stationary point, {cite('thm-4.1')} holds. (Witness that it is "
    "needed: a student that starts with large weights.)",
    claim=_homogeneous(),
    assumes=_NETWORK,
    uses=("def-1", "thm-4.1"),
    needs=(*_ALWAYS, Evidence.WITNESS),
    reference=_REFERENCE,
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "any-network", "the network need not be homogeneous", assumes=dropped(_NETWORK, EULER)
        ),
        Mutant("degree-1", "the degree does not matter", claim=_homogeneous(s.SHRINKAGE)),
        Mutant(
            "falling-norm", "the norm may fall", claim=_homogeneous(grows=Ge(q.PARAMETER_NORM2, 0))
        ),
        Mutant(
            "negative-decay", "the weight decay may be negative", assumes=dropped(_NETWORK, DECAY)
        ),
        Mutant(
            "any-teacher",
            "the limit holds for every teacher",
            claim=_homogeneous(fair=s.UNIT_TARGET.condition),
        ),
    ),
)

# --- validation on the teacher's labels -----------------------------------------------------------

RISES = Assumption("filter-rises", "the filter does not fall with time", Ge(q.FILTER_RISE, 0))
LATER_AT_MOST_ONE = Assumption(
    "later-filter-at-most-one", "it never overshoots", Le(q.LATER_MAX, 1)
)
_WATCHED = (RISES, LATER_AT_MOST_ONE)


def _validation(earlier: Expr = q.FIT, flow: Boolean | None = None) -> tuple[Boolean, ...]:
    later = s.GRADIENT_FLOW(q.EIGENVALUE, q.LATER_TIME) - s.GRADIENT_FLOW.expr
    onwards = And(Ge(q.EIGENVALUE, 0), Ge(q.LATER_TIME, q.TIME))
    return (Le(q.LATER_FIT, earlier), Implies(onwards, Ge(later, 0) if flow is None else flow))


WEAK_VALIDATION = Statement(
    id="weak-validation",
    kind=Kind.COROLLARY,
    title="Agreement with the teacher never stops training early",
    source=Source.EXTENSION,
    text="Whatever filter does not fall with time and does not overshoot, such as gradient flow's, "
    "the misfit does not rise with time: no stopping time agrees better with the teacher's labels "
    "than the longest training does.",
    claim=_validation(),
    assumes=_WATCHED,
    uses=("lem-1",),
    needs=(Evidence.FORMAL, *_ALWAYS),
    reference="Extension of Lemma 1",
    proof=_PROOF,
    formal="weak_validation",
    mutants=(
        Mutant("overshoot", "s may exceed 1", assumes=(RISES,)),
        Mutant("any-filter", "the filter may fall", assumes=(LATER_AT_MOST_ONE,)),
        Mutant("strict", "the misfit is halved", claim=_validation(q.FIT / 2)),
        Mutant("loss", "the misfit is below the student's loss", claim=_validation(q.L_ST)),
    ),
)

# --- squared loss only ----------------------------------------------------------------------------

_ALIGNED = 1 - q.L_TE
PROJECTED = (
    s.UNIT_TARGET,
    Assumption("loss-under-one", "L_TE < 1", Lt(q.L_TE, 1)),
    Assumption(
        "loss-is-complement",
        "||f_T||^2 = 1 - L_TE (least squares)",
        Eq(q.TEACHER_NORM2, 1 - q.L_TE),
    ),
    Assumption(
        "student-is-projection-on-target",
        "f_S = (1 - L_TE) f*",
        Eq(
            q.squared_distance(
                q.STUDENT_NORM2, _ALIGNED**2 * q.TARGET_NORM2, _ALIGNED * q.STUDENT_TARGET
            ),
            0,
        ),
    ),
)


def _squared_only(
    loss: Expr = q.L_TE**2, gap: Expr = Integer(0), share: Expr = _ONE
) -> tuple[Boolean, ...]:
    cosine2 = q.STUDENT_TARGET**2
    return (
        Eq(s.SHRINKAGE, gap),
        Eq(q.L_ST, loss),
        Eq(cosine2, share * q.STUDENT_NORM2 * q.TARGET_NORM2),
        Gt(q.STUDENT_TARGET, 0),
    )


SQUARED_ONLY = Statement(
    id="squared-only",
    kind=Kind.WITNESS,
    title="The limit is one of squared loss only",
    source=Source.EXTENSION,
    text="For a least-squares teacher the student that is its projection on f* is shrinkage "
    "optimal "
    f"with loss exactly {say(q.L_TE**2)}, and perfectly aligned with the target: correlation, "
    "ranking, accuracy and the loss after the best rescaling have no floor.",
    claim=_squared_only(),
    assumes=PROJECTED,
    uses=("thm-4.1",),
    needs=(*_ALWAYS, Evidence.WITNESS),
    reference=_REFERENCE,
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "sharp",
            "its loss is the floor of Theorem 4.1",
            claim=_squared_only(s.SHRINKAGE_FLOOR.expr),
        ),
        Mutant("inside", "it lies inside the ball", claim=_squared_only(gap=q.L_TE / 100)),
        Mutant(
            "correlation",
            "its correlation squared is 99/100",
            claim=_squared_only(share=Rational(99, 100)),
        ),
        Mutant("any-student", "every student", assumes=PROJECTED[:3]),
    ),
)

# --- converged students ---------------------------------------------------------------------------

CONVERGED_STUDENT = Assumption(
    "student-converged", "the student is the projection of its teacher", Eq(q.UNCONVERGED, 0)
)


def _converged(
    excess: Expr = q.PROJECTED_MISS,
    fitted: Boolean = s.NORMAL_EQUATIONS.condition,
    most: Expr = q.L_TE,
) -> tuple[Boolean, ...]:
    return (
        Eq(q.L_ST - q.CEILING, excess),
        Implies(fitted, Eq(q.PROJECTED_MISS, q.UNSEEN)),
        Le(q.L_ST - q.CEILING, most),
    )


CONVERGED = Statement(
    id="converged",
    kind=Kind.IDENTITY,
    title="What a converged student loses: what it sees of what its teacher missed",
    source=Source.EXTENSION,
    text="f_S = P_S f_T, P_S the projection on the student's features: the loss above the ceiling "
    "is exactly the part of the teacher's error that the student's features can represent; for a "
    f"least-squares teacher that is {say(q.UNSEEN)}.",
    claim=_converged(),
    assumes=(CONVERGED_STUDENT,),
    uses=("lem-ls",),
    needs=(Evidence.FORMAL, *_ALWAYS),
    reference=_REFERENCE,
    proof=_PROOF,
    formal="converged",
    mutants=(
        Mutant("half", "half of it", claim=_converged(q.PROJECTED_MISS / 2)),
        Mutant("any-student", "the student need not be a projection", assumes=()),
        Mutant(
            "any-teacher",
            "the second form for every teacher",
            claim=_converged(fitted=Ge(q.RESIDUAL, 0)),
        ),
        Mutant("half-teacher", "it is at most half of L_TE", claim=_converged(most=q.L_TE / 2)),
    ),
)

# --- several degrees ------------------------------------------------------------------------------

NONNEGATIVE_RIDGE = Assumption("ridge-nonnegative", "kappa >= 0", Ge(q.RIDGE, 0))
CARRIED = Assumption("carried", "some eigenvalue carries the target", Gt(q.MEAN_INVERSE, 0))
FLOW_IN_UNIT = Assumption(
    "filter-nearly-one",
    "1 - delta <= s <= 1",
    And(Le(q.FILTER_MAX, 1), Ge(q.FILTER_MIN, 1 - q.UNFINISHED)),
)
_DEGREES = (NONNEGATIVE_RIDGE, CARRIED, FLOW_IN_UNIT)
_WIDE = (1 + q.RIDGE * q.INVERSE_MAX) ** 2


def _degrees(
    ratio: Expr = z.DEGREES_RATIO.expr, wide: Expr = _WIDE, noise: Expr = q.NOISE
) -> tuple[Boolean, ...]:
    return (
        Ge(q.BIAS * wide, ratio * q.L_TE**2),
        Le(q.BIAS, ratio * q.L_TE**2 * wide),
        Ge(z.DEGREES_RATIO.expr, 1),
        Ge(q.L_ST, q.BIAS),
        Le(q.L_ST, q.BIAS + 2 * q.UNFINISHED * q.L_TE + q.UNFINISHED**2 + noise),
    )


SEVERAL_DEGREES = Statement(
    id="several-degrees",
    kind=Kind.LAW,
    title="Under universality several degrees keep the order, not the sharp floor",
    source=Source.EXTENSION,
    text="The target has energy on several eigenvalues lambda, over which "
    f"{say(q.MEAN_INVERSE)} is the mean. What training never removes is between explicit "
    f"multiples of {say(q.L_TE**2)} {say(z.DEGREES_RATIO)} that meet as kappa vanishes: "
    f"min_t L_ST over {say(q.L_TE**2)} tends to that ratio, which is least if all lambda agree, "
    f"wherever the noise vanishes against {say(q.L_TE**2)} (optimality-limit) and delta against "
    "L_TE. A law of the deterministic equivalent, an ansatz.",
    claim=_degrees(),
    assumes=_DEGREES,
    uses=("universality", "optimality"),
    needs=_ALWAYS,
    reference="Extension; rests on the universality ansatz",
    proof=_PROOF,
    mutants=(
        Mutant("one-degree", f"the ratio is {say(_ONE)}", claim=_degrees(_ONE)),
        Mutant(
            "jensen",
            "the ratio is that of the means",
            claim=_degrees(q.MEAN_INVERSE2 / q.MEAN_INVERSE),
        ),
        Mutant("at-once", "the ratio is exact at every kappa", claim=_degrees(wide=_ONE)),
        Mutant("no-noise", "the noise dropped", claim=_degrees(noise=Integer(0))),
        Mutant(
            "unfinished",
            "the student may stop at any time",
            assumes=(NONNEGATIVE_RIDGE, CARRIED, Assumption("s", "s <= 1", Le(q.FILTER_MAX, 1))),
        ),
    ),
)

PLACE = 105
STATEMENTS = (LINEAR_HEAD, HOMOGENEOUS, WEAK_VALIDATION, SQUARED_ONLY, CONVERGED, SEVERAL_DEGREES)
