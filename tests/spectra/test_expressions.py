"""Activations typed as expressions: against closed forms, and what they refuse."""

from fractions import Fraction

import pytest
from flint import arb

from w2s_theory.spectra.activations import get_activation
from w2s_theory.spectra.expressions import activation
from w2s_theory.spectra.homogeneous import Homogeneous

POWER = Homogeneous(name="power", power=Fraction(3, 2), minus=Fraction(1))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("erf(t)", get_activation("erf")),
        ("tanh(t)", get_activation("tanh")),
        ("t*(1+erf(t/sqrt(2)))/2", get_activation("gelu")),
        ("(t+abs(t))/2", get_activation("relu")),
        ("abs(t)^1.5", POWER),
        ("e^t-2^t", activation("exp(t)-exp(t*log(2))")),
    ],
)
def test_coefficients_are_those_of_the_closed_form(text, known):
    for degree in range(5):
        found = activation(text).certified(degree, 5, digits=12)
        assert found.overlaps(known.certified(degree, 5, digits=12))
        assert found.rad() < 1e-12


def test_the_arc_tangent_and_the_second_moment():
    # E[t atan t] on S^2 is the integral of t atan(t) over [0, 1].
    assert activation("atan(t)").certified(1, 3, digits=15).overlaps(arb.pi() / 4 - arb(1) / 2)
    assert activation("(t+abs(t))/2").second_moment(7, 15).overlaps(arb(1) / 14)
    erf = get_activation("erf")
    spectrum = erf.values(30, 7)
    trace = float(spectrum.eigenvalues @ spectrum.multiplicities)
    assert float(erf.second_moment(7)) == pytest.approx(trace, rel=1e-14)


def test_parity_is_read_off_the_tree_and_zeros_are_zeros():
    found = {"t*erf(t)": 0, "t^3-t": 1, "cos(t)*sin(t)": 1, "abs(t^3)": 0, "t+1": None}
    for text, parity in found.items():
        assert activation(text).parity == parity
    swish = activation("t/(1+exp(-t))")  # t/2 and an even function
    assert swish.parity is None
    coefficients = swish.values(7, 4).coefficients
    assert coefficients[1] == pytest.approx(1 / 8, rel=1e-15)
    assert (coefficients[3::2] == 0).all()
    assert (coefficients[::2] != 0).all()


@pytest.mark.parametrize("text", ["1/t", "sqrt(t)", "log(t)", "1/(t-1/2)", "tan(2*t)", "t^0.5"])
def test_what_is_not_real_or_not_square_integrable_is_refused(text):
    with pytest.raises(ValueError, match="square integrable"):
        activation(text).certified(1, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gamma(t)", "activation may use .* tanh, got gamma"),
        ("t*foo(t)", "function must be one of"),
        ("t +", "expression must have a number"),
        ("x*2", "constant must be one of"),
        ("swish", "activation must be one of .* or an expression in t, got 'swish'"),
        ("leaky-relu", "or an expression in t, got 'leaky-relu'"),
    ],
)
def test_bad_text_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        get_activation(text)


def test_t_alone_and_differences_are_expressions():
    assert get_activation("t").certified(1, 4).overlaps(arb(1) / 4)
    assert get_activation("t-1").certified(0, 4).contains(-1)
