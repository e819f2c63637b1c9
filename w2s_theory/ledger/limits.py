"""Section 4: shrinkage optimality and the quadratic limit of weak-to-strong generalization."""

from __future__ import annotations

from sympy import Expr, Implies, Integer, Max, Rational, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.references import IN_PAPER, POLYAK
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le, Lt
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

PAPER_SECTION = f"{IN_PAPER}, section 4"
_CHECKS = "checks/test_limits.py"

# --- Definition 1 ---------------------------------------------------------------------------------

_BEST_SCALE = Max(0, q.STUDENT_TEACHER / q.STUDENT_NORM2)


def _definition(
    radius2: Expr = q.TEACHER_NORM2 / 4, distance2: Expr = q.CENTRE_DISTANCE2, rate: int = 2
) -> tuple[Boolean, ...]:
    return (
        Implies(Ge(s.SHRINKAGE, 0), Ge(q.SCALED_FIT, q.FIT)),
        Implies(Lt(s.SHRINKAGE, 0), Lt(s.scaling_gap(_BEST_SCALE), 0)),
        Eq(radius2 - distance2, s.SHRINKAGE),
        Eq(
            q.SCALED_FIT - q.FIT,
            (1 - q.SCALE) * (rate * s.SHRINKAGE + (1 - q.SCALE) * q.STUDENT_NORM2),
        ),
    )


DEF_1 = Statement(
    id="def-1",
    kind=Kind.DEFINITION,
    title="Shrinkage optimality, three equivalent forms",
    source=Source.PAPER,
    text="The student is shrinkage optimal for f_T if no multiple a f_S with a from the unit "
    "interval fits f_T better. Equivalently its shrinkage <f_S, f_T - f_S> is nonnegative; "
    "equivalently f_S lies in the closed ball whose diameter runs from the origin to f_T. "
    "(The first form is the paper's, the equivalences are ours.)",
    claim=_definition(),
    assumes=(s.SCALE_IN_UNIT,),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Definition 1",
    proof="proofs/symbolic/def_1.py",
    formal="def_1",
    mutants=(
        Mutant(
            "ball-twice",
            f"the ball's squared radius is {say(q.TEACHER_NORM2)}",
            claim=_definition(q.TEACHER_NORM2, q.FIT),
        ),
        Mutant("rate-1", "factor 2 of the derivative lost", claim=_definition(rate=1)),
        Mutant("any-scale", "a may exceed 1", assumes=()),
        Mutant(
            "reversed",
            "the inner product has the other sign",
            claim=(Implies(Le(s.SHRINKAGE, 0), Ge(q.SCALED_FIT, q.FIT)),),
        ),
    ),
)

# --- Lemma 1 and its relatives --------------------------------------------------------------------

_LEMMA = (Ge(s.SHRINKAGE, 0),)


def _stronger(fraction: Rational) -> tuple[Boolean, ...]:
    return (Ge(s.SHRINKAGE, fraction * q.STUDENT_NORM2),)


LEM_1 = Statement(
    id="lem-1",
    kind=Kind.LEMMA,
    title="Gradient flow from the origin is shrinkage optimal at every stopping time",
    source=Source.PAPER,
    text=f"With s_k = {say(s.GRADIENT_FLOW)} at lambda = lambda_k the student's coefficient in "
    "eigenfunction k is s_k <f_T, e_k>, and its shrinkage is the sum of the products of "
    "s_k, its complement and the square of <f_T, e_k>.",
    claim=_LEMMA,
    assumes=(s.EIGENVALUES_NONNEGATIVE, s.TIME_NONNEGATIVE),
    uses=("def-1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Lemma 1",
    proof="proofs/symbolic/lem_1.py",
    formal="lem_1",
    mutants=(
        Mutant("negative-time", "t may be negative", assumes=(s.EIGENVALUES_NONNEGATIVE,)),
        Mutant("indefinite-kernel", "eigenvalues may be negative", assumes=(s.TIME_NONNEGATIVE,)),
        Mutant("strict", ">= becomes >", claim=(Gt(s.SHRINKAGE, 0),)),
        Mutant("one-percent", "a gain of ||f_S||^2/100", claim=_stronger(Rational(1, 100))),
    ),
)

LEM_1_FILTERS = Statement(
    id="lem-1-filters",
    kind=Kind.LEMMA,
    title="Every spectral filter with values in the unit interval is shrinkage optimal",
    source=Source.EXTENSION,
    text=f"The proof of {cite('lem-1')} uses of gradient flow only that s_k lies in the unit "
    "interval. (Which rules that covers is lem-1-named.)",
    claim=_LEMMA,
    assumes=(s.FILTER_NONNEGATIVE, s.FILTER_AT_MOST_ONE),
    uses=("def-1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference="Extension of Lemma 1",
    proof="proofs/symbolic/lem_1.py",
    formal="lem_1_filters",
    mutants=(
        Mutant("overshoot", "s may exceed 1", assumes=(s.FILTER_NONNEGATIVE,)),
        Mutant("negative", "s may be negative", assumes=(s.FILTER_AT_MOST_ONE,)),
        Mutant("one-percent", "a gain of ||f_S||^2/100", claim=_stronger(Rational(1, 100))),
    ),
)

REGULARISER_MINIMAL = Assumption(
    "regulariser-minimal-at-0",
    "the regulariser is smallest at 0",
    Ge(q.PENALTY_STUDENT, q.PENALTY_ZERO),
)
REGULARISER_CONVEX = Assumption(
    "regulariser-convex",
    "the regulariser is convex along [0, f_S]",
    Le(q.PENALTY_SCALED, q.SCALE * q.PENALTY_STUDENT + (1 - q.SCALE) * q.PENALTY_ZERO),
)
REGULARISED_MINIMISER = Assumption(
    "minimiser",
    "f_S minimises ||f_T - f||^2 + R(f)",
    Le(q.FIT + q.PENALTY_STUDENT, q.SCALED_FIT + q.PENALTY_SCALED),
)
_CONVEX = (s.SCALE_IN_UNIT, REGULARISED_MINIMISER, REGULARISER_CONVEX, REGULARISER_MINIMAL)

LEM_1_CONVEX = Statement(
    id="lem-1-convex",
    kind=Kind.LEMMA,
    title="Convex regularisation is shrinkage optimal",
    source=Source.RECONSTRUCTED,
    text="f_S minimises the squared distance from f_T plus R, where R is convex and minimal at "
    f"the origin: it satisfies {cite('def-1')}.",
    claim=(Ge(q.SCALED_FIT, q.FIT),),
    assumes=_CONVEX,
    uses=("def-1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{IN_PAPER}, abstract (a broad class of learning rules); the exact form is ours",
    proof="proofs/symbolic/lem_1.py",
    formal="lem_1_convex",
    mutants=tuple(
        Mutant(name, change, assumes=dropped(_CONVEX, assumption))
        for name, change, assumption in (
            ("not-convex", "R need not be convex", REGULARISER_CONVEX),
            ("not-minimal", "R need not be minimal at the origin", REGULARISER_MINIMAL),
            ("not-minimiser", "f_S need not be the minimiser", REGULARISED_MINIMISER),
        )
    ),
)


def _least_squares(loss: Expr = q.TARGET_NORM2 - q.TEACHER_NORM2) -> tuple[Boolean, ...]:
    return (
        Eq(q.TEACHER_TARGET, q.TEACHER_NORM2),
        Ge(q.TEACHER_TARGET - q.TEACHER_NORM2, 0),
        Eq(q.L_TE, loss),
    )


LEM_LS = Statement(
    id="lem-ls",
    kind=Kind.LEMMA,
    title="A least-squares teacher is shrinkage optimal, and L_TE is "
    f"{say(q.TARGET_NORM2 - q.TEACHER_NORM2)}",
    source=Source.RECONSTRUCTED,
    text="f_T = sum_i w_i sigma_i with G w = b, b_i = <f*, sigma_i>, is orthogonal to f* - f_T. "
    f"{cite('thm-4.1')} asks only for shrinkage optimality, which is weaker.",
    claim=_least_squares(),
    assumes=(s.NORMAL_EQUATIONS,),
    uses=("def-1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, proof of Corollary 1",
    proof="proofs/symbolic/lem_ls.py",
    checks=("checks/test_networks.py",),
    formal="lem_ls",
    mutants=(
        Mutant("any-teacher", "any linear readout w", assumes=()),
        Mutant(
            "loss-sign",
            "L_TE = ||f*||^2 + ||f_T||^2",
            claim=_least_squares(q.TARGET_NORM2 + q.TEACHER_NORM2),
        ),
        Mutant(
            "loss-half",
            "L_TE = ||f*||^2 - ||f_T||^2/2",
            claim=_least_squares(q.TARGET_NORM2 - q.TEACHER_NORM2 / 2),
        ),
    ),
)

_STEP_POSITIVE = s.above(q.STEP * q.EIGENVALUE, Integer(0))
MOMENTUM_LARGE = s.above(q.MOMENTUM * q.STEP * q.EIGENVALUE, (1 - q.STEP * q.EIGENVALUE) ** 2)

LEM_1_OVERSHOOT = Statement(
    id="lem-1-overshoot",
    kind=Kind.WITNESS,
    title="Momentum overshoots: heavy ball is not shrinkage optimal",
    source=Source.EXTENSION,
    text=f"Two heavy-ball steps have the filter {say(s.HEAVY_BALL_TWO_STEPS)}. Under the "
    "assumptions it overshoots, and its product with its complement is negative: neither "
    f"{cite('lem-1')} nor the limits that rest on it apply to momentum.",
    claim=(
        Gt(s.HEAVY_BALL_TWO_STEPS.expr, 1),
        Lt(s.HEAVY_BALL_TWO_STEPS.expr * (1 - s.HEAVY_BALL_TWO_STEPS.expr), 0),
    ),
    assumes=(MOMENTUM_LARGE,),
    uses=("lem-1-filters",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.WITNESS),
    reference=f"{POLYAK} (heavy ball); extension",
    proof="proofs/symbolic/lem_1.py",
    checks=(_CHECKS,),
    formal="lem_1_overshoot",
    mutants=(
        Mutant("any-momentum", "any momentum overshoots", assumes=(_STEP_POSITIVE,)),
        Mutant("double", "the overshoot exceeds 2", claim=(Gt(s.HEAVY_BALL_TWO_STEPS.expr, 2),)),
        Mutant("never", "it never overshoots", claim=(Le(s.HEAVY_BALL_TWO_STEPS.expr, 1),)),
    ),
)

# --- Theorem 4.1 ----------------------------------------------------------------------------------

SHRINKAGE_LIMIT = (s.UNIT_TARGET, s.TEACHER_SHRINKS, s.STUDENT_SHRINKS)


def limit(
    constant: Expr = s.QUADRATIC_CONSTANT,
    exponent: Expr = s.QUADRATIC_EXPONENT,
    floor: Expr = s.SHRINKAGE_FLOOR.expr,
) -> tuple[Boolean, ...]:
    """L_ST >= floor >= c L_TE^beta."""
    return (Ge(q.L_ST, floor), Ge(floor, s.quadratic(constant, exponent)))


THM_4_1 = Statement(
    id="thm-4.1",
    kind=Kind.THEOREM,
    title="Limit of weak-to-strong generalization",
    source=Source.PAPER,
    text="A student that is shrinkage optimal for its teacher, itself shrinkage optimal for the "
    f"target, never loses less than {say(s.quadratic())}, and never less than the sharp floor "
    "above that.",
    claim=limit(),
    assumes=SHRINKAGE_LIMIT,
    uses=("def-1",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Theorem 4.1",
    proof="proofs/symbolic/thm_4_1.py",
    checks=(_CHECKS, "checks/test_networks.py"),
    formal="thm_4_1",
    mutants=(
        Mutant("c-0.76", "3/4 -> 0.76", claim=limit(Rational(76, 100))),
        Mutant("c-0.7501", "3/4 -> 0.7501", claim=limit(Rational(7501, 10000))),
        Mutant("beta-1.9", "2 -> 1.9", claim=limit(exponent=Rational(19, 10))),
        Mutant("beta-1.99", "2 -> 1.99", claim=limit(exponent=Rational(199, 100))),
        Mutant(
            "floor-2L",
            "1 + 3 L under the root becomes 1 + 2 L",
            claim=limit(floor=s.half(1 + q.L_TE - sqrt((1 + 2 * q.L_TE) * (1 - q.L_TE)))),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be shrinkage optimal",
            assumes=dropped(SHRINKAGE_LIMIT, s.TEACHER_SHRINKS),
        ),
        Mutant(
            "any-student",
            "the student need not be shrinkage optimal",
            assumes=dropped(SHRINKAGE_LIMIT, s.STUDENT_SHRINKS),
        ),
        Mutant(
            "any-norm",
            "the target need not be a unit vector",
            assumes=dropped(SHRINKAGE_LIMIT, s.UNIT_TARGET),
        ),
    ),
)


# --- Corollary 1 ----------------------------------------------------------------------------------

RANDOM_FEATURES = (s.UNIT_TARGET, s.NORMAL_EQUATIONS, s.EIGENVALUES_NONNEGATIVE, s.TIME_NONNEGATIVE)


def _corollary(
    constant: Expr = s.QUADRATIC_CONSTANT, exponent: Expr = s.QUADRATIC_EXPONENT
) -> tuple[Boolean, ...]:
    return (Ge(q.L_ST, s.quadratic(constant, exponent)),)


COR_1 = Statement(
    id="cor-1",
    kind=Kind.COROLLARY,
    title="Limit of random-feature weak-to-strong generalization",
    source=Source.PAPER,
    text="For a least-squares random-feature teacher and a gradient-flow random-feature student "
    "of any widths, any activation, any input dimension and any stopping time.",
    claim=_corollary(),
    assumes=RANDOM_FEATURES,
    uses=("lem-1", "lem-ls", "thm-4.1"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Corollary 1",
    proof="proofs/symbolic/thm_4_1.py",
    checks=("checks/test_networks.py",),
    formal="cor_1",
    mutants=(
        Mutant("c-0.76", "3/4 -> 0.76", claim=_corollary(Rational(76, 100))),
        Mutant("beta-1.9", "2 -> 1.9", claim=_corollary(exponent=Rational(19, 10))),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(RANDOM_FEATURES, s.NORMAL_EQUATIONS),
        ),
        Mutant(
            "negative-time",
            "the student may run backwards in time",
            assumes=dropped(RANDOM_FEATURES, s.TIME_NONNEGATIVE),
        ),
        Mutant(
            "no-gain", "a student is never better than its teacher", claim=(Ge(q.L_ST, q.L_TE),)
        ),
    ),
)

PLACE = 10
STATEMENTS = (DEF_1, LEM_1, LEM_1_FILTERS, LEM_1_CONVEX, LEM_1_OVERSHOOT, LEM_LS, THM_4_1, COR_1)
