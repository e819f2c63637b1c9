"""The decay law with its bounds at every degree, and the Hermite limit with its rate."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Eq, Expr, Ge, Gt, Integer, Lt, Symbol, exp, floor, gamma, log, symbols

from proofs.calculus import either, limit_of, logarithm, quotient, squeezed, tends, through, whole
from proofs.domains import same
from proofs.integrals import carried
from proofs.kernel import (
    Fact,
    as_power,
    assume,
    both,
    equal,
    evident,
    given,
    instantiate,
    monotone,
    tangent,
)
from proofs.lemmas import settle
from proofs.proof import Proof
from proofs.symbolic.gamma_ratios import HALF, S, X, centre, edges, flat, rise, same_logs
from proofs.symbolic.spectra_coefficients import sphere
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import BEYOND_POWER, NOT_STEP_IN_3, OTHER_PARITY, SPHERE
from w2s_theory.ledger.statement import Statement

K, D, ALPHA, M = q.DEGREE, q.SPACE_DIM, q.POWER, q.TERM
BEYOND = ALPHA + 1 + 2 * M


Terms = Sequence[tuple[Expr, Expr, Expr]]
"""Triples (w, a, c) for the sum of w log(a d + c)."""
SIDE = (ALPHA + K) / 2
LATE = assume(Ge(D, 3))
HIGH: Terms = (
    *((-SIDE - 2, HALF, Integer(0)), (-SIDE - 2, HALF, SIDE + 1)),
    (K + 2, Integer(1), (K - 1) / 2),
)
LOW: Terms = (
    (-2 * SIDE - 4, HALF, (SIDE + 1) / 2),
    *((K / 2 + 1, Integer(1), Integer(-1)), (K / 2 + 1, Integer(1), K)),
)
COMMON: Terms = (
    *((Integer(2), HALF, SIDE), (Integer(2), HALF, SIDE + 1)),
    *((Integer(-1), Integer(1), K - 1), (Integer(-1), Integer(1), K)),
    *((Integer(1), Integer(1), 2 * K - 2), (Integer(-1), Integer(1), K - 2)),
    (ALPHA, Integer(1), Integer(0)),
)


def _log_sum(terms: Terms) -> Expr:
    return Add(*(w * log(a * D + c) for w, a, c in terms))


def _reduced(terms: Terms) -> tuple[Fact, ...]:
    """d times a sum of logarithms, less 2 s log 2, as that of w d log(1 + c/(a d)); its limit."""
    total = evident(Integer(0))
    limits: dict[Symbol, Fact] = {}
    bodies: list[Expr] = []
    known: list[Fact] = []
    for w, a, c in terms:
        positive = a * LATE + evident(3 * a + c)
        inner = (positive / evident(a * D)).states(1 + c / a / D)
        factors = dict.fromkeys((D, a, inner.gap), Integer(1))
        total = total + logarithm(a * D + c, factors, positive, inner).times(w * D)
        known += [positive, inner]
        mark = symbols(f"v_{len(bodies)}", real=True)
        limits[mark] = tends("compound", D, c / a)
        bodies.append(w * mark)
    limit = through(Add(*bodies), limits)
    (there,) = limit.gap.atoms(AtInfinity)
    left = D * (_log_sum(terms) - 2 * SIDE * log(2))
    return total.states(left - there.args[0], *known), limit, *known


def _ratio(logs: Expr, *known: Fact) -> Fact:
    """lim d (exp(R) - 1) for R between two sums of logarithms: R <= exp(R) - 1 <= R exp(R)."""
    (high, limit, *places), (low, also, *others) = (
        _reduced((*terms, *COMMON)) for terms in (HIGH, LOW)
    )
    (most,), (least,) = (f.gap.atoms(AtInfinity) for f in (limit, also))
    x, s, apart = D / 2, (SIDE + 2, K + 2), LATE + evident(2)
    wide = [evident(more) for more in (SIDE, K, SIDE + 1, K + 1)]

    def at(first: Fact, second: Fact) -> Fact:
        fact = 2 * instantiate(first, {X: x, S: s[0]})
        return settle(fact + instantiate(second, {X: D - 1, S: s[1]}, apart), *wide)

    above, below = at(edges(), centre()), at(centre(), edges())
    domain = (*known, *places, *others, apart)
    line = tangent("exp", logs, Integer(0), *domain)
    low = D * (line + below) + low
    top = most.args[0] / D
    order = ((D * above - high) / evident(D)).states(top - logs, *domain)
    rest = tangent("exp", Integer(0), top, *domain)
    high = D * (monotone("exp", order, logs, top, *domain) + rest)
    body = D * (exp(logs) - 1)
    u, v = symbols("u v", real=True)
    reached = through(v * exp(u * v), {u: tends("reciprocal", D), v: limit})
    (end,) = reached.gap.atoms(AtInfinity)
    bounds = low.states(body - least.args[0], *domain), high.states(end.args[0] - body, *domain)
    return squeezed(*bounds, also, reached)


def prove_spec_limit(statement: Statement) -> Proof:
    """log(Gamma(x+s)/Gamma(x)) between logarithms, both with the same first term in 1/d."""
    reached, rated = load()["spec-limit"].unfolded
    logs = -2 * rise(D / 2, SIDE + 2) + rise(D - 1, K + 2) + _log_sum(COMMON) - 2 * SIDE * log(2)
    known = tuple(LATE + evident(more) for more in (0, 1, 2, K, K + 1, K + 2, 2 * K + 1))
    first = _ratio(logs, *known)
    square, gap_term = reached.rhs, rated.lhs.args[0]
    power, halved = (as_power(D, ALPHA), as_power(Integer(2), -2 * SIDE))
    rest = exp(logs - ALPHA * log(D) + 2 * SIDE * log(2))
    plain = rest * D**ALPHA * 2 ** (-2 * SIDE)
    equation = quotient(gap_term, square * D * (plain - 1), *known)
    equation = equation - power.times(square * D * rest * 2 ** (-2 * SIDE), *known)
    equation = equation - halved.times(square * D * rest * exp(ALPHA * log(D)), *known)
    rate = limit_of(equation, gap_term, square, first)
    # What is of the order 1/d vanishes.
    u, v = symbols("u v", real=True)
    none = through(square + u * v, {u: tends("reciprocal", D), v: rate})
    (there,) = none.gap.atoms(AtInfinity)
    scaled = reached.lhs.args[0]
    same_limit = equal(scaled, there.args[0], *known)
    return Proof(statement, (limit_of(same_limit, scaled, Integer(1), none), rate))


PLACE, EXTRA = M + HALF, ALPHA + D / 2
GROWTH = rise(PLACE, EXTRA)
SHRINKS = -2 * EXTRA * log(2) - 2 * GROWTH
"""log(a_k^2/C) at k = alpha + 1 + 2m."""
POINT = {X: PLACE, S: EXTRA}


def _of_degree(bound: Expr, power: Expr, order: Fact, *known: Fact) -> Fact:
    """From the order of log(a_k^2/C) and log b^e: that of a_k^2 and C b^e, at every such degree."""
    base = bound.xreplace({K: BEYOND})
    rises = same(order.gap, SHRINKS - power * log(base))
    ends = (power * log(base), SHRINKS) if rises else (SHRINKS, power * log(base))
    powers = monotone("exp", order, *ends, *known)
    for number, exponent in ((base, power), (Integer(2), -2 * EXTRA)):
        plain = as_power(number, exponent, *known)
        powers = powers.put(plain, exp(exponent * log(number)), *known)
    constant = evident(f.DECAY_CONSTANT.expr)
    square = f.COEFFICIENT.expr.xreplace({K: BEYOND}) ** 2
    shrunk = 2 ** (-2 * EXTRA) * exp(-2 * GROWTH)
    exact = quotient(square, constant.gap * shrunk, sphere(), *known)
    shown = powers * constant + exact.times(1 if rises else -1)
    (parity,), (above,) = given(OTHER_PARITY), given(BEYOND_POWER)
    half = floor((K - ALPHA - 1) / 2)
    index = (above + parity) * HALF  # half >= 0
    return settle(instantiate(shown, {M: half}, index), parity).put(parity, half)


def lower_bound() -> Fact:
    """a_k^2 - C (k + d/2 - 1)^-(d + 2 alpha) >= 0."""
    large, b = given(SPHERE)[0] * HALF + evident(ALPHA), K + D / 2 - 1
    place = sphere() * HALF + evident(ALPHA + 2 * M + HALF)
    base, c = (b.xreplace({K: BEYOND})), PLACE + (EXTRA - 1) / 2
    known = (place.states(base), (place * HALF).states(c))
    centred = settle(instantiate(centre(), POINT), large)
    doubled = logarithm(base, {Integer(2): Integer(1), c: Integer(1)}, *known)
    order = (2 * centred + doubled.times(2 * EXTRA)).states(SHRINKS + 2 * EXTRA * log(base), *known)
    return _of_degree(b, -2 * EXTRA, order, *known)


def _edged() -> Fact:
    """log(Gamma(x+s)/Gamma(x)) >= (s/2) (log x + log(x+s-1)): 2s is an integer >= 2, and not 3."""
    at_degree = assume(Eq(K, BEYOND))  # k and k - alpha are integers, so is 2 alpha
    smaller, larger = (assume(kind(2 * ALPHA + D, 3)) for kind in (Lt, Gt))
    low, high = (whole(fact.put(at_degree, ALPHA)).put(at_degree, K) for fact in (smaller, larger))
    far = settle(instantiate(edges(), POINT), high * HALF)
    one = both(low * HALF, given(SPHERE)[0] * HALF + evident(ALPHA))  # 1 - s = 0
    place = logarithm(gamma(PLACE + 1), {PLACE: Integer(1), gamma(PLACE): Integer(1)})
    near = carried(place.states(Ge(place.gap, 0)), far.gap, ALPHA, one.times(-1))
    return either(NOT_STEP_IN_3, near, far)


def far() -> Fact:
    """The same for 2 alpha + d >= 4."""
    large = assume(Ge(2 * ALPHA + D, 4))
    return settle(instantiate(edges(), POINT), large * HALF)


def upper_bound(edged: Fact) -> Fact:
    """C ((k - alpha)(k + alpha + d - 2))^-(alpha + d/2) - a_k^2 >= 0."""
    known = (sphere() + evident(2 * ALPHA + 2 * M), sphere() * HALF + evident(ALPHA + M))
    b, e = (K - ALPHA) * (K + ALPHA + D - 2), -EXTRA
    base, last = b.xreplace({K: BEYOND}), PLACE + EXTRA - 1
    factors = {Integer(4): Integer(1), PLACE: Integer(1), last: Integer(1)}
    split = logarithm(base, factors, *known)
    power = logarithm(Integer(4), {Integer(2): Integer(2)})
    order = 2 * edged - (split + power).times(EXTRA)
    places = (*known, evident(base, *known))
    return _of_degree(b, e, order.states(e * log(base) - SHRINKS, *places), *places)


def _growth() -> Fact:
    """a_k^2 k^(2s) tends to C along the degrees alpha + 1 + 2m."""
    start = evident(PLACE)
    level = instantiate(flat(M, start, assume(Ge(M, 1)) + evident(HALF)), {S: EXTRA})
    shifted = same_logs(ALPHA / 2, M, start, start + evident(ALPHA) * HALF)
    doubled = logarithm(BEYOND, {Integer(2): Integer(1), PLACE + ALPHA / 2: Integer(1)})
    u, v = symbols("u v", real=True)
    exponent = through(2 * EXTRA * u - 2 * v, {u: shifted, v: level})
    (there,) = exponent.gap.atoms(AtInfinity)
    log_term = 2 * EXTRA * log(BEYOND) + SHRINKS
    same_exponent = doubled.times(2 * EXTRA).states(log_term - there.args[0])
    one = through(exp(u), {u: limit_of(same_exponent, log_term, Integer(1), exponent)})

    term, constant = f.COEFFICIENT.expr.xreplace({K: BEYOND}) ** 2, f.DECAY_CONSTANT.expr
    power, rest = BEYOND ** (2 * EXTRA), constant * exp(-2 * GROWTH)
    equation = quotient(term * power, rest * 2 ** (-2 * EXTRA) * power, sphere())
    halved, grown = as_power(Integer(2), -2 * EXTRA), as_power(BEYOND, 2 * EXTRA)
    equation = equation - halved.times(rest * power, sphere())
    equation = equation - grown.times(rest * exp(-2 * EXTRA * log(2)), sphere())
    return limit_of(equation, term * power, constant, one)


def prove_spec_decay(statement: Statement) -> Proof:
    """Gamma(x + s)/Gamma(x) between two powers, x = m + 1/2, s = alpha + d/2; and its growth."""
    return Proof(statement, (lower_bound(), upper_bound(_edged()), _growth()))
