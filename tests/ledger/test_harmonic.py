"""The ledger's own SymPy nodes: P_k, He_k and the limit at infinity."""

import pytest
from sympy import Integer, Rational, Symbol, expand, hermite_prob_poly, legendre_poly, symbols

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.arccosine_polynomials import polynomials
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic, Hermite, legendre_polynomial
from w2s_theory.ledger.render import latex, text

K, D, T, N = q.DEGREE, q.SPACE_DIM, q.POINT, q.TERM


@pytest.mark.parametrize("degree", range(7))
def test_numbers_for_the_degree_give_polynomials(degree):
    in_three = Harmonic(Integer(degree), Integer(3), T)
    assert expand(in_three - legendre_poly(degree, T)) == 0
    assert expand(Hermite(Integer(degree), T) - hermite_prob_poly(degree, T)) == 0
    assert Harmonic(K, D, T).xreplace({K: Integer(degree), D: Integer(3)}) == in_three
    # Chebyshev in the plane, and P_k(1) = 1 in any dimension.
    assert expand(Harmonic(Integer(2), Integer(2), T) - (2 * T**2 - 1)) == 0
    assert legendre_polynomial(degree).subs(T, 1).simplify() == 1


def test_the_ends_of_the_interval_are_known_for_every_degree():
    assert Harmonic(K, D, Integer(1)) == 1
    assert Harmonic(K, D, Integer(-1)) == (-1) ** K
    assert Harmonic(K, D, Rational(1, 2)).free_symbols == {K, D}


def test_nodes_print():
    assert latex(Harmonic(K, D, T)) == r"P_{k}^{(d)}(t)"
    assert latex(Harmonic(K, D, T) ** 2) == r"P_{k}^{(d)}(t)^{2}"
    assert text(Harmonic(K, D, T)) == "P(k, d; t)"
    assert latex(Hermite(K, T)) == r"\mathrm{He}_{k}(t)"
    assert text(Hermite(K, T)) == "He(k; t)"
    limit = AtInfinity(K / N, N)
    assert latex(limit) == r"\lim_{m \to \infty} \frac{k}{m}"
    assert text(limit) == "lim(k/m for m -> oo)"


def test_the_symbol_of_a_limit_is_bound():
    limit = AtInfinity(K / N, N)
    assert limit.free_symbols == {K}
    assert limit.xreplace({K: Integer(2)}) == AtInfinity(2 / N, N)
    with pytest.raises(ValueError, match="symbol must be a SymPy Symbol, got 2"):
        AtInfinity(K, Integer(2))


@pytest.mark.parametrize("wrong", [-1, True, 1.5, Symbol("k")])
def test_orders_and_degrees_are_integers(wrong):
    with pytest.raises(ValueError, match="order must be an integer >= 0, got"):
        polynomials(wrong)
    with pytest.raises(ValueError, match="degree must be an integer >= 0, got"):
        legendre_polynomial(wrong)


def test_symbolic_degrees_stay():
    a, b = symbols("a b")
    assert Harmonic(a, b, T).func is Harmonic
    assert Hermite(a, T).func is Hermite
