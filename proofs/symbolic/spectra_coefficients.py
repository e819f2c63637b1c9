"""The coefficients of max(t,0)^alpha, and what follows from their closed form."""

from __future__ import annotations

from functools import cache

from sympy import Integer, Rational, floor

from proofs.calculus import either, pole, quotient, whole
from proofs.kernel import Fact, assume, discharge, evident, gap, given, instantiate
from proofs.proof import Proof
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import BEYOND_POWER, IN_3_OR_5, SAME_PARITY, SPHERE
from w2s_theory.ledger.statement import Statement

K, D, ALPHA = q.DEGREE, q.SPACE_DIM, q.POWER


@cache
def sphere() -> Fact:
    """d - 1 > 0."""
    return given(SPHERE)[0] + evident(1)


@cache
def coefficient() -> Fact:
    """The mean of max(t,0)^alpha P_k is a_k."""
    (clause,) = load()["spec-coefficients"].unfolded
    return gap(
        "Rodrigues' formula and integration by parts take k, d and alpha to k - 1, d + 2 and "
        "alpha - 1 with the factor alpha/d; at k = 0 a Beta integral (Atkinson & Han, section 2.7)",
        clause,
        SPHERE,
    )


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
