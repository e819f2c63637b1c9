"""The even degrees of ReLU on the sphere: eigenvalues between powers, how they fall, harmonics."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, Symbol, gamma, log, pi

from proofs.calculus import logarithm, quotient, whole
from proofs.kernel import Fact, chord, evident, given, instantiate, monotone
from proofs.lemmas import defining, settle
from proofs.symbolic.gamma_ratios import HALF
from proofs.symbolic.spectra_coefficients import sphere
from proofs.symbolic.spectra_decay import far, lower_bound, upper_bound
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import model_definitions as m
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.spectra import SPHERE

D, K = q.SPACE_DIM, q.DEGREE
ONE = Integer(1)
N = Symbol("n_k", integer=True, nonnegative=True)
"""The degree is 2 n + 2."""
EVEN = 2 * N + 2


def square(degree: Expr) -> Expr:
    """lambda_k = a_k^2."""
    return f.COEFFICIENT(degree, D, ONE) ** 2


DECAY = f.DECAY_CONSTANT(D, ONE)


@cache
def known() -> tuple[Fact, ...]:
    """What makes the expressions below real, from d - 1 > 0."""
    one = sphere()
    places = (one + evident(i + j * N) for i in range(7) for j in (0, 2))
    return (*places, *(one * HALF + evident(i * N + HALF * j) for i in (0, 1) for j in range(7)))


@cache
def between() -> tuple[Fact, Fact]:
    """a_k^2 - C (k + d/2 - 1)^-(d+2) >= 0 and C ((k-1)(k+d-1))^-(1+d/2) - a_k^2 >= 0."""
    values, (two,) = {K: EVEN, q.POWER: ONE}, given(SPHERE)
    low, high = instantiate(lower_bound(), values), instantiate(upper_bound(far()), values)
    least, most = DECAY * (EVEN + D / 2 - 1) ** (-D - 2), f.DECAY_UPPER(DECAY, EVEN, D, ONE)
    low = low.states(square(EVEN) - least, *known())
    return low, settle(high, two).states(most - square(EVEN), *known(), evident(EVEN - 1), *known())


def from_even(parity: Fact) -> Fact:
    """floor(K/2) - 1 >= 0 from 2 floor(K/2) - K = 0, as K > 0."""
    return whole((parity + evident(q.CUT)) * HALF)


@cache
def positive() -> Fact:
    """a_k^2 > 0, k = 2n + 2."""
    return between()[0] + evident(DECAY * (EVEN + D / 2 - 1) ** (-D - 2), *known())


@cache
def falls() -> Fact:
    """a_k^2 - a_{k+2}^2 >= 0, k = 2n + 2."""
    share = (D + 2) * (2 * EVEN + D) / (EVEN + 1 + D) ** 2
    step = quotient(square(EVEN) - square(EVEN + 2), square(EVEN) * share, *known())
    return step + positive() * evident(share, *known())


def smaller(one: Fact, other: Fact, order: Fact, *domain: Fact) -> Fact:
    """1/b - 1/a >= 0 from a - b >= 0, both > 0."""
    inverse: Fact = (order / (one * other)).states(1 / other.gap - 1 / one.gap, one, other, *domain)
    return inverse


def meaning() -> Fact:
    """lambda(n) = a_k^2, k = 2n + 2."""
    return instantiate(defining(m.EVEN_DEGREES), {q.TERM: N})


@cache
def eigenvalues() -> tuple[Fact, Fact]:
    """lambda(n) > 0 and lambda(n) - lambda(n + 1) >= 0, the eigenvalues of degree 2n + 2."""
    after = instantiate(meaning(), {N: N + 1})
    return positive() + meaning(), falls() + meaning() - after


@cache
def first_two() -> tuple[Fact, Fact]:
    """a_0^2 - a_2^2 >= 0 and a_1^2 - a_2^2 >= 0."""
    second, d2 = square(Integer(2)), (D + 1) ** 2
    zeroth = quotient(square(Integer(0)) - second, second * (d2 - 1), *known())
    zeroth = zeroth + evident(second * (D**2 + 2 * D), *known())
    # Gamma(x + 1/2)^2 <= x Gamma(x)^2 at x = (d - 1)/2, as log Gamma is convex
    x = (D - 1) / 2
    place = sphere() * HALF
    bent = 2 * chord("log Gamma", x, x + 1, HALF, x + HALF, place, place + evident(1))
    logs = logarithm(gamma(x + 1), {x: ONE, gamma(x): ONE}, place)
    order = (bent - logs).states(log(x) + 2 * log(gamma(x)) - 2 * log(gamma(x + HALF)), place)
    ends = 2 * log(gamma(x + HALF)), log(x) + 2 * log(gamma(x))
    ratio = monotone("exp", order, *ends, place) / (
        evident(pi * (D + 1) ** 2) * sphere() * sphere()
    )
    ratio = ratio / evident(gamma(x) ** 2, place)
    two = given(SPHERE)[0]
    room = 3 * two * two * two + 19 * two * two + 37 * two + evident(19)
    room = room + evident(pi - 3) * sphere() * evident((D + 1) ** 2)
    room = (room / (sphere() * evident(4 * pi * D**2 * (D + 1) ** 2))).states(
        1 / (4 * D**2) - 1 / (2 * pi * (D - 1) * (D + 1) ** 2), sphere()
    )
    one = quotient(square(ONE), 1 / (4 * D**2), *known())
    third = gamma(D / 2) ** 2 / (pi * gamma(x) ** 2 * (D - 1) ** 2 * (D + 1) ** 2)
    last = quotient(second, third, *known())
    first = (ratio + room + one - last).states(square(ONE) - second, *known())
    return zeroth.states(square(Integer(0)) - second, *known()), first
