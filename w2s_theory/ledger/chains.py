"""Section 4, continued: bounded students, bootstrapping, and the sharp limit of n-step chains."""

from __future__ import annotations

from sympy import And, Expr, Integer, Rational, cos, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.limits import PAPER_SECTION
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.relations import Eq, Ge, Le
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_CHECKS = "checks/test_chains.py"
_QUARTER = s.BOUNDED_CONSTANT
_BOUNDED = (s.UNIT_TARGET, s.TEACHER_SHRINKS, s.BOUNDED_STUDENT)


def _bounded(floor: Expr = s.BOUNDED_FLOOR.expr, constant: Expr = _QUARTER) -> tuple[Boolean, ...]:
    return (Ge(q.L_ST, floor), Ge(s.BOUNDED_FLOOR.expr, s.quadratic(constant)))


THM_4_2 = Statement(
    id="thm-4.2",
    kind=Kind.THEOREM,
    title="Limit of weak-to-strong generalization with a bounded student",
    source=Source.PAPER,
    text="It is enough that the student is no longer than its teacher, at the price of a smaller "
    "constant.",
    claim=_bounded(),
    assumes=_BOUNDED,
    uses=("def-1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Theorem 4.2",
    proof="proofs/symbolic/thm_4_2.py",
    checks=(_CHECKS,),
    formal="thm_4_2",
    mutants=(
        Mutant("c-0.2501", "1/4 -> 0.2501", claim=_bounded(constant=Rational(2501, 10000))),
        Mutant(
            "shrinkage-floor", "the floor of Theorem 4.1", claim=_bounded(s.SHRINKAGE_FLOOR.expr)
        ),
        Mutant(
            "any-student",
            "the student may be longer than its teacher",
            assumes=dropped(_BOUNDED, s.BOUNDED_STUDENT),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be shrinkage optimal",
            assumes=dropped(_BOUNDED, s.TEACHER_SHRINKS),
        ),
    ),
)

_LENGTH = sqrt(q.TEACHER_NORM2)
_CEILING = (q.L_TE / (2 - q.L_TE)) ** 2
SHARP_STUDENT = (
    s.UNIT_TARGET,
    Assumption(
        "loss-is-complement",
        "||f_T||^2 = 1 - L_TE (least squares)",
        Eq(q.TEACHER_NORM2, 1 - q.L_TE),
    ),
    Assumption(
        "student-on-target",
        "f_S = ||f_T|| f*",
        And(Eq(q.STUDENT_NORM2, q.TEACHER_NORM2), Eq(q.STUDENT_TARGET, _LENGTH)),
    ),
)

THM_4_2_SHARP = Statement(
    id="thm-4.2-sharp",
    kind=Kind.WITNESS,
    title=f"{cite('thm-4.2')}'s first inequality is attained by {say(_LENGTH)} f*",
    source=Source.EXTENSION,
    text=f"For a least-squares teacher the student f_S = {say(_LENGTH)} f* is as long as its "
    f"teacher, and its loss is the floor, which is at most {say(_CEILING)}: "
    f"{say(s.BOUNDED_CONSTANT)} is best possible.",
    claim=(Eq(q.L_ST, s.BOUNDED_FLOOR.expr), Le(s.BOUNDED_FLOOR.expr, _CEILING)),
    assumes=SHARP_STUDENT,
    uses=("thm-4.2",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.WITNESS),
    reference="Extension of Theorem 4.2",
    proof="proofs/symbolic/thm_4_2.py",
    checks=(_CHECKS,),
    formal="thm_4_2_sharp",
    mutants=(
        Mutant(
            "shrinkage-floor",
            "it attains the floor of Theorem 4.1",
            claim=(Eq(q.L_ST, s.SHRINKAGE_FLOOR.expr),),
        ),
        Mutant(
            "parabola",
            f"the floor never exceeds {say(s.quadratic(_QUARTER))}",
            claim=(Le(s.BOUNDED_FLOOR.expr, s.quadratic(_QUARTER)),),
        ),
        Mutant("any-bounded", "every bounded student attains it", assumes=SHARP_STUDENT[:2]),
    ),
)

_CHAIN = (s.UNIT_TARGET, s.TEACHER_SHRINKS, s.CHAIN_SHRINKS)


def _bootstrapping(
    floor: Expr = s.BOUNDED_FLOOR.expr, constant: Expr = _QUARTER
) -> tuple[Boolean, ...]:
    return (Le(q.STUDENT_NORM2, q.TEACHER_NORM2), *_bounded(floor, constant))


COR_2 = Statement(
    id="cor-2",
    kind=Kind.COROLLARY,
    title="Limit of weak-to-strong generalization with bootstrapping",
    source=Source.PAPER,
    text="In a chain of students, each shrinkage optimal for its predecessor, norms never grow; "
    f"so {cite('thm-4.2')} limits the last student, however long the chain.",
    claim=_bootstrapping(),
    assumes=_CHAIN,
    uses=("def-1", "thm-4.2"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Corollary 2",
    proof="proofs/symbolic/cor_2.py",
    formal="cor_2",
    mutants=(
        Mutant(
            "one-step-floor",
            "the one-step floor holds for chains",
            claim=_bootstrapping(s.SHRINKAGE_FLOOR.expr),
        ),
        Mutant("c-0.3", "1/4 -> 0.3", claim=_bootstrapping(constant=Rational(3, 10))),
        Mutant(
            "any-chain",
            "the students need not be shrinkage optimal",
            assumes=dropped(_CHAIN, s.CHAIN_SHRINKS),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be shrinkage optimal",
            assumes=dropped(_CHAIN, s.TEACHER_SHRINKS),
        ),
    ),
)


def _chain_floor(norm_power: Expr = q.CHAIN, turn: Expr = q.CHAIN) -> tuple[Boolean, ...]:
    objective = s.chain_objective(norm_power, turn)
    return (Ge(q.L_ST, Infimum(objective, q.PHI, Integer(0), q.THETA / turn)),)


NSTEP = Statement(
    id="nstep",
    kind=Kind.THEOREM,
    title="The limit of an n-step chain",
    source=Source.EXTENSION,
    text=f"With theta = {say(s.ANGLE[1])}, n students each shrinkage optimal for its "
    "predecessor can turn towards the target by phi each only at the price of a factor "
    f"{say(cos(q.PHI))} each. {cite('thm-4.1')} is a chain of one. The teacher may be any "
    "shrinkage-optimal one; least squares is the extreme case.",
    claim=_chain_floor(),
    assumes=_CHAIN,
    where=(s.ANGLE,),
    uses=("def-1", "thm-4.1", "cor-2"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference="Extension of Theorem 4.1 and Corollary 2",
    proof="proofs/symbolic/nstep.py",
    checks=(_CHECKS,),
    formal="nstep",
    mutants=(
        Mutant(
            "extra-shrink", "one more factor cos(phi)", claim=_chain_floor(norm_power=q.CHAIN + 1)
        ),
        Mutant("fewer-turns", "half the turn", claim=_chain_floor(turn=q.CHAIN / 2)),
        Mutant(
            "one-step-floor",
            "the one-step floor holds for chains",
            claim=(Ge(q.L_ST, s.SHRINKAGE_FLOOR.expr),),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be shrinkage optimal",
            assumes=dropped(_CHAIN, s.TEACHER_SHRINKS),
        ),
        Mutant(
            "any-chain",
            "the students need not be shrinkage optimal",
            assumes=dropped(_CHAIN, s.CHAIN_SHRINKS),
        ),
    ),
)

_FLOORS = (
    s.ANGLE,
    (q.FLOOR_ONE, s.CHAIN_FLOOR(Integer(1), q.THETA)),
    (q.FLOOR_N, s.CHAIN_FLOOR.expr),
    (q.FLOOR_NEXT, s.CHAIN_FLOOR(q.CHAIN + 1, q.THETA)),
)


def _ends(
    one_step: Expr = s.SHRINKAGE_FLOOR.expr, rate: Expr = s.half(Integer(1))
) -> tuple[Boolean, ...]:
    slack = cos(q.THETA) * (1 - rate * q.THETA**2 / q.CHAIN)
    return (
        Eq(q.FLOOR_ONE, one_step),
        Ge(q.FLOOR_N, q.FLOOR_NEXT),
        Ge(q.FLOOR_N, s.BOUNDED_FLOOR.expr),
        Le(q.FLOOR_N, (1 - slack) ** 2),
    )


NSTEP_ENDS = Statement(
    id="nstep-ends",
    kind=Kind.COROLLARY,
    title=f"The n-step limit falls from {cite('thm-4.1')} (one step) to {cite('thm-4.2')} "
    "(infinitely many)",
    source=Source.EXTENSION,
    text=f"It equals {cite('thm-4.1')}'s floor for one step, never increases with n, never falls "
    f"below {cite('thm-4.2')}'s floor, and reaches it at the rate that the claim states.",
    claim=_ends(),
    assumes=(s.LOSS_IN_UNIT,),
    where=_FLOORS,
    uses=("thm-4.1", "thm-4.2", "nstep"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference="Extension of Theorem 4.1 and Theorem 4.2",
    proof="proofs/symbolic/nstep.py",
    checks=(_CHECKS,),
    formal="nstep_ends",
    mutants=(
        Mutant(
            "bounded-at-one",
            "a single step is Theorem 4.2",
            claim=_ends(one_step=s.BOUNDED_FLOOR.expr),
        ),
        Mutant("rate-1/4", "theta^2/(2 n) -> theta^2/(4 n)", claim=_ends(rate=Rational(1, 4))),
        Mutant("growing", "longer chains have higher floors", claim=(Le(q.FLOOR_N, q.FLOOR_NEXT),)),
    ),
)


def _rotating(norm_power: Expr = q.CHAIN, turn: Expr = q.CHAIN) -> tuple[Boolean, ...]:
    return (Eq(q.L_ST, s.chain_objective(norm_power, turn)), Eq(q.LINK_MIN, 0))


ROTATION = (
    s.UNIT_TARGET,
    Assumption(
        "loss-is-complement",
        "||f_T||^2 = 1 - L_TE (least squares)",
        Eq(q.TEACHER_NORM2, 1 - q.L_TE),
    ),
    Assumption(
        "rotating-chain",
        "each student is its predecessor turned by phi and shrunk by cos(phi)",
        Eq(q.STUDENT_NORM2, q.TEACHER_NORM2 * cos(q.PHI) ** (2 * q.CHAIN)),
    ),
)

NSTEP_SHARP = Statement(
    id="nstep-sharp",
    kind=Kind.WITNESS,
    title="A rotating chain attains the n-step limit",
    source=Source.EXTENSION,
    text="Turn towards the target by phi and shrink by cos(phi), n times: every link lies on the "
    "boundary of shrinkage optimality, and the last student's loss is the objective whose minimum "
    "over phi is the limit.",
    claim=_rotating(),
    assumes=ROTATION,
    where=(s.ANGLE,),
    uses=("nstep",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.WITNESS),
    reference="Extension of Corollary 2",
    proof="proofs/symbolic/nstep.py",
    checks=(_CHECKS,),
    formal="nstep_sharp",
    mutants=(
        Mutant("extra-shrink", "one more factor cos(phi)", claim=_rotating(q.CHAIN + 1)),
        Mutant("extra-turn", "one more turn", claim=_rotating(turn=q.CHAIN + 1)),
        Mutant(
            "interior",
            "the links lie strictly inside the ball",
            claim=(_rotating()[0], Ge(q.LINK_MIN, Rational(1, 10**6) * q.TEACHER_NORM2)),
        ),
        Mutant("any-chain", "any chain of least-squares labels", assumes=ROTATION[:2]),
    ),
)

PLACE = 30
STATEMENTS = (THM_4_2, THM_4_2_SHARP, COR_2, NSTEP, NSTEP_ENDS, NSTEP_SHARP)
