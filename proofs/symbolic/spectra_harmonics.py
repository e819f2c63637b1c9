"""Rodrigues' formula, multiplicities and Funk-Hecke, for every degree and dimension at once."""

from __future__ import annotations

from sympy import Derivative, Expr, Integer, Symbol, diff, expand, expand_func, powsimp

from proofs import steps
from proofs.kernel import gap
from proofs.proof import Proof
from proofs.quotients import reduces
from proofs.steps import Step, concludes, equal
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.harmonic import legendre_polynomial
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import (
    COSINE,
    COSINE_RHO,
    INSIDE,
    NOT_0_IN_2,
    SPHERE,
    SPHERE_OF_SPHERES,
)
from w2s_theory.ledger.statement import Statement
from w2s_theory.spectra.polynomials import positive_moment

K, D, T, S, RHO = q.DEGREE, q.SPACE_DIM, q.POINT, q.SIDE, q.RHO
W = 1 - T**2
B = (D - 3) / 2
_P, _BEFORE, _SLOPE = Symbol("P_k"), Symbol("P_before"), Symbol("dP_k")
_FIRST_DEGREES = range(4)


def _next(degree: Expr, now: Expr, before: Expr) -> Expr:
    """P_{k+1} by the recurrence."""
    return ((2 * degree + D - 2) * T * now - degree * before) / (degree + D - 2)


def _lowered(degree: Expr, now: Expr, before: Expr) -> Expr:
    """(1-t^2) P_k'."""
    return degree * (before - T * now)


def derivative_steps() -> tuple[Step, ...]:
    """(1-t^2) P_k' = k (P_{k-1} - t P_k) by induction, the raising form, Legendre's equation."""
    # P_{k-2} from the recurrence at k - 1.
    two_before = ((2 * K + D - 4) * T * _BEFORE - (K + D - 3) * _P) / (K - 1)
    slope_before = _lowered(K - 1, _BEFORE, two_before)
    slope = _lowered(K, _P, _BEFORE)
    raised = ((2 * K + D - 2) * (W * _P + T * slope) - K * slope_before) / (K + D - 2)
    second = K * (slope_before - W * _P - T * slope)
    return (
        equal("lowering, k = 1", W * 1, _lowered(1, T, 1), "P_1 = t, P_0 = 1"),
        equal(
            "lowering, k to k + 1",
            raised,
            _lowered(K + 1, _next(K, _P, _BEFORE), _P),
            "the recurrence, differentiated and multiplied by 1 - t^2",
        ),
        equal(
            "raising",
            _next(K, _P, _BEFORE),
            T * _P - slope / (K + D - 2),
            "P_{k+1} = t P_k - (1-t^2) P_k'/(k+d-2)",
        ),
        equal(
            "Legendre's equation",
            second - (D - 3) * T * slope + K * (K + D - 2) * W * _P,
            Integer(0),
            "(1-t^2) times (1-t^2) P'' - (d-1) t P' + k (k+d-2) P, where "
            "(1-t^2)^2 P'' = 2 t (1-t^2) P' + (1-t^2) d/dt [k (P_{k-1} - t P_k)]",
        ),
    )


def rodrigues_steps() -> tuple[Step, ...]:
    """p_k = (1-t^2)^{-b} (d/dt)^k (1-t^2)^{k+b} obeys the raising relation, up to its scale."""
    power = K + B
    now, ahead, before = (Symbol(name) for name in ("F", "dF", "G"))
    u = W**power
    leibniz = W * ahead - 2 * K * T * now - K * (K - 1) * before
    relation = leibniz + 2 * power * (T * now + K * before)
    solved = -(W * ahead + 2 * B * T * now) / (K * (K + 2 * B + 1))
    # F = (1-t^2)^b p, so F' = (1-t^2)^b (p' - 2 b t p/(1-t^2)).
    in_p = {now: _P, ahead: _SLOPE - 2 * B * T * _P / W}
    return (
        equal("u = (1-t^2)^(k+b)", W * diff(u, T), -2 * power * T * u, "its own equation"),
        equal(
            "differentiated k times",
            relation,
            W * ahead + 2 * B * T * now + K * (K + 2 * B + 1) * before,
            "Leibniz, with F = u^(k), F' = u^(k+1), G = u^(k-1); it is 0",
        ),
        equal(
            "one more factor",
            powsimp(diff(W ** (power + 1), T) / u),
            -2 * (power + 1) * T,
            "so (d/dt)^(k+1) (1-t^2)^(k+1+b) = -2 (k+1+b) (t F + k G), by Leibniz",
        ),
        equal(
            "raising of p_k",
            (T * now + K * solved).xreplace(in_p),
            T * _P - W * _SLOPE / (K + 2 * B + 1),
            "G from the second step: p_{k+1} = -2 (k+1+b) (t p_k - (1-t^2) p_k'/(k+2b+1))",
        ),
        equal("the same divisor", K + 2 * B + 1, K + D - 2, "b = (d-3)/2"),
    )


def prove_spec_rodrigues(statement: Statement) -> steps.Proof:
    """Both sides obey the same raising relation, and agree at k = 0."""
    (clause,) = statement.claim
    (derivative,) = clause.rhs.atoms(Derivative)
    scale = (clause.rhs / derivative).xreplace({W: Integer(1)})
    # The derivative and the recurrence at small k, d symbolic: they would catch a wrong formula.
    instances = tuple(
        equal(
            f"k = {k}",
            legendre_polynomial(k),
            expand_func(powsimp(expand(clause.rhs.xreplace({K: Integer(k)}).doit()))),
            "both sides worked out",
            is_clause=True,
        )
        for k in _FIRST_DEGREES
    )
    return steps.Proof(
        statement,
        (
            *derivative_steps(),
            *rodrigues_steps(),
            reduces(
                "scale",
                scale.xreplace({K: K + 1}) / scale,
                -1 / (2 * (K + 1 + B)),
                "the scale takes the factor -2 (k+1+b) away",
                SPHERE,
                INSIDE,
            ),
            equal("start", scale.xreplace({K: Integer(0)}), Integer(1), "P_0 = 1"),
            *instances,
        ),
    )


def prove_spec_multiplicity(statement: Statement) -> steps.Proof:
    """The recurrence, multiplied by P_{k+1} and by P_k, gives E[P_{k+1}^2]/E[P_k^2]."""
    square, count = (statement.unfold(clause) for clause in statement.claim)
    ratio = (2 * K + D - 2) * (K + 1) / ((K + D - 2) * (2 * K + D))
    norm, mixed = Symbol("E_k"), Symbol("X")
    real = load()[statement.mutant_of or statement.id]
    return steps.Proof(
        statement,
        (
            equal(
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
            equal(
                "degree 0",
                f.MULTIPLICITY.expr.xreplace({K: Integer(0)}),
                Integer(1),
                "E[P_0^2] = 1, for d > 2",
                NOT_0_IN_2,
            ),
            concludes("mean square", statement.claim[0], real.claim[0], "by induction from k = 1"),
            reduces("count", count.lhs, count.rhs, "for all k and d", is_clause=True),
        ),
    )


def prove_spec_funk_hecke(statement: Statement) -> Proof:
    """Taken from the literature."""
    (clause,) = load()["spec-funk-hecke"].claim
    reason = "the mean of a harmonic over rotations about a point, Atkinson & Han theorem 2.22"
    assumes = (SPHERE_OF_SPHERES, COSINE, COSINE_RHO)
    return Proof(statement, (gap(reason, clause, *assumes),))
