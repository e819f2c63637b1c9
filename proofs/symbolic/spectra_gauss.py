"""Hermite coefficients by one integration by parts, and the power series of the kernels."""

from __future__ import annotations

from functools import cache

from sympy import (
    Eq,
    Expr,
    Integer,
    Integral,
    Rational,
    Sum,
    factorial,
    gamma,
    oo,
    pi,
    sqrt,
    sympify,
)

from proofs.calculus import pole, quotient
from proofs.integrals import Hypothesis, gauss, integrate, recursion
from proofs.kernel import Fact, evident, given, instantiate
from proofs.lemmas import below_root, defining
from proofs.proof import Proof
from proofs.series import integrated, known, rescaled, thinned
from proofs.symbolic.spectra_coefficients import pulled
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.definitions import HERMITES
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE_RHO
from w2s_theory.ledger.statement import Statement

K, ALPHA, T, M, RHO = q.DEGREE, q.POWER, q.POINT, q.TERM, q.RHO


@cache
def moment() -> Fact:
    """E[max(g,0)^alpha He_k(g)] = sqrt(k!) h_k, by recursion from Gamma integrals."""
    (clause, _) = load()["spec-hermite"].unfolded
    scale, norm = 1 / sqrt(2 * pi), sqrt(factorial(K))
    area, value = clause.lhs, clause.rhs
    area = area.func(area.function * norm, *area.limits)

    def at(degree: Expr, power: Expr = ALPHA) -> tuple[Integral, Expr]:
        there = {K: sympify(degree), ALPHA: power}
        return area.xreplace(there), (value * norm).xreplace(there)

    plain = gauss(T, ALPHA)
    (inner,), (start, first) = plain.gap.atoms(Integral), at(0)
    zero = pulled(start, scale) + plain.times(scale)
    zero = zero + quotient(scale * (inner - plain.gap), first)
    one = instantiate(zero, {ALPHA: ALPHA + 1})
    one = one + quotient(at(0, ALPHA + 1)[1], at(1)[1])

    def step(hypothesis: Hypothesis) -> Fact:
        (now, v0), (ahead, v1), (above, v2) = at(K), at(K + 1, ALPHA + 1), at(K + 2)
        parts = ((Integer(1), above), (Integer(-1), ahead), (K + 1, now))
        total = integrate(defining(HERMITES), start.function, parts)
        total = total + hypothesis(1, {ALPHA: ALPHA + 1}) - hypothesis(0).times(K + 1)
        return total + quotient(v1 - (K + 1) * v0, v2)

    return recursion(area - value * norm, K, (ALPHA,), (zero, one), step)


def prove_spec_hermite(statement: Statement) -> Proof:
    """The recurrence of He_k; the even ones of ReLU by Gamma's functional equations."""
    mean, relu = load()["spec-hermite"].unfolded
    scale = evident(1 / sqrt(factorial(K)))
    normed = pulled(mean.lhs, scale.gap) + scale * moment()
    return Proof(statement, (normed, quotient(relu.lhs, relu.rhs)))


@cache
def _taylor() -> tuple[Fact, ...]:
    """J_n/pi - its polynomial - its series: J_0 by the series of arccos, and J_n' = n^2 J_{n-1}."""
    (inside,) = given(COSINE_RHO)
    ends = tuple(below_root(inside, side, Integer(1)) for side in (RHO, -RHO))
    clauses, facts = load()["spec-taylor"].claim, list[Fact]()
    for n, clause in enumerate(clauses):
        (total,) = clause.rhs.atoms(Sum)
        low, kernel = clause.rhs - total, clause.lhs
        if n == 0:
            before, factor = known("arccosine", RHO, M, inside), 1 / pi
        else:
            primitive = (kernel - low) / n**2
            before, factor = integrated(facts[-1], primitive, RHO), Integer(n) ** 2
        (other,) = before.gap.atoms(Sum)
        terms = rescaled(total, other, factor, before)
        fact = before.times(factor) - terms
        facts.append(fact.states(kernel - low - total, inside, *ends, fact))
    return tuple(facts)


def prove_spec_taylor(statement: Statement) -> Proof:
    """The series of arccos, integrated n times."""
    return Proof(statement, _taylor())


def _mehler(order: int, clause: Eq, series: Fact) -> Fact:
    """From the series of J_n/pi: that with the squares of the Hermite coefficients."""
    none, total, n = pole(evident(Integer(0)), -M, evident(M)), clause.lhs, Integer(order)
    beyond = total.function.xreplace({K: n + 2 + 2 * M})
    vanishing = none.times(beyond * gamma(-M)).states(beyond)
    even = Sum(total.function.xreplace({K: n + 1 + 2 * M}), (M, 0, oo))
    (taylor,) = series.gap.atoms(Sum)
    halves = rescaled(even, taylor, Rational(1, 2), series)
    thin = thinned(total, order + 1, M, vanishing, halves)
    return thin + halves - series.times(Rational(1, 2))


def prove_spec_hermite_kernel(statement: Statement) -> Proof:
    """Beyond degree n every other coefficient vanishes; the rest are those of spec-taylor."""
    clauses = load()["spec-hermite-kernel"].claim
    pairs = enumerate(zip(clauses, _taylor(), strict=True))
    return Proof(statement, tuple(_mehler(n, *pair) for n, pair in pairs))
