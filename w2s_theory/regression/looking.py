"""Whether a check looks at what a mutant changes: otherwise it says nothing that it lets it pass.

A check looks at a clause if it refutes the statement with that clause made false by far. It looks
beyond an assumption if it judges more with that turned round than with one that is never met:
settings that all satisfy the assumption cannot show that it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Implies, Integer, Ne, Not
from sympy import LessThan as Le
from sympy import StrictLessThan as Lt
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.regression.outcome import Outcome

_Run = Callable[[Statement], Outcome]
_FAR = 10**6
_NEVER = Lt(Integer(1), Integer(0), evaluate=False)


def looks(run: _Run, statement: Statement, mutated: Statement) -> bool:
    """Whether `run` looks at a clause or an assumption that the mutant of the statement changes.

    A check that breaks down on these is taken to look.
    """
    try:
        if any(run(other).verdict is Verdict.REFUTED for other in _claims(statement, mutated)):
            return True
        pairs = list(_premises(statement, mutated))
        return any(run(beyond).effective > run(nowhere).effective for beyond, nowhere in pairs)
    except Exception:
        return True


def broken(clause: Boolean) -> Boolean:
    """A version over the same symbols that is false by far.

    >>> from sympy import Eq, Implies
    >>> from sympy.abc import x, y
    >>> broken(x >= y), broken(Implies(x > 0, Eq(x, y)))
    (x >= y + 1000000, Implies(x > 0, Eq(x, y + 1000000)))
    """
    if isinstance(clause, Implies):
        return Implies(clause.args[0], broken(clause.args[1]))
    if isinstance(clause, Relational) and not isinstance(clause, Ne):
        off = -_FAR if isinstance(clause, Le | Lt) else _FAR
        return clause.func(clause.lhs, clause.rhs + off, evaluate=False)
    return Not(clause)


def _claims(statement: Statement, mutated: Statement) -> Iterator[Statement]:
    """One for each clause that the mutant does not have, with that clause made false."""
    for place, clause in enumerate(statement.claim):
        if clause not in mutated.claim:
            claim = (*statement.claim[:place], broken(clause), *statement.claim[place + 1 :])
            yield replace(statement, claim=claim, mutants=(), mutant_of=statement.id)


def _premises(statement: Statement, mutated: Statement) -> Iterator[tuple[Statement, Statement]]:
    """Two for each assumption that the mutant does not make: that turned round, and never met."""
    for place, one in enumerate(statement.assumes):
        if one not in mutated.assumes:
            before, after = statement.assumes[:place], statement.assumes[place + 1 :]
            beyond, nowhere = (
                replace(
                    statement,
                    assumes=(*before, Assumption(f"not-{one.id}", "", condition), *after),
                    mutants=(),
                    mutant_of=statement.id,
                )
                for condition in (Not(one.condition), _NEVER)
            )
            yield beyond, nowhere
