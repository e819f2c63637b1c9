"""Decay of the eigenvalues and the Hermite limit, with their proofs."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import arb

from w2s_theory.spectra import decay, limit
from w2s_theory.spectra.formulas import D


def test_stirling_gives_the_constant_and_only_it(monkeypatch):
    assert decay.stirling_gap() == 0
    right = decay.decay_constant
    monkeypatch.setattr(decay, "decay_constant", lambda *a: 2 * right(*a))
    assert sp.simplify(decay.stirling_gap() + sp.log(2)) == 0


def test_constant_of_relu():
    expected = 2 ** (D - 2) * sp.gamma(D / 2) ** 2 / sp.pi**2
    assert sp.simplify(decay.decay_constant(1) / expected) == 1
    assert decay.decay_constant(1, 2) == 1 / sp.pi**2


@pytest.mark.parametrize("upper", [False, True])
def test_steps_of_the_proof(upper):
    series = sp.series(decay.log_step(upper), decay.INVERSE, 0, 8).removeO()
    for power in range(8):
        expected = decay.step_coefficient(upper, power // 2) if power % 2 else 0
        assert sp.expand(series.coeff(decay.INVERSE, power) - expected) == 0


@pytest.mark.parametrize("index", range(6))
def test_signs_of_the_steps(index):
    y = sp.Symbol("y", nonnegative=True)
    lower = sp.Poly(sp.expand(decay.step_coefficient(False, index).subs(decay.S, 1 + y)), y)
    upper = sp.Poly(sp.expand(decay.step_coefficient(True, index).subs(decay.S, 2 + y)), y)
    assert all(c <= 0 for c in lower.all_coeffs())
    assert all(c >= 0 for c in upper.all_coeffs())
    assert decay.step_coefficient(True, index).subs(decay.S, 1) == 0


@pytest.mark.parametrize("power", range(4))
@pytest.mark.parametrize("dim", [2, 3, 4, 7, 32])
def test_bounds(power, dim):
    if (power, dim) == (0, 3):
        with pytest.raises(ValueError, match="must not be 0 and 3"):
            decay.bounds_proved(power, dim)
        return
    assert decay.bounds_proved(power, dim) == (True, True)
    for degree in (power + 1, power + 3, power + 101):
        below, above = decay.certified_bounds(power, dim, degree)
        assert below > 1 or below.contains(1)
        assert above < 1 or above.contains(1)


@pytest.mark.parametrize("dim", [2, 3, 32])
def test_ratio_tends_to_one(dim):
    gaps = [abs(decay.certified_ratio(1, dim, 10**e) - 1) for e in (4, 8, 12)]
    assert gaps[0] > gaps[1] > gaps[2] or dim == 2
    assert gaps[2] < arb(10) ** -8


def test_a_wrong_exponent_is_noticed():
    early, late = (decay.certified_ratio(1, 8, 10**e) * arb(10) ** e for e in (4, 8))
    assert late > 1000 * early


def test_degrees_that_vanish_are_refused():
    with pytest.raises(ValueError, match="degree must be 2 \\+ an even number, got 5"):
        decay.certified_ratio(1, 3, 5)
    with pytest.raises(ValueError, match="degree must have h_k != 0 at power 1, got 3"):
        limit.certified_ratio(1, 3, 4)


@pytest.mark.parametrize("degree", range(5))
def test_rate_from_its_parts(degree):
    assert sp.expand(limit.expected_rate(degree) - limit.rate(degree=degree)) == 0


@pytest.mark.parametrize(
    ("power", "degree"), [(0, 1), (0, 5), (1, 0), (1, 2), (1, 20), (2, 2), (3, 6)]
)
def test_rate_bound_holds_at_every_dim_tried_and_is_needed(power, degree):
    bound = limit.rate_bound(power, degree)
    spread = arb(bound.spread.numerator) / bound.spread.denominator
    rate = arb(bound.rate.numerator) / bound.rate.denominator
    for dim in (2, 3, 4, 5, 8, 33, 1000, 10**6):
        gap = limit.certified_ratio(power, degree, dim, 40) - 1 - rate / dim
        assert abs(gap) * dim**2 < spread
    wrong = limit.certified_ratio(power, degree, 10**6, 40) - 1 - (rate + arb(1) / 4) / 10**6
    assert abs(wrong) * arb(10) ** 12 > spread


def test_exact_degrees_have_rate_zero():
    assert limit.rate_bound(1, 1).rate == 0
    assert limit.certified_ratio(1, 1, 7).contains(1)
    assert limit.rate_bound(1, 4).rate == Fraction(-3, 2)
