"""The law of the linear model's teacher: X and Y, what they make of it, and their moments."""

from __future__ import annotations

from sympy import Eq, Expr, Integer, Symbol, betainc_regularized, exp, oo

from proofs.kernel import Fact, evident, gap
from proofs.lemmas import part
from proofs.means import euler, independent, moment
from proofs.proof import Proof
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.linear import LOSS_RANGE, MODEL
from w2s_theory.ledger.spaces import DRAWS, NOISE_AT, SIGNAL_AT, Mean
from w2s_theory.ledger.statement import Statement

X, Y = SIGNAL_AT, NOISE_AT
ODDS = X / (q.PSI * Y)
LOSS = q.PSI * Y / (q.PSI * Y + X)
_RATIO = (1 + ODDS * exp(-q.TIME)) ** 2 + ODDS * s.GRADIENT_FLOW(q.PSI, q.TIME) ** 2
BEST = Infimum(_RATIO, q.TIME, Integer(0), oo)
"""min_t L_ST/L_TE^2 by student-linear, for L_TE = 1/(1 + q)."""
_LAW = {
    q.MEAN_LOSS: LOSS,
    q.MEAN_RATIO: BEST,
    q.PGR: 1 - LOSS * BEST,
    q.MEAN_ODDS: ODDS,
    q.MEAN_ODDS2: ODDS**2,
}


def mean(body: Expr) -> Expr:
    """Over X ~ chi^2_M and Y ~ chi^2_(d-M), independent."""
    return Mean(body, DRAWS)


def law(symbol: Symbol) -> Fact:
    """A mean over the teacher's features is one over X and Y."""
    return gap(
        "q = z^T W^-1 z (law-linear-k), z the features' strong coordinates and W the Gram "
        "matrix of the weak ones, and given z the quotient ||z||^2/(psi q) is chi^2_(d-M) "
        "whatever z (Wishart with d - 1 degrees of freedom, Muirhead 1982, th. 3.2.12)",
        Eq(symbol, mean(_LAW[symbol]), evaluate=False),
    )


def put_moments(fact: Fact, power: int, *domain: Fact) -> Fact:
    """E (X/Y)^p = E X^p E Y^-p put in."""
    quotient = (X / Y) ** power
    value = independent(quotient, DRAWS, *domain)
    for variable, p in ((X, power), (Y, -power)):
        value = value.put(moment(variable, p, DRAWS, *domain), mean(variable**p), *domain)
    return fact.put(value, mean(quotient), *domain)


def prove_law_linear(statement: Statement) -> Proof:
    """Moments of q = X/(psi Y); the share Y/(X + Y) is Beta; Euler's integral."""
    signal, noise = part(MODEL, q.WIDTH >= 1), part(MODEL, q.DIM > q.WIDTH + 4)
    more = (fact + evident(i) for fact in (signal, noise) for i in range(1, 6))
    known = (noise, part(MODEL, q.PSI > 0), *more)
    odds, odds2 = (
        put_moments(law(symbol), power, *known)
        for power, symbol in enumerate((q.MEAN_ODDS, q.MEAN_ODDS2), 1)
    )
    # Typed here, not the ledger's formula: a gap that is read off the claim would follow it.
    at = q.LOSS_AT / (q.LOSS_AT + q.PSI * (1 - q.LOSS_AT))
    beta = betainc_regularized((q.DIM - q.WIDTH) / 2, q.WIDTH / 2, 0, at)
    shared = gap(
        "L_TE <= x where B <= x/(x + psi (1 - x)), B = Y/(X + Y), and B ~ Beta((d-M)/2, M/2) "
        "(Lukacs 1955)",
        Eq(q.LOSS_CDF, beta, evaluate=False),
        LOSS_RANGE,
    )
    told = law(q.MEAN_LOSS)
    lost = told + euler(X, Y, 1 - q.PSI, DRAWS, *known).times(q.PSI)
    return Proof(statement, (shared + told.times(0), odds, odds2, lost))
