"""Leverage and the rate of the gain: the error of the teacher in the kernel's own norm."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Ge, Gt, Integer, Le, Rational, exp, log, sqrt

from proofs.calculus import logarithm, reaches
from proofs.kernel import (
    Fact,
    assume,
    at_vector,
    average,
    cases,
    definition,
    evident,
    gap,
    given,
    monotone,
    square_norm,
    tangent,
)
from proofs.lemmas import alone, below_root, cauchy_schwarz, defining, over, part, short
from proofs.proof import Proof
from proofs.symbolic.alignment import unseen
from proofs.symbolic.lem_ls import orthogonal
from proofs.symbolic.master_bound import unit_loss, with_leak, without_target
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import VISIBLE
from w2s_theory.ledger.rate import BACH_WIDTH, LEVEL_POSITIVE, LEVERED, SHARED, WIDTH_AT
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.theorem_3_1 import LATE_FOR_LEVEL

ERROR = v.TEACHER - v.TARGET


def _hidden_error() -> Fact:
    """Delta L_TE - ||K^(1/2) (f_T - f*)||^2 >= 0: f_T - f* = -(I - P_T) f*."""
    most = at_vector(definition(d.HIDDEN)[1], (1 - v.P_T) * v.TARGET)
    loss = defining(d.TEACHER_LOSS) + _projected(Integer(1))
    return most + loss.times(q.HIDDEN) - _projected(v.ROOT * v.ROOT)


def _projected(operator: Expr) -> Fact:
    """<e, A e> - <(I - P_T) f*, A (I - P_T) f*> = 0."""
    projected, seen = defining(d.PROJECTED_TEACHER), operator * v.P_T * v.TARGET
    once = at_vector(projected, operator * v.TEACHER) + at_vector(projected, seen)
    return once - at_vector(projected, operator * v.TARGET).times(2)


def _room(level: Expr) -> tuple[Fact, ...]:
    """Delta <= mu, where the bounds are those of mu instead of Delta."""
    return () if level == q.HIDDEN else (assume(Le(q.HIDDEN, level)),)


def _least(level: Expr) -> Fact:
    """mu >= 0."""
    return sum(_room(level), definition(d.HIDDEN)[0])


def _lesser(level: Expr) -> Fact:
    """mu L_TE - lambda_0 ||P_S e||^2 - ||K^(1/2) (I - P_S) e||^2 >= 0."""
    found = _hidden_error() + at_vector(defining(d.SEEN), ERROR)
    return sum((room * unit_loss()[0] for room in _room(level)), found)


def _positive() -> Fact:
    """lambda_0 > 0."""
    (visible,) = given(VISIBLE)
    return visible


def _share(level: Expr) -> tuple[Expr, Fact]:
    """x = mu/lambda_0, and x >= 0."""
    return level / q.LAMBDA_TARGET, _least(level) / _positive()


def _within(level: Expr) -> Fact:
    """x L_TE - ||P_S e||^2 >= 0."""
    share, _ = _share(level)
    rest = square_norm(v.ROOT * (1 - v.P_S) * ERROR)
    return over(_lesser(level) + rest, _positive(), share * q.L_TE - v.norm2(v.P_S * ERROR))


def _leaked(level: Expr) -> Fact:
    """mu t s_out L_TE - ||(I - P_S)(f_S - f*)||^2 >= 0, from s^2 <= s_out lambda t."""
    ((time,), (positive,)) = given(s.TIME_NONNEGATIVE), given(s.EIGENVALUES_NONNEGATIVE)
    least, most = definition(d.FLOW_OUTSIDE)[3:]
    at = v.OUTSIDE_AT * q.TIME
    some = monotone("exp", (least + positive) * time, -at, Integer(0))
    falls = monotone("exp", most * time, -q.LAMBDA_OUT * q.TIME, -at)
    bend = tangent("exp", -at, Integer(0))
    out = 1 - exp(-q.LAMBDA_OUT * q.TIME)
    top = some + falls  # s_out >= 0, as s_out >= s >= 0
    pointwise = (top * bend + some * falls).states(out * at - (1 - exp(-at)) ** 2)
    outside, factor = 1 - v.P_S, q.TIME * out
    mean = average(pointwise, v.OUTSIDE) - definition(d.FLOW_OUTSIDE)[1]
    mean = mean + defining(d.OUTSIDE_ENERGY).times(factor)
    kernel = v.ROOT * v.ROOT * outside
    same = unseen(kernel * v.TARGET) - unseen(kernel * v.TEACHER).times(2)
    scale = _nonnegative_factor(time)
    least_in = scale * _positive() * square_norm(v.P_S * ERROR)
    leak = mean + same.times(factor) + scale * _lesser(level) + least_in
    return leak - without_target(outside, v.FILTER * v.TEACHER)


def _nonnegative_factor(time: Fact) -> Fact:
    """t s_out >= 0."""
    (positive,), (least, most) = given(s.EIGENVALUES_NONNEGATIVE), definition(d.FLOW_OUTSIDE)[3:]
    passed = (least + most + positive) * time
    return monotone("exp", passed, -q.LAMBDA_OUT * q.TIME, Integer(0)) * time


@cache
def gain_rate(level: Expr = q.HIDDEN) -> Fact:
    """The bound at every time, Delta = mu or at most mu."""
    share, _ = _share(level)
    return with_leak(_leaked(level), share, _within(level), _least(level), _positive())


@cache
def loss_at_most(level: Expr = q.HIDDEN) -> Fact:
    """x - L_TE >= 0."""
    return over(sum(_room(level), _teacher()), _positive(), _share(level)[0] - q.L_TE)


def _real(level: Expr) -> tuple[Fact, ...]:
    """What makes the roots real."""
    low, high, _ = unit_loss()
    return _share(level)[1], low, high, _least(level), _positive()


@cache
def late(level: Expr = q.HIDDEN) -> Fact:
    """The square, once exp(-lambda_0 t) <= x."""
    share, known = _share(level)
    premise = assume(Le(exp(-q.LAMBDA_TARGET * q.TIME), share))
    low = unit_loss()[0]
    loss, (time,) = loss_at_most(level), given(s.TIME_NONNEGATIVE)
    near, left = sqrt(share * q.L_TE), exp(-q.LAMBDA_TARGET * q.TIME)
    rest, facts = sqrt(1 - q.L_TE), _real(level)
    first = below_root((known * loss).states(share**2 - near**2, *facts), near, share, *facts)
    one = below_root(low.states(1 - rest**2, *facts), rest, Integer(1), *facts)
    second = evident(left) * one + premise  # x - left rest >= 0
    both_ = first + second.states(share - left * rest, *facts)
    sum_ = evident(near + left * rest + 2 * share, *facts)
    square = (both_ * sum_).states((2 * share) ** 2 - (near + left * rest) ** 2, *facts)
    out = q.LAMBDA_TARGET * q.TIME * (1 - exp(-q.LAMBDA_OUT * q.TIME))
    leak = _least(level) * _nonnegative_factor(time) * loss
    bound = gain_rate(level) + square + leak
    return bound.states(share**2 * (4 + out) - q.L_ST, *facts)


@cache
def stopped(level: Expr = q.HIDDEN) -> Fact:
    """The factor x on L_TE, once exp(-2 lambda_0 t)(1 - L_TE) <= x L_TE."""
    share, _ = _share(level)
    left, rest = exp(-q.LAMBDA_TARGET * q.TIME), sqrt(1 - q.L_TE)
    premise = assume(Le(left**2 * (1 - q.L_TE), share * q.L_TE))
    facts = _real(level)
    near = sqrt(share * q.L_TE)
    second = below_root(
        premise.states(near**2 - (left * rest) ** 2, *facts), left * rest, near, *facts
    )
    square = (second * evident(3 * near + left * rest, *facts)).states(
        (2 * near) ** 2 - (near + left * rest) ** 2, *facts
    )
    out = q.LAMBDA_TARGET * q.TIME * (1 - exp(-q.LAMBDA_OUT * q.TIME))
    return (gain_rate(level) + square).states(share * (4 + out) * q.L_TE - q.L_ST, *facts)


def prove_gain_rate(statement: Statement) -> Proof:
    """The noise beyond S in the kernel's norm of the teacher's error; then the two times."""
    return Proof(statement, (gain_rate(), late(), stopped()))


# --- leverage -------------------------------------------------------------------------------------


def _worst(target: Expr, short_norm: Fact, meaning: Fact, value: Expr, *more: Fact) -> Fact:
    """Delta - lambda_0 l >= 0 for l = ||y||^2, y = (I - P_T) w, w in span S, ||w|| at most 1.

    l = <y, w> = <P_S y, w>, and lambda_0 ||P_S y||^2 <= ||K^(1/2) y||^2 <= Delta l, as y is
    hidden from the teacher. `meaning`: ||y||^2 - l = 0, `more` l >= 0 and <P_S y, w> = <y, w>.
    """
    least, bound = definition(d.HIDDEN)
    missed = (1 - v.P_T) * target
    near, norm = v.P_S * missed, v.norm2(missed)
    level = at_vector(bound, missed) + at_vector(defining(d.SEEN), missed)
    level = level + square_norm(v.ROOT * (1 - v.P_S) * missed)
    positive, *same = more
    square = cauchy_schwarz(near, target) + short_norm * square_norm(near)
    for fact in same:
        square = square - fact.times(v.inner(near, target) + norm)
    some, none = assume(Gt(q.LAMBDA_TARGET, 0)), assume(Le(q.LAMBDA_TARGET, 0))
    at = level + some * square  # Delta n - lambda_0 n^2 >= 0, n = ||y||^2
    at = at - meaning.times(q.HIDDEN) + meaning.times(q.LAMBDA_TARGET * (norm + value))
    above, below = assume(Gt(value, 0)), assume(Le(value, 0))
    gap = q.HIDDEN - q.LAMBDA_TARGET * value
    seen = cases(over(at, above, gap), above, (least + some * below).states(gap), below)
    return cases(seen, some, (least + none * positive).states(gap), none)


def _aligned() -> Fact:
    """Delta - lambda_0 kappa_S >= 0."""
    unit_norm, reached = definition(d.ALIGNMENT_REACHED)
    positive = definition(d.ALIGNMENT)[0]
    return _worst(v.P_S * v.WORST, unit_norm.times(-1), reached, q.KAPPA, positive)


def _teacher() -> Fact:
    """Delta - lambda_0 L_TE >= 0."""
    missed = (1 - v.P_T) * v.TARGET
    low = square_norm(ERROR) + defining(d.TEACHER_LOSS)
    same = unseen(v.P_S * missed) - unseen(missed)
    same = same.states(v.norm2(missed) - v.inner(v.P_S * missed, v.TARGET))
    loss = defining(d.TEACHER_LOSS) + _projected(Integer(1))
    meaning = loss.states(v.norm2(missed) - q.L_TE)
    return _worst(v.TARGET, short(), meaning, q.L_TE, low, same)


def _spread() -> Fact:
    """tau mu - (1 - tau) Delta >= 0, where Delta is attained."""
    unit_norm, reached = definition(d.HIDDEN_REACHED)
    blind, bound = definition(d.DEVIATION)
    missed = (1 - v.P_T) * v.FARTHEST
    level, tau = (part(LEVERED[-2], Ge(x, 0)) for x in (q.LEVEL, q.DEVIATION))
    shorter = square_norm(v.P_T * v.FARTHEST) - unit_norm  # 1 - ||(I - P_T) x||^2 >= 0
    found = at_vector(bound, missed) - at_vector(blind, v.FARTHEST)
    found = found + (tau * level) * shorter
    return found + reached.times(1 - q.DEVIATION)


_BERNSTEIN = (
    "Tropp 2015, theorem 7.7.1, for X_i = (K + mu)^(-1/2) (K - k_i k_i^T) (K + mu)^(-1/2), k_i the "
    "features: largest eigenvalue at most 1, variance at most d(mu) K/(K + mu), whose intrinsic "
    "dimension is at most 2 d(mu) where mu is at most the largest eigenvalue of K (beyond it Delta "
    "<= mu is trivial); by the clause on tau, Delta > "
)


def _risk(risk: Expr, rate: Expr, excess: str, units: Expr) -> Fact:
    """delta - risk >= 0 from risk <= 8 d exp(-M r), M >= M_0 and M_0 r >= log(8 d/delta)."""
    bernstein = gap(_BERNSTEIN + excess, Le(risk, 8 * q.FREEDOM * exp(-q.WIDTH * rate)))
    wide, (free, delta) = assume(Ge(q.WIDTH, units)), numbers()
    logarithm = log(8 * q.FREEDOM / q.RISK)
    slow = evident(rate, free)
    more = _enough(units, rate, free, delta)  # M_0 r - log(8 d/delta) >= 0
    falls = monotone(
        "exp",
        (wide * slow + more).states(q.WIDTH * rate - logarithm, free, delta),
        -q.WIDTH * rate,
        -logarithm,
        free,
        delta,
    )
    return bernstein + 8 * evident(q.FREEDOM, free) * falls


FEW = Rational(8, 13)


def numbers() -> tuple[Fact, Fact]:
    """d(mu) > 0 and delta > 0."""
    return (enough_freedom() + evident(FEW)).states(q.FREEDOM), alone(LEVERED[-1], Gt(q.RISK, 0))


def enough_freedom() -> Fact:
    """d(mu) - 8/13 >= 0, which is all that is needed of d(mu) >= 1."""
    return alone(LEVERED[-1], Ge(q.FREEDOM, FEW))


def most_risk() -> Fact:
    """4 - delta >= 0, which is all that is needed of delta <= 1."""
    return alone(LEVERED[-1], Le(q.RISK, 4))


def _enough(units: Expr, rate: Expr, free: Fact, delta: Fact) -> Fact:
    """M_0 r - log(8 d/delta) >= 0."""
    small = log(8 * q.FREEDOM / q.RISK)
    if units == WIDTH_AT.expr:
        return (evident(Integer(0))).states(units * rate - small, free, delta)
    # 5 d r >= 1, as 45 d - (32 d + 8) >= 0 for d >= 8/13; log(16 d/delta) >= log(8 d/delta), 0.
    large = log(16 * q.FREEDOM / q.RISK)
    rises = monotone(
        "log", evident(8 * q.FREEDOM / q.RISK, free, delta), 8 * q.FREEDOM / q.RISK,
        16 * q.FREEDOM / q.RISK, free, delta,
    )  # fmt: skip
    above = enough_freedom() * 16 + most_risk() + evident(16 * FEW - 4)
    one = over(above, delta, 16 * q.FREEDOM / q.RISK - 1)
    positive = monotone("log", one, Integer(1), 16 * q.FREEDOM / q.RISK, free, delta)
    spare = 13 * enough_freedom()
    factor = over(spare, evident(32 * q.FREEDOM + 8, free), 5 * q.FREEDOM * rate - 1, free)
    return (factor * positive + rises).states(5 * q.FREEDOM * large * rate - small, free, delta)


@cache
def half_risk() -> Fact:
    """delta - P(Delta > mu) >= 0, from the width for d(mu) on."""
    rate = 1 / (8 * q.FREEDOM + Rational(4, 3))
    return _risk(q.LEVERAGE_RISK, rate, "mu needs tau > 1/2", WIDTH_AT.expr)


def prove_leverage(statement: Statement) -> Proof:
    """Duality, the quadratic form of K - K_M, and Bernstein's inequality."""
    far = _risk(q.FAR_RISK, 9 / (32 * q.FREEDOM + 8), "3 mu needs tau > 3/4", BACH_WIDTH.expr)
    return Proof(statement, (_aligned(), _teacher(), _spread(), half_risk(), far))


def prove_gain_rate_limit(statement: Statement) -> Proof:
    """lambda_0 t = log(lambda_0/Delta) >= 0, and s_out <= 1."""
    square, limit = load()["gain-rate-limit"].claim
    least, most = (part(SHARED, r) for r in (Gt(q.HIDDEN, 0), Le(q.HIDDEN, q.LAMBDA_TARGET)))
    level = (most + least).states(q.LAMBDA_TARGET)
    known = (least, level)
    rises = monotone("log", most, q.HIDDEN, q.LAMBDA_TARGET, *known)
    ratio = logarithm(
        q.LAMBDA_TARGET / q.HIDDEN, {q.LAMBDA_TARGET: Integer(1), q.HIDDEN: Integer(-1)}, *known
    )
    long = (rises + ratio).states(log(q.LAMBDA_TARGET / q.HIDDEN), *known)
    share = evident((q.HIDDEN / q.LAMBDA_TARGET) ** 2, *known)
    left = evident(exp(-q.LAMBDA_OUT * log(q.LAMBDA_TARGET / q.HIDDEN) / q.LAMBDA_TARGET), *known)
    bound = (share * long * left).states(square.rhs - square.lhs, *known)
    return Proof(statement, (bound, reaches(limit)))


def prove_teacher_rate(statement: Statement) -> Proof:
    """L_TE = -<e, K^(1/2) g> for e = f_T - f*, ||K^(1/2) e||^2 <= Delta L_TE, Cauchy-Schwarz."""
    meaning, energy = definition(d.PREIMAGE)
    product = v.inner(v.ROOT * ERROR, v.PREIMAGE)
    missed = defining(d.TEACHER_LOSS) + orthogonal() + at_vector(meaning, ERROR)
    missed = missed.states(q.L_TE + product)
    seen = _hidden_error() * square_norm(v.PREIMAGE)
    square = cauchy_schwarz(v.ROOT * ERROR, v.PREIMAGE) + missed.times(product - q.L_TE) + seen
    square = square - energy.times(q.HIDDEN * q.L_TE)  # Delta E L - L^2 >= 0
    some, none = assume(Gt(q.L_TE, 0)), assume(Le(q.L_TE, 0))
    gap_ = q.HIDDEN * q.TARGET_ENERGY - q.L_TE
    positive = square_norm(v.PREIMAGE) - energy
    least = definition(d.HIDDEN)[0] * positive + none
    found = cases(over(square, some, gap_), some, least.states(gap_), none)
    wider = assume(Le(q.HIDDEN, q.LEVEL)) * positive.states(q.TARGET_ENERGY)
    return Proof(statement, (found, found + wider))


def prove_thm_3_1(statement: Statement) -> Proof:
    """gain-rate at mu instead of Delta, late enough; L_TE > 0, as the student is late."""
    bound, level = stopped(q.LEVEL), part(LEVEL_POSITIVE, Gt(q.LEVEL, 0))
    left, facts = exp(-q.LAMBDA_TARGET * q.TIME), (level, _positive())
    late_, rate = assume(LATE_FOR_LEVEL.condition), evident(left**2)
    scale = evident(q.LEVEL / q.LAMBDA_TARGET, *facts)
    some = over(late_ + rate, scale + rate, q.L_TE, *facts)
    recovered = (bound / some).states(statement.claim[2].args[1], some, *facts)
    return Proof(statement, (half_risk(), bound, recovered))
