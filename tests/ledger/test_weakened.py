"""Weaker hypotheses: which there are, that they are weaker, and that old hand edits are there."""

import itertools

import pytest
from sympy import Abs, And, Eq, Ge, Gt, Implies, Le, Lt, Ne, Or, Rational, floor

from tests.making import statement
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Assumption, Kind
from w2s_theory.ledger.weakened import weakened

L, M, K, PSI = q.L_TE, q.WIDTH, q.DEGREE, q.PSI
PERCENT = Rational(1, 100)


def weaker(condition):
    """The changes of a single assumption, and what each leaves."""
    made = statement(Ge(q.L_ST, 0), assumes=(Assumption("a", "a", condition),))
    return {
        mutant.id.removeprefix("a."): mutant.assumes[0].condition if mutant.assumes else None
        for mutant in weakened(made)
    }


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Ge(L, 0), {"percent": Ge(L, -PERCENT)}),
        (Le(L, 1), {"percent": Le(L, 1 + PERCENT)}),
        (Gt(PSI, 2), {"closed": Ge(PSI, 2), "percent": Gt(PSI, 2 - 2 * PERCENT)}),
        (Lt(L, PSI), {"closed": Le(L, PSI), "percent": Lt(L, PSI + PERCENT * Abs(PSI))}),
        (Ge(M, 3), {"next": Ge(M, 2)}),
        (Gt(M, 3), {"closed": Ge(M, 3)}),
        (Le(K, 4), {"next": Le(K, 5)}),
        (Eq(L, 0), {"percent": Le(Abs(L), PERCENT)}),
        (Eq(L, 1), {"above": Ge(L, 1), "below": Le(L, 1), "percent": Le(Abs(L - 1), PERCENT)}),
        (Ne(L, 1), {}),
        (Or(Eq(K, 3), Eq(K, 5)), {}),
        (Eq(2 * floor(K / 2), K), {}),
        (
            And(Ge(L, 0), Lt(L, 1)),
            {
                "1-dropped": Lt(L, 1),
                "1-percent": And(Ge(L, -PERCENT), Lt(L, 1)),
                "2-dropped": Ge(L, 0),
                "2-closed": And(Ge(L, 0), Le(L, 1)),
                "2-percent": And(Ge(L, 0), Lt(L, 1 + PERCENT)),
            },
        ),
    ],
    ids=str,
)
def test_what_is_generated(condition, expected):
    assert weaker(condition) == {"dropped": None, **expected}


def test_premises_are_weakened_too():
    made = statement(Ge(q.L_ST, 0), Implies(Gt(L, 1), Ge(q.L_ST, 1)))
    found = {mutant.id: mutant.claim[1] for mutant in weakened(made)}
    assert found == {
        "premise-2.dropped": Ge(q.L_ST, 1),
        "premise-2.closed": Implies(Ge(L, 1), Ge(q.L_ST, 1)),
        "premise-2.percent": Implies(Gt(L, 1 - PERCENT), Ge(q.L_ST, 1)),
    }


def test_a_measurement_claims_nothing_beyond_its_cells():
    assert not any(weakened(e) for e in load().values() if e.kind is Kind.MEASUREMENT)


def test_every_assumption_is_dropped_and_ids_are_told_apart():
    for entry in load().values():
        ids = [mutant.id for mutant in weakened(entry)]
        assert len(set(ids)) == len(ids)
        if entry.kind is not Kind.MEASUREMENT:
            assert {f"{a.id}.dropped" for a in entry.assumes} <= set(ids)


NUMBERS = [
    Rational(n, 200) for n in (-300, -201, -2, -1, 0, 1, 2, 199, 200, 201, 399, 400, 402, 700)
]


@pytest.mark.parametrize(
    "condition",
    [Ge(L, 0), Le(L, 1), Gt(PSI, 2), Lt(L, PSI), Eq(L, 1), Eq(L, PSI), And(Ge(L, 0), Lt(L, 1))],
    ids=str,
)
def test_whatever_holds_before_holds_after_and_something_else_does(condition):
    points = [{L: a, PSI: b} for a, b in itertools.product(NUMBERS, repeat=2)]
    held = [bool(condition.subs(point)) for point in points]
    for kind, after in weaker(condition).items():
        now = [after is None or bool(after.subs(point)) for point in points]
        assert all(b for a, b in zip(held, now, strict=True) if a), kind
        assert sum(now) > sum(held), kind


# Edits that were made by hand once and went unseen: what makes each of them now.
BY_HAND = {
    "law-linear for any d": "linear-model.3-dropped",
    "law-linear at d = M + 4": "linear-model.3-closed",
    "law-linear at psi = 0": "linear-model.2-closed",
    "law-linear at psi < 0": "linear-model.2-percent",
    "law-linear-k at psi = 1.01": "weak-psi.1-percent",
    "thm-3.2 at psi = 4/M": "scaling-3.2.1-dropped",
    "thm-3.2 at M = 1": "scaling-3.2.2-dropped",
    "thm-3.3 without its scaling": "scaling-3.3.dropped",
    "student-linear with psi a bound": "two-levels.1-below",
    "thm-3.1-markov at any time": "late-enough.dropped",
    "odd-target with energy that is seen": "in-span.percent",
    "kappa-properties with one percent outside S": "target-in-S.percent",
    "master-bound with one percent outside S": "target-in-S.percent",
    "spec-rodrigues at d = 1": "sphere.next",
    "spec-multiplicity at k = 0, d = 2": "not-0-in-2.closed",
    "universality without positivity": "positive-spectrum.dropped",
}


@pytest.mark.parametrize("said", BY_HAND)
def test_old_hand_edits_are_generated(said):
    entry = load()[said.split()[0]]
    assert BY_HAND[said] in {mutant.id for mutant in weakened(entry)}
