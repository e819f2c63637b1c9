"""The coefficients of max(t,0)^alpha, and what follows from their closed form."""

from __future__ import annotations

from functools import cache

import sympy as sp
from sympy import Expr, Integer, Integral, Rational, floor

from proofs.calculus import either, pole, quotient, whole
from proofs.integrals import Hypothesis, beta, integrate, recursion
from proofs.kernel import Fact, assume, discharge, evident, given, instantiate
from proofs.lemmas import defining, over
from proofs.proof import Proof
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.definitions import HARMONICS
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import BEYOND_POWER, IN_3_OR_5, SAME_PARITY, SPHERE
from w2s_theory.ledger.statement import Statement

K, D, ALPHA, T = q.DEGREE, q.SPACE_DIM, q.POWER, q.POINT


@cache
def sphere() -> Fact:
    """d - 1 > 0."""
    return given(SPHERE)[0] + evident(1)


def pulled(area: Integral, factor: Expr, *domain: Fact) -> Fact:
    """int c g = c int g."""
    inside = area.func(area.function / factor, *area.limits)
    return integrate(
        evident(Integer(0)), Integer(0), ((Integer(1), area), (-factor, inside)), *domain
    )


@cache
def coefficient() -> Fact:
    """The mean of max(t,0)^alpha P_k is a_k: for every alpha, by recursion from Beta integrals."""
    known, constant = sphere(), f.DENSITY_CONSTANT.expr
    (clause,) = load()["spec-coefficients"].unfolded
    area, value = clause.lhs, clause.rhs

    def at(degree: Expr, power: Expr = ALPHA) -> tuple[Integral, Expr]:
        return tuple(e.xreplace({K: sp.sympify(degree), ALPHA: power}) for e in (area, value))

    start, first = at(0)
    plain = beta(T, ALPHA, (D - 3) / 2, known)
    (inner,) = plain.gap.atoms(Integral)
    zero = pulled(start, constant, known) + plain.times(constant, known)
    zero = zero + quotient(constant * (inner - plain.gap), first, known)
    one = instantiate(zero, {ALPHA: ALPHA + 1})
    one = one + quotient(at(0, ALPHA + 1)[1], at(1)[1], known)

    def step(hypothesis: Hypothesis) -> Fact:
        (now, v0), (ahead, v1), (above, v2) = at(K), at(K + 1, ALPHA + 1), at(K + 2)
        c0, c1, c2 = K + 1, 2 * K + D, known + evident(K)
        parts = ((c2.gap, above), (-c1, ahead), (c0, now))
        weight = start.function
        total = integrate(defining(HARMONICS), weight, parts, known)
        total = total + hypothesis(1, {ALPHA: ALPHA + 1}).times(c1) - hypothesis(0).times(c0)
        total = total + quotient(c1 * v1 - c0 * v0, c2.gap * v2, known)
        return over(total, c2, above - v2, known, total)

    return recursion(area - value, K, (ALPHA,), (zero, one), step, known)


def prove_spec_coefficients(statement: Statement) -> Proof:
    """By parts, from the Beta integral."""
    return Proof(statement, (coefficient(),))


def prove_spec_relu_3_5(statement: Statement) -> Proof:
    """The coefficient at alpha = 1, in either dimension."""
    relu = instantiate(coefficient(), {ALPHA: Integer(1)})
    dims = []
    for case in IN_3_OR_5.condition.args:
        dim = assume(case)
        dims.append(discharge(relu, SPHERE, dim + evident(case.rhs - 2)))
    return Proof(statement, (either(IN_3_OR_5, *dims),))


def prove_spec_low(statement: Statement) -> Proof:
    """Gamma's functional equations."""
    clauses = map(statement.unfold, load()["spec-low"].claim)
    return Proof(statement, tuple(quotient(c.lhs, c.rhs, sphere()) for c in clauses))


def prove_spec_odd(statement: Statement) -> Proof:
    """1/Gamma vanishes at 0, -1, -2, ...; nothing else in the closed forms has a pole."""
    (parity,), (beyond,) = given(SAME_PARITY), given(BEYOND_POWER)
    half, argument = floor((K - ALPHA) / 2), (ALPHA - K) / 2 + 1
    order = whole((beyond + parity + evident(1)) * Rational(1, 2))  # the half is >= 1
    zero = pole(parity * Rational(1, 2), argument, order)
    vanishing = []
    for form in (f.COEFFICIENT, f.HERMITE_COEFFICIENT):
        rest = form.expr / zero.gap
        vanishing.append(zero.times(rest).named(form.name, f"1/Gamma({argument}) = 0, {half}"))
    return Proof(statement, (coefficient() + vanishing[0], *vanishing))
