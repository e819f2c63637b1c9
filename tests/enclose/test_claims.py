"""Balls around integrals, sums and limits, against constants known in closed form."""

from fractions import Fraction

import pytest
from flint import arb, ctx
from sympy import Eq as Equal
from sympy import (
    Ge,
    Gt,
    Integral,
    Le,
    Lt,
    Rational,
    Sum,
    acos,
    cos,
    exp,
    factorial,
    gamma,
    oo,
    pi,
    sqrt,
    tan,
    zeta,
)

from w2s_theory.certify import Verdict
from w2s_theory.enclose.claims import decide_at, enclose
from w2s_theory.enclose.sums import step_ratio
from w2s_theory.enclose.telescope import limit_factor, multipliers
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic, Hermite

K, N, T, D, RHO = q.DEGREE, q.TERM, q.POINT, q.SPACE_DIM, q.RHO
BITS = 128


def at(expression, start=200, **values):
    numbers = {getattr(q, name): Fraction(str(v)) for name, v in values.items()}
    return enclose(expression, numbers, BITS, start)


def known(expression):
    with ctx.workprec(BITS):
        return enclose(expression, {}, BITS, 0)


@pytest.mark.parametrize(
    ("integral", "value"),
    [
        (Integral((1 - T**2) ** Rational(-1, 2), (T, -1, 1)), pi),
        (Integral((1 - T**2) ** Rational(1, 2) * T**2, (T, -1, 1)), pi / 8),
        (Integral(T**3, (T, 0, 1)), Rational(1, 4)),
        (Integral(acos(T) * sqrt(1 - T**2), (T, -1, 1)), pi**2 / 4),
        (Integral(cos(T) ** 2, (T, 0, pi / 2)), pi / 4),
        (Integral(T**3 * exp(-(T**2) / 2), (T, 0, oo)), Rational(2)),
        (Integral(T**4 * exp(-(T**2) / 2), (T, 0, oo)), 3 * sqrt(pi / 2)),
    ],
    ids=str,
)
def test_integrals(integral, value):
    ball = at(integral)
    assert ball.overlaps(known(value))
    assert ball.rel_accuracy_bits() > 100


def test_integrals_at_values():
    moment = Integral(T**2 * (1 - T**2) ** ((D - 3) / 2) * Harmonic(K, D, T), (T, -1, 1))
    # int t^2 P_2 in d = 3: 4/15.
    assert at(moment, DEGREE=2, SPACE_DIM=3).overlaps(arb(4) / 15)
    hermite = Integral(Hermite(K, T) * T * exp(-(T**2) / 2), (T, 0, oo))
    assert at(hermite, DEGREE=1).overlaps(known(sqrt(pi / 2)))


def test_an_integrand_that_is_not_entire_is_refused():
    with pytest.raises(ValueError, match="no entire form"):
        at(Integral(tan(T), (T, 0, pi / 4)))


@pytest.mark.parametrize("start", [20, 21, 300])
@pytest.mark.parametrize(
    ("term", "value"),
    [
        (1 / (K + 1) ** 2, zeta(2)),
        (1 / (K + 1) ** 4, zeta(4)),
        (1 / ((K + 1) * (K + 2)), Rational(1)),
        ((-1) ** K / (K + 1) ** 2, pi**2 / 12),
        (gamma(K + Rational(1, 2)) / (sqrt(pi) * factorial(K) * (2 * K + 1)), pi / 2),
    ],
    ids=str,
)
def test_sums_of_both_parities(term, value, start):
    ball = at(Sum(term, (K, 0, oo)), start=start)
    assert ball.overlaps(known(value))
    assert float(ball.rad()) < 50 / start**3


@pytest.mark.parametrize("rho", ["-1", "-1/2", "0", "1/3", "1"])
def test_sums_with_a_power(rho):
    ball = at(Sum(RHO**K / ((K + 1) * (K + 2)), (K, 0, oo)), start=60, RHO=rho)
    with ctx.workprec(BITS):
        x = arb(Fraction(rho).numerator) / Fraction(rho).denominator
        exact = 1 if x == 1 else sum((x**k / ((k + 1) * (k + 2)) for k in range(4000)), arb(0))
    assert ball.overlaps(exact + arb(0, 1e-7) * (rho == "-1"))


def test_a_divergent_sum_has_no_enclosure():
    with pytest.raises(ArithmeticError, match="no tail bound is provable"):
        at(Sum(1 / (K + 1), (K, 0, oo)))
    with pytest.raises(ArithmeticError, match="is not rational in k"):
        at(Sum(1 / sqrt(K + 1), (K, 0, oo)))


HALF = gamma(N + Rational(1, 2)) ** 2 / (N * gamma(N) ** 2)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (HALF, Rational(1)),
        (N * (HALF - 1), -Rational(1, 4)),
        ((N + 1) / N, Rational(1)),
        (N * ((N + 3) / (N + 1) - 1), Rational(2)),
        (HALF / N, Rational(0)),
        (pi + 0 * N, pi),
    ],
    ids=str,
)
def test_limits(expression, value):
    ball = at(AtInfinity(expression, N))
    assert ball.overlaps(known(value))
    assert float(ball.rad()) < 1e-9


def test_limits_that_are_not_there():
    assert not at(AtInfinity(N * HALF, N)).is_finite()
    assert not at(AtInfinity(N * (HALF - Rational(9, 10)), N)).is_finite()


def test_bounds_of_the_steps_are_bounds():
    top, bottom = step_ratio(1 / (K + 1) ** 2, K)
    for start in (10, 11):
        low, high = multipliers(top, bottom, 0, start)
        tail = sum(Fraction(start + 1, start + 1 + 2 * j) ** 2 for j in range(2000))
        rest = Fraction((start + 1) ** 2, 2 * (start + 4000))
        assert Fraction(int(low.p), int(low.q)) < tail + rest * Fraction(101, 100)
        assert tail < Fraction(int(high.p), int(high.q))
    factor = limit_factor(*step_ratio((N + 1) ** 2 / (N**2 + 2 * N), N), 1000)
    assert factor.contains(arb(1000 * 1002) / 1001**2)


@pytest.mark.parametrize(
    ("relation", "verdict"),
    [
        (Equal(D * pi, 3 * pi), Verdict.PROVED),
        (Equal(D * pi, 3 * pi + Rational(1, 10**9)), Verdict.REFUTED),
        (Le(D, 3), Verdict.PROVED),
        (Lt(D, 3), Verdict.REFUTED),
        (Ge(D, 3), Verdict.PROVED),
        (Gt(D, 3), Verdict.REFUTED),
        (Gt(D, pi), Verdict.REFUTED),
        (Ge(D * pi, 3 * pi), Verdict.UNDECIDED),
        (Lt(D, pi), Verdict.PROVED),
    ],
    ids=str,
)
def test_verdicts(relation, verdict):
    found, sides = decide_at(
        relation, {D: Fraction(3)}, bits=64, start=0, tolerance=Fraction(1, 10**12)
    )
    assert found is verdict
    assert sides.resolution < 1


def test_agreement_short_of_the_tolerance_is_undecided():
    total = Sum(1 / (K + 1) ** 2, (K, 0, oo))
    coarse = Equal(total, pi**2 / 6, evaluate=False)
    for tolerance, expected in ((3, Verdict.PROVED), (12, Verdict.UNDECIDED)):
        found, _ = decide_at(coarse, {}, bits=64, start=50, tolerance=Fraction(1, 10**tolerance))
        assert found is expected
    wrong = Equal(total, pi**2 / 6 + Rational(1, 100), evaluate=False)
    assert decide_at(wrong, {}, bits=64, start=50, tolerance=Fraction(1))[0] is Verdict.REFUTED
