"""Uniqueness of the effective ridge; optimality of the student under the universality ansatz."""

from __future__ import annotations

from sympy import Expr, Gt, Integer, Lt, exp

from proofs.calculus import power_of_product
from proofs.kernel import (
    Fact,
    as_power,
    assume,
    average,
    definition,
    equal,
    evident,
    given,
    monotone,
    tangent,
)
from proofs.lemmas import part
from proofs.proof import Proof
from w2s_theory.ledger import model_definitions as m
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.universality import (
    ANSATZ,
    EQUIVALENT_LOSS,
    FORWARDS,
    LEARNED,
    NOISE_WEIGHT,
    POSITIVE,
    STOP,
)

KAPPA, ABOVE, LAMBDA = q.RIDGE, q.RIDGE_ABOVE, q.EIGENVALUE


def _falls(eigenvalue: Expr, wider: Fact, ends: tuple[Fact, Fact]) -> Fact:
    """1/(lambda + kappa) - 1/(lambda + kappa') > 0, both sums > 0."""
    gap = (wider / ends[0]) / ends[1]
    return gap.states(1 / (eigenvalue + KAPPA) - 1 / (eigenvalue + ABOVE), *ends)


def prove_universality(statement: Statement) -> Proof:
    """Monotonicity in kappa of one summand, and so of the sum; one identity."""
    wider = assume(Lt(KAPPA, ABOVE))
    some, whole = part(POSITIVE, LAMBDA > 0), part(POSITIVE, LAMBDA + KAPPA > 0)
    ends = whole, whole + wider
    one = some * _falls(LAMBDA, wider, ends)
    falling = one.states(LEARNED.expr - LEARNED(LAMBDA, ABOVE), *ends)
    least, mass, captured, further = definition(m.TRACE_SUMS)
    ridge = assume(Gt(KAPPA, 0))
    at = v.TRACED_AT
    ends = least + ridge, least + ridge + wider
    fall = average(_falls(at, wider, ends), v.TRACED, mass, least, ridge, ridge + wider, *ends)
    weight = NOISE_WEIGHT.expr
    loss = EQUIVALENT_LOSS(LAMBDA, KAPPA)
    energies = equal(weight, loss * (1 - loss), whole)
    return Proof(statement, (falling, fall + captured - further, energies))


def prove_optimality(statement: Statement) -> Proof:
    """Signal and noise of the student at t = C log(1/L)/lambda_0, under the ansatz."""
    loss, kappa, lam = q.L_TE, q.RIDGE, q.LAMBDA_TARGET
    patience, target, ridge = (part(FORWARDS, e) for e in (q.COEFFICIENT >= 0, lam > 0, kappa > 0))
    (ansatz,) = given(ANSATZ)
    least, filter_, mass, spread, student = definition(m.EQUIVALENT)
    whole = target + ridge
    low = (ridge / whole + ansatz).states(loss, whole)
    high = (target / whole - ansatz).states(1 - loss, whole)
    ends = (low, high, target, ridge, evident(1 / loss, low))
    logs = monotone("log", (high / low).states(1 / loss - 1, low), Integer(1), 1 / loss, *ends)
    time = patience * logs / target
    known = (*ends, least, time)
    # the noise: s_j <= lambda_j t, kappa (lambda_j t)^2/(lambda_j + kappa)^2 <= kappa t^2
    at, learnt, t = v.OTHER_AT, v.LEARNED_AT, STOP.expr
    move = least * time
    some = (monotone("exp", move, -at * t, Integer(0), *known) + filter_).states(learnt, *known)
    most = (tangent("exp", -at * t, Integer(0), *known) - filter_).states(at * t - learnt, *known)
    squares = monotone("square", most, learnt, at * t, some, *known)
    weight = evident(kappa / (at + kappa) ** 2, least, ridge)
    noise = squares * weight + evident(
        kappa * t**2 * (2 * at * kappa + kappa**2) / (at + kappa) ** 2, *known
    )
    noise = noise.states(kappa * t**2 - learnt**2 * weight.gap, *known)
    noise = average(noise, v.OTHERS, *known)
    noise = noise + mass * evident(kappa * t**2, *known)
    # the sum: (L + (1 - L) L^C)^2 + L (1 - L) noise/D
    unfinished = exp(-lam * t)
    below_one = evident(kappa / (at + kappa) ** 2 * learnt**2, least, ridge)
    floor = evident(lam * kappa / (lam + kappa) ** 2, *known)
    spread_positive = (floor + average(weight, v.OTHERS, *known) + spread).states(q.SPREAD)
    share = low * high / spread_positive
    above = average(below_one, v.OTHERS, *known) * share
    rest = evident(unfinished, *known) * high
    first = (rest * (rest + 2 * low) + above + student).states(
        q.L_ST - loss**2, *known, spread_positive
    )
    late = as_power(1 / loss, -q.COEFFICIENT, *ends)  # exp(-lambda_0 t) = L^C
    late = late + power_of_product([(loss, Integer(-1))], -q.COEFFICIENT, *ends)
    power = evident(unfinished, *known)
    signal = power * low * (rest + 2 * low + power)
    second = noise * share + signal - student
    ridge_is = (ansatz.times(whole.gap)).states(lam * loss - kappa * (1 - loss))
    second = second + ridge_is.times(loss * t**2 * q.TRACE / q.SPREAD, *known, spread_positive)
    second = second.put(late, unfinished, *known)
    return Proof(statement, (first, second))
