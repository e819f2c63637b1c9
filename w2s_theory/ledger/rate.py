"""The rate of the gain: every scale of the kernel's spectrum bounds what the teacher's noise does.

Nothing here assumes Gaussian universality. S_0 = S holds the target; beyond it the sets S_i grow
down the spectrum, and kappa_i, the alignment of S_i, bounds the noise of the teacher up to there.
"""

from __future__ import annotations

from sympy import Expr, Integer, Le, exp, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import MASTER, TARGET_IN_S
from w2s_theory.ledger.statement import Evidence, Formula, Kind, Mutant, Source, Statement, dropped

_CHECKS = "checks/test_rate.py"


def multiscale(
    aligned: Expr = q.KAPPA, rate: Expr = q.LAMBDA_TARGET, leaked: Expr = q.LEAKED
) -> Expr:
    """(sqrt(kappa L) + exp(-lambda_0 t) sqrt(1-L))^2 + Lambda L."""
    inside = sqrt(aligned * q.L_TE) + exp(-rate * q.TIME) * sqrt(1 - q.L_TE)
    return inside**2 + leaked * q.L_TE


MULTISCALE = Formula(
    "multiscale_bound", (q.KAPPA, q.L_TE, q.LAMBDA_TARGET, q.TIME, q.LEAKED), multiscale()
)
_OUT = s.GRADIENT_FLOW(q.LAMBDA_OUT, q.TIME) ** 2


def _scales(
    bound: Expr = MULTISCALE.expr, most: Expr = _OUT, leaked: Expr = q.LEAKED
) -> tuple[Boolean, ...]:
    return (Le(q.L_ST, bound), Le(leaked, most))


MULTISCALE_BOUND = Statement(
    id="master-bound-multiscale",
    kind=Kind.THEOREM,
    title="The master bound at every scale of the spectrum at once",
    source=Source.EXTENSION,
    text="The alignment inequality holds for every set in a chain that begins with S and grows "
    "down the spectrum, so the noise of the teacher up to each is bounded by its alignment. "
    "Summed by parts against the filter, which falls with the eigenvalue, this bounds what "
    "leaks out. As no alignment is above that of a blind teacher it is never worse than the "
    "master bound, which is its case of no scales.",
    claim=_scales(),
    assumes=MASTER,
    uses=("kappa-alignment", "master-bound"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference="Extension of the step behind Theorem 3.1",
    proof="proofs/symbolic/multiscale.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "one-scale", "kappa_S at every scale", claim=_scales(multiscale(leaked=q.KAPPA * _OUT))
        ),
        Mutant(
            "scale-before",
            "kappa_k -> kappa of the scale before it",
            claim=_scales(multiscale(leaked=q.LEAKED_BEFORE)),
        ),
        Mutant("half", "half of what leaks", claim=_scales(multiscale(leaked=q.LEAKED / 2))),
        Mutant(
            "kappa-squared", "kappa_S -> kappa_S^2", claim=_scales(multiscale(aligned=q.KAPPA**2))
        ),
        Mutant("no-leak", "nothing leaks", claim=_scales(multiscale(leaked=Integer(0)))),
        Mutant("half-out", "at most half of what may leak", claim=_scales(most=_OUT / 2)),
        Mutant(
            "target-anywhere", "the target need not be in S", assumes=dropped(MASTER, TARGET_IN_S)
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(MASTER, s.NORMAL_EQUATIONS),
        ),
    ),
)

PLACE = 82
STATEMENTS = (MULTISCALE_BOUND,)
