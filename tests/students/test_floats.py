"""NumPy functions made from formulas: against Arb, against 60 digits, and what they refuse."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_theory.arguments import unit_interval
from w2s_theory.certify import enclose, to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.statement import Formula
from w2s_theory.students.floats import numpy_function, stable
from w2s_theory.theorems import floors

FLOORS = {
    "shrinkage": (floors.shrinkage_floor, s.SHRINKAGE_FLOOR),
    "quadratic": (floors.quadratic_floor, s.QUADRATIC_FLOOR),
    "bounded": (floors.bounded_floor, s.BOUNDED_FLOOR),
}
FLOAT_ERROR = 1e-15  # 4.1e-16 is the largest found
RANDOM = np.random.default_rng(0)
LOSSES = np.concatenate(
    [
        10.0 ** -np.arange(0, 16),
        10.0 ** -np.arange(20, 150, 10),
        1 - 10.0 ** -np.arange(1, 16),
        [1 - 2**-53, np.nextafter(2 / 3, 0), 2 / 3, np.nextafter(2 / 3, 1), 0.5],
        RANDOM.random(60),
        10 ** (-15 * RANDOM.random(60)),
        1 - 10 ** (-15 * RANDOM.random(60)),
    ]
)


def definition(name, loss):
    """The floors as they are first stated, at 60 digits (400 for tiny losses)."""
    with mpmath.workdps(400 if loss < 1e-20 else 60):
        x = mpmath.mpf(float(loss))
        if name == "shrinkage":
            return +(((mpmath.sqrt(1 + 3 * x) - mpmath.sqrt(1 - x)) / 2) ** 2)
        return +((1 - mpmath.sqrt(1 - x)) ** 2 if name == "bounded" else x * x * 3 / 4)


@pytest.mark.parametrize("name", FLOORS)
def test_floats_agree_with_balls_to_the_last_digits(name):
    function, formula = FLOORS[name]
    for loss, value in zip(LOSSES, function(LOSSES), strict=True):
        exact = enclose(formula.expr, {q.L_TE: Fraction(float(loss))}, digits=40)
        error = abs(to_arb(Fraction(float(value))) - exact) / exact
        assert error < to_arb(Fraction(FLOAT_ERROR)), loss


@pytest.mark.parametrize("name", FLOORS)
def test_floats_agree_with_the_definition(name):
    function, _ = FLOORS[name]
    for loss, value in zip(LOSSES, function(LOSSES), strict=True):
        exact = definition(name, loss)
        assert abs(mpmath.mpf(float(value)) - exact) <= FLOAT_ERROR * exact, loss


@pytest.mark.parametrize("name", FLOORS)
def test_ends_are_exact(name):
    function, _ = FLOORS[name]
    assert function(0.0) == 0.0
    assert function(1.0) == (0.75 if name == "quadratic" else 1.0)
    # Smaller than the smallest float: zero, not NaN.
    assert function(1e-200) == 0.0


def test_order_of_the_floors():
    shrinkage, parabola, bounded = (f(LOSSES) for f, _ in FLOORS.values())
    assert (shrinkage >= parabola * (1 - FLOAT_ERROR)).all()
    assert (shrinkage >= bounded * (1 - FLOAT_ERROR)).all()
    assert (shrinkage <= LOSSES).all()


@pytest.mark.parametrize("name", FLOORS)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (1, 2, 1)], ids=str)
def test_any_shape_elementwise(name, shape):
    function, _ = FLOORS[name]
    losses = np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape)
    values = np.asarray(function(losses))
    assert values.shape == shape
    assert values.dtype == np.float64
    assert values.ravel().tolist() == [float(function(x)) for x in losses.ravel()]


@pytest.mark.parametrize("name", FLOORS)
@pytest.mark.parametrize(
    ("losses", "shown"),
    [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (-1e-9, "-1e-09"),
        (1.0000001, "1.0000001"),
        (-3, "-3.0"),
        (Fraction(5, 4), "1.25"),
        ([0.1, 2.5, -1.0], "2.5"),
        ([[0.1, float("nan")], [0.2, 0.3]], "nan"),
        (None, "nan"),
    ],
    ids=str,
)
def test_values_that_are_no_losses_are_named(name, losses, shown):
    function, _ = FLOORS[name]
    with pytest.raises(ValueError, match=rf"teacher_loss must be in \[0, 1\], got {shown}$"):
        function(losses)


def test_unit_interval_names_its_argument():
    with pytest.raises(ValueError, match=r"^share must be in \[0, 1\], got 2.0$"):
        unit_interval("share", 2)
    assert unit_interval("share", [0, 1]).tolist() == [0.0, 1.0]


# --- functions of other formulas -----------------------------------------------------------------

ROOTS = (sympy.sqrt(1 + 3 * q.L_TE), sympy.sqrt(1 - q.L_TE))
SHRINKAGE_AS_SQUARE = Formula(
    "square", (q.L_TE,), sympy.Pow((ROOTS[0] - ROOTS[1]) / 2, 2, evaluate=False)
)
RULES = {
    "filter": (s.GRADIENT_FLOW, lambda x, t: 1 - mpmath.exp(-x * t)),
    "ridge": (s.RIDGE, lambda x, r: x / (x + r)),
    "descent": (s.GRADIENT_DESCENT, lambda x, h, k: 1 - (1 - h * x) ** k),
    "momentum": (s.HEAVY_BALL_TWO_STEPS, lambda x, h, m: h * x * (2 - h * x + m)),
    "square": (SHRINKAGE_AS_SQUARE, lambda x: definition("shrinkage", x)),
    "chain": (
        s.CHAIN_OBJECTIVE,
        lambda n, theta, phi: (
            1
            - 2 * mpmath.cos(theta) * mpmath.cos(phi) ** n * mpmath.cos(theta - n * phi)
            + mpmath.cos(theta) ** 2 * mpmath.cos(phi) ** (2 * n)
        ),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_arguments_come_in_the_order_of_the_formula(name):
    formula, reference = RULES[name]
    function = numpy_function(formula)
    points = np.random.default_rng(1).uniform(0.2, 0.9, (len(formula.args), 20))
    if name in ("descent", "chain"):
        points[2 if name == "descent" else 0] = np.arange(1, 21)
    values = function(*points)
    for place, value in enumerate(values):
        # A few dozen float64 operations against Arb.
        assert value == pytest.approx(float(reference(*map(float, points[:, place]))), rel=1e-12)


def test_arguments_broadcast():
    table = numpy_function(s.RIDGE)(np.array([[1.0], [2.0]]), np.array([1.0, 2.0, 6.0]))
    np.testing.assert_allclose(table, [[1 / 2, 1 / 3, 1 / 7], [2 / 3, 1 / 2, 1 / 4]], rtol=1e-15)


def test_functions_are_made_once():
    assert numpy_function(s.RIDGE) is numpy_function(s.RIDGE)


@pytest.mark.parametrize(
    "formula",
    [s.SHRINKAGE_FLOOR, SHRINKAGE_AS_SQUARE, s.BOUNDED_FLOOR, s.QUADRATIC_FLOOR, s.RIDGE],
    ids=lambda f: f.name,
)
def test_the_stable_form_is_the_same_expression(formula):
    changed = stable(formula.expr)
    assert changed.free_symbols == formula.expr.free_symbols
    for numerator in (1, 3, 8, 20, 21, 22):
        point = {symbol: sympy.Rational(numerator, 23) for symbol in formula.args}
        assert abs((changed - formula.expr).subs(point).evalf(60)) < sympy.Rational(1, 10**50)


def test_a_naive_float_function_would_fail():
    # What the conjugates are for: typed as in the paper, the floor at 1e-9 has no correct digit.
    naive = sympy.lambdify(q.L_TE, s.SHRINKAGE_FLOOR.expr, modules="numpy")
    exact = float(definition("shrinkage", 1e-9))
    assert abs(naive(1e-9) / exact - 1) > 0.5
    assert abs(floors.shrinkage_floor(1e-9) / exact - 1) < FLOAT_ERROR


@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(st.integers(1, 9), st.integers(1, 9))
def test_differences_of_roots_keep_their_digits(a, b):
    x = sympy.Symbol("x", positive=True)
    formula = Formula("gap", (x,), sympy.sqrt(a + b * x) - sympy.sqrt(a))
    value = float(numpy_function(formula)(1e-12))
    with mpmath.workdps(60):
        exact = mpmath.sqrt(a + b * mpmath.mpf(1e-12)) - mpmath.sqrt(a)
        assert abs(value - exact) < 1e-14 * exact


@pytest.mark.parametrize("value", [True, "0.1", "abc", 1j, [True, False], [0.1, "x"]], ids=str)
def test_what_is_no_real_number_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"teacher_loss must be real numbers in \[0, 1\], got"):
        floors.shrinkage_floor(value)
