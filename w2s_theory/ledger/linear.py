"""The linear model: exact law of the teacher, exact student.

Psi = (1, psi, ..., psi) in dimension d, f* = <e_1, x>, M features: q = (1 - L_TE)/L_TE is the
quotient X/(psi Y) of independent X ~ chi^2_M and Y ~ chi^2_{d-M}.
"""

from __future__ import annotations

from sympy import And, Expr, Rational, S, Symbol, betainc_regularized, exp, hyper, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.references import MUIRHEAD, SHERMAN_MORRISON, WOODBURY
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

_CHECKS = "checks/test_linear.py"
_PROOF, _BLOCKS = "proofs/symbolic/linear.py", "proofs/symbolic/linear_blocks.py"
_SIGNAL, _NOISE = q.WIDTH / 2, (q.DIM - q.WIDTH) / 2


def share(loss: Expr = q.LOSS_AT, psi: Expr = q.PSI) -> Expr:
    """B = Y/(X + Y) where L = psi B/(1 - B + psi B) equals `loss`."""
    return loss / (loss + psi * (1 - loss))


def distribution(noise: Expr = _NOISE, signal: Expr = _SIGNAL, psi: Expr = q.PSI) -> Expr:
    """P(L_TE <= x), a regularised incomplete Beta function."""
    return betainc_regularized(noise, signal, 0, share(psi=psi))


_ARGS = (q.LOSS_AT, q.WIDTH, q.DIM, q.PSI)
LOSS_CDF = Formula("loss_cdf", _ARGS, distribution())
_Z = Symbol("z", real=True)
LOSS_QUANTILE = Formula("loss_quantile", (_Z, q.PSI), q.PSI * _Z / (1 - _Z + q.PSI * _Z))
"""The quantile of L_TE from the same quantile z of Beta((d-M)/2, M/2)."""

MEAN_LOSS = Formula(
    "mean_loss",
    (q.WIDTH, q.DIM, q.PSI),
    q.PSI * (q.DIM - q.WIDTH) / q.DIM * hyper((1, _NOISE + 1), (q.DIM / 2 + 1,), 1 - q.PSI),
)
MEAN_ODDS = Formula("mean_odds", (q.WIDTH, q.DIM, q.PSI), q.WIDTH / (q.PSI * (q.DIM - q.WIDTH - 2)))
MEAN_ODDS2 = Formula(
    "mean_odds2",
    (q.WIDTH, q.DIM, q.PSI),
    q.WIDTH * (q.WIDTH + 2) / (q.PSI**2 * (q.DIM - q.WIDTH - 2) * (q.DIM - q.WIDTH - 4)),
)

MODEL = Assumption(
    "linear-model",
    "M >= 1, d > M + 4 and psi > 0",
    And(Ge(q.WIDTH, 1), Gt(q.DIM, q.WIDTH + 4), Gt(q.PSI, 0)),
)


LOSS_RANGE = Assumption("loss-at", "0 <= x <= 1: a loss", And(Ge(q.LOSS_AT, 0), Le(q.LOSS_AT, 1)))
"""Beyond, the share of x is none, and the incomplete Beta function something else or nothing."""


def _law(
    cdf: Expr = LOSS_CDF.expr,
    odds: Expr = MEAN_ODDS.expr,
    odds2: Expr = MEAN_ODDS2.expr,
    mean: Expr = MEAN_LOSS.expr,
) -> tuple[Boolean, ...]:
    return (
        Eq(q.LOSS_CDF, cdf),
        Eq(q.MEAN_ODDS, odds),
        Eq(q.MEAN_ODDS2, odds2),
        Eq(q.MEAN_LOSS, mean),
    )


LAW_LINEAR = Statement(
    id="law-linear",
    kind=Kind.LAW,
    title="The exact law of the teacher loss in the linear model",
    source=Source.EXTENSION,
    text="One strong direction: L_TE = psi Y/(psi Y + X), X and Y independent sums of M and of "
    "d-M squared standard Gaussians. So q, the odds against the loss, has the moments of "
    "their quotient.",
    claim=_law(),
    assumes=(MODEL, LOSS_RANGE),
    uses=("lem-ls", "kappa-linear"),
    needs=(Evidence.SYMBOLIC, Evidence.EXACT_LAW),
    reference=f"Extension of Theorems 3.2 and 3.3; {MUIRHEAD}, th. 3.2.12",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "signal-freedom",
            "one more degree of freedom of X",
            claim=_law(distribution(signal=_SIGNAL + Rational(1, 2))),
        ),
        Mutant("noise-freedom", "Y ~ chi^2_d", claim=_law(distribution(noise=q.DIM / 2))),
        Mutant("psi-root", "psi -> sqrt(psi)", claim=_law(distribution(psi=sqrt(q.PSI)))),
        Mutant(
            "few-weak",
            "any d > M, where q has no second moment",
            assumes=(
                Assumption(
                    "linear-model-any", "d > M and psi > 0", And(Gt(q.DIM, q.WIDTH), Gt(q.PSI, 0))
                ),
                LOSS_RANGE,
            ),
        ),
        Mutant(
            "mean-loss",
            "E L_TE = psi E [Y/(X + Y)]",
            claim=_law(mean=q.PSI * (q.DIM - q.WIDTH) / q.DIM),
        ),
        Mutant(
            "mean-freedom",
            "E q = M/(psi (d - M))",
            claim=_law(odds=q.WIDTH / (q.PSI * (q.DIM - q.WIDTH))),
        ),
    ),
)


def _signal(time: Expr = q.TIME) -> Expr:
    return s.GRADIENT_FLOW(S.One, time)


def student(noise: Expr = q.L_TE * (1 - q.L_TE), psi: Expr = q.PSI) -> Expr:
    """(1 - s_1 (1-L))^2 + s_psi^2 L (1-L)."""
    return (1 - _signal() * (1 - q.L_TE)) ** 2 + _signal(psi * q.TIME) ** 2 * noise


LINEAR_STUDENT = Formula("linear_student", (q.L_TE, q.PSI, q.TIME), student())
STATIONARITY = Formula(
    "stationarity",
    (q.L_TE, q.PSI, q.TIME),
    q.PSI * exp(-q.PSI * q.TIME) * _signal(q.PSI * q.TIME) * q.L_TE
    - exp(-q.TIME) * (q.L_TE + (1 - q.L_TE) * exp(-q.TIME)),
)
"""Vanishes at the optimal stopping time."""
_PACE = 2 * (1 - q.L_TE)

LINEAR_TEACHER = (
    s.UNIT_TARGET,
    s.NORMAL_EQUATIONS,
    Assumption(
        "two-levels",
        "kernel eigenvalues 1 (once, the target's) and psi",
        And(Eq(q.LAMBDA_TARGET, 1), Eq(q.LAMBDA_OUT, q.PSI)),
    ),
)


def _student(
    loss: Expr = LINEAR_STUDENT.expr, slope: Expr = _PACE * STATIONARITY.expr
) -> tuple[Boolean, ...]:
    return (Eq(q.L_ST, loss), Eq(q.STUDENT_SLOPE, slope), Ge(q.L_ST, q.L_TE**2))


STUDENT_LINEAR = Statement(
    id="student-linear",
    kind=Kind.LEMMA,
    title="The exact student of the linear model, and its optimal stopping time",
    source=Source.EXTENSION,
    text="One strong direction: a single number, L_TE, determines the student's loss at every "
    f"time. It never falls below {say(q.L_TE**2)}, and its slope is {say(_PACE)} times "
    f"{say(STATIONARITY)}: where it is least within the time of training one of them vanishes.",
    claim=_student(),
    assumes=LINEAR_TEACHER,
    uses=("lem-ls", "lem-1"),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference="Extension of Theorems 3.2 and 3.3",
    proof=_BLOCKS,
    checks=(_CHECKS,),
    mutants=(
        Mutant("noise-L", "L(1-L) -> L", claim=_student(student(noise=q.L_TE))),
        Mutant("psi-twice", "psi t -> 2 psi t", claim=_student(student(psi=2 * q.PSI))),
        Mutant(
            "slope-half", "half the slope", claim=_student(slope=(1 - q.L_TE) * STATIONARITY.expr)
        ),
        Mutant(
            "floor-higher",
            "L_ST >= 1.5 L_TE^2",
            claim=(*_student()[:2], Ge(q.L_ST, Rational(3, 2) * q.L_TE**2)),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(LINEAR_TEACHER, s.NORMAL_EQUATIONS),
        ),
        Mutant(
            "psi-bound",
            "psi is only a bound on the weak eigenvalues",
            assumes=(
                s.UNIT_TARGET,
                s.NORMAL_EQUATIONS,
                Assumption("weak-bound", "weak eigenvalues <= psi", Le(q.LAMBDA_OUT, q.PSI)),
            ),
        ),
    ),
)

# --- several strong directions --------------------------------------------------------------------

PSI_BELOW_ONE = Assumption(
    "weak-psi", "0 < psi <= 1: the weak directions are no stronger", And(Gt(q.PSI, 0), Le(q.PSI, 1))
)
BLOCK_TEACHER = (
    s.UNIT_TARGET,
    s.NORMAL_EQUATIONS,
    TARGET_IN_S,
    Assumption(
        "strong-and-weak",
        "kernel eigenvalues 1 on S (k times) and psi elsewhere (d - k times)",
        And(Eq(q.LAMBDA_TARGET, 1), Eq(q.LAMBDA_OUT, q.PSI)),
    ),
    PSI_BELOW_ONE,
)


def block_student(
    noise: Expr = q.BLOCK_LOSS - q.BLOCK_SQUARE, cross: Expr = 2 * q.BLOCK_LOSS
) -> Expr:
    """||(1 - s_1) b + s_1 H b||^2 + s_psi^2 (energy in the weak directions)."""
    left = 1 - _signal()
    signal = left**2 + _signal() * left * cross + _signal() ** 2 * q.BLOCK_SQUARE
    return signal + _signal(q.PSI * q.TIME) ** 2 * noise


BLOCK_STUDENT = Formula(
    "block_student", (q.BLOCK_LOSS, q.BLOCK_SQUARE, q.PSI, q.TIME), block_student()
)


def _blocks(
    loss: Expr = q.BLOCK_LOSS,
    energy: Expr = q.BLOCK_LOSS - q.BLOCK_SQUARE,
    student: Expr = BLOCK_STUDENT.expr,
) -> tuple[Boolean, ...]:
    return (
        Eq(q.L_TE, loss),
        Eq(q.WEAK_ENERGY, energy),
        Eq(q.L_ST, student),
        Ge(q.L_ST, LINEAR_STUDENT.expr),
    )


LAW_LINEAR_K = Statement(
    id="law-linear-k",
    kind=Kind.LAW,
    title="Several strong directions: teacher loss and exact student from one k x k matrix",
    source=Source.EXTENSION,
    text="k of the directions are strong, f* = <b, x> in them. With A the features' k x M block "
    "there, W the invertible Gram matrix of the others and H the inverse of I plus A times the "
    "inverse of W times A's transpose, the loss of the teacher, its weak energy and the "
    "student are forms in H. At the same L_TE no k does better than a single direction.",
    claim=_blocks(),
    assumes=BLOCK_TEACHER,
    uses=("lem-ls", "lem-1", "kappa-linear", "student-linear"),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"Extension of Theorems 3.2 and 3.3; {SHERMAN_MORRISON}; {WOODBURY}",
    proof=_BLOCKS,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "loss-square",
            "L_TE = ||H b||^2, what is missed within S alone",
            claim=_blocks(loss=q.BLOCK_SQUARE),
        ),
        Mutant(
            "energy-L(1-L)",
            "weak energy L (1-L), as for k = 1",
            claim=_blocks(energy=q.BLOCK_LOSS * (1 - q.BLOCK_LOSS)),
        ),
        Mutant(
            "cross-once",
            "the cross term once",
            claim=_blocks(student=block_student(cross=q.BLOCK_LOSS)),
        ),
        Mutant(
            "noise-L",
            "L_TE - ||H b||^2 -> L_TE",
            claim=_blocks(student=block_student(noise=q.BLOCK_LOSS)),
        ),
        Mutant(
            "better-than-1",
            "at the same L_TE no k does worse than a single direction",
            claim=(*_blocks()[:3], Le(q.L_ST, LINEAR_STUDENT.expr)),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(BLOCK_TEACHER, s.NORMAL_EQUATIONS),
        ),
        Mutant(
            "any-psi",
            "psi <= 1 -> psi <= 1.01",
            assumes=(
                *dropped(BLOCK_TEACHER, PSI_BELOW_ONE),
                Assumption("psi-to-1.01", "psi <= 1.01", Le(q.PSI, Rational(101, 100))),
            ),
        ),
    ),
)

PLACE = 90
STATEMENTS = (LAW_LINEAR, STUDENT_LINEAR, LAW_LINEAR_K)
