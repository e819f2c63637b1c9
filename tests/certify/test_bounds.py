"""Lower bounds on boxes: each form on its own, with the distance that lets another confirm it."""

import pytest
from flint import arb, fmpq
from sympy import Abs, Rational, exp, symbols

from w2s_theory.certify import precision
from w2s_theory.certify.bounds import (
    Function,
    plain_leaf,
    positive_definite,
    quadratic_form,
    safe_lower,
    sharp_leaf,
)
from w2s_theory.certify.certificate import Rule

u, v = symbols("u v", real=True)


@pytest.fixture(autouse=True)
def _bits():
    with precision(64):
        yield


@pytest.mark.parametrize("scale", [2.0**-300, 1.0, 2.0**300])
def test_a_safe_bound_keeps_its_distance_below_the_ball(scale):
    for mid in (-3, 0, 5):
        found = safe_lower(arb(mid, 1) * scale)
        distance = (fmpq(mid) - 1) - found / fmpq(*scale.as_integer_ratio())
        assert fmpq(1, 2**18) <= distance <= fmpq(1, 2**17)
    assert safe_lower(arb(7)) == 7
    assert safe_lower(arb("inf")) is None
    assert safe_lower(arb("nan")) is None


def leaf(expr, lo, hi, names=(u,)):
    function = Function(expr, names, {})
    box = tuple(map(fmpq, lo)), tuple(map(fmpq, hi))
    plain = plain_leaf(function, *box)
    return plain, sharp_leaf(function, plain)


def test_the_middle_and_the_natural_bound():
    plain, _ = leaf(u**2 - u, [0], [2])
    assert (plain.point, plain.face, plain.rule) == ((fmpq(1),), (0,), Rule.NATURAL)
    assert -2.01 < float(plain.bound.p) / float(plain.bound.q) <= -2


@pytest.mark.parametrize(
    ("expr", "lo", "hi", "face", "rule", "least"),
    [
        (u**3 + u, 1, 2, -1, Rule.NATURAL, 2),  # rises: the lower end
        (-(u**3) - u, 1, 2, 1, Rule.NATURAL, -10),  # falls: the upper end
        (exp(u) - u, -1, 2, 0, Rule.CONVEX, 1),
        (u**2 - Rational(1, 7) * u, -1, 1, 0, Rule.CONVEX, -1 / 196),
        # u^3 - u to three orders about 1: -2/3 * 1/2 - ...
        (u * v - u - v + u**2 * v, -1, 1, 0, None, -4),
    ],
)
def test_the_sharp_bound_lies_just_below_the_minimum(expr, lo, hi, face, rule, least):  # noqa: PLR0917
    names = tuple(sorted(expr.free_symbols, key=str))
    plain, sharp = leaf(expr, [lo] * len(names), [hi] * len(names), names)
    value = float(sharp.bound.p) / float(sharp.bound.q)
    assert value <= least
    assert sharp.bound >= plain.bound
    if rule is not None:
        assert sharp.rule == rule
        assert sharp.face == (face,) * len(names)
        assert value > least - 1e-4


def test_a_function_without_derivatives_keeps_its_plain_leaf():
    plain, sharp = leaf(Abs(u), [-1], [1])
    assert sharp is plain


def test_a_slope_that_touches_zero_is_no_direction():
    # On [0, 1] the slope 2 u of u^2 + v contains 0: only v has a face.
    _, sharp = leaf(u**2 + v, [0, 0], [1, 1], (u, v))
    assert sharp.face == (0, -1)


def test_quadratic_forms_hold_their_range_with_squares_kept_positive():
    matrix = [[arb(2), arb(-3)], [arb(-3), arb(5)]]
    steps = [arb(0, 1), arb(0, 2)]
    found = quadratic_form(matrix, steps)
    # 2 x^2 in [0, 2], 5 y^2 in [0, 20], -6 x y in [-12, 12]
    assert found.contains(arb(-12))
    assert found.contains(arb(34))
    assert found.lower() > -12.001
    assert found.upper() < 34.001


def test_a_step_away_from_zero_keeps_its_least_square():
    found = quadratic_form([[arb(1)]], [arb(2.5, 0.5)])
    assert 3.99 < float(found.lower()) <= 4
    assert 9 <= float(found.upper()) < 9.01


@pytest.mark.parametrize(
    ("matrix", "definite"),
    [
        ([[1]], True),
        ([[0]], False),
        ([[-1]], False),
        ([[2, 1], [1, 1]], True),
        ([[1, 2], [2, 1]], False),
        ([[1, 1], [1, 1]], False),
        ([[4, 2, 2], [2, 5, 3], [2, 3, 6]], True),
        ([[1, 0, 2], [0, 1, 0], [2, 0, 1]], False),
        ([[1, 0, 0], [0, 1, 2], [0, 2, 1]], False),
        ([[2, 1, 1], [1, 2, -1], [1, -1, 2]], False),  # singular
        ([[2, 1, 1], [1, 2, Rational(-9, 10)], [1, Rational(-9, 10), 2]], True),
    ],
    ids=str,
)
def test_definite_matrices(matrix, definite):
    rows = [[arb(fmpq(int(Rational(x).p), int(Rational(x).q))) for x in row] for row in matrix]
    assert positive_definite(rows) is definite


def test_a_ball_matrix_with_one_indefinite_member_is_not_definite():
    assert positive_definite([[arb(1, 0.5)]])
    assert not positive_definite([[arb(1, 1)]])
    assert not positive_definite([[arb(1), arb(0, 1)], [arb(0, 1), arb(1)]])
    assert not positive_definite([[arb("nan")]])
    # the ball is positive by less than the distance kept for a second evaluation
    assert not positive_definite([[arb(1, 1 - 2.0**-20)]])
