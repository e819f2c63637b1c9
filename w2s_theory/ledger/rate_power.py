"""The square as a power law: upper and lower bounds of one exponent, for even targets."""

from __future__ import annotations

from sympy import And, Eq, Expr, Ge, Gt, Implies, Le, factorial, log
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.rate import EVEN_CUT, LEVEL_AT, RATE, STOP_AT, STOPPED, WIDTH_LIMIT, WIDTH_OF
from w2s_theory.ledger.references import BACH
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Formula,
    Kind,
    Mutant,
    Source,
    Statement,
)
from w2s_theory.ledger.teacher_forms import EVEN_TARGET, TEACHER_POWER

_K, _D, _B = q.CUT, q.SPACE_DIM, q.FLATNESS
_SAFE, _LATER = 1 - q.RISK, _K + 2


def polynomials(width: Expr) -> Expr:
    """The ell^(d-1) from which on half of the polynomials of degree ell vanish at the units."""
    return 2 * width * _B * factorial(_D - 1)


def _degree(width: Expr) -> Expr:
    return polynomials(width) ** (1 / (_D - 1))


AT_STOP = Assumption(
    "at-stop",
    "0 < delta <= 1, 0 < mu <= lambda_0 and t = log(lambda_0/mu)/lambda_0",
    And(
        Gt(q.RISK, 0),
        Le(q.RISK, 1),
        Gt(q.LEVEL, 0),
        Le(q.LEVEL, q.LAMBDA_TARGET),
        Eq(q.TIME, STOP_AT(q.LEVEL, q.LAMBDA_TARGET)),
    ),
)
LEVEL_FOR = Assumption(
    "level-for", "mu = C K^-(d+2), C the constant of spec-decay", Eq(q.LEVEL, LEVEL_AT.expr)
)
SOME_TARGET = Assumption(
    "some-target",
    "k >= 2, M >= 1, B > 0 and the target's energy is > 0",
    And(Ge(q.DEGREE, 2), Ge(q.WIDTH, 1), Gt(_B, 0), Gt(q.TARGET_ENERGY, 0)),
)
ENOUGH = Assumption(
    "enough-polynomials",
    "ell^(d-1) >= 2 M B (d-1)! and ell <= (2 M B (d-1)!)^(1/(d-1)) + 1",
    And(Ge(q.VANISHING ** (_D - 1), polynomials(q.WIDTH)), Le(q.VANISHING, _degree(q.WIDTH) + 1)),
)
POWER_LAW = (*RATE, *EVEN_TARGET, SOME_TARGET, EVEN_CUT, LEVEL_FOR, AT_STOP, ENOUGH)

TOP = _degree(q.WIDTH) + 1
"""A bound on ell."""
LEAST_LOSS = Formula(
    "least_loss",
    (q.WIDTH, q.DEGREE, _D, _B, q.TARGET_ENERGY),
    TEACHER_POWER.expr.xreplace({q.VANISHING: TOP}),
)
"""The loss that no teacher of that width falls below."""
SQUARE_FACTOR = Formula(
    "square_factor",
    (_K, q.WIDTH, q.DEGREE, _D, _B, q.TARGET_ENERGY, q.LAMBDA_TARGET),
    STOPPED(LEVEL_AT.expr, q.LAMBDA_TARGET) / LEAST_LOSS.expr**2,
)
LOG_POWER = Formula("log_power", (_D,), 3 * (_D + 1) / (_D - 1))
"""The power of log(K) that separates L_ST from L_TE^2."""
_FEWER = 2 * (_D + 2) / (_D - 1)
_LIMIT = (
    4
    * (_D + 2)
    / (q.LAMBDA_TARGET * q.TARGET_ENERGY) ** 2
    * (2 * polynomials(WIDTH_LIMIT) ** (1 / (_D - 1))) ** (2 * _D + 4)
)


def _squares(
    power: int = 2, logs: Expr = LOG_POWER.expr, limit: Expr = _LIMIT
) -> tuple[Boolean, ...]:
    widest = SQUARE_FACTOR.expr.xreplace({q.WIDTH: WIDTH_OF(_LATER, _D, q.RISK)})
    return (
        Implies(Le(q.HIDDEN, q.LEVEL), Le(q.L_ST, SQUARE_FACTOR.expr * q.L_TE**power)),
        at_infinity(widest / log(_K) ** logs, limit, _K),
    )


GAIN_RATE_POWER = Statement(
    id="gain-rate-power",
    kind=Kind.COROLLARY,
    title="For even targets the student's loss is its teacher's squared, up to logarithms",
    source=Source.EXTENSION,
    text="An even target of degree at most k, ReLU on the sphere, any M units with Delta at most "
    f"{say(LEVEL_AT)}: random ones have that with probability at least {say(_SAFE)} from the "
    "width that K asks for on (leverage, leverage-power). At one stopping time the student's loss "
    "is at most a factor times the square of its teacher's, which teacher-lower bounds from below. "
    f"The factor grows with M; even at the width that {say(_LATER)} asks for it is of the order of "
    f"log(K)^p, p = {say(LOG_POWER)}, the last clause, and K is at most a power of M. No "
    "Gaussian universality is assumed; what rests on the literature is Bernstein's inequality in "
    "leverage and two sentences of teacher-lower.",
    claim=_squares(),
    assumes=POWER_LAW,
    uses=("gain-rate-limit", "leverage-power", "teacher-lower"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Extension of Theorem 3.1; {BACH}",
    proof="proofs/symbolic/rate_power.py",
    checks=("checks/test_rate_power.py",),
    mutants=(
        Mutant("eighth", "the square is an eighth power", claim=_squares(power=8)),
        Mutant("fewer-logs", f"the power of log(K) is {say(_FEWER)}", claim=_squares(logs=_FEWER)),
        Mutant(
            "more-logs",
            "one more logarithm does not change the limit",
            claim=_squares(logs=LOG_POWER.expr + 1),
        ),
    ),
)

PLACE = 103
STATEMENTS = (GAIN_RATE_POWER,)
