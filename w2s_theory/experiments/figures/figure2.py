"""Figure 2: ReLU, d = 32. (a) L_ST/L_TE against t; (b) min_t L_ST against L_TE."""

from __future__ import annotations

from w2s_theory.experiments.figures import panels, style
from w2s_theory.experiments.figures.drawing import Drawing
from w2s_theory.experiments.figures.drawn_cells import Cell, relu_cells
from w2s_theory.experiments.figures.fits import fit, tables
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.parallel import Progress

NUMBER, DIM = 2, 32
CAPTION = (
    "ReLU networks, linear target. (a) Student loss over teacher loss against training time: means "
    "over the draws, shaded from the least to the largest, and dashed what Gaussian universality "
    "has for an infinite student. (b) Best student loss against teacher loss: pale marks are "
    "draws, full ones their means at each teacher width; the line is the power law fitted to the "
    "draws in its bootstrap band, the dotted ones have the proven exponent and what universality "
    "predicts. No student is in the grey, below the floor of Theorem 4.1."
)


def compute(scale: Scale, progress: Progress, store: Store | None = None) -> list[Cell]:
    """All draws."""
    return relu_cells(DIM, scale.widths, (scale.student,), scale.draws, progress, store=store)


def draw(cells: list[Cell]) -> Drawing:
    """Both panels."""
    law = fit(cells, f"relu d={DIM}")
    figure = style.new_figure()
    ((left, right),), (under_left, under_right) = style.panel_grid(figure, 1, 2, 0.3)
    panels.curves_panel(left, cells, 1)
    panels.curve_legend(under_left, left)
    left.set_title("(a) along the training", loc="left")
    panels.loss_panel(right, cells, law, rf"proven exponent {law.theory:.3f}")
    style.legend_in(under_right, right, ncols=2)
    right.set_title(rf"(b) at the best time, $d = {DIM}$", loc="left")
    return Drawing(figure=figure, tables=tables(NUMBER, cells, 1, [law]))
