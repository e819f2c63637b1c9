"""The Legendre polynomials of dimension d: their derivative formula, norm and rotation mean."""

from __future__ import annotations

from sympy import Integer, Symbol

from proofs import steps
from proofs.kernel import gap
from proofs.proof import Proof
from proofs.quotients import reduces
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE, COSINE_RHO, INSIDE, SPHERE, SPHERE_OF_SPHERES
from w2s_theory.ledger.statement import Statement
from w2s_theory.spectra.polynomials import positive_moment

K, D = q.DEGREE, q.SPACE_DIM


def prove_spec_rodrigues(statement: Statement) -> Proof:
    """Taken from the literature."""
    (clause,) = load()["spec-rodrigues"].claim
    reason = "Rodrigues' formula, Atkinson & Han theorem 2.23"
    return Proof(statement, (gap(reason, clause, SPHERE, INSIDE),))


def prove_spec_multiplicity(statement: Statement) -> steps.Proof:
    """The recurrence, multiplied by P_{k+1} and by P_k, gives E[P_{k+1}^2]/E[P_k^2]."""
    square, count = (statement.unfold(clause) for clause in statement.claim)
    ratio = (2 * K + D - 2) * (K + 1) / ((K + D - 2) * (2 * K + D))
    norm, mixed = Symbol("E_k"), Symbol("X")
    real = load()[statement.mutant_of or statement.id]
    return steps.Proof(
        statement,
        (
            steps.equal(
                "norms",
                (2 * K + D - 2) * mixed / (K + D - 2),
                ratio * norm,
                "with X = E[t P_k P_{k+1}] and E[P_j P_k] = 0 (Rodrigues, k times by parts), "
                "(k+d-2) E[P_{k+1}^2] = (2k+d-2) X and 0 = (2k+d) X - (k+1) E[P_k^2]",
                of=((mixed, (K + 1) * norm / (2 * K + D)),),
            ),
            reduces(
                "right-hand side steps alike",
                square.rhs.xreplace({K: K + 1}) / square.rhs,
                ratio,
                "Gamma's functional equation",
                SPHERE,
            ),
            reduces(
                "start",
                square.rhs.xreplace({K: Integer(1)}),
                2 * positive_moment(2),
                "E[t^2] = 1/d, a Beta integral",
            ),
            steps.concludes(
                "mean square", statement.claim[0], real.claim[0], "by induction from k = 1"
            ),
            reduces("count", count.lhs, count.rhs, "for all k and d", is_clause=True),
        ),
    )


def prove_spec_funk_hecke(statement: Statement) -> Proof:
    """Taken from the literature."""
    (clause,) = load()["spec-funk-hecke"].claim
    reason = "the mean of a harmonic over rotations about a point, Atkinson & Han theorem 2.22"
    assumes = (SPHERE_OF_SPHERES, COSINE, COSINE_RHO)
    return Proof(statement, (gap(reason, clause, *assumes),))
