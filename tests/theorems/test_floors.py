"""Certified floors: reference values, agreement with definitions, and bad input."""

import math
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from w2s_theory.certify import precision, to_arb
from w2s_theory.theorems.floors import (
    bounded_floor,
    exact_loss,
    floors,
    quadratic_floor,
    shrinkage_floor,
)

# L_n / L^2 at L = 1/10 by the length n of the chain, to the digits given.
REFERENCE = {1: "0.9167308680", 2: "0.5593011", 4: "0.4011658", 16: "0.2956171", 256: "0.2653121"}
LIMIT = "0.2633403899"  # n -> infinity
UNIT = st.fractions(min_value=0, max_value=1, max_denominator=10**6)


def reads(ball, decimal):
    """Whether the ball is within a unit of the last digit of `decimal` (rounded or cut there)."""
    unit = Fraction(10) ** Decimal(decimal).as_tuple().exponent
    distance = abs(ball - to_arb(Fraction(decimal)))
    return bool(distance < to_arb(unit))


def inside(ball, value):
    """Whether an mpmath number of high precision lies in the ball."""
    return abs(flint.arb(mpmath.nstr(value, 60)) - ball).lower() <= 0


@pytest.mark.parametrize("length", REFERENCE)
def test_reference_values_of_chains(length):
    found = floors("0.1", chain=length)
    assert reads(100 * found.chain_floor, REFERENCE[length])
    assert found.chain_floor.rel_accuracy_bits() >= 66  # 20 digits
    assert (found.chain, found.teacher_loss) == (length, Fraction(1, 10))


def test_reference_values_of_the_ends():
    found = floors("0.1", chain=256)
    assert reads(100 * found.bounded_floor, LIMIT)
    assert reads(100 * found.floor, REFERENCE[1])
    assert reads(100 * found.quadratic_floor, "0.75")
    assert found.chain_floor > found.bounded_floor


def test_the_comparison_of_digits_can_fail():
    assert reads(flint.arb("0.9167308680"), "0.9167308680")
    assert not reads(flint.arb("0.91673086811"), "0.9167308680")
    assert reads(flint.arb("0.55930119"), "0.5593011")
    assert not reads(flint.arb("0.55930121"), "0.5593011")


@pytest.mark.parametrize("loss", ["1e-300", "1e-15", "0.01", "1/3", "2/3", "0.999999", "1"])
def test_one_step_floors_hold_their_definitions(loss):
    found = floors(loss, digits=30)
    with mpmath.workdps(700):
        x = mpmath.mpf(found.teacher_loss.numerator) / found.teacher_loss.denominator
        assert inside(found.floor, ((mpmath.sqrt(1 + 3 * x) - mpmath.sqrt(1 - x)) / 2) ** 2)
        assert inside(found.bounded_floor, (1 - mpmath.sqrt(1 - x)) ** 2)
        assert inside(found.quadratic_floor, 3 * x * x / 4)
    for ball in (found.floor, found.bounded_floor, found.quadratic_floor, found.chain_floor):
        assert ball.rel_accuracy_bits() >= 99


@pytest.mark.parametrize("loss", [0, 1])
@pytest.mark.parametrize("length", [1, 7])
def test_ends_of_the_loss_are_exact(loss, length):
    found = floors(loss, chain=length)
    assert found.floor == found.bounded_floor == found.chain_floor == loss
    assert found.floor.is_exact()
    assert found.chain_floor.is_exact()


def test_floor_and_parabola_touch_at_two_thirds():
    found = floors("2/3")
    assert found.floor.overlaps(to_arb(Fraction(1, 3)))
    assert found.quadratic_floor.overlaps(to_arb(Fraction(1, 3)))


@pytest.mark.parametrize("loss", [Fraction(1, 100), Fraction(1, 2), Fraction(9, 10)], ids=str)
@pytest.mark.parametrize("length", [2, 3, 10, 300])
def test_chain_floor_against_scipy(loss, length):
    cosine, theta = math.sqrt(1 - loss), math.asin(math.sqrt(loss))

    def distance(phi):
        radius, angle = cosine * math.cos(phi) ** length, theta - length * phi
        return (radius * math.cos(angle) - 1) ** 2 + (radius * math.sin(angle)) ** 2

    reference = minimize_scalar(
        distance, bounds=(0, theta / length), method="bounded", options={"xatol": 1e-12}
    )
    found = floors(loss, chain=length)
    # The turn's error of 1e-12 enters squared; the rest is the rounding of a small loss.
    assert float(found.chain_floor) == pytest.approx(reference.fun, rel=1e-10)


@pytest.mark.parametrize("loss", ["1e-12", "0.1", "0.6", "0.9999"])
def test_floors_fall_with_the_chain_towards_the_bounded_one(loss):
    found = [floors(loss, chain=length) for length in (1, 2, 3, 8, 64)]
    for shorter, longer in pairwise(found):
        assert shorter.chain_floor > longer.chain_floor
        assert longer.chain_floor > longer.bounded_floor
    assert found[0].chain_floor is found[0].floor


@pytest.mark.parametrize(("loss", "chain"), [("1e-400", 1), ("1e-2000", 1), ("1e-2000", 3)])
def test_tiny_losses_have_their_floors_at_once(loss, chain):
    """To first order L^2 and L^2/4, and ((n+1)/n)^2 L^2/4 for a chain of n."""
    found = floors(loss, chain=chain)
    with precision(20000):
        square = to_arb(Fraction(loss)) ** 2
        for ball, factor in (
            (found.floor, Fraction(1)),
            (found.quadratic_floor, Fraction(3, 4)),
            (found.bounded_floor, Fraction(1, 4)),
            (found.chain_floor, Fraction((chain + 1) ** 2, 4 * chain**2)),
        ):
            assert abs(ball / (square * to_arb(factor)) - 1) < 1e-19
            assert ball.rad() <= square * to_arb(Fraction(1, 10**20))


@pytest.mark.parametrize("chain", [1, 2])
def test_losses_near_one_have_their_floors(chain):
    found = floors("0." + 2000 * "9", chain=chain)
    assert 1 - found.floor < flint.arb(10) ** -19
    assert 1 - found.chain_floor < flint.arb(10) ** -19


@pytest.mark.parametrize(("digits", "chain"), [(1250, 1), (20_000, 1), (1250, 3)])
def test_many_digits(digits, chain):
    found = floors("1/3", chain=chain, digits=digits)
    with precision(4 * digits + 64):
        assert found.floor.overlaps((2 - to_arb(3).sqrt()) / 3)
        assert found.chain_floor.rad() <= found.chain_floor * flint.arb(10) ** -digits


@pytest.mark.parametrize("digits", [1, 5, 20, 100])
def test_digits_are_delivered(digits):
    found = floors("0.3", chain=3, digits=digits)
    with precision(600):
        tolerance = to_arb(Fraction(2, 10**digits))
        for ball in (found.floor, found.quadratic_floor, found.bounded_floor, found.chain_floor):
            assert ball.rad() <= tolerance * ball


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(UNIT)
def test_balls_and_floats_agree(loss):
    found, at = floors(loss), float(loss)
    # At 1 the slope is infinite, so the rounding of the loss itself matters there.
    slack = 1e-14 + 2e-16 / math.sqrt(max(1 - at, 1e-16))
    for ball, function in (
        (found.floor, shrinkage_floor),
        (found.quadratic_floor, quadratic_floor),
        (found.bounded_floor, bounded_floor),
    ):
        assert float(ball) == pytest.approx(float(function(at)), rel=slack, abs=0)


def test_results_are_frozen_and_precision_is_restored():
    before = flint.ctx.prec
    found = floors("0.1", chain=3, digits=50)
    assert flint.ctx.prec == before
    with pytest.raises(FrozenInstanceError):
        found.floor = 0


# --- exact losses --------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(UNIT)
def test_exact_losses_survive_a_round_trip(loss):
    assert exact_loss(loss) == loss
    assert exact_loss(str(loss)) == loss
    assert exact_loss(f"{float(loss):.17e}") == Fraction(f"{float(loss):.17e}")


@pytest.mark.parametrize(
    ("given_as", "loss"),
    [(0, 0), (1, 1), ("1e-3", Fraction(1, 1000)), ("0.10", Fraction(1, 10)), ("4/6", "2/3")],
    ids=repr,
)
def test_ways_to_write_a_loss(given_as, loss):
    assert exact_loss(given_as) == Fraction(loss)


NOT_EXACT = [0.1, 0.0, 1.0, float("nan"), float("inf"), True, False, None, 1j, [0], b"0.1"]
NOT_EXACT += [np.float64(0.5), Decimal("0.1"), flint.fmpq(1, 2)]
NOT_A_NUMBER = ["nan", "inf", "-inf", "", "abc", "1/0", "0.1.2", "1e", "0x1"]
OUTSIDE = [-1, 2, "-0.1", "1.0000000000000000000001", "-1e-300", Fraction(-1, 3), Fraction(4, 3)]


@pytest.mark.parametrize("loss", NOT_EXACT, ids=repr)
def test_losses_that_are_not_exact_are_named(loss):
    with pytest.raises(ValueError, match="teacher_loss must be exact") as caught:
        floors(loss)
    assert str(caught.value).endswith(f"got {loss!r}")


@pytest.mark.parametrize("loss", NOT_A_NUMBER, ids=repr)
def test_text_that_is_no_number_is_named(loss):
    with pytest.raises(ValueError, match=r"teacher_loss must be a number in \[0, 1\]") as caught:
        floors(loss)
    assert str(caught.value).endswith(f"got {loss!r}")


@pytest.mark.parametrize("loss", OUTSIDE, ids=repr)
def test_losses_outside_are_named(loss):
    with pytest.raises(ValueError, match=r"teacher_loss must be in \[0, 1\]") as caught:
        floors(loss)
    assert str(caught.value).endswith(f"got {loss}")


@pytest.mark.parametrize("name", ["chain", "digits"])
@pytest.mark.parametrize("value", [0, -3, True, 2.0, "2", None, float("nan")], ids=repr)
def test_counts_are_named(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be an integer >= 1, got ") as caught:
        floors("0.1", **{name: value})
    assert str(caught.value).endswith(f"got {value!r}")
