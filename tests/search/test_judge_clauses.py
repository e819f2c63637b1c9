"""Clauses that are no plain inequality: equalities to digits, implications, connectives."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import And, Eq, Ge, Gt, Implies, Integer, Le, Lt, Or, exp, sqrt

from tests.making import balls, numbers, statement
from w2s_theory.certify import Verdict
from w2s_theory.enclose.claims import agreement
from w2s_theory.ledger import quantities as q
from w2s_theory.search.judge import judge

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED


def ask(claim, setting, **options):
    return judge(statement(claim), setting, **options)


# --- equalities -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "digits", "verdict"),
    [
        (1, 1, None, PROVED),
        (1 + Fraction(1, 10**13), 1, None, REFUTED),
        (1 + Fraction(1, 10**13), 1, 12, PROVED),
        (1 + Fraction(1, 10**13), 1, 13, PROVED),
        (1 + Fraction(1, 10**13), 1, 14, REFUTED),
        (1, 1 + Fraction(1, 10**13), 14, REFUTED),
        # Relative to the larger side above 1, absolute below.
        (10**6 + 1, 10**6, 6, PROVED),
        (10**6, 10**6 + 1, 6, PROVED),
        (10**6 + 1, 10**6, 7, REFUTED),
        (-(10**6), -(10**6) - 1, 6, PROVED),
        (Fraction(2, 10**8), Fraction(1, 10**8), 8, PROVED),
        (Fraction(2, 10**8), Fraction(1, 10**8), 9, REFUTED),
        (Fraction(1, 10**400), 0, 300, PROVED),
    ],
)
def test_digits_of_an_equality(left, right, digits, verdict):
    setting = numbers(L_ST=left, L_TE=right)
    assert ask(Eq(q.L_ST, q.L_TE), setting, equality_digits=digits).verdict is verdict


def test_agreement_is_an_inequality():
    relation = agreement(Eq(q.L_ST, q.L_TE), 3)
    for left, right, holds in ((1, 1, True), (1001, 1000, True), (1002, 1000, False)):
        point = {q.L_ST: Integer(left), q.L_TE: Integer(right)}
        assert bool(relation.xreplace(point)) is holds


def test_digits_do_not_soften_inequalities():
    setting = numbers(L_ST=1 - Fraction(1, 10**13), L_TE=1)
    assert ask(Ge(q.L_ST, q.L_TE), setting, equality_digits=3).verdict is REFUTED


def test_balls_agree_to_digits_but_are_never_equal():
    setting = balls(L_ST=(1, 1 + Fraction(1, 10**12)), L_TE=(1, 1))
    claim = Eq(q.L_ST, q.L_TE)
    assert ask(claim, setting).verdict is UNDECIDED
    assert ask(claim, setting, equality_digits=10).verdict is PROVED
    assert ask(claim, setting, equality_digits=13).verdict is UNDECIDED


# --- implications ---------------------------------------------------------------------------------

POLE = Gt(1 / q.L_TE, 7)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (Implies(Lt(q.L_TE, 0), POLE), PROVED),  # the premise fails where the pole is
        (Implies(Le(q.L_TE, 0), POLE), UNDECIDED),
        (Implies(Ge(q.L_TE, 0), Ge(q.L_ST, 1)), PROVED),
        (Implies(Ge(q.L_TE, 0), Ge(q.L_ST, 2)), REFUTED),
        (Implies(Ge(q.L_TE, 1), Ge(q.L_ST, 2)), PROVED),
        (Implies(Ge(q.L_ST, q.GAIN), Ge(q.L_ST, 1)), PROVED),  # premise unknown, conclusion true
        (Implies(Ge(q.L_ST, q.GAIN), Ge(q.L_ST, 2)), UNDECIDED),
        (Implies(Ge(q.L_TE, 0), Implies(Lt(q.L_TE, 0), POLE)), PROVED),
    ],
    ids=str,
)
def test_implications(claim, verdict):
    setting = balls(L_TE=(0, 0), L_ST=(1, 1), GAIN=(0, 2))
    assert ask(claim, setting).verdict is verdict


def test_an_undefined_claim_is_undecided():
    assert ask(POLE, numbers(L_TE=0)).verdict is UNDECIDED
    assert ask(Ge(sqrt(q.L_TE), 0), numbers(L_TE=-1)).verdict is UNDECIDED


def test_connectives_in_claims():
    setting = numbers(L_TE=1)
    assert ask(And(Ge(q.L_TE, 1), Le(q.L_TE, 1)), setting).verdict is PROVED
    assert ask(Or(Gt(q.L_TE, 1), Lt(q.L_TE, 1)), setting).verdict is REFUTED


def test_claims_of_another_kind_are_refused():
    with pytest.raises(ValueError, match="claim must be a relation"):
        ask(exp(q.L_TE), numbers(L_TE=1))


def test_an_implication_is_tested_where_its_premise_holds():
    entry = statement(Implies(Ge(q.L_TE, 1), Ge(q.L_ST, 0)))
    entry = replace(entry, claim=(Ge(q.L_ST, 0), *entry.claim))
    assert judge(entry, numbers(L_ST=0, L_TE=1)).tested == (0, 1)
    assert judge(entry, numbers(L_ST=0, L_TE=0)).tested == (0,)
