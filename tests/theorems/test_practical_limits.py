"""Consequences of Theorem 4.1 in numbers: reference digits, edges, agreement, and bad input."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theorems.test_floors import reads
from w2s_theory.theorems import practical_limits as p
from w2s_theory.theorems.floors import floors, shrinkage_floor

UNIT = st.fractions(min_value=0, max_value=1, max_denominator=10**4)


@pytest.mark.parametrize(
    ("ball", "digits"),
    [
        (p.pgr_ceiling_ball("1/10"), "0.908326913196"),
        (p.pgr_ceiling_ball("3/10"), "0.755427099112"),
        (p.pgr_ceiling_ball("1/2"), "0.618033988750"),
        (p.pgr_ceiling_ball("9/10"), "0.282375696128"),
        (p.no_boost_ball("1/100"), "0.104624294226"),
        (p.no_boost_ball("1/10"), "0.354138126515"),
        (p.no_boost_ball("1/100", chain=True), "0.19"),
        (p.no_boost_ball("1/10", chain=True), "0.532455532034"),
        (p.gold_floor_ball("1/10", "1/5"), "0.00604943198053"),
        (p.gold_floor_ball("1/10", 0), "0.00916730868040"),
        (p.instance_floor_ball("1/10", "9/10"), "0.00916730868040"),
    ],
)
def test_reference_values(ball, digits):
    assert reads(ball, digits)
    last = Decimal(digits).as_tuple().exponent
    assert not reads(ball + arb(2) * arb(10) ** last, digits)


def test_the_ceiling_at_one_half_is_the_golden_ratio():
    golden = (arb(5).sqrt() - 1) / 2
    assert p.pgr_ceiling_ball("1/2", digits=25).overlaps(golden)


@settings(max_examples=60, deadline=None)
@given(UNIT, UNIT, UNIT)
def test_instance_floor_is_the_distance_to_the_ball(turn, norm2, slack):
    """Against the definition in mpmath, and ball against float."""
    norm = Fraction(norm2)
    low, high = (1 - norm) ** 2, (1 + norm) ** 2  # norm2 plays the norm: all is rational
    loss = low + (high - low) * turn
    n2 = norm**2
    with mpmath.workdps(60):
        far, near = (
            mpmath.mpf(x.numerator) / x.denominator for x in (2 + 2 * loss - n2, n2 + 4 * slack)
        )
        wanted = max(mpmath.mpf(0), mpmath.sqrt(far) - mpmath.sqrt(near)) ** 2 / 4
        ball = p.instance_floor_ball(loss, n2, slack)
        assert abs(arb(mpmath.nstr(wanted, 50)) - ball).lower() <= arb("1e-45")
    found = float(p.instance_floor(float(loss), float(n2), float(slack)))
    assert found == pytest.approx(float(wanted), rel=1e-6, abs=1e-15)
    assert (ball == 0) == (n2 + 2 * slack >= 1 + loss)


@settings(max_examples=60, deadline=None)
@given(UNIT, UNIT)
def test_least_squares_gives_theorem_4_1(loss, gold):
    assert p.instance_floor_ball(loss, 1 - loss).overlaps(floors(loss).floor)
    assert p.gold_floor_ball(loss, 0).overlaps(floors(loss).floor)
    found = p.gold_floor(float(loss), float(gold))
    assert found == pytest.approx(float(p.gold_floor_ball(loss, gold)), rel=1e-9, abs=1e-300)


def test_edges_are_exact():
    assert (
        p.instance_floor([1.0, 0.0, 0.0, 0.5], [2.0, 1.0, 1.0, 1.5], [0.0, 0.0, 1.0, 0.0]).tolist()
        == [0.0] * 4
    )
    assert p.instance_floor(1.0, 0.0) == 1.0  # a teacher that is 0
    assert p.pretrained_floor(0.0, 0.0, 0.0) == 0.0  # all three are the target
    assert p.pretrained_floor(0.3, 0.0, 0.3) == 0.0  # the student starts at the target
    assert p.gold_floor([0.0, 1.0, 1.0], [0.5, 1.0, 0.0]).tolist() == [0.0, 0.0, 1.0]
    assert p.gain_ceiling([0.0, 1.0]).tolist() == [0.0, 0.0]
    assert p.no_boost([0.0, 1.0]).tolist() == [0.0, 1.0]
    assert p.no_boost_chain([0.0, 1.0]).tolist() == [0.0, 1.0]
    assert p.pgr_ceiling(1.0) == 0.0
    assert p.pgr_ceiling(1e-9) == pytest.approx(1, abs=1e-8)
    for ball in (p.instance_floor_ball(1, 2), p.pretrained_floor_ball("1/3", 0, "1/3")):
        assert ball == 0
    assert p.gold_floor_ball(1, 1) == 0
    assert p.pgr_ceiling_ball(1) == 0


def test_floors_fall_with_the_norm_and_the_slack():
    norms, slacks = np.linspace(0.6, 1.3, 50), np.linspace(0, 0.3, 50)
    assert (np.diff(p.instance_floor(0.1, norms)) <= 0).all()
    assert (np.diff(p.instance_floor(0.1, 0.9, slacks)) <= 0).all()
    assert p.instance_floor(0.1, norms)[0] > shrinkage_floor(0.1)


def test_a_ceiling_above_the_floor_can_be_beaten():
    assert p.pgr_ceiling(0.1, 0.02) > 1 > p.pgr_ceiling(0.1, 0.005)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: p.instance_floor(-0.1, 0.9), "teacher_loss must be finite and >= 0, got -0.1"),
        (lambda: p.instance_floor(0.1, float("nan")), "teacher_norm2 must be finite"),
        (lambda: p.instance_floor(0.1, 0.9, -1e-9), "slack must be finite and >= 0"),
        (lambda: p.instance_floor(0.1, 4.0), "squared sides of a triangle"),
        (lambda: p.instance_floor("0.1", 0.9), "teacher_loss must be real numbers"),
        (lambda: p.pretrained_floor(0.1, float("inf"), 0.9), "start_loss must be finite"),
        (lambda: p.pretrained_floor(0.01, 1.0, 0.01), "squared sides of a triangle"),
        (lambda: p.gold_floor(0.1, 1.1), "gold_share must be in"),
        (lambda: p.gain_ceiling(2), "teacher_loss must be in"),
        (lambda: p.pgr_ceiling([0.1, 0.2], 0.1), "ceiling_loss must be < teacher_loss"),
        (lambda: p.no_boost(-0.1), "advantage must be in"),
        (lambda: p.no_boost_chain(1.1), "advantage must be in"),
        (lambda: p.instance_floor_ball(0.1, "9/10"), "teacher_loss must be exact"),
        (lambda: p.instance_floor_ball("1/10", "-1"), "start_distance must be >= 0"),
        (lambda: p.instance_floor_ball("1/10", 4), "squared sides of a triangle"),
        (lambda: p.pgr_ceiling_ball("1/10", "1/10"), "ceiling_loss must be < teacher_loss"),
        (lambda: p.gold_floor_ball("1/10", "3/2"), "gold_share must be in"),
        (lambda: p.no_boost_ball("x"), "advantage must be a number"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(ValueError, match=words):
        call()
