"""The arc-cosine kernels in closed form, their eigenvalues, and the sums over degrees."""

from __future__ import annotations

from sympy import Expr, Integer, Sum, powsimp

from proofs import identities
from proofs.quotients import known, reduces
from proofs.steps import Proof, Step, concludes, equal
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.harmonic import Harmonic
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE_RHO, SPHERE
from w2s_theory.ledger.spectra_kernels import TURN_IN_RANGE
from w2s_theory.ledger.statement import Statement

K, D, ALPHA = q.DEGREE, q.SPACE_DIM, q.POWER
_ORDERS = (0, 1, 2)
_BASIS = (
    "sqrt(N_k) P_k are orthonormal under the density of t (spec-multiplicity), and complete, "
    "polynomials being dense"
)


def prove_spec_arccosine(statement: Statement) -> Proof:
    """A primitive of the planar integral, and Cho & Saul's derivative formula, both equal J_n."""
    real = load()["spec-arccosine"]
    steps: list[Step] = []
    for order, clause in zip(_ORDERS, statement.claim, strict=True):
        derivatives, planar = identities.arccosine_family(order)
        steps += [
            known(planar, "a primitive in powers of exp(i phi), at both ends"),
            known(derivatives, "(-1)^n sin^{2n+1} ((1/sin) d/dtheta)^n [(pi-theta)/sin]"),
            concludes(
                f"order {order}",
                clause,
                real.claim[order],
                "the planar integral is the left side",
                TURN_IN_RANGE,
            ),
            equal(
                f"closed form of order {order}",
                clause.rhs,
                f.angular(order),
                "what was shown",
                is_clause=True,
            ),
        ]
    return Proof(statement, tuple(steps))


def prove_spec_eigenvalue(statement: Statement) -> Proof:
    """The kernel's power series against P_k, summed by Gauss's theorem."""
    real = load()["spec-eigenvalue"]
    ratio, total = identities.kernel_series()
    steps: list[Step] = [
        known(
            ratio,
            "kernel = sum_m h_m^2 rho^m / E|g|^{2 alpha} (spec-hermite-kernel) against "
            "E[t^m P_k] = 2 E[max(t,0)^m P_k] (spec-coefficients), m = k + 2j; absolutely "
            "convergent, so term by term",
        ),
        known(total, "Gauss: F(a, a; c; 1) = Gamma(c) Gamma(c-2a)/Gamma(c-a)^2, DLMF 15.4.20"),
    ]
    for order, clause in zip(_ORDERS, statement.claim, strict=True):
        moment = f.GAUSSIAN_MOMENT(Integer(order), D)
        steps += [
            reduces(
                f"kernel of order {order}",
                f.gram(order) / f.arccosine(order) * moment,
                f.HALF_MOMENT(Integer(order)) / f.angular(order).xreplace({q.TURN: Integer(0)}),
                "the Gram function is J_n/(2 pi) over E|g|^{2n}",
                SPHERE,
            ),
            concludes(f"order {order}", clause, real.claim[order], "the total at alpha = n"),
        ]
    return Proof(statement, tuple(steps))


def _weight(term: Expr, square: Expr) -> tuple[Step, Step]:
    """The claimed weight of degree k >= 1 is a squared coefficient times N_k; N_0 = 1."""
    norm = load()["spec-multiplicity"]
    return (
        reduces(
            "weight of degree k",
            term,
            square / norm.unfold(norm.claim[0].rhs),
            f"the square of the coefficient over E[P_k^2]: {_BASIS}",
            SPHERE,
        ),
        equal(
            "weight of degree 0",
            f.COEFFICIENT(Integer(0), D, ALPHA) ** 2,
            (f.COEFFICIENT.expr**2).xreplace({K: Integer(0)}),
            "P_0 = 1, N_0 = 1",
        ),
    )


def prove_spec_parseval(statement: Statement) -> Proof:
    """The mean square of the activation in an orthonormal basis."""
    ledger = load()
    total, trace = statement.unfolded
    (series,) = total.lhs.atoms(Sum)
    return Proof(
        statement,
        (
            *_weight(series.function, ledger["spec-coefficients"].claim[0].rhs ** 2),
            known(identities.trace(), "the right side is a_0 at power 2 alpha, a Beta integral"),
            reduces("ReLU", trace.lhs, trace.rhs, "Gamma's functional equation", is_clause=True),
            concludes(
                "sum", statement.claim[0], ledger["spec-parseval"].claim[0], "Parseval", SPHERE
            ),
        ),
    )


def prove_spec_kernel(statement: Statement) -> Proof:
    """Coefficients a_k^2, absolute convergence by Parseval, and a continuous kernel."""
    ledger = load()
    (clause,) = statement.unfolded
    (series,) = clause.lhs.atoms(Sum)
    eigenvalue = ledger["spec-eigenvalue"].claim[1]
    density = f.DENSITY(q.C_D, q.RHO, D)
    return Proof(
        statement,
        (
            *_weight(series.function / Harmonic(K, D, q.RHO), eigenvalue.rhs),
            equal(
                "kernel",
                clause.rhs,
                powsimp(eigenvalue.lhs.function / density) / Harmonic(K, D, q.RHO),
                "the function whose coefficients spec-eigenvalue gives",
            ),
            reduces(
                "trace",
                clause.rhs.xreplace({q.RHO: Integer(1)}),
                f.TRACE(Integer(1), D),
                "the sum of a_k^2 N_k (spec-parseval) is finite and |P_k| <= 1: the series "
                "converges uniformly, to the continuous function with these coefficients",
            ),
            concludes(
                "series",
                statement.claim[0],
                ledger["spec-kernel"].claim[0],
                _BASIS,
                SPHERE,
                COSINE_RHO,
            ),
        ),
    )
