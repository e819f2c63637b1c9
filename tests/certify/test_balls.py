import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq, fmpz

from tests.certify.exactly import holds
from w2s_theory.certify import ball, describe, precision, to_arb, to_fmpq
from w2s_theory.certify.balls import certified_digits, dyadic, exact_value, integrated, interval


def exact(value):
    return fmpq(Fraction(value).numerator, Fraction(value).denominator)


@pytest.mark.parametrize(
    "value", [3, Fraction(6, 4), sympy.Rational(3, 2), sympy.Integer(-7), fmpq(3, 2), fmpz(5)]
)
def test_exact_values_pass_unchanged(value):
    assert to_fmpq(value) == exact(str(value))
    assert holds(to_arb(value), to_fmpq(value))


@pytest.mark.parametrize(
    "value", [0.5, np.float64(0.5), np.float32(0.5), sympy.Float(0.5), True, "1/2", None, 1j]
)
def test_everything_else_is_refused(value):
    with pytest.raises(ValueError, match="exact rational"):
        to_fmpq(value)
    with pytest.raises(ValueError, match=r"Fraction.*ball"):
        to_arb(value)


def test_a_third_is_enclosed_at_the_precision_of_the_call():
    with precision(20):
        coarse = to_arb(Fraction(1, 3))
    with precision(200):
        fine = to_arb(Fraction(1, 3))
    assert holds(coarse, Fraction(1, 3))
    assert holds(fine, Fraction(1, 3))
    assert fine.rad() < coarse.rad() * fmpq(1, 2**100)


@pytest.mark.parametrize("bits", [10, 53, 200])
@pytest.mark.parametrize("mid", [0.1, -1e300, 5e-324, 0.0, 3.5])
@pytest.mark.parametrize("rad", [0.0, 1e-9, 0.1, 1e10])
def test_ball_contains_its_ends(bits, mid, rad):
    with precision(bits):
        value = ball(mid, rad)
    assert holds(value, Fraction(mid) - Fraction(rad))
    assert holds(value, Fraction(mid) + Fraction(rad))


def test_ball_is_not_much_wider_than_asked():
    assert ball(0.5, 0.25).rad() < 0.25000001
    assert ball(0.1, 0.0).is_exact()


@pytest.mark.parametrize(
    ("mid", "rad"),
    [(math.nan, 0.1), (1.0, math.nan), (math.inf, 0.1), (1.0, math.inf), (1.0, -0.1)],
)
def test_ball_refuses(mid, rad):
    with pytest.raises(ValueError, match="mid and rad"):
        ball(mid, rad)


@pytest.mark.parametrize("digits", [1, 3, 15, 40])
@pytest.mark.parametrize(
    "text",
    [
        "1/3",
        "-22/7",
        "1/99999999999999999999",
        "12345678901234567890",
        "0",
        "9999999/10000000",
        "1",
    ],
)
@pytest.mark.parametrize("rad", ["0", "1/1000000", "3"])
def test_description_contains_the_ball(text, rad, digits):
    with precision(160):
        value = interval(Fraction(text) - Fraction(rad), Fraction(text) + Fraction(rad))
    shown = describe(value, digits)
    mid, radius = Fraction(shown["mid"]), Fraction(shown["rad"])
    with precision(400):
        lower, upper = dyadic(value.lower()), dyadic(value.upper())
    assert exact(mid - radius) <= lower
    assert upper <= exact(mid + radius)
    assert 0 <= shown["digits"] <= digits
    if shown["digits"] and mid:
        place = math.floor(math.log10(abs(mid))) - shown["digits"] + 1
        assert radius <= Fraction(10) ** (place + 1)


def test_description_of_known_numbers():
    with precision(128):
        third = describe(arb(1) / 3, 10)
    assert third["mid"] == "0.3333333333"
    assert third["digits"] == 10
    assert describe(arb(3), 4) == {"mid": "3.000", "rad": "0", "digits": 4}
    assert describe(ball(0.5, 1.0), 5)["digits"] == 0


def test_a_digit_more_than_the_radius_allows_is_not_certified():
    assert describe(ball(9, 0.5), digits=3)["digits"] == 1
    assert describe(ball(0.97, 0.02), digits=5)["digits"] == 1


def test_description_refuses_what_is_not_finite():
    with pytest.raises(ValueError, match="finite"):
        describe(arb.nan(), 5)
    with pytest.raises(ValueError, match="digits"):
        describe(arb(1), 0)


def test_precision_is_restored_even_after_an_exception():
    before = ctx.prec
    with precision(777):
        assert ctx.prec == 777
    assert ctx.prec == before
    with pytest.raises(ZeroDivisionError), precision(777):
        1 // 0  # noqa: B018
    assert ctx.prec == before


@pytest.mark.parametrize("bits", [1, 0, -5, 53.0, True])
def test_precision_refuses(bits):
    with pytest.raises(ValueError, match="bits"):
        precision(bits)


def test_exact_value_tells_points_from_balls():
    assert exact_value(arb(0.75)) == fmpq(3, 4)
    assert exact_value(arb(3 * 2**80)) == fmpq(3 * 2**80)
    assert exact_value(Fraction(1, 3)) == fmpq(1, 3)
    assert exact_value(arb(1) / 3) is None
    assert exact_value(arb.nan()) is None


def test_interval_refuses_swapped_ends():
    with pytest.raises(ValueError, match="at most"):
        interval(1, 0)


@pytest.mark.parametrize("mid", [1, -3, 9])
@pytest.mark.parametrize("exponent", [1, 5, 12, 40])
def test_certified_digits_are_kept_and_nearly_all_are_counted(mid, exponent):
    with precision(300):
        value = ball(mid, 0.99 * 10.0**-exponent)
        digits = certified_digits(value)
        assert value.rad() <= abs(arb(mid)) / 10**digits
        assert value.rad() > abs(arb(mid)) / 10 ** (digits + 2)
    assert certified_digits(arb(1, 5)) == 0


@pytest.mark.parametrize("raised", [KeyboardInterrupt, ValueError("no"), ZeroDivisionError])
def test_an_integral_raises_what_its_integrand_does(raised):
    def integrand(z, _analytic):
        raise raised

    with pytest.raises(raised if isinstance(raised, type) else ValueError):
        integrated(integrand, arb(0), arb(1), 60, 1000)
    assert integrated(lambda z, _analytic: z, arb(0), arb(2), 60, 1000).contains(2)
