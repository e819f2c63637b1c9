"""Gamma quotients are reduced, and their neighbours are not.

The examples are the identities of the kernel spectra, each side built on a way of its own: this
also holds the ledger's closed forms against derivations that share nothing with them.
"""

import pytest
import sympy as sp

from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.harmonic import legendre_polynomial
from w2s_theory.spectra import formulas
from w2s_theory.spectra.formulas import ALPHA, HALF, D, K, M
from w2s_theory.spectra.polynomials import positive_moment

POWER = sp.Symbol("alpha", integer=True, nonnegative=True)
J = sp.Symbol("j", integer=True, nonnegative=True)
THETA, RHO = q.TURN, q.RHO


def agree(left, right):
    """Whether left - right reduces to 0; for Gamma quotients, whether left/right does to 1."""
    gap = left - right
    if not gap.has(sp.gamma, sp.factorial):
        return bool(gap == 0 or sp.cancel(gap) == 0)
    if right == 0:
        return bool(_reduced(gap) == 0)
    return bool(_reduced(left / right) == 1)


def _reduced(expression):
    return sp.simplify(sp.gammasimp(sp.powsimp(sp.expand_func(expression))))


def coefficient(power, degree):
    return kernels.COEFFICIENT(sp.sympify(degree), D, sp.sympify(power))


def reflected(power, degree):
    """a_k with 1/Gamma(w) = Gamma(1-w) sin(pi w)/pi, w = 1 + (alpha-k)/2: zeros become visible."""
    pole = 1 + sp.sympify(power - degree) / 2
    rest = (formulas.power_sphere() * sp.gamma((ALPHA - K) / 2 + 1)).subs(
        {ALPHA: power, K: degree}, simultaneous=True
    )
    return rest * sp.gamma(1 - pole) * sp.sin(sp.expand(sp.pi * pole)) / sp.pi


def by_parts(power):
    """a_k, k = alpha+1+2m, by Rodrigues and alpha+1 integrations by parts.

    a_k = c_d (-1/2)^k Gamma((d-1)/2)/Gamma(k+(d-1)/2) (-1)^{alpha+1} alpha! g^{(k-alpha-1)}(0),
    g = (1-t^2)^{k+(d-3)/2}.
    """
    degree = power + 1 + 2 * M
    top = degree + (D - 3) / sp.Integer(2)
    derivative = (-1) ** M * sp.gamma(2 * M + 1) * sp.gamma(top + 1)
    derivative /= sp.gamma(M + 1) * sp.gamma(top - M + 1)
    scale = sp.gamma((D - 1) / 2) / sp.gamma(degree + (D - 1) / 2)
    scale *= formulas.density_constant() * (-HALF) ** degree
    return scale * (-1) ** (power + 1) * sp.factorial(power) * derivative


def termwise(power, degree):
    """a_k = E[max(t,0)^alpha P_k(t)] as the sum of its Beta integrals."""
    poly = sp.Poly(legendre_polynomial(degree, D), q.POINT)
    return sum(c * positive_moment(power + e) for (e,), c in poly.terms())


def kernel_series():
    """The arc-cosine kernel's own Funk-Hecke coefficient, summed by Gauss, is a_k^2.

    With kappa_m = [rho^m] of the kernel = h_m^2 / E|g|^{2 alpha}, that coefficient is
    sum_j kappa_m E[t^m P_k(t)], m = k+2j, where E[t^m P_k] = 2 E[max(t,0)^m P_k]. (1) Its terms
    have the ratio of F(a, a; c; 1), a = (k-alpha)/2, c = k+d/2; (2) summed by Gauss,
    Gamma(c) Gamma(c-2a)/Gamma(c-a)^2 (DLMF 15.4.20, c-2a = alpha+d/2 > 0), it is a_k^2.
    """
    alpha = sp.Symbol("alpha", positive=True)
    a, c = (K - alpha) / 2, K + D / 2

    def term(index):
        hermite = kernels.HERMITE_COEFFICIENT(K + 2 * index, alpha)
        return hermite**2 / kernels.GAUSSIAN_MOMENT(alpha, D) * 2 * coefficient(K + 2 * index, K)

    gauss = sp.gamma(c) * sp.gamma(c - 2 * a) / sp.gamma(c - a) ** 2
    yield term(J + 1) / term(J), (a + J) ** 2 / ((c + J) * (J + 1))
    yield term(sp.Integer(0)) * gauss, coefficient(alpha, K) ** 2


def taylor(order, power):
    """[rho^m] J_n/pi by Mehler, and by (d/drho)^{n+1} J_n = n!^2 (1-rho^2)^{-1/2}, m > n."""
    hermite = kernels.HERMITE_COEFFICIENT(sp.Integer(power), sp.Integer(order))
    gap = power - order - 1
    binomial = 0 if gap % 2 else sp.binomial(gap, gap // 2) / sp.Integer(2) ** gap
    scale = sp.factorial(order) ** 2 * sp.factorial(gap) / sp.factorial(power)
    return 2 * hermite**2, scale * binomial / sp.pi


def every_pair():
    yield from ((by_parts(a), coefficient(a, a + 1 + 2 * M)) for a in (0, 1, 2, 3, POWER))
    yield from ((termwise(a, k), coefficient(a, k)) for a in range(4) for k in range(5))
    yield from ((reflected(a, a + 2 + 2 * M), sp.Integer(0)) for a in range(4))
    yield coefficient(2 * ALPHA, 0), kernels.TRACE.expr
    yield from (taylor(n, m) for n in range(4) for m in range(n + 1, n + 8))
    yield from kernel_series()


ALL = list(every_pair())


@pytest.mark.parametrize(("left", "right"), ALL)
def test_equal_sides_agree_and_others_do_not(left, right):
    assert agree(left, right)
    assert not agree(left, right + sp.Rational(1, 97))
    assert right == 0 or not agree(left, 2 * right)


@pytest.mark.parametrize("offset", [-1, 1])
def test_degree_off_by_one_is_noticed(offset):
    assert not agree(by_parts(1), reflected(1, 2 + 2 * M + offset))


def test_false_quotients_do_not_agree():
    x = sp.Symbol("x", positive=True)
    for false in (sp.gamma(x), 2 * x * sp.gamma(x)):
        assert not agree(sp.gamma(x + 1), false)
    assert agree(sp.gamma(x + 1), x * sp.gamma(x))


def by_derivatives(order):
    """J_n = (-1)^n sin^{2n+1} ((1/sin) d/dtheta)^n [(pi-theta)/sin] (Cho & Saul 2009, eq. 4)."""
    value = (sp.pi - THETA) / sp.sin(THETA)
    for _ in range(order):
        value = sp.diff(value, THETA) / sp.sin(THETA)
    return sp.expand((-1) ** order * sp.sin(THETA) ** (2 * order + 1) * value)


@pytest.mark.parametrize("order", range(4))
def test_the_angular_function_is_cho_and_sauls(order):
    turn = sp.Symbol("w")  # exp(i theta), in which sines and cosines are rational
    gap = sp.expand((by_derivatives(order) - kernels.angular(order)).rewrite(sp.exp))
    turns = gap.replace(sp.exp, lambda argument: turn ** sp.simplify(argument / (sp.I * THETA)))
    assert sp.cancel(turns) == 0


def test_taylor_coefficients_match_the_series_of_the_kernel():
    for order in range(3):
        series = sp.series(kernels.arccosine(order) / sp.pi, RHO, 0, 8).removeO()
        for power in range(order + 1, 8):
            assert sp.simplify(series.coeff(RHO, power) - taylor(order, power)[0]) == 0


def test_gram_of_relu_is_the_known_kernel():
    known = (sp.sqrt(1 - RHO**2) + RHO * (sp.pi - sp.acos(RHO))) / (2 * sp.pi * D)
    assert sp.simplify(kernels.gram(1) - known) == 0
