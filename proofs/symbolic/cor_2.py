"""Corollary 2: norms never grow along a chain, by induction; then Theorem 4.2."""

from __future__ import annotations

from sympy import Le, symbols

from proofs.steps import Proof, combination, concludes
from proofs.symbolic.thm_4_2 import bounded_steps
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.statement import Statement


def prove_cor_2(statement: Statement) -> Proof:
    """||f_{i-1}||^2 - ||f_i||^2 = ||f_{i-1} - f_i||^2 + 2 <f_i, f_{i-1} - f_i>."""
    shorter, first, second = statement.claim
    before, after, inner = symbols("norm2_before norm2_after inner", real=True)
    link, step2 = inner - after, q.squared_distance(before, after, inner)
    return Proof(
        statement,
        (
            combination(
                "one link",
                before - after,
                [(step2,), (2, link)],
                [
                    (step2, "a squared norm"),
                    (link, "at least the smallest link, which is >= 0"),
                    (q.LINK_MIN, s.CHAIN_SHRINKS),
                ],
                "each student is no longer than its predecessor",
            ),
            concludes(
                "induction",
                shorter,
                Le(q.STUDENT_NORM2, q.TEACHER_NORM2),
                "from f_0 = f_T to f_n = f_S, one link at a time",
                s.CHAIN_SHRINKS,
            ),
            *bounded_steps(first, second, s.CHAIN_SHRINKS),
        ),
    )
