"""Coefficients of every activation, all three faces, against mpmath quadrature and references."""

from functools import cache

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb
from scipy.special import eval_gegenbauer, roots_hermitenorm, roots_legendre

from w2s_theory.spectra import get_activation, multiplicity, names
from w2s_theory.spectra.homogeneous import Homogeneous

FUNCTIONS = {
    "step": lambda t: mpmath.mpf(t > 0),
    "relu": lambda t: max(t, mpmath.mpf(0)),
    "relu2": lambda t: max(t, mpmath.mpf(0)) ** 2,
    "relu3": lambda t: max(t, mpmath.mpf(0)) ** 3,
    "abs": abs,
    "linear": lambda t: t,
    "erf": mpmath.erf,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "gelu": lambda t: t * mpmath.ncdf(t),
    "tanh": mpmath.tanh,
}
CLOSED = sorted(set(FUNCTIONS) - {"tanh"})
REFERENCE_32 = {
    0: "0.0710767318886031",
    1: "0.015625",
    2: "0.0021538403602607",
    4: "-6.15382960074486e-5",
    6: "4.9895915681715e-6",
}


@pytest.fixture(autouse=True)
def _digits():
    with mpmath.workdps(30):
        yield


def to_mpf(ball: arb) -> mpmath.mpf:
    return mpmath.mpf(ball.mid().str(40, radius=False))


@cache
def harmonic(degree: int, dim: int, angle: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The cosine, and the harmonic there with its weight: the nodes are those of every function."""
    t, order = mpmath.cos(angle), mpmath.mpf(dim) / 2 - 1
    if dim == 2:
        return t, mpmath.chebyt(degree, t)
    legendre = mpmath.gegenbauer(degree, order, t) / mpmath.gegenbauer(degree, order, 1)
    return t, legendre * mpmath.sin(angle) ** (dim - 2)


def sphere_oracle(name: str, degree: int, dim: int, radius) -> mpmath.mpf:
    half = mpmath.mpf(dim) / 2
    constant = mpmath.gamma(half) / (mpmath.sqrt(mpmath.pi) * mpmath.gamma(half - 0.5))

    def integrand(angle):
        t, weighted = harmonic(degree, dim, angle)
        return FUNCTIONS[name](radius * t) * weighted

    return constant * mpmath.quad(integrand, [0, mpmath.pi / 2, mpmath.pi])


@cache
def hermite(degree: int, x: mpmath.mpf) -> mpmath.mpf:
    """The polynomial He_k with the Gaussian density."""
    root = mpmath.sqrt(2)
    return mpmath.hermite(degree, x / root) / root**degree * mpmath.npdf(x)


def gauss_oracle(name: str, degree: int, radius) -> mpmath.mpf:
    def integrand(x):
        return FUNCTIONS[name](radius * x) * hermite(degree, x)

    pieces = [-14, 0, 14]  # beyond, the integrand is below exp(-90)
    return mpmath.quad(integrand, pieces) / mpmath.sqrt(mpmath.factorial(degree))


def test_registry_names_every_activation():
    assert sorted(names()) == sorted(FUNCTIONS)
    with pytest.raises(ValueError, match=r"activation must be one of step, relu, .*got 'swish'"):
        get_activation("swish")


@pytest.mark.parametrize(("degree", "text"), REFERENCE_32.items())
def test_reference_values_of_relu_at_dim_32(degree, text):
    ball = get_activation("relu").certified(degree, 32, 20)
    # The references have 14 digits; float64 errs by a few units of the sixteenth.
    assert abs(to_mpf(ball) / mpmath.mpf(text) - 1) < mpmath.mpf(10) ** -13
    assert get_activation("relu").values(6, 32).coefficients[degree] == pytest.approx(
        float(text), rel=1e-13
    )


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dim", [2, 3, 8])
@pytest.mark.parametrize("radius", [1.5])
def test_sphere_against_mpmath(name, dim, radius):
    activation = get_activation(name)
    spectrum = activation.values(5, dim, radius)
    for degree in range(6):
        oracle = sphere_oracle(name, degree, dim, mpmath.mpf(radius))
        assert abs(to_mpf(activation.certified(degree, dim, 25, radius)) - oracle) < 1e-25
        assert abs(mpmath.mpf(float(spectrum.coefficients[degree])) - oracle) < 1e-15
        assert spectrum.multiplicities[degree] == multiplicity(degree, dim)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("radius", [0.75])
def test_gaussian_against_mpmath(name, radius):
    activation = get_activation(name)
    spectrum = activation.hermite_values(5, radius)
    for degree in range(6):
        oracle = gauss_oracle(name, degree, mpmath.mpf(radius))
        assert abs(to_mpf(activation.hermite_certified(degree, 25, radius)) - oracle) < 1e-24
        assert abs(mpmath.mpf(float(spectrum.coefficients[degree])) - oracle) < 2e-15
    np.testing.assert_array_equal(spectrum.multiplicities, 1.0)


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("degree", range(7))
def test_symbolic_agrees_with_certified(name, degree):
    activation = get_activation(name)
    radius = sp.Rational(3, 2)
    value = mpmath.mpf(sp.N(activation.symbolic(degree, 7, radius), 30))
    assert abs(value - to_mpf(activation.certified(degree, 7, 25, 1.5))) < 1e-25
    general = activation.symbolic(degree, radius=radius)
    dims = [s for s in general.free_symbols if s.name == "d"]
    assert abs(mpmath.mpf(sp.N(general.subs(dict.fromkeys(dims, 7)), 30)) - value) < 1e-25
    hermite = mpmath.mpf(sp.N(activation.hermite_symbolic(degree, radius), 30))
    assert abs(hermite - to_mpf(activation.hermite_certified(degree, 25, 1.5))) < 1e-25


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("parity", [0, 1])
@pytest.mark.parametrize("gauss", [False, True])
def test_general_degree_agrees_with_each_degree(name, parity, gauss):
    activation = get_activation(name)
    form = activation.symbolic_general(parity, gauss)
    for degree in range(form.least, form.least + 8, 2):
        at = {form.index: (degree - parity) // 2}
        at |= {s: 5 for s in form.expression.free_symbols if s.name == "d"}
        at |= {s: 1 for s in form.expression.free_symbols if s.name == "R"}
        single = activation.hermite_symbolic(degree) if gauss else activation.symbolic(degree, 5)
        assert abs(sp.N(form.expression.subs(at) - single, 30)) < 1e-25


def test_shortest_symbolic_forms():
    relu = get_activation("relu")
    d = sp.Symbol("d", integer=True, positive=True)
    assert relu.symbolic(1) == 1 / (2 * d)
    assert relu.symbolic(3) == 0
    quotient = relu.symbolic(0) * 2 * sp.sqrt(sp.pi) * sp.gamma(d / 2 + sp.Rational(1, 2))
    assert sp.simplify(quotient / sp.gamma(d / 2)) == 1
    assert relu.hermite_symbolic(0) == 1 / sp.sqrt(2 * sp.pi)


@pytest.mark.parametrize("digits", [1, 15, 50, 300])
def test_certified_digits_are_delivered_and_nested(digits):
    ball = get_activation("relu").certified(400, 32, digits)
    assert ball.rel_accuracy_bits() >= digits * 3.3219
    assert ball.overlaps(get_activation("relu").certified(400, 32, 400))


def test_scipy_gegenbauer_and_hermite_rules_agree():
    nodes, weights = roots_legendre(80)
    t = (nodes + 1) / 2  # [0, 1]: the half where ReLU is smooth; d = 5 has weight 1 - t^2
    rounding = nodes.size * np.finfo(float).eps  # of a sum of that many terms below 1
    for degree in range(8):
        poly = eval_gegenbauer(degree, 1.5, t) / eval_gegenbauer(degree, 1.5, 1.0)
        rule = 0.75 * float(np.sum(weights / 2 * t * poly * (1 - t * t)))
        assert abs(rule - get_activation("relu").values(7, 5).coefficients[degree]) < rounding
    nodes, weights = roots_hermitenorm(120)
    weights = weights / weights.sum()
    he3 = (nodes**3 - 3 * nodes) / np.sqrt(6)
    assert (
        abs(
            np.sum(weights * np.sin(nodes) * he3)
            - get_activation("sin").hermite_values(3).coefficients[3]
        )
        < nodes.size * np.finfo(float).eps
    )


def test_homogeneous_scales_with_its_radius_and_leaky_relu_is_a_mixture():
    relu = get_activation("relu")
    np.testing.assert_allclose(
        relu.values(9, 4, 2.5).coefficients, 2.5 * relu.values(9, 4).coefficients, rtol=1e-15
    )
    from fractions import Fraction

    leaky = Homogeneous(name="leaky", power=Fraction(1), minus=Fraction(-1, 10))
    got = leaky.values(9, 4).coefficients
    sign = (-1.0) ** np.arange(10)
    expected = relu.values(9, 4).coefficients * (1 - sign / 10)
    np.testing.assert_allclose(got, expected, rtol=1e-14, atol=0)


def test_fractional_power_against_mpmath(monkeypatch):
    from fractions import Fraction

    root = Homogeneous(name="root", power=Fraction(1, 2))
    monkeypatch.setitem(FUNCTIONS, "root", lambda t: mpmath.sqrt(max(t, mpmath.mpf(0))))
    for degree in range(5):
        oracle = sphere_oracle("root", degree, 3, 1)
        assert abs(to_mpf(root.certified(degree, 3, 20)) - oracle) < 1e-9
    with pytest.raises(ValueError, match="power must be an integer for a closed Gram, got 1/2"):
        root.gram(0.5, 3)


@pytest.mark.parametrize("power", ["-1/2", "-1"])
def test_powers_that_are_not_square_integrable_are_refused(power):
    from fractions import Fraction

    with pytest.raises(ValueError, match=f"square integrable, got {power}"):
        Homogeneous(name="bad", power=Fraction(power))


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh"])
def test_bad_input(name):
    a = get_activation(name)
    for dim in (1, 0, 2.0, True):
        with pytest.raises(ValueError, match="dim must be an integer >= 2, got"):
            a.certified(2, dim)
        with pytest.raises(ValueError, match="dim must be an integer >= 2, got"):
            a.values(2, dim)
    for degree in (-1, 1.5, True):
        with pytest.raises(ValueError, match="degree must be an integer >= 0, got"):
            a.certified(degree, 3)
        with pytest.raises(ValueError, match="degree must be an integer >= 0, got"):
            a.hermite_certified(degree)
        with pytest.raises(ValueError, match="max_degree must be an integer in 0"):
            a.values(degree, 3)
    for digits in (0, -1, True, 1.5):
        with pytest.raises(ValueError, match="digits must be an integer"):
            a.certified(1, 3, digits)
    for radius in (0, -1, float("nan"), float("inf"), True):
        with pytest.raises(ValueError, match="radius must be a finite number > 0, got"):
            a.certified(1, 3, 10, radius)
        with pytest.raises(ValueError, match="radius must be a finite number > 0, got"):
            a.values(1, 3, radius)
