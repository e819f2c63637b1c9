"""Integrals and recursions give what follows and refuse what does not."""

import pytest
from sympy import (
    Eq,
    Ge,
    Gt,
    Integer,
    Integral,
    Rational,
    Symbol,
    exp,
    oo,
    simplify,
    sin,
    sqrt,
    symbols,
)

from proofs import integrals as n
from proofs import kernel as k
from proofs.domains import RefusedError, Sign
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.harmonic import Harmonic, Hermite

T, X = symbols("t x", real=True)
P = Symbol("p", nonnegative=True)
I, J = symbols("i j", integer=True, nonnegative=True)  # noqa: E741 - an index
K, D = q.DEGREE, q.SPACE_DIM
HALF = Rational(1, 2)


@pytest.mark.parametrize(
    ("body", "low", "high"),
    [
        (1 / T, 0, 1),
        (T**X, 0, 1),
        (sqrt(T), -1, 1),
        (1 / (1 - T**2), 0, 1),
        ((1 - T**2) ** X, -1, 1),
        (T, 0, 2),
        (T, 0, X),
        (T, 0, oo),
        (exp(-(T**2)), 0, oo),
        ((1 - T**2) ** -HALF * exp(-(T**2) / 2), 0, oo),
        (sin(T), 0, 1),
        (T**T, 0, 1),
        (1 / Harmonic(K, 3, T), 0, 1),
        (Harmonic(X, 3, T), 0, 1),
        (Harmonic(K, D, T), 0, 1),
        (T / X, 0, 1),
    ],
)
def test_not_known_to_converge(body, low, high):
    with pytest.raises(RefusedError):
        n.converges(Integral(body, (T, low, high)))


def test_known_to_converge():
    n.converges(Integral(T**P * (1 - T**2) ** -HALF * Harmonic(K, 3, T) ** 2, (T, 0, 1)))
    n.converges(Integral(T**J * (1 - T**2) ** P * (T + 1), (T, -1, 1)))
    n.converges(Integral(T**P * exp(-(T**2) / 2) * Hermite(K, T), (T, 0, oo)))


@pytest.mark.parametrize("power", [Integer(0), HALF, Integer(3)])
def test_textbook_integrals(power):
    for fact in (n.beta(T, power, HALF), n.gauss(T, power)):
        (area,) = fact.gap.atoms(Integral)
        assert simplify(area.doit() - (area - fact.gap)) == 0
    with pytest.raises(RefusedError):
        n.beta(T, -power - 1, HALF)
    with pytest.raises(RefusedError):
        n.beta(T, power, -power - 1)
    with pytest.raises(RefusedError):
        n.gauss(T, -power - 1)


def unit(body):
    return Integral(body, (T, 0, 1))


def test_integrate():
    square = k.equal((T + 1) ** 2, T**2 + 2 * T + 1)
    parts = ((1, unit((T + 1) ** 2)), (-1, unit(T**2)), (-2, unit(T)), (-1, unit(1)))
    assert n.integrate(square, Integer(1), parts).sign is Sign.ZERO
    zero, twice = k.evident(Integer(0)), ((2, unit(T)), (-1, unit(2 * T)))
    assert n.integrate(zero, Integer(0), twice).sign is Sign.ZERO
    for equation, weight, wrong in (
        (zero, Integer(0), ((2, unit(T)), (-1, unit(T)))),
        (zero, Integer(0), ((T, unit(T)), (-1, unit(T**2)))),
        (zero, Integer(0), ((1, unit(1 / T)), (-1, unit(1 / T)))),
        (zero, Integer(0), ((1, unit(T)), (-1, Integral(T, (T, -1, 1))))),
        (k.evident(T**2), Integer(1), ((1, unit(T**2)),)),
        (k.assume(Eq(T, 0)), Integer(1), ((1, unit(T)),)),
        (k.assume(Eq(T, X)), Integer(1), ((1, unit(T)), (-X, unit(1)))),
    ):
        with pytest.raises(RefusedError):
            n.integrate(equation, weight, wrong)


def test_halves():
    assert n.halves(Integral(T**J, (T, -1, 1))).gap.has((-T) ** J)
    for area in (unit(T), Integral(sqrt(T), (T, -1, 1))):
        with pytest.raises(RefusedError):
            n.halves(area)


def test_carried():
    zero = k.assume(Eq(X, 0))
    assert n.carried(k.evident(1 + P), 1 + P + X, X, zero).gap == 1 + P + X
    for fact, gap, equation in (
        (k.evident(1 + P), 2 + P + X, zero),
        (k.evident(1 + P), 1 + P + X, k.assume(Ge(X, 0))),
        (k.evident(1 + P), 1 + P + X, k.assume(Eq(X**2, 0))),
        (k.evident(Integer(0)), Integral(X * T, (T, 0, 1)) + X, k.assume(Eq(X, T))),
    ):
        with pytest.raises(RefusedError):
            n.carried(fact, gap, X, equation)


# --- recursion: E[t^p He_k] is what the recurrence makes of it ------------------------------------


def test_recursion():
    gap = (P + I) ** 2 - P**2 - 2 * P * I - I**2
    bases = tuple(k.equal(gap.xreplace({I: Integer(a)}), 0) for a in (0, 1))

    def step(hypothesis):
        told = hypothesis(0, {P: P + 1}) * 0
        return k.equal(gap.xreplace({I: I + 2}), 0) + told

    fact = n.recursion(gap, I, (P,), bases, step)
    assert fact.gap == gap
    assert not fact.assumes


FALSE = I * (I - 1)
"""0 at 0 and at 1 only."""
STARTS = tuple(k.evident(FALSE.xreplace({I: Integer(a)})) for a in (0, 1))


@pytest.mark.parametrize(
    "step",
    [
        lambda h: h(0),
        lambda h: h(1),
        lambda h: h(0) + h(1),
        lambda h: k.instantiate(h(1), {I: I + 1}),
        lambda h: k.instantiate(h(0), {I: I + 2}),
        lambda h: h(2),
        lambda h: h(0, {I: I + 2}),
        lambda _: k.assume(Eq(FALSE.xreplace({I: I + 2}), 0)),
        lambda h: k.instantiate(h(0), {I: Integer(0)}),
    ],
)
def test_a_false_relation_has_no_step(step):
    with pytest.raises(RefusedError):
        n.recursion(FALSE, I, (), STARTS, step)


def test_the_hypothesis_does_not_leave_the_recursion():
    kept = []
    gap = Integer(0)
    with pytest.raises(RefusedError):
        n.recursion(FALSE, I, (), STARTS, lambda h: kept.append(h(0)) or h(0))
    assert kept[0].assumes
    other = n.recursion(gap, I, (), (k.evident(gap), k.evident(gap)), lambda h: h(0) * 0)
    assert not other.assumes
    with pytest.raises(RefusedError):
        n.recursion(FALSE, I, (), STARTS, lambda _: k.instantiate(kept[0], {I: I + 2}))


def test_recursion_refuses_what_is_not_for_all():
    gap = P * I * (I - 1) * (I - 2)
    start = tuple(k.evident(gap.xreplace({I: Integer(a)})) for a in (0, 1))
    none = k.assume(Eq(P, 0))
    for base, step in (
        (start, lambda _: none.times((I + 2) * (I + 1) * I)),  # for p = 0 alone
        ((start[0], k.assume(Eq(P, 0))), lambda h: h(0)),
        (start, lambda h: h(0, {P: Integer(-1)})),
        (start, lambda h: h(0, {P: X})),
        (start, lambda h: h(0, {P: P - 1})),
    ):
        with pytest.raises(RefusedError):
            n.recursion(gap, I, (P,), base, step)
    with pytest.raises(RefusedError):
        n.recursion(gap, P, (), start, lambda h: h(0))  # p does not count
    with pytest.raises(RefusedError):
        n.recursion(I - 1, I, (), (k.assume(Gt(P, 0)) * 0, k.evident(Integer(0))), lambda h: h(1))


def test_polynomials_obey_their_recurrences():
    for meaning, dims in ((d.HARMONICS, {D: Integer(4)}), (d.HERMITES, {})):
        (fact,) = k.definition(meaning)
        for degree in range(4):
            value = fact.gap.xreplace({K: Integer(degree), **dims})
            assert simplify(value) == 0
