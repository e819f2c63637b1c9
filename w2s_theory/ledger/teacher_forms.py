"""The teacher's loss as a Schur complement: no cancellation, and what odd targets cost."""

from __future__ import annotations

from sympy import Eq, Expr, Integer, asin, pi, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.references import CHO_SAUL, SHERMAN_MORRISON, WOODBURY
from w2s_theory.ledger.spectra import COSINE_RHO, SPHERE, equation
from w2s_theory.ledger.statement import Evidence, Formula, Kind, Mutant, Source, Statement, dropped

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
    assumes=(SPHERE, COSINE_RHO),
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
    text="A the features' coordinates in S, W the Gram matrix of what is left of them and H the "
    "inverse of I plus A times the inverse of W times A's transpose: L_TE = b^T H b for the "
    f"target's coordinates b, and for any unit target {say(_EXCESS)} is a form in G - b b^T. On "
    "the sphere, S the linear functions, A has the units as columns, divided by "
    f"{say(_LENGTH)}, and W is the even part K_e of the kernel: {say(_EXCESS)} is "
    "then the least energy of an even function that takes the linear target's values at the "
    "units, up to its factor.",
    claim=_schur(),
    assumes=SCHUR,
    uses=("lem-ls", "kappa-linear", "even-kernel"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference=f"Extension; {WOODBURY}; {SHERMAN_MORRISON}",
    proof=_PROOF,
    checks=("checks/test_teacher_forms.py",),
    mutants=(
        Mutant("loss-square", "||H b||^2", claim=_schur(loss=q.BLOCK_SQUARE)),
        Mutant("no-one", "1/L_TE is the form", claim=_schur(energy=q.EVEN_ENERGY)),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(SCHUR, s.NORMAL_EQUATIONS),
        ),
    ),
)

PLACE = 84
STATEMENTS = (EVEN_PART, TEACHER_SCHUR)
