"""Uniqueness of the effective ridge; optimality of the student under the universality ansatz."""

from __future__ import annotations

from sympy import Ge, Gt, Implies, Integer, Le, Lt, Rational, Symbol, gamma, log, symbols

from proofs.limits import clause_tends
from proofs.quotients import reduces
from proofs.steps import Proof, combination, concludes, equal
from proofs.symbolic.alignment import says
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.universality import (
    ANSATZ,
    DEGREE_AT,
    FORWARDS,
    LEARNED,
    NOISE_WEIGHT,
    POSITIVE,
    SMALL,
    SPREAD_BELOW,
    STOP,
)

_LAM, _KAP, _UP = symbols("lambda kappa u", positive=True)


def prove_universality(statement: Statement) -> Proof:
    """Monotonicity in kappa of one summand, and so of the sum; one identity."""
    falling, together, energies = statement.claim
    here, above = LEARNED(_LAM, _KAP - _LAM), LEARNED(_LAM, _KAP - _LAM + _UP)
    return Proof(
        statement,
        (
            combination(
                "every summand falls",
                here - above,
                [(_LAM, _UP, 1 / _KAP, 1 / (_KAP + _UP))],
                [
                    (_LAM, "a positive eigenvalue"),
                    (_UP, "u = kappa' - kappa > 0"),
                    (1 / _KAP, "lambda + kappa > 0, here as one symbol"),
                    (1 / (_KAP + _UP), "positive"),
                ],
                "every factor is positive, so strictly",
            ),
            says(
                "falling",
                falling,
                Implies(
                    Lt(q.RIDGE, q.RIDGE_ABOVE),
                    Gt(LEARNED.expr, LEARNED(q.EIGENVALUE, q.RIDGE_ABOVE)),
                ),
                "the difference is positive",
                POSITIVE,
            ),
            says(
                "the sum falls",
                together,
                Implies(Lt(q.RIDGE, q.RIDGE_ABOVE), Gt(q.CAPTURED, q.CAPTURED_ABOVE)),
                "a sum of positive differences",
                POSITIVE,
            ),
            equal(
                "energies add up",
                energies.lhs,
                energies.rhs,
                "kappa lambda/(lambda + kappa)^2 = L (1 - L): signal (1-L)^2 and noise L (1-L) sum "
                "to ||f_T||^2 = 1 - L",
                POSITIVE,
                is_clause=True,
            ),
        ),
    )


def prove_optimality(statement: Statement) -> Proof:
    """Signal and noise of the student at t = C log(1/L)/lambda_0, under the ansatz."""
    floor, ceiling = statement.claim[:2]
    loss, decay, noise = symbols("L x noise", nonnegative=True)
    lam, kap, spread, time, trace = symbols("lambda kappa D t T", positive=True)
    target = symbols("lambda_0", positive=True)
    student = (1 - (1 - decay) * (1 - loss)) ** 2 + noise
    weight = NOISE_WEIGHT(lam, kap)
    share = q.COEFFICIENT**2 * log(1 / q.L_TE) ** 2 * q.TRACE / (q.LAMBDA_TARGET * q.SPREAD)
    return Proof(
        statement,
        (
            combination(
                "above L^2",
                student - loss**2,
                [(2, decay, loss, 1 - loss), (decay**2, (1 - loss) ** 2), (noise,)],
                [
                    (decay, "exp(-lambda_0 t) > 0"),
                    (loss, "a squared norm"),
                    (1 - loss, "L < 1"),
                    (noise, "a sum of squares"),
                ],
                "the signal alone: (L + (1-L) exp(-lambda_0 t))^2 + noise",
            ),
            concludes("floor", floor, Ge(q.L_ST, q.L_TE**2), "the last step", ANSATZ, FORWARDS),
            equal(
                "one eigenfunction's noise",
                time**2 * kap * lam - time**2 * (lam + kap) ** 2 * weight,
                Integer(0),
                "s_j <= lambda_j t and lambda_j^2/(lambda_j + kappa)^2 <= 1: s_j^2 w_j <= "
                "t^2 lambda_j^2 w_j <= t^2 kappa lambda_j",
                FORWARDS,
            ),
            equal(
                "all of it",
                (loss * (1 - loss) / spread * time**2 * kap * trace).xreplace(
                    {kap: target * loss / (1 - loss)}
                ),
                loss**2 * target * time**2 * trace / spread,
                "sum_j lambda_j = tr K, and kappa = lambda_0 L/(1 - L) because L = "
                "kappa/(lambda_0 + kappa)",
                ANSATZ,
            ),
            equal(
                "at the stopping time",
                q.LAMBDA_TARGET * STOP.expr**2 * q.TRACE / q.SPREAD,
                share,
                "t = C log(1/L)/lambda_0",
                FORWARDS,
            ),
            combination(
                "unfinished training",
                (loss + decay) ** 2 - (loss + (1 - loss) * decay) ** 2,
                [(loss, decay, 2 * loss + 2 * decay - loss * decay)],
                [
                    (loss, "a squared norm"),
                    (decay, "exp(-lambda_0 t) = L^C"),
                    (2 * loss + 2 * decay - loss * decay, "L <= 1"),
                ],
                "(L + L^C)^2 = L^2 (1 + L^(C-1))^2",
            ),
            concludes(
                "ceiling",
                ceiling,
                Le(q.L_ST, ((1 + q.L_TE ** (q.COEFFICIENT - 1)) ** 2 + share) * q.L_TE**2),
                "signal and noise together",
                ANSATZ,
                FORWARDS,
            ),
        ),
    )


def prove_optimality_limit(statement: Statement) -> Proof:
    """D from one degree whose eigenvalue is within a factor 2 of kappa."""
    spread, growth = statement.claim
    k, d, x, more = symbols("k d x e", positive=True)
    dim = q.SPACE_DIM
    low, high = f.COEFFICIENT(k, d, Integer(1)), f.COEFFICIENT(k + 2, d, Integer(1))
    return Proof(
        statement,
        (
            reduces(
                "eigenvalues fall slowly",
                high / low,
                (1 - k) / (1 + k + d),
                "lambda_{k+2}/lambda_k = ((k-1)/(k+1+d))^2",
            ),
            equal(
                "by a factor of at most 4",
                (2 * (k - 1) - (k + 1 + d)).xreplace({k: d + 3 + more}),
                more,
                "for k >= d + 3; so if lambda_{k+2} < kappa <= lambda_k one of the two is in "
                "[kappa/2, 2 kappa]",
            ),
            combination(
                "what one such degree gives",
                x / (1 + x) ** 2 - Rational(2, 9),
                [((2 * x - 1), (2 - x), Rational(1, 9), (1 + x) ** -2)],
                [
                    (2 * x - 1, "x = lambda/kappa >= 1/2"),
                    (2 - x, "x <= 2"),
                    ((1 + x) ** -2, "a square"),
                ],
                "x/(1+x)^2 >= 2/9: D >= (2/9) N_k, with k the largest even degree with "
                "lambda_k >= kappa (N_k grows with k)",
            ),
            reduces(
                "harmonics",
                f.MULTIPLICITY(k, d),
                (2 * k + d - 2) * gamma(k + d - 2) / (gamma(d - 1) * gamma(k + 1)),
                "N_k >= 2 k^(d-2)/(d-2)!: 2k + d - 2 >= 2k, and d - 3 more factors of at least k",
            ),
            equal(
                "the degree",
                (k + 2 + d / 2 - 1) - d / 2 - 1,
                k,
                "kappa > lambda_{k+2} >= C (k + 1 + d/2)^(-d-2) (spec-decay), so k > K - d/2 - 1 "
                "if kappa = C K^(-d-2); and k >= d + 3 as K >= 3 d/2 + 3 puts kappa below the "
                "eigenvalue of some even degree in [d + 3, d + 4]",
            ),
            concludes(
                "spread",
                spread,
                Ge(q.SPREAD, SPREAD_BELOW(DEGREE_AT.expr, dim)),
                "(2/9) N_k",
                SMALL,
            ),
            clause_tends(
                "limit",
                growth,
                "Gruntz, d = 2 + p with p > 0",
                SMALL,
                positive=(q.LAMBDA_TARGET,),
                instead=((dim, 2 + Symbol("p", positive=True)),),
            ),
        ),
    )
