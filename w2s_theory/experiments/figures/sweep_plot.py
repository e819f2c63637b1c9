"""A plot of a store: best student losses against teacher losses, a colour a series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.experiments.figures import panels, style
from w2s_theory.experiments.sweep.results import StoredRow, exponents, series

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def losses_figure(rows: Sequence[StoredRow]) -> Figure:
    """Every cell of `rows`, the fitted power laws and the floor of Theorem 4.1.

    ValueError for no rows, and for more series than there are colours.
    """
    groups = series(rows)
    if not 0 < len(groups) <= len(style.CATEGORIES):
        raise ValueError(
            f"--plot must show 1 to {len(style.CATEGORIES)} series, got {len(groups)}: "
            "narrow them with --where"
        )
    shown = [name for name, _ in next(iter(groups)) if len({dict(g)[name] for g in groups}) > 1]
    figure = style.new_figure(height=3.8)
    axes = figure.subplots()
    for place, ((point, members), law) in enumerate(
        zip(groups.items(), exponents(rows), strict=True)
    ):
        teacher, student = (
            np.array([float(str(member[name])) for member in members])
            for name in ("teacher_loss", "student_loss")
        )
        said = (f"{name.replace('_', ' ')}={str(dict(point)[name])[:24]}" for name in shown)
        label = ", ".join(said) or "cells"  # the font has no underscore
        if isinstance(exponent := law["exponent"], float):
            label += f": exponent {exponent:.2f}"
            line = np.geomspace(teacher.min(), teacher.max(), 50)
            fitted = float(str(law["constant"])) * line**exponent
            axes.loglog(line, fitted, color=style.CATEGORIES[place], linewidth=1)
        marker = style.MARKERS[place % len(style.MARKERS)]
        axes.loglog(
            teacher, student, linestyle="none", marker=marker, markersize=3, alpha=0.6,
            color=style.CATEGORIES[place], label=label,
        )  # fmt: skip
    low, high = axes.get_ylim()
    panels.floor_line(axes, *axes.get_xlim())
    axes.set_ylim(low / 3, high)  # of the region below the floor the upper edge is enough
    axes.set_xlabel(style.TEACHER_LABEL)
    axes.set_ylabel(style.STUDENT_LABEL)
    style.clear_ticks(axes)
    axes.legend(fontsize=6.5)
    return figure
