"""The rate of the gain without universality: widths, factors, exponents."""

from __future__ import annotations

from sympy import Expr

from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger import measurements, rate, teacher_forms
from w2s_theory.ledger.registry import load

PLACE = 25
_Row = tuple[str, str, str, Expr, str, str, Sharpness, str, tuple[str, ...]]


def declared() -> tuple[Constant, ...]:
    """Units a degree of freedom, factor and exponent of the square, the strait, the circle."""
    ledger = load()
    home = "w2s_theory.ledger."
    rows: tuple[_Row, ...] = (
        (
            *("leverage-width", r"M/(d(\mu) \log)", "units a degree of freedom for Delta <= mu"),
            *(rate.WIDTH_FACTOR, "rate.WIDTH_FACTOR", "leverage", Sharpness.UNKNOWN),
            *("Bernstein's inequality with a one-sided bound, at tau = 1/2", ("narrow",)),
        ),
        (
            *("bach-width", r"M/(d(\mu) \log)", "Bach's units a degree of freedom, for 4 mu"),
            *(rate.BACH_FACTOR, "rate.BACH_FACTOR", "leverage", Sharpness.IMPROVABLE),
            *("improvable: the same width gives 3 mu here", ("narrow-bach",)),
        ),
        (
            *("square-factor", r"\lim \mathcal{L}_{\mathrm{ST}}/x^2", "factor of the square"),
            *(rate.UNFINISHED, "rate.UNFINISHED", "gain-rate", Sharpness.UNKNOWN),
            *("the triangle inequality within S; a logarithm is added to it", ("one",)),
        ),
        (
            *("square-exponent", r"\beta_{\Delta}", "exponent of L_ST in the bound of L_TE"),
            *(rate.SQUARE, "rate.SQUARE", "gain-rate", Sharpness.BEST),
            *("thm-4.1: no student exceeds it, where L_TE is of that order", ("cube",)),
        ),
        (
            *("strait", r"r^2 (r + h) w^\top A w/c^2", "least energy of nearly opposite units"),
            *(teacher_forms.STRAIT_FACTOR, "teacher_forms.STRAIT_FACTOR", "ansatz-fails"),
            *(Sharpness.UNKNOWN, "sin(h) >= 2h/pi, and the other units left out", ("times-1000",)),
        ),
        (
            *("circle-exponent", r"\hat\alpha", "exponent of linear targets in d = 2, conjectured"),
            *(measurements.CIRCLE_EXPONENT, "measurements.CIRCLE_EXPONENT"),
            *("ansatz-fails-measured", Sharpness.UNKNOWN, "measured; the ansatz has 4"),
            ("ansatz", "six"),
        ),
    )
    return tuple(
        Constant(
            id=id_,
            latex=latex,
            meaning=meaning,
            expr=expr,
            home=home + place,
            source=ledger[statement].source,
            reference=ledger[statement].reference,
            sharpness=sharpness,
            remark=remark,
            statements=(statement,),
            mutants=tuple(f"{statement}~{mutant}" for mutant in mutants),
        )
        for id_, latex, meaning, expr, place, statement, sharpness, remark, mutants in rows
    )
