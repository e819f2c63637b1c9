"""The decay law with its bounds at every degree, and the Hermite limit with its rate."""

from __future__ import annotations

from sympy import Eq, Expr, Ge, Integer, Rational, floor, gamma

from proofs.calculus import limit_of, quotient, towards
from proofs.kernel import Fact, assume, evident, gap, given, instantiate
from proofs.proof import Proof
from proofs.symbolic.spectra_coefficients import sphere
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import BEYOND_POWER, NOT_STEP_IN_3, OTHER_PARITY, SPHERE
from w2s_theory.ledger.statement import Assumption, Statement

K, D, ALPHA, M = q.DEGREE, q.SPACE_DIM, q.POWER, q.TERM
RATIO = (gamma(M + Rational(1, 2)) / gamma(M + Rational(1, 2) + ALPHA + D / 2)) ** 2
"""a_k^2 without what does not depend on k = alpha + 1 + 2m."""
GAMMA_RATIO = "Gamma(z + a)/Gamma(z + b) ~ z^{a-b} as z grows, DLMF 5.11.12"


def _tends(body: Expr, symbol: Expr) -> Fact:
    return gap(GAMMA_RATIO, Eq(AtInfinity(body, symbol), Integer(1), evaluate=False))


def prove_spec_limit(statement: Statement) -> Proof:
    """A quotient of Gammas, and h_k^2 without d."""
    reached, rated = load()["spec-limit"].unfolded
    late = assume(Ge(D, 3))
    known = tuple(late + evident(more) for more in (0, 1, 2, K, K + 1, K + 2))
    scaled, square = reached.lhs.args[0], reached.rhs
    half = gamma(D / 2) / gamma((ALPHA + K + D) / 2)
    counted = (2 * K + D - 2) * gamma(K + D - 1) / ((K + D - 2) * gamma(D - 1))
    ratio = half**2 * counted * D**ALPHA / 2 ** (ALPHA + K)
    limit = _tends(ratio, D)
    first = gap(
        "z^{b-a} Gamma(z + a)/Gamma(z + b) = 1 + (a-b)(a+b-1)/(2z) + O(z^-2), DLMF 5.11.13",
        Eq(AtInfinity(D * (ratio - 1), D), rated.rhs / square, evaluate=False),
    )
    gap_term = D * (scaled - square)
    facts = (
        limit_of(quotient(scaled, square * ratio, *known), scaled, square, limit),
        limit_of(quotient(gap_term, square * D * (ratio - 1), *known), gap_term, square, first),
    )
    return Proof(statement, facts)


def _bound(growing: Expr, value: Expr, sign: int, why: str, *assumes: Assumption) -> Fact:
    """sign (a_k^2 - value) >= 0: the quotient falls (sign 1) or rises (-1) to its limit 1."""
    degree = {K: ALPHA + 1 + 2 * M}
    body = (RATIO * growing / 2 ** (2 * ALPHA + D)).xreplace(degree)
    order = sign * (body - body.xreplace({M: M + 1}))
    steps = gap(why, Ge(order, 0, evaluate=False), SPHERE, *assumes)
    known = (sphere(), sphere() + evident(2 * ALPHA + 2 * M))
    bound, square = (e.xreplace(degree) for e in (value, f.COEFFICIENT.expr**2))
    beyond = towards(steps, _tends(body, M)) * evident(bound, *known)
    beyond = beyond + quotient(square, body * bound, *known).times(sign)
    (parity,), (above,) = given(OTHER_PARITY), given(BEYOND_POWER)
    half = floor((K - ALPHA - 1) / 2)
    index = (above + parity) * Rational(1, 2)  # half >= 0
    return instantiate(beyond, {M: half}, index).put(parity, half)


def prove_spec_decay(statement: Statement) -> Proof:
    """a_k^2/lower falls to 1, a_k^2/upper rises to 1, in every step of two degrees."""
    least, most, limit = load()["spec-decay"].unfolded
    term, constant = limit.lhs.args[0], limit.rhs
    growing = RATIO * (ALPHA + 1 + 2 * M) ** (2 * ALPHA + D) / 2 ** (2 * ALPHA + D)
    equation = quotient(term, constant * growing, sphere())
    lower = _bound(
        (K + D / 2 - 1) ** (2 * ALPHA + D),
        least.lhs,
        1,
        "with s = alpha + d/2 and y = 1/(k + d/2), the logarithm of a step has the slope "
        "-4s (s^2-1) y^2/((1-y^2)(1-s^2 y^2)) <= 0 and is 0 at y = 0",
    )
    upper = _bound(
        ((K - ALPHA) * (K + ALPHA + D - 2)) ** (ALPHA + D / 2),
        most.rhs,
        -1,
        "with s = alpha + d/2 and y = 1/(k + d/2), the logarithm of a step has the slope "
        "8s (s-1)(s-2) y^2/((1-s^2 y^2)(1-(s-2)^2 y^2)) >= 0 and is 0 at y = 0",
        NOT_STEP_IN_3,
    )
    return Proof(statement, (lower, upper, limit_of(equation, term, constant, _tends(growing, M))))
