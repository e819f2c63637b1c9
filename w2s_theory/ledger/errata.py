"""Errata of the paper's public summary: what is printed there, and what is true."""

from __future__ import annotations

from sympy import Expr, Integer, Rational

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.relations import Ge, Gt, Le, Lt
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_PRINTED = q.COEFFICIENT * q.L_TE**q.EXPONENT


def _below(constant: Expr = s.QUADRATIC_CONSTANT) -> Assumption:
    threshold = (constant / q.COEFFICIENT) ** (1 / (q.EXPONENT - s.QUADRATIC_EXPONENT))
    return Assumption(
        "loss-below-threshold",
        "0 < L_TE < (3/(4c))^(1/(beta - 2)), L_TE <= 1",
        (Gt(q.L_TE, 0) & Lt(q.L_TE, threshold) & Le(q.L_TE, 1)),
    )


_TWO = Integer(2)
_ABOVE_TWO = s.above(q.EXPONENT, _TWO)
BELOW = _below()
ASSUMES = (s.above(q.COEFFICIENT, Integer(0)), _ABOVE_TWO, BELOW)

ERR_1 = Statement(
    id="err-1",
    kind=Kind.ERRATUM,
    title="The summary's limit is printed the wrong way round",
    source=Source.EXTENSION,
    text=f"The summary limits L_ST from above, by {say(_PRINTED)} with beta above the true "
    f"exponent. Under the assumptions every student within {cite('thm-4.1')} violates it as soon "
    f"as L_TE is small enough. What holds is that L_ST is at least {say(s.quadratic())}.",
    claim=(Gt(s.SHRINKAGE_FLOOR.expr, _PRINTED), Gt(s.quadratic(), _PRINTED)),
    assumes=ASSUMES,
    uses=("thm-4.1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY, Evidence.WITNESS),
    reference="TL;DR of the public summary of arXiv:2503.02877",
    proof="proofs/symbolic/err_1.py",
    checks=("checks/test_limits.py",),
    formal="err_1",
    mutants=(
        Mutant(
            "as-printed",
            "L_ST <= c L_TE^beta, as printed",
            claim=(Le(s.SHRINKAGE_FLOOR.expr, _PRINTED),),
        ),
        Mutant("any-beta", "beta may be less than 2", assumes=dropped(ASSUMES, _ABOVE_TWO)),
        Mutant(
            "threshold-1/c",
            "3/(4 c) -> 1/c in the threshold",
            assumes=(*ASSUMES[:2], _below(Integer(1))),
        ),
        Mutant(
            "factor-2",
            f"exceeded by the factor {say(_TWO)}",
            claim=(Gt(s.quadratic(), _TWO * _PRINTED), Ge(s.quadratic(Rational(1, 2)), _PRINTED)),
        ),
    ),
)

PLACE = 40
STATEMENTS = (ERR_1,)
