"""Weaker hypotheses of a statement, one change at a time, from its assumptions and premises.

Each condition is dropped, whole and in its parts; a bound is moved by one percent, or to the first
integer that it excludes; `>` becomes `>=`; `=` becomes each inequality, and holds within one
percent. All are `Mutant`s: one that is true all the same shows that the statement assumes too much.
(`>=` made `>` assumes more: there is nothing to refute.)
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Abs, And, Dummy, Eq, Expr, Implies, Ne, Or, Rational, floor, ordered, true
from sympy import GreaterThan as Ge
from sympy import LessThan as Le
from sympy import StrictGreaterThan as Gt
from sympy import StrictLessThan as Lt
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.statement import Assumption, Kind, Mutant, Statement

SHARE = Rational(1, 100)
COUNTS = (q.WIDTH, q.WIDTH_WIDE, q.DIM, q.SIZE, q.STEPS, q.CUT)
"""Numbers of something that are not declared to be integers."""

_Weaker = tuple[str, Boolean, str]
"""Kind of the change, the condition (`true` if dropped), and the change in words."""


def weakened(statement: Statement) -> tuple[Mutant, ...]:
    """Every statement that assumes less by one change; ids are `assumption.change`.

    None for a measurement: it was made in the cells that it names, and claims nothing beyond.
    """
    if statement.kind is Kind.MEASUREMENT:
        return ()
    found: list[Mutant] = []
    for place, assumption in enumerate(statement.assumes):
        before, after = statement.assumes[:place], statement.assumes[place + 1 :]
        for kind, condition, change in _weaker(assumption.condition):
            id = f"{assumption.id}.{kind}"
            here = () if condition == true else (Assumption(id, change, condition),)
            found.append(Mutant(id, change, assumes=(*before, *here, *after)))
    for place, clause in enumerate(statement.claim):
        if isinstance(clause, Implies):
            premise, conclusion = clause.args
            for kind, condition, change in _weaker(premise):
                weaker = conclusion if condition == true else Implies(condition, conclusion)
                claim = (*statement.claim[:place], weaker, *statement.claim[place + 1 :])
                found.append(Mutant(f"premise-{place + 1}.{kind}", change, claim=claim))
    return tuple(found)


def _weaker(condition: Boolean) -> Iterator[_Weaker]:
    yield "dropped", true, f"without {_said(condition)}"
    parts = tuple(ordered(And.make_args(condition)))
    for place, part in enumerate(parts):
        mark = f"{place + 1}-" if len(parts) > 1 else ""
        others = (*parts[:place], *parts[place + 1 :])
        if others:
            yield f"{mark}dropped", And(*others), f"without {_said(part)}"
        for kind, weak in _moved(part):
            change = f"{_said(part)} -> {_said(weak)}"
            yield f"{mark}{kind}", And(*others, weak), change


def _moved(part: Boolean) -> Iterator[tuple[str, Boolean]]:
    """The weaker neighbours of a relation; nothing for what can only be dropped."""
    if not isinstance(part, Relational) or isinstance(part, Ne) or part.has(floor):
        return
    relation = part if part.lhs.free_symbols else part.reversed
    left, right = relation.lhs, relation.rhs
    percent = SHARE * (Abs(right) if right != 0 else 1)
    if isinstance(relation, Eq):
        if right != 0:  # what is claimed to be 0 is a square or a largest absolute value
            yield "above", Ge(left, right, evaluate=False)
            yield "below", Le(left, right, evaluate=False)
        yield "percent", Le(Abs(left - right), percent, evaluate=False)
        return
    up = isinstance(relation, Ge | Gt)
    if isinstance(relation, Gt | Lt):
        yield "closed", (Ge if up else Le)(left, right, evaluate=False)
    elif _counts(left - right):
        yield "next", relation.func(left, right + (-1 if up else 1), evaluate=False)
    if not _counts(left - right):
        bound = right - percent if up else right + percent
        yield "percent", relation.func(left, bound, evaluate=False)


def _counts(gap: Expr) -> bool:
    whole = {symbol: Dummy(integer=True, nonnegative=True) for symbol in COUNTS}
    return bool(gap.xreplace(whole).is_integer)


_SIGNS = {"==": "="}


def _said(condition: Boolean) -> str:
    if isinstance(condition, And | Or):
        word = " and " if isinstance(condition, And) else " or "
        return word.join(sorted(_said(part) for part in condition.args))
    if isinstance(condition, Relational):
        sign = _SIGNS.get(condition.rel_op, condition.rel_op)
        return f"{say(condition.lhs)} {sign} {say(condition.rhs)}"
    return say(condition)
