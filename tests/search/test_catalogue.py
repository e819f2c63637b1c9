"""What attacks which statement: found by symbols, biting, and with a reason where there is none."""

from dataclasses import replace

import pytest
from sympy import Ge, Symbol

from tests.making import statement
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.links import searched
from w2s_theory.search import bootstrapping, catalogue, principal_angles
from w2s_theory.search.catalogue import attack_on
from w2s_theory.search.falsify import falsify

LEDGER = load()
MEASURED = (
    *("kappa-width", "law-linear", "thm-3.3"),
    *("ansatz-fails", "ansatz-fails-measured"),
    *("thm-3.1-measured", "thm-3.1-exponent-measured"),
    *("universality-measured", "optimality-measured"),
)
"""Means, medians and laws of random teachers: no single setting determines them."""
BY_HAND = (
    "thm-4.1-sharp-flow",
    "thm-3.1-limit",
    "thm-3.1-exponent",
    "optimality-limit",
    *("leverage-power", "gain-rate-power"),
)
"""Numbers and spectra that only their own checks put together."""
ONE_IDENTITY = ("teacher-lower",)
"""Settings determine a clause without mutants only."""


def attacked(entry, attack):
    return falsify(
        attack.on(entry),
        attack.settings,
        examples=attack.examples,
        tries=8,
        seed=0,
        shrink=False,
        equality_digits=30,
    )


def cases():
    """What can be attacked; of what `make checks` attacks, at greater length, once in a while."""
    for key, entry in LEDGER.items():
        if key not in (*MEASURED, *BY_HAND, *ONE_IDENTITY):
            yield pytest.param(key, marks=[pytest.mark.slow] if searched(entry) else [])


@pytest.mark.parametrize("key", list(cases()))
def test_an_attack_is_effective_holds_and_kills(key):
    entry = LEDGER[key]
    attack = attack_on(entry)
    found = attacked(entry, attack)
    assert found.verdict is Verdict.PROVED, found
    assert found.effective >= 3
    mutants = (entry.mutated(m) for m in entry.mutants)
    assert any(attacked(m, attack).verdict is Verdict.REFUTED for m in mutants)


@pytest.mark.parametrize("key", [*MEASURED, *BY_HAND])
def test_the_others_say_why_not(key):
    entry = LEDGER[key]
    assert Evidence.PROPERTY not in entry.needs
    with pytest.raises(ValueError, match=f"{key} cannot be attacked: no setting "):
        attack_on(entry)


def test_a_new_theorem_over_known_quantities_is_attacked_by_its_symbols():
    one = attack_on(statement(Ge(q.L_ST, q.L_TE**2 / 2)))
    assert one.examples == bootstrapping.named()
    assert attack_on(statement(Ge(q.KAPPA, 0))).examples == principal_angles.named()
    chain = attack_on(statement(Ge(q.L_ST, 0), Ge(q.LINK_MIN, 0)))
    assert str(chain.settings).startswith("chains(")
    assert attack_on(statement(Ge(q.RHO**2 + q.RHO, -1))).clauses == (0,)


def test_only_the_clauses_that_settings_determine_are_attacked():
    entry = LEDGER["thm-3.1-markov"]
    attack = attack_on(entry)
    assert attack.clauses == (1, 2)
    assert attack.on(entry).claim == entry.claim[1:]
    mutant = next(m for m in entry.mutants if m.claim is not None)
    assert attack.on(entry.mutated(mutant)).claim == mutant.claim[1:]
    other = replace(entry.mutated(mutant), claim=entry.claim[:2])  # of another shape
    assert attack.on(other).claim == entry.claim[:2]


def test_a_statement_that_no_setting_determines_names_what_is_missing():
    with pytest.raises(ValueError, match=r"determines mean_loss \(mean teacher loss\)$"):
        attack_on(statement(Ge(q.MEAN_LOSS, q.L_TE)))
    with pytest.raises(ValueError, match="all of its symbols at once"):
        attack_on(statement(Ge(q.RHO, q.KAPPA)))
    with pytest.raises(
        ValueError, match=r"must speak of symbols of w2s_theory.ledger\.quantities, got x$"
    ):
        attack_on(statement(Ge(Symbol("x", real=True), 0)))


def test_what_a_topic_is_about_occurs_in_the_ledger():
    symbols = {str(s) for e in LEDGER.values() for c in e.unfolded for s in c.free_symbols}
    assumed = {a.id for e in LEDGER.values() for a in e.assumes}
    conditions = {
        str(s)
        for e in LEDGER.values()
        for a in e.assumes
        for s in e.unfold(a.condition).free_symbols
    }
    for topic in catalogue._TOPICS:
        assert set(topic.about) <= symbols | assumed | conditions
