"""Theorem 4.1 is sharp: its best constant, the student that attains it, the assumption it needs."""

from __future__ import annotations

from sympy import Expr, Integer, Rational, atan, tan
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.limits import limit
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.relations import Eq, Ge, Lt
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_CHECKS = "checks/test_limits.py"
_TOUCHES, _BEFORE = Rational(2, 3), Rational(3, 5)
HIGHER = Rational(1001, 1000)
"""How much higher than the floor the mutants have it."""


def _best(
    constant: Expr = s.QUADRATIC_CONSTANT, root: Expr = _TOUCHES, exponent: int = 2
) -> tuple[Boolean, ...]:
    gap = 1 + q.L_TE - 2 * s.quadratic(constant)
    return (
        Eq(gap**2 - (1 + 3 * q.L_TE) * (1 - q.L_TE), q.L_TE**2 * (1 - q.L_TE / root) ** exponent),
        Eq(s.SHRINKAGE_FLOOR(q.TOUCH), s.quadratic(constant).xreplace({q.L_TE: q.TOUCH})),
    )


THM_4_1_BEST = Statement(
    id="thm-4.1-best",
    kind=Kind.COROLLARY,
    title=f"{say(s.QUADRATIC_CONSTANT)} is the best constant: the floor touches the parabola at "
    f"L_TE = {say(_TOUCHES)}",
    source=Source.EXTENSION,
    text="The claim's first clause is the difference of two squares, and says that on the unit "
    f"interval the sharp floor equals {say(s.quadratic())} only at L_TE = {say(_TOUCHES)} "
    "and at the trivial end; the second, that it does.",
    claim=_best(),
    where=((q.TOUCH, _TOUCHES),),
    uses=("thm-4.1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference="Extension of Theorem 4.1",
    proof="proofs/symbolic/thm_4_1.py",
    checks=(_CHECKS,),
    formal="thm_4_1_best",
    mutants=(
        Mutant("c-0.7499", "3/4 -> 0.7499", claim=_best(Rational(7499, 10000))),
        Mutant("root-3/5", f"touches at {say(_BEFORE)}", claim=_best(root=_BEFORE)),
        Mutant("simple-root", "the root is simple", claim=_best(exponent=1)),
    ),
)


# The student that projects f_T on the line through the nearest point of the ball: in the plane of
# f* and f_T it turns by phi, tan(2 phi) = 2 tan(theta), and shrinks by cos(phi).
def _sharp(floor: Expr = s.SHRINKAGE_FLOOR.expr) -> tuple[Boolean, ...]:
    turn = s.half(atan(2 * tan(q.THETA)))
    return (Eq(s.CHAIN_OBJECTIVE(Integer(1), q.THETA, turn), floor),)


THM_4_1_SHARP = Statement(
    id="thm-4.1-sharp",
    kind=Kind.WITNESS,
    title=f"{cite('thm-4.1')}'s first inequality is attained by a projection",
    source=Source.EXTENSION,
    text="The projection of f_T on the line through the nearest point of the ball attains the "
    "floor. (That gradient flows approach it is thm-4.1-sharp-flow.)",
    claim=_sharp(),
    assumes=(s.LOSS_BELOW_ONE,),
    where=(s.ANGLE,),
    uses=("thm-4.1", "lem-1"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.WITNESS),
    reference="Extension of Theorem 4.1",
    proof="proofs/symbolic/thm_4_1.py",
    checks=(_CHECKS,),
    formal="thm_4_1_sharp",
    mutants=(
        Mutant("floor-square", "the floor is L^2", claim=_sharp(q.L_TE**2)),
        Mutant(
            "floor-higher",
            f"the floor is {say(HIGHER)} times as high",
            claim=_sharp(HIGHER * s.SHRINKAGE_FLOOR.expr),
        ),
        Mutant("floor-bounded", "the floor is Theorem 4.2's", claim=_sharp(s.BOUNDED_FLOOR.expr)),
    ),
)

_SCALED_LOSS = (q.GAIN - 1) ** 2
SCALED_UP = s.above(q.GAIN, Integer(1))
SCALED = (
    s.UNIT_TARGET,
    Assumption(
        "teacher-is-scaled-target",
        "f_T = g f*",
        Eq(
            q.squared_distance(
                q.TEACHER_NORM2, q.GAIN**2 * q.TARGET_NORM2, q.GAIN * q.TEACHER_TARGET
            ),
            0,
        ),
    ),
    Assumption("student-is-target", "f_S = f*", Eq(q.L_ST, 0)),
    SCALED_UP,
)

THM_4_1_NEEDS_TEACHER = Statement(
    id="thm-4.1-needs-teacher",
    kind=Kind.WITNESS,
    title=f"Without the teacher's shrinkage optimality {cite('thm-4.1')} fails",
    source=Source.EXTENSION,
    text=f"Scale the teacher up: f_T = g f* with {say(SCALED_UP.condition)}. The student f_S = "
    "f* is shrinkage optimal for it, and has no loss at all, while L_TE = "
    f"{say(_SCALED_LOSS)}.",
    claim=(
        Ge(s.SHRINKAGE, 0),
        Lt(q.L_ST, s.quadratic()),
        Eq(q.L_TE, _SCALED_LOSS),
        Lt(q.TEACHER_TARGET - q.TEACHER_NORM2, 0),
    ),
    assumes=SCALED,
    uses=("thm-4.1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.WITNESS),
    reference="Extension of Theorem 4.1",
    proof="proofs/symbolic/thm_4_1.py",
    checks=(_CHECKS,),
    formal="thm_4_1_needs_teacher",
    mutants=(
        Mutant("any-scale", "any g", assumes=dropped(SCALED, SCALED_UP)),
        Mutant("holds", "the limit holds all the same", claim=limit()),
        Mutant(
            "still-optimal",
            "the scaled teacher is shrinkage optimal",
            claim=(s.TEACHER_SHRINKS.condition,),
        ),
    ),
)


PLACE = 20
STATEMENTS = (THM_4_1_BEST, THM_4_1_SHARP, THM_4_1_NEEDS_TEACHER)
