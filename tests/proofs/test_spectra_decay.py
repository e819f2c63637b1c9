"""What the proofs of the decay law and of the Hermite limit leave as gaps, each on its own."""

import pytest
import sympy as sp

from w2s_theory.certify.positivity import X, nonnegative_from
from w2s_theory.ledger import kernels
from w2s_theory.spectra import formulas
from w2s_theory.spectra.formulas import ALPHA, HALF, D, K

S, Y, Z = sp.symbols("s y z", positive=True)


def stirling(argument):
    return (argument - HALF) * sp.log(argument) - argument + sp.log(2 * sp.pi) / 2


def test_stirling_gives_the_constant():
    """lim log(a_k^2 k^{2 alpha+d} / C), each log Gamma to a remainder below 1/(12 z)."""
    near, far = (K - ALPHA) / 2, (K + ALPHA + D) / 2
    size = formulas.power_sphere() * sp.gamma((ALPHA - K) / 2 + 1) * sp.gamma(near) / sp.pi
    prefactor = size / (sp.gamma(near) / sp.gamma(far))
    squared = sp.simplify(prefactor**2 / kernels.DECAY_CONSTANT.expr)
    growth = 2 * (stirling(near) - stirling(far)) + (2 * ALPHA + D) * sp.log(K)
    total = sp.limit(growth.subs(K, Z), Z, sp.oo) + sp.expand_log(sp.log(squared), force=True)
    assert sp.simplify(sp.expand_log(sp.expand(total), force=True)) == 0


def log_steps():
    """log of (a_k^2/bound)(k+2) over (a_k^2/bound)(k): the lower bound's and the upper's."""
    step = 2 * sp.log((1 - S * Y) / (1 + S * Y))
    ahead = (1 + (2 - S) * Y) * (1 + S * Y)
    here = (1 - S * Y) * (1 + (S - 2) * Y)
    return step + 2 * S * sp.log((1 + Y) / (1 - Y)), step + S * sp.log(ahead / here)


def test_the_slopes_of_the_steps():
    lower = -4 * S * (S**2 - 1) * Y**2 / ((1 - Y**2) * (1 - S**2 * Y**2))
    upper = 8 * S * (S - 1) * (S - 2) * Y**2 / ((1 - S**2 * Y**2) * (1 - (S - 2) ** 2 * Y**2))
    for step, slope in zip(log_steps(), (lower, upper), strict=True):
        assert step.subs(Y, 0) == 0
        assert sp.cancel(sp.diff(step, Y) - slope) == 0


@pytest.mark.parametrize("power", range(4))
@pytest.mark.parametrize("dim", [2, 3, 4, 7, 32])
def test_the_bounds_hold_by_polynomials(power, dim):
    """Each step as a polynomial inequality for all real k >= alpha + 1.

    lower: (k+alpha+d)^2 x^{2s} >= (k-alpha)^2 (x+2)^{2s}, x = k + d/2 - 1. upper, for 2s >= 4:
    (k-alpha+2)^{2s} (k+alpha+d)^{2s-4} >= (k-alpha)^{2s-4} (k+alpha+d-2)^{2s}; for s = 1 the two
    bounds are the same number. For s = 3/2 the upper bound fails.
    """
    double = 2 * power + dim
    near, far, twice = X - power, X + power + dim, 2 * X + dim - 2
    lower = far**2 * twice**double - near**2 * (twice + 4) ** double
    assert nonnegative_from(lower, power + 1)
    if double >= 4:
        upper = (near + 2) ** double * far ** (double - 4)
        upper -= near ** (double - 4) * (far - 2) ** double
        assert nonnegative_from(upper, power + 1)
    elif double == 2:
        assert lower == 0


@pytest.mark.parametrize("degree", range(5))
def test_the_rate_of_the_limit_from_its_parts(degree):
    """-s(s-1) 2/d, s = (alpha+k)/2, of the Gamma quotient squared; n of N_k k!/d^k = 1 + n/d."""
    gap = Z * (stirling(Z) - stirling(Z + S) + 1 / (12 * Z) - 1 / (12 * (Z + S)) + S * sp.log(Z))
    quotient = sp.limit(gap, Z, sp.oo).subs(S, (ALPHA + degree) / 2)
    counted = sp.Integer(0)
    if degree:
        number = kernels.MULTIPLICITY.expr.subs(K, degree)
        top = sp.Poly(sp.expand(sp.combsimp(sp.gammasimp(number))), D)
        counted = top.coeff_monomial(D ** (degree - 1)) / top.coeff_monomial(D**degree)
    rate = kernels.LIMIT_RATE(sp.Integer(degree), ALPHA)
    assert sp.expand(4 * quotient + counted - rate) == 0
