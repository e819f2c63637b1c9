"""Theorem 4.2 (bounded student) and its sharpness."""

from __future__ import annotations

from typing import Any

from sympy import Ge, Integer, Le, sqrt

from proofs.steps import Proof, Step, at_least_on_unit, concludes, equal, nonnegative
from proofs.symbolic.thm_4_1 import cauchy_schwarz_step, teacher_norm_step
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.chains import SHARP_STUDENT
from w2s_theory.ledger.statement import Assumption, Statement

L = q.L_TE


def bounded_steps(first: Any, second: Any, *bounded: Assumption) -> tuple[Step, ...]:
    """From ||f_S|| <= ||f_T|| (by the assumptions `bounded`) to the two clauses of Theorem 4.2."""
    return (
        cauchy_schwarz_step(),
        teacher_norm_step(),
        nonnegative(
            "student is shorter than the target",
            1 - (1 - L),
            L,
            "||f_S|| <= ||f_T|| <= sqrt(1 - L) <= 1, so 1 - ||f_S|| >= 1 - sqrt(1 - L) >= 0",
        ),
        concludes(
            "first inequality",
            first,
            Ge(q.L_ST, (1 - sqrt(1 - L)) ** 2),
            "L_ST >= (||f*|| - ||f_S||)^2",
            s.UNIT_TARGET,
            s.TEACHER_SHRINKS,
            *bounded,
        ),
        at_least_on_unit(
            "second inequality",
            second.lhs,
            second.rhs,
            L,
            "2 - L - L^2/4 >= 2 sqrt(1 - L), squared",
        ),
    )


def prove_thm_4_2(statement: Statement) -> Proof:
    """The triangle inequality, and ||f_T||^2 <= 1 - L_TE."""
    first, second = statement.claim
    return Proof(statement, bounded_steps(first, second, s.BOUNDED_STUDENT))


def prove_thm_4_2_sharp(statement: Statement) -> Proof:
    """f_S = ||f_T|| f* with ||f_T||^2 = 1 - L_TE, and the floor squeezed between parabolas."""
    attained, squeezed = statement.claim
    student = q.squared_distance(q.STUDENT_NORM2, q.TARGET_NORM2, q.STUDENT_TARGET)
    values = (
        (q.L_ST, student),
        (q.STUDENT_TARGET, sqrt(1 - L)),
        (q.STUDENT_NORM2, 1 - L),
        (q.TARGET_NORM2, Integer(1)),
    )
    return Proof(
        statement,
        (
            equal(
                "loss",
                attained.lhs,
                attained.rhs,
                "||f_S - f*||^2 with ||f_S||^2 = 1 - L and <f_S, f*> = sqrt(1 - L)",
                *SHARP_STUDENT,
                of=values,
                is_clause=True,
            ),
            equal(
                "conjugate",
                s.BOUNDED_FLOOR.expr * (1 + sqrt(1 - L)) ** 2,
                L**2,
                "so the floor is L^2/(1 + sqrt(1-L))^2",
            ),
            nonnegative(
                "root",
                (1 - L) - (1 - L) ** 2,
                L,
                "sqrt(1 - L) >= 1 - L on [0, 1], so the floor is at most L^2/(2 - L)^2",
            ),
            concludes(
                "squeeze",
                squeezed,
                Le(s.BOUNDED_FLOOR.expr, (L / (2 - L)) ** 2),
                "and at least L^2/4 by Theorem 4.2: the constant tends to 1/4",
            ),
        ),
    )
