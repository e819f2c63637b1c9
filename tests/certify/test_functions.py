"""Ball functions one by one: the ball holds every value inside, and is hardly wider than that."""

from functools import partial

import mpmath
import pytest
from flint import arb, fmpq

from w2s_theory.certify import functions as f
from w2s_theory.certify import precision

BITS = 128
WIDE = 1 / 64


CASES = {
    "exp": (f.exp, mpmath.exp, (-3, 0.5, 7)),
    "log": (f.log, mpmath.log, (0.25, 1.5, 40)),
    "tan": (f.tan, mpmath.tan, (-1, 0.5, 4)),
    "cosh": (f.cosh, mpmath.cosh, (-2, 0, 0.0078125, 3)),
    "absolute": (f.absolute, abs, (-2, 0, 0.0078125, 3)),
    "asin": (partial(f.arc, arb.asin, clip=False), mpmath.asin, (-0.75, 0, 0.75)),
    "acos": (partial(f.arc, arb.acos, clip=False), mpmath.acos, (-0.75, 0, 0.75)),
    "square": (lambda x: f.integer_power(x, 2), lambda x: x**2, (-2, 0, 0.0078125, 3)),
    "cube": (lambda x: f.integer_power(x, 3), lambda x: x**3, (-2, 0, 0.0078125, 3)),
    "fourth": (lambda x: f.integer_power(x, 4), lambda x: x**4, (-2, 0.0078125, 3)),
    "inverse": (lambda x: f.integer_power(x, -1), lambda x: 1 / x, (-2, -0.5, 0.5, 3)),
    "inverse square": (lambda x: f.integer_power(x, -2), lambda x: x**-2, (-2, -0.5, 0.5, 3)),
    "root": (lambda x: f.rational_power(x, 1, 2), mpmath.sqrt, (0.25, 2, 100)),
    "cube root": (lambda x: f.rational_power(x, 1, 3), mpmath.cbrt, (0.25, 2, 100)),
    "three halves": (lambda x: f.rational_power(x, 3, 2), lambda x: x**1.5, (0.25, 2, 100)),
    "inverse root": (lambda x: f.rational_power(x, -1, 2), lambda x: x**-0.5, (0.25, 2, 100)),
    "general": (lambda x: f.general_power(x, arb(1.25)), lambda x: x**1.25, (0.25, 2, 100)),
    "general third": (lambda x: f.general_power(x, fmpq(5, 4)), lambda x: x**1.25, (0.25, 2, 100)),
    "general half": (lambda x: f.general_power(x, fmpq(1, 2)), mpmath.sqrt, (0.25, 2, 100)),
    "general whole": (lambda x: f.general_power(x, arb(3)), lambda x: x**3, (-2, 0.25, 2)),
}


@pytest.mark.parametrize("name", CASES)
def test_balls_hold_the_range_and_little_more(name):
    ball_function, function, points = CASES[name]
    with precision(BITS), mpmath.workdps(40):
        for point in points:
            for radius in (0, 2.0**-60, WIDE):
                x = arb(point, radius)
                found = ball_function(x)
                grid = [mpmath.mpf(point) + mpmath.mpf(radius) * i / 8 for i in range(-8, 9)]
                values = [function(t) for t in grid]
                low, high = (
                    mpmath.mpf(found.lower().str(40, radius=False)),
                    mpmath.mpf(found.upper().str(40, radius=False)),
                )
                span = max(values) - min(values)
                rounding = mpmath.mpf(10) ** -35 * (1 + max(map(abs, values)))
                assert low <= min(values) + rounding
                assert high >= max(values) - rounding
                room = span if name == "general" else span / 4
                room += 2 * radius if name == "cosh" else 0  # Arb's slope is that of exp
                # a ball that is no wider than needed: the checks of false claims rest on it
                assert high - low <= span + room + rounding


@pytest.mark.parametrize("scale", [1, 2.0**-80])
def test_products_of_wide_balls_are_their_range(scale):
    with precision(BITS):
        for left, right in [((-1, 3), (-2, 5)), ((1, 3), (2, 5)), ((-3, -1), (2, 5))]:
            x = (arb(left[0]).union(arb(left[1]))) * scale
            y = arb(right[0]).union(arb(right[1]))
            ends = [a * b for a in left for b in right]
            found = f.product(x, y) / scale
            for end in ends:
                assert found.contains(arb(end))
            assert found.upper() <= max(ends) + 0.02
            assert found.lower() >= min(ends) - 0.02
        assert f.product(fmpq(1, 3), fmpq(3)) == 1
        assert isinstance(f.product(fmpq(1, 3), fmpq(3)), fmpq)
        assert not f.product(arb(0, 1), arb("nan")).is_finite()
        # a narrow factor is not cut to its ends: the product of exact numbers is exact
        assert f.product(arb(3), arb(5)).is_exact()


def test_what_reaches_out_of_a_domain_is_undefined():
    across, below = arb(0, 1), arb(-2, 0.5)
    asin, acos = partial(f.arc, arb.asin), partial(f.arc, arb.acos)
    with precision(BITS):
        for undefined in (
            f.log(across),
            f.log(arb(0)),
            f.integer_power(across, -1),
            f.integer_power(across, -2),
            f.rational_power(across, 1, 2),
            f.rational_power(below, 1, 2, clip=True),
            f.rational_power(across, -1, 2, clip=True),
            f.rational_power(arb(0), -1, 2),
            f.general_power(across, arb(1.5)),
            f.general_power(arb(0), arb(-1.5)),
            f.general_power(arb(0), across),
            asin(arb(1, 0.5), clip=False),
            asin(arb(-1, 0.5), clip=False),
            asin(arb(3, 0.5), clip=True),
            acos(arb(-3, 0.5), clip=True),
            f.double_factorial(arb(0.5)),
            f.double_factorial(arb(-2)),
            f.polygamma(arb(1), across),
            f.polygamma(arb(-1), arb(1)),
            f.polygamma(arb(0.5), arb(1)),
        ):
            assert not undefined.is_finite()
        assert not f.tan(arb(1.5, 0.25)).is_finite()
        assert f.general_power(arb(0), arb(1.5)).is_zero()
        assert f.rational_power(arb(0), 1, 2).is_zero()


def test_a_very_wide_ball_is_mapped_by_its_ends():
    with precision(BITS):
        wide = arb(2, 1.75)  # 1/4 to 15/4
        for found, low, high in (
            (f.rational_power(wide, 1, 2), 0.5, 1.93649),
            (f.rational_power(wide, -1, 2), 0.516398, 2),
            (f.rational_power(wide, 3, 2), 0.125, 7.261843),
            (f.log(wide), -1.386294, 1.321756),
            (f.exp(wide), 1.284025, 42.52108),
            (f.cosh(arb(-1, 3)), 1, 27.30823),
            (f.absolute(arb(-1, 3)), 0, 4),
        ):
            assert abs(float(found.lower()) - low) < 1e-4 * high
            assert abs(float(found.upper()) - high) < 1e-4 * high


def test_clipping_keeps_the_part_in_the_domain_and_no_more():
    with precision(BITS):
        edge = f.rational_power(arb(-0.5, 0.5), 1, 2, clip=True)
        assert edge.is_finite()
        assert edge.contains(arb(0))
        for outside in (arb(1.5, 0.25), arb(-1.5, 0.25)):
            assert not f.arc(arb.asin, outside, clip=True).is_finite()
            assert not f.arc(arb.acos, outside, clip=True).is_finite()
        root = f.rational_power(arb(0, 1), 1, 2, clip=True)
        assert root.contains(arb(0))
        assert root.contains(arb(1))
        assert root.upper() < 1.001
        assert not f.rational_power(arb(-1, 1), 1, 2).is_finite()
        for function, at_one, at_half in ((arb.asin, 1.5707, 0.5235), (arb.acos, 0, 1.0471)):
            top = f.arc(function, arb(1, 0.5), clip=True)
            assert top.contains(function(arb(1)))
            assert top.contains(function(arb(0.5)))
            assert abs(float(top.rad()) - abs(at_one - at_half) / 2) < 0.001
            bottom = f.arc(function, arb(-1, 0.5), clip=True)
            assert bottom.contains(function(arb(-1)))
            assert bottom.contains(function(arb(-0.5)))
            assert abs(float(bottom.rad()) - abs(at_one - at_half) / 2) < 0.001


@pytest.mark.parametrize(
    ("found", "value"),
    [
        (lambda: f.binomial(arb(7), arb(3)), 35),
        (lambda: f.binomial(arb(7.5), arb(0)), 1),
        (lambda: f.binomial(arb(0.5), arb(0.5)), 1),
        (lambda: f.binomial(arb(3), arb(0.5)), mpmath.binomial(3, 0.5)),
        (lambda: f.falling(arb(7), arb(3)), 210),
        (lambda: f.falling(arb(2.5), arb(2)), 3.75),
        (lambda: f.beta(arb(2), arb(3)), 1 / mpmath.mpf(12)),
        (lambda: f.polygamma(arb(0), arb(1)), -mpmath.euler),
        (lambda: f.polygamma(arb(1), arb(2)), mpmath.zeta(2) - 1),
        (lambda: f.polygamma(arb(2), arb(1)), -2 * mpmath.zeta(3)),
        (lambda: f.polygamma(arb(3), arb(1)), mpmath.pi**4 / 15),
        (lambda: f.double_factorial(arb(0)), 1),
        (lambda: f.double_factorial(arb(-1)), 1),
        (lambda: f.double_factorial(arb(-3)), -1),
        (lambda: f.double_factorial(arb(7)), 105),
        (lambda: f.double_factorial(arb(8)), 384),
        (lambda: f.hermite_he(arb(3), arb(2)), 2),
        (lambda: f.hermite_he(arb(4), arb(1)), -2),
        (lambda: f.general_power(arb(-2), fmpq(3)), -8),
        (lambda: f.general_power(arb(-1), fmpq(2)), 1),
    ],
)
def test_known_values(found, value):
    with precision(BITS):
        ball = found()
        assert ball.rad() < 1e-30 * (1 + abs(ball))
        assert abs(float(ball.mid()) - float(value)) < 1e-14 * (1 + abs(float(value)))


def test_a_ball_counts_as_narrow_by_its_relative_radius():
    for scale in (2.0**-200, 1.0, 2.0**200):
        assert f.is_narrow(arb(scale, scale * 2.0**-30))
        assert not f.is_narrow(arb(scale, scale * 2.0**-20))


@pytest.mark.parametrize("bits", [128, 300])
@pytest.mark.parametrize("a", [0.5, 1.5, 20.5])
@pytest.mark.parametrize(
    ("b", "z"), [(33.5, -3.0), (1e9, 1e6), (1e160, -1.0), (503.0, -999.5), (503.0, -130.0)]
)
def test_kummers_function_where_it_is_summed_here(a, b, z, bits):
    with precision(bits):
        found = f.confluent(arb(a), arb(b), arb(z))
    with mpmath.workdps(500):
        exact = mpmath.hyp1f1(a, mpmath.mpf(b), z)
    with precision(1000):
        digits = arb(mpmath.nstr(exact, 200))
        assert found.contains(digits)
    assert found.rel_accuracy_bits() > bits - 40


def test_kummers_function_that_would_take_too_long_is_undefined():
    with precision(300):
        assert not f.confluent(arb(1.5), arb(1e9), arb(-1e9)).is_finite()


def test_no_power_of_the_undefined_is_one():
    undefined = arb.nan()
    for value in (
        f.integer_power(undefined, 0),
        f.general_power(undefined, fmpq(0)),
        f.general_power(1 / arb(0), arb(0)),
        f.binomial(undefined, arb(0)),
        f.falling(undefined, arb(0)),
    ):
        assert not value.is_finite()
    assert f.integer_power(arb(0), 0) == 1
