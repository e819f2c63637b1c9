"""Theorem 3.1: weak-to-strong generalization with ReLU networks, and what they can never learn."""

from __future__ import annotations

from sympy import Eq, Expr, Ge, Gt, Implies, Integer, Le, Lt, Rational, exp, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import MASTER, PAPER_SECTION
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

_CHECKS = "checks/test_relu.py"
_PROOF = "proofs/symbolic/thm_3_1.py"

LATE = Assumption(
    "late-enough",
    "the student has trained until exp(-2 lambda_0 t) (1 - L_TE) <= epsilon L_TE",
    Ge(q.ALLOWANCE * q.L_TE, exp(-2 * q.LAMBDA_TARGET * q.TIME) * (1 - q.L_TE)),
)
ALLOWANCE_NONNEGATIVE = s.nonnegative(q.ALLOWANCE)


def gain(aligned: Expr = q.KAPPA, leak: Expr = q.LAMBDA_OUT * q.TIME) -> Expr:
    """(sqrt(kappa_S) + sqrt(epsilon))^2 + (lambda_out t)^2, an upper bound on L_ST/L_TE."""
    return (sqrt(aligned) + sqrt(q.ALLOWANCE)) ** 2 + leak**2


GAIN_BOUND = Formula("gain_bound", (q.KAPPA, q.ALLOWANCE, q.LAMBDA_OUT, q.TIME), gain())
TEACHER_DECAY = Formula("teacher_decay", (q.DIM,), 1 + 3 / (q.DIM - 1))
PROVEN_EXPONENT = Formula("proven_exponent", (q.DIM,), 1 + (q.DIM - 1) / (2 * (q.DIM + 2)))
GAIN_DECAY = Formula("gain_decay", (q.DIM,), (2 * q.DIM + 4) / (4 * q.DIM + 5))
SHARPER_EXPONENT = Formula("sharper_exponent", (q.DIM,), 1 + 2 * (q.DIM - 1) / (4 * q.DIM + 5))

_ASSUMES = (*MASTER, LATE, ALLOWANCE_NONNEGATIVE)


def _theorem(bound: Expr = GAIN_BOUND.expr) -> tuple[Boolean, ...]:
    return (
        Le(q.L_ST, bound * q.L_TE),
        Lt(q.RATIO_WIDE, q.RATIO_NARROW),
        Gt(q.PGR_WIDE, q.PGR_NARROW),
    )


THM_3_1 = Statement(
    id="thm-3.1",
    kind=Kind.THEOREM,
    title="Weak-to-strong generalization with two-layer ReLU networks",
    source=Source.RECONSTRUCTED,
    text="f* an even polynomial plus a linear function, d fixed: L_ST/L_TE -> 0 and PGR -> 1 as "
    "M_TE grows. With S growing like M^(1/(4d+5)) degrees and t ~ log(M)/lambda_0 each term of the "
    "bound vanishes as M^(-(2d+4)/(4d+5)) up to logarithms, provided that L_TE is no smaller than "
    "a power of M. Measured: medians over draws at two widths, with infinite and finite students.",
    claim=_theorem(),
    assumes=_ASSUMES,
    uses=("master-bound", "kappa-width", "lem-1"),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY, Evidence.MONTE_CARLO),
    reference=f"{PAPER_SECTION}, Theorem 3.1 (constants and rates reconstructed)",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            id="kappa-squared",
            change="kappa_S -> kappa_S^2",
            claim=_theorem(gain(aligned=q.KAPPA**2)),
        ),
        Mutant(
            id="no-leak",
            change="lambda_out dropped",
            claim=_theorem(gain(leak=Integer(0))),
        ),
        Mutant(
            id="any-time",
            change="the student may stop at any time",
            assumes=dropped(_ASSUMES, LATE),
        ),
        Mutant(
            id="no-gain",
            change="the median ratio does not fall",
            claim=(_theorem()[0], Ge(q.RATIO_WIDE, q.RATIO_NARROW), _theorem()[2]),
        ),
        Mutant(
            id="pgr-stays",
            change="PGR does not rise",
            claim=(*_theorem()[:2], Le(q.PGR_WIDE, q.PGR_NARROW)),
        ),
    ),
)

_DIM = Assumption("dim", "d >= 2", Ge(q.DIM, 2))


def _exponent(
    proven: Expr = PROVEN_EXPONENT.expr,
    decay: Expr = TEACHER_DECAY.expr,
    limit: Expr = Rational(3, 2),
    headline: int = 200,
) -> tuple[Boolean, ...]:
    return (
        Eq(proven, 1 + 1 / (2 * decay), evaluate=False),
        Lt(proven, limit),
        Implies(Ge(q.DIM, headline), Ge(proven, Rational(149, 100))),
        Eq(SHARPER_EXPONENT.expr, 1 + GAIN_DECAY.expr / decay, evaluate=False),
        Gt(SHARPER_EXPONENT.expr, proven),
        Gt(q.SLOPE, proven),
    )


THM_3_1_EXPONENT = Statement(
    id="thm-3.1-exponent",
    kind=Kind.COROLLARY,
    title="The proven exponent: L_ST = O~(L_TE^beta(d)), beta = 1.49 for d >= 200",
    source=Source.RECONSTRUCTED,
    text="Under Gaussian universality L_TE = Theta(M^-(1+3/(d-1))); the gain M^(-1/2) makes this "
    "beta(d) = 1 + (d-1)/(2(d+2)), below 3/2 and at least 1.49 from d = 200 on. The gain "
    "M^(-(2d+4)/(4d+5)) of kappa-width is a little larger. Fitted exponents lie above.",
    claim=_exponent(),
    assumes=(_DIM,),
    uses=("thm-3.1",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.MONTE_CARLO),
    reference=f"{PAPER_SECTION}, Theorem 3.1 and abstract (L_ST = O~(L_TE^1.49))",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(id="d-100", change="1.49 for d >= 100", claim=_exponent(headline=100)),
        Mutant(
            id="limit-1.49",
            change="beta stays below 1.49",
            claim=_exponent(limit=Rational(149, 100)),
        ),
        Mutant(
            id="decay-3/d",
            change="L_TE = Theta(M^-(1+3/d))",
            claim=_exponent(decay=1 + 3 / q.DIM),
        ),
        Mutant(
            id="gain-1/M",
            change="the gain is 1/M",
            claim=_exponent(proven=1 + (q.DIM - 1) / (q.DIM + 2)),
        ),
        Mutant(
            id="slope-3",
            change="the fitted exponents exceed 3",
            claim=(*_exponent()[:5], Gt(q.SLOPE, 3)),
        ),
    ),
)

IN_SPAN = Assumption(
    "in-span",
    "the teacher lies in the span of its features, so it has no energy where the kernel vanishes",
    Eq(q.NULL_TEACHER, 0),
)

ODD_TARGET = Statement(
    id="odd-target",
    kind=Kind.LEMMA,
    title="What the kernel does not see is never learnt: odd degrees from 3 on",
    source=Source.RECONSTRUCTED,
    text="For ReLU features a_k = 0 for odd k >= 3: whatever the width, L_TE is at least the "
    "target's energy in those degrees.",
    claim=(Ge(q.L_TE, q.NULL_ENERGY),),
    assumes=(IN_SPAN,),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{PAPER_SECTION}, Theorem 3.1 (why the polynomial is even)",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            id="c-1.1",
            change="1.1 times as much",
            claim=(Ge(q.L_TE, Rational(11, 10) * q.NULL_ENERGY),),
        ),
        Mutant(
            id="learnt",
            change="wide teachers learn it",
            claim=(Lt(q.L_TE, q.NULL_ENERGY),),
        ),
        Mutant(id="any-teacher", change="any function may be the teacher", assumes=()),
    ),
)

PLACE = 80
STATEMENTS = (THM_3_1, THM_3_1_EXPONENT, ODD_TARGET)
