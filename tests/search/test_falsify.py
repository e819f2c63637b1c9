"""The search for counterexamples: what it finds, in which order, how often it looks."""

import math
from dataclasses import FrozenInstanceError
from fractions import Fraction

import flint
import pytest
from hypothesis import strategies as st
from sympy import Eq, Ge, Gt, Le, Symbol, sqrt

import w2s_theory as w2s
from tests.making import assuming, balls, numbers, statement
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.search import bootstrapping, one_student
from w2s_theory.search.falsify import Search, falsify
from w2s_theory.search.judge import judge

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
INTEGERS = st.integers(0, 10**6).map(lambda k: numbers(L_TE=k))
THEOREM = w2s.ledger["thm-4.1"]


def mutant(name):
    return THEOREM.mutated(next(m for m in THEOREM.mutants if m.id == name))


def explode(_):
    raise AssertionError("the strategy was drawn from")


NEVER_DRAWN = st.none().map(explode)

# --- finding and shrinking ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "least"),
    [(Le(q.L_TE, 17), 18), (Gt(1000, q.L_TE), 1000), (Ge((q.L_TE - 5) * (q.L_TE - 800), 0), 6)],
    ids=["at most", "below", "gap"],
)
def test_counterexamples_are_shrunk_to_the_smallest(claim, least):
    entry = statement(claim)
    found = falsify(entry, st.integers(0, 2000).map(lambda k: numbers(L_TE=k)), seed=0)
    assert found.verdict is REFUTED
    assert found.counterexample == numbers(L_TE=least)
    assert judge(entry, found.counterexample).verdict is REFUTED
    assert found.margin == judge(entry, found.counterexample).margin <= 0


def test_without_shrinking_the_first_one_is_kept():
    entry = statement(Le(q.L_TE, 17))
    raw = falsify(entry, INTEGERS, seed=0, shrink=False)
    shrunk = falsify(entry, INTEGERS, seed=0)
    assert raw.verdict is REFUTED
    assert shrunk.counterexample == numbers(L_TE=18)
    assert dict(raw.counterexample.numbers)[q.L_TE] > 18
    assert raw.tried < shrunk.tried


@pytest.mark.parametrize("name", ["c-0.7501", "any-teacher", "beta-1.9"])
def test_false_versions_of_theorem_4_1_are_refuted(name):
    false = mutant(name)
    found = falsify(
        false,
        one_student.one_student(),
        examples=bootstrapping.named(),
        tries=100,
        seed=0,
        shrink=False,
    )
    assert found.verdict is REFUTED
    result = judge(false, found.counterexample)
    assert (result.verdict, result.effective) == (REFUTED, True)
    assert judge(THEOREM, found.counterexample).verdict in (PROVED, Verdict.VACUOUS)


def test_a_drawn_setting_refutes_without_examples():
    false = mutant("any-teacher")
    gains = st.fractions(min_value=Fraction(1, 2), max_value=2, max_denominator=40)
    found = falsify(false, gains.map(one_student.scaled_up), seed=0, shrink=False)
    assert found.verdict is REFUTED
    assert judge(false, found.counterexample).verdict is REFUTED
    assert found.counterexample.teacher.gain > 1


def test_theorem_4_1_survives():
    found = falsify(THEOREM, one_student.sharp_students(), tries=60, seed=0)
    assert found.verdict is PROVED
    assert found.counterexample is None
    assert 30 < found.effective <= found.tried
    # Students at the floor touch the bound, none is below it.
    assert 0 <= found.margin < 1e-3


# --- counting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("tries", [1, 2, 13, 100])
def test_tries_are_respected(tries):
    found = falsify(statement(Ge(q.L_TE, 0)), INTEGERS, tries=tries, seed=0)
    assert found.tried == found.effective == tries
    assert found.verdict is PROVED


def test_a_small_space_is_not_tried_twice():
    few = st.integers(0, 4).map(lambda k: numbers(L_TE=k))
    assert falsify(statement(Ge(q.L_TE, 0)), few, tries=100).tried == 5


def test_settings_outside_the_assumptions_are_tried_but_not_effective():
    even = assuming(Eq(q.L_TE, 2))
    few = st.integers(0, 4).map(lambda k: numbers(L_TE=k))
    found = falsify(statement(Ge(q.L_TE, 2), assumes=(even,)), few, tries=100)
    assert (found.verdict, found.tried, found.effective, found.margin) == (PROVED, 5, 1, 0.0)


@pytest.mark.parametrize(
    "entry",
    [
        statement(Ge(q.GAIN, 0)),
        statement(Le(q.L_TE, 0), assumes=(assuming(Le(q.L_TE, -1)),)),
        statement(Ge(sqrt(-1 - q.L_TE), 0)),
    ],
    ids=["no symbol", "no assumption", "no value"],
)
def test_a_search_without_effective_settings_is_vacuous_and_has_no_margin(entry):
    found = falsify(entry, INTEGERS, examples=[numbers(L_TE=3)], tries=10, seed=0)
    assert (found.verdict, found.effective, found.margin) == (Verdict.VACUOUS, 0, math.inf)


def test_a_claim_is_searched_where_it_has_a_value():
    root = sqrt(q.L_TE - 3)
    few = st.integers(0, 9).map(lambda k: numbers(L_TE=k))
    found = falsify(statement(Ge(root, 0)), few, tries=100)
    assert (found.verdict, found.tried, found.effective, found.undefined) == (PROVED, 10, 7, 3)
    assert found.undecided is None
    found = falsify(statement(Le(root, 2)), few, tries=100)
    assert (found.verdict, found.counterexample) == (REFUTED, numbers(L_TE=8))


def test_symbols_that_are_not_the_ledgers_are_refused_before_anything_is_drawn():
    with pytest.raises(ValueError, match="L_ST is not the ledger's L_ST"):
        falsify(statement(Ge(Symbol("L_ST"), 0)), NEVER_DRAWN)
    other = assuming(Ge(Symbol("L_TT", real=True), 0))
    with pytest.raises(ValueError, match="got L_TT, did you mean"):
        falsify(statement(Ge(q.L_TE, 0), assumes=(other,)), NEVER_DRAWN)


def test_the_margin_is_the_smallest_seen():
    few = st.sampled_from([4, 5, 8]).map(lambda k: numbers(L_TE=k))
    found = falsify(statement(Ge(q.L_TE, 3)), few, examples=[numbers(L_TE=100)])
    assert found.margin == pytest.approx(1 / 4, rel=1e-14)


# --- examples -------------------------------------------------------------------------------------


def test_examples_come_first():
    entry = statement(Le(q.L_TE, 17))
    given = [numbers(L_TE=k) for k in (3, 17, 40, 18)]
    found = falsify(entry, NEVER_DRAWN, examples=given)
    assert (found.verdict, found.counterexample) == (REFUTED, numbers(L_TE=40))
    assert (found.tried, found.effective) == (3, 3)


def test_examples_are_counted_with_the_tries():
    given = [numbers(L_TE=k) for k in (3, 17)]
    found = falsify(statement(Ge(q.L_TE, 0)), INTEGERS, examples=given, tries=10)
    assert found.tried == 12


def test_harmless_examples_lead_to_the_strategy():
    with pytest.raises(AssertionError, match="the strategy was drawn from"):
        falsify(statement(Ge(q.L_TE, 0)), NEVER_DRAWN, examples=[numbers(L_TE=1)])


# --- undecided settings ---------------------------------------------------------------------------

WIDE = balls(L_TE=(0, 2))


def test_undecided_settings_are_reported():
    found = falsify(statement(Ge(q.L_TE, 1)), st.none().map(lambda _: WIDE), tries=5)
    assert found.verdict is UNDECIDED
    assert found.undecided is WIDE
    assert found.counterexample is None


def test_an_undecided_assumption_is_reported_too():
    entry = statement(Ge(q.L_TE, 5), assumes=(assuming(Ge(q.L_TE, 1)),))
    found = falsify(entry, st.none().map(lambda _: WIDE), tries=5)
    assert (found.verdict, found.effective, found.undecided) == (UNDECIDED, 0, WIDE)


def test_a_counterexample_outweighs_undecided_settings():
    entry = statement(Ge(q.L_TE, 1))
    found = falsify(entry, NEVER_DRAWN, examples=[WIDE, numbers(L_TE=0)])
    assert (found.verdict, found.counterexample) == (REFUTED, numbers(L_TE=0))
    assert found.undecided is WIDE


def test_digits_of_equalities_are_passed_on():
    near = st.just(numbers(L_ST=1 + Fraction(1, 10**13), L_TE=1))
    entry = statement(Eq(q.L_ST, q.L_TE))
    assert falsify(entry, near, tries=3).verdict is REFUTED
    assert falsify(entry, near, tries=3, equality_digits=12).verdict is PROVED


# --- reproducibility and refusals -----------------------------------------------------------------


def test_derandomised_searches_are_identical():
    first, second = (
        falsify(mutant("any-student"), one_student.one_student(), tries=40, seed=0)
        for _ in range(2)
    )
    assert first == second
    calm, again = (
        falsify(THEOREM, one_student.sharp_students(flow=True), tries=30, seed=0) for _ in range(2)
    )
    assert calm == again
    assert calm.verdict is PROVED


@pytest.mark.parametrize("tries", [0, -1, True, 1.0, "3", None, float("nan")], ids=repr)
def test_tries_must_be_a_positive_integer(tries):
    with pytest.raises(ValueError, match="tries must be an integer >= 1, got") as caught:
        falsify(statement(Ge(q.L_TE, 0)), NEVER_DRAWN, tries=tries)
    assert str(caught.value).endswith(f"got {tries!r}")


class Broken:
    grants = ()

    def values(self):
        raise ZeroDivisionError("broken setting")


def test_errors_in_a_setting_are_not_swallowed():
    before = flint.ctx.prec
    with pytest.raises(ZeroDivisionError, match="broken setting"):
        falsify(statement(Ge(q.L_TE, 0)), st.builds(Broken), tries=3)
    assert flint.ctx.prec == before


def test_searches_are_frozen():
    found = falsify(statement(Ge(q.L_TE, 0)), INTEGERS, tries=1, seed=0)
    assert isinstance(found, Search)
    with pytest.raises(FrozenInstanceError):
        found.verdict = REFUTED
