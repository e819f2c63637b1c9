"""Steps whose checker is Gamma's functional equations (`proofs.identities`)."""

from __future__ import annotations

from sympy import Eq, Expr, Integer, Symbol, gamma, sympify

from proofs.identities import Identity
from proofs.steps import Step
from w2s_theory.certify import Verdict, is_zero, separating_point
from w2s_theory.ledger.statement import Assumption


def reduces(
    name: str, lhs: Expr, rhs: Expr, because: str, *assumes: Assumption, is_clause: bool = False
) -> Step:
    """lhs = rhs for all values of their symbols: their quotient, or difference, reduces exactly."""

    def run() -> Verdict:
        left, right = (sympify(side).rewrite(gamma) for side in (lhs, rhs))
        if Identity(title=name, left=left, right=right).holds():
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


def known(identity: Identity, because: str) -> Step:
    """An identity of `proofs.identities`, reduced to 0 = 0."""
    return Step(
        name=identity.title,
        claim=identity.equation,
        because=because,
        check=lambda: Verdict.PROVED if identity.holds() else Verdict.UNDECIDED,
    )


def by_induction(
    name: str, lhs: Expr, rhs: Expr, index: Symbol, because: str, *, is_clause: bool = False
) -> Step:
    """lhs = rhs for index = 0, 1, 2, ...: equal at 0, and equal quotients of successive terms."""

    def run() -> Verdict:
        quotients = [
            sympify(side.xreplace({index: index + 1}) / side).rewrite(gamma) for side in (lhs, rhs)
        ]
        start = (lhs - rhs).xreplace({index: Integer(0)})
        stepped = Identity(title=name, left=quotients[0], right=quotients[1]).holds()
        if stepped and is_zero(start):
            return Verdict.PROVED
        return Verdict.UNDECIDED if separating_point(lhs, rhs) is None else Verdict.REFUTED

    return Step(
        name=name,
        claim=Eq(lhs, rhs, evaluate=False),
        because=because,
        check=run,
        is_clause=is_clause,
    )
