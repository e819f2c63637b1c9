"""Gamma quotients: true identities are shown, their neighbours are not."""

import pytest
from sympy import Rational, Symbol, binomial, cos, factorial, factorial2, gamma, pi, sin, sqrt

from w2s_theory.certify import gamma_identity

X = Symbol("x", positive=True)
Z = Symbol("z", real=True)
M = Symbol("m", integer=True, nonnegative=True)
HALF = Rational(1, 2)

TRUE = [
    (gamma(X + 3), X * (X + 1) * (X + 2) * gamma(X)),
    (gamma(2 * X) * sqrt(pi), 2 ** (2 * X - 1) * gamma(X) * gamma(X + HALF)),
    (gamma(Z) * gamma(1 - Z), pi / sin(pi * Z)),
    (gamma(HALF - M) * gamma(HALF + M), (-1) ** M * pi),
    (factorial2(2 * M - 1), 2**M * gamma(M + HALF) / sqrt(pi)),
    (factorial2(2 * M - 1) ** 2, 2 ** (2 * M) * gamma(M + HALF) ** 2 / pi),
    (binomial(M + 2, 2), (M + 1) * (M + 2) / 2),
    (gamma(X) + gamma(X + 1), (X + 1) * gamma(X)),
    (gamma(X) * (1 + gamma(X + 1)), gamma(X) + X * gamma(X) ** 2),
    (sqrt(factorial(2 * M)) / gamma(2 * M + 1), 1 / sqrt(factorial(2 * M))),
    ((-HALF) ** M * gamma(M + 1), (-1) ** M * factorial(M) / 2**M),
]


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_true(left, right):
    assert gamma_identity(left, right)
    assert gamma_identity(right, left)


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_neighbours(left, right):
    assert not gamma_identity(left, 2 * right)
    assert not gamma_identity(left, -right)
    assert not gamma_identity(left, right + 1)
    symbol = min(left.free_symbols | right.free_symbols, key=str)
    assert not gamma_identity(left, right * (symbol + 1))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (gamma(M + 1) * gamma(-M), pi),  # a pole at every point
        (gamma(X + Z), gamma(X)),
        (sqrt(gamma(Z) ** 2), gamma(Z)),  # negative for some z
        (gamma(Z) ** X, gamma(Z) ** X * 2),
        (gamma(HALF - M) * gamma(HALF + M), pi),
        (gamma(Z) * gamma(1 - Z), pi / cos(pi * Z)),
        (gamma(X), gamma(X + 1)),
    ],
)
def test_false(left, right):
    assert not gamma_identity(left, right)


def test_floats_are_refused():
    with pytest.raises(ValueError, match=r"0\.5"):
        gamma_identity(gamma(X) * 0.5, gamma(X))
