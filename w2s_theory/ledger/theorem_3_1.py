"""Theorem 3.1 as a corollary of the rate: weak-to-strong generalization with ReLU networks."""

from __future__ import annotations

from sympy import Expr, Implies, Integer, exp
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.alignment import PAPER_SECTION
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.rate import GAIN, LEVEL_POSITIVE, LEVERED, RATE, WIDTH_AT
from w2s_theory.ledger.relations import Ge, Le
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Formula,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_SHARE = q.LEVEL / q.LAMBDA_TARGET
LATE_FOR_LEVEL = Assumption(
    "late-for-level",
    "exp(-lambda_0 t)^2 (1 - L_TE) <= (mu/lambda_0) L_TE",
    Le(exp(-q.LAMBDA_TARGET * q.TIME) ** 2 * (1 - q.L_TE), _SHARE * q.L_TE),
)
ASSUMED = (*RATE, LATE_FOR_LEVEL, LEVEL_POSITIVE, LEVERED[-1])
GAIN_AT = Formula("gain_at", (q.LEVEL, q.LAMBDA_TARGET, q.LAMBDA_OUT, q.TIME), _SHARE * GAIN.expr)
"""The bound on L_ST/L_TE once Delta is at most mu."""
_SAFE, _PGR = 1 - q.RISK, 1 - q.L_ST / q.L_TE


def _theorem(bound: Expr = GAIN_AT.expr, pgr: Expr | None = None) -> tuple[Boolean, ...]:
    event, recovered = Le(q.HIDDEN, q.LEVEL), 1 - bound if pgr is None else pgr
    return (
        Implies(Ge(q.WIDTH, WIDTH_AT.expr), Le(q.LEVERAGE_RISK, q.RISK)),
        Implies(event, Le(q.L_ST, bound * q.L_TE)),
        Implies(event, Ge(_PGR, recovered)),
    )


THM_3_1 = Statement(
    id="thm-3.1",
    kind=Kind.THEOREM,
    title="Weak-to-strong generalization with two-layer ReLU networks, at every width",
    source=Source.RECONSTRUCTED,
    text="The paper: for an even polynomial plus a linear function and fixed d, L_ST/L_TE vanishes "
    "and PGR becomes complete as the width grows. Here, as a corollary of gain-rate: S holds the "
    "degrees up to the target's. From the width of leverage on, with probability at least "
    f"{say(_SAFE)}, Delta is at most mu, and then, trained for long enough, L_ST/L_TE is at most "
    "the bound, and PGR, whose ceiling is zero, at least its complement. S does not grow with "
    "the width; mu falls with it like the rate of leverage-power, and the training time counts "
    "through a logarithm of the teacher's loss.",
    claim=_theorem(),
    assumes=ASSUMED,
    uses=("gain-rate", "leverage", "leverage-power"),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Theorem 3.1 (finite form reconstructed)",
    proof="proofs/symbolic/gain_rate.py",
    mutants=(
        Mutant("gain-squared", "mu/lambda_0 -> its square", claim=_theorem(_SHARE**2 * GAIN.expr)),
        Mutant(
            "no-leak",
            "lambda_out dropped",
            claim=_theorem(GAIN_AT.expr.xreplace({q.LAMBDA_OUT: Integer(0)})),
        ),
        Mutant("recovers-all", "PGR is 1", claim=_theorem(pgr=Integer(1))),
        Mutant(
            "any-time", "the student may stop at any time", assumes=dropped(ASSUMED, LATE_FOR_LEVEL)
        ),
    ),
)

PLACE = 83
STATEMENTS = (THM_3_1,)
