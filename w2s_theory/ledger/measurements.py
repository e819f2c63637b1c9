"""What is measured and not proved: intervals over random draws, at the settings that are named.

The settings are data of this module: a claim holds at them and says nothing of any other.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Abs, And, Expr, Implies, Integer, Or, Rational, log
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.alignment import PAPER_SECTION
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le, Lt
from w2s_theory.ledger.statement import Assumption, Evidence, Kind, Mutant, Source, Statement
from w2s_theory.ledger.universality import EQUIVALENT_LOSS, PROVEN_EXPONENT

_RELU, _UNIVERSALITY = "checks/test_relu.py", "checks/test_universality.py"
_LEAST = Integer(1)
FINITE_DIM = Integer(8)
Cell = tuple[int, int, int]
"""(d, M, M')."""


def _one_of(id: str, cells: tuple[Cell, ...]) -> Assumption:
    """The setting is one of the cells."""
    listed = "; ".join(f"d = {d}: {m}, {wide}" for d, m, wide in cells)
    places = [And(Eq(q.DIM, d), Eq(q.WIDTH, m), Eq(q.WIDTH_WIDE, wide)) for d, m, wide in cells]
    return Assumption(id, f"d and the widths M, M' are one of {listed}", Or(*places))


# --- Theorem 3.1 ----------------------------------------------------------------------------------

GAIN_CELLS: tuple[Cell, ...] = (
    *((3, 16, 128), (5, 16, 128), (8, 16, 128), (8, 48, 128), (32, 16, 128)),
    *((5, 64, 256), (8, 384, 768), (32, 768, 1536)),
)
_GAINS_AT = _one_of("gain-cells", GAIN_CELLS)


def _gains(
    ratio: Callable[..., Boolean] = Lt, pgr: Callable[..., Boolean] = Gt, least: Expr = _LEAST
) -> tuple[Boolean, ...]:
    return (
        ratio(q.RATIO_WIDE, q.RATIO_NARROW),
        pgr(q.PGR_WIDE, q.PGR_NARROW),
        Lt(q.RATIO_WIDE, least),
    )


THM_3_1_MEASURED = Statement(
    id="thm-3.1-measured",
    kind=Kind.MEASUREMENT,
    title="Measured: the median gain of ReLU students at two widths of their teachers",
    source=Source.EXTENSION,
    text="Measured, not proved: at the widths listed the median of min_t L_ST/L_TE over draws "
    f"is below {say(_LEAST)} and falls from M to M', and the median PGR rises, for infinite "
    f"students and, in d = {say(FINITE_DIM)}, for finite ones. It is no law: a student of "
    "finite width need not gain at every step.",
    claim=_gains(),
    assumes=(_GAINS_AT,),
    uses=("thm-3.1",),
    needs=(Evidence.MONTE_CARLO,),
    reference=f"{PAPER_SECTION}, Theorem 3.1 and Figures 2 and 4",
    checks=(_RELU,),
    mutants=(
        Mutant("no-gain", "the median ratio does not fall", claim=_gains(ratio=Ge)),
        Mutant("pgr-stays", "PGR does not rise", claim=_gains(pgr=Le)),
        Mutant(
            "hundredfold",
            "the student is a hundred times better",
            claim=_gains(least=Rational(1, 100)),
        ),
    ),
)

FITTED_DIMS = (5, 8, 32)
_FITTED_AT = Assumption(
    "fitted-dims",
    f"d is one of {', '.join(map(str, FITTED_DIMS))}",
    Or(*(Eq(q.DIM, d) for d in FITTED_DIMS)),
)


def _fitted(above: Expr = PROVEN_EXPONENT.expr, below: Expr = Integer(3)) -> tuple[Boolean, ...]:
    return (Gt(q.SLOPE, above), Lt(q.SLOPE, below))


THM_3_1_EXPONENT_MEASURED = Statement(
    id="thm-3.1-exponent-measured",
    kind=Kind.MEASUREMENT,
    title="Measured: fitted exponents lie above the proven one",
    source=Source.EXTENSION,
    text="Measured, not proved: linear target, infinite students; the slope of the medians of "
    "min_t L_ST against those of L_TE, in logarithms, from the narrowest width of a run to the "
    "widest. A slope over a finite range may exceed the limit of "
    f"{cite('thm-4.1')} without contradiction.",
    claim=_fitted(),
    assumes=(_FITTED_AT,),
    uses=("thm-3.1-exponent",),
    needs=(Evidence.MONTE_CARLO,),
    reference=f"{PAPER_SECTION}, Figures 2 and 4",
    checks=(_RELU,),
    mutants=(
        Mutant("slope-3", "they exceed 3", claim=_fitted(above=Integer(3))),
        Mutant("below-proven", "they lie below", claim=_fitted(below=PROVEN_EXPONENT.expr)),
        Mutant("linear", "they are below 1", claim=_fitted(below=Integer(1))),
    ),
)

# --- universality ---------------------------------------------------------------------------------

EQUIVALENT_DIM = Integer(32)
NEAR_WIDTH = Integer(64)
FAR, NEAR, CURVE = Rational(11, 100), Rational(8, 100), Rational(20, 100)
EQUIVALENT_WIDTHS = (16, 32, 48, 64, 128, 256)
_AT_WIDTHS = Or(*(Eq(q.WIDTH, width) for width in EQUIVALENT_WIDTHS))
_WIDTHS = f"M is one of {', '.join(map(str, EQUIVALENT_WIDTHS))}"
_EQUIVALENT_AT = Assumption(
    "equivalent-cells",
    f"d = {EQUIVALENT_DIM} and {_WIDTHS}",
    And(Eq(q.DIM, EQUIVALENT_DIM), _AT_WIDTHS),
)


def _percent(share: Rational) -> Expr:
    return 100 * share


def _predicted(
    loss: Expr = EQUIVALENT_LOSS.expr, curve: Expr = q.PREDICTED_CURVE
) -> tuple[Boolean, ...]:
    miss = Abs(q.MEASURED_LOSS - loss)
    return (
        Le(miss, FAR * loss),
        Implies(Ge(q.WIDTH, NEAR_WIDTH), Le(miss, NEAR * loss)),
        Le(Abs(log(q.MEASURED_CURVE / curve)), CURVE),
    )


UNIVERSALITY_MEASURED = Statement(
    id="universality-measured",
    kind=Kind.MEASUREMENT,
    title=f"Measured: the deterministic equivalent in d = {say(EQUIVALENT_DIM)}",
    source=Source.EXTENSION,
    text="Measured, not proved: ReLU, linear target. The predicted L_TE is within "
    f"{say(_percent(FAR))} percent of the median, and within {say(_percent(NEAR))} percent "
    f"from M = {say(NEAR_WIDTH)} on; the predicted curve L_ST(t) within "
    f"{say(_percent(CURVE))} percent in log. In low dimension it is off by far more.",
    claim=_predicted(),
    assumes=(_EQUIVALENT_AT,),
    uses=("universality",),
    needs=(Evidence.MONTE_CARLO,),
    reference="Extension; the paper's Gaussian universality ansatz",
    checks=(_UNIVERSALITY,),
    mutants=(
        Mutant(
            "unsaturated", "L_TE = kappa/lambda", claim=_predicted(loss=q.RIDGE / q.LAMBDA_TARGET)
        ),
        Mutant(
            "squared",
            "L_TE = (kappa/(lambda + kappa))^2",
            claim=_predicted(loss=EQUIVALENT_LOSS.expr**2),
        ),
        Mutant(
            "curve-twice",
            "twice the predicted curve",
            claim=_predicted(curve=2 * q.PREDICTED_CURVE),
        ),
        Mutant(
            "half-ridge",
            "kappa -> kappa/2",
            claim=_predicted(loss=EQUIVALENT_LOSS(q.LAMBDA_TARGET, q.RIDGE / 2)),
        ),
        Mutant(
            "any-dimension",
            "in every dimension",
            assumes=(Assumption("any-cell", _WIDTHS, _AT_WIDTHS),),
        ),
    ),
)

OPTIMAL_CELLS: tuple[Cell, ...] = ((3, 16, 128), (4, 16, 128), (8, 64, 256), (32, 16, 256))
RISING_DIM = Integer(32)
_ALL = Integer(3)
_OPTIMAL_AT = _one_of("optimal-cells", OPTIMAL_CELLS)


def _approach(least: Expr = _LEAST, rising: Expr = RISING_DIM) -> tuple[Boolean, ...]:
    return (
        Gt(q.SQUARE_WIDE, least),
        Implies(Lt(q.DIM, rising), Lt(q.SQUARE_WIDE, q.SQUARE_NARROW)),
        Implies(Ge(q.DIM, rising), Gt(q.SQUARE_WIDE, q.SQUARE_NARROW)),
    )


OPTIMALITY_MEASURED = Statement(
    id="optimality-measured",
    kind=Kind.MEASUREMENT,
    title=f"Measured: min_t L_ST/{say(q.L_TE**2)} without the ansatz, at two widths",
    source=Source.EXTENSION,
    text="Measured, not proved: ReLU, linear target, infinite students; medians over draws. "
    f"They stay above {say(_LEAST)} and fall from M to M' in low dimension, where the "
    f"widths listed lie beyond their maximum; in d = {say(RISING_DIM)} they still rise.",
    claim=_approach(),
    assumes=(_OPTIMAL_AT,),
    uses=("optimality",),
    needs=(Evidence.MONTE_CARLO,),
    reference="Extension of Theorems 3.1 and 4.1",
    checks=(_UNIVERSALITY,),
    mutants=(
        Mutant(
            "falls-in-32",
            f"it falls in d = {say(RISING_DIM)} too",
            claim=_approach(rising=RISING_DIM + 1),
        ),
        Mutant("rises-in-3", "it rises in every dimension", claim=_approach(rising=_ALL)),
        Mutant("above-2", "it stays above 2", claim=_approach(least=Integer(2))),
    ),
)

# --- the teacher's own rate on the circle ---------------------------------------------------------

CIRCLE = (Integer(128), Integer(4096))
"""The two widths, d = 2."""
CIRCLE_EXPONENT = Integer(5)
_CIRCLE_DIM, _ANSATZ, _WITHIN = Integer(2), Integer(4), Rational(1, 2)
_CIRCLE_AT = Assumption(
    "circle-cells",
    f"d = 2 and M, M' = {CIRCLE[0]}, {CIRCLE[1]}",
    And(Eq(q.DIM, 2), Eq(q.WIDTH, CIRCLE[0]), Eq(q.WIDTH_WIDE, CIRCLE[1])),
)


def _slope(exponent: Expr = CIRCLE_EXPONENT, within: Expr = _WITHIN) -> tuple[Boolean, ...]:
    return (Le(Abs(q.TEACHER_SLOPE - exponent), within),)


ANSATZ_FAILS_MEASURED = Statement(
    id="ansatz-fails-measured",
    kind=Kind.MEASUREMENT,
    title="Measured: on the circle linear targets have their own exponent",
    source=Source.EXTENSION,
    text=f"Measured, not proved: the median L_TE of a linear target in d = {say(_CIRCLE_DIM)} "
    f"falls from M to M' with an exponent within {say(_WITHIN)} of {say(CIRCLE_EXPONENT)}, where "
    f"the deterministic equivalent has {say(_ANSATZ)}. That it tends to {say(CIRCLE_EXPONENT)} is "
    "a conjecture: one pair in each of two directions suffices, as ansatz-fails has it, and the "
    "closest pairs are that close.",
    claim=_slope(),
    assumes=(_CIRCLE_AT,),
    uses=("ansatz-fails",),
    needs=(Evidence.MONTE_CARLO,),
    reference="Extension",
    checks=("checks/test_teacher_forms.py",),
    mutants=(
        Mutant("ansatz", "the exponent of the ansatz, 4", claim=_slope(_ANSATZ)),
        Mutant("six", "an exponent of 6", claim=_slope(Integer(6))),
        Mutant("three", "an exponent of 3", claim=_slope(Integer(3))),
    ),
)

PLACE = 110
STATEMENTS = (
    THM_3_1_MEASURED,
    THM_3_1_EXPONENT_MEASURED,
    UNIVERSALITY_MEASURED,
    OPTIMALITY_MEASURED,
    ANSATZ_FAILS_MEASURED,
)
