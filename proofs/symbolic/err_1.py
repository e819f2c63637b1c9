"""The printed inequality is refuted: below the threshold c L^beta < (3/4) L^2 <= L_ST."""

from __future__ import annotations

from sympy import Gt, symbols

from proofs.steps import Proof, at_least_on_unit, concludes, equal
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.errata import ASSUMES, BELOW
from w2s_theory.ledger.statement import Statement


def prove_err_1(statement: Statement) -> Proof:
    """L^(beta-2) < 3/(4c) because the power is increasing for beta > 2."""
    floor, parabola = statement.claim
    c, excess, loss = symbols("c e L", positive=True)
    # The second conjunct of the assumption, L < threshold, at beta = 2 + e with e > 0.
    (threshold,) = [r.gts for r in BELOW.condition.args if r.gts.has(q.EXPONENT)]
    threshold = threshold.xreplace({q.COEFFICIENT: c, q.EXPONENT: s.QUADRATIC_EXPONENT + excess})
    return Proof(
        statement,
        (
            equal(
                "threshold",
                c * threshold**excess,
                s.QUADRATIC_CONSTANT,
                "so c L^(beta-2) < 3/4 for L below it, x^e being increasing for e = beta - 2 > 0",
                *ASSUMES,
            ),
            equal(
                "factor",
                c * loss ** (2 + excess),
                c * loss**excess * loss**2,
                "c L^beta = (c L^(beta-2)) L^2 < (3/4) L^2 for L > 0",
            ),
            concludes(
                "parabola",
                parabola,
                Gt(s.quadratic(), q.COEFFICIENT * q.L_TE**q.EXPONENT),
                "the two steps above",
                *ASSUMES,
            ),
            at_least_on_unit(
                "Theorem 4.1",
                floor.lhs,
                s.quadratic(),
                q.L_TE,
                "the sharp floor is at least the parabola, L <= 1",
            ),
            concludes(
                "floor",
                floor,
                Gt(s.SHRINKAGE_FLOOR.expr, q.COEFFICIENT * q.L_TE**q.EXPONENT),
                "floor >= (3/4) L^2 > c L^beta",
                *ASSUMES,
            ),
        ),
    )
