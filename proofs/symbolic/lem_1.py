"""Lemma 1 (gradient flow), its extension to filters and convex regularisers, and momentum."""

from __future__ import annotations

from sympy import Integer, exp

from proofs.kernel import Fact, average, definition, evident, given, monotone
from proofs.lemmas import unit_scale
from proofs.proof import Proof
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.limits import (
    MOMENTUM_LARGE,
    REGULARISED_MINIMISER,
    REGULARISER_CONVEX,
    REGULARISER_MINIMAL,
)
from w2s_theory.ledger.statement import Statement


def _shrinks(low: Fact, room: Fact) -> Fact:
    """From s_k >= 0 and 1 - s_k >= 0: the mean of s (1 - s) is <f_S, f_T - f_S>."""
    inner, norm = definition(d.SPECTRAL_STUDENT)
    term = (low * room).named("term", "each eigenfunction contributes s_k (1 - s_k)")
    shrinks = average(term, v.SPECTRUM) + inner - norm
    return shrinks.named("mean", "<f_S, f_T - f_S> is the mean over the spectrum of f_T")


def flow_filter() -> tuple[Fact, Fact]:
    """s_k >= 0 and 1 - s_k > 0 for gradient flow."""
    flow, least = definition(d.GRADIENT_FLOW)
    ((positive,), (time,)) = given(s.EIGENVALUES_NONNEGATIVE), given(s.TIME_NONNEGATIVE)
    passed = (time * (least + positive)).states(v.EIGENVALUE_AT * q.TIME)
    rise = monotone("exp", passed, -v.EIGENVALUE_AT * q.TIME, Integer(0))
    decay = evident(exp(-v.EIGENVALUE_AT * q.TIME))
    return rise + flow, (decay - flow).named("filter", "0 < exp(-lambda_k t) <= 1")


def flow_shrinks() -> Fact:
    """<f_S, f_T - f_S> >= 0 for gradient flow."""
    return _shrinks(*flow_filter())


def prove_lem_1(statement: Statement) -> Proof:
    """Each eigenfunction contributes exp(-x) (1 - exp(-x)), x = lambda t >= 0."""
    return Proof(statement, (flow_shrinks(),))


def prove_lem_1_filters(statement: Statement) -> Proof:
    """Each eigenfunction contributes s (1 - s)."""
    above, below = definition(d.FILTER_RANGE)
    ((low,), (high,)) = given(s.FILTER_NONNEGATIVE), given(s.FILTER_AT_MOST_ONE)
    return Proof(statement, (_shrinks(above + low, below + high),))


def prove_lem_1_convex(statement: Statement) -> Proof:
    """Compare f_S with a f_S: optimality, then convexity between 0 and f_S, then minimality."""
    assumed = (REGULARISED_MINIMISER, REGULARISER_CONVEX, REGULARISER_MINIMAL)
    (optimal,), (convex,), (minimal,) = map(given, assumed)
    return Proof(statement, (optimal + convex + unit_scale() * minimal,))


def prove_lem_1_overshoot(statement: Statement) -> Proof:
    """Two heavy-ball steps: s - 1 = e = x mu - (1 - x)^2 > 0, and -s (1 - s) = (1 + e) e."""
    (excess,) = given(MOMENTUM_LARGE)
    return Proof(statement, (excess, excess * excess + excess))
