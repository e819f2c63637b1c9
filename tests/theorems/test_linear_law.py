"""The linear law: distribution, quantiles, optimal time, certified means."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb

from w2s_theory.ledger import linear as ledger
from w2s_theory.models.spiked_law import sample_spiked_losses
from w2s_theory.theorems.linear_law import (
    loss_cdf,
    loss_quantile,
    mean_loss,
    mean_ratio,
    student_losses,
)

CASES = [(4, 16, 0.25), (8, 40, 0.0625), (32, 181, 0.03125)]


@pytest.mark.parametrize(("width", "dim", "psi"), CASES)
def test_quantiles_invert_the_distribution(width, dim, psi):
    levels = np.array([0.0, 1e-3, 0.3, 0.5, 0.99, 1.0])
    # Both are float64 incomplete beta functions; a level is at most 1.
    assert loss_cdf(loss_quantile(levels, width, dim, psi), width, dim, psi) == pytest.approx(
        levels, abs=1e-12
    )


def test_quantiles_at_extreme_spectra():
    levels = np.array([0.0, 0.25, 0.5, 1 - 1e-12, 1.0])
    # M = 1, d = 2: z = sin(pi q / 2)^2, and so L = psi z/(psi z + 1 - z).
    with mpmath.workdps(60):
        ratio = [mpmath.tan(mpmath.pi * mpmath.mpf(float(q)) / 2) ** 2 for q in levels[:-1]]
        for psi in (5e-324, 1e-300, 1e-9, 1e300, 1.7e308):
            true = [float(psi * r / (1 + psi * r)) for r in ratio] + [1.0]
            assert loss_quantile(levels, 1, 2, psi) == pytest.approx(true, rel=1e-12, abs=1e-320)


@pytest.mark.parametrize(("width", "dim", "psi"), CASES)
def test_symbolic_mean_against_quadrature(width, dim, psi):
    a, b = mpmath.mpf(dim - width) / 2, mpmath.mpf(width) / 2
    weight = mpmath.beta(a, b)
    integral = mpmath.quad(
        lambda z: psi * z / (1 - z + psi * z) * z ** (a - 1) * (1 - z) ** (b - 1) / weight,
        [0, 0.5, 0.9, 1],
    )
    mean = ledger.MEAN_LOSS(width, dim, Fraction(psi)).evalf(20)
    assert float(mean) == pytest.approx(float(integral), rel=1e-10)
    enclosed = mean_loss(width, dim, Fraction(psi))
    assert float(enclosed.mid()) == pytest.approx(float(mean), rel=1e-15)
    assert float(enclosed.rad()) < 1e-30


@pytest.mark.parametrize(("width", "dim", "psi"), [(2, 6, "40"), (5, 9, "1"), (3, 5, "1/1000")])
def test_the_enclosed_means_of_a_loss_and_its_complement_add_up(width, dim, psi):
    """1 - L_TE has the law of L_TE with X and psi Y exchanged."""
    scale = Fraction(psi)
    mean = mean_loss(width, dim, scale)
    other = mean_loss(dim - width, dim, 1 / scale)
    assert (mean + other).overlaps(arb(1))
    assert abs(mean + other - 1) < 1e-15


@pytest.mark.parametrize(
    ("width", "reference"),
    [(16, "1.471"), (64, "1.114"), (256, "1.0246"), (1024, "1.0048"), (4096, "1.00087")],
)
def test_mean_ratio_meets_the_reference(width, reference):
    """Reference: means of 1000 draws, d = floor(M^1.5), psi = (d-1)^(-2/3).

    Five standard errors, and half a unit of the digits the reference is given to.
    """
    dim = int(width**1.5 + 1e-9)
    psi = Fraction((dim - 1) ** (-2 / 3))
    found = mean_ratio(width, dim, psi)
    rng = np.random.default_rng(width)
    losses = sample_spiked_losses(width, dim, float(psi), 1000, rng)
    times = np.linspace(0, 5 * np.log(width), 3001)
    draws = student_losses(losses, float(psi), times).min(axis=1) / losses**2
    error = draws.std() / np.sqrt(1000)
    slack = 5 * error + 0.5 * 10.0 ** -len(reference.split(".")[1])
    assert float(found.low) - slack <= float(reference) <= float(found.high) + slack
    assert float(found.low) - 5 * error <= draws.mean() <= float(found.high) + 5 * error
    assert (found.high - found.low) / (found.low - 1) < 0.02


def test_mean_ratio_refuses_a_mean_that_is_infinite():
    with pytest.raises(ValueError, match=r"dim must be > width \+ 4"):
        mean_ratio(10, 14, Fraction(1, 2))


def test_no_student_without_a_weak_scale():
    with pytest.raises(ValueError, match="psi must"):
        student_losses([0.5], 0.0, [0.0, 1.0])
