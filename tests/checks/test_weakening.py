"""The judge of weaker hypotheses: what it refutes, what it must not, and what must be listed."""

from fractions import Fraction

import pytest
from sympy import Ge, Gt, Implies, Le, asin, betainc_regularized, log, sqrt

from checks import test_weakened as check
from checks.support import beyond as places
from checks.support.weakening import Kept, at, fate
from tests.making import assuming, numbers, statement
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.weakened import weakened
from w2s_theory.regression.outcome import FULL, QUICK
from w2s_theory.regression.report import Fate

L = q.L_TE


def found(claim, *assumes, **values):
    return at(statement(claim, assumes=assumes), Kept(numbers(**values)))


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Ge(L, 0), Fate.REFUTED),
        (Ge(L, -1), None),
        (Ge(1 / (L + Fraction(1, 2)), 1), Fate.UNDEFINED),
        (Ge(sqrt(L), 0), Fate.UNDEFINED),
        (Ge(asin(4 * L), -9), Fate.UNDEFINED),
        (Ge(log(L), 0), Fate.UNDEFINED),
        (Ge(betainc_regularized(1, L + Fraction(1, 2), 0, Fraction(1, 2)), 0), Fate.UNDEFINED),
        (Ge(betainc_regularized(1, 2, 0, L), 0), Fate.UNDEFINED),  # the law's, at no loss
        (Ge(betainc_regularized(1, 2, 0, 1 - L), 0), Fate.UNDEFINED),
        (Implies(Ge(L, 0), Ge(sqrt(L), 0)), None),
        (Implies(Le(L, 0), Ge(sqrt(L), 0)), Fate.UNDEFINED),
        (Ge(q.L_ST, 0), None),  # of which the setting says nothing
    ],
    ids=str,
)
def test_what_a_setting_shows(claim, expected):
    assert found(claim, L_TE="-1/2") is expected


def test_a_setting_that_is_not_admitted_shows_nothing():
    assert found(Ge(L, 0), assuming(Gt(L, 0)), L_TE="-1/2") is None
    assert found(Ge(L, 0), assuming(Gt(q.PSI, 0)), L_TE="-1/2") is None
    assert found(Ge(L, 0), assuming(Le(L, 0)), L_TE="-1/2") is Fate.REFUTED
    assert found(Ge(log(L), 0), assuming(Gt(L, 0)), L_TE="-1/2") is None
    assert found(Ge(log(L), 0), assuming(Le(L, 0)), L_TE="-1/2") is Fate.UNDEFINED


def test_an_assumption_without_a_value_admits_nothing():
    assert found(Ge(L, 0), assuming(Ge(sqrt(L), 0)), L_TE="-1/2") is None


def test_an_equality_of_minima_has_a_value():
    assert at(load()["nstep-ends"], Kept(numbers(L_TE="1/2", CHAIN=1))) is None


def test_a_setting_at_which_the_statement_fails_shows_nothing(monkeypatch):
    entry = load()["thm-3.1-markov"]
    weaker = entry.mutated(weakened(entry)[0])
    for itself, expected in ((None, Fate.REFUTED), (Fate.REFUTED, Fate.UNDECIDED)):
        shows = {weaker: Fate.REFUTED, entry: itself}
        monkeypatch.setattr("checks.support.weakening.at", lambda s, _, shows=shows: shows[s])
        assert fate(weaker, [Kept(numbers(L_TE="1/2"))])[0] is expected


def test_a_proof_with_gaps_shows_nothing():
    entry = load()["thm-3.1-markov"]
    assert fate(entry.mutated(weakened(entry)[0]), [])[0] is Fate.UNDECIDED


def test_a_proof_that_does_not_use_what_is_dropped_shows_that_it_holds():
    entry = load()["spec-relu-3-5"]
    fates = {m.id: fate(entry.mutated(m), [])[0] for m in weakened(entry)}
    assert fates["degree-to-4.dropped"] is Fate.PROVED
    assert fates["in-3-or-5.dropped"] is Fate.UNDECIDED


def test_a_minimum_that_is_not_enclosed_shows_nothing():
    losses = numbers(L_TE="1/2", CHAIN=1)
    assert at(load()["nstep-ends"], Kept(losses)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"student_target": Fraction(11, 10)},
        {"teacher": Fraction(-1)},
        {"teacher_target": Fraction(1, 2), "student_teacher": Fraction(9, 10)},
    ],
)
def test_products_are_those_of_vectors(wrong):
    with pytest.raises(ValueError, match="must be those of vectors"):
        places.Products(**wrong)


def test_products_agree_with_coordinates():
    values = places.Products(
        teacher=Fraction(2),
        student=Fraction(5),
        student_target=Fraction(2),
        student_teacher=Fraction(3),
    ).values()  # f* = (1, 0), f_T = (1, 1), f_S = (2, 1)
    assert (values[q.L_TE], values[q.L_ST], values[q.FIT]) == (1, 2, 1)


def run(monkeypatch, profile, listed, key="lem-ls"):
    monkeypatch.setattr(check, "listed", lambda: listed)
    told = []
    check.test_weaker(key, profile, told.append)
    return {one.id: one.fate for one in told}


def test_a_full_run_looks_at_all_of_them(monkeypatch):
    expected = {mutant.id: Fate.REFUTED for mutant in weakened(load()["lem-ls"])}
    assert run(monkeypatch, FULL, {}) == expected


def test_quick_runs_look_at_each_in_turn(monkeypatch):
    from dataclasses import replace

    looked = [run(monkeypatch, replace(QUICK, seed=seed), {}) for seed in range(20)]
    assert set().union(*looked) == {mutant.id for mutant in weakened(load()["lem-ls"])}
    assert not all(looked)


def test_what_is_decided_must_not_be_listed(monkeypatch):
    listed = {"lem-ls~least-squares.dropped": (Fate.UNDECIDED, "nobody knows")}
    with pytest.raises(pytest.fail.Exception, match="is refuted and listed"):
        run(monkeypatch, FULL, listed)


def test_what_is_not_decided_must_be_listed(monkeypatch):
    monkeypatch.setattr(check, "_settings", lambda _: ())
    with pytest.raises(pytest.fail.Exception, match="is undecided and not listed"):
        run(monkeypatch, FULL, {})
    monkeypatch.setattr(check, "beyond", lambda _: ())
    listed = {"lem-ls~another": (Fate.ARGUED, "a reason")}
    with pytest.raises(pytest.fail.Exception, match="is undecided and not listed"):
        run(monkeypatch, FULL, listed)


def test_where_nothing_is_written_down_all_are_told_as_undecided(monkeypatch):
    monkeypatch.setattr(check, "beyond", lambda _: ())
    monkeypatch.setattr(check, "_settings", lambda _: ())
    expected = {mutant.id: Fate.UNDECIDED for mutant in weakened(load()["lem-ls"])}
    assert run(monkeypatch, FULL, {}) == expected


def test_limits_with_numbers_put_in():
    """Another limit refutes, a body without a value is undefined, the right limit shows nothing."""
    body, index = (L + 1) * q.CUT / (q.CUT + 1), q.CUT
    assert found(at_infinity(body, L + 1, index), L_TE="1/2", CUT=3) is None
    assert found(at_infinity(body, L + 2, index), L_TE="1/2") is Fate.REFUTED
    assert found(at_infinity(body * log(index), L + 1, index), L_TE="1/2") is Fate.REFUTED
    assert found(at_infinity(1 / (index * L), L, index), L_TE=0) is Fate.UNDEFINED
    assert found(at_infinity(log(index * L) / index, L, index), L_TE=-1) is Fate.UNDEFINED


def test_what_is_listed_is_there():
    known = {f"{e.id}~{mutant.id}" for e in load().values() for mutant in weakened(e)}
    assert check.listed().keys() <= known
    assert {fate for fate, _ in check.listed().values()} <= {Fate.ARGUED, Fate.UNDECIDED}
