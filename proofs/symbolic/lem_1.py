"""Lemma 1 (gradient flow), its extension to filters and convex regularisers, and momentum."""

from __future__ import annotations

from sympy import Ge, Symbol, exp

from proofs.steps import Proof, combination, concludes, equal
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.limits import (
    MOMENTUM_LARGE,
    REGULARISED_MINIMISER,
    REGULARISER_CONVEX,
    REGULARISER_MINIMAL,
)
from w2s_theory.ledger.statement import Statement

_C = Symbol("c_k", real=True)
_S = Symbol("s_k", real=True)
_TERM = _S * _C * (_C - _S * _C)
_SHRINKS = Ge(s.SHRINKAGE, 0)
_SUM = "with f_S = sum_k s_k c_k e_k, <f_S, f_T - f_S> is the sum over k of the term"


def prove_lem_1(statement: Statement) -> Proof:
    """Each eigenfunction contributes exp(-x) (1 - exp(-x)) c^2, x = lambda t >= 0."""
    decay = exp(-q.EIGENVALUE * q.TIME)
    reason = "0 < exp(-x) <= 1 for x = lambda t >= 0"
    (clause,) = statement.claim
    return Proof(
        statement,
        (
            combination(
                "term",
                _TERM.xreplace({_S: s.GRADIENT_FLOW.expr}),
                [(decay, 1 - decay, _C**2)],
                [
                    (decay, reason),
                    (1 - decay, reason),
                    (q.TIME, s.TIME_NONNEGATIVE),
                    (q.EIGENVALUE_MIN, s.EIGENVALUES_NONNEGATIVE),
                ],
                "s_k = 1 - exp(-lambda_k t)",
            ),
            concludes("sum", clause, _SHRINKS, _SUM),
        ),
    )


def prove_lem_1_filters(statement: Statement) -> Proof:
    """Each eigenfunction contributes s (1 - s) c^2."""
    low, high = q.FILTER_MIN, 1 - q.FILTER_MAX
    (clause,) = statement.claim
    return Proof(
        statement,
        (
            combination(
                "term",
                _TERM,
                [(_S, 1 - _S, _C**2)],
                [
                    (_S, "s_k >= min s >= 0"),
                    (1 - _S, "s_k <= max s <= 1"),
                    (low, s.FILTER_NONNEGATIVE),
                    (high, s.FILTER_AT_MOST_ONE),
                ],
                "a product of nonnegative numbers",
            ),
            concludes("sum", clause, _SHRINKS, _SUM),
        ),
    )


def prove_lem_1_convex(statement: Statement) -> Proof:
    """Compare f_S with a f_S: optimality, then convexity between 0 and f_S."""
    (clause,) = statement.claim
    optimality = q.SCALED_FIT + q.PENALTY_SCALED - q.FIT - q.PENALTY_STUDENT
    convexity = q.SCALE * q.PENALTY_STUDENT + (1 - q.SCALE) * q.PENALTY_ZERO - q.PENALTY_SCALED
    minimality = q.PENALTY_STUDENT - q.PENALTY_ZERO
    return Proof(
        statement,
        (
            combination(
                "scaling does not help",
                clause.gts - clause.lts,
                [(optimality,), (convexity,), (1 - q.SCALE, minimality)],
                [
                    (optimality, REGULARISED_MINIMISER),
                    (convexity, REGULARISER_CONVEX),
                    (minimality, REGULARISER_MINIMAL),
                    (1 - q.SCALE, s.SCALE_IN_UNIT),
                ],
                "||f_T - a f_S||^2 - ||f_T - f_S||^2 as a sum of what is assumed nonnegative",
            ),
            concludes(
                "Definition 1", clause, Ge(q.SCALED_FIT, q.FIT), "the first form of Definition 1"
            ),
        ),
    )


def prove_lem_1_overshoot(statement: Statement) -> Proof:
    """Two heavy-ball steps: s - 1 = x mu - (1 - x)^2."""
    x, current, previous = Symbol("x", real=True), Symbol("s", real=True), Symbol("r", real=True)
    step = current + x * (1 - current) + q.MOMENTUM * (current - previous)
    first = step.subs({current: 0, previous: 0})
    second = step.subs({previous: 0}).subs(current, first)
    product = q.STEP * q.EIGENVALUE
    above, below = statement.claim
    excess = q.MOMENTUM * product - (1 - product) ** 2
    return Proof(
        statement,
        (
            equal(
                "two steps",
                second.subs(x, product),
                s.HEAVY_BALL_TWO_STEPS.expr,
                "s <- s + x (1 - s) + mu (s - r), from s = r = 0",
            ),
            equal(
                "overshoot",
                above.lhs - above.rhs,
                excess,
                "positive by assumption",
                MOMENTUM_LARGE,
            ),
            equal(
                "sign",
                below.lhs - below.rhs,
                -(1 + excess) * excess,
                "s (1 - s) = -(1 + e) e with e = s - 1 > 0",
                MOMENTUM_LARGE,
            ),
        ),
    )
