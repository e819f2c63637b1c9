from fractions import Fraction

import pytest
import sympy as sp
from sympy import Rational, cos, exp, sin, sqrt

from w2s_theory.certify import Verdict, identity, is_zero, separating_point
from w2s_theory.certify.balls import dyadic, precision
from w2s_theory.certify.exact import separation_bits
from w2s_theory.certify.lower import lower

L, n, t, x, y, theta, phi = sp.symbols("L n t x y theta phi")
rate = sp.symbols("lambda", positive=True)
tiny = Rational(1, 10**40)
RAMANUJAN = sp.cbrt(sp.cbrt(2) - 1) - (
    sp.cbrt(Rational(1, 9)) - sp.cbrt(Rational(2, 9)) + sp.cbrt(Rational(4, 9))
)
NESTED = sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))


@pytest.mark.parametrize(
    ("number", "zero"),
    [
        (sp.Integer(0), True),
        (Rational(1, 3), False),
        (NESTED, True),
        (NESTED + tiny, False),
        (sqrt(NESTED), True),
        (sqrt(1 + NESTED) - 1, True),
        (RAMANUJAN, True),
        (RAMANUJAN - tiny, False),
        (1 / (sqrt(2) - 1) - sqrt(2) - 1, True),
        (sqrt(10**40 + 1) - 10**20, False),
        ((1 + sqrt(2)) ** -3 - (5 * sqrt(2) - 7), True),
        (sp.pi - Rational(355, 113), False),
        (sin(1) ** 2 + cos(1) ** 2 - 1, True),
        (sqrt(-1 - sqrt(2)), None),
        (1 / NESTED, None),
        (1 / sqrt(NESTED), None),
        (sp.zeta(3) - 1, None),
    ],
)
def test_zero_test(number, zero):
    assert is_zero(number) is zero


def test_zero_test_refuses_symbols_and_floats():
    with pytest.raises(ValueError, match="number"):
        is_zero(x - x + y)
    with pytest.raises(ValueError, match="float"):
        is_zero(sp.Float(0.5) - sqrt(2))


@pytest.mark.parametrize("size", [10, 10**6, 10**30])
@pytest.mark.parametrize(
    "number",
    [
        lambda a: sqrt(a**2 + 1) - a,
        lambda a: 1 / (sp.cbrt(a + 1) - sp.cbrt(a)) ** -2,
        lambda a: sqrt(a) + sqrt(a + 2) - 2 * sqrt(a + 1),
        lambda a: sqrt(Rational(1, a)) - sqrt(Rational(1, a + 1)),
    ],
)
def test_separation_bound_lies_below_the_number(number, size):
    expr = number(sp.Integer(size))
    with precision(2000):
        value = dyadic(abs(lower(expr)({})).lower())
    assert value * 2 ** separation_bits(expr) >= 1


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (
            (1 + L - Rational(3, 2) * L**2) ** 2 - (1 + 3 * L) * (1 - L),
            (L - Rational(3, 2) * L**2) ** 2,
        ),
        (((sqrt(1 + 3 * L) - sqrt(1 - L)) / 2) ** 2, (1 + L - sqrt((1 + 3 * L) * (1 - L))) / 2),
        (1 / (1 + sqrt(x)), (1 - sqrt(x)) / (1 - x)),
        (sqrt(2 - 2 * L), sqrt(2) * sqrt(1 - L)),
        (sqrt(2 + sqrt(3)), (sqrt(6) + sqrt(2)) / 2),
        (sqrt(1 - (1 - x) ** 2), sqrt(x * (2 - x))),
        (sqrt(x + 1) ** 3, (x + 1) * sqrt(x + 1)),
        ((1 + x) ** (y + Rational(5, 2)), (1 + x) ** (y - Rational(1, 2)) * (1 + x) ** 3),
        (cos(3 * x), 4 * cos(x) ** 3 - 3 * cos(x)),
        (sin(x / 2) ** 2, (1 - cos(x)) / 2),
        (cos(x + y) * cos(x - y), cos(x) ** 2 - sin(y) ** 2),
        (sp.tan(x), sin(2 * x) / (1 + cos(2 * x))),
        (cos(theta - 5 * phi), cos(theta) * cos(5 * phi) + sin(theta) * sin(5 * phi)),
        ((1 - exp(-rate * t)) * (1 + exp(-rate * t)), 1 - exp(-2 * rate * t)),
        (exp(x + Rational(1, 2)) ** 2, sp.E * exp(2 * x)),
        (sp.cosh(x) ** 2 - sp.sinh(x) ** 2, 1),
        (x ** (2 * n + 1), x * (x**n) ** 2),
        ((sp.gamma(x) + 1) ** 2, sp.gamma(x) ** 2 + 2 * sp.gamma(x) + 1),
        (sp.UnevaluatedExpr(x + 1) ** 2, x**2 + 2 * x + 1),
        (NESTED, 0),
    ],
)
def test_identities(lhs, rhs):
    assert identity(lhs, rhs) is Verdict.PROVED
    assert identity(lhs, rhs + tiny) is Verdict.REFUTED


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (x + 1, x),
        (sqrt(x**2), x),
        ((1 + x) ** (y + Rational(1, 2)), (1 + x) ** y),
        (x * sqrt(y / x), sqrt(x * y)),
        (sqrt(x**2 * y), x * sqrt(y)),
        (sin(2 * x), 2 * sin(x)),
        (cos(x / 2), cos(x / 3)),
        (sin(x / 2), 2 * sin(x / 4)),
        (x**3, x),
        (sqrt(1 + x), 1 + x / 2),
        (cos(x), sqrt(1 - sin(x) ** 2)),
        (exp(x + y), exp(x) + exp(y)),
        (sp.log(x**2), sp.log(x)),
    ],
)
def test_false_identities_come_with_a_point(lhs, rhs):
    assert identity(lhs, rhs) is Verdict.REFUTED
    point = separating_point(lhs, rhs)
    values = {s: Rational(v.numerator, v.denominator) for s, v in point.items()}
    assert abs(sp.N((lhs - rhs).subs(values), 30)) > Rational(1, 10**20)


def test_what_is_true_only_on_part_of_the_line_is_never_proved():
    # equal for x < 1 only, and real for -1 <= x < 1 only: not within the algebra
    assert identity(sqrt((1 + x) / (1 - x)), sqrt(1 - x**2) / (1 - x)) is Verdict.UNDECIDED
    # true for positive x and y
    assert identity(sp.log(x * y), sp.log(x) + sp.log(y)) is Verdict.UNDECIDED


def test_a_vanishing_denominator_proves_nothing():
    nothing = sin(x) ** 2 + cos(x) ** 2 - 1
    hidden = sin(x) ** 4 - cos(x) ** 4 - sin(x) ** 2 + cos(x) ** 2
    assert identity(hidden, 0) is Verdict.PROVED
    assert identity(hidden / nothing, 5) is Verdict.UNDECIDED


def test_points_respect_assumptions():
    natural = sp.symbols("m", integer=True, positive=True)
    point = separating_point(natural**2, natural + 2)
    assert point is not None
    assert point[natural].denominator == 1
    assert point[natural] > 0
    assert identity(sqrt(rate**2), rate) is Verdict.PROVED
    assert separating_point(rate, -rate) == {rate: Fraction(1, 3)}


def test_bad_input():
    with pytest.raises(ValueError, match="float"):
        identity(x, sp.Float(0.5) * x)
    with pytest.raises(ValueError, match="symbols"):
        identity(x, y, [x])
    assert identity(x * y, y * x, [x, y]) is Verdict.PROVED


@pytest.mark.parametrize(
    ("number", "bits"),
    [
        (Rational(3, 4), 2),  # l = 2: the denominator is at most 2^2
        (sp.Integer(5), 0),
        (sqrt(2), 1),  # u = 1 for sqrt 2 <= 2^1, degree 2
        (sqrt(2) + 1, 2),  # u = max(1, 1) + 1, degree 2
        (sqrt(2) * sqrt(3), 2),
        (sqrt(2) + sqrt(3), 6),
        (sp.cbrt(2) ** 2, 4),
        (1 / (1 + sqrt(2)), 2),
        (sp.UnevaluatedExpr(sqrt(2)), 1),
        (sp.pi, None),
    ],
)
def test_separation_bits_by_hand(number, bits):
    assert separation_bits(number) == bits


def test_roots_and_powers_that_are_too_high_are_left_undecided():
    root = Rational(2) ** Rational(1, 10**9)  # its bound has 10^9 bits and more
    assert is_zero((root + 1) ** 2 - root**2 - 2 * root - 1) is None
    assert identity((1 + x) ** 100_000 * (x + 1), (1 + x) ** 100_001) is Verdict.PROVED
    assert identity(sqrt(1 + (1 + x) ** 100_000), 1) is not Verdict.PROVED


def test_close_numbers_take_all_the_bits_there_are():
    near = Rational(int(sp.floor(sp.pi.evalf(260) * 2**700)), 2**700)
    assert is_zero(sp.pi - near) is False
    # a base that cannot be decided leaves everything above it undecided
    for expr in (1 + sqrt(sp.zeta(3) - 1), sqrt(2) * sqrt(sp.Si(1))):
        assert is_zero(expr) is None
