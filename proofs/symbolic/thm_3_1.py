"""Theorem 3.1 from the master bound; the exponents; what no teacher learns."""

from __future__ import annotations

from sympy import (
    Eq,
    Ge,
    Gt,
    Implies,
    Integer,
    Lt,
    Rational,
    Symbol,
    exp,
    limit,
    log,
    oo,
    sqrt,
    symbols,
)

from proofs.kernel import Fact, definition, evident, given, monotone, tangent
from proofs.kernel import equal as identical
from proofs.lemmas import below_root, same_root
from proofs.operators import operator, operator_equal, projections
from proofs.steps import Proof, Step, combination, concludes, derived, equal
from proofs.symbolic.alignment import says
from proofs.symbolic.master_bound import master_bound, unit_loss
from w2s_theory.certify import Verdict
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.relu import ALLOWANCE_NONNEGATIVE, IN_SPAN, LATE, THM_3_1
from w2s_theory.ledger.statement import Statement

_D = Symbol("d", positive=True)
_K, _EPS, _L, _E, _S, _X = symbols("kappa eps L e s x", nonnegative=True)


def vanishes(name: str, expr: Symbol, symbol: Symbol, because: str) -> Step:
    """expr -> 0 as symbol -> infinity (Gruntz's algorithm, exact)."""

    def run() -> Verdict:
        return Verdict.PROVED if limit(expr, symbol, oo) == 0 else Verdict.UNDECIDED

    return Step(name=name, claim=Eq(expr, 0, evaluate=False), because=because, check=run)


def _rates() -> tuple[Step, ...]:
    """S = all degrees <= K: kappa_S = O(K^(2d+1)/M), lambda_out = O(K^-(d+2)), t = O(log M)."""
    width, rate = symbols("M p", positive=True)
    degree = 1 / (4 * _D + 5)
    target = -(2 * _D + 4) / (4 * _D + 5)
    return (
        equal(
            "growth of S: alignment",
            -1 + ((_D - 2) + (_D + 2) + 1) * degree,
            target,
            "kappa-width with N_k = O(k^(d-2)), 1/lambda_k = O(k^(d+2)): sum_{k <= K} N_k/lambda_k "
            "= O(K^(2d+1)), so kappa_S = O(M^-1 K^(2d+1)) in mean (in probability by Markov), "
            "and K = M^(1/(4d+5))",
        ),
        equal(
            "growth of S: leakage",
            -2 * (_D + 2) * degree,
            target,
            "lambda_out^2 = O(K^(-2(d+2))) at the same K: the two rates are balanced",
        ),
        vanishes(
            "the bound vanishes",
            log(width) ** 2 * width ** (-rate),
            width,
            "t lambda_0 = log((1 - L)/(epsilon L))/2 = O(log M) if 1/L_TE and 1/epsilon are at "
            "most powers of M; p = (2d+4)/(4d+5) > 0. PGR >= 1 - L_ST/L_TE for any ceiling >= 0",
        ),
    )


def _gain() -> Fact:
    """The master bound with L_TE taken out: e^2 <= epsilon L_TE, and 1 - exp(-x) <= x."""
    ((late,), (allowed,), (time,)) = map(given, (LATE, ALLOWANCE_NONNEGATIVE, s.TIME_NONNEGATIVE))
    (positive,), (least, most) = given(s.EIGENVALUES_NONNEGATIVE), definition(d.FLOW_OUTSIDE)[3:]
    low, high, kappa = unit_loss()
    known = (low, high, kappa, allowed)
    loss = evident(sqrt(q.L_TE), low)
    early, spare = exp(-q.LAMBDA_TARGET * q.TIME) * sqrt(1 - q.L_TE), sqrt(q.ALLOWANCE * q.L_TE)
    rest = below_root(late.states(spare**2 - early**2, *known), early, spare, *known)
    inside = rest * (rest + evident(2 * early + 2 * sqrt(q.KAPPA * q.L_TE), *known))
    passed = ((most + least + positive) * time).states(q.LAMBDA_OUT * q.TIME)
    line = tangent("exp", -passed.gap, Integer(0))
    starts = monotone("exp", passed, -passed.gap, Integer(0))
    leak = monotone("square", line, 1 - exp(-passed.gap), passed.gap, starts) * low
    roots = [
        same_root(
            identical(sqrt(x * q.L_TE) ** 2, (sqrt(x) * loss.gap) ** 2, *known), *sides, *known
        )
        for x in (q.KAPPA, q.ALLOWANCE)
        for sides in [(sqrt(x * q.L_TE), sqrt(x) * loss.gap)]
    ]
    whole = master_bound() + inside + leak
    both_ = sqrt(q.KAPPA * q.L_TE) + spare + (sqrt(q.KAPPA) + sqrt(q.ALLOWANCE)) * loss.gap
    return whole - (roots[0] + roots[1]).times(both_, *known)


def prove_thm_3_1(statement: Statement) -> Proof:
    """The finite-width bound; then its rates. Clauses on medians are measured, not proved."""
    bound, *medians = statement.claim
    pairs = zip(medians, THM_3_1.claim[1:], strict=True)
    step = derived("finite width", bound, _gain(), "the master bound, L_TE taken out")
    measured = (concludes("median", clause, real, "measured, not proved") for clause, real in pairs)
    return Proof(statement, (step, *_rates(), *measured))


def prove_thm_3_1_exponent(statement: Statement) -> Proof:
    """Rational functions of d; the clause on fitted exponents is measured, not proved."""
    formula, below, headline, sharper, above, _ = statement.claim
    d = q.DIM
    proven = 1 + (d - 1) / (2 * (d + 2))
    more = Symbol("e", nonnegative=True)  # d = 200 + e, or d = 2 + e
    return Proof(
        statement,
        (
            equal(
                "exponent",
                formula.lhs,
                formula.rhs,
                "L_ST/L_TE = O~(M^(-1/2)) = O~(L_TE^(1/(2 (1 + 3/(d-1)))))",
                is_clause=True,
            ),
            equal(
                "below 3/2",
                Rational(3, 2) - proven,
                3 / (2 * (d + 2)),
                "positive for d >= 2",
            ),
            concludes("limit", below, Lt(proven, Rational(3, 2)), "the gap is positive"),
            equal(
                "1.49",
                (proven - Rational(149, 100)).xreplace({d: 200 + more}),
                (52 + more) / (100 * (202 + more)),
                "positive for d = 200 + e, e >= 0",
            ),
            says(
                "headline",
                headline,
                Implies(Ge(d, 200), Ge(proven, Rational(149, 100))),
                "the same",
            ),
            equal(
                "sharper exponent",
                sharper.lhs,
                sharper.rhs,
                "the same with the gain M^(-(2d+4)/(4d+5))",
                is_clause=True,
            ),
            equal(
                "sharper is larger",
                1 + 2 * (d - 1) / (4 * d + 5) - proven,
                3 * (d - 1) / (2 * (d + 2) * (4 * d + 5)),
                "positive for d >= 2",
            ),
            concludes(
                "larger", above, Gt(1 + 2 * (d - 1) / (4 * d + 5), proven), "the gap is positive"
            ),
        ),
    )


def prove_odd_target(statement: Statement) -> Proof:
    """L_TE = ||P_0 (f_T - f*)||^2 + ||(I - P_0)(f_T - f*)||^2 and P_0 f_T = 0."""
    (clause,) = statement.claim
    p = operator("P_0")
    seen, unseen = symbols("seen unseen", real=True)
    return Proof(
        statement,
        (
            operator_equal(
                "two parts",
                p * p + (1 - p) * (1 - p),
                1 + 0 * p,
                projections(p),
                "P_0 projects on the degrees with a_k = 0: orthogonal parts of the error",
            ),
            combination(
                "what is seen can only add",
                unseen + seen**2 - unseen,
                [(seen**2,)],
                [],
                "seen = ||(I - P_0)(f_T - f*)||",
            ),
            concludes(
                "floor",
                clause,
                Ge(q.L_TE, q.NULL_ENERGY),
                "P_0 f_T = 0: sigma(<u,.>) has no component of degree k where a_k = 0",
                IN_SPAN,
            ),
        ),
    )
