"""The two panels: losses against time, and best student loss against teacher loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.experiments.figures import style
from w2s_theory.experiments.figures.drawn_cells import CLOCK, Cell
from w2s_theory.experiments.figures.fits import FittedLaw, fit
from w2s_theory.theorems.floors import shrinkage_floor

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

UNIVERSALITY = r"universality, $M_{\mathrm{ST}} = \infty$"
_DASHED = (0, (2, 1.5))


def curves_panel(axes: Axes, cells: Sequence[Cell], power: int) -> None:
    """Mean of L_ST/L_TE^power over draws, its range, and the universality prediction (dashed)."""
    for cell, colour in zip(cells, style.ramp(len(cells)), strict=True):
        clock = cell.clock
        ratios = cell.curves / cell.teacher_loss[:, None] ** power
        axes.fill_between(
            clock, ratios.min(axis=0), ratios.max(axis=0), color=colour, alpha=0.2, linewidth=0
        )
        axes.loglog(clock, ratios.mean(axis=0), color=colour, label=f"{cell.teacher_width}")
        predicted = cell.predicted / cell.predicted_loss**power
        axes.loglog(clock, predicted, color=colour, linestyle=_DASHED, linewidth=0.9)
    axes.set_xlim(*CLOCK)
    axes.set_xlabel(style.TIME_LABEL)
    style.clear_ticks(axes)
    exponent = "" if power == 1 else f"^{power}"
    axes.set_ylabel(
        rf"$\mathcal{{L}}_{{\mathrm{{ST}}}} / \mathcal{{L}}_{{\mathrm{{TE}}}}{exponent}$"
    )


def curve_legend(place: Axes, axes: Axes) -> None:
    """Teacher widths, and what dashed means, in the empty axes `place`."""
    title = r"teacher width $M_{\mathrm{TE}}$"
    style.legend_in(place, axes, curve_handles(axes), title=title, ncols=3)


def curve_handles(axes: Axes) -> list[Artist]:
    """The curves of `curves_panel`, what dashed means, and the shade."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles, _ = axes.get_legend_handles_labels()
    dashed = Line2D(
        [], [], color=style.GRAY, linestyle=_DASHED, linewidth=0.9, label="universality"
    )
    shade = Patch(color=style.GRAY, alpha=0.2, linewidth=0, label="draws, range")
    return [*handles, dashed, shade]


def floor_line(axes: Axes, low: float, high: float) -> Line2D:
    """The floor of Theorem 4.1, and the region below it, which no student reaches."""
    losses = np.geomspace(low, min(high, 1.0), 200)
    floor = shrinkage_floor(losses)
    axes.fill_between(losses, floor, floor * 1e-6, color="#dddddd", linewidth=0, zorder=0)
    name = "floor (Theorem 4.1), grey below"
    (line,) = axes.loglog(losses, floor, color=style.BLACK, linewidth=1, zorder=1, label=name)
    return line


def scatter(axes: Axes, cells: Sequence[Cell], colour: str, marker: str, label: str) -> Line2D:
    """Draws, faint; their means, solid. Returns the artist for a legend."""
    for cell in cells:
        axes.loglog(
            cell.teacher_loss,
            cell.student_loss,
            linestyle="none",
            marker=marker,
            markersize=2,
            color=colour,
            alpha=0.35,
            markeredgewidth=0,
        )
    (means,) = axes.loglog(
        [cell.teacher_loss.mean() for cell in cells],
        [cell.student_loss.mean() for cell in cells],
        linestyle="none",
        marker=marker,
        color=colour,
        markeredgecolor="white",
        markeredgewidth=0.4,
        zorder=4,
        label=label,
    )
    return means


def fitted_line(axes: Axes, fit: FittedLaw, colour: str, label: str | None) -> Line2D:
    """The fitted power law, its bootstrap band turned about the middle of the data."""
    x = np.geomspace(fit.teacher_loss.min(), fit.teacher_loss.max(), 50)
    law = fit.law
    middle = np.exp(np.log(fit.teacher_loss).mean())
    height = law.constant * middle**law.exponent.estimate
    low, high = (height * (x / middle) ** b for b in (law.exponent.low, law.exponent.high))
    axes.fill_between(
        x, np.minimum(low, high), np.maximum(low, high), color=colour, alpha=0.25, linewidth=0
    )
    (line,) = axes.loglog(
        x, law.constant * x**law.exponent.estimate, color=colour, linewidth=1, label=label
    )
    return line


def stated_line(axes: Axes, cells: Sequence[Cell], exponent: float, label: str) -> Line2D:
    """A line of the exponent that theory states, through the mean of the widest loss."""
    x = np.array([cell.teacher_loss.mean() for cell in cells])
    y = np.array([cell.student_loss.mean() for cell in cells])
    top = int(np.argmax(x))
    grid = np.geomspace(x.min(), x.max(), 50)
    (line,) = axes.loglog(
        grid,
        y[top] * (grid / x[top]) ** exponent,
        color=style.GRAY,
        linestyle=(0, (1, 1)),
        linewidth=1.3,
        label=label,
    )
    return line


def predicted_line(axes: Axes, cells: Sequence[Cell], colour: str, label: str | None) -> Line2D:
    """Universality: predicted best student loss against predicted teacher loss."""
    (line,) = axes.loglog(
        [cell.predicted_loss for cell in cells],
        [cell.predicted_best for cell in cells],
        color=colour,
        linestyle=_DASHED,
        linewidth=0.9,
        label=label,
    )
    return line


def loss_axes(axes: Axes, cells: Sequence[Cell]) -> None:
    """Limits around the data, names of the axes."""
    x = np.concatenate([cell.teacher_loss for cell in cells])
    y = np.concatenate([cell.student_loss for cell in cells])
    axes.set_xlim(x.min() / 1.5, min(x.max() * 1.5, 1.1))
    axes.set_ylim(y.min() / 3, min(y.max() * 3, 1.5))
    axes.set_xlabel(style.TEACHER_LABEL)
    axes.set_ylabel(style.STUDENT_LABEL)


def loss_panel(axes: Axes, cells: Sequence[Cell], law: FittedLaw, stated: str) -> None:
    """Panel (b): floor, draws and means, fit, universality and the stated exponent."""
    width = cells[0].student_width
    exponent = law.law.exponent
    loss_axes(axes, cells)
    floor_line(axes, *axes.get_xlim())
    scatter(axes, cells, style.BLUE, "o", rf"means (pale: draws), $M_{{\mathrm{{ST}}}} = {width}$")
    interval = f"{exponent.estimate:.2f} [{exponent.low:.2f}, {exponent.high:.2f}]"
    fitted_line(axes, law, style.BLUE, f"fit {interval}, band")
    predicted_line(axes, cells, style.VERMILION, UNIVERSALITY)
    stated_line(axes, cells, law.theory, stated)
    style.clear_ticks(axes)


ABLATION_TITLE = r"$M_{\mathrm{ST}}$: exponent, 95% interval"


def ablation_panel(axes: Axes, cells: Sequence[Cell], name: str) -> list[FittedLaw]:
    """Best losses by student width, each with its fit, over the floor and the prediction."""
    loss_axes(axes, cells)
    floor_line(axes, *axes.get_xlim())
    widths = sorted({cell.student_width for cell in cells})
    laws = []
    for place, width in enumerate(widths):
        group = [cell for cell in cells if cell.student_width == width]
        law = fit(group, f"{name} M_ST={width}")
        exponent = law.law.exponent
        colour = style.CATEGORIES[place]
        interval = f"{exponent.estimate:.2f} [{exponent.low:.2f}, {exponent.high:.2f}]"
        scatter(axes, group, colour, style.MARKERS[place], f"{width}: {interval}")
        fitted_line(axes, law, colour, None)
        laws.append(law)
    (pale,) = axes.plot([], [], "o", color=style.GRAY, alpha=0.35, label="draws (full: means)")
    pale.set(markersize=2, markeredgewidth=0)
    axes.plot([], [], color=style.GRAY, linewidth=1, label="power laws fitted, their bands")
    widest = [cell for cell in cells if cell.student_width == widths[-1]]
    predicted_line(axes, widest, style.GRAY, UNIVERSALITY)
    style.clear_ticks(axes)
    return laws


def student_curves_panel(axes: Axes, cells: Sequence[Cell], power: int) -> None:
    """Mean curves of one teacher width, a series a student width, and the prediction."""
    for place, cell in enumerate(cells):
        ratios = cell.curves / cell.teacher_loss[:, None] ** power
        axes.loglog(
            cell.clock,
            ratios.mean(axis=0),
            color=style.CATEGORIES[place],
            label=rf"$M_{{\mathrm{{ST}}}} = {cell.student_width}$",
        )
    last = cells[-1]
    axes.loglog(
        last.clock,
        last.predicted / last.predicted_loss**power,
        color=style.GRAY,
        linestyle=_DASHED,
        linewidth=0.9,
        label=UNIVERSALITY,
    )
    axes.axhline(1, color=style.BLACK, linewidth=0.7, zorder=0, label="1")
    axes.set_xlim(*CLOCK)
    style.clear_ticks(axes)
    axes.set_xlabel(style.TIME_LABEL)
    axes.set_ylabel(rf"$\mathcal{{L}}_{{\mathrm{{ST}}}} / \mathcal{{L}}_{{\mathrm{{TE}}}}^{power}$")
