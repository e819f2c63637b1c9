"""Steps about limits: proved, refuted, or left open, from the clause that they are given."""

import pytest
from sympy import Function, Integer, Rational, Symbol, exp, log, oo, sqrt

from proofs.limits import clause_tends
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.statement import Assumption

X, C = Symbol("x", positive=True), q.LIMIT_RATIO
M = q.WIDTH


@pytest.mark.parametrize(
    ("expr", "value", "verdict"),
    [
        (log(M) ** 2 / M ** Rational(3, 2), Integer(0), Verdict.PROVED),
        ((M + 1) / (2 * M), Rational(1, 2), Verdict.PROVED),
        ((M + 1) / (2 * M), Rational(1, 3), Verdict.REFUTED),
        (sqrt(M), Integer(1), Verdict.REFUTED),
        (C * M / (M + 1), C, Verdict.PROVED),
        (C * M / (M + 1), C / (1 + C), Verdict.REFUTED),
        (M * (1 - exp(-C / M)), C, Verdict.PROVED),
    ],
    ids=str,
)
def test_a_clause_is_decided_by_its_own_limit(expr, value, verdict):
    step = clause_tends("limit", at_infinity(expr, value, M), "Gruntz", positive=(C,))
    assert step.check() is verdict
    assert step.is_clause


def test_what_is_no_limit_is_left_open():
    assert clause_tends("limit", q.L_TE >= 0, "").check() is Verdict.UNDECIDED


def test_an_unknown_limit_is_left_open():
    unknown = Function("f")(M)
    assert clause_tends("limit", at_infinity(unknown, oo, M), "").check() is not Verdict.PROVED


def test_symbols_may_stand_for_others():
    clause = at_infinity(M**-C, Integer(0), M)
    assert clause_tends("limit", clause, "", instead=((C, 2 + X),)).check() is Verdict.PROVED


def test_assumptions_are_passed_on():
    assumption = Assumption("positive", "c > 0", C > 0)
    step = clause_tends("limit", at_infinity(C / M, Integer(0), M), "", assumption, positive=(C,))
    assert step.assumes == (assumption,)
