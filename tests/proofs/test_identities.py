"""Each symbolic identity holds, and its neighbours do not."""

import pytest
import sympy as sp

from proofs import identities
from proofs.identities import Identity
from w2s_theory.spectra import formulas, kernel

POWER = sp.Symbol("alpha", integer=True, nonnegative=True)


def every_identity():
    yield from (identities.integrated_by_parts(a) for a in (0, 1, 2, 3, POWER))
    yield from (identities.beta_integrals(a, k) for a in range(4) for k in range(5))
    yield from (identities.vanishing(a) for a in range(4))
    yield identities.trace()
    for order in range(4):
        yield from identities.arccosine_family(order)
        yield from (identities.taylor(order, m) for m in range(order + 1, order + 8))
    yield from identities.kernel_series()


ALL = list(every_identity())


@pytest.mark.parametrize("identity", ALL, ids=lambda i: i.title)
def test_holds(identity):
    assert identity.holds()


@pytest.mark.parametrize("identity", [i for i in ALL if i.right != 0], ids=lambda i: i.title)
def test_a_missing_factor_two_is_noticed(identity):
    assert not Identity(title="mutant", left=identity.left, right=2 * identity.right).holds()


@pytest.mark.parametrize("identity", ALL, ids=lambda i: i.title)
def test_a_shift_is_noticed(identity):
    right = identity.right + sp.Rational(1, 97)
    assert not Identity(title="mutant", left=identity.left, right=right).holds()


@pytest.mark.parametrize("offset", [-1, 1])
def test_degree_off_by_one_is_noticed(offset):
    good = identities.integrated_by_parts(1)
    degree = 2 + 2 * formulas.M + offset
    wrong = identities.reflected(1, degree)
    assert not Identity(title="k off by one", left=good.left, right=wrong).holds()


def test_taylor_coefficients_match_the_series_of_the_kernel():
    for order in range(3):
        series = sp.series(kernel.arccosine(order) / sp.pi, kernel.RHO, 0, 8).removeO()
        for power in range(8):
            exact = kernel.taylor_coefficient(order, power)
            assert sp.simplify(series.coeff(kernel.RHO, power) - exact) == 0
            assert exact.is_Rational or (exact * sp.pi).is_Rational


def test_gram_of_relu_is_the_known_kernel():
    rho, d = kernel.RHO, formulas.D
    known = (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi * d)
    assert sp.simplify(kernel.gram(1) - known) == 0


def test_equation_prints_both_sides():
    equation = identities.trace().equation
    assert isinstance(equation, sp.Eq)


def test_bad_input():
    with pytest.raises(ValueError, match="power must be > order = 1, got 1"):
        kernel.taylor_by_binomial(1, 1)
    with pytest.raises(ValueError, match="order must be an integer >= 0, got -1"):
        identities.arccosine_family(-1)
