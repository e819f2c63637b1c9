"""The decay law with its bounds at every degree, and the Hermite limit with its rate."""

from __future__ import annotations

from functools import cache
from typing import Any

from sympy import Eq, Expr, Integer, Symbol, cancel, diff, gamma, symbols

from proofs.quotients import reduces
from proofs.steps import Proof, Step, combination, concludes, equal
from w2s_theory.certify import Verdict
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import BEYOND_POWER, NOT_STEP_IN_3, OTHER_PARITY, SPHERE
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.spectra import decay, limit

K, D, ALPHA = q.DEGREE, q.SPACE_DIM, q.POWER
S, Y = decay.S, decay.INVERSE
_decay_gap, _gamma_rate = cache(decay.stirling_gap), cache(limit.gamma_rate)


def _stirling(name: str, value: Any, expected: Expr, because: str, *assumes: Assumption) -> Step:
    """A SymPy limit of Stirling's expansion, all parameters symbolic (`value` computes it)."""
    return Step(
        name=name,
        claim=Eq(Symbol(name.replace(" ", "_")), expected, evaluate=False),
        because=because,
        check=lambda: Verdict.PROVED if (value() - expected).expand() == 0 else Verdict.UNDECIDED,
        assumes=assumes,
    )


def _in_y(step: Expr) -> Expr:
    """A quotient of successive terms with k = 1/y - d/2, alpha = s - d/2."""
    return cancel(step.xreplace({K: 1 / Y - D / 2, ALPHA: S - D / 2}))


def _squeeze(
    name: str, *, base: Expr, power: Expr, slope: Expr, terms: Any, given: Any
) -> tuple[Step, ...]:
    """The step of a_k^2 over base^-power: 1 at y = 0, and the sign of its logarithm's slope."""
    rises = _in_y(((K - ALPHA) / (K + ALPHA + D)) ** 2)
    grows = _in_y(base.xreplace({K: K + 2}) / base)
    sign = -1 if name == "lower" else 1
    return (
        equal(
            f"{name}: start",
            (rises * grows).xreplace({Y: Integer(0)}),
            Integer(1),
            "the step of a_k^2 over the bound, with y = 1/X, tends to 1 as y -> 0",
        ),
        equal(
            f"{name}: slope",
            diff(rises, Y) / rises + power * diff(grows, Y) / grows,
            slope,
            "of the logarithm of the step, which is 0 at y = 0 and so has the sign of its slope",
        ),
        combination(f"{name}: sign", sign * slope, terms, given, "s y < 1"),
    )


def prove_spec_decay(statement: Statement) -> Proof:
    """a_k^2/lower falls to 1, a_k^2/upper rises to 1, in every step of two degrees."""
    real = load()["spec-decay"]
    near, far = 1 - S * Y, 1 - (S - 2) * Y
    one, two = S - 1, S - 2
    given_in_order = (SPHERE, BEYOND_POWER, OTHER_PARITY)
    low = -4 * S * (S**2 - 1) * Y**2 / ((1 - Y**2) * (1 - S**2 * Y**2))
    high = 8 * S * two * one * Y**2 / ((1 - S**2 * Y**2) * (1 - two**2 * Y**2))
    positive = "a positive number"
    in_range = "X > s"
    return Proof(
        statement,
        (
            reduces(
                "step of a_k^2",
                f.COEFFICIENT(K + 2, D, ALPHA) ** 2 / f.COEFFICIENT.expr**2,
                ((K - ALPHA) / (K + ALPHA + D)) ** 2,
                "Gamma's functional equation",
                SPHERE,
            ),
            combination(
                "range",
                (K + D / 2) - (ALPHA + D / 2) - 1,
                [(K - ALPHA - 1,)],
                [(K - ALPHA - 1, BEYOND_POWER)],
                "X = k + d/2 exceeds s = alpha + d/2 by 1 at least, so s y < 1 for y = 1/X",
            ),
            *_squeeze(
                "lower",
                base=K + D / 2 - 1,
                power=2 * S,
                slope=low,
                terms=[(4 * S, one, S + 1, Y**2, 1 / (1 - Y**2), 1 / (1 - S**2 * Y**2))],
                given=[
                    (4 * S, positive),
                    (one, "2s = 2 alpha + d >= 2"),
                    (S + 1, positive),
                    (1 / (1 - Y**2), in_range),
                    (1 / (1 - S**2 * Y**2), in_range),
                ],
            ),
            *_squeeze(
                "upper",
                base=(K - ALPHA) * (K + ALPHA + D - 2),
                power=S,
                slope=high,
                terms=[
                    (8 * S, two, one, Y**2, 1 / near, 1 / (1 + S * Y), 1 / far, 1 / (1 + two * Y))
                ],
                given=[
                    (8 * S, positive),
                    (two, "s >= 2: s = 3/2 is excluded, and at s = 1 the factor s - 1 is 0"),
                    (one, "s >= 1"),
                    (1 / near, in_range),
                    (1 / (1 + S * Y), positive),
                    (1 / far, in_range),
                    (1 / (1 + two * Y), positive),
                ],
            ),
            _stirling(
                "limit by Stirling",
                _decay_gap,
                Integer(0),
                "log(a_k^2 k^(2 alpha+d)/C) -> 0: both quotients tend to 1, one from above, one "
                "from below (DLMF 5.11.1)",
                *given_in_order,
            ),
            concludes(
                "lower bound", statement.claim[0], real.claim[0], "falls to 1", *given_in_order
            ),
            concludes(
                "upper bound",
                statement.claim[1],
                real.claim[1],
                "rises to 1",
                *given_in_order,
                NOT_STEP_IN_3,
            ),
            concludes("limit", statement.claim[2], real.claim[2], "Stirling", *given_in_order),
        ),
    )


def prove_spec_limit(statement: Statement) -> Proof:
    """Stirling to first order for each quotient of Gammas; the orders add up."""
    real = load()["spec-limit"]
    reached, rated = statement.claim
    s = symbols("s", positive=True)
    first = -s * (s - 1) / 2
    half = (ALPHA + K) / 2
    square = 2 * first.xreplace({s: half}) * 2
    counted = -first.xreplace({s: K - 1}) - 1 + K
    leading = (
        D**ALPHA
        * (f.COEFFICIENT.expr * gamma(D / 2 + half) / gamma(D / 2)) ** 2
        * (D / 2) ** (-2 * half)
        * D**K
        / gamma(K + 1)
    )
    return Proof(
        statement,
        (
            _stirling(
                "quotient of Gammas",
                _gamma_rate,
                first,
                "z^s Gamma(z)/Gamma(z+s) = 1 - s (s-1)/(2z) + O(z^-2)",
            ),
            reduces(
                "multiplicity",
                f.MULTIPLICITY.expr,
                (2 * K + D - 2)
                / (K + D - 2)
                * (D - 1)
                * gamma(D + K - 1)
                / gamma(D)
                / gamma(K + 1),
                "N_k k!/d^k = 1 + (k - 1 + (k-1)(k-2)/2)/d + ..., factor by factor, s = k - 1",
            ),
            reduces(
                "leading order",
                leading,
                f.HERMITE_COEFFICIENT.expr**2,
                "the square with z = d/2, s = (alpha+k)/2, and d^k/k! for N_k",
            ),
            concludes("limit", reached, real.claim[0], "the leading orders"),
            equal(
                "rate",
                square + counted,
                f.LIMIT_RATE.expr,
                "squared, in 1/d = 1/(2z): -2 s (s-1); added to that of N_k",
            ),
            equal(
                "claimed rate",
                (rated.rhs / q.H_K**2),
                square + counted,
                "what was derived",
                is_clause=True,
            ),
            concludes("relative gap", rated, real.claim[1], "the first orders"),
        ),
    )
