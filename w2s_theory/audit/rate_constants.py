"""Sections 3 and 5: proven exponents, limits of the linear model, and its mean losses."""

from __future__ import annotations

from sympy import Integer, Rational, limit, oo

from w2s_theory.audit.coefficient_constants import DIM
from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger import linear, linear_bounds, rate_power, relu, universality
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load

WIDTHS = (16, 64, 256)
_IMPROVABLE = (
    "improved to 2, up to logarithms, for even targets (gain-rate-power); for linear ones 2 if "
    "Gaussian universality holds (optimality)"
)


PLACE = 20


def declared() -> tuple[Constant, ...]:
    """beta(d) and its limit, the teacher's decay, the gain, Theorem 3.3 at c = 1, mean losses."""
    ledger = load()
    exponent, plateau, law = (ledger[key] for key in ("thm-3.1-exponent", "thm-3.3", "law-linear"))
    proven = universality.PROVEN_EXPONENT
    betas = tuple(
        Constant(
            id=f"beta-{dim}",
            latex=rf"\beta({dim})",
            meaning=f"proven exponent of L_ST against L_TE, ReLU, d = {dim}",
            expr=proven(Integer(dim)),
            formula=proven.expr,
            home="w2s_theory.ledger.universality.PROVEN_EXPONENT",
            source=exponent.source,
            reference=exponent.reference,
            sharpness=Sharpness.IMPROVABLE,
            remark=_IMPROVABLE,
            statements=(exponent.id,),
            mutants=("thm-3.1-exponent~d-147", "thm-3.1-exponent~gain-1/M"),
        )
        for dim in (DIM, int(relu.HEADLINE_DIM))
    )
    means = tuple(
        Constant(
            id=f"linear-mean-loss-{width}",
            latex=rf"\mathbb{{E}}\,\mathcal{{L}}_{{\mathrm{{TE}}}}({width})",
            meaning=f"mean teacher loss of the linear model, M = {width}, d - 1 = M^(3/2), "
            "psi = 1/M",
            expr=linear.MEAN_LOSS(
                Integer(width), 1 + Integer(width) ** Rational(3, 2), Rational(1, width)
            ),
            formula=linear.MEAN_LOSS.expr,
            home="w2s_theory.ledger.linear.MEAN_LOSS",
            source=law.source,
            reference=law.reference,
            sharpness=Sharpness.VALUE,
            remark="a Gauss hypergeometric function",
            statements=(law.id,),
            mutants=("law-linear~signal-freedom", "law-linear~noise-freedom"),
        )
        for width in WIDTHS
    )
    return (
        *betas,
        Constant(
            id="beta-infinity",
            latex=r"\beta(\infty)",
            meaning="limit of the proven exponent as d -> infinity",
            expr=limit(proven.expr, q.DIM, oo),
            home="w2s_theory.ledger.universality.PROVEN_EXPONENT",
            source=exponent.source,
            reference=exponent.reference,
            sharpness=Sharpness.IMPROVABLE,
            remark=_IMPROVABLE,
            statements=(exponent.id,),
            mutants=("thm-3.1-exponent~limit-1.49",),
        ),
        Constant(
            id=f"sharper-beta-{DIM}",
            latex=rf"\beta'({DIM})",
            meaning=f"exponent from the explicit alignment bound, ReLU, d = {DIM}",
            expr=relu.SHARPER_EXPONENT(Integer(DIM)),
            formula=relu.SHARPER_EXPONENT.expr,
            home="w2s_theory.ledger.relu.SHARPER_EXPONENT",
            source=ledger["kappa-width"].source,
            reference=ledger["kappa-width"].reference,
            sharpness=Sharpness.IMPROVABLE,
            remark=_IMPROVABLE,
            statements=(exponent.id, "kappa-width"),
            mutants=("kappa-width~square-width",),
        ),
        Constant(
            id=f"teacher-decay-{DIM}",
            latex=rf"r({DIM})",
            meaning=f"r of L_TE = Theta(M^-r) under universality, d = {DIM}",
            expr=universality.TEACHER_DECAY(Integer(DIM)),
            formula=universality.TEACHER_DECAY.expr,
            home="w2s_theory.ledger.universality.TEACHER_DECAY",
            source=exponent.source,
            reference=exponent.reference,
            sharpness=Sharpness.UNKNOWN,
            remark="the decay of the eigenvalues; proved up to a logarithm for even targets "
            "(leverage, teacher-lower), under the ansatz for linear ones",
            statements=(exponent.id, "universality", "teacher-lower"),
            mutants=("thm-3.1-exponent~decay-3/d",),
        ),
        Constant(
            id=f"square-logs-{DIM}",
            latex=rf"p({DIM})",
            meaning=f"power of log(K) between L_ST and L_TE^2, even targets, d = {DIM}",
            expr=rate_power.LOG_POWER(Integer(DIM)),
            formula=rate_power.LOG_POWER.expr,
            home="w2s_theory.ledger.rate_power.LOG_POWER",
            source=ledger["gain-rate-power"].source,
            reference=ledger["gain-rate-power"].reference,
            sharpness=Sharpness.UNKNOWN,
            remark="two logarithms: that of Bernstein's inequality, to the power 2 (d+2)/(d-1), "
            "and that of the training time",
            statements=("gain-rate-power",),
            mutants=("gain-rate-power~fewer-logs", "gain-rate-power~more-logs"),
        ),
        Constant(
            id="plateau-loss",
            latex=r"\lim \mathcal{L}_{\mathrm{TE}}",
            meaning="limit of the teacher loss of Theorem 3.3 at c = 1",
            expr=linear_bounds.LIMIT_LOSS(Integer(1)),
            formula=linear_bounds.LIMIT_LOSS.expr,
            home="w2s_theory.ledger.linear_bounds.LIMIT_LOSS",
            source=plateau.source,
            reference=plateau.reference,
            sharpness=Sharpness.BEST,
            remark="a limit that is attained; the PGR tends to its complement",
            statements=(plateau.id,),
            mutants=("thm-3.3~loss-c", "thm-3.3~all-recovered"),
        ),
        *means,
    )
