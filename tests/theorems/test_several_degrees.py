"""A measurement, not a theorem: the linear model with the target on eigenvalues 1 and 1/4.

Under the ansatz min_t L_ST/L_TE^2 tends to 34/25; with d - 2 = M^2 weak directions of variance
M^(-3/2), so kappa near M^(-1/2), it is measured on the way there.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from sympy import Rational

from w2s_theory.ledger import section7 as z

TIMES = np.exp(np.linspace(np.log(0.5), np.log(4000), 400))


def best_ratio(width, rng):
    """min_t L_ST/L_TE^2 of one teacher, by its normal equations; the weak Gram by Bartlett."""
    strong, middle = rng.standard_normal((2, width))
    root = np.tril(rng.standard_normal((width, width)), -1)
    root[np.diag_indices(width)] = np.sqrt(rng.chisquare(width**2 - np.arange(width)))
    psi, share = width**-1.5, np.sqrt(0.5)
    weak = psi * root @ root.T
    gram = np.outer(strong, strong) + np.outer(middle, middle) / 4 + weak
    overlaps = share * (strong + middle / 2)
    weights = np.linalg.solve(gram, overlaps)
    loss, noise = 1 - overlaps @ weights, weights @ weak @ weights
    filters = [-np.expm1(-level * TIMES) for level in (1, 0.25, psi)]
    kept = (strong @ weights, middle @ weights / 2)
    lost = sum((share - s * c) ** 2 for s, c in zip(filters, kept, strict=False))
    return float((lost + filters[2] ** 2 * noise).min() / loss**2)


@pytest.mark.parametrize(("width", "measured"), [(100, 1.27), (200, 1.29), (400, 1.31)])
def test_measured_on_the_way_to_the_limit(width, measured):
    rng = np.random.default_rng(width)
    draws = np.array([best_ratio(width, rng) for _ in range(6000 // width)])
    error = draws.std() / np.sqrt(len(draws))
    assert abs(draws.mean() - measured) < 4 * error + 0.005  # the last digit is rounded
    assert error < 0.015


def test_the_limit_is_that_of_the_formula():
    means = [(Rational(1) + Rational(4) ** k) / 2 for k in (1, 2)]
    assert z.DEGREES_RATIO(*means) == Rational(34, 25)


def test_measured_medians_are_near_the_bias_alone():
    """E rho^2/(E rho)^2 at kappa = M^(-1/2) is in their intervals, rho = kappa/(lambda + kappa)."""
    page = (Path(__file__).parents[2] / "docs" / "limits.md").read_text("utf-8")
    lines = re.findall(r"^\| (\d+) \| [\d.]+ \(([\d.]+) to ([\d.]+)\) \|", page, re.MULTILINE)
    assert [line[0] for line in lines] == ["100", "200", "400"]
    for width, low, high in lines:
        ridge = float(width) ** -0.5
        missed = np.array([ridge / (1 + ridge), ridge / (0.25 + ridge)])
        assert float(low) < np.mean(missed**2) / np.mean(missed) ** 2 < float(high)
