"""The square as a power law: upper and lower bounds of one exponent, for even targets."""

from __future__ import annotations

from sympy import Expr, Implies, Integer, Rational, exp, factorial, log
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.rate import LEVEL_AT, RATE, STOPPED, WIDTH_LIMIT, WIDTH_OF
from w2s_theory.ledger.references import BACH
from w2s_theory.ledger.relations import Ge, Gt, Le
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
_PERCENT_MORE = Rational(101, 100)


def polynomials(width: Expr) -> Expr:
    """The ell^(d-1) from which on half of the polynomials of degree ell vanish at the units."""
    return 2 * width * _B * factorial(_D - 1)


def _degree(width: Expr) -> Expr:
    return polynomials(width) ** (1 / (_D - 1))


WIDTH = Assumption("width", "M >= 0", Ge(q.WIDTH, 0))
SOME_RISK = Assumption("some-risk", "delta > 0", Gt(q.RISK, 0))
POWER_LAW = (*RATE, *EVEN_TARGET, WIDTH, SOME_RISK)

UNLEARNT = Formula(
    "unlearnt", (q.LAMBDA_TARGET, q.TIME), q.LAMBDA_TARGET * exp(-q.LAMBDA_TARGET * q.TIME)
)
"""The level that training has come down to."""
TOP = _degree(q.WIDTH) + 1
"""A bound on the degree ell at which teacher-lower is used, the first that is large enough."""
LEAST_LOSS = Formula(
    "least_loss",
    (q.WIDTH, q.DEGREE, _D, _B, q.TARGET_ENERGY),
    TEACHER_POWER.expr.xreplace({q.VANISHING: TOP}),
)
"""The loss that no teacher of that width falls below."""
SQUARE_FACTOR = Formula(
    "square_factor",
    (q.LEVEL, q.WIDTH, q.DEGREE, _D, _B, q.TARGET_ENERGY, q.LAMBDA_TARGET),
    STOPPED(q.LEVEL, q.LAMBDA_TARGET) / LEAST_LOSS.expr**2,
)
"""The bound on L_ST at a level, over the square of the least loss."""
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
    power: int = 2, logs: Expr = LOG_POWER.expr, limit: Expr = _LIMIT, times: Expr = Integer(1)
) -> tuple[Boolean, ...]:
    stopped = SQUARE_FACTOR.expr.xreplace({q.LEVEL: UNLEARNT.expr})
    wide = {q.LEVEL: LEVEL_AT.expr, q.WIDTH: WIDTH_OF(_LATER, _D, q.RISK)}
    return (
        Implies(Le(q.HIDDEN, UNLEARNT.expr), Le(q.L_ST, times * stopped * q.L_TE**power)),
        at_infinity(SQUARE_FACTOR.expr.xreplace(wide) / log(_K) ** logs, limit, _K),
    )


GAIN_RATE_POWER = Statement(
    id="gain-rate-power",
    kind=Kind.COROLLARY,
    title="For even targets the student's loss is its teacher's squared, up to logarithms",
    source=Source.EXTENSION,
    text="An even target of degree at most k, ReLU on the sphere, any M units, a student that is "
    f"stopped while {say(UNLEARNT)} is at least Delta: its loss is at most a factor times the "
    "square of its teacher's, which teacher-lower bounds from below. The later the better: down to "
    f"{say(LEVEL_AT)} for units with Delta at most that, as random ones have with probability at "
    f"least {say(_SAFE)} from the width that K asks for on (leverage, leverage-power). The factor "
    f"grows with M; at that level even the width that {say(_LATER)} asks for makes it of the order "
    f"of log(K)^p only, p = {say(LOG_POWER)}, the last clause, and K is at most a power of M. No "
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
        Mutant("cube", "the square is a cube", claim=_squares(power=3)),
        Mutant(
            "hundred-millionth",
            "a hundred-millionth of the factor",
            claim=_squares(times=Rational(1, 10**8)),
        ),
        Mutant("fewer-logs", f"the power of log(K) is {say(_FEWER)}", claim=_squares(logs=_FEWER)),
        Mutant(
            "more-logs",
            "one more logarithm does not change the limit",
            claim=_squares(logs=LOG_POWER.expr + 1),
        ),
        Mutant(
            "percent", "one percent more in the limit", claim=_squares(limit=_LIMIT * _PERCENT_MORE)
        ),
    ),
)

PLACE = 103
STATEMENTS = (GAIN_RATE_POWER,)
