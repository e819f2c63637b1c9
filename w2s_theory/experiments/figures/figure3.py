"""Figure 3: linear networks, d = M^(3/2). (a) L_ST/L_TE^2 against t; (b) the exponent."""

from __future__ import annotations

from w2s_theory.experiments.figures import panels, style
from w2s_theory.experiments.figures.drawing import Drawing
from w2s_theory.experiments.figures.drawn_cells import Cell, linear_cells
from w2s_theory.experiments.figures.fits import fit, tables
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.parallel import Progress

NUMBER = 3
CAPTION = (
    "Linear networks with d = M^(3/2). (a) L_ST/L_TE^2 against training time: means over the "
    "draws, shaded from the least to the largest; the line is at 1. (b) Best student loss against "
    "teacher loss: pale marks are draws, full ones their means, the line the power law fitted to "
    "the draws in its bootstrap band, whose exponent is close to 2; grey is below the floor of "
    "Theorem 4.1."
)


def compute(scale: Scale, progress: Progress, store: Store | None = None) -> list[Cell]:
    """All draws."""
    return linear_cells(scale.widths, (scale.student,), scale.draws, progress, store=store)


def draw(cells: list[Cell]) -> Drawing:
    """Both panels."""
    law = fit(cells, "linear")
    figure = style.new_figure()
    ((left, right),), (under_left, under_right) = style.panel_grid(figure, 1, 2, 0.3)
    panels.curves_panel(left, cells, 2)
    left.axhline(1, color=style.BLACK, linewidth=0.7, zorder=0)
    panels.curve_legend(under_left, left)
    left.set_ylim(0.5, None)
    left.set_title("(a) along the training", loc="left")
    panels.loss_panel(right, cells, law, "exponent 2 (Theorem 3.2)")
    style.legend_in(under_right, right, ncols=2)
    right.set_title(r"(b) at the best time, $d = M_{\mathrm{TE}}^{3/2}$", loc="left")
    return Drawing(figure=figure, tables=tables(NUMBER, cells, 2, [law]))
