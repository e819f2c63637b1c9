"""Theorem 3.1 from the master bound; S by the width; the exponents; what no teacher learns."""

from __future__ import annotations

from sympy import (
    Ge,
    Gt,
    Implies,
    Integer,
    Le,
    Lt,
    Rational,
    Symbol,
    exp,
    factorial,
    gamma,
    log,
    pi,
    sqrt,
    symbols,
)

from proofs.limits import clause_tends
from proofs.operators import operator, operator_equal, projections
from proofs.quotients import reduces
from proofs.steps import Proof, Step, combination, concludes, decided, derived, equal
from proofs.symbolic.alignment import says
from proofs.symbolic.master_bound import master_bound
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.alignment import MASTER, MASTER_BOUND_STATEMENT
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.relu import CHOICE, EXPONENT, IN_SPAN, LATE, RISK_POSITIVE
from w2s_theory.ledger.spectra import SPHERE
from w2s_theory.ledger.statement import Statement

_ODD = {q.DEGREE: 2 * q.TERM + 3, q.POWER: Integer(1)}
_K, _A, _L, _E, _M = symbols("kappa a L e M", positive=True)


def prove_thm_3_1(statement: Statement) -> Proof:
    """Markov's inequality for the event; on it, the master bound at a late time."""
    rare, bound, recovered = statement.claim
    cost, risk = q.TRACE * q.INVERSE_SUM - q.SIZE, q.RISK
    level = cost / (risk * q.WIDTH)
    leak = 1 - exp(-q.LAMBDA_OUT * q.TIME)
    gain = (sqrt(level) + sqrt(1 / q.WIDTH)) ** 2 + leak**2
    event = Le(q.KAPPA, level)
    aligned, unfinished = sqrt(_A) * sqrt(_L), sqrt(_L) / sqrt(_M)
    return Proof(
        statement,
        (
            equal(
                "Markov",
                (cost / q.WIDTH) / level,
                risk,
                "P(kappa_S > x) <= E kappa_S/x, x = A_S/(delta M), and E kappa_S <= A_S/M "
                "(kappa-width)",
                RISK_POSITIVE,
            ),
            concludes("risk", rare, Le(q.MISS_RISK, risk), "the last step", RISK_POSITIVE),
            derived(
                "master bound",
                MASTER_BOUND_STATEMENT.claim[0],
                master_bound(),
                "under what it assumes",
            ),
            combination(
                "on the event, late enough",
                (aligned + unfinished) ** 2 - (sqrt(_K) * sqrt(_L) + _E) ** 2,
                [
                    (
                        aligned - sqrt(_K) * sqrt(_L),
                        aligned + unfinished + sqrt(_K) * sqrt(_L) + _E,
                    ),
                    (unfinished - _E, aligned + unfinished + sqrt(_K) * sqrt(_L) + _E),
                ],
                [
                    (aligned - sqrt(_K) * sqrt(_L), "kappa_S <= a = A_S/(delta M)"),
                    (unfinished - _E, "late enough: e^2 <= (1 - L) e^2/(1 - L) <= L/M"),
                    (aligned + unfinished + sqrt(_K) * sqrt(_L) + _E, "roots are nonnegative"),
                ],
                "e = exp(-lambda_0 t) sqrt(1 - L_TE)",
            ),
            says(
                "bound",
                bound,
                Implies(event, Le(q.L_ST, gain * q.L_TE)),
                "the master bound, L_TE taken out",
                *MASTER,
                LATE,
                RISK_POSITIVE,
            ),
            says(
                "PGR",
                recovered,
                Implies(event, Ge(1 - q.L_ST / q.L_TE, 1 - gain)),
                "(L_TE - L_ST)/L_TE; late enough implies L_TE > 0",
                *MASTER,
                LATE,
                RISK_POSITIVE,
            ),
        ),
    )


def _degrees() -> tuple[Step, ...]:
    """The least eigenvalue of S is that of K, and the harmonics up to K are counted."""
    k, d = symbols("k d", positive=True)
    low, high = f.COEFFICIENT(k, d, Integer(1)), f.COEFFICIENT(k + 2, d, Integer(1))
    return (
        reduces(
            "eigenvalues fall",
            high / low,
            (1 - k) / (1 + k + d),
            "|a_{k+2}/a_k| < 1 for even k >= 0",
        ),
        reduces(
            "degree 2 from degree 0",
            f.COEFFICIENT(Integer(2), d, Integer(1)),
            f.COEFFICIENT(Integer(0), d, Integer(1)) / (1 + d),
            "a_2 = c_d/((d-1)(d+1)), against a_1 = 1/(2d): c_d <= sqrt((d-1)/(2 pi)), as Gamma is "
            "log-convex, makes a_2/a_1 <= 2 d/((d+1) sqrt(2 pi (d-1))) < 1: all eigenvalues of S "
            "are at least a_K^2, K >= 2",
        ),
        decided(
            "degree 2 below degree 1", Lt(Rational(4, 3) / sqrt(2 * pi), 1), "the worst case, d = 2"
        ),
        reduces(
            "cost",
            1 / (2 * d) * 2 / gamma(d),
            1 / gamma(d + 1),
            "A_S <= tr K sum_{k <= K} N_k/lambda_K, tr K = 1/(2d), 1/lambda_K <= "
            "(K + d/2 - 1)^(d+2)/C (spec-decay), and sum N_k = C(K+d-1, d-1) + C(K+d-2, d-1) <= "
            "2 (K+d)^(d-1)/(d-1)!; with K + d/2 - 1 <= K + d",
        ),
    )


def prove_thm_3_1_limit(statement: Statement) -> Proof:
    """Counts and decay of the eigenvalues; logarithms; two limits."""
    cost, leak, late, rate_cost, rate_leak = statement.claim
    d, cut = q.SPACE_DIM, q.CUT
    constant = f.DECAY_CONSTANT(d, Integer(1))
    width, last_width, power, loss = symbols("m n b u", nonnegative=True)
    last = (1 + q.LOSS_POWER) * (4 * d + 5) * log(cut + 2) / (2 * q.LAMBDA_TARGET)
    positive = (q.RISK, q.LAMBDA_TARGET, q.LOSS_POWER)
    return Proof(
        statement,
        (
            *_degrees(),
            concludes(
                "alignment",
                cost,
                Le(
                    q.TRACE * q.INVERSE_SUM - q.SIZE,
                    (cut + d) ** (2 * d + 1) / (factorial(d) * constant),
                ),
                "the cost with d (d-1)! = d!",
                *CHOICE[:2],
            ),
            combination(
                "(K+1)(K+d+1) >= (K+1)^2",
                (cut + 1) * (cut + d + 1) - (cut + 1) ** 2,
                [(cut + 1, d)],
                [(cut + 1, "positive"), (d, "positive")],
                "spec-decay: lambda_{K+2} <= C ((K+1)(K+d+1))^(-1-d/2)",
            ),
            concludes(
                "leakage",
                leak,
                Le(q.LAMBDA_OUT, constant * (cut + 1) ** (-d - 2)),
                "the last step",
                *CHOICE[:2],
            ),
            combination(
                "time",
                (1 + power) * last_width - (width + loss),
                [(1 + power, last_width - width), (power * width - loss,)],
                [
                    (1 + power, "b >= 0"),
                    (last_width - width, "log M <= (4d+5) log(K+2)"),
                    (power * width - loss, "log(1/L) <= b log M"),
                ],
                "log(M (1-L)/L) <= log M + log(1/L)",
            ),
            concludes(
                "time bound",
                late,
                Le(log(q.WIDTH * (1 - q.L_TE) / q.L_TE) / (2 * q.LAMBDA_TARGET), last),
                "the last step",
                *CHOICE,
            ),
            clause_tends("rate of alignment", rate_cost, "Gruntz", positive=positive),
            clause_tends("rate of leakage", rate_leak, "Gruntz", positive=positive),
        ),
    )


def prove_thm_3_1_exponent(statement: Statement) -> Proof:
    """Powers of the two premises; rational functions of d."""
    power, formula, below, headline, until, sharper, above = statement.claim
    d = q.DIM
    proven = 1 + (d - 1) / (2 * (d + 2))
    more = Symbol("e", nonnegative=True)  # d = 148 + e
    return Proof(
        statement,
        (
            equal(
                "exponents match",
                (1 + 3 / (d - 1)) * (proven - 1),
                Rational(1, 2),
                "r (beta - 1) = 1/2: M^(-1/2) = (M^-r)^(beta-1) <= (L_TE/c)^(beta-1), as beta > 1",
            ),
            concludes(
                "power",
                power,
                Le(q.L_ST, q.FACTOR * q.COEFFICIENT ** (1 - proven) * q.L_TE**proven),
                "L_ST <= A M^(-1/2) L_TE",
                *EXPONENT,
            ),
            equal("exponent", formula.lhs, formula.rhs, "beta - 1 = 1/(2r)", is_clause=True),
            equal("below 3/2", Rational(3, 2) - proven, 3 / (2 * (d + 2)), "positive for d >= 2"),
            concludes("limit", below, Lt(proven, Rational(3, 2)), "the gap is positive"),
            equal(
                "1.49",
                (proven - Rational(149, 100)).xreplace({d: 148 + more}),
                more / (100 * (150 + more)),
                "nonnegative for d = 148 + e, e >= 0, and negative for -146 <= e < 0",
            ),
            says(
                "headline",
                headline,
                Implies(Ge(d, 148), Ge(proven, Rational(149, 100))),
                "the same",
            ),
            says(
                "not before", until, Implies(Lt(d, 148), Lt(proven, Rational(149, 100))), "the same"
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
    clause, vanishing = statement.claim
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
            equal(
                "degrees that spec-odd covers",
                (q.DEGREE - q.POWER).xreplace(_ODD),
                2 * (q.TERM + 1),
                "k - alpha is even and at least 2 at alpha = 1, k = 2m + 3",
            ),
            says(
                "odd degrees of ReLU",
                vanishing,
                load()["spec-odd"].claim[0].xreplace(_ODD),
                "spec-odd there",
                SPHERE,
            ),
        ),
    )
