"""Exact values of rational expressions, against SymPy's own."""

import pytest
import sympy
from flint import fmpq
from sympy import Rational, Symbol, UnevaluatedExpr, sqrt

from w2s_theory.certify.rational import lower_rational

X, Y = Symbol("x"), Symbol("y")
VALUES = {X: fmpq(-2, 3), Y: fmpq(7, 5)}


@pytest.mark.parametrize(
    "expr",
    [
        X,
        Rational(22, 7),
        X + Y + 3,
        X * Y * Rational(5, 2),
        X**3 - Y**-2,
        (X - Y) ** 5 / (X**2 + 1) - 4 * X * Y,
        UnevaluatedExpr(X - Y) ** 2,
        UnevaluatedExpr(X) + Y,
    ],
    ids=str,
)
def test_values_are_those_of_sympy(expr):
    exact = sympy.sympify(expr).subs({X: Rational(-2, 3), Y: Rational(7, 5)}).doit()
    assert lower_rational(expr)(VALUES) == fmpq(int(exact.p), int(exact.q))


@pytest.mark.parametrize(
    "expr", [sqrt(X), X**Y, sympy.pi, X + sympy.sin(Y), 2 * sqrt(X), sqrt(X) ** 3]
)
def test_what_is_not_rational_has_no_exact_form(expr):
    assert lower_rational(expr) is None


@pytest.mark.parametrize("sign", [1, -1])
def test_powers_end_where_exact_numbers_grow_too_long(sign):
    assert lower_rational(X ** (1024 * sign)) is not None
    assert lower_rational(X ** (1025 * sign)) is None


def test_a_pole_is_an_error():
    with pytest.raises(ZeroDivisionError):
        lower_rational(1 / (X - 1))({X: fmpq(1)})
