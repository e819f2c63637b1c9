"""Section 1: coefficients, traces and decay of the ReLU kernel, read off its closed forms."""

from __future__ import annotations

from typing import Any

from sympy import Integer

from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger.statement import Source
from w2s_theory.spectra import decay, formulas, kernel
from w2s_theory.spectra.activations import RELU

DIM = 32
"""The paper's dimension (its Figure 2)."""

DECAY_DIMS = (3, 8, DIM)
DEGREES = (0, 1, 2, 4, 6)
_POWER = int(RELU.power)
_CHECKED = ("tests/spectra/test_activations.py", "tests/spectra/test_accuracy.py")
_FUNK_HECKE = "Funk-Hecke (Atkinson & Han 2012, sec. 2.5)"


def degree_exponent(dim: Any) -> Any:
    """p of lambda_k ~ C k^-p: the exponent in `decay.lower_bound`."""
    bound = decay.lower_bound(Integer(_POWER), dim)
    return -next(p.exp for p in bound.atoms(type(formulas.K**-2)) if p.base.has(formulas.K))


def index_exponent(dim: Any) -> Any:
    """The same, with eigenvalues counted one by one: there are about k^(d-1) up to degree k."""
    return degree_exponent(dim) / (dim - 1)


def constants() -> tuple[Constant, ...]:
    """Funk-Hecke and Hermite coefficients, traces, decay exponents and their constants."""
    coefficients = tuple(
        Constant(
            id=f"a{k}-{DIM}",
            latex=rf"a_{{{k}}}({DIM})",
            meaning=f"coefficient of ReLU in degree {k}, d = {DIM}",
            expr=RELU.symbolic(k, DIM),
            formula=RELU.symbolic(k),
            home="w2s_theory.spectra.formulas.power_sphere",
            source=Source.RECONSTRUCTED,
            reference=_FUNK_HECKE,
            sharpness=Sharpness.VALUE,
            remark="kernel eigenvalue: its square",
            evidence=_CHECKED,
        )
        for k in DEGREES
    )
    hermite = tuple(
        Constant(
            id=f"h{k}",
            latex=rf"h_{{{k}}}",
            meaning=f"Hermite coefficient of ReLU in degree {k}: a_k sqrt(d N_k) as d -> infinity",
            expr=RELU.hermite_symbolic(k),
            home="w2s_theory.spectra.formulas.power_gauss",
            source=Source.RECONSTRUCTED,
            reference="DLMF 18.9; Cho & Saul 2009",
            sharpness=Sharpness.VALUE,
            remark="the limit is approached at rate 1/d",
            evidence=("tests/spectra/test_activations.py", "tests/spectra/test_series.py"),
        )
        for k in DEGREES
    )
    trace = kernel.gram(_POWER).subs(kernel.RHO, 1)
    decays = tuple(
        Constant(
            id=f"decay-constant-{dim}",
            latex=rf"C({dim})",
            meaning=f"C of lambda_k ~ C k^-(d+2), d = {dim}, even k",
            expr=decay.decay_constant(Integer(_POWER), Integer(dim)),
            formula=decay.decay_constant(Integer(_POWER)),
            home="w2s_theory.spectra.decay.decay_constant",
            source=Source.RECONSTRUCTED,
            reference="Stirling (DLMF 5.11); Bach 2017, app. D",
            sharpness=Sharpness.BEST,
            remark="lambda_k k^(d+2) tends to it, between proven bounds at every degree",
            evidence=("tests/spectra/test_decay.py",),
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
            expr=trace.subs(formulas.D, DIM),
            formula=trace,
            home="w2s_theory.spectra.kernel.gram",
            source=Source.RECONSTRUCTED,
            reference="arc-cosine kernel (Cho & Saul 2009)",
            sharpness=Sharpness.VALUE,
            remark="E relu(<u,x>)^2 = 1/(2d)",
            evidence=("tests/spectra/test_arccosine.py", "tests/spectra/test_identities.py"),
        ),
        *decays,
        Constant(
            id=f"decay-degree-{DIM}",
            latex=rf"p({DIM})",
            meaning=f"p of lambda_k ~ C k^-p by degree, d = {DIM}",
            expr=degree_exponent(Integer(DIM)),
            formula=degree_exponent(formulas.D),
            home="w2s_theory.spectra.decay.lower_bound",
            source=Source.PAPER,
            reference="Medvedev et al. 2025 (arXiv:2503.02877), section 3",
            sharpness=Sharpness.BEST,
            remark="two-sided bounds at every degree",
            evidence=("tests/spectra/test_decay.py",),
        ),
        Constant(
            id=f"decay-index-{DIM}",
            latex=rf"p({DIM})/({DIM}-1)",
            meaning=f"exponent of the i-th eigenvalue counted with multiplicity, d = {DIM}",
            expr=index_exponent(Integer(DIM)),
            formula=index_exponent(formulas.D),
            home="w2s_theory.spectra.decay.lower_bound",
            source=Source.RECONSTRUCTED,
            reference="Medvedev et al. 2025 (arXiv:2503.02877), section 3",
            sharpness=Sharpness.BEST,
            remark="equals 1 + 3/(d-1)",
            evidence=("tests/spectra/test_decay.py",),
        ),
    )
