"""The alignment kappa_S of a teacher with a set S of student eigenfunctions, and the master bound.

kappa_S = ||(I - P_T) P_S||^2, P_T the projection on the span of the teacher's features and P_S the
projection on the span of S: 0 if the teacher represents S, 1 if it is blind to some function in S.
"""

from __future__ import annotations

from sympy import Expr, Implies, Integer, Rational, exp, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.references import BJORCK_GOLUB, PAPER, SHERMAN_MORRISON, WOODBURY
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

PAPER_SECTION = f"{PAPER.names[1]} (arXiv:2503.02877), section 3"
_CHECKS = "checks/test_alignment.py"
_PROOF = "proofs/symbolic/alignment.py"


def master(
    aligned: Expr = q.KAPPA, rate: Expr = q.LAMBDA_TARGET, outside: Expr = q.LAMBDA_OUT
) -> Expr:
    """(sqrt(kappa L) + exp(-lambda_0 t) sqrt(1-L))^2 + (1 - exp(-lambda_out t))^2 L."""
    inside = sqrt(aligned * q.L_TE) + exp(-rate * q.TIME) * sqrt(1 - q.L_TE)
    return inside**2 + s.GRADIENT_FLOW(outside, q.TIME) ** 2 * q.L_TE


MASTER_BOUND = Formula(
    "master_bound", (q.KAPPA, q.L_TE, q.LAMBDA_TARGET, q.LAMBDA_OUT, q.TIME), master()
)
LINEAR_ALIGNMENT = Formula("linear_alignment", (q.BLOCK_MIN,), 1 / (1 + q.BLOCK_MIN))
ALIGNMENT_COST = Formula(
    "alignment_cost", (q.TRACE, q.INVERSE_SUM, q.SIZE), q.TRACE * q.INVERSE_SUM - q.SIZE
)
"""A_S: M times the bound on the mean of kappa_S."""

_RATE = 1 / q.WIDTH
MEAN_ALIGNMENT = Formula(
    "mean_alignment_bound", (q.TRACE, q.INVERSE_SUM, q.SIZE, q.WIDTH), ALIGNMENT_COST.expr * _RATE
)
MEAN_TEACHER = Formula(
    "mean_teacher_bound",
    (q.TRACE, q.LAMBDA_TARGET, q.WIDTH),
    (q.TRACE / q.LAMBDA_TARGET - 1) * _RATE,
)

TARGET_IN_S = Assumption(
    "target-in-S",
    "the target lies in span S_0, a part of span S, where every eigenvalue is at least lambda_0",
    Eq(q.TARGET_OUTSIDE, 0),
)

KAPPA_FORMS = Statement(
    id="kappa-forms",
    kind=Kind.DEFINITION,
    title="Alignment: four forms of kappa_S",
    source=Source.RECONSTRUCTED,
    text="The operator norm is the squared sine of the largest principal angle between span S "
    "and the teacher's span, the worst loss of a least-squares teacher over unit targets "
    "in S, and the complement of the |S|-th largest eigenvalue of G_S against G: no basis "
    "of S is needed.",
    claim=(Eq(q.KAPPA, 1 - q.SIGMA2_MIN), Eq(q.KAPPA, q.WORST_LOSS), Eq(q.KAPPA, 1 - q.PENCIL)),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, kappa_S; {BJORCK_GOLUB} (principal angles)",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "sine-not-squared", "the sine, not squared", claim=(Eq(q.KAPPA**2, 1 - q.SIGMA2_MIN),)
        ),
        Mutant(
            "cosine",
            "the squared cosine instead of the squared sine",
            claim=(Eq(q.KAPPA, q.SIGMA2_MIN),),
        ),
        Mutant("half-worst", "half the worst loss", claim=(Eq(2 * q.KAPPA, q.WORST_LOSS),)),
        Mutant(
            "eigenvalue-before",
            "the eigenvalue before the |S|-th",
            claim=(Eq(q.KAPPA, 1 - q.PENCIL_BEFORE),),
        ),
    ),
)

KAPPA_ALIGNMENT = Statement(
    id="kappa-alignment",
    kind=Kind.LEMMA,
    title="The alignment inequality: what is left of the teacher's error within S",
    source=Source.RECONSTRUCTED,
    text="An ideal early stop, which keeps the teacher on S and drops it elsewhere, leaves "
    "within S at most a fraction kappa_S of the teacher's loss.",
    claim=(Le(q.PROJECTED_MISS, q.KAPPA * q.L_TE),),
    assumes=(s.NORMAL_EQUATIONS,),
    uses=("lem-ls", "kappa-forms"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, kappa_S",
    proof=_PROOF,
    formal="kappa_alignment",
    mutants=(
        Mutant(
            "kappa-squared",
            "kappa_S -> kappa_S^2",
            claim=(Le(q.PROJECTED_MISS, q.KAPPA**2 * q.L_TE),),
        ),
        Mutant(
            "loss-squared", "L_TE -> L_TE^2", claim=(Le(q.PROJECTED_MISS, q.KAPPA * q.L_TE**2),)
        ),
        Mutant(
            "c-0.99",
            "0.99 times as much",
            claim=(Le(q.PROJECTED_MISS, Rational(99, 100) * q.KAPPA * q.L_TE),),
        ),
        Mutant("any-teacher", "the teacher need not be a least-squares fit", assumes=()),
    ),
)

KAPPA_PROPERTIES = Statement(
    id="kappa-properties",
    kind=Kind.LEMMA,
    title="Alignment: range, monotonicity, invariance, extremes",
    source=Source.RECONSTRUCTED,
    text="kappa_S lies in the unit interval, does not fall as S grows nor rise as units join the "
    "teacher, is at its largest if |S| exceeds the width, is L_TE for S spanned by the "
    "target, is at least the loss on any target in S, and does not change under rotation.",
    claim=(
        Ge(q.KAPPA, 0),
        Le(q.KAPPA, 1),
        Ge(q.KAPPA_RISE, 0),
        Ge(q.KAPPA_FALL, 0),
        Implies(Gt(q.SIZE, q.WIDTH), Eq(q.KAPPA, 1)),
        Eq(q.KAPPA_TARGET, q.L_TE),
        Ge(q.KAPPA, q.L_TE),
        Eq(q.KAPPA_TURNED, q.KAPPA),
    ),
    assumes=(s.UNIT_TARGET, s.NORMAL_EQUATIONS, TARGET_IN_S),
    uses=("kappa-forms",),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, kappa_S",
    proof=_PROOF,
    mutants=(
        Mutant("shrinking", "kappa_S falls as S grows", claim=(Le(q.KAPPA_RISE, 0),)),
        Mutant("strict", "every unit helps", claim=(Gt(q.KAPPA_FALL, 0),)),
        Mutant(
            "blind-at-width",
            "kappa_S is at its largest as soon as |S| = M_TE",
            claim=(Implies(Ge(q.SIZE, q.WIDTH), Eq(q.KAPPA, 1)),),
        ),
        Mutant(
            "below-loss",
            "kappa_S is at most the loss on a target in S",
            claim=(Le(q.KAPPA, q.L_TE),),
        ),
        Mutant(
            "target-anywhere",
            "the target need not be in S",
            assumes=(s.UNIT_TARGET, s.NORMAL_EQUATIONS),
        ),
    ),
)

KAPPA_LINEAR = Statement(
    id="kappa-linear",
    kind=Kind.LEMMA,
    title="Alignment of the linear model with its strong directions",
    source=Source.RECONSTRUCTED,
    text="S the k strong directions, A the k x M matrix of the features' strong coordinates, W "
    f"the invertible M x M Gram matrix of the weak ones: kappa_S is {say(LINEAR_ALIGNMENT)}, "
    "mu_min the least eigenvalue of A times the inverse of W times A's transpose.",
    claim=(Eq(q.KAPPA, LINEAR_ALIGNMENT.expr),),
    uses=("kappa-forms",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Theorems 3.2 and 3.3; {SHERMAN_MORRISON}; {WOODBURY}",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant("no-one", "1/lambda_min", claim=(Eq(q.KAPPA * q.BLOCK_MIN, 1),)),
        Mutant(
            "complement",
            "lambda_min/(1 + lambda_min)",
            claim=(Eq(q.KAPPA, 1 - LINEAR_ALIGNMENT.expr),),
        ),
        Mutant("square", "squared", claim=(Eq(q.KAPPA, LINEAR_ALIGNMENT.expr**2),)),
    ),
)

VISIBLE = Assumption("visible", "lambda_0 > 0", Gt(q.LAMBDA_TARGET, 0))

KAPPA_WIDTH = Statement(
    id="kappa-width",
    kind=Kind.LEMMA,
    title=f"Alignment improves at least as fast as {say(_RATE)}",
    source=Source.EXTENSION,
    text=f"On the sphere every feature has squared norm {say(q.TRACE)}. For g of degree k the "
    "average of g(u_i) sigma_i/a_k over the M features is an unbiased estimate of g, whose "
    "variance, summed over a basis of S, bounds the mean of kappa_S. (A target of a degree that "
    "the kernel does not see is never learnt: odd-target.)",
    claim=(Le(q.MEAN_KAPPA, MEAN_ALIGNMENT.expr), Le(q.MEAN_LOSS, MEAN_TEACHER.expr)),
    assumes=(VISIBLE,),
    uses=("kappa-forms",),
    needs=(Evidence.SYMBOLIC, Evidence.MONTE_CARLO),
    reference="Extension: explicit form of the concentration step of Theorem 3.1",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "square-width", "1/M -> 1/M^2", claim=(Le(q.MEAN_LOSS, MEAN_TEACHER.expr / q.WIDTH),)
        ),
        Mutant(
            "trace-squared",
            "tr K -> (tr K)^2",
            claim=(Le(q.MEAN_LOSS, MEAN_TEACHER(q.TRACE**2, q.LAMBDA_TARGET, q.WIDTH)),),
        ),
        Mutant(
            "root-eigenvalue",
            "lambda -> sqrt(lambda)",
            claim=(Le(q.MEAN_LOSS, MEAN_TEACHER(q.TRACE, sqrt(q.LAMBDA_TARGET), q.WIDTH)),),
        ),
        Mutant(
            "lower-bound",
            "kappa_S is never below that",
            claim=(Ge(q.MEAN_KAPPA, MEAN_ALIGNMENT.expr),),
        ),
    ),
)

MASTER = (
    s.UNIT_TARGET,
    s.NORMAL_EQUATIONS,
    TARGET_IN_S,
    s.EIGENVALUES_NONNEGATIVE,
    s.TIME_NONNEGATIVE,
)


def _bound(bound: Expr = MASTER_BOUND.expr) -> tuple[Boolean, ...]:
    return (Le(q.L_ST, bound),)


MASTER_BOUND_STATEMENT = Statement(
    id="master-bound",
    kind=Kind.THEOREM,
    title="The master bound: student loss by alignment, training time and leakage",
    source=Source.RECONSTRUCTED,
    text="For any features, any set S that contains the target's eigenfunctions and any t: what "
    "the teacher misses in S, what the student has not learnt yet, and the teacher's noise that "
    "has leaked in outside S.",
    claim=_bound(),
    assumes=MASTER,
    uses=("kappa-alignment", "lem-1"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, the step behind Theorem 3.1",
    proof="proofs/symbolic/master_bound.py",
    checks=(_CHECKS,),
    formal="master_bound_flow",
    mutants=(
        Mutant("kappa-squared", "kappa_S -> kappa_S^2", claim=_bound(master(aligned=q.KAPPA**2))),
        Mutant("no-leak", "lambda_out dropped", claim=_bound(master(outside=Integer(0)))),
        Mutant(
            "twice-as-fast",
            "exp(-lambda_0 t) -> exp(-2 lambda_0 t)",
            claim=_bound(master(rate=2 * q.LAMBDA_TARGET)),
        ),
        Mutant(
            "target-anywhere", "the target need not be in S", assumes=dropped(MASTER, TARGET_IN_S)
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(MASTER, s.NORMAL_EQUATIONS),
        ),
        Mutant(
            "negative-time",
            "the student may run backwards in time",
            assumes=dropped(MASTER, s.TIME_NONNEGATIVE),
        ),
    ),
)

PLACE = 70
STATEMENTS = (
    KAPPA_FORMS,
    KAPPA_ALIGNMENT,
    KAPPA_PROPERTIES,
    KAPPA_LINEAR,
    KAPPA_WIDTH,
    MASTER_BOUND_STATEMENT,
)
