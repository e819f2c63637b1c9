"""Error bounds of the enclosures, put where they are needed: a tail, a missed dip, a step."""

from types import SimpleNamespace

import pytest
from flint import arb, fmpq, fmpq_poly
from sympy import (
    Ge,
    Gt,
    Integer,
    Integral,
    Le,
    Lt,
    Rational,
    Symbol,
    exp,
    gamma,
    oo,
    pi,
    simplify,
    sqrt,
)

from w2s_theory.certify import Verdict, lower, precision
from w2s_theory.certify.positivity import nonnegative_from
from w2s_theory.enclose import integrals
from w2s_theory.enclose.minima import decide_with_infima, enclosure, upper_bound
from w2s_theory.enclose.sums import step_ratio
from w2s_theory.enclose.telescope import limit_factor, multipliers, second_order
from w2s_theory.ledger.infimum import Infimum

T, X = Symbol("t", real=True), Symbol("x", real=True)
N = Symbol("n", integer=True, positive=True)
PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED


# --- the tail of an integral -------------------------------------------------------------------


def half_moment(power):
    """Integral of t^p exp(-t^2/2) over [0, inf), by the Gamma function."""
    return 2 ** Rational(power - 1, 2) * gamma(Rational(power + 1, 2))


@pytest.mark.parametrize(
    "terms", [{0: 1}, {1: 1}, {1: -3}, {2: 5, 1: -7, 0: 1}, {6: 1, 5: -2}], ids=str
)
@pytest.mark.parametrize("cut", [1, 2, 5])
def test_a_half_line_cut_off_early_still_holds_the_integral(monkeypatch, terms, cut):
    degree = max(terms)
    # the end of the body is isqrt(2 bits) + degree + 2
    monkeypatch.setattr(integrals, "math", SimpleNamespace(isqrt=lambda _: cut - degree - 2))
    polynomial = sum(c * T**p for p, c in terms.items())
    found = integrals.integral(Integral(polynomial * exp(-(T**2) / 2), (T, 0, oo)), {}, 64)
    exact = lower(sum(c * half_moment(p) for p, c in terms.items()))({})
    with precision(200):
        rest = sum(abs(c) * lower(half_moment(p))({}) * _above(p, cut) for p, c in terms.items())
    assert found.contains(exact)
    assert float(found.rad()) == pytest.approx(float(rest), rel=1e-6)


def _above(power, cut):
    """The share of a half moment beyond the cut: a regularised incomplete Gamma function."""
    from scipy.special import gammaincc

    return arb(float(gammaincc((power + 1) / 2, cut**2 / 2)))


@pytest.mark.parametrize("bits", [8, 64, 300])
def test_a_half_line_is_as_sharp_as_its_bits(bits):
    node = Integral((T**3 - 2 * T + 5) * exp(-(T**2) / 2), (T, 0, oo))
    found = integrals.integral(node, {}, bits)
    with precision(2 * bits + 64):
        exact = lower(half_moment(3) - 2 * half_moment(1) + 5 * half_moment(0))({})
        assert found.contains(exact)
        assert found.rad() < 16 * arb(2) ** -bits


@pytest.mark.parametrize(
    ("ends", "value"), [((-1, 1), pi / 2), ((0, 1), pi / 4), ((-1, 0), pi / 4)], ids=str
)
def test_the_substitution_keeps_the_ends_in_order(ends, value):
    found = integrals.integral(Integral(sqrt(1 - T**2), (T, *ends)), {}, 80)
    exact = lower(value)({})
    assert abs(float(found.mid()) - float(exact)) < 1e-15
    assert float(found.rad()) < 1e-15
    shifted = integrals.integral(Integral(T**3 + X, (T, Rational(1, 2), X)), {X: Integer(2)}, 80)
    assert abs(float(shifted.mid()) - (4 - 1 / 64 + 3)) < 1e-15


# --- an upper bound of a minimum ----------------------------------------------------------------

# On [0, 1] twice 1 but for a dip to 1 midway between two points of the argmin's grid.
DIP = Infimum(2 - exp(-(10**6) * (X - Rational(1, 128)) ** 2), X, Integer(0), Integer(1))
FLAT = Infimum(Rational(3, 2) + X**2, X, Integer(0), Integer(1))


def test_the_dip_is_missed_by_the_point_and_found_by_the_enclosure():
    assert float(upper_bound(DIP, {}, 64).mid()) > 1.9
    assert abs(float(enclosure(DIP, {}, 10).mid()) - 1) < 1e-9


@pytest.mark.parametrize(
    ("clause", "verdict"),
    [
        (Le(Rational(3, 2), DIP), REFUTED),  # a point's value, 2, would prove it
        (Lt(Rational(3, 2), DIP), REFUTED),
        (Ge(DIP, Rational(3, 2)), REFUTED),
        (Gt(DIP, Rational(3, 2)), REFUTED),
        (Le(-DIP, -Rational(3, 2)), REFUTED),
        (Ge(DIP, FLAT), REFUTED),  # 1 >= 3/2: points give 2 >= 3/2
        (Ge(2 * DIP, DIP + Rational(3, 2)), REFUTED),
        (Ge(Rational(3, 2), DIP), PROVED),
        (Ge(FLAT, DIP), PROVED),
        (Le(1 / DIP, Rational(3, 4)), REFUTED),  # a larger minimum helps this one too
    ],
    ids=str,
)
def test_a_value_of_the_objective_never_counts_as_a_lower_bound(clause, verdict):
    assert decide_with_infima(clause, {}, 64) is verdict


# --- tails and limits by step ratios -------------------------------------------------------------

K = fmpq_poly([0, 1])


@pytest.mark.parametrize("shift", [fmpq(0), fmpq(1, 2), fmpq(5)])
@pytest.mark.parametrize("start", [6, 7, 40])
def test_multipliers_enclose_a_tail_that_is_known_and_narrowly(shift, start):
    # tau_k = 1/(k (k+2)): the sum over start, start + 2, ... telescopes to 1/(2 start).
    low, high = multipliers(K, K + 4, shift, start)
    exact = fmpq(start + 2, 2)
    assert low < exact < high
    assert high - low < fmpq(1, 50) * exact


@pytest.mark.parametrize("power", [2, 3, 4, 7])
@pytest.mark.parametrize("shift", [fmpq(0), fmpq(1, 2), fmpq(-3), fmpq(4)])
@pytest.mark.parametrize("start", [9, 10, 60])
def test_multipliers_enclose_tails_of_powers(power, shift, start):
    """On one side or the other of the truth, as v to three orders falls: both must be proved."""
    low, high = multipliers(K**power, (K + 2) ** power, shift, start)
    with precision(128):
        exact = arb(power).zeta(arb(start) / 2) * arb(start) ** power / arb(2) ** power
        assert arb(low) < exact < arb(high)
        assert high - low < fmpq(10**4, start**3) * high


def test_multipliers_are_refused_where_nothing_is_provable():
    for top, bottom in ((K + 4, K), (K, K), (K - 1, K), (-K, K + 4), (fmpq_poly([1]), K - 100)):
        with pytest.raises(ArithmeticError):
            multipliers(top, bottom, fmpq(0), 20)


@pytest.mark.parametrize("start", [50, 51, 1000])
@pytest.mark.parametrize("shift", [1, -1, 3])
def test_a_limit_factor_holds_the_limit(start, shift):
    # tau_k = (k + s)/(k - s) tends to 1, with ratio 1 - 4 s/k^2 + ...
    top, bottom = (K + 2 + shift) * (K - shift), (K + 2 - shift) * (K + shift)
    assert second_order(top, bottom) == -4 * shift
    factor = limit_factor(top, bottom, start)
    assert factor.contains(arb(start - shift) / (start + shift))
    bound = 4 * abs(shift) + 1
    reach = 2 * bound * (1 / start**2 + 1 / (2 * start))
    assert float(factor.rad()) == pytest.approx(float(arb(reach).sinh()), rel=1e-6)


def test_limits_that_are_no_limits_are_refused():
    assert second_order(K + 1, K + 1) == 0
    for top in (K + 1, K**2, fmpq_poly([1])):
        with pytest.raises(ArithmeticError, match="no non-zero limit"):
            second_order(top, K)
    bad = K * K + 30, K * K
    with pytest.raises(ArithmeticError, match="no bound of the steps is provable from start = 7"):
        limit_factor(*bad, 7)  # 2 (30 + 1) > 7^2
    assert limit_factor(*bad, 8).is_finite()
    for slow in (100, -100):  # steps 1 + slow/k^3 stay below 1 + 1/k^2 from k = 100 on only
        for start, refused in ((50, True), (101, False)):
            steps = K**3 + slow, K**3
            if refused:
                with pytest.raises(ArithmeticError, match="no bound of the steps"):
                    limit_factor(*steps, start)
            else:
                assert limit_factor(*steps, start).is_finite()


@pytest.mark.parametrize(
    "term",
    [
        1 / (5 - N),
        (3 - N) / (7 - N) ** 2,
        (-1) ** N / (1 - N),
        gamma(N + Rational(1, 2)) / gamma(N),
    ],
    ids=str,
)
def test_the_lower_polynomial_of_a_step_rises(term):
    top, bottom = step_ratio(term, N)
    assert bottom[bottom.degree()] > 0
    exact = simplify(term.subs(N, 22) / term.subs(N, 20))
    assert top(fmpq(20)) / bottom(fmpq(20)) == fmpq(int(exact.p), int(exact.q))


def test_a_negative_coefficient_proves_nothing():
    assert nonnegative_from(fmpq_poly([0, 0, 1]), 0)
    assert nonnegative_from(fmpq_poly([-4, 0, 1]), 2)
    assert not nonnegative_from(fmpq_poly([-4, 0, 1]), fmpq(199, 100))
    assert not nonnegative_from(fmpq_poly([1, -1]), 0)
    assert nonnegative_from(fmpq_poly([]), 0)
