"""The teacher's loss as a Schur complement: no cancellation, and what odd targets cost."""

from __future__ import annotations

from sympy import And, Expr, Implies, Integer, Rational, asin, factorial, floor, pi, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.references import ATKINSON_HAN, CHO_SAUL, SHERMAN_MORRISON, WOODBURY
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le
from w2s_theory.ledger.spectra import COSINE_RHO, SPHERE, equation
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

_PROOF = "proofs/symbolic/teacher_forms.py"

EVEN_KERNEL = Formula(
    "even_kernel",
    (q.RHO, q.SPACE_DIM),
    (sqrt(1 - q.RHO**2) + q.RHO * asin(q.RHO)) / (2 * pi * q.SPACE_DIM),
)
"""K_e: the Gram function of the features' even parts."""

_LINEAR = q.RHO / (4 * q.SPACE_DIM)


def _split(even: Expr = EVEN_KERNEL.expr, linear: Expr = _LINEAR) -> tuple[Boolean, ...]:
    return (
        equation(f.gram(1), even + linear),
        equation(f.gram(1).xreplace({q.RHO: -q.RHO}), even - linear),
    )


EVEN_PART = Statement(
    id="even-kernel",
    kind=Kind.IDENTITY,
    title="The ReLU kernel is an even kernel and a linear one",
    source=Source.EXTENSION,
    text="A ReLU feature is half a linear function and half an absolute value: the Gram function "
    f"of the features is {say(_LINEAR)}, of their linear parts, and K_e, of their even parts, "
    "which is the same at opposite cosines.",
    claim=_split(),
    assumes=(COSINE_RHO,),
    uses=("spec-kernel",),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"Extension; {CHO_SAUL}",
    proof=_PROOF,
    mutants=(
        Mutant("linear-2d", "rho/(4 d) -> rho/(2 d)", claim=_split(linear=2 * _LINEAR)),
        Mutant(
            "odd-sign",
            "rho asin(rho) is subtracted",
            claim=_split(even=(sqrt(1 - q.RHO**2) - q.RHO * asin(q.RHO)) / (2 * pi * q.SPACE_DIM)),
        ),
        Mutant("no-linear", "the linear part is left out", claim=_split(linear=Integer(0))),
    ),
)

_EXCESS, _LENGTH = 1 / q.L_TE - 1, 2 * sqrt(q.SPACE_DIM)
SCHUR = (s.UNIT_TARGET, s.NORMAL_EQUATIONS, TARGET_IN_S)


def _schur(loss: Expr = q.BLOCK_LOSS, energy: Expr = 1 + q.EVEN_ENERGY) -> tuple[Boolean, ...]:
    return (Eq(q.L_TE, loss), equation(q.L_TE * energy, Integer(1)))


TEACHER_SCHUR = Statement(
    id="teacher-schur",
    kind=Kind.IDENTITY,
    title="The teacher's loss as a Schur complement: nothing cancels",
    source=Source.EXTENSION,
    text="A the features' coordinates in S, W the Gram matrix of what is left of them, "
    "invertible, and H the inverse of I plus A times the inverse of W times A's transpose: L_TE = "
    f"b^T H b for the target's coordinates b, and {say(_EXCESS)} is a form in "
    "G - b b^T. On the sphere, S the linear functions, A has the units as columns, divided by "
    f"{say(_LENGTH)}, and W is the even part K_e of the kernel: {say(_EXCESS)} is then the least "
    "energy of an even function and a linear one, orthogonal to the target, that together take "
    "the target's values at the units, up to its factor.",
    claim=_schur(),
    assumes=SCHUR,
    uses=("lem-ls", "kappa-linear", "even-kernel"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference=f"Extension; {WOODBURY}; {SHERMAN_MORRISON}",
    proof=_PROOF,
    checks=("checks/test_teacher_forms.py",),
    mutants=(
        Mutant("loss-square", "||H b||^2", claim=_schur(loss=q.BLOCK_SQUARE)),
        Mutant("no-one", "the form is the inverse of L_TE", claim=_schur(energy=q.EVEN_ENERGY)),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(SCHUR, s.NORMAL_EQUATIONS),
        ),
    ),
)

# --- no teacher is better: even targets -----------------------------------------------------------

_LAST = 2 * q.VANISHING + q.DEGREE
POLYNOMIALS = Formula(
    "polynomials",
    (q.VANISHING, q.SPACE_DIM),
    factorial(q.VANISHING + q.SPACE_DIM - 1)
    / (factorial(q.SPACE_DIM - 1) * factorial(q.VANISHING)),
)
"""D: the homogeneous polynomials of degree ell in d variables, on the sphere."""
LAST_EIGENVALUE = Formula(
    "last_eigenvalue",
    (q.VANISHING, q.DEGREE, q.SPACE_DIM),
    f.COEFFICIENT(_LAST, q.SPACE_DIM, Integer(1)) ** 2,
)
"""Of degree 2 ell + k, the least among the even degrees up to it."""
TEACHER_FLOOR = Formula(
    "teacher_floor",
    (q.VANISHING, q.DEGREE, q.SPACE_DIM, q.WIDTH, q.FLATNESS, q.TARGET_ENERGY),
    LAST_EIGENVALUE.expr * q.TARGET_ENERGY * (1 - q.WIDTH * q.FLATNESS / POLYNOMIALS.expr),
)
"""A lower bound on the loss of every teacher of that width, for each ell."""
_HALF = Rational(1, 2)


def _power(exponent: Expr) -> Expr:
    constant = f.DECAY_CONSTANT(q.SPACE_DIM, Integer(1))
    return _HALF * constant * q.TARGET_ENERGY * (_LAST + q.SPACE_DIM / 2 - 1) ** -exponent


TEACHER_POWER = Formula(
    "teacher_power", (q.VANISHING, q.DEGREE, q.SPACE_DIM, q.TARGET_ENERGY), _power(q.SPACE_DIM + 2)
)
EVEN_TARGET = (
    SPHERE,
    Assumption(
        "even-target",
        "the target is even, of degree at most k, even",
        Eq(2 * floor(q.DEGREE / 2), q.DEGREE),
    ),
)


def _lower(
    bound: Expr = TEACHER_FLOOR.expr, power: Expr = TEACHER_POWER.expr
) -> tuple[Boolean, ...]:
    wide = 2 * q.WIDTH * q.FLATNESS * factorial(q.SPACE_DIM - 1)
    return (
        Ge(q.L_TE, bound),
        Implies(Ge(q.VANISHING ** (q.SPACE_DIM - 1), wide), Ge(q.L_TE, power)),
        equation(1 + 3 / (q.SPACE_DIM - 1), (q.SPACE_DIM + 2) / (q.SPACE_DIM - 1)),
    )


TEACHER_LOWER = Statement(
    id="teacher-lower",
    kind=Kind.THEOREM,
    title="No teacher is better, for even targets: a lower bound for any units",
    source=Source.EXTENSION,
    text="Any M units, random or trained, any weights, an even target of degree at most k. The "
    "homogeneous polynomials of one degree ell that vanish at every unit are many; the sum of "
    "squares of an orthonormal basis of them, times the target's dual, is the image of a "
    "function that no unit sees. For each ell that bounds L_TE from below. With ell large enough "
    "for the width this is an explicit constant times the exponent of the width that the "
    "ansatz predicts, the last clause: with leverage from above it is the rate of even targets, "
    "up to a logarithm, and with gain-rate the student's loss is the square of its teacher's "
    "up to a logarithm. No such bound holds for odd targets: two opposite units are linear.",
    claim=_lower(),
    assumes=EVEN_TARGET,
    uses=("spec-funk-hecke", "spec-coefficients", "spec-decay", "odd-target"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Extension; {ATKINSON_HAN} (addition theorem)",
    proof="proofs/symbolic/teacher_lower.py",
    checks=("checks/test_teacher_forms.py",),
    mutants=(
        Mutant(
            "target-alone",
            "the target's own eigenvalue instead of the last",
            claim=_lower(
                f.COEFFICIENT(q.DEGREE, q.SPACE_DIM, Integer(1)) ** 2
                / LAST_EIGENVALUE.expr
                * TEACHER_FLOOR.expr
            ),
        ),
        Mutant(
            "any-width",
            "whatever the width",
            claim=_lower(TEACHER_FLOOR.expr.xreplace({q.WIDTH: Integer(1)})),
        ),
        Mutant("power-d-1", "d + 2 -> d - 1", claim=_lower(power=_power(q.SPACE_DIM - 1))),
        Mutant("odd-targets", "the target may be odd", assumes=(SPHERE,)),
    ),
)

# --- where the ansatz fails: odd targets in low dimension -----------------------------------------

STRAIT_FACTOR = 6 / pi
_STRAIT = pi * STRAIT_FACTOR * q.SIGHT**2
PAIR = Assumption(
    "opposite-pair",
    "two units miss being opposite by r > 0, the next line is h > 0 away, r + h <= pi/2",
    And(Eq(q.SIDES, -1), Gt(q.PAIR_GAP, 0), Gt(q.NEXT_GAP, 0), Le(q.PAIR_GAP + q.NEXT_GAP, pi / 2)),
)
STRAIT = (PAIR, *SCHUR)


def _strait(
    cost: Expr = q.PAIR_GAP**2 * (q.PAIR_GAP + q.NEXT_GAP),
    least: Expr = _STRAIT,
    loss: Expr = q.L_TE * (1 + q.LEAST_ENERGY),
) -> tuple[Boolean, ...]:
    return (Ge(pi * cost * q.LINE_ENERGY, least), Le(loss, 1))


ANSATZ_FAILS = Statement(
    id="ansatz-fails",
    kind=Kind.THEOREM,
    title="Nearly opposite units on the circle: the energy they ask for bounds the loss",
    source=Source.EXTENSION,
    text="Two units that miss being opposite by r ask an even function for opposite values at "
    "nearly one point. On the circle that costs the energy of the first clause, h the distance to "
    "the next unit, whatever the other units are; and the least energy over all unit linear "
    "functions bounds the loss of linear targets from above. How near the closest of random units "
    "are, and that the loss then falls faster than the deterministic equivalent has it, is "
    "measured (ansatz-fails-measured): the ansatz is meant for even targets, and for odd ones in "
    "high dimension. In higher dimensions the like is a conjecture.",
    claim=_strait(),
    assumes=STRAIT,
    uses=("teacher-schur", "universality"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference="Extension",
    proof="proofs/symbolic/ansatz_fails.py",
    checks=("checks/test_teacher_forms.py",),
    mutants=(
        Mutant("no-next", "r + h -> r", claim=_strait(cost=q.PAIR_GAP**3)),
        Mutant("times-1000", "1000 times as much", claim=_strait(least=1000 * _STRAIT)),
        Mutant("root-loss", "L_TE -> its root", claim=_strait(loss=sqrt(q.L_TE) * q.LEAST_ENERGY)),
        Mutant(
            "equal-pair",
            "the two units may be nearly equal",
            assumes=(
                Assumption("any-pair", "r > 0, h > 0", And(Gt(q.PAIR_GAP, 0), Gt(q.NEXT_GAP, 0))),
                *STRAIT[1:],
            ),
        ),
    ),
)

PLACE = 102
STATEMENTS = (EVEN_PART, TEACHER_SCHUR, TEACHER_LOWER, ANSATZ_FAILS)
