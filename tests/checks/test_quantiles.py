"""Means over the exact law: known moments lie inside, and what has no mean is infinite."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from checks.support import quantiles
from checks.support.quantiles import between, bins
from w2s_theory.theorems.linear_law import mean_loss

SHAPES = [(8, 40, "1/16"), (4, 24, "3/2"), (1, 30, "2/3"), (200, 260, "1/2"), (5, 11, "5")]


@pytest.mark.parametrize(("width", "dim", "psi"), SHAPES)
def test_moments_of_beta_variables_lie_inside(width, dim, psi):
    law, psi = bins(width, dim, float(Fraction(psi))), Fraction(psi)
    more = dim - width
    first = Fraction(width, more - 2) / psi
    second = Fraction(width * (width + 2), (more - 2) * (more - 4)) / psi**2
    means = (
        (law.mean(law.odds, law.odds_beyond(1)), first),
        (law.mean(law.odds**2, law.odds_beyond(2)), second),
    )
    for enclosed, exact in means:
        value = arb(exact.numerator) / exact.denominator
        assert enclosed.overlaps(value)
        assert not enclosed.overlaps(value * arb("1.02"))
        assert not enclosed.overlaps(value * arb("0.98"))
    loss = 1 - law.mean(1 - law.losses, float(law.chances[0]))
    assert loss.overlaps(mean_loss(width, dim, psi))


def test_what_lies_beyond_the_first_quantile_is_in_the_upper_end(monkeypatch):
    """Two quantiles: half of the law, and the largest q, is beyond the first."""
    monkeypatch.setattr(quantiles, "LEVELS", np.array([0.5, 0.9]))
    law = bins.__wrapped__(8, 40, 1.0)
    for power, exact in ((1, Fraction(8, 30)), (2, Fraction(80, 30 * 28))):
        enclosed = law.mean(law.odds**power, law.odds_beyond(power))
        assert enclosed.contains(arb(exact.numerator) / exact.denominator)
        assert enclosed < 2 * float(exact)


def test_the_bins_hold_all_of_the_law():
    law = bins(8, 40, 0.0625)
    assert law.chances.sum() == pytest.approx(1, abs=1e-12)
    assert (law.chances >= 0).all()
    assert (np.diff(law.odds) < 0).all()


@pytest.mark.parametrize(("dim", "power"), [(12, 2), (11, 2), (10, 1)])
def test_what_has_no_mean_is_infinite(dim, power):
    law = bins(8, dim, 1.0)
    assert law.odds_beyond(power) == float("inf")
    assert law.mean(law.odds**power, float("inf")) > 10**300


def test_a_ball_around_two_numbers_holds_both():
    assert between(1.0, 2.0).contains(1)
    assert between(1.0, 2.0).contains(2)
