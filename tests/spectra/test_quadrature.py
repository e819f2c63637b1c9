"""Rigorous quadrature: kinks, jumps, growth, and what it refuses."""

from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest
from flint import acb, arb, fmpq

from w2s_theory.spectra import Homogeneous, Integrated, get_activation

RAMP = Integrated(
    name="ramp",
    pieces=(lambda z, analytic: acb(0), lambda z, analytic: z),
    breakpoints=(Fraction(0),),
    growth=(Fraction(1), 1),
)
JUMP = Integrated(
    name="jump",
    pieces=(lambda z, analytic: acb(0), lambda z, analytic: acb(1)),
    breakpoints=(Fraction(0),),
    growth=(Fraction(1), 0),
)
SMOOTH = Integrated(
    name="smooth",
    pieces=(lambda z, analytic: z * (1 + (z / acb(2).sqrt()).erf()) / 2,),
    growth=(Fraction(1), 1),
)


@pytest.mark.parametrize(("own", "name"), [(RAMP, "relu"), (JUMP, "step"), (SMOOTH, "gelu")])
@pytest.mark.parametrize("degree", [0, 1, 2, 3, 6, 25])
def test_quadrature_encloses_the_closed_form(own, name, degree):
    closed = get_activation(name)
    for dim in (2, 3, 40):
        ball = own.certified(degree, dim, 30, Fraction(4, 3))
        assert ball.overlaps(closed.certified(degree, dim, 60, Fraction(4, 3)))
        assert ball.rel_accuracy_bits() > 99 or ball.rad() < arb(10) ** -79
    ball = own.hermite_certified(degree, 20)
    assert ball.overlaps(closed.hermite_certified(degree, 60))
    assert ball.rel_accuracy_bits() > 66 or ball.rad() < arb(10) ** -59


def test_high_degree_tanh_keeps_its_relative_digits():
    ball = get_activation("tanh").certified(101, 3, 20)
    assert ball.rel_accuracy_bits() > 66
    assert arb("7.778e-56") < ball < arb("7.779e-56")


@pytest.mark.parametrize("power", [0, 1, 5])
@pytest.mark.parametrize("bits", [2, 20, 200])
def test_gaussian_tail_bounds_its_integral_closely(power, bits):
    growth = Integrated(name="x", pieces=(lambda z, a: z,), growth=(Fraction(3), power))
    reach, bound = growth._tail(fmpq(3, 2), bits)
    with mpmath.workdps(30):
        weight = mpmath.quad(
            lambda x: (1 + 1.5 * x) ** power * mpmath.exp(-(x**2) / 4),
            [reach, reach + 4, reach + 40],
        )
        integral = 6 * mpmath.mpf("1.0865") * weight / mpmath.sqrt(2 * mpmath.pi)
        assert integral <= mpmath.mpf(bound.mid().str(25, radius=False)) * (
            1 + mpmath.mpf(10) ** -14
        )
        assert bound < arb(str(2 * integral))
    assert bound < arb(2) ** -bits


def test_breakpoints_outside_the_sphere_do_not_matter():
    clipped = Integrated(
        name="clipped",
        pieces=(lambda z, a: acb(-1), lambda z, a: z, lambda z, a: acb(1)),
        breakpoints=(Fraction(-1), Fraction(1)),
        parity=1,
    )
    linear = get_activation("linear").certified(1, 6, 20, Fraction(1, 2))
    assert clipped.certified(1, 6, 20, Fraction(1, 2)).overlaps(linear)
    assert clipped.certified(2, 6, 20) == 0
    assert not clipped.certified(1, 6, 20, 2).overlaps(linear * 4)


def test_values_round_the_balls():
    spectrum = RAMP.values(4, 5)
    relu = get_activation("relu").values(4, 5)
    assert abs(spectrum.coefficients - relu.coefficients).max() < 1e-16
    assert abs(JUMP.hermite_values(1).coefficients[1] - 0.3989422804014327) < 1e-16


def test_what_is_not_square_integrable_is_refused():
    pole = Integrated(name="pole", pieces=(lambda z, a: 1 / z,) * 2, breakpoints=(Fraction(0),))
    with pytest.raises(ValueError, match=r"square integrable on the sphere, got pole"):
        pole.certified(1, 3)
    with pytest.raises(ValueError, match="growth must be given for pole"):
        pole.hermite_certified(1)


def test_inconsistent_definitions_are_refused():
    def one(z, analytic):
        return acb(1)

    with pytest.raises(ValueError, match="pieces must be one more than the 1 breakpoints, got 1"):
        Integrated(name="x", pieces=(one,), breakpoints=(Fraction(0),))
    with pytest.raises(ValueError, match="breakpoints must increase"):
        Integrated(name="x", pieces=(one,) * 3, breakpoints=(Fraction(1), Fraction(0)))
    with pytest.raises(ValueError, match="parity must be None, 0 or 1, got 2"):
        Integrated(name="x", pieces=(one,), parity=2)
    with pytest.raises(ValueError, match="growth must be two numbers >= 0"):
        Integrated(name="x", pieces=(one,), growth=(Fraction(-1), 0))
    with pytest.raises(ValueError, match="tanh has no closed form"):
        get_activation("tanh").symbolic(1)


def root_pole(power):
    """|z|^-power for power 1/4 or 1/8, by its two branches."""

    def right(z, analytic):
        value = z.rsqrt(analytic=analytic).sqrt(analytic=analytic)
        return value if power == Fraction(1, 4) else value.sqrt(analytic=analytic)

    return Integrated(
        name="pole",
        pieces=(lambda z, analytic: right(-z, analytic), right),
        breakpoints=(Fraction(0),),
        parity=0,
        growth=(Fraction(1), 0),
        singular=(Fraction(1), power),
    )


@pytest.mark.parametrize("power", [Fraction(1, 4), Fraction(1, 8)])
@pytest.mark.parametrize("radius", [Fraction(1, 3), 1, 5])
def test_a_square_integrable_singularity_is_integrated(power, radius):
    found = root_pole(power)
    exact = Homogeneous(name="exact", power=-power, minus=Fraction(1))
    for degree in (0, 2, 5):
        for dim in (2, 3, 9):
            ball = found.certified(degree, dim, 20, radius)
            assert ball.overlaps(exact.certified(degree, dim, 20, radius))
            assert ball == 0 or ball.rel_accuracy_bits() >= 66
        ball = found.hermite_certified(degree, 15, radius)
        assert ball.overlaps(exact.hermite_certified(degree, 20, radius))
        assert ball == 0 or ball.rel_accuracy_bits() >= 49


def test_a_singularity_must_be_stated_and_square_integrable():
    found = root_pole(Fraction(1, 4))
    with pytest.raises(ValueError, match="singular= states"):
        replace(found, singular=None).certified(0, 3)
    for singular in ((Fraction(-1), Fraction(0)), (Fraction(1), Fraction(1, 2))):
        with pytest.raises(ValueError, match="singular must be"):
            replace(found, singular=singular)
    at_pole = replace(found, breakpoints=(Fraction(1),), parity=None)
    with pytest.raises(ValueError, match="poles of the circle"):
        at_pole.certified(0, 2)
