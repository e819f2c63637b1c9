"""The arc-cosine kernels in closed form, their eigenvalues, and the sums over degrees."""

from __future__ import annotations

from sympy import Add, Eq, Expr, Integer, Integral, Mul, Symbol, cos, expand, gamma, sin

from proofs.calculus import primitive, quotient
from proofs.kernel import Fact, equal, gap, instantiate
from proofs.proof import Proof
from proofs.symbolic.spectra_coefficients import coefficient
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE_RHO, SPHERE
from w2s_theory.ledger.statement import Statement

K, D, ALPHA = q.DEGREE, q.SPACE_DIM, q.POWER


def _antiderivative(wave: Expr, angle: Symbol) -> Expr:
    """Of a sum of cosines of multiples of the angle."""
    total: Expr = Integer(0)
    for term in Add.make_args(wave):
        factor, turning = term.as_independent(angle)
        slope = turning.args[0].coeff(angle) if turning.has(angle) else None
        total += factor * (angle if slope is None else sin(turning.args[0]) / slope)
    return total


def _planar(area: Expr, closed: Expr) -> Fact:
    """cos(a) cos(b) = (cos(a + b) + cos(a - b))/2, integrated."""
    (angle,) = area.variables
    powers = Mul.make_args(area.function)
    scale = Mul(*(p for p in powers if not p.has(angle)))
    waves: list[Expr] = [Integer(0)]
    for power in (p for p in powers if p.has(angle)):
        base, exponent = power.as_base_exp()
        for _ in range(int(exponent)):
            waves = [w + sign * base.args[0] for w in waves for sign in (1, -1)]
    wave = scale * Add(*map(cos, map(expand, waves))) / len(waves)
    whole = primitive(area, _antiderivative(expand(wave), angle))
    return whole + equal(area - whole.gap, closed)


def prove_spec_arccosine(statement: Statement) -> Proof:
    """A primitive of the planar integral, at both ends."""
    facts = (_planar(clause.lhs, clause.rhs) for clause in load()["spec-arccosine"].claim)
    return Proof(statement, tuple(facts))


def prove_spec_eigenvalue(statement: Statement) -> Proof:
    """The kernel's power series against P_k, summed by Gauss's theorem."""
    facts = []
    for order, clause in enumerate(load()["spec-eigenvalue"].unfolded):
        n = Integer(order)
        half = (K - n) / 2
        first = f.HERMITE_COEFFICIENT(K, n) ** 2 / f.GAUSSIAN_MOMENT(n, D)
        first *= 2 * f.COEFFICIENT(K, D, K)  # E[t^k P_k], t^k P_k being even
        last = gamma(K + D / 2 - half) ** 2
        total = first * gamma(K + D / 2) * gamma(D / 2 + n) / last
        series = gap(
            "the series of spec-hermite-kernel against P_k, term by term by spec-coefficients, is "
            "h_k^2 E[t^k P_k]/E|g|^{2n} times Gauss's F((k-n)/2, (k-n)/2; k+d/2; 1), DLMF 15.4.20",
            Eq(clause.lhs, total, evaluate=False),
            SPHERE,
        )
        facts.append(series + quotient(total, clause.rhs))
    return Proof(statement, tuple(facts))


def prove_spec_parseval(statement: Statement) -> Proof:
    """The mean square of the activation in an orthonormal basis, and as a Beta integral."""
    total, trace = load()["spec-parseval"].unfolded
    square = instantiate(coefficient(), {K: Integer(0), ALPHA: 2 * ALPHA})
    (area,) = square.gap.atoms(Integral)
    expanded = gap(
        "Parseval: sqrt(N_k) P_k is a complete orthonormal system of the density of t "
        "(spec-multiplicity; polynomials are dense), a_k the mean of max(t,0)^alpha P_k",
        Eq(total.lhs, area, evaluate=False),
        SPHERE,
    )
    moment = quotient(f.COEFFICIENT(Integer(0), D, 2 * ALPHA), total.rhs)
    return Proof(statement, (expanded + square + moment, quotient(trace.lhs, trace.rhs)))


def prove_spec_kernel(statement: Statement) -> Proof:
    """Coefficients a_k^2, absolute convergence by Parseval, and a continuous kernel."""
    (clause,) = load()["spec-kernel"].unfolded
    series = gap(
        "a_k^2 are the kernel's coefficients (spec-eigenvalue), their sum with N_k is finite "
        "(spec-parseval) and |P_k| <= 1: the series is uniform, its sum the continuous kernel",
        clause,
        SPHERE,
        COSINE_RHO,
    )
    return Proof(statement, (series,))
