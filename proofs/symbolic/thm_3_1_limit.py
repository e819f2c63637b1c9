"""Theorem 3.1 with S chosen by the width: counts and decay of eigenvalues, and two limits."""

from __future__ import annotations

from sympy import Integer, Le, Lt, Rational, factorial, gamma, log, pi, sqrt, symbols

from proofs.limits import clause_tends
from proofs.quotients import reduces
from proofs.steps import Proof, Step, combination, concludes, decided
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.relu import CHOICE
from w2s_theory.ledger.statement import Statement

_ODD = {q.DEGREE: 2 * q.TERM + 3, q.POWER: Integer(1)}
_K, _A, _L, _E, _M = symbols("kappa a L e M", positive=True)


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
