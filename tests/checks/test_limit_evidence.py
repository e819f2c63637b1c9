"""Every limit of the ledger is seen by two kinds of evidence: broken by little, both notice."""

from dataclasses import replace

import pytest
from sympy import Integer, Rational, log

from checks import (
    test_limits,
    test_linear_bounds,
    test_rate,
    test_rate_power,
    test_relu,
    test_spectra,
    test_universality,
)
from proofs.proof import prove
from w2s_theory.certify import Verdict
from w2s_theory.ledger.at_infinity import AtInfinity, at_infinity
from w2s_theory.ledger.registry import load
from w2s_theory.regression.outcome import QUICK

LEDGER = load()
CHECKS = {
    "thm-4.1-sharp-flow": test_limits.test_thm_4_1_sharp_flow_certified,
    "spec-decay": test_spectra.test_decay_certified,
    "spec-limit": test_spectra.test_limit_certified,
    "thm-3.1-limit": test_relu.test_thm_3_1_limit_certified,
    "gain-rate-limit": test_rate.test_gain_rate_limit_certified,
    "leverage-power": test_rate.test_leverage_power_certified,
    "thm-3.2": test_linear_bounds.test_thm_3_2_certified,
    "thm-3.3": test_linear_bounds.test_thm_3_3_certified,
    "optimality-limit": test_universality.test_optimality_limit_certified,
    "gain-rate-power": test_rate_power.test_the_square_on_networks,
}
PLACES = [
    (key, place)
    for key, entry in LEDGER.items()
    for place, clause in enumerate(entry.claim)
    if clause.has(AtInfinity)
]
BREAKS = {
    "a percent": lambda body, value, _: (body, value * Rational(101, 100) if value else Integer(1)),
    "a logarithm": lambda body, value, index: (body * log(index + 2), value),
    "a power": lambda body, value, index: (body * (index + 1), value),
}


def test_each_limit_has_a_check():
    assert {key for key, _ in PLACES} == set(CHECKS)


def seen(key, place, broken):
    """What vanishes may vanish with a factor, too; Gamma functions are enclosed without a log."""
    clause = LEDGER[key].claim[place]
    return broken == "a percent" or (clause.rhs != 0 and (broken == "a power" or clause.has(log)))


CASES = [(*place, broken) for place in PLACES for broken in BREAKS if seen(*place, broken)]


@pytest.mark.slow
@pytest.mark.parametrize(("key", "place", "broken"), CASES)
def test_both_kinds_see_a_wrong_limit(key, place, broken):
    entry = LEDGER[key]
    clause = entry.claim[place]
    index = clause.lhs.args[1]
    wrong = at_infinity(*BREAKS[broken](clause.lhs.args[0], clause.rhs, index), index)
    mutant = replace(entry, claim=(*entry.claim[:place], wrong, *entry.claim[place + 1 :]))
    assert prove(mutant).verdict is not Verdict.PROVED
    assert CHECKS[key](mutant, QUICK).verdict is Verdict.REFUTED
