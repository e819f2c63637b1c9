"""Figure 4: as Figure 2 in several dimensions."""

from __future__ import annotations

from w2s_theory.experiments.figures import panels, style
from w2s_theory.experiments.figures.drawing import Drawing
from w2s_theory.experiments.figures.drawn_cells import Cell, relu_cells
from w2s_theory.experiments.figures.fits import fit, tables
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.parallel import Progress

NUMBER = 4
CAPTION = "As Figure 2, with the same marks, for several input dimensions (one a column)."


def compute(scale: Scale, progress: Progress, store: Store | None = None) -> list[Cell]:
    """All draws, dimension by dimension."""
    return [
        cell
        for dim in scale.dims
        for cell in relu_cells(
            dim, scale.widths, (scale.student,), scale.draws, progress, store=store
        )
    ]


def draw(cells: list[Cell]) -> Drawing:
    """A column a dimension: curves above, best losses below."""
    dims = sorted({cell.dim for cell in cells})
    groups = {dim: [cell for cell in cells if cell.dim == dim] for dim in dims}
    laws = {dim: fit(group, f"relu d={dim}") for dim, group in groups.items()}
    figure = style.new_figure(height=5.0)
    axes, under = style.panel_grid(figure, 2, len(dims), 0.45)
    for column, (dim, group) in enumerate(groups.items()):
        above, below = axes[:, column]
        panels.curves_panel(above, group, 1)
        above.set_title(rf"$d = {dim}$")
        panels.loss_panel(below, group, laws[dim], f"proven {laws[dim].theory:.3f}")
        style.legend_in(under[column], below)
        if column:
            above.set_ylabel("")
            below.set_ylabel("")
    axes[0, 0].legend(
        handles=panels.curve_handles(axes[0, 0]),
        loc="upper right",
        title=r"$M_{\mathrm{TE}}$",
        title_fontsize=7,
        fontsize=6.5,
        labelspacing=0.2,
        columnspacing=0.8,
        ncols=2,
    )
    return Drawing(figure=figure, tables=tables(NUMBER, cells, 1, list(laws.values())))
