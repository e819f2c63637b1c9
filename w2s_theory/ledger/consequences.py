"""Consequences of Theorem 4.1 for one run: what its teacher, start, ceiling and labels allow.

The formulas are those of `section7`; the convexity of classes and mixtures is in `convex_students`,
how students are trained in `trained_students`.
"""

from __future__ import annotations

from sympy import And, Expr, Implies, Integer, Rational, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import section7 as z
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.references import IN_PAPER
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
_PROOF = "proofs/symbolic/consequences.py"
_REFERENCE = "Extension of Theorem 4.1"
_ALL = (Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY)
_LIMIT = (s.UNIT_TARGET, s.TEACHER_SHRINKS, s.STUDENT_SHRINKS)

# --- the instance floor ---------------------------------------------------------------------------

NEARLY_SHRINKS = Assumption(
    "student-nearly-shrinkage-optimal",
    "the student is shrinkage optimal up to the slack, <f_S, f_T - f_S> >= -epsilon",
    Ge(s.SHRINKAGE, -q.SLACK),
)
INSTANCE = (s.UNIT_TARGET, NEARLY_SHRINKS)
INSIDE = (q.TEACHER_NORM2 + 2 * q.SLACK, 1 + q.L_TE)
_INSIDE_BALL, SHORT = Ge(*INSIDE), Le(q.TEACHER_NORM2, 1 - q.L_TE)
_EARLY = Ge(INSIDE[0], 1)


def _instance(
    floor: Expr = z.INSTANCE_FLOOR.expr, inside: Boolean = _INSIDE_BALL, short: Boolean = SHORT
) -> tuple[Boolean, ...]:
    tight = z.INSTANCE_FLOOR(q.L_TE, q.TEACHER_NORM2, Integer(0))
    return (
        Ge(q.L_ST, floor),
        Implies(inside, Eq(z.INSTANCE_FLOOR.expr, 0)),
        Implies(Lt(*INSIDE), Gt(z.INSTANCE_FLOOR.expr, 0)),
        Implies(short, Ge(tight, s.SHRINKAGE_FLOOR.expr)),
    )


THM_4_1_INSTANCE = Statement(
    id="thm-4.1-instance",
    kind=Kind.THEOREM,
    title="The floor of one run: nothing is assumed of the teacher",
    source=Source.EXTENSION,
    text="The student lies in the ball about half of f_T that its shrinkage allows (the slack may "
    "be negative), and its loss is at least the squared distance of the target from that ball, "
    "which vanishes exactly where the target lies in it. A shrinkage-optimal teacher has "
    f"{say(SHORT)}, and then this floor is at least {cite('thm-4.1')}'s, which is its corollary. "
    "(A target of another norm: divide losses, squared norms and slack by its square.)",
    claim=_instance(),
    assumes=INSTANCE,
    uses=("def-1",),
    needs=(*_ALL, Evidence.WITNESS),
    reference=_REFERENCE,
    proof=_PROOF,
    checks=(_CHECKS,),
    formal="thm_4_1_instance",
    mutants=(
        Mutant(
            "slack-halved",
            "4 epsilon under the root becomes 2 epsilon",
            claim=_instance(z.INSTANCE_FLOOR(q.L_TE, q.TEACHER_NORM2, q.SLACK / 2)),
        ),
        Mutant(
            "floor-least-squares",
            "the floor of Theorem 4.1 for every teacher",
            claim=_instance(s.SHRINKAGE_FLOOR.expr),
        ),
        Mutant(
            "zero-early",
            f"the floor vanishes as soon as {say(_EARLY)}",
            claim=_instance(inside=_EARLY),
        ),
        Mutant(
            "any-length",
            "it is never below the floor of Theorem 4.1",
            claim=_instance(short=Le(q.TEACHER_NORM2, 1 + q.L_TE)),
        ),
        Mutant(
            "any-norm",
            "the target need not be a unit vector",
            assumes=dropped(INSTANCE, s.UNIT_TARGET),
        ),
        Mutant(
            "any-student",
            "the student need not be shrinkage optimal",
            assumes=dropped(INSTANCE, NEARLY_SHRINKS),
        ),
    ),
)

# --- pre-trained students -------------------------------------------------------------------------

START_SHRINKS = Assumption(
    "student-shrinkage-optimal-from-start",
    "f_S - f_0 is shrinkage optimal for f_T - f_0 up to the slack, "
    "<f_S - f_0, f_T - f_S> >= -epsilon",
    Ge(q.START_GAP, -q.SLACK),
)
PRETRAINED_RUN = (START_SHRINKS,)
OBTUSE = (q.START_DISTANCE + 2 * q.SLACK, q.L_TE + q.START_LOSS)
_RIGHT_ANGLE = Ge(*OBTUSE)


def _pretrained(
    floor: Expr = z.PRETRAINED_FLOOR.expr, obtuse: Boolean = _RIGHT_ANGLE
) -> tuple[Boolean, ...]:
    return (
        Ge(q.L_ST, floor),
        Implies(obtuse, Eq(z.PRETRAINED_FLOOR.expr, 0)),
        Implies(Lt(*OBTUSE), Gt(z.PRETRAINED_FLOOR.expr, 0)),
    )


PRETRAINED = Statement(
    id="pretrained",
    kind=Kind.THEOREM,
    title="The limit of a pre-trained student",
    source=Source.RECONSTRUCTED,
    text="The floor is the squared distance of the target from the ball with diameter from the "
    "start "
    "to f_T, widened by the slack. It vanishes as soon as the angle at f* between the start and "
    "f_T is a right one: a student that starts at the target has no loss before it is trained, so "
    f"starting from the origin is an assumption of {cite('thm-4.1')}. (The paper names pre-trained "
    "student features; the exact form is ours.)",
    claim=_pretrained(),
    assumes=PRETRAINED_RUN,
    uses=("thm-4.1-instance",),
    needs=(*_ALL, Evidence.WITNESS),
    reference=f"{IN_PAPER}, abstract; the exact form is an extension of Theorem 4.1",
    proof=_PROOF,
    checks=(_CHECKS,),
    formal="pretrained",
    mutants=(
        Mutant(
            "from-zero",
            "the floor of a student that starts at the origin",
            claim=_pretrained(z.PRETRAINED_FLOOR(q.L_TE, Integer(1), q.START_DISTANCE, q.SLACK)),
        ),
        Mutant(
            "theorem-4.1", "the floor of Theorem 4.1", claim=_pretrained(s.SHRINKAGE_FLOOR.expr)
        ),
        Mutant(
            "zero-early",
            "the floor vanishes as soon as f_T is further from f_0 than f* is",
            claim=_pretrained(obtuse=Ge(OBTUSE[0], q.START_LOSS)),
        ),
        Mutant(
            "any-student",
            "the student need not be shrinkage optimal",
            assumes=dropped(PRETRAINED_RUN, START_SHRINKS),
        ),
    ),
)

_FILTER = (s.FILTER_NONNEGATIVE, s.FILTER_AT_MOST_ONE)
PRETRAINED_FILTERS = Statement(
    id="pretrained-filters",
    kind=Kind.LEMMA,
    title="Filters in the unit interval are shrinkage optimal from any start",
    source=Source.EXTENSION,
    text="Gradient flow from any start, or any other filter with values in the unit interval, "
    "applied to what f_T differs from the start by: what the student has moved is shrinkage "
    "optimal for what it was to move.",
    claim=(Ge(q.START_GAP, 0),),
    assumes=_FILTER,
    uses=("lem-1-filters",),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference="Extension of Lemma 1",
    proof=_PROOF,
    mutants=(
        Mutant("overshoot", "s may exceed 1", assumes=(s.FILTER_NONNEGATIVE,)),
        Mutant("negative", "s may be negative", assumes=(s.FILTER_AT_MOST_ONE,)),
        Mutant("from-zero", "it is shrinkage optimal for f_T itself", claim=(Ge(s.SHRINKAGE, 0),)),
    ),
)

# --- performance gap recovered --------------------------------------------------------------------

CEILING_BELOW = Assumption(
    "ceiling-below-teacher", "0 <= L_ceiling < L_TE", And(Ge(q.CEILING, 0), Lt(q.CEILING, q.L_TE))
)
_RUN = (*_LIMIT, CEILING_BELOW)
_PERFECT = 1 - s.QUADRATIC_CONSTANT * q.L_TE
_PGR = ((q.PGR, (q.L_TE - q.L_ST) / (q.L_TE - q.CEILING)),)


def _ceiling(
    most: Expr = z.PGR_CEILING.expr, constant: Expr = s.QUADRATIC_CONSTANT, beaten: Expr = q.CEILING
) -> tuple[Boolean, ...]:
    return (
        Le(q.PGR, most),
        Le(z.PGR_CEILING(q.L_TE, Integer(0)), 1 - constant * q.L_TE),
        Implies(Lt(q.L_ST, beaten), Gt(q.PGR, 1)),
    )


PGR_CEILING = Statement(
    id="pgr-ceiling",
    kind=Kind.COROLLARY,
    title=f"{cite('thm-4.1')} bounds the performance gap recovered",
    source=Source.EXTENSION,
    text="With a ceiling student that is perfect the performance gap recovered is at most "
    f"{say(_PERFECT)}. With one that is not, a student that has beaten its ceiling recovers more "
    "than the gap.",
    claim=_ceiling(),
    assumes=_RUN,
    where=_PGR,
    uses=("thm-4.1",),
    needs=_ALL,
    reference=_REFERENCE,
    proof=_PROOF,
    checks=(_CHECKS,),
    formal="pgr_ceiling",
    mutants=(
        Mutant(
            "perfect-ceiling",
            "the bound of a perfect ceiling for every ceiling",
            claim=_ceiling(z.PGR_CEILING(q.L_TE, Integer(0))),
        ),
        Mutant("c-0.76", "3/4 -> 0.76", claim=_ceiling(constant=Rational(76, 100))),
        Mutant("beaten-early", "a student below its teacher", claim=_ceiling(beaten=q.L_TE)),
        Mutant(
            "any-teacher",
            "the teacher need not be shrinkage optimal",
            assumes=dropped(_RUN, s.TEACHER_SHRINKS),
        ),
        Mutant(
            "any-ceiling",
            "the ceiling may be above the teacher",
            assumes=dropped(_RUN, CEILING_BELOW),
        ),
    ),
)

# --- no boosting ----------------------------------------------------------------------------------

_WEAK = (s.UNIT_TARGET, s.TEACHER_SHRINKS)
_ADVANTAGE = ((q.ADVANTAGE, 1 - q.L_TE),)


def _no_boost(
    one: Expr = z.NO_BOOST.expr,
    root: Expr = z.NO_BOOST_ROOT.expr,
    chain: Expr = z.NO_BOOST_CHAIN.expr,
    student: Boolean = s.STUDENT_SHRINKS.condition,
) -> tuple[Boolean, ...]:
    return (
        Implies(student, Le(1 - q.L_ST, one)),
        Le(z.NO_BOOST.expr, root),
        Implies(s.CHAIN_SHRINKS.condition, Le(1 - q.L_ST, chain)),
    )


NO_BOOST = Statement(
    id="no-boost",
    kind=Kind.COROLLARY,
    title="A teacher that is hardly better than nothing is not boosted",
    source=Source.RECONSTRUCTED,
    text=f"With e = {say(_ADVANTAGE[0][1])} small the student's own advantage is at most "
    f"{say(z.NO_BOOST)}, so of the order of the root of e; that of the last student of a chain of "
    f"any length at most {say(z.NO_BOOST_CHAIN)}. (The paper says that a slightly better than "
    "chance teacher cannot be boosted; the exact form is ours.)",
    claim=_no_boost(),
    assumes=_WEAK,
    where=_ADVANTAGE,
    uses=("thm-4.1", "cor-2"),
    needs=_ALL,
    reference=f"{IN_PAPER}, abstract; the exact form is an extension of Theorem 4.1",
    proof=_PROOF,
    checks=(_CHECKS,),
    formal="no_boost",
    mutants=(
        Mutant("no-root", "the advantage at most doubles", claim=_no_boost(2 * q.ADVANTAGE)),
        Mutant(
            "root-alone",
            "the advantage is at most its root",
            claim=_no_boost(root=sqrt(q.ADVANTAGE)),
        ),
        Mutant(
            "chain-as-one",
            "a chain is no better than one student",
            claim=_no_boost(chain=z.NO_BOOST.expr),
        ),
        Mutant(
            "any-student",
            "every student, shrinkage optimal or not",
            claim=_no_boost(student=Ge(q.STUDENT_NORM2, 0)),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be shrinkage optimal",
            assumes=dropped(_WEAK, s.TEACHER_SHRINKS),
        ),
    ),
)

# --- gold labels ----------------------------------------------------------------------------------

WEAK_IN_UNIT = Assumption(
    "weak-share", "0 <= q <= 1", And(Ge(q.WEAK_SHARE, 0), Le(q.WEAK_SHARE, 1))
)
LABEL_SHRINKAGE = (
    q.WEAK_SHARE * q.STUDENT_TEACHER + (1 - q.WEAK_SHARE) * q.STUDENT_TARGET - q.STUDENT_NORM2
)
LABELS_SHRINK = Assumption(
    "student-shrinkage-optimal-for-labels",
    "the student is shrinkage optimal for the labels, <f_S, q f_T + (1 - q) f* - f_S> >= 0",
    Ge(LABEL_SHRINKAGE, 0),
)
GOLD = (s.UNIT_TARGET, s.TEACHER_SHRINKS, WEAK_IN_UNIT, LABELS_SHRINK)
_SHARE2 = q.WEAK_SHARE**2
_TOUCH = ((q.TOUCH, z.GOLD_TOUCH.expr),)


def _gold(
    floor: Expr = z.GOLD_FLOOR.expr,
    constant: Expr = z.GOLD_CONSTANT.expr,
    touch: Expr = q.TOUCH,
    share: Expr = _SHARE2,
) -> tuple[Boolean, ...]:
    parabola = constant * q.L_TE**2
    return (
        Ge(q.L_ST, floor),
        Ge(z.GOLD_FLOOR.expr, parabola),
        Ge(z.GOLD_FLOOR.expr, share * s.SHRINKAGE_FLOOR.expr),
        Eq(z.GOLD_FLOOR(touch, q.WEAK_SHARE), parabola.xreplace({q.L_TE: touch})),
    )


GOLD_LABELS = Statement(
    id="gold-labels",
    kind=Kind.THEOREM,
    title="The limit when some labels are gold",
    source=Source.EXTENSION,
    text="A share q of the labels is the teacher's, the rest is gold: the limit "
    f"is at least {say(_SHARE2)} times {cite('thm-4.1')}'s floor. The constant "
    f"{say(z.GOLD_CONSTANT)} is best: floor and parabola touch at L_TE = {say(z.GOLD_TOUCH)}. "
    f"Without gold labels all of it is {cite('thm-4.1')} and its best constant.",
    claim=_gold(),
    assumes=GOLD,
    where=_TOUCH,
    uses=("thm-4.1-instance",),
    needs=(*_ALL, Evidence.WITNESS),
    reference=_REFERENCE,
    proof=_PROOF,
    checks=(_CHECKS,),
    formal="gold_labels",
    mutants=(
        Mutant("no-gold", "the floor of Theorem 4.1", claim=_gold(s.SHRINKAGE_FLOOR.expr)),
        Mutant("constant-q^2", "the constant is q^2", claim=_gold(constant=_SHARE2)),
        Mutant("share-q", "the limit falls as q", claim=_gold(share=q.WEAK_SHARE)),
        Mutant("touch-2/3", "they touch at 2/3", claim=_gold(touch=Rational(2, 3))),
        Mutant(
            "any-student",
            "the student need not be shrinkage optimal",
            assumes=dropped(GOLD, LABELS_SHRINK),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be shrinkage optimal",
            assumes=dropped(GOLD, s.TEACHER_SHRINKS),
        ),
    ),
)

PLACE = 41
STATEMENTS = (THM_4_1_INSTANCE, PRETRAINED, PRETRAINED_FILTERS, PGR_CEILING, NO_BOOST, GOLD_LABELS)
