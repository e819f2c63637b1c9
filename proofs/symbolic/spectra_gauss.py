"""Hermite coefficients by one integration by parts, and the power series of the kernels."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, Integral, factorial, pi, sqrt, sympify

from proofs.calculus import quotient
from proofs.integrals import Hypothesis, gauss, integrate, recursion
from proofs.kernel import Fact, evident, gap, instantiate
from proofs.lemmas import defining
from proofs.proof import Proof
from proofs.symbolic.spectra_coefficients import pulled
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.definitions import HERMITES
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE_RHO
from w2s_theory.ledger.statement import Statement

K, ALPHA, T = q.DEGREE, q.POWER, q.POINT


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


def prove_spec_hermite_kernel(statement: Statement) -> Proof:
    """Mehler's formula."""
    reason = "Mehler's formula (DLMF 18.18.28) with the coefficients of spec-hermite"
    clauses = load()["spec-hermite-kernel"].claim
    return Proof(statement, tuple(gap(reason, clause, COSINE_RHO) for clause in clauses))


def prove_spec_taylor(statement: Statement) -> Proof:
    """The binomial series, integrated n + 1 times."""
    reason = (
        "(d/drho)^{n+1} J_n = n!^2 (1-rho^2)^{-1/2}, a binomial series, integrated term by term"
    )
    clauses = load()["spec-taylor"].claim
    return Proof(statement, tuple(gap(reason, clause, COSINE_RHO) for clause in clauses))
