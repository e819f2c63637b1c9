"""Figure 6 (reconstructed): linear networks with smaller students.

The public summary says only that there is one more figure; this is what would complete the set.
"""

from __future__ import annotations

from w2s_theory.experiments.figures import panels, style
from w2s_theory.experiments.figures.drawing import Drawing
from w2s_theory.experiments.figures.drawn_cells import Cell, linear_cells
from w2s_theory.experiments.figures.fits import tables
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.parallel import Progress

NUMBER = 6
CAPTION = (
    "Reconstructed (the public summary says only that there is one more figure): linear "
    "networks with smaller students. (a) Means of L_ST/L_TE^2 along the training for the widest "
    "teacher, dashed what universality has for an infinite student; the line is at 1. (b) Pale "
    "marks are draws, full ones their means, lines the fitted power laws in their bootstrap bands, "
    "one a student width; grey is below the floor of Theorem 4.1. As in Figure 5, "
    "students that are not infinite miss an assumption, and fall short where the teacher is good."
)


def compute(scale: Scale, progress: Progress, store: Store | None = None) -> list[Cell]:
    """All draws: the same teachers for every student width."""
    return linear_cells(scale.widths, scale.ablation, scale.draws, progress, store=store)


def draw(cells: list[Cell]) -> Drawing:
    """Curves of the widest teacher by student width; best losses by student width."""
    figure = style.new_figure(height=3.7)
    ((left, right),), (under_left, under_right) = style.panel_grid(figure, 1, 2, 0.55)
    widest = max(cell.teacher_width for cell in cells)
    shown = [cell for cell in cells if cell.teacher_width == widest]
    panels.student_curves_panel(left, shown, 2)
    left.set_title(rf"(a) $M_{{\mathrm{{TE}}}} = {widest}$, $d = {shown[0].dim}$", loc="left")
    style.legend_in(under_left, left, ncols=2)
    laws = panels.ablation_panel(right, cells, "linear")
    right.set_title("(b) at the best time", loc="left")
    style.legend_in(under_right, right, title=panels.ABLATION_TITLE)
    figure.suptitle("Reconstructed: linear networks, smaller students", fontsize=9)
    return Drawing(figure=figure, tables=tables(NUMBER, cells, 2, laws))
