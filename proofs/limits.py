"""Steps about limits as a symbol grows: Gruntz's algorithm, on the expression of the clause."""

from __future__ import annotations

from typing import Any

from sympy import Dummy, Expr, Symbol, limit, oo, simplify
from sympy.logic.boolalg import Boolean

from proofs.steps import Step
from w2s_theory.certify import Verdict, separating_point
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.statement import Assumption


def clause_tends(
    name: str,
    clause: Any,
    because: str,
    *assumes: Assumption,
    positive: tuple[Symbol, ...] = (),
    instead: tuple[tuple[Symbol, Expr], ...] = (),
) -> Step:
    """A clause lim expr = value (an `AtInfinity`), read from the statement: its own limit decides.

    `positive` are symbols that the statement assumes to be so, `instead` what others stand for.
    """
    return Step(
        name=name,
        claim=clause,
        because=because,
        check=lambda: _clause(clause, positive, dict(instead)),
        assumes=assumes,
        is_clause=True,
    )


def _clause(clause: Boolean, positive: tuple[Symbol, ...], instead: dict[Symbol, Expr]) -> Verdict:
    if not isinstance(getattr(clause, "lhs", None), AtInfinity):
        return Verdict.UNDECIDED
    names = {symbol: Dummy(str(symbol), positive=True) for symbol in positive} | instead
    expr, symbol = (part.xreplace(names) for part in clause.lhs.args)
    return _tends(expr, symbol, clause.rhs.xreplace(names))


def _tends(expr: Expr, symbol: Symbol, value: Expr) -> Verdict:
    """REFUTED if the limit is provably another number, or infinite."""
    grown = symbol if symbol.is_positive else Dummy(str(symbol), positive=True)
    try:
        found = limit(expr.xreplace({symbol: grown}), grown, oo)
    except NotImplementedError:
        return Verdict.UNDECIDED
    gap = simplify(found - value)
    if gap == 0:
        return Verdict.PROVED
    apart = gap.is_infinite or separating_point(found, value) is not None
    return Verdict.REFUTED if apart else Verdict.UNDECIDED
