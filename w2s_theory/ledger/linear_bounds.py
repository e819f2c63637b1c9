"""The linear model at finite width: explicit bounds of the means, and Theorems 3.2 and 3.3.

D = d - M, q = (1 - L_TE)/L_TE = X/(psi Y). By Jensen's inequality and the moments of X and Y the
bounds hold for every width; the theorems are their limits.
"""

from __future__ import annotations

from sympy import And, Expr, Integer, Rational, exp, log, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import PAPER_SECTION
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.linear import MEAN_ODDS, MEAN_ODDS2
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le
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

_CHECKS = "checks/test_linear_bounds.py"
_PROOF = "proofs/symbolic/linear_bounds.py"
_NOISE = q.DIM - q.WIDTH
_ARGS = (q.WIDTH, q.DIM, q.PSI)
_ONE = Integer(1)

LOSS_BELOW = Formula("loss_below", _ARGS, q.PSI * (_NOISE - 2) / (q.PSI * (_NOISE - 2) + q.WIDTH))
LOSS_ABOVE = Formula("loss_above", _ARGS, q.PSI * _NOISE / (q.PSI * _NOISE + q.WIDTH - 2))


STOP = 2 * log(1 / q.PSI)
_LEFT = 2 * exp(-STOP) + (q.PSI * STOP) ** 2
"""2 exp(-t) + (psi t)^2 at that time: what the student still misses, and has leaked."""

RATIO_ABOVE = Formula("ratio_above", _ARGS, 1 + MEAN_ODDS.expr * _LEFT + MEAN_ODDS2.expr * q.PSI**4)
RECOVERED_ABOVE = Formula("recovered_above", _ARGS, 1 - LOSS_BELOW.expr)
RECOVERED_BELOW = Formula(
    "recovered_below", _ARGS, 1 - LOSS_ABOVE.expr - _LEFT - MEAN_ODDS.expr * q.PSI**4
)

WIDE_ENOUGH = Assumption("two-features", "M >= 2", Ge(q.WIDTH, 2))
MOMENTS = Assumption("second-moment", "d > M + 4", Gt(q.DIM, q.WIDTH + 4))
WEAK = Assumption("psi-positive", "psi > 0", Gt(q.PSI, 0))
_DOMAIN = (WIDE_ENOUGH, MOMENTS, WEAK)


def _bounds(
    below: Expr = LOSS_BELOW.expr,
    above: Expr = LOSS_ABOVE.expr,
    ratio: Expr = RATIO_ABOVE.expr,
    recovered: Expr = RECOVERED_BELOW.expr,
) -> tuple[Boolean, ...]:
    return (
        Ge(q.MEAN_LOSS, below),
        Le(q.MEAN_LOSS, above),
        Ge(q.MEAN_RATIO, 1),
        Le(q.MEAN_RATIO, ratio),
        Ge(q.PGR, recovered),
        Le(q.PGR, RECOVERED_ABOVE.expr),
    )


LINEAR_BOUNDS = Statement(
    id="linear-bounds",
    kind=Kind.THEOREM,
    title=f"The linear model at every width: means of L_TE, of min_t L_ST/{say(q.L_TE**2)} and of "
    "PGR",
    source=Source.EXTENSION,
    text="One strong direction. The loss is convex in its odds q, concave in the noise Y and, "
    "once Y is replaced by its mean, concave in the inverse of X: hence its two bounds. "
    f"The student is compared with the one that stops at t = {say(STOP)}, or at once if psi "
    "is larger than the strong direction's.",
    claim=_bounds(),
    assumes=_DOMAIN,
    uses=("law-linear", "student-linear"),
    needs=(Evidence.SYMBOLIC, Evidence.EXACT_LAW),
    reference="Extension of Theorems 3.2 and 3.3",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "below-free",
            "D - 2 -> D in the lower bound of the loss",
            claim=_bounds(below=q.PSI * _NOISE / (q.PSI * _NOISE + q.WIDTH)),
        ),
        Mutant(
            "above-free",
            "M - 2 -> M in the upper bound of the loss",
            claim=_bounds(above=q.PSI * _NOISE / (q.PSI * _NOISE + q.WIDTH + 2)),
        ),
        Mutant(
            "no-noise",
            "what leaks from the weak directions dropped",
            claim=_bounds(ratio=1 + MEAN_ODDS.expr * 2 * q.PSI**2 + MEAN_ODDS2.expr * q.PSI**4),
        ),
        Mutant(
            "recovered-all",
            "PGR loses only what the student misses",
            claim=_bounds(recovered=1 - _LEFT),
        ),
        Mutant(
            "one-feature",
            f"without {say(WIDE_ENOUGH.condition)}",
            assumes=dropped(_DOMAIN, WIDE_ENOUGH),
        ),
        Mutant(
            "few-weak", "any d > M, where q has no second moment", assumes=dropped(_DOMAIN, MOMENTS)
        ),
        Mutant("any-psi", "psi may be negative", assumes=dropped(_DOMAIN, WEAK)),
    ),
)

# --- Theorem 3.2 ----------------------------------------------------------------------------------

_ELL = log(1 / q.PSI)
LATEST = Formula("latest", (q.PSI,), 2 * _ELL - log(2 * _ELL**2))
"""tau: 2 exp(-t) + (1 - exp(-psi t))^2 is at least (1 - exp(-psi tau))^2, before tau and after."""

RATIO_BELOW = Formula(
    "ratio_below", _ARGS, 1 + MEAN_ODDS.expr * s.GRADIENT_FLOW(q.PSI, LATEST.expr) ** 2
)
SCALING = Assumption(
    "scaling-3.2",
    "d = 1 + M^(3/2), psi = 1/M and d > M + 4",
    And(Eq((q.DIM - 1) ** 2, q.WIDTH**3), Eq(q.PSI * q.WIDTH, 1), MOMENTS.condition),
)
_ROOT = sqrt(q.WIDTH)
_PATH = (q.WIDTH, 1 + q.WIDTH ** Rational(3, 2), 1 / q.WIDTH)
LEADING = Formula("leading", (q.WIDTH,), 4 * log(q.WIDTH) ** 2 / q.WIDTH ** Rational(3, 2))
"""E min_t L_ST/L_TE^2 - 1 to first order on the path of Theorem 3.2."""


def _quadratic(
    below: Formula = RATIO_BELOW,
    above: Formula = RATIO_ABOVE,
    leading: Expr = LEADING.expr,
    root: Expr = _ROOT,
) -> tuple[Boolean, ...]:
    return (
        Ge(q.MEAN_LOSS, LOSS_BELOW(*_PATH)),
        Le(q.MEAN_LOSS, LOSS_ABOVE(*_PATH)),
        Ge(q.MEAN_RATIO, below(*_PATH)),
        Le(q.MEAN_RATIO, above(*_PATH)),
        at_infinity(root * LOSS_BELOW(*_PATH), _ONE, q.WIDTH),
        at_infinity(root * LOSS_ABOVE(*_PATH), _ONE, q.WIDTH),
        at_infinity((RATIO_BELOW(*_PATH) - 1) / leading, _ONE, q.WIDTH),
        at_infinity((RATIO_ABOVE(*_PATH) - 1) / leading, _ONE, q.WIDTH),
    )


def _changed(formula: Formula, expr: Expr) -> Formula:
    return Formula(formula.name, formula.args, expr)


THM_3_2 = Statement(
    id="thm-3.2",
    kind=Kind.THEOREM,
    title="Weak-to-strong generalization with linear networks: L_ST is asymptotically "
    f"{say(q.L_TE**2)}, in mean",
    source=Source.RECONSTRUCTED,
    text=f"One strong direction. The means of L_TE and of min_t L_ST/{say(q.L_TE**2)} lie "
    "between explicit bounds at every width of this scaling. Both bounds of the first are "
    f"asymptotic to {say(1 / _ROOT)}, and both bounds of the second exceed their limit by "
    f"{say(LEADING)} to first order: so the exponent is {say(s.QUADRATIC_EXPONENT)} and the "
    f"constant {say(_ONE)}.",
    claim=_quadratic(),
    assumes=(SCALING,),
    uses=("linear-bounds", "law-linear", "student-linear"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.EXACT_LAW),
    reference=f"{PAPER_SECTION}, Theorem 3.2 and Figure 3 (bounds and expansion: extension)",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant("leading-2", "half of the leading term", claim=_quadratic(leading=LEADING.expr / 2)),
        Mutant(
            "leading-square",
            "M^(3/2) -> M^2 in the leading term",
            claim=_quadratic(leading=LEADING.expr / sqrt(q.WIDTH)),
        ),
        Mutant("teacher-faster", "L_TE ~ 1/M", claim=_quadratic(root=q.WIDTH)),
        Mutant(
            "limit-1.01",
            "the ratio stays above 1.01",
            claim=_quadratic(below=_changed(RATIO_BELOW, Rational(101, 100))),
        ),
        Mutant(
            "no-noise",
            "the upper bound without what leaks",
            claim=_quadratic(above=_changed(RATIO_ABOVE, 1 + 2 * q.PSI**2 * MEAN_ODDS.expr)),
        ),
    ),
)

# --- Theorem 3.3 ----------------------------------------------------------------------------------

WIDE = Assumption(
    "scaling-3.3",
    "c > 0, d - M = M^2, psi = c/M and M >= 3",
    And(
        Gt(q.LIMIT_RATIO, 0),
        Ge(q.WIDTH, 3),
        Eq(q.PSI * q.WIDTH, q.LIMIT_RATIO),
        Eq(q.DIM - q.WIDTH, q.WIDTH**2),
    ),
)
LIMIT_LOSS = Formula("limit_loss", (q.LIMIT_RATIO,), q.LIMIT_RATIO / (1 + q.LIMIT_RATIO))
_RECOVERED = 1 - LIMIT_LOSS.expr
_PLATEAU = (q.WIDTH, q.WIDTH + q.WIDTH**2, q.LIMIT_RATIO / q.WIDTH)
ODDS_SPREAD = Formula(
    "odds_spread",
    (*_ARGS, q.LIMIT_RATIO),
    MEAN_ODDS2.expr - 2 * MEAN_ODDS.expr / q.LIMIT_RATIO + 1 / q.LIMIT_RATIO**2,
)
"""E (q - 1/c)^2."""


_PLATEAU_RATIO = RATIO_ABOVE(*_PLATEAU)


def _plateau(
    loss: Expr = LIMIT_LOSS.expr,
    recovered: Expr = _RECOVERED,
    ratio: Expr = _ONE,
    above: Expr = _PLATEAU_RATIO,
) -> tuple[Boolean, ...]:
    return (
        Ge(q.MEAN_LOSS, LOSS_BELOW(*_PLATEAU)),
        Le(q.MEAN_LOSS, LOSS_ABOVE(*_PLATEAU)),
        Ge(q.MEAN_RATIO, 1),
        Le(q.MEAN_RATIO, above),
        Ge(q.PGR, RECOVERED_BELOW(*_PLATEAU)),
        Le(q.PGR, RECOVERED_ABOVE(*_PLATEAU)),
        at_infinity(LOSS_BELOW(*_PLATEAU), loss, q.WIDTH),
        at_infinity(LOSS_ABOVE(*_PLATEAU), loss, q.WIDTH),
        at_infinity(_PLATEAU_RATIO, ratio, q.WIDTH),
        at_infinity(RECOVERED_BELOW(*_PLATEAU), recovered, q.WIDTH),
        at_infinity(RECOVERED_ABOVE(*_PLATEAU), recovered, q.WIDTH),
        at_infinity(ODDS_SPREAD(*_PLATEAU, q.LIMIT_RATIO), Integer(0), q.WIDTH),
    )


THM_3_3 = Statement(
    id="thm-3.3",
    kind=Kind.THEOREM,
    title="Weak-to-strong generalization where the teacher never becomes good",
    source=Source.RECONSTRUCTED,
    text=f"One strong direction. The means of L_TE, of min_t L_ST/{say(q.L_TE**2)} and of PGR "
    "lie between explicit bounds at every width of this scaling, whose limits are "
    f"{say(LIMIT_LOSS)}, {say(_ONE)} and {say(_RECOVERED)}; and the odds q tend to "
    f"{say(1 / q.LIMIT_RATIO)} in mean square, so L_TE itself tends to its limit. (On another "
    "path to psi (d-M)/M = c the bounds are those of linear-bounds.)",
    claim=_plateau(),
    assumes=(WIDE,),
    uses=("linear-bounds", "law-linear", "student-linear"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.EXACT_LAW),
    reference=f"{PAPER_SECTION}, Theorem 3.3 (finite form: extension)",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant("loss-c", "L_TE tends to c", claim=_plateau(loss=q.LIMIT_RATIO)),
        Mutant("all-recovered", "PGR tends to 1", claim=_plateau(recovered=_ONE)),
        Mutant("ratio-3/4", "the limit of the ratio is 3/4", claim=_plateau(ratio=Rational(3, 4))),
        Mutant(
            "ratio-root",
            "the mean ratio is within M^(-1/2) of its limit",
            claim=_plateau(above=1 + 1 / sqrt(q.WIDTH)),
        ),
        Mutant(
            "any-scaling",
            "psi is not c/M",
            assumes=(
                Assumption(
                    "wide-only",
                    "c > 0 and d - M = M^2",
                    And(Gt(q.LIMIT_RATIO, 0), Eq(q.DIM - q.WIDTH, q.WIDTH**2)),
                ),
            ),
        ),
    ),
)

PLACE = 95
STATEMENTS = (LINEAR_BOUNDS, THM_3_2, THM_3_3)
