"""A proof is one fact for each clause, under what the statement assumes; anything less is not."""

from dataclasses import replace

import pytest
from sympy import Eq, Ge, Rational, Symbol

from proofs import kernel as k
from proofs.lemmas import cauchy_schwarz, triangle
from proofs.proof import Proof, prove
from proofs.symbolic.lem_1 import prove_lem_1_convex
from proofs.symbolic.thm_4_1 import prove_thm_4_1
from proofs.symbolic.thm_4_2 import prove_thm_4_2
from w2s_theory.certify import Verdict
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Assumption

LEDGER = load()
X = Symbol("x", real=True)
KERNEL = (
    *("def-1", "lem-1", "lem-1-filters", "lem-1-convex", "lem-1-overshoot", "lem-ls"),
    *("thm-4.1", "thm-4.1-best", "thm-4.1-sharp", "thm-4.1-needs-teacher", "cor-1"),
    *("lem-1-named", "thm-4.1-sharp-flow", "kappa-linear", "teacher-schur"),
    *(
        "spec-rodrigues",
        "spec-multiplicity",
        "spec-coefficients",
        "spec-relu-3-5",
        "spec-low",
        "spec-odd",
    ),
    *("spec-hermite-kernel", "spec-taylor"),
    *("spec-arccosine", "spec-hermite", "spec-decay", "spec-limit"),
    *("thm-4.2", "thm-4.2-sharp", "cor-2", "nstep", "nstep-ends", "nstep-sharp", "err-1"),
    *(
        "kappa-alignment",
        "master-bound",
        "master-bound-multiscale",
        "even-kernel",
        "gain-rate",
        "teacher-rate",
    ),
    *(
        "student-linear",
        "law-linear-k",
        "thm-3.1-exponent",
        "odd-target",
        "universality",
        "optimality",
    ),
    *("thm-3.1-limit", "optimality-limit", "leverage-power"),
)
GAPS = {
    **{"leverage": 2, "teacher-lower": 2, "gain-rate-power": 2, "ansatz-fails": 3},
    **{"spec-funk-hecke": 1},
    **{"spec-eigenvalue": 1, "spec-parseval": 1, "spec-kernel": 1},
    **{"kappa-forms": 1, "kappa-properties": 1, "kappa-width": 2},
    **{"law-linear": 2, "linear-bounds": 1, "thm-3.2": 1, "thm-3.3": 1},
    **{"thm-3.1-markov": 2, "thm-3.1": 1},
}
"""What proofs from the kernel take from the literature."""
MUTANTS = [
    LEDGER[key].mutated(mutant) for key in (*KERNEL, *GAPS) for mutant in LEDGER[key].mutants
]


# The longest of them is proved by `make checks` all the same.
@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=[pytest.mark.slow] * (key == "nstep")) for key in KERNEL]
)
def test_no_gap(key):
    outcome = prove(LEDGER[key])
    assert outcome.verdict is Verdict.PROVED, outcome.detail
    assert outcome.gaps == 0


@pytest.mark.parametrize("key", GAPS)
def test_gaps_that_remain(key):
    outcome = prove(LEDGER[key])
    assert outcome.verdict is Verdict.PROVED, outcome.detail
    assert outcome.gaps == GAPS[key]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.id)
def test_no_mutant_is_proved(mutant):
    assert prove(mutant).verdict is not Verdict.PROVED


@pytest.mark.parametrize("key", [key for key in KERNEL if LEDGER[key].assumes])
def test_no_proof_without_the_assumptions_it_uses(key):
    """With no assumptions at all."""
    assert prove(replace(LEDGER[key], assumes=())).verdict is not Verdict.PROVED


def test_empty_short_and_foreign_proofs():
    theorem = LEDGER["thm-4.1"]
    first, second = prove_thm_4_1(theorem).facts
    other = prove_thm_4_2(LEDGER["thm-4.2"]).facts
    for facts in (
        (),
        (first,),
        (second,),
        (second, first),
        (first, first),
        other,
        (first, other[1]),
    ):
        outcome = Proof(theorem, facts).run()
        assert outcome.verdict is Verdict.UNDECIDED
        assert outcome.detail
    assert Proof(theorem, (first, second)).run().verdict is Verdict.PROVED


def test_gaps_are_counted():
    clause = LEDGER["lem-1"].claim[0]
    outcome = Proof(LEDGER["lem-1"], (k.gap("told, not shown", clause),)).run()
    assert (outcome.verdict, outcome.gaps) == (Verdict.PROVED, 1)


ONE_PERCENT = [
    *(("linear-bounds", place) for place in range(6)),
    *(("thm-3.2", place) for place in range(8)),
    *(("thm-3.3", place) for place in (0, 1, 3, 5, 6, 8, 10)),
    *(("law-linear", place) for place in range(4)),
    *(("student-linear", place) for place in range(3)),
    *(("law-linear-k", place) for place in range(4)),
    *(("thm-3.1-markov", 0), ("odd-target", 0), ("optimality", 0), ("optimality", 1)),
    *(("optimality-limit", place) for place in range(2)),
    *(("thm-3.1-limit", place) for place in range(5)),
    *(("thm-3.1-exponent", place) for place in (0, 1, 2, 5, 6)),
]


@pytest.mark.parametrize(("key", "place"), ONE_PERCENT)
def test_one_percent_more_is_not_proved(key, place):
    """The right side of a clause, made larger where it is a lower bound, else smaller."""
    entry = LEDGER[key]
    clause = entry.claim[place]
    factor = 1 + Rational(1 if isinstance(clause, Ge) else -1, 100)
    clauses = list(entry.claim)
    clauses[place] = clause.func(clause.lhs, factor * clause.rhs, evaluate=False)
    assert prove(replace(entry, claim=tuple(clauses))).verdict is not Verdict.PROVED


def test_an_equation_that_fails_where_another_is_proved_is_refuted():
    sharp, double = LEDGER["thm-4.1-sharp"], k.equal(X + X, 2 * X)
    other = sharp.mutated(sharp.mutants[0])
    outcome = prove(other)
    assert (outcome.verdict, outcome.margin) == (Verdict.REFUTED, "exact")
    wrong = replace(sharp, claim=(Eq(2 * X, 3 * X, evaluate=False),), assumes=())
    assert Proof(wrong, (double,)).run().verdict is Verdict.REFUTED
    far = Assumption("far", "x is large", Ge(X, 1000))
    told = k.gap("told", Eq(2 * X, X + 1, evaluate=False))
    defined = k.definition(d.TEACHER_LOSS)[0].times(0) + double
    for statement, fact in (
        (replace(wrong, assumes=(far,)), double),  # no point that is tried is so large
        (wrong, told),
        (wrong, defined),
        (wrong, double + k.assume(Eq(X, 0)) * 0),
        (wrong, k.assume(Ge(X, 0))),
        (replace(wrong, claim=(Ge(2 * X, 3 * X),)), double),
    ):
        assert Proof(statement, (fact,)).run().verdict is Verdict.UNDECIDED


def test_an_undischarged_assumption_is_noticed():
    lemma = LEDGER["lem-1-convex"]
    (fact,) = prove_lem_1_convex(lemma).facts
    extra = fact + k.assume(Ge(q.L_TE, 0)) * 0
    assert Proof(lemma, (extra,)).run().verdict is Verdict.UNDECIDED


def test_definitions_hold_in_their_scope_only():
    """The student of Theorem 4.1 is no gradient flow."""
    flow = LEDGER["lem-1"]
    assert prove(flow).verdict is Verdict.PROVED
    assert prove(replace(flow, id="thm-4.1")).verdict is Verdict.UNDECIDED
    facts = prove_thm_4_1(LEDGER["thm-4.1"]).facts
    tied = facts[0] + k.average(k.evident(v.FILTER_AT**2), v.SPECTRUM) * 0
    tied = tied + k.definition(d.SPECTRAL_STUDENT)[0].times(0)
    assert Proof(LEDGER["thm-4.1"], (tied, facts[1])).run().verdict is Verdict.UNDECIDED


def test_steps_are_shown_once_and_in_order():
    names = [step.name for step in prove_thm_4_1(LEDGER["thm-4.1"]).steps]
    assert names == list(dict.fromkeys(names))
    assert (
        names.index("Cauchy-Schwarz") < names.index("triangle inequality") < names.index("distance")
    )
    assert all(step.because and step.rule for step in prove_thm_4_1(LEDGER["thm-4.1"]).steps)


def test_cauchy_schwarz_and_triangle_are_derived():
    assert cauchy_schwarz(v.TEACHER, v.TARGET).assumes == ()
    assert triangle(v.TEACHER, v.TARGET).gaps == ()
