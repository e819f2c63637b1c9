"""Certified tails and sums over degrees."""

from fractions import Fraction

import pytest
from flint import arb

from w2s_theory.spectra import get_activation, multiplicity, series


@pytest.mark.parametrize("power", range(4))
@pytest.mark.parametrize("dim", [2, 3, 32, 1000])
def test_parseval_to_the_width_of_its_tail(power, dim):
    result = series.parseval(power, dim, power + 2001)
    assert result.consistent()
    assert result.resolution() < 1e-6 * float(result.tail.mid())


def test_trace_of_relu_is_half_over_dim():
    result = series.parseval(1, 32, 1002)
    assert (result.partial + result.tail).overlaps(arb(1) / 64)


@pytest.mark.parametrize("power", range(3))
@pytest.mark.parametrize("start", [31, 81])
def test_a_tail_is_its_first_terms_and_the_next_tail(power, start):
    start += (start - power) % 2 == 0
    near, far = series.tail(power, 5, start), series.tail(power, 5, start + 40)
    activation = get_activation(("step", "relu", "relu2")[power])
    between = sum(
        (
            activation.certified(k, 5, 40) ** 2 * multiplicity(k, 5)
            for k in range(start, start + 40, 2)
        ),
        arb(0),
    )
    assert near.ball.overlaps(between + far.ball)
    assert far.ball.rad() < near.ball.rad()


@pytest.mark.parametrize("power", range(3))
@pytest.mark.parametrize("rho", [-1, Fraction(-7, 10), 0, Fraction(1, 3), Fraction(99, 100), 1])
@pytest.mark.parametrize("dim", [2, 3, 32])
def test_kernel_is_the_sum_of_its_series(power, rho, dim):
    result = series.kernel_at(power, dim, rho, power + 601)
    assert result.consistent()
    if abs(rho) == 1:
        assert result.resolution() < 1e-4 * float(result.tail.mid()) or rho == -1


@pytest.mark.parametrize("factor", ["N_k off by one", "sign of a_4", "a factor 2"])
def test_mutants_are_noticed(factor, monkeypatch):
    terms = series._terms

    def mutant(power, dim, start):
        out = dict(terms(power, dim, start))
        if factor == "N_k off by one":
            out[4] *= arb(multiplicity(5, dim)) / multiplicity(4, dim)
        elif factor == "sign of a_4":
            out[4] = -out[4]
        else:
            out[2] *= 2
        return list(out.items())

    monkeypatch.setattr(series, "_terms", mutant)
    assert not series.parseval(1, 32, 802).consistent()
    assert not series.kernel_at(1, 32, Fraction(1, 3), 802).consistent()


def test_bounds_from_the_very_first_degree():
    result = series.parseval(1, 10_000, 2)
    assert result.consistent()
    assert (result.partial + result.tail).overlaps(arb(1) / 20_000)


def test_bad_input():
    with pytest.raises(ValueError, match="start must be 2 \\+ an even number, got 101"):
        series.tail(1, 3, 101)
    for rho in (Fraction(3, 2), 0.5, True):
        with pytest.raises(ValueError, match="rho must be an exact rational in"):
            series.kernel_at(1, 3, rho, 102)
