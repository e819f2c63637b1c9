"""Hermite coefficients by one integration by parts, and the power series of the kernels."""

from __future__ import annotations

from proofs.calculus import quotient
from proofs.kernel import gap
from proofs.proof import Proof
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE_RHO
from w2s_theory.ledger.statement import Statement


def prove_spec_hermite(statement: Statement) -> Proof:
    """By parts from the half moments; the even ones of ReLU by Gamma's functional equations."""
    mean, relu = load()["spec-hermite"].unfolded
    moment = gap(
        "He_{k+1} exp(-t^2/2) is the derivative of -He_k exp(-t^2/2), so one integration by parts "
        "takes k and alpha to k - 1 and alpha - 1 with the factor alpha (DLMF 18.9); at k = 0 a "
        "Gamma integral",
        mean,
    )
    return Proof(statement, (moment, quotient(relu.lhs, relu.rhs)))


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
