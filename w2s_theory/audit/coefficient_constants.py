"""Section 1: coefficients, traces and decay of the ReLU kernel, read off the ledger's formulas."""

from __future__ import annotations

from typing import TypedDict

from sympy import Expr, Integer, Pow

from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Formula, Source
from w2s_theory.spectra.activations import RELU

DIM = 32
"""The paper's dimension (its Figure 2)."""

DECAY_DIMS = (3, 8, DIM)
DEGREES = (0, 1, 2, 4, 6)
_POWER = Integer(int(RELU.power))
_HOME = "w2s_theory.ledger.kernels"


def _in_dim(formula: Formula, **others: int) -> Expr:
    """The formula at alpha = 1 and the given arguments, in the symbol d."""
    at = {q.POWER: _POWER, **{getattr(q, name): Integer(v) for name, v in others.items()}}
    return formula.expr.xreplace(at)


def degree_exponent(dim: Expr | int) -> Expr:
    """p of lambda_k ~ C k^-p: the exponent in the ledger's lower bound."""
    bound = _in_dim(kernels.DECAY_LOWER).xreplace({q.SPACE_DIM: dim})
    return -next(p.exp for p in bound.atoms(Pow) if p.base.has(q.DEGREE))


def index_exponent(dim: Expr | int) -> Expr:
    """The same, with eigenvalues counted one by one: there are about k^(d-1) up to degree k."""
    return degree_exponent(dim) / (dim - 1)


PLACE = 30


def declared() -> tuple[Constant, ...]:
    """Funk-Hecke and Hermite coefficients, traces, decay exponents and their constants."""
    coefficients = tuple(
        Constant(
            id=f"a{k}-{DIM}",
            latex=rf"a_{{{k}}}({DIM})",
            meaning=f"coefficient of ReLU in degree {k}, d = {DIM}",
            expr=RELU.symbolic(k, DIM),
            formula=_in_dim(kernels.COEFFICIENT, DEGREE=k),
            home=f"{_HOME}.COEFFICIENT",
            **_from("spec-coefficients"),
            sharpness=Sharpness.VALUE,
            remark="the kernel eigenvalue is its square",
            mutants=("spec-coefficients~two", "spec-coefficients~sign"),
        )
        for k in DEGREES
    )
    hermite = tuple(
        Constant(
            id=f"h{k}",
            latex=rf"h_{{{k}}}",
            meaning=f"Hermite coefficient of ReLU in degree {k}: a_k sqrt(d N_k) as d -> infinity",
            expr=RELU.hermite_symbolic(k),
            home=f"{_HOME}.HERMITE_COEFFICIENT",
            **_from("spec-hermite", "spec-limit"),
            sharpness=Sharpness.VALUE,
            remark="the limit is approached at rate 1/d",
            mutants=("spec-hermite~two", "spec-hermite~factorial", "spec-hermite~sign"),
        )
        for k in DEGREES
    )
    trace = _in_dim(kernels.TRACE)
    decays = tuple(
        Constant(
            id=f"decay-constant-{dim}",
            latex=rf"C({dim})",
            meaning=f"C of lambda_k ~ C k^-(d+2), d = {dim}, even k",
            expr=kernels.DECAY_CONSTANT(Integer(dim), _POWER),
            formula=_in_dim(kernels.DECAY_CONSTANT),
            home=f"{_HOME}.DECAY_CONSTANT",
            **_from("spec-decay"),
            sharpness=Sharpness.BEST,
            remark="lambda_k k^(d+2) tends to it, between proven bounds at every degree",
            mutants=("spec-decay~two", "spec-decay~one-percent"),
        )
        for dim in DECAY_DIMS
    )
    return (
        *coefficients,
        *hermite,
        Constant(
            id=f"trace-{DIM}",
            latex=rf"\operatorname{{tr}} K\,({DIM})",
            meaning=f"sum of all kernel eigenvalues, d = {DIM}",
            expr=trace.xreplace({q.SPACE_DIM: Integer(DIM)}),
            formula=trace,
            home=f"{_HOME}.TRACE",
            **_from("spec-parseval"),
            sharpness=Sharpness.VALUE,
            remark="the squared norm of a feature, 1/(2d)",
            mutants=("spec-parseval~two", "spec-parseval~off-by-one"),
        ),
        *decays,
        Constant(
            id=f"decay-degree-{DIM}",
            latex=rf"p({DIM})",
            meaning=f"p of lambda_k ~ C k^-p by degree, d = {DIM}",
            expr=degree_exponent(Integer(DIM)),
            formula=degree_exponent(q.SPACE_DIM),
            home=f"{_HOME}.DECAY_LOWER",
            **_from("spec-decay"),
            sharpness=Sharpness.BEST,
            remark="two-sided bounds at every degree",
            mutants=("spec-decay~exponent",),
        ),
        Constant(
            id=f"decay-index-{DIM}",
            latex=rf"p({DIM})/({DIM}-1)",
            meaning=f"exponent of the i-th eigenvalue counted with multiplicity, d = {DIM}",
            expr=index_exponent(Integer(DIM)),
            formula=index_exponent(q.SPACE_DIM),
            home=f"{_HOME}.DECAY_LOWER",
            **_from("spec-decay"),
            sharpness=Sharpness.BEST,
            remark="equals the decay 1 + 3/(d-1) of the teacher loss",
            mutants=("spec-decay~exponent",),
        ),
    )


class _Origin(TypedDict):
    source: Source
    reference: str
    statements: tuple[str, ...]


def _from(*keys: str) -> _Origin:
    """Source and reference of the first statement, and the ids of all."""
    first = load()[keys[0]]
    return {"source": first.source, "reference": first.reference, "statements": keys}
