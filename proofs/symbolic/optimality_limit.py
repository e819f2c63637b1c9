"""Optimality in the limit: the spread D from one degree whose eigenvalue is near the ridge."""

from __future__ import annotations

from functools import cache

from sympy import Eq, Expr, Ge, Integer, Le, Lt, Rational, Symbol, exp, factorial, floor, gamma, log

from proofs.calculus import absurd, floored, logarithm, power_of_product, quotient, reaches, whole
from proofs.kernel import (
    Fact,
    as_power,
    assume,
    cases,
    chord,
    discharge,
    evident,
    given,
    induction,
    instantiate,
    monotone,
)
from proofs.kernel import power as raised
from proofs.lemmas import defining, part, settle
from proofs.proof import Proof
from proofs.symbolic.gamma_ratios import X, rise
from proofs.symbolic.relu_degrees import (
    DECAY,
    EVEN,
    D,
    N,
    between,
    eigenvalues,
    known,
    meaning,
    smaller,
    square,
)
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import model_definitions as m
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.spectra import SPHERE
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.universality import DEGREE_AT, SMALL, SPREAD_BELOW, TARGET

KAPPA, HERE, NEXT = q.RIDGE, m.EIGENVALUE(N), m.EIGENVALUE(N + 1)
PLACE = Symbol("k_0", positive=True)
"""The real degree with kappa = C k_0^-(d+2)."""
J = Symbol("j_c", integer=True, nonnegative=True)
FIRST = floor(D / 2) + 1
"""Degree 2n + 2 is d + 3 or d + 4."""
BELOW = SPREAD_BELOW(PLACE, D)
ROOM = PLACE - D / 2 - 1


def _facts() -> tuple[Fact, Fact]:
    return part(SMALL, D >= 3), part(SMALL, KAPPA > 0)


@cache
def _slope() -> Fact:
    """log(Gamma(x + s + 1)/Gamma(x + 1)) >= s log x, s >= 0."""
    s = Symbol("s_0", nonnegative=True)
    share, grows = evident(1 / (s + 1)), evident(s + 1)
    low = chord("log Gamma", X, X + s + 1, s / (s + 1), X + 1, share.states(1 - s / (s + 1)))
    step = logarithm(gamma(X + 1), {X: Integer(1), gamma(X): Integer(1)})
    slope = (grows * low + step.times(s)).states(rise(X + 1, s) - s * log(X))
    (three, _) = _facts()
    return instantiate(slope, {X: EVEN, s: D - 3}, three)


@cache
def _harmonics() -> Fact:
    """N_k >= 2 k^(d-2)/(d-2)!, k = 2n + 2."""
    three, _ = _facts()
    places = (
        *known(),
        three + evident(1),
        three + evident(2),
        three + evident(1 + EVEN),
        three + evident(2 + EVEN),
        three + evident(EVEN),
    )
    grown = monotone("exp", _slope(), (D - 3) * log(EVEN), rise(EVEN + 1, D - 3), *places)
    grown = grown.put(as_power(EVEN, D - 3), exp((D - 3) * log(EVEN)))
    share = evident((2 * EVEN + D - 2) / gamma(D - 1), *places)
    exact = quotient(
        f.MULTIPLICITY(EVEN, D), share.gap * gamma(EVEN + D - 2) / gamma(EVEN + 1), *places
    )
    spare = (three + evident(1)) / evident(gamma(D - 1), *places) * evident(EVEN ** (D - 3))
    return (grown * share + exact + spare).states(
        f.MULTIPLICITY(EVEN, D) - 2 * EVEN ** (D - 2) / gamma(D - 1), *places
    )


KEY = assume(Eq(KAPPA, DECAY * PLACE ** (-D - 2)))
HIGH, LOW = assume(Ge(HERE, KAPPA)), assume(Le(NEXT, KAPPA))
LATE = assume(Ge(EVEN, D + 3))
AIM = Ge(q.SPREAD, BELOW)


def _inverted(order: Fact, high: Expr, low: Expr) -> Fact:
    """From low^-(d+2) - high^-(d+2) >= 0, both > 0: high - low >= 0."""
    powers = raised(order, high ** (-D - 2), low ** (-D - 2), 1 / (D + 2))
    for sign, base in ((1, high), (-1, low)):
        powers = powers + power_of_product([(base, -D - 2)], 1 / (D + 2)).times(sign)
    return (powers * evident(high * low)).states(high - low)


def _room() -> Fact:
    """Y - d/2 - 1 > 0: kappa = C Y^-(d+2) <= C (3d/2+3)^-(d+2)."""
    least = 3 * D / 2 + 3
    most = part(SMALL, Le(KAPPA, DECAY * least ** (-D - 2)))
    low, high = evident(least ** (-D - 2)), evident(PLACE ** (-D - 2))
    order = (most + KEY) / evident(DECAY)
    return _inverted(order.states(low.gap - high.gap), PLACE, least)


def _positive_room() -> Fact:
    """R = Y - d/2 - 1 > 0."""
    return _room() + evident(D + 2)


@cache
def _nearest() -> Fact:
    """The aim, from kappa/2 <= lambda <= 2 kappa and R <= k, k = 2n + 2."""
    three, kappa = _facts()
    small, large = assume(Ge(2 * HERE, KAPPA)), assume(Le(HERE, 2 * KAPPA))
    far, room = assume(Ge(EVEN, ROOM)), _positive_room()
    both = (small + 3 * kappa) * Rational(1, 2)  # lambda + kappa
    weight = (small * large / (both * both)).states(
        9 * KAPPA * HERE / (HERE + KAPPA) ** 2 - 2, both
    )
    ninth, many = Rational(1, 9), evident(f.MULTIPLICITY(EVEN, D), *known())
    scale = evident(4 * ninth / gamma(D - 1), three + evident(2))
    wider = raised(far, ROOM, EVEN, D - 2, room, three + evident(1))
    exact = quotient(1 / factorial(D - 2), 1 / gamma(D - 1), three + evident(1), three + evident(2))
    one = instantiate(defining(m.ONE_DEGREE), {q.TERM: N})
    spread = one + ninth * weight * many + 2 * ninth * _harmonics() + scale * wider
    places = (both, *known(), three + evident(1), three + evident(2), room)
    spread = spread - exact.times(4 * ninth * ROOM ** (D - 2), *places)
    found: Fact = spread.states(q.SPREAD - BELOW, *places)
    return found


@cache
def _crossing() -> Fact:
    """The aim, from lambda(n) >= kappa >= lambda(n + 1) and k >= d + 3: the second is at least
    a quarter of the first, so one of them is within a factor 2 of kappa.
    """
    _, kappa = _facts()
    some, _ = eigenvalues()
    ratio = ((EVEN - 1) / (EVEN + 1 + D)) ** 2
    exact = quotient(square(EVEN + 2), square(EVEN) * ratio, *known())
    after = instantiate(meaning(), {N: N + 1})
    exact = exact + after - meaning().times(ratio, *known())  # lambda(n+1) = lambda(n) ratio
    more = (LATE * evident(3 * EVEN + D - 1)).states(4 * (EVEN - 1) ** 2 - (EVEN + 1 + D) ** 2)
    share = some / evident((EVEN + 1 + D) ** 2)
    fourth = (more * share + exact.times(4)).states(4 * NEXT - HERE, *known())
    # kappa >= lambda(n + 1) >= C (k + 1 + d/2)^-(d+2)
    place = evident(EVEN + 1 + D / 2)
    least = instantiate(between()[0], {N: N + 1}) + after
    order = (LOW + least - KEY) / evident(DECAY)
    order = order.states(PLACE ** (-D - 2) - place.gap ** (-D - 2))
    far = _inverted(order, place.gap, PLACE)  # k - R >= 0
    within, beyond = (assume(kind(HERE, 2 * KAPPA)) for kind in (Le, Ge))
    first = settle(_nearest(), 2 * HIGH + kappa, within, far)
    half = (fourth + beyond) * Rational(1, 2)
    second = settle(instantiate(_nearest(), {N: N + 1}), half, LOW + kappa, far + evident(2))
    return cases(first, within, second, beyond)


@cache
def _late_enough() -> Fact:
    """2 floor(d/2) + 4 - (d + 3) >= 0."""
    return whole(2 * floored(D / 2)[1])


def _start() -> Fact:
    """lambda(n) - kappa >= 0 at the first degree, d + 3 or d + 4."""
    least, last = 3 * D / 2 + 3, 2 * FIRST + 1 + D / 2
    most = part(SMALL, Le(KAPPA, DECAY * least ** (-D - 2)))
    place = _late_enough() + evident(3 * D / 2 + 2)
    order = raised(2 * floored(D / 2)[0], last, least, D + 2, place)
    inverse = smaller(evident(least ** (D + 2)), evident(last ** (D + 2), place), order, place)
    low = instantiate(between()[0] + meaning(), {N: FIRST}, _index())
    return low + inverse * evident(DECAY) + most


def _index() -> Fact:
    """floor(d/2) + 1 >= 0."""
    half: Fact = (_late_enough() + evident(D + 1)) * Rational(1, 2)
    return half


STEPS = floor(PLACE) + 1


def _end() -> Fact:
    """kappa - lambda(n) > 0 for k - 1 > Y."""
    beyond = floored(PLACE)[1]
    far = 2 * beyond + _late_enough() + evident(D + 2) + evident(PLACE)  # k - 1 - Y
    first = far + evident(PLACE)
    last = first + evident(D)
    index = _index() + beyond + evident(PLACE)
    order = far * far + far * evident(2 * PLACE + D) + evident(PLACE * D)
    order = order.states(first.gap * last.gap - PLACE**2)
    product = first * last
    wider = raised(order, PLACE**2, product.gap, D / 2 + 1, product)
    ends = evident(product.gap ** (D / 2 + 1), product), evident(PLACE ** (D + 2))
    high = instantiate(between()[1] - meaning(), {N: FIRST + STEPS}, index)
    return high + smaller(*ends, wider, product) * evident(DECAY) + KEY


def _spread() -> Fact:
    """Were it not so, lambda(n) >= kappa would go on for ever."""
    no, yes = assume(Lt(q.SPREAD, BELOW)), assume(AIM)
    words, after = (Ge(m.EIGENVALUE(FIRST + J + i), KAPPA) for i in (0, 1))
    crossing = instantiate(_crossing(), {N: FIRST + J}, _index() + evident(J))
    crossing = settle(crossing, _late_enough() + evident(2 * J))
    down, up = assume(Le(after.lhs, KAPPA)), assume(after)
    step = cases(absurd(crossing + no, after), down, up, up)
    steps = floored(PLACE)[1] + evident(PLACE)
    last = induction(words, J, _start(), step, STEPS, steps)
    places = _positive_room(), _facts()[0] + evident(1)
    return cases(absurd(last + _end(), AIM, *places), no, yes, yes)


def prove_optimality_limit(statement: Statement) -> Proof:
    """D from one degree; the limit."""
    three, kappa = _facts()
    place, ratio = DEGREE_AT.expr, evident(DECAY / KAPPA, kappa)
    spread = instantiate(_spread(), {PLACE: place}, ratio, kappa)
    power = power_of_product([(DECAY / KAPPA, 1 / (D + 2))], -D - 2, ratio, kappa)
    spread = settle(spread, power.times(DECAY))
    limit = reaches(statement.unfolded[1], three + evident(1), *given(TARGET))
    return Proof(statement, (discharge(spread, SPHERE, three + evident(1)), limit))
