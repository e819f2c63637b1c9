"""Limits enclosed from a huge index on: the right ones, and none that is not."""

import pytest
from flint import arb
from sympy import Function, Integer, Rational, Symbol, asin, exp, gamma, log, pi, sin, sqrt

from w2s_theory.enclose.growth import limit_of_growth

N = Symbol("n", positive=True)
HALF = Rational(1, 2)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ((N + 1) / (2 * N), arb(1) / 2),
        (log(N**2 + N) / log(N), arb(2)),
        (log(log(N) ** 3) / log(log(N + 5)), arb(3)),
        (N * (1 - exp(-3 / N)), arb(3)),
        ((N + log(N)) ** Rational(3, 2) / (N * sqrt(N)), arb(1)),
        (log(N) ** 100 / N ** Rational(1, 100), arb(0)),
        (1 / log(log(N)), arb(0)),
        ((log(N) + 7 * log(log(N))) / (2 * log(N)), arb(1) / 2),
        (3 / (2 + 1 / log(N)), arb(3) / 2),
    ],
    ids=str,
)
def test_limits(expression, value):
    found = limit_of_growth(expression, N, 64)
    assert found.overlaps(value)
    assert found.rad() < 1e-15
    for wrong in (value * arb("1.0000001") + arb("1e-9"), value + 1):
        assert not found.overlaps(wrong)


@pytest.mark.parametrize(
    ("expression", "sign"),
    [(N / log(N) ** 9, 1), (-log(log(N)), -1), (log(N) - N, -1), (log(N) ** HALF, 1)],
    ids=str,
)
def test_infinite_limits(expression, sign):
    found = limit_of_growth(expression, N, 64)
    assert not found.is_finite()
    assert found == arb("inf") * sign


@pytest.mark.parametrize(
    "expression",
    [
        N - sqrt(N**2 - N),  # cancels at first order
        (N + 1) ** 2 - N**2,
        log(3 * N + pi) - log(N),
        1 / (N / (N + 1) - 1),
        sqrt(1 - N),
        log(-N),
        log(log(log(log(N)))),
        log(log(log(N)) * log(N)) / log(log(log(N))),
        exp(N) / N,
        1 - exp(log(N) ** 2),
        sin(N) / N,
        asin(2) / N,  # has no value: it does not vanish
        (N + log(Integer(0), evaluate=False)) / N**2,
        gamma(Integer(0), evaluate=False) / N,
        N**N,
        gamma(N + HALF) / gamma(N),
        Function("f")(N),
    ],
    ids=str,
)
def test_what_is_not_found_is_refused(expression):
    with pytest.raises(ArithmeticError):
        limit_of_growth(expression, N, 64)


def test_no_part_is_taken_for_negligible():
    for bits in (64, 512):
        found = limit_of_growth(log(N + log(N)) / log(N) + Integer(1) / 10**9, N, bits)
        assert found.overlaps(1 + arb(1) / 10**9)
        assert not found.overlaps(arb(1))
