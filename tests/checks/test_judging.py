"""Outcomes of settings judged one by one: how many must count, and what counts."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb
from sympy import Ge, Implies, Le

from checks.support.judging import agree, combine, could_fail, judge_all
from tests.making import assuming, balls, numbers, statement
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.regression.outcome import QUICK, Outcome

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
POSITIVE = statement(Ge(q.L_TE, 0), assumes=(assuming(Ge(q.GAIN, 0)),))
INSIDE, OUTSIDE = numbers(L_TE=1, GAIN=1), numbers(L_TE=1, GAIN=-1)


@pytest.mark.parametrize("judged", [judge_all, lambda s, x, least: agree(s, x, QUICK, least=least)])
class TestHowMany:
    def test_settings_outside_the_assumptions_do_not_count(self, judged):
        assert judged(POSITIVE, [INSIDE, INSIDE, OUTSIDE], least=2).verdict is PROVED
        short = judged(POSITIVE, [INSIDE, OUTSIDE, OUTSIDE], least=2)
        assert (short.verdict, short.effective) == (UNDECIDED, 1)

    @pytest.mark.parametrize("least", [0, -1])
    def test_at_least_one_must(self, judged, least):
        with pytest.raises(ValueError, match="least must be an integer >= 1"):
            judged(POSITIVE, [INSIDE], least=least)

    def test_undecided_settings_are_not_proved(self, judged):
        wide = balls(L_TE=(-1, 1), GAIN=(1, 1))
        outcome = judged(POSITIVE, [INSIDE, wide, INSIDE], least=1)
        assert (outcome.verdict, outcome.effective) == (UNDECIDED, 3)

    def test_a_counterexample_ends_it(self, judged):
        outcome = judged(POSITIVE, [INSIDE, numbers(L_TE=-1, GAIN=1), INSIDE], least=3)
        assert (outcome.verdict, outcome.effective) == (REFUTED, 2)


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [((PROVED, PROVED), PROVED), ((PROVED, UNDECIDED), UNDECIDED), ((UNDECIDED, REFUTED), REFUTED)],
)
def test_the_weakest_of_several(verdicts, verdict):
    found = combine(*(Outcome(verdict=v, effective=2) for v in verdicts))
    assert (found.verdict, found.effective) == (verdict, 4)


# --- settings in which a claim cannot fail --------------------------------------------------------

SHARE = ((q.MEAN_KAPPA, arb(0).union(arb(1))),)


def measured(bound, value="0.5", ranges=SHARE):
    setting = balls(MEAN_KAPPA=(Fraction(value), Fraction(value)), WIDTH=(bound, bound))
    return replace(setting, ranges=ranges)


def test_a_bound_beyond_the_range_tests_nothing():
    claim = statement(Le(q.MEAN_KAPPA, q.WIDTH))
    assert could_fail(claim, measured(63)) == []
    assert could_fail(claim, measured(Fraction(9, 10))) == [0]
    vacuous = judge_all(claim, [measured(63)], least=1)
    assert (vacuous.verdict, vacuous.effective) == (UNDECIDED, 0)
    held = judge_all(claim, [measured(63), measured(Fraction(9, 10))], least=1)
    assert (held.verdict, held.effective) == (PROVED, 1)
    assert judge_all(claim, [measured(Fraction(9, 10), "0.95")], least=1).verdict is REFUTED


def test_every_clause_must_be_able_to_fail_somewhere():
    claim = statement(
        Le(q.MEAN_KAPPA, Fraction(9, 10)),
        Implies(Ge(q.WIDTH, 64), Le(q.MEAN_KAPPA, Fraction(3, 5))),
    )
    narrow, wide = measured(16), measured(64)
    assert (could_fail(claim, narrow), could_fail(claim, wide)) == ([0], [0, 1])
    assert judge_all(claim, [narrow, wide], least=2).verdict is PROVED
    outcome = judge_all(claim, [narrow, narrow], least=2)
    assert outcome.verdict is Verdict.VACUOUS
    assert "clause 2 could not fail" in outcome.detail


def test_where_nothing_is_measured_every_clause_counts():
    assert could_fail(POSITIVE, INSIDE) == [0]
    assert could_fail(POSITIVE, balls(L_TE=(1, 1), GAIN=(1, 1))) == [0]


@pytest.mark.parametrize(("loss", "verdict"), [(1, Verdict.VACUOUS), (3, PROVED)])
def test_an_implication_is_not_tested_where_its_premise_fails(loss, verdict):
    both = statement(Ge(q.L_TE, 0), Implies(Ge(q.L_TE, 2), Ge(q.L_TE, 1)))
    outcome = judge_all(both, [numbers(L_TE=loss), numbers(L_TE=1)], least=2)
    assert outcome.verdict is verdict
    assert ("clause 2 could not fail" in outcome.detail) is (verdict is Verdict.VACUOUS)
