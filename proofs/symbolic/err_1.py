"""The printed inequality is refuted: below the threshold c L^beta < (3/4) L^2 <= L_ST."""

from __future__ import annotations

from sympy import Gt, Le, Lt, symbols

from proofs.kernel import assume, discharge, evident, given, instantiate, power
from proofs.lemmas import part
from proofs.proof import Proof
from proofs.symbolic.thm_4_1 import above_parabola
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.errata import ASSUMES, BELOW
from w2s_theory.ledger.statement import Statement

C, E, X = symbols("c_positive e x", positive=True)


def prove_err_1(statement: Statement) -> Proof:
    """c x^(2+e) < (3/4) x^2 for x^e < 3/(4c), the power being increasing for e = beta - 2 > 0."""
    threshold = (s.QUADRATIC_CONSTANT / C) ** (1 / E)
    under = assume(Lt(X, threshold))
    excess = evident(C * X**2) * power(under, X, threshold, E)
    general = excess.states(s.QUADRATIC_CONSTANT * X**2 - C * X ** (2 + E))
    (coefficient,), (above,) = map(given, ASSUMES[:2])
    loss = part(BELOW, Gt(q.L_TE, 0))
    at = {C: q.COEFFICIENT, E: q.EXPONENT - s.QUADRATIC_EXPONENT, X: q.L_TE}
    placed = instantiate(general, at, coefficient, above, loss)
    parabola = discharge(placed, placed.assumes[-1], *given(BELOW)).named(
        "threshold", "c L^(beta-2) < 3/4 below it"
    )
    floor = above_parabola(loss, part(BELOW, Le(q.L_TE, 1))) + parabola
    return Proof(statement, (floor, parabola))
