"""Figure 7: how the teacher's loss falls with its width, against the ansatz."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from w2s_theory.experiments.draws import draw_features
from w2s_theory.experiments.figures import style
from w2s_theory.experiments.figures.drawing import Drawing
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.models.parallel import Progress
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.theorems.circle import circle_losses
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent

NUMBER = 7
CAPTION = (
    "The teacher's loss against its width, in medians with the range of the middle half of the "
    "draws, for a linear and an even target; dashed: the deterministic equivalent. In d = 2 linear "
    "targets fall with the exponent 5 and not 4: nearly opposite units (ansatz-fails)."
)
DIMS, DEGREES = (2, 3, 4, 8), (1, 2)
_DRAWS = 5
"""Times the draws of a scale: the law is broad."""
_SEED = 7


@dataclass(frozen=True, slots=True)
class Decay:
    """Losses of all draws, and what the ansatz predicts, at one dimension, degree and width."""

    dim: int
    degree: int
    width: int
    losses: tuple[float, ...]
    predicted: float


def compute(scale: Scale, progress: Progress) -> list[Decay]:
    """Every draw; both targets on the same units."""
    found, cells = [], [(dim, width) for dim in DIMS for width in scale.widths]
    for place, (dim, width) in enumerate(cells, 1):
        model = ReluSphere(dim)
        targets = [harmonic_target(Harmonic(k, np.eye(dim)[0])) for k in DEGREES]
        batches = draw_features(model, width, range(_DRAWS * scale.draws), (_SEED, dim, width))
        rows = [
            circle_losses(units)
            if dim == 2
            else [fit_teacher(model, units, target, max_degree=2).loss for target in targets]
            for units in batches
        ]
        for degree, target, losses in zip(DEGREES, targets, zip(*rows, strict=True), strict=True):
            predicted = deterministic_equivalent(model, target, width).loss
            found.append(Decay(dim, degree, width, tuple(map(float, losses)), predicted))
        progress("teachers", place, len(cells))
    return found


def draw(cells: list[Decay]) -> Drawing:
    """A panel a dimension."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure = style.new_figure(height=2.4)
    (axes,), under = style.panel_grid(figure, 1, len(DIMS), 0.1)
    for panel, dim in zip(axes, DIMS, strict=True):
        for degree, colour, marker in zip(DEGREES, style.CATEGORIES, style.MARKERS, strict=False):
            group = [cell for cell in cells if (cell.dim, cell.degree) == (dim, degree)]
            widths = [cell.width for cell in group]
            low, middle, high = np.quantile([c.losses for c in group], (0.25, 0.5, 0.75), axis=1)
            name = "linear target" if degree == 1 else "even target (degree 2)"
            panel.fill_between(widths, low, high, color=colour, alpha=0.2, linewidth=0)
            panel.loglog(widths, middle, color=colour, marker=marker, label=name)
            predicted = [cell.predicted for cell in group]
            panel.loglog(widths, predicted, color=colour, linestyle=(0, (2, 1.5)), linewidth=0.9)
        panel.set_title(rf"$d = {dim}$")
        panel.set_xlabel(r"teacher width $M_{\mathrm{TE}}$")
        style.clear_ticks(panel)
    axes[0].set_ylabel(style.TEACHER_LABEL)
    handles, _ = axes[0].get_legend_handles_labels()
    ansatz = Line2D(
        [], [], color=style.GRAY, linestyle=(0, (2, 1.5)), label="deterministic equivalent"
    )
    shade = Patch(color=style.GRAY, alpha=0.2, linewidth=0, label="middle half of the draws")
    centre = {"ncols": 4, "bbox_to_anchor": (1.15, 1)}  # of all panels
    style.legend_in(under[1], axes[0], [*handles, ansatz, shade], **centre)
    under[1].get_legend().set_in_layout(False)
    rows = [
        {
            "figure": NUMBER,
            "dim": cell.dim,
            "degree": cell.degree,
            "teacher_width": cell.width,
            "draw": draw_,
            "teacher_loss": loss,
            "predicted_teacher_loss": cell.predicted,
        }
        for cell in cells
        for draw_, loss in enumerate(cell.losses)
    ]
    return Drawing(figure=figure, tables={"": rows})
