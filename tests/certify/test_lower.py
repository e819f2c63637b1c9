import random
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import fmpq
from sympy import Float, Rational, S, Symbol

from tests.certify.exactly import holds
from w2s_theory.certify import lower, precision, to_fmpq
from w2s_theory.certify.balls import interval
from w2s_theory.certify.lower import lower_many

x, y = sp.symbols("x y")

# expression in x, a domain for x, an mpmath function
CASES = {
    "sqrt": (sp.sqrt(x), (0, 9), mpmath.sqrt),
    "cbrt": (x ** Rational(2, 3), (0, 9), lambda v: mpmath.root(v, 3) ** 2),
    "rsqrt": (1 / sp.sqrt(x), (1, 9), lambda v: 1 / mpmath.sqrt(v)),
    "rational": ((3 * x**3 - 2) / (x**2 + 1), (-4, 4), lambda v: (3 * v**3 - 2) / (v**2 + 1)),
    "even power": (x**4, (-3, 3), lambda v: v**4),
    "odd power": (x**5, (-3, 3), lambda v: v**5),
    "inverse power": (x**-3, (1, 3), lambda v: v**-3),
    "power": (x**sp.pi, (1, 3), lambda v: v**mpmath.pi),
    "base": (2**x, (-3, 3), lambda v: mpmath.mpf(2) ** v),
    "exp": (sp.exp(x), (-5, 5), mpmath.exp),
    "log": (sp.log(x), (1, 9), mpmath.log),
    "sin": (sp.sin(x), (-9, 9), mpmath.sin),
    "cos": (sp.cos(x), (-9, 9), mpmath.cos),
    "tan": (sp.tan(x), (-1, 1), mpmath.tan),
    "asin": (sp.asin(x), (-1, 1), mpmath.asin),
    "acos": (sp.acos(x), (-1, 1), mpmath.acos),
    "atan": (sp.atan(x), (-9, 9), mpmath.atan),
    "sinh": (sp.sinh(x), (-4, 4), mpmath.sinh),
    "cosh": (sp.cosh(x), (-4, 4), mpmath.cosh),
    "tanh": (sp.tanh(x), (-4, 4), mpmath.tanh),
    "abs": (sp.Abs(x), (-4, 4), abs),
    "sign": (sp.sign(x), (-4, 4), mpmath.sign),
    "floor": (sp.floor(x), (-4, 4), mpmath.floor),
    "ceiling": (sp.ceiling(x), (-4, 4), mpmath.ceil),
    "min": (sp.Min(x, x**2, Rational(1, 2)), (-2, 2), lambda v: min(v, v * v, 0.5)),
    "max": (sp.Max(x, x**2, Rational(1, 2)), (-2, 2), lambda v: max(v, v * v, 0.5)),
    "gamma": (sp.gamma(x), (1, 7), mpmath.gamma),
    "loggamma": (sp.loggamma(x), (1, 7), mpmath.loggamma),
    "digamma": (sp.digamma(x), (1, 7), mpmath.digamma),
    "trigamma": (sp.polygamma(1, x), (1, 7), lambda v: mpmath.polygamma(1, v)),
    "tetragamma": (sp.polygamma(2, x), (1, 7), lambda v: mpmath.polygamma(2, v)),
    "factorial": (sp.factorial(x), (0, 7), mpmath.factorial),
    "binomial": (sp.binomial(x, 3), (4, 7), lambda v: mpmath.binomial(v, 3)),
    "binomial k": (sp.binomial(9, x), (1, 4), lambda v: mpmath.binomial(9, v)),
    "rising": (sp.rf(x, 4, evaluate=False), (-3, 3), lambda v: mpmath.rf(v, 4)),
    "falling": (sp.ff(x, 4, evaluate=False), (-3, 3), lambda v: mpmath.ff(v, 4)),
    "beta": (sp.beta(x, Rational(5, 2)), (1, 4), lambda v: mpmath.beta(v, 2.5)),
    "erf": (sp.erf(x), (-3, 3), mpmath.erf),
    "erfc": (sp.erfc(x), (-3, 3), mpmath.erfc),
    "gegenbauer": (
        sp.gegenbauer(6, Rational(3, 2), x, evaluate=False),
        (-1, 1),
        lambda v: mpmath.gegenbauer(6, mpmath.mpf(3) / 2, v),
    ),
    "hermite": (sp.hermite(5, x, evaluate=False), (-2, 2), lambda v: mpmath.hermite(5, v)),
    "hermite_prob": (
        sp.hermite_prob(5, x, evaluate=False),
        (-2, 2),
        lambda v: v**5 - 10 * v**3 + 15 * v,
    ),
    "legendre": (sp.legendre(5, x, evaluate=False), (-1, 1), lambda v: mpmath.legendre(5, v)),
    "chebyshevt": (sp.chebyshevt(5, x, evaluate=False), (-1, 1), lambda v: mpmath.chebyt(5, v)),
    "chebyshevu": (sp.chebyshevu(5, x, evaluate=False), (-1, 1), lambda v: mpmath.chebyu(5, v)),
    "piecewise": (
        sp.Piecewise((-x, x < 0), (x**2, True)),
        (-2, 2),
        lambda v: -v if v < 0 else v * v,
    ),
    "hyper 0F1": (
        sp.hyper((), (Rational(7, 2),), -(x**2) / 4),
        (-4, 4),
        lambda v: mpmath.hyp0f1(3.5, -v * v / 4),
    ),
    "hyper 1F1": (sp.hyper((x,), (x + 3,), x**2), (1, 3), lambda v: mpmath.hyp1f1(v, v + 3, v * v)),
    "hyper 2F2": (
        sp.hyper((x, 3), (Rational(1, 2), 5), -x),
        (1, 3),
        lambda v: mpmath.hyper([v, 3], [0.5, 5], -v),
    ),
    "rgamma": (1 / sp.gamma(x), (-3, 3), mpmath.rgamma),
    "rgamma squared": (sp.gamma(x) ** -2, (-3, 3), lambda v: mpmath.rgamma(v) ** 2),
    "rfactorial": (1 / sp.factorial(x), (-3, 3), lambda v: mpmath.rgamma(v + 1)),
    "unevaluated": (sp.UnevaluatedExpr(x + 1) * 2, (-2, 2), lambda v: 2 * (v + 1)),
}


def reference(function, point):
    """The mpmath value at a rational point, good to 10^-50 relative, as a ball."""
    with mpmath.workdps(70):
        value = mpmath.mpf(function(mpmath.mpf(point.numerator) / point.denominator))
        mantissa, exponent = (int(part) for part in (value.man, value.exp))
    signed = Fraction(-mantissa if value < 0 else mantissa) * Fraction(2) ** exponent
    slack = abs(signed) / 10**50 + Fraction(1, 10**50)
    with precision(400):
        return interval(signed - slack, signed + slack)


def points(name, count):
    generator = random.Random(name)
    low, high = CASES[name][1]
    return [low + (high - low) * Fraction(generator.randint(1, 9999), 10000) for _ in range(count)]


@pytest.mark.parametrize("bits", [53, 160])
@pytest.mark.parametrize("name", CASES)
def test_narrow_ball_holds_the_value(name, bits):
    expr, _, function = CASES[name]
    for point in points(name, 8):
        with precision(bits):
            value = lower(expr)({x: point})
        assert value.is_finite()
        assert value.overlaps(reference(function, point)), (name, point, value)
        assert value.rad() < 1e-9


@pytest.mark.parametrize("name", CASES)
def test_wide_ball_holds_the_values_inside(name):
    expr, _, function = CASES[name]
    finite = 0
    for a, b in zip(points(name, 12), points(name + "", 24)[12:], strict=True):
        lo, hi = min(a, b), max(a, b)
        value = lower(expr)({x: interval(lo, hi)})
        if not value.is_finite():
            continue
        finite += 1
        for step in range(6):
            inside = lo + (hi - lo) * Fraction(step, 5)
            assert value.overlaps(reference(function, inside)), (name, lo, hi, inside, value)
    assert finite >= 2


@pytest.mark.parametrize(
    ("constant", "value"),
    [
        (sp.pi, mpmath.pi),
        (sp.E, mpmath.e),
        (S.EulerGamma, mpmath.euler),
        (S.Catalan, mpmath.catalan),
        (S.GoldenRatio, mpmath.phi),
        (sp.factorial2(7), 105),
        (sp.factorial2(8, evaluate=False), 384),
        (sp.factorial2(-3, evaluate=False), -1),
    ],
)
def test_constants(constant, value):
    with precision(160):
        got = lower(constant)({})
    assert got.overlaps(reference(lambda _: mpmath.mpf(value), Fraction(0)))
    assert got.rad() < 1e-30


def test_two_symbols_and_shared_parts():
    first, second = lower_many((sp.sqrt(x + y), sp.sqrt(x + y) + x))({x: 2, y: Fraction(1, 4)})
    assert holds(first, Fraction(3, 2))
    assert holds(second, Fraction(7, 2))


@pytest.mark.parametrize(
    "expr",
    [Float(0.5) * x, x ** Float(0.5), sp.sin(Float(1)) + sp.Integer(1) * Float(2) * x, 0.5, 1.0],
)
def test_floats_are_refused(expr):
    lower(1)
    with pytest.raises(ValueError, match="float"):
        lower(expr)


def test_float_values_are_refused():
    with pytest.raises(ValueError, match="Fraction"):
        lower(x + 1)({x: 0.5})


@pytest.mark.parametrize(
    ("expr", "named"),
    [
        (sp.zeta(x), "zeta"),
        (sp.I * x, "ImaginaryUnit"),
        (sp.oo, "Infinity"),
        (sp.Function("f")(x), "f"),
        (sp.Integral(sp.exp(-(x**2)), (x, 0, 1)), "Integral"),
        (sp.legendre(y, x), "legendre"),
    ],
)
def test_unknown_nodes_are_named(expr, named):
    with pytest.raises(ValueError, match=named):
        lower(expr)


def test_missing_symbol_is_named():
    with pytest.raises(ValueError, match="symbol y"):
        lower(x + y)({x: 1})


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (sp.sqrt(x), -1),
        (sp.sqrt(x), interval(Fraction(-1, 10**9), 1)),
        (1 / x, 0),
        (1 / x, interval(-1, 1)),
        (x**-2, interval(-1, 1)),
        (sp.log(x), 0),
        (sp.log(x), interval(-1, 1)),
        (sp.asin(x), 2),
        (sp.asin(x), interval(0, Fraction(11, 10))),
        (sp.tan(x), interval(1, 2)),
        (sp.gamma(x), -3),
        (sp.loggamma(x), -2),
        (x ** Rational(1, 3), -8),
        (x**x, -1 * Fraction(1, 2)),
        (sp.Piecewise((-x, x < 0), (x**2, True)), interval(-1, 1)),
        (sp.Piecewise((x, x > 0)), -1),
    ],
)
def test_what_may_be_undefined_is_not_finite(expr, value):
    assert not lower(expr)({x: value}).is_finite()


def test_clip_keeps_the_real_part_only():
    touching = interval(Fraction(-1, 10**9), 4)
    root = lower(sp.sqrt(x), clip=True)({x: touching})
    assert holds(root, 0)
    assert holds(root, 2)
    assert root.upper() < fmpq(2001, 1000)
    assert not lower(sp.sqrt(x), clip=True)({x: interval(-2, -1)}).is_finite()
    angle = lower(sp.asin(x), clip=True)({x: interval(0, Fraction(11, 10))})
    assert angle.upper() < fmpq(1572, 1000)
    assert not lower(sp.asin(x), clip=True)({x: interval(2, 3)}).is_finite()


def test_root_of_exact_zero_is_zero():
    assert lower(sp.sqrt(1 - x))({x: 1}).is_zero()
    assert lower(x ** Rational(3, 5))({x: 0}).is_zero()


def test_wide_powers_and_products_stay_near_their_range():
    rounding = Fraction(9, 2**28)  # a radius carries 30 bits
    assert lower(x**2)({x: interval(-1, 3)}).lower() > -fmpq(9, 2**28)
    product = lower(x * y)({x: interval(0, 1), y: interval(0, 3)})
    assert product.lower() > -fmpq(9, 2**28)
    assert product.upper() < to_fmpq(3 + rounding)


def test_reciprocals_of_gamma_and_factorial_vanish_at_their_poles():
    for pole in (0, -1, -2, -7):
        assert lower(1 / sp.gamma(x))({x: pole}).is_zero()
        assert lower(sp.gamma(x) ** -3 * y)({x: pole, y: 5}).is_zero()
        assert lower(1 / sp.factorial(x))({x: pole - 1}).is_zero()
        # A ball that only touches the pole is a ball around 0.
        assert holds(lower(1 / sp.gamma(x))({x: interval(pole, pole + Fraction(1, 9))}), 0)
    assert holds(lower(1 / sp.factorial(x))({x: 4}), Fraction(1, 24))
    assert not lower(sp.gamma(x))({x: -2}).is_finite()


def test_a_sign_is_exact_and_minus_one_has_no_other_real_powers():
    sign = lower((-1) ** ((x - 1) / 2))
    for n in (1, 3, -5, 10**6 + 1):
        value = sign({x: n})
        assert value.is_exact()
        assert value == (-1) ** ((n - 1) // 2)
    assert not sign({x: 2}).is_finite()
    assert not sign({x: interval(1, 2)}).is_finite()


def test_exact_exponents_and_orders_stay_exact():
    # A ball around 1/3 times 12 is not known to be an integer.
    third = lower(y ** ((x - 1) / 3))
    with precision(64):
        assert third({x: 13, y: -3}) == 81
        assert third({x: Fraction(29, 2), y: 4}) == 512
        assert lower(sp.binomial(9, x * y))({x: 12, y: Fraction(1, 3)}) == 126
        assert holds(lower(sp.factorial2(x * y))({x: 27, y: Fraction(1, 3)}), 945)
        assert lower(1 / sp.gamma(x / 3 - 2))({x: 3}).is_zero()
        assert lower(x / 3 + y - 1)({x: Fraction(6, 7), y: Fraction(5, 7)}).is_zero()
    assert not third({x: Fraction(1, 2), y: -3}).is_finite()


def test_symbols_with_other_assumptions_are_other_symbols():
    with pytest.raises(ValueError, match="symbol x"):
        lower(Symbol("x", positive=True))({x: 1})
