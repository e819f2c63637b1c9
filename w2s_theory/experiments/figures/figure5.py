"""Figure 5: as Figure 4 with smaller students; what the student's width is needed for."""

from __future__ import annotations

from w2s_theory.experiments.figures import panels, style
from w2s_theory.experiments.figures.drawing import Drawing
from w2s_theory.experiments.figures.drawn_cells import Cell, relu_cells
from w2s_theory.experiments.figures.fits import tables
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.parallel import Progress

NUMBER = 5
CAPTION = (
    "As Figure 4 with smaller students: pale marks are draws, full ones their means, lines the "
    "fitted power laws in their bootstrap bands, one a student width; dashed what universality "
    "has for an infinite student, and grey is below the floor of Theorem 4.1. Narrow students fall "
    "short, and that contradicts nothing: the theory assumes an infinite student. The kernel of "
    "few student features has the target's eigenfunction only up to an error of its own; where the "
    "teacher is good that error is what is left, and the fitted exponent falls. It rises to the "
    "infinite student's as the student widens."
)


def compute(scale: Scale, progress: Progress, store: Store | None = None) -> list[Cell]:
    """All draws: in each dimension the same teachers for every student width."""
    return [
        cell
        for dim in scale.dims
        for cell in relu_cells(
            dim, scale.widths, scale.ablation, scale.draws, progress, store=store
        )
    ]


def draw(cells: list[Cell]) -> Drawing:
    """A panel a dimension, a series a student width."""
    dims = sorted({cell.dim for cell in cells})
    figure = style.new_figure(height=3.7)
    (axes,), under = style.panel_grid(figure, 1, len(dims), 0.55)
    laws = []
    for place, (panel, dim) in enumerate(zip(axes, dims, strict=True)):
        group = [cell for cell in cells if cell.dim == dim]
        laws += panels.ablation_panel(panel, group, f"relu d={dim}")
        panel.set_title(rf"$d = {dim}$, proven {laws[-1].theory:.3f}")
        style.legend_in(under[place], panel, title=panels.ABLATION_TITLE)
        if place:
            panel.set_ylabel("")
    return Drawing(figure=figure, tables=tables(NUMBER, cells, 1, laws))
