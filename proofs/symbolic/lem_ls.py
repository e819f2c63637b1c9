"""A least-squares teacher is shrinkage optimal: the normal equations make <f_T, f* - f_T> zero."""

from __future__ import annotations

from sympy import Eq, Integer, MatrixSymbol, Symbol, ZeroMatrix

from proofs.steps import Proof, Step, concludes, equal
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.statement import Statement


def _bilinear() -> Step:
    """w.(G w - b) = w.G w - w.b for any width."""
    width = Symbol("M", integer=True, positive=True)
    gram = MatrixSymbol("G", width, width)
    weights, overlaps = MatrixSymbol("w", width, 1), MatrixSymbol("b", width, 1)
    lhs = weights.T * (gram * weights - overlaps)
    rhs = weights.T * gram * weights - weights.T * overlaps

    def run() -> Verdict:
        same = (lhs - rhs).expand().doit() in (ZeroMatrix(1, 1), 0)
        return Verdict.PROVED if same else Verdict.UNDECIDED

    return Step(
        name="normal equations",
        claim=Eq(lhs, rhs, evaluate=False),
        because="||f_T||^2 = w.G w and <f_T, f*> = w.b, so they differ by w times the residual",
        check=run,
        assumes=(s.NORMAL_EQUATIONS,),
    )


def prove_lem_ls(statement: Statement) -> Proof:
    """Claims in order: <f_T, f*> = ||f_T||^2, shrinkage optimality, the loss."""
    orthogonal, shrinks, loss = statement.claim
    projected = ((q.TEACHER_TARGET, q.TEACHER_NORM2),)
    defined = q.squared_distance(q.TEACHER_NORM2, q.TARGET_NORM2, q.TEACHER_TARGET)
    return Proof(
        statement,
        (
            _bilinear(),
            concludes(
                "orthogonality",
                orthogonal,
                Eq(q.TEACHER_TARGET, q.TEACHER_NORM2),
                "the residual is 0",
                s.NORMAL_EQUATIONS,
            ),
            equal(
                "shrinkage",
                shrinks.lhs - shrinks.rhs,
                Integer(0),
                "equality in <f_T, f* - f_T> >= 0",
                s.NORMAL_EQUATIONS,
                of=projected,
            ),
            equal(
                "loss",
                loss.lhs,
                loss.rhs,
                "||f_T - f*||^2, expanded",
                s.NORMAL_EQUATIONS,
                of=((q.L_TE, defined), *projected),
                is_clause=True,
            ),
        ),
    )
