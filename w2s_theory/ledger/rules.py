"""Particular learning rules: the named filters never overshoot; flows that approach the floor."""

from __future__ import annotations

from sympy import Expr, Integer, Rational, atan, cos, log, sin, sqrt, tan
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.relations import Ge, Le
from w2s_theory.ledger.sharpness import HIGHER
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Formula,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_CHECKS = "checks/test_limits.py"
_ONE = Integer(1)

POSITIVE_EIGENVALUE = s.above(q.EIGENVALUE, Integer(0))
POSITIVE_STEP = s.above(q.STEP, Integer(0))
POSITIVE_STEPS = s.above(q.STEPS, Integer(0))
SHORT_STEP = Assumption("short-step", "lambda eta <= 1", Le(q.STEP * q.EIGENVALUE, 1))
NAMED_RULES = (s.GRADIENT_FLOW, s.RIDGE, s.GRADIENT_DESCENT, s.AVERAGED_DESCENT)
_RULES = (POSITIVE_EIGENVALUE, POSITIVE_STEP, POSITIVE_STEPS, SHORT_STEP, s.TIME_NONNEGATIVE)


def between(rule: Expr, high: Expr = _ONE) -> Boolean:
    """0 <= rule <= high, as one product."""
    return Ge(rule * (high - rule), 0)


def _named(*changed: Expr, high: Expr = _ONE) -> tuple[Boolean, ...]:
    rules = changed or tuple(rule.expr for rule in NAMED_RULES)
    return tuple(between(rule, high) for rule in rules)


LEM_1_NAMED = Statement(
    id="lem-1-named",
    kind=Kind.LEMMA,
    title="Gradient flow, ridge, gradient descent and averaged iterates never overshoot",
    source=Source.EXTENSION,
    text="The filter lies in the unit interval, as its product with its complement is "
    "nonnegative, and lem-1-filters covers it: ridge with parameter eta, and gradient "
    "descent with step eta after k steps, or its iterates averaged. (A spectral cut-off "
    "takes no other values than the interval's ends.)",
    claim=_named(),
    assumes=_RULES,
    uses=("lem-1-filters",),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference="Extension of Lemma 1",
    proof="proofs/symbolic/rules.py",
    mutants=(
        Mutant("any-step", "lambda eta may exceed 1", assumes=dropped(_RULES, SHORT_STEP)),
        Mutant("negative-time", "t may be negative", assumes=dropped(_RULES, s.TIME_NONNEGATIVE)),
        Mutant("negative-steps", "k may be negative", assumes=dropped(_RULES, POSITIVE_STEPS)),
        Mutant(
            "negative-eigenvalue",
            "lambda may be negative",
            assumes=dropped(_RULES, POSITIVE_EIGENVALUE),
        ),
        Mutant("negative-step", "eta may be negative", assumes=dropped(_RULES, POSITIVE_STEP)),
        Mutant("half", "they stay below 1/2", claim=_named(high=Rational(1, 2))),
        Mutant(
            "momentum",
            "two heavy-ball steps with momentum 1 are among them",
            claim=_named(
                *(rule.expr for rule in NAMED_RULES[:3]),
                s.HEAVY_BALL_TWO_STEPS(q.EIGENVALUE, q.STEP, _ONE),
            ),
        ),
    ),
)

# --- flows that approach the floor of Theorem 4.1 -------------------------------------------------

TURN = s.half(atan(2 * tan(q.THETA)))
"""The angle by which the nearest point of the ball is turned from f_T."""


def two_eigenvalues(fast: Expr, slow: Expr) -> Expr:
    """||f_S - f*||^2 with filter `fast` along the turned direction and `slow` across it."""
    along, across = q.THETA - q.PHI, cos(q.THETA)
    kept, leaked = fast * across * cos(q.PHI), slow * across * sin(q.PHI)
    return 1 + kept**2 + leaked**2 - 2 * kept * cos(along) + 2 * leaked * sin(along)


FLOW_LOSS = Formula(
    "flow_loss",
    (q.THETA, q.PHI, q.SLOWNESS),
    two_eigenvalues(*(s.GRADIENT_FLOW(x, log(q.SLOWNESS)) for x in (_ONE, 1 / q.SLOWNESS))),
)
"""Kernel eigenvalues 1 and 1/N, t = log N."""

LATE = Assumption("long-training", "N >= 1", Ge(q.SLOWNESS, 1))
_FLOWS = (s.LOSS_BELOW_ONE, LATE)
REACH = Formula(
    "reach", (q.L_TE, q.SLOWNESS), sqrt(1 - q.L_TE) * (1 + log(q.SLOWNESS)) / q.SLOWNESS
)


def _approach(
    reach: Expr = REACH.expr, floor: Expr = s.SHRINKAGE_FLOOR.expr, limit: Expr | None = None
) -> tuple[Boolean, ...]:
    loss = FLOW_LOSS(q.THETA, TURN, q.SLOWNESS)
    reached = s.CHAIN_OBJECTIVE(_ONE, q.THETA, TURN) if limit is None else limit
    return (
        Ge(loss, floor),
        Le(loss, (sqrt(s.SHRINKAGE_FLOOR.expr) + reach) ** 2),
        at_infinity(loss, reached, q.SLOWNESS),
    )


THM_4_1_SHARP_FLOW = Statement(
    id="thm-4.1-sharp-flow",
    kind=Kind.LEMMA,
    title="Gradient flows with one large and one small eigenvalue approach the floor",
    source=Source.EXTENSION,
    text=f"Kernel eigenvalues {say(_ONE)} along the nearest point of the ball and "
    f"{say(1 / q.SLOWNESS)} across it, t = {say(log(q.SLOWNESS))}: the loss of the flow is "
    "within explicit reach of the floor, and tends to that of the projection of "
    "thm-4.1-sharp, which attains it.",
    claim=_approach(),
    assumes=_FLOWS,
    where=(s.ANGLE,),
    uses=("thm-4.1-sharp", "lem-1"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference="Extension of Theorem 4.1",
    proof="proofs/symbolic/rules.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "no-log",
            "the small eigenvalue leaks nothing",
            claim=_approach(reach=sqrt(1 - q.L_TE) / q.SLOWNESS),
        ),
        Mutant(
            "floor-higher",
            f"the floor is {say(HIGHER)} times as high",
            claim=_approach(floor=HIGHER * s.SHRINKAGE_FLOOR.expr),
        ),
        Mutant("limit-0", "the loss tends to 0", claim=_approach(limit=Integer(0))),
        Mutant("any-time", "N may be less than 1", assumes=dropped(_FLOWS, LATE)),
    ),
)

PLACE = 25
STATEMENTS = (LEM_1_NAMED, THM_4_1_SHARP_FLOW)
