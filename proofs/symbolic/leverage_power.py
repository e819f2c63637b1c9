"""The degrees of freedom by a power of the level: harmonics up to K, the trace beyond it."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Ge, Integer, Rational, exp, factorial, floor, gamma, log, symbols

from proofs.calculus import power_of_product, quotient, reaches, through, towards
from proofs.kernel import (
    Fact,
    as_power,
    assume,
    definition,
    equal,
    evident,
    given,
    induction,
    instantiate,
    monotone,
)
from proofs.kernel import power as raised
from proofs.lemmas import over, part
from proofs.proof import Proof
from proofs.symbolic.gain_rate import FEW, enough_freedom, most_risk, numbers
from proofs.symbolic.gamma_ratios import S, X, rise, slopes
from proofs.symbolic.relu_degrees import (
    DECAY,
    EVEN,
    D,
    N,
    between,
    eigenvalues,
    first_two,
    from_even,
    known,
    meaning,
)
from proofs.symbolic.spectra_coefficients import sphere
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import model_definitions as m
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.rate import EVEN_CUT, FREEDOM_ABOVE, LEVEL_POSITIVE, WIDTH_AT
from w2s_theory.ledger.spectra import SPHERE
from w2s_theory.ledger.statement import Statement

K, MU = q.CUT, q.LEVEL
FIRST = floor(K / 2) - 1
"""The n with K = 2n + 2."""
J = q.TERM
"""The degree is K + 2 + 2 j."""
BASE = K + 1 + 2 * J
"""The degree less 1."""


def counted(degree: Expr) -> Expr:
    """The harmonics of degree <= k: C(k+d-1, d-1) + C(k+d-2, d-1)."""
    return (2 * degree + D - 1) * gamma(degree + D - 1) / (gamma(D) * gamma(degree + 1))


def first() -> Fact:
    """(K - 2)/2 >= 0, an integer."""
    return from_even(parity())


def parity() -> Fact:
    """2 floor(K/2) - K = 0."""
    return given(EVEN_CUT)[0]


def _level() -> Fact:
    return part(LEVEL_POSITIVE, MU > 0)


def _spare(positive: Fact) -> Fact:
    """1 - lambda/(lambda + mu) >= 0."""
    some, value = _level(), positive.gap
    return evident(MU / (value + MU), positive, some).states(
        1 - value / (value + MU), positive, some
    )


def _seen() -> Fact:
    """U - seen(K/2) >= 0, U = 2 (K + d)^(d-1)/(d-1)!: every harmonic counts at most 1."""
    start, added, *_ = definition(m.FREEDOM_SUM)
    some, _ = eigenvalues()
    least = instantiate(some, {N: Integer(0)})
    second = instantiate(meaning(), {N: Integer(0)})
    low = [least + fact - second for fact in first_two()]
    at = {q.TERM: N}
    words = Ge(counted(EVEN) - m.SEEN_TO(N + 1), 0)
    harmonics = f.MULTIPLICITY(Integer(2), D)
    base = (
        _spare(low[0]) + _spare(low[1]) * evident(D) + _spare(least) * evident(harmonics, *known())
    )
    base = base + quotient(counted(Integer(2)), 1 + D + harmonics, *known())
    base = base - start - instantiate(added, {q.TERM: Integer(0)})
    base = base.states(words.lhs.xreplace({N: Integer(0)}), *known(), least, _level())
    gone, more = (evident(f.MULTIPLICITY(EVEN + i, D), *known()) for i in (1, 2))
    both = quotient(counted(EVEN + 2) - counted(EVEN), more.gap + gone.gap, *known())
    step = assume(words) + gone + more * _spare(instantiate(some, {N: N + 1})) + both
    step = step - instantiate(instantiate(added, at), {N: N + 1})
    few = induction(words, N, base, step, FIRST, first())
    # the number of harmonics is at most U
    places = (sphere() + evident(K), sphere() + evident(2 * K))
    slope = instantiate(slopes()[1], {X: K + 1, S: D - 1}, sphere())
    grown = monotone("exp", slope, rise(K + 1, D - 1), (D - 1) * log(K + D))
    grown = grown.put(as_power(K + D, D - 1), exp((D - 1) * log(K + D)))
    rest = evident((D - 1) / (K + D - 1) * (K + D) ** (D - 1) / gamma(D), *places, sphere())
    share = evident((2 * K + D - 1) / (K + D - 1) / gamma(D), *places)
    number = quotient(counted(K), share.gap * gamma(K + D) / gamma(K + 1), *places)
    most = 2 * (K + D) ** (D - 1) / gamma(D)
    number = (grown * share + rest - number).states(most - counted(K), *places, sphere())
    return few.put(parity(), floor(K / 2), *places) + number


@cache
def _harmonics() -> Fact:
    """2 (k+d)^(d-1)/((k+d-1) Gamma(d-1)) - N_k >= 0, k = 2n + 2."""
    k, two = EVEN, given(SPHERE)[0]
    slope = instantiate(slopes()[1], {X: k + 1, S: D - 1}, sphere())
    grown = monotone("exp", slope, rise(k + 1, D - 1), (D - 1) * log(k + D))
    grown = grown.put(as_power(k + D, D - 1), exp((D - 1) * log(k + D)))
    share = evident((2 * k + D - 2) / ((k + D - 1) * (k + D - 2)) / gamma(D - 1), *known())
    number = quotient(f.MULTIPLICITY(k, D), share.gap * gamma(k + D) / gamma(k + 1), *known())
    power = (k + D) ** (D - 1) / gamma(D - 1)
    rest = two * evident(power / ((k + D - 1) * (k + D - 2)), *known())
    return (grown * share + rest - number).states(
        2 * power / (k + D - 1) - f.MULTIPLICITY(k, D), *known()
    )


def _at_cut(fact: Fact) -> Fact:
    """At the degree K + 2 + 2j."""
    moved = instantiate(fact, {N: FIRST + 1 + J}, first() + evident(J + 1))
    return moved.put(parity(), floor(K / 2))


def _one_degree() -> Fact:
    """b ((k-2)^-3 - k^-3)/mu - N_k lambda_k/(lambda_k + mu) >= 0, b the factor of the tail."""
    level, k = _level(), BASE + 1
    eigenvalue = m.EIGENVALUE(K / 2 + J)
    some = _at_cut(eigenvalues()[0])
    number, high = _at_cut(_harmonics()), _at_cut(between()[1]) - _at_cut(meaning())
    # lambda_k <= C (k-1)^-(d+2)
    wider = raised(evident(BASE * D), BASE**2, BASE * (BASE + D), D / 2 + 1)
    ends = evident(BASE ** (D + 2)), evident((BASE * (BASE + D)) ** (D / 2 + 1))
    high = high + (wider / (ends[0] * ends[1])).states(1 / ends[0].gap - 1 / ends[1].gap) * evident(
        DECAY
    )
    # (k + d)/(k - 1) <= rho
    ratio = (K + D + 2) / (K + 1)
    order = evident(2 * J * (D + 1) / (K + 1)).states(ratio * BASE - (k + D))
    grown = raised(order, k + D, ratio * BASE, D - 1, sphere())
    grown = grown - power_of_product([(ratio, Integer(1)), (BASE, Integer(1))], D - 1)
    scale = evident(2 / ((BASE + D) * gamma(D - 1)), sphere())
    number = number + grown * scale
    count = f.MULTIPLICITY(k, D)
    held = evident(count, *known())
    share = count * eigenvalue / (eigenvalue + MU)
    bent = evident(eigenvalue**2 / (MU * (eigenvalue + MU)), some, level).states(
        eigenvalue / MU - eigenvalue / (eigenvalue + MU), some, level
    )
    total = held * bent + held * high * evident(1 / MU, level)
    total = total + number * evident(DECAY * BASE ** (-D - 2) / MU, level)
    factor = evident(DECAY * ratio ** (D - 1) / (MU * gamma(D - 1)), level, sphere())
    room = instantiate(_curve(), {X: K + 2 * J}, evident(K + 2 * J))
    top = factor.gap * ((K + 2 * J) ** -3 - k**-3) / 3
    return (total + factor * room).states(top - share, some, level, sphere())


def _curve() -> Fact:
    """(x^-3 - (x+2)^-3)/3 - 2/((x+1)^3 (x+1+d)) >= 0: twice (x+1)^-4 is between them."""
    y = X + 1
    curve = (20 * y**2 * X * (X + 2) + 2 * y**2 + 6) / (3 * y**4 * (X * (X + 2)) ** 3)
    spare = evident(curve + 2 * D / (y**4 * (y + D)))
    return spare.states((X**-3 - (X + 2) ** -3) / 3 - 2 / (y**3 * (y + D)))


def _tail() -> Fact:
    """b K^-3/mu - left(0) >= 0: it falls to 0."""
    _, _, step, limit, _ = definition(m.FREEDOM_SUM)
    level = _level()
    factor = evident(
        DECAY * ((K + D + 2) / (K + 1)) ** (D - 1) / (3 * MU * gamma(D - 1)), level, sphere()
    )
    falls = _one_degree() - step.put(parity(), floor(K / 2))
    u, w = symbols("u v", real=True)
    cube = reaches(at_infinity((K + 2 * J) ** -3, Integer(0), J))
    gone = through(factor.gap * u - w, {u: cube, w: limit}, level, sphere())
    body = factor.gap * (K + 2 * J) ** -3 - m.LEFT_FROM(J)
    falls = falls.states(body - body.xreplace({J: J + 1}), level, sphere())
    return instantiate(towards(falls, gone), {J: Integer(0)})


@cache
def freedom_above() -> Fact:
    """F - d(mu) >= 0."""
    whole = definition(m.FREEDOM_SUM)[-1].put(parity(), floor(K / 2))
    found, (two,) = _seen() + _tail() - whole, given(SPHERE)
    factor = DECAY * ((K + D + 2) / (K + 1)) ** (D - 1) / (3 * MU * K**3)
    upto = quotient(1 / factorial(D - 1), 1 / gamma(D), sphere())
    beyond = quotient(1 / factorial(D - 2), 1 / gamma(D - 1), sphere(), two)
    found = found + upto.times(2 * (K + D) ** (D - 1)) + beyond.times(factor, _level())
    return found.states(FREEDOM_ABOVE.expr - q.FREEDOM, _level(), sphere(), two)


@cache
def wide_enough() -> Fact:
    """The width for F is at least that for d(mu) <= F."""
    above, (free, delta) = FREEDOM_ABOVE.expr, numbers()
    order, places = freedom_above(), (_level(), sphere(), *given(SPHERE))
    large = (order + free).states(above, *places)
    facts = (free, delta, large, *places)
    small = 8 * q.FREEDOM / q.RISK
    big = small.xreplace({q.FREEDOM: above})
    rises = monotone("log", (8 * order / delta).states(big - small, *facts), small, big, *facts)
    least = 8 * order + 8 * enough_freedom() + most_risk() + evident(8 * FEW - 4)
    positive = monotone("log", over(least, delta, big - 1, *facts), Integer(1), big, *facts)
    wider = 8 * order * positive + evident(8 * q.FREEDOM + Rational(4, 3), free) * rises
    return wider.states(WIDTH_AT(above, q.RISK) - WIDTH_AT.expr, *facts)


def prove_leverage_power(statement: Statement) -> Proof:
    """One degree at a time; then the width that leverage asks for."""
    *_, at_level, limit = statement.claim
    known = (sphere(), *given(SPHERE))
    there = equal(at_level.lhs, at_level.rhs, *known)
    last = reaches(limit, *numbers(), *known)
    return Proof(statement, (freedom_above(), wide_enough(), there, last))
