"""Balls around integrals, sums and limits, against constants known in closed form."""

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from scipy.special import eval_gegenbauer
from sympy import (
    And,
    Derivative,
    Function,
    Ge,
    Gt,
    Implies,
    Integral,
    Le,
    Lt,
    Rational,
    Sum,
    acos,
    asin,
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
from sympy import Eq as Equal

from w2s_theory.certify import Verdict
from w2s_theory.enclose.claims import Effort, decide_clause, enclose
from w2s_theory.enclose.sums import step_ratio
from w2s_theory.enclose.telescope import limit_factor, multipliers
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic, Hermite
from w2s_theory.ledger.infimum import Infimum

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


@pytest.mark.parametrize("dim", [3, 5])
@pytest.mark.parametrize("rho", ["1/3", "-3/4", "1"])
def test_sums_of_harmonics_against_floats(dim, rho):
    term = Harmonic(K, D, RHO) / ((K + 1) * (K + 2) * (K + 3))
    ball = at(Sum(term, (K, 0, oo)), SPACE_DIM=dim, RHO=rho)
    k = np.arange(4000)
    values = eval_gegenbauer(k, dim / 2 - 1, float(Fraction(rho))) / eval_gegenbauer(
        k, dim / 2 - 1, 1.0
    )
    partial = float((values / ((k + 1) * (k + 2) * (k + 3))).sum())
    assert abs(float(ball.mid()) - partial) < float(ball.rad()) + 4e-8  # 1/(2 4000^2)
    assert float(ball.rad()) < 1.3e-5  # the first term left out, of each parity


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
        (N * (5 * HALF - 5), -Rational(5, 4)),
        (pi + 0 * N, pi),
    ],
    ids=str,
)
def test_limits(expression, value):
    ball = at(AtInfinity(expression, N))
    assert ball.overlaps(known(value))
    assert float(ball.rad()) < 1e-9


def test_a_limit_of_each_parity_is_in_the_ball():
    ball = at(AtInfinity((-1) ** N * HALF, N))
    assert ball.contains(1)
    assert ball.contains(-1)


def test_limits_that_are_not_there():
    assert not at(AtInfinity(N * HALF, N)).is_finite()
    assert not at(AtInfinity(N * (HALF - Rational(9, 10)), N)).is_finite()
    assert not at(AtInfinity(asin(2) / (N + 1), N)).is_finite()  # has no value: it does not vanish


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
        (Ge(D * pi, 3 * pi), Verdict.PROVED),
        (Lt(D, pi), Verdict.PROVED),
    ],
    ids=str,
)
def test_verdicts(relation, verdict):
    found = decide_clause(relation, {D: fmpq(3)}, 64, Effort(digits=12))
    assert found.verdict is verdict
    assert found.resolution < 1


def test_agreement_short_of_the_tolerance_is_undecided():
    total = Sum(1 / (K + 1) ** 2, (K, 0, oo))
    coarse = Equal(total, pi**2 / 6, evaluate=False)
    for digits, terms, expected in (
        (3, 50, Verdict.PROVED),
        (5, 10, Verdict.UNDECIDED),
        # However many digits are asked for, of a sum six are enough.
        (30, 500, Verdict.PROVED),
    ):
        effort = Effort(digits=digits, relative=True, terms=terms)
        found = decide_clause(coarse, {}, 64, effort)
        assert found.verdict is expected, found
        assert 0 < found.resolution < 1e-3
        if expected is Verdict.UNDECIDED:
            assert math.isnan(found.margin)  # more bits would not help
    wrong = Equal(total, pi**2 / 6 + Rational(1, 100), evaluate=False)
    assert decide_clause(wrong, {}, 64, Effort(digits=1, terms=50)).verdict is Verdict.REFUTED


def test_small_sides_must_agree_among_themselves_only_if_asked():
    quarter = Integral(T**3, (T, 0, 1))
    apart = Rational(1, 4) / 10**9 + Rational(1, 10**40)  # 64 bits do not see the last term
    tiny = Equal(quarter / 10**9, apart, evaluate=False)
    assert decide_clause(tiny, {}, 64, Effort(digits=10)).verdict is Verdict.PROVED
    assert decide_clause(tiny, {}, 64, Effort(digits=15, relative=True)).verdict is Verdict.PROVED
    found = decide_clause(tiny, {}, 64, Effort(digits=30, relative=True))
    assert found.verdict is not Verdict.PROVED
    assert decide_clause(tiny, {}, 512, Effort(digits=15)).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("relative", "verdict"), [(False, Verdict.PROVED), (True, Verdict.UNDECIDED)]
)
def test_coarse_small_sides_agree_absolutely_only(relative, verdict):
    small = Sum(1 / (K + 1) ** 2, (K, 0, oo)) / 10**12
    equal = Equal(small, pi**2 / 6 / 10**12, evaluate=False)
    assert decide_clause(equal, {}, 64, Effort(digits=6, relative=relative, terms=10)).verdict is (
        verdict
    )


def test_an_equality_at_an_edge_is_proved_exactly_where_balls_are_undefined():
    edge = sqrt(4 - sqrt(D) * sqrt(D + 6))  # at 2 the root of 4 - 4, of which balls straddle 0
    for right, verdict in ((0, Verdict.PROVED), (D, Verdict.UNDECIDED)):
        clause = Equal(edge, right, evaluate=False)
        assert decide_clause(clause, {D: fmpq(2)}, 64, Effort(digits=10)).verdict is verdict


def test_margins_are_shares_of_the_larger_side():
    for clause, margin in ((Gt(D, 1), 0.5), (Gt(D, 4), -0.5), (Gt(D, 2), 0.0)):
        assert decide_clause(clause, {D: fmpq(2)}, 64).margin == margin
    exact = Equal(D, 2, evaluate=False)
    assert decide_clause(exact, {D: fmpq(2)}, 64).margin == math.inf
    coarse = Gt(Sum(1 / (K + 1) ** 2, (K, 0, oo)), pi**2 / 6)
    assert math.isnan(decide_clause(coarse, {}, 64).margin)


def test_nodes_are_enclosed_wherever_they_stand():
    half = Integral(T, (T, 0, 1))
    least = Infimum((T - 2) ** 2, T, 0, 1)
    values = {D: fmpq(3)}
    for clause, verdict in (
        (And(Gt(half, Rational(1, 3)), Le(half * D, 2)), Verdict.PROVED),
        (Implies(Gt(half, 1), Lt(D, 0)), Verdict.PROVED),
        (Implies(Lt(half, 1), Lt(D, 0)), Verdict.REFUTED),
        (Ge(least, half), Verdict.PROVED),
        (Le(least, half), Verdict.REFUTED),
    ):
        assert decide_clause(clause, values, 64).verdict is verdict, clause


def test_a_node_at_a_number_that_is_a_ball_is_undecided():
    series = Gt(Sum(RHO**K / (K + 1) ** 2, (K, 0, oo)), 1)
    assert decide_clause(series, {RHO: fmpq(1, 2)}, 64).verdict is Verdict.PROVED
    assert decide_clause(series, {RHO: arb("0.5", "0.01")}, 64).verdict is Verdict.UNDECIDED


def test_derivatives_of_whole_order():
    third = Derivative(T**5, (T, K))
    assert at(third, DEGREE=3, POINT="1/2") == 15
    assert at(third, DEGREE=0, POINT="1/2").overlaps(arb(1) / 32)


def test_an_unknown_node_is_an_error():
    with pytest.raises(ValueError, match="node"):
        decide_clause(Gt(Function("f")(D), 0), {D: fmpq(3)}, 64)


@pytest.mark.parametrize(("point", "verdict"), [(1, Verdict.REFUTED), (2, Verdict.PROVED)])
def test_an_equality_without_a_value_is_refuted_at_exact_numbers(point, verdict):
    """1/(t - 1) has a pole at 1."""
    equation = Equal(1 / (T - 1), (T + 1) / (T**2 - 1), evaluate=False)
    effort = Effort(digits=15, relative=True)
    assert decide_clause(equation, {T: fmpq(point)}, 64, effort).verdict is verdict
    around = {T: arb(1, "0.1")}
    assert decide_clause(equation, around, 64, effort).verdict is not Verdict.REFUTED


TRUE, FALSE, OPEN = Gt(q.L_TE, 0), Lt(q.L_TE, 0), Gt(q.L_ST, 0)


@pytest.mark.parametrize(
    ("premise", "conclusion", "verdict"),
    [
        (TRUE, TRUE, Verdict.PROVED),
        (TRUE, FALSE, Verdict.REFUTED),
        (TRUE, OPEN, Verdict.UNDECIDED),
        (FALSE, FALSE, Verdict.PROVED),
        (FALSE, OPEN, Verdict.PROVED),
        (OPEN, TRUE, Verdict.PROVED),
        (OPEN, FALSE, Verdict.UNDECIDED),
        (OPEN, Gt(q.L_ST, 1), Verdict.UNDECIDED),
    ],
)
def test_an_implication_is_decided_by_both_of_its_sides(premise, conclusion, verdict):
    values = {q.L_TE: fmpq(1, 2), q.L_ST: arb(0, 1)}
    clause = Implies(premise, conclusion, evaluate=False)
    assert decide_clause(clause, values, 64).verdict is verdict
