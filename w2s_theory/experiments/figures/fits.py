"""Power laws fitted to best student losses, beside the exponent that theory states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.experiments.figures.drawing import Rows
from w2s_theory.experiments.figures.drawn_cells import Cell, curve_rows, draw_rows
from w2s_theory.experiments.named import ModelName
from w2s_theory.statistics import PowerLaw, power_law

ERROR_RATE = 0.05
"""Intervals of figures are 95 percent ones; checks use a smaller rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedLaw:
    """A fitted law, its series, and the exponent of the theory."""

    series: str
    law: PowerLaw
    theory: float
    teacher_loss: FloatArray
    student_loss: FloatArray


def fit(cells: Sequence[Cell], series: str) -> FittedLaw:
    """Fit all draws of `cells`, resampled within widths; theory: proven (relu) or 2 (linear)."""
    teacher = np.concatenate([cell.teacher_loss for cell in cells])
    student = np.concatenate([cell.student_loss for cell in cells])
    widths = np.concatenate([np.full(c.teacher_loss.size, c.teacher_width) for c in cells])
    law = power_law(teacher, student, widths, error_rate=ERROR_RATE)
    return FittedLaw(
        series=series,
        law=law,
        theory=stated_exponent(cells[0]),
        teacher_loss=teacher,
        student_loss=student,
    )


def stated_exponent(cell: Cell) -> float:
    """beta(d) of Theorem 3.1 for ReLU; the 2 of Theorem 3.2 for the linear model."""
    from w2s_theory.ledger import section4, universality

    if cell.model is ModelName.LINEAR:
        return float(section4.QUADRATIC_EXPONENT)
    from sympy import Integer

    return float(universality.PROVEN_EXPONENT(Integer(cell.dim)))


def tables(
    number: int, cells: Sequence[Cell], power: int, fits: Sequence[FittedLaw]
) -> dict[str, Rows]:
    """The tables behind a figure: draws, curves of L_ST/L_TE^power, and fits."""
    return {
        "": draw_rows(number, cells),
        "curves": curve_rows(number, cells, power),
        "fits": fit_rows(number, fits),
    }


def fit_rows(number: int, fits: Sequence[FittedLaw]) -> Rows:
    """Tidy rows, one a fit."""
    return [
        {
            "figure": number,
            "series": item.series,
            "exponent": item.law.exponent.estimate,
            "low": item.law.exponent.low,
            "high": item.law.exponent.high,
            "confidence": 1 - item.law.exponent.error_rate,
            "constant": item.law.constant,
            "draws": item.law.exponent.draws,
            "theory": item.theory,
        }
        for item in fits
    ]
