"""What a search must have looked at before its verdict counts."""

from dataclasses import replace

import pytest
from sympy import Ge, Implies, Lt

from checks.support.searching import from_search, search
from tests.making import numbers
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.regression.outcome import QUICK
from w2s_theory.search.falsify import Search

FOUND = Search(verdict=Verdict.PROVED, tried=43, effective=43, margin=0.5)


@pytest.mark.parametrize(
    ("tried", "effective", "verdict"),
    [
        (43, 9, Verdict.PROVED),
        (43, 8, Verdict.UNDECIDED),
        (33, 3, Verdict.UNDECIDED),
        (100, 20, Verdict.PROVED),
        (100, 19, Verdict.UNDECIDED),
        (1, 0, Verdict.UNDECIDED),
    ],
)
def test_a_fifth_must_be_effective(tried, effective, verdict):
    outcome = from_search(replace(FOUND, tried=tried, effective=effective))
    assert (outcome.verdict, outcome.effective) == (verdict, effective)


def test_undecided_is_not_proved():
    found = replace(FOUND, verdict=Verdict.UNDECIDED, undecided=numbers(L_TE=1))
    assert from_search(found).verdict is Verdict.UNDECIDED


def test_a_counterexample_needs_no_company():
    found = replace(FOUND, verdict=Verdict.REFUTED, effective=1, counterexample=numbers(L_TE=1))
    assert from_search(found).verdict is Verdict.REFUTED


def test_a_search_without_effective_settings_is_vacuous():
    """Theorem 4.1 with an assumption that no setting meets."""
    theorem = load()["thm-4.1"]
    never = replace(theorem.assumes[0], condition=theorem.assumes[0].condition.func(1, 2))
    impossible = replace(theorem, assumes=(*theorem.assumes, never))
    outcome = search(impossible, replace(QUICK, tries=10))
    assert (outcome.verdict, outcome.effective) == (Verdict.VACUOUS, 0)


def test_a_clause_whose_premise_never_held_was_not_tested():
    found = from_search(replace(FOUND, untested=(2,)))
    assert found.verdict is Verdict.VACUOUS
    assert "the premise of clause 3 held in none" in found.detail


def test_a_search_says_which_premises_never_held():
    """One that cannot hold, and one that does."""
    theorem = load()["thm-4.1"]
    floor, parabola = theorem.claim
    never, sometimes = Implies(Lt(q.L_ST, floor.rhs), parabola), Implies(Ge(q.L_TE, 0), parabola)
    for clause, verdict in ((never, Verdict.VACUOUS), (sometimes, Verdict.PROVED)):
        outcome = search(replace(theorem, claim=(floor, clause)), replace(QUICK, tries=10))
        assert outcome.verdict is verdict


def test_searches_repeat_by_their_seed():
    theorem, few = load()["thm-4.1"], replace(QUICK, tries=10)
    assert search(theorem, few) == search(theorem, few)
