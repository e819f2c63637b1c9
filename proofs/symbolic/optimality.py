"""Uniqueness of the effective ridge; optimality of the student under the universality ansatz."""

from __future__ import annotations

from sympy import Ge, Gt, Implies, Integer, Le, Lt, limit, log, oo, symbols

from proofs.steps import Proof, Step, combination, concludes, equal
from proofs.symbolic.alignment import says
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.universality import (
    ANSATZ,
    EQUIVALENT_LOSS,
    FORWARDS,
    LEARNED,
    NOISE_WEIGHT,
    STOP,
)

_LAM, _KAP, _UP = symbols("lambda kappa u", positive=True)


def prove_universality(statement: Statement) -> Proof:
    """Monotonicity in kappa; the clauses on measured means are measured, not proved."""
    falling = statement.claim[0]
    here, above = LEARNED(_LAM, _KAP), LEARNED(_LAM, _KAP + _UP)
    loss, weight = EQUIVALENT_LOSS.expr, NOISE_WEIGHT(q.LAMBDA_TARGET, q.RIDGE)
    return Proof(
        statement,
        (
            combination(
                "every summand falls",
                here - above,
                [(_LAM, _UP, 1 / (_LAM + _KAP), 1 / (_LAM + _KAP + _UP))],
                [
                    (_LAM, "a positive eigenvalue"),
                    (_UP, "kappa' - kappa > 0"),
                    (1 / (_LAM + _KAP), "positive"),
                    (1 / (_LAM + _KAP + _UP), "positive"),
                ],
                "kappa' = kappa + u; so the sum decreases strictly, from the number of positive "
                "eigenvalues at 0 to 0 at infinity, and takes the value M once",
            ),
            says(
                "falling",
                falling,
                Implies(
                    Lt(q.RIDGE, q.RIDGE_ABOVE),
                    Gt(LEARNED.expr, LEARNED(q.EIGENVALUE, q.RIDGE_ABOVE)),
                ),
                "the difference is positive",
            ),
            equal(
                "energies add up",
                weight,
                loss * (1 - loss),
                "kappa lambda/(lambda + kappa)^2 = L (1 - L): signal (1-L)^2 and noise L (1-L) sum "
                "to ||f_T||^2 = 1 - L",
            ),
        ),
    )


def _outgrows() -> Step:
    """D >= (2/9) N_k for an even degree k with lambda_k in [kappa/2, 2 kappa]."""
    x, k, d = symbols("x k d", positive=True)

    def run() -> Verdict:
        # log(1/kappa) is O(log k) and N_k grows as k^(d-2), d - 2 >= 1.
        small = limit(log(k) ** 2 / k, k, oo) == 0
        steps = limit(((k - 1) / (k + 1 + d)) ** 2, k, oo) == 1
        return Verdict.PROVED if small and steps else Verdict.UNDECIDED

    return Step(
        name="D outgrows log(1/L)^2",
        claim=Gt(x / (1 + x) ** 2, 0),
        because="lambda_{k+2}/lambda_k = ((k-1)/(k+1+d))^2 -> 1, so for small kappa some even "
        "degree k has lambda_k/kappa in [1/2, 2], where x/(1+x)^2 >= 2/9: D >= (2/9) N_k, and "
        "log(1/L)^2/N_k -> 0 for d >= 3, with kappa = Theta(k^-(d+2)), N_k = Theta(k^(d-2))",
        check=run,
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
            _outgrows(),
        ),
    )
