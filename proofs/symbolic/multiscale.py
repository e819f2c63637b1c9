"""The master bound at every scale: the noise summed by parts, by induction over the scales."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Ge, Integer, exp

from proofs.kernel import (
    Fact,
    assume,
    definition,
    evident,
    given,
    induction,
    instantiate,
    monotone,
    square_norm,
)
from proofs.lemmas import defining
from proofs.proof import Proof
from proofs.symbolic.alignment import aligned
from proofs.symbolic.master_bound import with_leak, without_target
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.statement import Statement

PLACE, N = d.INDEX, d.SCALES


def _noise(outer: Expr) -> Expr:
    """||(P_i - P_S) f_T||^2."""
    return v.norm2((outer - v.P_S) * v.TEACHER)


def _student(outer: Expr) -> Expr:
    """||s(K) (P_i - P_S) f_T||^2."""
    return v.norm2(v.FILTER * (outer - v.P_S) * v.TEACHER)


def filter_falls() -> Fact:
    """s_i^2 - s_{i+1}^2 >= 0, s_i the filter at the largest eigenvalue beyond S_i."""
    (time,), flow = given(s.TIME_NONNEGATIVE), definition(d.SCALE_FLOW)
    order, least = flow[2] * time, instantiate(flow[3], {PLACE: PLACE + 1}) * time
    near, far = (d.EIGENVALUE_BEYOND(i) * q.TIME for i in (PLACE, PLACE + 1))
    falls = monotone("exp", order, -near, -far)
    some = monotone("exp", least, -far, Integer(0))
    return monotone("square", falls, 1 - exp(-far), 1 - exp(-near), some)


def noise_aligned(index: Expr) -> Fact:
    """kappa_i L_TE - ||(P_i - P_S) f_T||^2 >= 0."""
    part = v.scale(index)
    error = v.TEACHER - v.TARGET
    meaning = tuple(instantiate(f, {PLACE: index}) for f in definition(d.SCALE_ALIGNMENT))
    within = aligned(part, d.KAPPA_AT(index), meaning) + square_norm(v.P_S * error)
    return within + without_target(part - v.P_S, v.TEACHER)


@cache
def leak() -> Fact:
    """Lambda L_TE - ||(I - P_S)(f_S - f*)||^2 >= 0."""
    start, step, whole, _ = definition(d.LEAK)
    within, beyond, *_ = definition(d.SCALE_FLOW)
    claim = Ge(
        q.L_TE * d.LEAKED_TO(PLACE)
        + d.passed(PLACE) * _noise(v.scale(PLACE))
        - _student(v.scale(PLACE)),
        0,
    )
    base = evident(Integer(0)) + start.times(q.L_TE)
    later = noise_aligned(PLACE + 1)
    one = assume(claim) + within + filter_falls() * later + step.times(q.L_TE)
    parts = induction(claim, PLACE, base, one, N)
    last = instantiate(beyond, {PLACE: N})
    outside, error = 1 - v.P_S, v.TEACHER - v.TARGET
    rest = evident(d.passed(N)) * square_norm(v.P_S * error)
    rest = rest + defining(d.TEACHER_LOSS).times(d.passed(N))
    rest = rest + without_target(outside, v.TEACHER).times(d.passed(N))
    total = parts + last + rest + whole.times(q.L_TE)
    return total - without_target(outside, v.FILTER * v.TEACHER)


@cache
def no_worse() -> Fact:
    """(1 - exp(-lambda_out t))^2 - Lambda >= 0."""
    start, step, whole, first = definition(d.LEAK)
    below = instantiate(definition(d.SCALE_ALIGNMENT)[1], {PLACE: PLACE + 1})
    claim = Ge(d.passed(Integer(0)) - d.LEAKED_TO(PLACE) - d.passed(PLACE), 0)
    one = assume(claim) + filter_falls() * below - step
    parts = induction(claim, PLACE, evident(Integer(0)) - start, one, N)
    return (parts - whole).put(first, d.EIGENVALUE_BEYOND(Integer(0)))


def prove_master_bound_multiscale(statement: Statement) -> Proof:
    """Abel's summation of the noise, then the master bound with it."""
    return Proof(statement, (with_leak(leak()), no_worse()))
