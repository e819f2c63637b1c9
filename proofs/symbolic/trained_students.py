"""Stationary heads, Euler's identity, filters that grow, projections, several degrees."""

from __future__ import annotations

from sympy import Ge, Integer, Le, Rational

from proofs.kernel import (
    Fact,
    assume,
    at_vector,
    average,
    both,
    definition,
    discharge,
    evident,
    given,
    monotone,
    square_norm,
)
from proofs.lemmas import defining, nothing, over, part, substitute
from proofs.proof import Proof
from proofs.symbolic.thm_4_1 import shrinkage_limit
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import run_definitions as r
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger import trained_students as c
from w2s_theory.ledger.statement import Statement

L = q.L_TE


def prove_linear_head(statement: Statement) -> Proof:
    """W . (w W - <h, f_T - f_S>) = 0; then Theorem 4.1."""
    product, norm, most, least = definition(r.HEAD)
    ((zero,), (decay,)) = given(c.STATIONARY), given(c.DECAY)
    entry = both(least - zero, most - zero).named("stationary", "each entry of the gradient is 0")
    head = product - average(entry.times(v.WEIGHT_AT), v.FEATURES)
    exact = (head - norm.times(q.DECAY)).states(s.SHRINKAGE - q.DECAY * q.HEAD_NORM2)
    squares = average(evident(v.WEIGHT_AT**2), v.FEATURES) + norm
    shrinks = (decay * squares + exact).states(s.STUDENT_SHRINKS.condition)
    limit = discharge(shrinkage_limit()[0], s.STUDENT_SHRINKS, shrinks)
    return Proof(statement, (exact, shrinks, limit))


def prove_homogeneous(statement: Statement) -> Proof:
    """theta . d theta/dt = <theta . grad f, f_T - f_S> = H <f_S, f_T - f_S>, less the decay."""
    ((euler,), (degree,), (decay,)) = map(given, (c.EULER, c.DEGREE, c.DECAY))
    zero = euler - defining(r.EULER_MISS)
    miss = v.RADIAL - q.HOMOGENEITY * v.STUDENT
    rate, norm = definition(r.WEIGHTS_FLOW)
    exact = (rate + nothing(v.TEACHER - v.STUDENT, miss, zero)).states(
        q.NORM_RATE - q.HOMOGENEITY * s.SHRINKAGE + q.DECAY * q.PARAMETER_NORM2
    )
    weights = average(evident(v.WEIGHT_AT**2), v.FEATURES) + norm
    grown = assume(c.GROWS) + decay * weights - exact
    shrinks = over(grown, degree, s.SHRINKAGE).states(s.STUDENT_SHRINKS.condition)
    limit = discharge(shrinkage_limit()[0], s.STUDENT_SHRINKS, shrinks)
    return Proof(statement, (exact, shrinks, limit))


def prove_weak_validation(statement: Statement) -> Proof:
    """(1 - s)^2 - (1 - s')^2 = (s' - s) ((s' - s) + 2 (1 - s'))."""
    now, later, rise, most = definition(r.WATCHED)
    ((rises,), (at_most,)) = given(c.RISES), given(c.LATER_AT_MOST_ONE)
    grown, room = rise + rises, most + at_most
    falls = average(grown * (grown + 2 * room), v.SPECTRUM) + now - later
    positive, onwards = (assume(r) for r in (Ge(q.EIGENVALUE, 0), Ge(q.LATER_TIME, q.TIME)))
    passed = (positive * onwards).states(q.EIGENVALUE * (q.LATER_TIME - q.TIME))
    ends = (-q.EIGENVALUE * q.LATER_TIME, -q.EIGENVALUE * q.TIME)
    return Proof(statement, (falls.states(q.FIT - q.LATER_FIT), monotone("exp", passed, *ends)))


def prove_squared_only(statement: Statement) -> Proof:
    """Every number in closed form; <f_T, f*> = 1 - L_TE by the loss."""
    ((unit,), (below,), (norm,), (none,)) = map(given, c.PROJECTED)
    loss = defining(d.TEACHER_LOSS)
    aligned = q.TEACHER_TARGET - (1 - L)
    cross = (loss + norm + unit).times(Rational(1, 2)).states(aligned)
    apart = v.STUDENT - (1 - L) * v.TARGET
    same = {u: nothing(u, apart, none) for u in (v.STUDENT, v.TARGET, v.TEACHER)}
    inner = same[v.TARGET] + unit.times(1 - L)
    square = same[v.STUDENT] + inner.times(1 - L)
    taught = same[v.TEACHER]
    gap = (taught - square + cross.times(1 - L)).states(s.SHRINKAGE)
    known = {q.STUDENT_NORM2: square, q.STUDENT_TARGET: inner, q.TARGET_NORM2: unit}
    exact = substitute(defining(d.STUDENT_LOSS), known).states(q.L_ST - L**2)
    root = inner.times(q.STUDENT_TARGET + 1 - L)
    cosine = root - square - unit.times(q.STUDENT_NORM2)
    cosine = cosine.states(q.STUDENT_TARGET**2 - q.STUDENT_NORM2 * q.TARGET_NORM2)
    positive = below + inner
    return Proof(statement, (gap, exact, cosine, positive))


def prove_converged(statement: Statement) -> Proof:
    """Pythagoras: P_S (f_T - f*) and (I - P_S) f* are orthogonal."""
    (zero,) = given(c.CONVERGED_STUDENT)
    null, image = v.STUDENT - v.P_S * v.TEACHER, v.P_S * v.TEACHER
    none = zero - defining(r.UNCONVERGED)
    same = {u: nothing(u, null, none) for u in (v.STUDENT, image, v.TARGET)}
    norm = same[v.STUDENT] + same[image]  # ||f_S||^2 = ||P_S f_T||^2
    miss, ceiling = defining(d.PROJECTED_MISS), defining(r.CEILING)
    loss = defining(d.STUDENT_LOSS)
    excess = loss + norm - same[v.TARGET].times(2) - ceiling - miss
    excess = excess.states(q.L_ST - q.CEILING - q.PROJECTED_MISS)
    (fitted,) = definition(d.PROJECTED_TEACHER)
    seen = v.P_S * (v.TEACHER - 2 * v.TARGET + v.P_T * v.TARGET)
    unseen = (miss - defining(r.UNSEEN) + at_vector(fitted, seen)).states(
        q.PROJECTED_MISS - q.UNSEEN
    )
    rest = square_norm((1 - v.P_S) * (v.TEACHER - v.TARGET)) + defining(d.TEACHER_LOSS)
    least = (rest - miss - excess).states(L - (q.L_ST - q.CEILING))
    return Proof(statement, (excess, unseen, least))


# --- several degrees ----------------------------------------------------------------------------


def prove_several_degrees(statement: Statement) -> Proof:
    """kappa u <= rho (1 + kappa U) and rho <= kappa u, u = 1/lambda <= U; means of the squares."""
    facts = definition(r.EQUIVALENT_DEGREES)
    whole, missed, low, high, mean, mean2, loss, bias, _, least, most, _ = facts
    ((ridge,), (carried,)) = given(c.NONNEGATIVE_RIDGE), given(c.CARRIED)
    rho, u, m1 = v.MISSED_AT, v.INVERSE_AT, q.MEAN_INVERSE
    scaled = ridge * low  # kappa u
    bottom = scaled + evident(Integer(1))
    share = over((scaled + missed).states(rho * bottom.gap), bottom, rho)
    rest = over((evident(Integer(1)) - missed).states((1 - rho) * bottom.gap), bottom, 1 - rho)
    below = scaled * share - missed  # kappa u - rho
    spare = ridge * high  # kappa (U - u)
    above = share * spare + missed  # rho (1 + kappa U) - kappa u
    wide = (bottom + spare).states(1 + q.RIDGE * q.INVERSE_MAX)
    energy = average(evident(u**2), v.ENERGY) + mean2
    first = ridge * carried  # kappa E[u]
    loss_most = average(below, v.ENERGY) + mean.times(q.RIDGE) - loss
    loss_least = average(above, v.ENERGY) + loss.times(wide.gap) - mean.times(q.RIDGE)
    bias_most = average(below * (scaled + share), v.ENERGY) + mean2.times(q.RIDGE**2) - bias
    squares = average(above * (share * wide + scaled), v.ENERGY)
    bias_least = squares + bias.times(wide.gap**2) - mean2.times(q.RIDGE**2)
    positive = average(share, v.ENERGY) + loss
    ratio, factor = q.MEAN_INVERSE2 / m1**2, energy / carried / carried
    lower = bias_least + factor * loss_most * (first + positive)
    upper = factor * loss_least * (first + positive * wide) + bias_most
    spread = average(evident((u - m1) ** 2), v.ENERGY) - mean.times(2 * m1) + whole.times(-(m1**2))
    spread = (spread + mean2).states(q.MEAN_INVERSE2 - m1**2)
    at_most = part(c.FLOW_IN_UNIT, Le(q.FILTER_MAX, 1))
    finished = part(c.FLOW_IN_UNIT, Ge(q.FILTER_MIN, 1 - q.UNFINISHED))
    return Proof(
        statement,
        (
            lower.states(q.BIAS * wide.gap**2 - ratio * q.L_TE**2, carried),
            upper.states(ratio * q.L_TE**2 * wide.gap**2 - q.BIAS, carried),
            over(spread, carried * carried, ratio - 1, carried),
            *_stopped(share, rest, most + at_most, least + finished),
        ),
    )


def _stopped(share: Fact, rest: Fact, room: Fact, near: Fact) -> tuple[Fact, Fact]:
    """L_ST >= B, and what it is more, from rho, 1 - rho, 1 - s and s - (1 - delta) >= 0."""
    whole, *_, loss, bias, student, _, _, noise = definition(r.EQUIVALENT_DEGREES)
    left = average(room * rest * (room * rest + 2 * share), v.ENERGY)
    least: Fact = left + student - bias + noise
    reached = room * rest + share  # 1 - s (1 - rho)
    gap = near + room * share
    most: Fact = average(gap * (near + room + share + reached), v.ENERGY)
    most = most - student + bias + loss.times(2 * q.UNFINISHED) - whole.times(q.UNFINISHED**2)
    most = most.states(q.BIAS + 2 * q.UNFINISHED * q.L_TE + q.UNFINISHED**2 + q.NOISE - q.L_ST)
    return least.states(q.L_ST - q.BIAS), most
