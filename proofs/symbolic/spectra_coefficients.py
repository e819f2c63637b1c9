"""The coefficients of max(t,0)^alpha: one integration by parts moves k, d and alpha by one step."""

from __future__ import annotations

from sympy import Eq, Expr, Integer, Symbol, factorial, gamma, pi, sin, sqrt

from proofs import identities
from proofs.quotients import known, reduces
from proofs.steps import Proof, concludes, equal
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import (
    BEYOND_POWER,
    DEGREE_TO_4,
    IN_3_OR_5,
    SAME_PARITY,
    SPHERE,
)
from w2s_theory.ledger.statement import Statement
from w2s_theory.spectra.polynomials import positive_moment

K, D, ALPHA, M = q.DEGREE, q.SPACE_DIM, q.POWER, q.TERM
_WHOLE = Symbol("alpha", integer=True, nonnegative=True)


def _at(value: Expr, degree: Expr, dim: Expr, power: Expr) -> Expr:
    return value.xreplace({K: degree, D: dim, ALPHA: power})


def prove_spec_coefficients(statement: Statement) -> Proof:
    """a_{k+1}(d, alpha) = (alpha/d) a_k(d+2, alpha-1), from a_0, a Beta integral."""
    (clause,) = statement.claim
    value = clause.rhs
    scale = gamma((D - 1) / 2) / gamma(K + (D - 1) / 2)
    zero = Integer(0)
    return Proof(
        statement,
        (
            reduces(
                "Rodrigues' scale in k + 1, d against k, d + 2",
                (-scale / 2).xreplace({K: K + 1}) / scale.xreplace({D: D + 2}),
                -1 / (D - 1),
                "so (1-t^2)^{(d-3)/2} P_{k+1}^{(d)} = -1/(d-1) d/dt [(1-t^2)^{(d-1)/2} "
                "P_k^{(d+2)}], both being derivatives of (1-t^2)^{k+1+(d-3)/2}",
                SPHERE,
            ),
            reduces(
                "constants of the densities",
                f.DENSITY_CONSTANT(D) / f.DENSITY_CONSTANT(D + 2),
                (D - 1) / D,
                "c_d over c_{d+2}; hence by parts a_{k+1}(d, alpha) = (alpha/d) a_k(d+2, alpha-1) "
                "for alpha > 0",
            ),
            reduces(
                "closed form steps alike",
                _at(value, K + 1, D, ALPHA),
                (ALPHA / D) * _at(value, K, D + 2, ALPHA - 1),
                "Gamma's functional equation",
            ),
            reduces(
                "start",
                _at(value, zero, D, ALPHA),
                positive_moment(ALPHA),
                "a_0 = E[max(t,0)^alpha], a Beta integral; Legendre's duplication",
            ),
            reduces(
                "all powers",
                _at(value, K + 2, D, ALPHA) / value,
                (ALPHA - K) / (ALPHA + K + D),
                "rational in alpha, as is the ratio of the integrals, sums of Beta integrals: what "
                "the induction shows for alpha > k - 1 holds for every alpha > -1/2",
            ),
            known(
                identities.integrated_by_parts(_WHOLE),
                "the same by alpha + 1 integrations by parts at once, for whole alpha",
            ),
            concludes(
                "coefficient", clause, load()["spec-coefficients"].claim[0], "by induction in k"
            ),
        ),
    )


def prove_spec_relu_3_5(statement: Statement) -> Proof:
    """Integrals of polynomials, worked out one by one."""
    (clause,) = statement.unfolded
    points = [{K: Integer(k), D: Integer(d)} for d in (3, 5) for k in range(5)]
    return Proof(
        statement,
        tuple(
            equal(
                f"d = {at[D]}, k = {at[K]}",
                clause.lhs.xreplace(at).doit(),
                clause.rhs.xreplace(at),
                "an integral of a polynomial",
                IN_3_OR_5,
                DEGREE_TO_4,
                is_clause=True,
            )
            for at in points
        ),
    )


def prove_spec_low(statement: Statement) -> Proof:
    """Legendre's duplication for degrees 0 and 1; low degrees term by term."""
    clauses = [statement.unfold(clause) for clause in statement.claim]
    return Proof(
        statement,
        (
            *(
                reduces(
                    f"clause {place + 1}",
                    clause.lhs,
                    clause.rhs,
                    "Gamma's functional equations",
                    SPHERE,
                    is_clause=True,
                )
                for place, clause in enumerate(clauses)
            ),
            *(
                known(
                    identities.beta_integrals(power, degree),
                    "the Beta integrals of the terms of P_k, for k <= alpha",
                )
                for power in range(4)
                for degree in range(power + 1)
            ),
        ),
    )


def prove_spec_odd(statement: Statement) -> Proof:
    """1/Gamma vanishes at 0, -1, -2, ...; nothing else in the closed forms has a pole."""
    ledger = load()
    moment, sphere, gauss = statement.claim
    pole = (ALPHA - K) / 2 + 1
    degree = ALPHA + 2 + 2 * M
    kept = f.COEFFICIENT.expr * gamma(pole), f.HERMITE_COEFFICIENT.expr * gamma(pole)
    given = (SPHERE, BEYOND_POWER, SAME_PARITY)
    return Proof(
        statement,
        (
            equal(
                "argument", pole.xreplace({K: degree}), -M, "k - alpha = 2 + 2 m, m >= 0", *given
            ),
            equal(
                "sphere, without that factor",
                kept[0],
                2 ** (-ALPHA - 1) * gamma(D / 2) * gamma(ALPHA + 1) / gamma((ALPHA + K + D) / 2),
                "finite: the other Gammas are at positive arguments",
            ),
            equal(
                "Gauss, without that factor",
                kept[1],
                2 ** ((K - ALPHA) / 2 - 1) * gamma(ALPHA + 1) / sqrt(factorial(K)),
                "finite likewise",
            ),
            equal(
                "1/Gamma(-m)",
                gamma(1 - pole).xreplace({K: degree}) * sin(pi * pole.xreplace({K: degree})) / pi,
                Integer(0),
                "1/Gamma(w) = Gamma(1-w) sin(pi w)/pi at w = -m",
            ),
            known(identities.vanishing(_WHOLE), "the whole coefficient, reflected"),
            concludes("a_k", sphere, Eq(q.A_K, 0), "sphere", *given),
            concludes("h_k", gauss, Eq(q.H_K, 0), "Gauss", *given),
            concludes(
                "integral",
                moment,
                Eq(ledger["spec-coefficients"].claim[0].lhs, 0),
                "spec-coefficients",
                *given,
            ),
        ),
    )
