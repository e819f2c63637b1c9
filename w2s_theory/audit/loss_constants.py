"""Reference losses: teachers whose loss has a closed form, from the kernel's own closed forms."""

from __future__ import annotations

from sympy import Expr, cancel, sqrt, sympify, together

from w2s_theory.audit.coefficient_constants import DIM
from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger import kernels
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.references import CHO_SAUL
from w2s_theory.ledger.statement import Source
from w2s_theory.spectra.activations import RELU

WIDTHS = (1, 2, 4, DIM)
_POWER = int(RELU.power)


def orthonormal_teacher_loss(width: int, dim: Expr | int) -> Expr:
    """L_TE of ReLU features e_1, ..., e_M (M <= d), target sqrt(d) <e_1, x>, exactly.

    Cosines are 1 and 0, so G = (g_1 - g_0) I + g_0 11^T, which Sherman & Morrison invert; with
    b = (a_1 sqrt(d), 0, ..., 0), L_TE = 1 - b.G^-1.b.
    """
    gram = kernels.gram(_POWER).xreplace({q.SPACE_DIM: sympify(dim)})
    same, across = (gram.subs(q.RHO, rho) for rho in (1, 0))
    inverse = (1 - across / (same - across + width * across)) / (same - across)
    overlap = RELU.symbolic(1, dim) * sqrt(dim)
    return cancel(together(1 - overlap**2 * inverse))


PLACE = 40


def declared() -> tuple[Constant, ...]:
    """Losses of orthonormal teachers."""
    return tuple(
        Constant(
            id=f"teacher-loss-{width}",
            latex=rf"\mathcal{{L}}_{{\mathrm{{TE}}}}(e_{{1:{width}}})",
            meaning=f"loss of {width} orthonormal ReLU features on the linear target, d = {DIM}",
            expr=orthonormal_teacher_loss(width, DIM),
            formula=orthonormal_teacher_loss(width, q.SPACE_DIM),
            home="w2s_theory.ledger.kernels.gram",
            source=Source.EXTENSION,
            reference=f"normal equations; arc-cosine kernel ({CHO_SAUL})",
            sharpness=Sharpness.VALUE,
            remark="the same in every dimension: both Gram and overlaps scale as 1/d",
            evidence=("tests/audit/test_constants.py",),
        )
        for width in WIDTHS
    )
