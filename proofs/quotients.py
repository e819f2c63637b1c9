"""Steps whose checker is Gamma's functional equations."""

from __future__ import annotations

from sympy import (
    Eq,
    Expr,
    cancel,
    expand_func,
    factorial,
    gamma,
    gammasimp,
    powsimp,
    simplify,
    sympify,
)

from proofs.steps import Step
from w2s_theory.certify import Verdict, separating_point
from w2s_theory.ledger.statement import Assumption


def reduces(
    name: str, lhs: Expr, rhs: Expr, because: str, *assumes: Assumption, is_clause: bool = False
) -> Step:
    """lhs = rhs for all values of their symbols: their quotient, or difference, reduces exactly."""

    def run() -> Verdict:
        if agree(*(sympify(side).rewrite(gamma) for side in (lhs, rhs))):
            return Verdict.PROVED
        return Verdict.UNDECIDED if separating_point(lhs, rhs) is None else Verdict.REFUTED

    return Step(
        name=name,
        claim=Eq(lhs, rhs, evaluate=False),
        because=because,
        check=run,
        assumes=assumes,
        is_clause=is_clause,
    )


def agree(left: Expr, right: Expr) -> bool:
    """Whether left - right reduces to 0; for Gamma quotients, whether left/right does to 1."""
    gap = left - right
    if not gap.has(gamma, factorial):
        return bool(gap == 0 or cancel(gap) == 0)
    if right == 0:
        return bool(_reduced(gap) == 0)
    return bool(_reduced(left / right) == 1)


def _reduced(expression: Expr) -> Expr:
    return simplify(gammasimp(powsimp(expand_func(expression))))
