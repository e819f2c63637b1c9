"""Degrees of freedom against other sums, levels, and the bounds against reference values."""

from __future__ import annotations

import math

import pytest
from flint import arb

from w2s_theory.certify import lower
from w2s_theory.ledger.rate import BACH_WIDTH, SQUARE_RATE, WIDTH_AT
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.students.floats import field_function
from w2s_theory.theorems.leverage import ceiling, eigenvalue, freedom


@pytest.mark.parametrize(("dim", "level"), [(2, 1e-6), (3, 1e-4), (8, 1e-5), (32, 1e-6)])
def test_degrees_of_freedom_are_those_of_the_spectrum(dim, level):
    found = freedom(dim, level)
    spectrum = ReluSphere(dim).spectrum(400)
    terms = spectrum.multiplicities * spectrum.eigenvalues / (spectrum.eigenvalues + level)
    below = math.fsum(terms)
    left = 1 / (2 * dim) - math.fsum(spectrum.multiplicities * spectrum.eigenvalues)
    assert float(found.lower()) <= (below + left / level) * (1 + 1e-9)
    assert below * (1 - 1e-9) <= float(found.upper()) <= 1.002 * float(found.lower())


def test_freedom_falls_with_the_level_and_refuses_what_it_cannot_reach():
    assert freedom(3, 1e-3) < freedom(3, 1e-4)
    for level in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="level"):
            freedom(3, level)
    with pytest.raises(ValueError, match="more than"):
        freedom(2, 1e-24)


def _width(formula):
    run = lower(formula.expr)
    return lambda count, risk: run(dict(zip(formula.args, (count, risk), strict=True)))


@pytest.mark.parametrize("dim", [3, 8])
def test_the_level_is_the_least_at_which_the_width_suffices(dim):
    found, width = ceiling(dim, 1024, 0.05), _width(WIDTH_AT)
    assert not width(freedom(dim, found.level), arb(0.05)) > 1024
    assert width(freedom(dim, found.level * 0.999), arb(0.05)) > 1020


REFERENCE = {
    (3, 1024): (3.57e-5, 3.7e-4),
    (3, 8192): (2.13e-7, 3.8e-8),
    (8, 1024): (4.54e-4, 0.47),
    (8, 8192): (7.14e-6, 3.7e-4),
    (32, 8192): (1.89e-5, 0.17),
    (32, 65536): (5.94e-7, 2.8e-4),
}
"""mu by Bach's width, and (mu/lambda_0)^2 (25 + 32 (lambda_+/lambda_0) log(lambda_0/mu)^2)."""


@pytest.mark.parametrize(("cell", "expected"), REFERENCE.items(), ids=str)
def test_reference_levels_and_bounds_and_that_ours_are_smaller(cell, expected):
    (dim, width), (level, bound) = cell, expected
    bach = _width(BACH_WIDTH)
    for factor, enough in ((1.01, True), (0.99, False)):
        assert (bach(freedom(dim, factor * level).mid(), arb(0.05)) <= width) is enough
    lowest, beyond = float(eigenvalue(dim, 1)), float(eigenvalue(dim, 2))
    share = level / lowest
    stated = share**2 * (25 + 32 * beyond / lowest * math.log(1 / share) ** 2)
    assert stated == pytest.approx(bound, rel=0.03)
    found = ceiling(dim, width, 0.05)
    assert found.student < stated
    assert found.teacher <= 4 * share  # Delta <= mu here, 4 mu there


def test_the_bound_is_the_formula_at_its_time_and_falls_with_the_width():
    found = ceiling(8, 8192, 0.05)
    low, out, level = arb(found.eigenvalue), arb(found.beyond), arb(found.level)
    time = arb(found.time)
    assert found.time == pytest.approx(float((low / level).log() / low), rel=1e-9)
    value = field_function(SQUARE_RATE)(level, low, out, time)
    assert float(value) == pytest.approx(found.student, rel=1e-9)
    assert found.student < ceiling(8, 4096, 0.05).student
    assert found.student < found.teacher < 1


def test_from_which_width_on_it_says_something():
    found = ceiling(3, 100, 0.05)
    assert found.student >= 1
    assert ceiling(3, found.width_from + 3, 0.05).student < 1
    assert ceiling(3, found.width_from - 3, 0.05).student >= 1


def test_even_targets_and_refusals():
    assert ceiling(5, 4096, 0.1, 2).eigenvalue < ceiling(5, 4096, 0.1).eigenvalue
    for arguments in ((1, 10, 0.1), (3, 0, 0.1), (3, 10, 0.0), (3, 10, 1.5), (3, 10, 0.1, 3)):
        with pytest.raises(ValueError, match=r"dim|width|risk|degree"):
            ceiling(*arguments)
