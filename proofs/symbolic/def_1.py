"""Definition 1: the three forms of shrinkage optimality are equivalent."""

from __future__ import annotations

from sympy import Integer, Max

from proofs.steps import Proof, combination, equal
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.statement import Statement

DISTANCES = (
    (q.FIT, q.squared_distance(q.TEACHER_NORM2, q.STUDENT_NORM2, q.STUDENT_TEACHER)),
    (
        q.SCALED_FIT,
        q.squared_distance(
            q.TEACHER_NORM2, q.SCALE**2 * q.STUDENT_NORM2, q.SCALE * q.STUDENT_TEACHER
        ),
    ),
    (
        q.CENTRE_DISTANCE2,
        q.squared_distance(q.STUDENT_NORM2, q.TEACHER_NORM2 / 4, q.STUDENT_TEACHER / 2),
    ),
)
"""Squared distances expanded by bilinearity."""


def expanded(expr: object) -> object:
    """An expression in inner products alone."""
    for symbol, value in DISTANCES:
        expr = expr.xreplace({symbol: value})  # type: ignore[attr-defined]
    return expr


def prove_def_1(statement: Statement) -> Proof:
    """Claims in order: (ii) => (i); not (ii) => not (i); (iii) <=> (ii); the gap's closed form."""
    forwards, backwards, ball, gap = statement.claim
    norm, inner, scale = q.STUDENT_NORM2, q.STUDENT_TEACHER, q.SCALE
    conclusion = forwards.args[1]
    worst = backwards.args[1].lhs
    (best,) = worst.atoms(Max)
    return Proof(
        statement,
        (
            equal(
                "closed form",
                gap.lhs,
                gap.rhs,
                "||f_T - a f_S||^2 - ||f_T - f_S||^2, expanded",
                of=DISTANCES,
                is_clause=True,
            ),
            equal(
                "ball",
                ball.lhs,
                ball.rhs,
                "the distance from the centre f_T/2, expanded: f_S is in the ball of diameter "
                "[0, f_T] exactly when <f_S, f_T - f_S> >= 0",
                of=DISTANCES,
                is_clause=True,
            ),
            combination(
                "inner product to scaling",
                expanded(conclusion.gts - conclusion.lts),
                [(2, 1 - scale, s.SHRINKAGE), ((1 - scale) ** 2, norm)],
                [
                    (1 - scale, s.SCALE_IN_UNIT),
                    (s.SHRINKAGE, "premise of the clause"),
                    (norm, "a squared norm"),
                ],
                "closed form",
            ),
            equal(
                "scaling to inner product, <f_S, f_T> <= 0",
                worst.xreplace({best: Integer(0)}),
                -(norm - inner) + inner,
                "at a = 0 the gap is a negative number (the premise) plus one that is <= 0",
            ),
            equal(
                "scaling to inner product, <f_S, f_T> > 0",
                worst.xreplace({best: inner / norm}),
                -((norm - inner) ** 2) / norm,
                "at a = <f_S, f_T>/||f_S||^2, which lies in (0, 1), minus a square over a norm; "
                "the square is not 0 by the premise",
            ),
        ),
    )
