"""Enclosures to the digits asked for, and the search for the precision that gives them."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import arb, ctx, fmpq
from sympy import Rational

from w2s_theory.certify import PrecisionExhausted, ball, enclose
from w2s_theory.certify.balls import certified_digits
from w2s_theory.certify.digits import refine

x = sp.Symbol("x")


def test_precision_is_left_as_found():
    before = ctx.prec
    enclose(sp.sqrt(2), digits=100)
    with pytest.raises(PrecisionExhausted):
        enclose(sp.sin(x) + 1, {x: ball(1.0, 1e-3)}, digits=10)
    with pytest.raises(ValueError, match="zeta"):
        enclose(sp.zeta(x), {x: 1})
    assert ctx.prec == before


@pytest.mark.parametrize("digits", [5, 30, 300])
def test_enclose_reaches_the_digits(digits):
    expr = sp.sqrt(x + 1) - sp.sqrt(x)
    value = enclose(expr, {x: 10**20}, digits=digits)
    assert value.rad() * fmpq(10) ** digits <= abs(value.mid())
    with mpmath.workdps(digits + 60):
        root = mpmath.sqrt(10**20 + 1) - mpmath.sqrt(10**20)
        assert abs(mpmath.mpf(value.mid().str(digits + 20, radius=False)) / root - 1) < 1e-4


@pytest.mark.parametrize("digits", range(5, 60))
def test_enclose_never_stops_short(digits):
    value = enclose(sp.sqrt(10**6 + 1) - 10**3, digits=digits)
    assert value.rad() * fmpq(10) ** digits <= abs(value.mid())


def test_enclose_finds_exact_zero():
    assert enclose(sp.sqrt(2) + sp.sqrt(3) - sp.sqrt(5 + 2 * sp.sqrt(6))).is_zero()
    assert enclose(x - Rational(2, 3), {x: Fraction(2, 3)}).is_zero()


def test_enclose_says_when_it_fails():
    tiny = sp.exp(-1000) + 1 - sp.Integer(1) - sp.exp(-1000) + sp.sin(1) ** 2 + sp.cos(1) ** 2 - 1
    assert enclose(tiny).is_zero()
    with pytest.raises(PrecisionExhausted):
        enclose(sp.sqrt(x + 1) - sp.sqrt(x), {x: 10**60}, max_bits=256)
    with pytest.raises(PrecisionExhausted):
        enclose(sp.sqrt(x), {x: -1})
    with pytest.raises(ValueError, match="digits"):
        enclose(x, {x: 1}, digits=0)


def test_wide_input_balls_are_not_chased(monkeypatch):
    calls = []

    def counting(_expr):
        return lambda values: calls.append(ctx.prec) or values[x]

    monkeypatch.setattr("w2s_theory.certify.digits.lower", counting)
    with pytest.raises(PrecisionExhausted, match="too wide for 20 digits"):
        enclose(x, {x: arb(1, 0.1)}, digits=20)
    assert len(calls) == 2


def test_refine_raises_the_precision_until_the_digits_are_there():
    seen = []

    def evaluate(bits):
        seen.append(bits)
        return arb(1, 2.0**-300) if bits > 1000 else arb(0, 1)

    assert certified_digits(refine(evaluate, 20)) >= 20
    assert seen == [seen[0] * 2**i for i in range(len(seen))]
    assert seen[-1] > 1000 > seen[-2]
    with pytest.raises(PrecisionExhausted, match="no finite enclosure"):
        refine(lambda _bits: arb.nan(), 20)
    with pytest.raises(PrecisionExhausted, match="5 digits were not reached with 512 bits"):
        refine(lambda _bits: arb(0, 1), 5, max_bits=512)
    assert refine(lambda _bits: arb(0, 1), 5, settle=lambda ball, _before: -ball).contains(0)
