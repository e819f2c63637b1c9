"""Numbers alone: losses, constants and exponents, steps and momenta."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import LARGE, ONE, SMALL, UNIT, ZERO
from w2s_theory.search.settings import NumberSetting


@st.composite
def losses(draw: DrawFn) -> NumberSetting:
    """A teacher loss in [0, 1], and a chain length."""
    loss = draw(st.one_of(UNIT, SMALL, SMALL.map(lambda x: 1 - x), st.just(Fraction(2, 3))))
    length = draw(st.sampled_from([1, 2, 3, 4, 8, 16, 64]))
    return NumberSetting(((q.L_TE, loss), (q.CHAIN, Fraction(length))))


def named_losses() -> tuple[NumberSetting, ...]:
    """The ends of the unit interval, 2/3 and what lies between, for short and long chains."""
    losses = (ZERO, Fraction(1, 10**6), Fraction(1, 7), Fraction(2, 3), Fraction(99, 100), ONE)
    return tuple(
        NumberSetting(((q.L_TE, loss), (q.CHAIN, Fraction(length))))
        for loss in losses
        for length in (1, 2, 16)
    )


def dimensions() -> SearchStrategy[NumberSetting]:
    """A dimension d of the inputs, from 1 to 10^6."""
    dims = st.one_of(st.integers(1, 300), st.integers(1, 10**6))
    return dims.map(lambda dim: NumberSetting(((q.DIM, Fraction(dim)),)))


def named_dimensions() -> tuple[NumberSetting, ...]:
    """Small dimensions, and large ones."""
    dims = (1, 2, 3, 5, 8, 32, 200, 1000, 10**6)
    return tuple(NumberSetting(((q.DIM, Fraction(dim)),)) for dim in dims)


@st.composite
def exponents(draw: DrawFn) -> NumberSetting:
    """A constant c, an exponent beta and a teacher loss, for claims of the form L_ST ? c L^beta."""
    loss = draw(st.one_of(UNIT.filter(bool), SMALL, SMALL.map(lambda x: x**4)))
    if draw(st.booleans()):
        # c L^beta = x L^2 with x on either side of 3/4.
        beta = Fraction(draw(st.sampled_from([1, 3, 4, 6])))
        constant = draw(st.fractions(min_value=Fraction(1, 2), max_value=1, max_denominator=50))
        constant *= loss ** (2 - int(beta))
    else:
        beta = draw(st.sampled_from([Fraction(n, 10) for n in (10, 19, 21, 22, 25, 30, 40, 60)]))
        constant = draw(st.one_of(SMALL, LARGE, UNIT.filter(bool)))
    return NumberSetting(((q.COEFFICIENT, constant), (q.EXPONENT, beta), (q.L_TE, loss)))


@st.composite
def momentum_steps(draw: DrawFn) -> NumberSetting:
    """A step, an eigenvalue and a momentum."""
    x = draw(st.fractions(min_value=0, max_value=1, max_denominator=40))
    eigenvalue = draw(st.one_of(SMALL, LARGE, st.just(ONE)))
    momentum = draw(st.fractions(min_value=0, max_value=Fraction(99, 100), max_denominator=100))
    return NumberSetting(
        ((q.EIGENVALUE, eigenvalue), (q.STEP, x / eigenvalue), (q.MOMENTUM, momentum))
    )


@st.composite
def rules(draw: DrawFn) -> NumberSetting:
    """An eigenvalue, a step, a number of steps and a time; a few of the steps too long."""
    x = draw(st.fractions(Fraction(1, 40), Fraction(11, 10), max_denominator=40))
    eigenvalue = draw(st.one_of(SMALL, LARGE, st.just(ONE)))
    steps = draw(st.integers(1, 12))
    time = draw(st.one_of(UNIT, LARGE)) / eigenvalue
    numbers = (eigenvalue, x / eigenvalue, Fraction(steps), time)
    return NumberSetting(tuple(zip((q.EIGENVALUE, q.STEP, q.STEPS, q.TIME), numbers, strict=True)))


def named_rules() -> tuple[NumberSetting, ...]:
    """One thing wrong at a time: a long step, a negative time, count, eigenvalue or step."""
    table = ("1 2 1 1", "1 1/2 2 -1", "1 1/2 -1 1", "-1 1/2 1 1", "1 -1/2 1 1", "1 9/10 9 9")
    symbols = (q.EIGENVALUE, q.STEP, q.STEPS, q.TIME)
    return tuple(
        NumberSetting(tuple(zip(symbols, map(Fraction, row.split()), strict=True))) for row in table
    )


def thresholds() -> tuple[NumberSetting, ...]:
    """Constants, exponents and losses around the threshold of the erratum."""
    table = [
        (c, beta, loss)
        for beta in (1, 3, 4)
        for loss in (Fraction(1, 2), Fraction(1, 1000))
        for c in (
            Fraction(7, 10) * loss ** (2 - beta),
            Fraction(9, 10) * loss ** (2 - beta),
            Fraction(1, 5) * loss ** (2 - beta),
            ONE,
        )
    ]
    return tuple(
        NumberSetting(((q.COEFFICIENT, c), (q.EXPONENT, Fraction(beta)), (q.L_TE, loss)))
        for c, beta, loss in table
    )


def named_momenta() -> tuple[NumberSetting, ...]:
    """Steps of 1/2 and 7/10 with little momentum and much, and none."""
    return tuple(
        NumberSetting(((q.EIGENVALUE, ONE), (q.STEP, step), (q.MOMENTUM, momentum)))
        for step in (Fraction(1, 2), Fraction(7, 10))
        for momentum in (ZERO, Fraction(1, 10), Fraction(9, 10))
    )
