"""A check is asked about a mutant only if it looks at what that changes."""

from dataclasses import replace

import pytest
from sympy import Eq, Ge, Gt, Implies, Le, Lt, Ne, Not

from checks.support.judging import grid, judge_all, part
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import dropped
from w2s_theory.regression.looking import broken, looks
from w2s_theory.regression.outcome import Outcome

THEOREM = load()["thm-4.1"]
FLOOR, PARABOLA = THEOREM.claim
INSIDE = load()["nstep-ends"]
WITHIN = grid(L_TE=["0.1", "0.5", "0.9"], TERM=[1])
BEYOND = [*WITHIN, *grid(L_TE=["1.5"], TERM=[1])]


def mutant(statement, **changed):
    return replace(statement, id=f"{statement.id}~m", mutant_of=statement.id, **changed)


def second_clause(statement):
    settings = grid(L_TE=["0.1", "0.5", "1"])
    return judge_all(part(statement, 1), settings, least=1)


@pytest.fixture
def pair():
    """A theorem of which nothing but its second clause can be asked without a student."""
    return replace(THEOREM, assumes=()), Ge(q.L_TE, q.L_TE**3, evaluate=False)


def test_a_clause_that_is_judged_is_looked_at(pair):
    statement, other = pair
    assert looks(second_clause, statement, mutant(statement, claim=(FLOOR, other)))


def test_a_clause_that_is_not_judged_is_not(pair):
    statement, other = pair
    assert not looks(second_clause, statement, mutant(statement, claim=(other, PARABOLA)))


@pytest.mark.parametrize(("settings", "beyond"), [(WITHIN, False), (BEYOND, True)])
def test_an_assumption_is_looked_at_where_a_setting_is_beyond_it(settings, beyond):
    statement = replace(INSIDE, claim=(Ge(q.L_TE**2, 0, evaluate=False),), where=())

    def run(other):
        return judge_all(other, settings, least=1)

    without = mutant(statement, assumes=dropped(statement.assumes, *statement.assumes))
    assert looks(run, statement, without) is beyond


def test_a_check_that_reads_nothing_looks_at_nothing(pair):
    def proved(_):
        return Outcome(verdict=Verdict.PROVED)

    assert not looks(proved, THEOREM, mutant(THEOREM, claim=pair[1:]))
    assert not looks(proved, THEOREM, mutant(THEOREM, assumes=()))


def test_a_check_that_breaks_down_is_taken_to_look(pair):
    def breaks(_):
        raise ArithmeticError("no such clause")

    assert looks(breaks, THEOREM, mutant(THEOREM, assumes=()))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (Ge(q.L_TE, q.L_ST), Ge(q.L_TE, q.L_ST + 10**6)),
        (Gt(q.L_TE, q.L_ST), Gt(q.L_TE, q.L_ST + 10**6)),
        (Le(q.L_TE, q.L_ST), Le(q.L_TE, q.L_ST - 10**6)),
        (Lt(q.L_TE, q.L_ST), Lt(q.L_TE, q.L_ST - 10**6)),
        (Eq(q.L_TE, q.L_ST), Eq(q.L_TE, q.L_ST + 10**6)),
        (Implies(q.L_TE > 0, q.L_TE > q.L_ST), Implies(q.L_TE > 0, q.L_TE > q.L_ST + 10**6)),
        (Not(Implies(q.L_TE > 0, q.L_ST > 0)), Implies(q.L_TE > 0, q.L_ST > 0)),
    ],
    ids=str,
)
def test_what_is_false_by_far(clause, expected):
    assert broken(clause) == expected


def test_an_inequation_is_not_moved():
    assert broken(Ne(q.L_TE, q.L_ST)) == Eq(q.L_TE, q.L_ST)
