"""Sampling until decided: when it stops, at which rates, and what it makes of vacuous claims."""

from functools import partial

import numpy as np
import pytest
from sympy import Le, Rational

from checks.support.sampling import STAGES, means, medians, sample_all, sampled
from tests.making import statement
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.statistics import ERROR_RATE, bounded_mean_interval


def uniform(asked, seed, draws, rate):
    asked.append((draws, rate))
    values = np.random.default_rng(seed).uniform(size=draws)
    found = bounded_mean_interval(values, 0, 1, error_rate=rate)
    return sampled({q.MEAN_KAPPA: found}, label="uniform")


@pytest.mark.parametrize(
    ("bound", "verdict"),
    [
        ("9/10", Verdict.PROVED),
        ("55/100", Verdict.PROVED),
        ("45/100", Verdict.REFUTED),
        ("1/2", Verdict.UNDECIDED),  # the mean itself: no sample decides it
    ],
)
def test_it_stops_where_the_claim_is_decided(bound, verdict):
    asked = []
    claim = statement(Le(q.MEAN_KAPPA, Rational(bound)))
    outcome = sample_all(claim, [partial(uniform, asked, 3)], first=500, resolves=means(1, 0.3))
    assert outcome.verdict is verdict
    assert [draws for draws, _ in asked] == [500 << i for i in range(len(asked))]
    assert outcome.draws == asked[-1][0]
    assert len(asked) == {"9/10": 1, "1/2": STAGES}.get(bound, len(asked))
    assert 1 <= len(asked) <= STAGES


def test_every_look_of_every_cell_has_its_share_of_the_rate():
    asked = []
    claim = statement(Le(q.MEAN_KAPPA, Rational(1, 2)))
    cells = [partial(uniform, asked, seed) for seed in (1, 2, 3)]
    outcome = sample_all(claim, cells, first=50, resolves=means(1, 0.3))
    assert sum(rate for _, rate in asked) == pytest.approx(ERROR_RATE, rel=1e-12)
    assert outcome.rate == "1e-06"


def test_a_claim_that_cannot_fail_is_not_proved():
    claim = statement(Le(q.MEAN_KAPPA, Rational(3, 2)))
    outcome = sample_all(claim, [partial(uniform, [], 1)], first=50, resolves=means(1, 0.3))
    assert (outcome.verdict, outcome.effective) == (Verdict.UNDECIDED, 0)


def test_what_is_resolved_is_that_of_the_last_look_and_of_all_intervals():
    asked, said = [], []

    def resolves(draws, rate, cells):
        said.append((draws, rate, cells))
        return "nothing"

    claim = statement(Le(q.MEAN_KAPPA, Rational(9, 10)))
    cells = [partial(uniform, asked, seed) for seed in (1, 2)]
    assert sample_all(claim, cells, first=500, resolves=resolves).resolves == "nothing"
    assert said == [(500 << (STAGES - 1), asked[0][1], 2)]


@pytest.mark.parametrize(
    ("resolution", "text"),
    [
        (medians(2), "medians, from values with 70% of the law on one side"),
        (means(2, 0.1), "means, to 0.19 at a deviation of 0.1"),
    ],
)
def test_resolutions_in_words(resolution, text):
    assert resolution(512, 1e-7, 10) == text
