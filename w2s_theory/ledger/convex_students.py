"""Students from convex classes, and mixtures of students: misfit, spread and shrinkage."""

from __future__ import annotations

from sympy import And, Expr, Implies, Integer, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import section7 as z
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.references import CHARIKAR
from w2s_theory.ledger.relations import Eq, Ge, Le
from w2s_theory.ledger.statement import Assumption, Evidence, Kind, Mutant, Source, Statement

_CHECKS = "checks/test_consequences.py"
_PROOF = "proofs/symbolic/convex_students.py"

# --- convex classes -------------------------------------------------------------------------------

HOLDS_ZERO, HOLDS_TARGET, HOLDS_POINT = (
    Ge(least, 0) for least in (q.CLASS_ZERO, q.CLASS_TARGET, q.CLASS_POINT)
)
"""A closed convex class that holds 0, f* or g, of which f_S is the member nearest to f_T."""
CROSS = q.STUDENT_TEACHER - q.TEACHER_TARGET - q.STUDENT_NORM2 + q.STUDENT_TARGET
"""<f_T - f_S, f_S - f*>."""
DETOUR = 2 * sqrt(q.POINT_DISTANCE) * sqrt(q.FIT)
LIMITED = And(HOLDS_ZERO, HOLDS_TARGET, s.UNIT_TARGET.condition, s.TEACHER_SHRINKS.condition)


def _class(
    realisable: Boolean = HOLDS_TARGET,
    misfit: Expr = q.FIT,
    limited: Boolean = LIMITED,
    crossed: Expr = 2 * CROSS,
    detour: Expr = DETOUR,
) -> tuple[Boolean, ...]:
    return (
        Implies(HOLDS_ZERO, Ge(s.SHRINKAGE, 0)),
        Implies(realisable, Le(q.L_ST, q.L_TE - misfit)),
        Implies(limited, Le(q.FIT, z.GAIN_CEILING.expr)),
        Eq(q.L_TE - q.L_ST, q.FIT + crossed),
        Implies(HOLDS_POINT, Le(q.L_ST, q.L_TE - q.FIT + detour)),
    )


CONVEX_CLASS = Statement(
    id="convex-class",
    kind=Kind.THEOREM,
    title="In a convex class misfit and shrinkage are one inequality",
    source=Source.LITERATURE,
    text="f_S is the projection of f_T on a closed convex class, so that as seen from f_S no "
    "member is "
    "at an acute angle to f_T. If the origin is a member, f_S is shrinkage optimal; if f* is, the "
    "student gains at least its misfit, the squared distance from its teacher; with both the "
    f"misfit itself is limited by {cite('thm-4.1')}; and for a member near f* a detour is added. "
    "In every case the gain is the misfit plus a cross term. (The gain is the cited work's, the "
    "rest ours.)",
    claim=_class(),
    uses=("def-1", "thm-4.1", "lem-1-convex"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY, Evidence.WITNESS),
    reference=f"{CHARIKAR} (g = f*); extension of Theorem 4.1",
    proof=_PROOF,
    checks=(_CHECKS,),
    formal="convex_class",
    mutants=(
        Mutant(
            "early-stopped",
            "every shrinkage-optimal student gains its misfit",
            claim=_class(realisable=Ge(s.SHRINKAGE, 0)),
        ),
        Mutant(
            "not-convex",
            "it is enough that f* is in the class and further from f_T than f_S",
            claim=_class(realisable=Ge(q.L_TE, q.FIT)),
        ),
        Mutant("target-outside", "the class need not hold f*", claim=_class(realisable=HOLDS_ZERO)),
        Mutant(
            "twice-misfit", "the student gains twice its misfit", claim=_class(misfit=2 * q.FIT)
        ),
        Mutant(
            "any-teacher",
            "the misfit is limited for every teacher",
            claim=_class(limited=And(HOLDS_ZERO, HOLDS_TARGET, s.UNIT_TARGET.condition)),
        ),
        Mutant("one-cross-term", "the cross term counts once", claim=_class(crossed=CROSS)),
        Mutant("no-detour", "a member near f* is as good as f*", claim=_class(detour=Integer(0))),
    ),
)

# --- mixtures -------------------------------------------------------------------------------------

WEIGHT_IN_UNIT = Assumption("weight", "0 <= w <= 1", And(Ge(q.WEIGHT, 0), Le(q.WEIGHT, 1)))
STUDENTS_SHRINK = And(Ge(q.ONE_GAP, 0), Ge(q.OTHER_GAP, 0))
ALL_SHRINK = And(
    STUDENTS_SHRINK, Ge(q.ONE_TEACHER_GAP, 0), Ge(q.OTHER_TEACHER_GAP, 0), s.UNIT_TARGET.condition
)
_SPREAD = q.WEIGHT * (1 - q.WEIGHT)


def mean(one: Expr, other: Expr) -> Expr:
    """The weighted mean of two numbers."""
    return q.WEIGHT * one + (1 - q.WEIGHT) * other


def _mixtures(
    spread: Expr = _SPREAD,
    students: Boolean = STUDENTS_SHRINK,
    everyone: Boolean = ALL_SHRINK,
    loss: Expr = _SPREAD,
) -> tuple[Boolean, ...]:
    gap = mean(q.ONE_TEACHER_GAP, q.OTHER_TEACHER_GAP) + _SPREAD * q.TEACHERS_APART
    return (
        Eq(s.SHRINKAGE, mean(q.ONE_GAP, q.OTHER_GAP) + spread * q.STUDENTS_APART),
        Eq(q.L_ST, mean(q.ONE_LOSS, q.OTHER_LOSS) - loss * q.STUDENTS_APART),
        Eq(q.TEACHER_TARGET - q.TEACHER_NORM2, gap),
        Implies(students, Ge(s.SHRINKAGE, 0)),
        Implies(everyone, Ge(q.L_ST, s.SHRINKAGE_FLOOR.expr)),
    )


MIXTURES = Statement(
    id="mixtures",
    kind=Kind.COROLLARY,
    title="Averages of students, and of teachers, keep the limit",
    source=Source.EXTENSION,
    text="f_S is a weighted mean of two students, and f_T of two teachers. The shrinkage of a "
    "mean is "
    f"the mean shrinkage plus the spread, {say(_SPREAD)} times {say(q.STUDENTS_APART)}, and its "
    "loss the mean loss less the spread: ensembles and averaged iterates are better than their "
    f"members on average, and {cite('thm-4.1')} limits them all the same. (Larger ensembles are "
    "made of two at a time.)",
    claim=_mixtures(),
    assumes=(WEIGHT_IN_UNIT,),
    uses=("def-1", "thm-4.1"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference="Extension of Theorem 4.1",
    proof=_PROOF,
    formal="mixtures",
    mutants=(
        Mutant("no-spread", "shrinkage is linear", claim=_mixtures(spread=Integer(0))),
        Mutant("loss-linear", "the loss is the mean loss", claim=_mixtures(loss=Integer(0))),
        Mutant("any-weight", "the weight may be negative", assumes=()),
        Mutant(
            "one-of-two",
            "one of two students need not be shrinkage optimal",
            claim=_mixtures(students=Ge(q.ONE_GAP, 0)),
        ),
        Mutant(
            "any-teachers",
            "the teachers need not be shrinkage optimal",
            claim=_mixtures(everyone=And(STUDENTS_SHRINK, s.UNIT_TARGET.condition)),
        ),
    ),
)

PLACE = 42
STATEMENTS = (CONVEX_CLASS, MIXTURES)
