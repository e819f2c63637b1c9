"""The minimum as a SymPy node, enclosed and decided rigorously (against SciPy and closed forms)."""

import math
from dataclasses import replace
from fractions import Fraction

import flint
import pytest
from scipy.optimize import minimize_scalar
from sympy import Dummy, Eq, Ge, Gt, Integer, Le, Lt, Rational, Symbol, cos, sqrt

from tests.making import numbers, statement
from w2s_theory.certify import Verdict, precision, to_arb, to_fmpq
from w2s_theory.enclose.minima import (
    argmin,
    decide_with_infima,
    enclosure,
    has_infimum,
    upper_bound,
)
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.search.judge import judge

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
X, A = Symbol("x", real=True), Symbol("shift", real=True)
# min over [0, 2] of (x - a)^2 + 1: 1 for 0 <= a <= 2, at the nearer end otherwise.
BOWL = Infimum((X - A) ** 2 + 1, X, Integer(0), Integer(2))
NOWHERE = Infimum(sqrt(X - A), X, Integer(0), Integer(2))  # not real where a > 2
CHAIN = section4.CHAIN_FLOOR.expr.xreplace(dict([section4.ANGLE]))


def chain_minimum(loss, length):
    """The chain's floor by SciPy, typed from the definition."""
    theta = math.asin(math.sqrt(loss))

    def objective(phi):
        shrunk = math.cos(theta) * math.cos(phi) ** length
        return 1 - 2 * shrunk * math.cos(theta - length * phi) + shrunk**2

    found = minimize_scalar(
        objective, bounds=(0, theta / length), method="bounded", options={"xatol": 1e-12}
    )
    return found.fun, found.x


# --- the node ---------------------------------------------------------------------------------


def test_the_bound_symbol_is_not_free():
    assert BOWL.free_symbols == {A}
    assert BOWL.bound_symbols == [X]
    assert section4.CHAIN_FLOOR.expr.free_symbols == {q.CHAIN, q.THETA}
    assert Infimum(A, X, A, X + Symbol("y")).free_symbols == {A, X, Symbol("y")}
    assert not BOWL.is_number
    assert BOWL.subs(A, 1).is_number


def test_substitution_of_free_symbols_rebuilds_the_node():
    node = Infimum((X - A) ** 2, X, A - 1, A + 1)
    assert node.xreplace({A: Integer(3)}) == Infimum((X - 3) ** 2, X, Integer(2), Integer(4))
    assert node.subs(A, 3) == node.xreplace({A: Integer(3)})
    assert node.func(*node.args) == node
    assert node.objective == (X - A) ** 2
    assert node.interval == (A - 1, A + 1)


def test_it_stays_unevaluated_and_real():
    assert BOWL.subs(A, 1).doit() == BOWL.subs(A, 1)
    assert BOWL.is_real
    assert Infimum((X - A) ** 2 + 2, X, Integer(0), Integer(2)) != BOWL
    assert Ge(BOWL, 0) not in (True, False)


@pytest.mark.parametrize("symbol", [Integer(1), X + 1, "x"], ids=repr)
def test_only_a_symbol_can_be_bound(symbol):
    with pytest.raises(ValueError, match="symbol must be a SymPy Symbol, got"):
        Infimum(X, symbol, Integer(0), Integer(1))


def test_derivatives():
    assert BOWL.diff(Symbol("y")) == 0
    assert BOWL.diff(X) == 0
    with pytest.raises(ValueError, match="not differentiated, asked for d/dshift"):
        BOWL.diff(A)


# --- enclosures -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shift", "minimum", "place"),
    [
        (Fraction(1, 3), 1, Fraction(1, 6)),
        (Fraction(-1, 2), Fraction(5, 4), 0),
        (Fraction(3), 2, 1),
        (Fraction(2), 1, 1),
        (Fraction(0), 1, 0),
    ],
    ids=str,
)
def test_minimum_inside_and_at_the_ends(shift, minimum, place):
    values = {A: shift}
    found = enclosure(BOWL, values, 20)
    with precision(256):
        exact = to_arb(minimum)
        assert found.lower() <= exact <= found.upper()
        assert found.rad() <= to_arb(Fraction(2, 10**20)) * exact
        assert upper_bound(BOWL, values, 256).upper() >= exact
        u = argmin(BOWL, values, 256)
        assert abs(u - to_fmpq(place)) < to_fmpq(Fraction(1, 10**30))


@pytest.mark.parametrize("length", [1, 2, 5, 40])
@pytest.mark.parametrize("loss", [Fraction(1, 100), Fraction(1, 2), Fraction(99, 100)], ids=str)
def test_chain_floor_against_scipy(loss, length):
    values = {q.L_TE: loss, q.CHAIN: length}
    reference, phi = chain_minimum(float(loss), length)
    found = enclosure(CHAIN, values, 20)
    assert abs(float(found.mid()) - reference) < 1e-13
    top = upper_bound(CHAIN, values, 128)
    assert float(top.mid()) == pytest.approx(float(found.mid()), rel=1e-14)
    assert top >= found.lower()
    theta = math.asin(math.sqrt(loss))
    u = argmin(CHAIN, values, 64)
    # A float minimiser finds the place to about the square root of the rounding.
    assert float(u.p) / float(u.q) * theta / length == pytest.approx(phi, abs=1e-6)


def test_more_digits_narrow_the_same_ball():
    values = {q.L_TE: Fraction(1, 10), q.CHAIN: 3}
    coarse, fine = enclosure(CHAIN, values, 8), enclosure(CHAIN, values, 60)
    with precision(400):
        assert coarse.overlaps(fine)
        assert fine.rad() < fine * flint.arb(2) * flint.arb(10) ** -60


def test_objective_without_a_value_is_refused():
    with pytest.raises(ArithmeticError, match=r"objective of min\(sqrt.* is not defined at"):
        enclosure(NOWHERE, {A: Fraction(5)}, 10)


# --- decisions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "verdict"),
    [
        (Ge(Rational(101, 100), BOWL), PROVED),
        (Gt(Rational(101, 100), BOWL), PROVED),
        (Ge(Rational(99, 100), BOWL), REFUTED),
        (Le(BOWL, Rational(101, 100)), PROVED),
        (Le(Rational(99, 100), BOWL), PROVED),
        (Lt(Rational(101, 100), BOWL), REFUTED),
        (Ge(BOWL**2 + BOWL, Rational(199, 100)), PROVED),
        (Ge(BOWL**2 + BOWL, Rational(201, 100)), REFUTED),
        (Eq(BOWL, Rational(3, 2)), REFUTED),
        (Le(BOWL - BOWL.subs(A, 3), -Rational(1, 2)), PROVED),
        (Ge(BOWL, BOWL.subs(A, 3)), REFUTED),
    ],
    ids=str,
)
def test_relations_are_decided(clause, verdict):
    assert has_infimum(clause)
    assert decide_with_infima(clause, {A: Fraction(1, 3)}, 128) is verdict


def test_equality_with_a_minimum_is_never_proved_without_digits():
    at = numbers(L_TE=Fraction(1, 10), CHAIN=1)
    claim = statement(Eq(CHAIN, section4.SHRINKAGE_FLOOR.expr))
    assert judge(claim, at, equality_digits=25).verdict is PROVED
    off = statement(Eq(CHAIN, Rational(1001, 1000) * section4.SHRINKAGE_FLOOR.expr))
    assert judge(off, at, equality_digits=25).verdict is REFUTED
    values = {q.L_TE: Fraction(1, 10), q.CHAIN: 1}
    assert decide_with_infima(claim.claim[0], values, 64) is UNDECIDED


def test_balls_prove_but_do_not_refute():
    wide = {A: flint.arb(1, 0.25)}
    assert decide_with_infima(Ge(Integer(2), BOWL), wide, 64) is PROVED
    assert decide_with_infima(Ge(Integer(0), BOWL), wide, 64) is UNDECIDED


def test_an_undefined_objective_is_undecided():
    assert decide_with_infima(Eq(NOWHERE, 1), {A: Fraction(5)}, 64) is UNDECIDED
    assert decide_with_infima(Ge(9, NOWHERE), {A: Fraction(5)}, 64) is UNDECIDED


def test_two_minima_with_the_same_text_stay_apart():
    # Two different symbols called x: equal strings, different nodes.
    other = Dummy("x", real=True)
    low = Infimum(cos(X), X, Integer(0), Integer(1))
    high = Infimum(cos(other) + 1, other, Integer(0), Integer(1))
    assert decide_with_infima(Le(low + Rational(9, 10), high), {}, 128) is PROVED


def test_precision_is_restored():
    before = flint.ctx.prec
    values = {A: Fraction(1, 3)}
    enclosure(BOWL, values, 30)
    upper_bound(BOWL, values, 300)
    argmin(BOWL, values, 300)
    decide_with_infima(Ge(Integer(2), BOWL), values, 300)
    assert flint.ctx.prec == before


def test_a_minimum_that_was_not_found_is_no_enclosure(monkeypatch):
    from w2s_theory.enclose import minima

    def undecided(*given, **options):
        return replace(found(*given, **options), verdict=Verdict.UNDECIDED)

    found = minima.minimise
    monkeypatch.setattr(minima, "minimise", undecided)
    node = section4.CHAIN_FLOOR.expr.xreplace(dict([section4.ANGLE]))
    with pytest.raises(ArithmeticError, match="was not enclosed to 20 digits"):
        minima.enclosure(node, {q.CHAIN: to_fmpq(4), q.L_TE: to_fmpq(Fraction(1, 2))})


def test_an_upper_bound_of_one_minimum_says_nothing_against_another():
    """A well that grid and Newton miss: its upper bound is near 1, the minimum is 0."""
    well = Infimum(1 - 1 / (1 + 10**8 * (X - Rational(1, 3)) ** 2), X, Integer(0), Integer(1))
    level = Infimum(X**2 + Rational(1, 2), X, Integer(0), Integer(1))
    assert upper_bound(well, {}, 64) > 0.9
    assert decide_with_infima(Ge(well, level), {}, 64) is not PROVED
