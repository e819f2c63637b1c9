"""How figures look: LaTeX's fonts, the width of a text block, Okabe & Ito's colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any

from w2s_theory.experiments.figures.compact_svg import compact

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy import object_
    from numpy.typing import NDArray

TEXT_WIDTH = 6.1
"""Inches: the text block of an A4 article."""


class Format(StrEnum):
    """The files that a figure may be."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


# Okabe & Ito (2008).
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
CATEGORIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE)
MARKERS = ("o", "s", "^", "D", "v")
GRAY = "#6b6b6b"

TIME_LABEL = r"training time $t\,\lambda_*$  ($\dot w = -\frac{1}{2}\nabla$)"
TEACHER_LABEL = r"teacher loss $\mathcal{L}_{\mathrm{TE}}$"
STUDENT_LABEL = r"best student loss $\mathcal{L}_{\mathrm{ST}}$"

_RC: dict[Any, object] = {
    "font.family": "serif",
    "font.serif": ["cmr10"],
    "mathtext.fontset": "cm",
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": False,
    "font.size": 9,
    "axes.labelsize": 9,
    "axes.titlesize": 9,
    "legend.fontsize": 7.5,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "lines.markersize": 4,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.dpi": 200,
    "pdf.fonttype": 3,
    "svg.fonttype": "path",
    "svg.hashsalt": "w2s",
}


@contextmanager
def styled() -> Iterator[None]:
    """The style inside, Matplotlib's settings untouched outside."""
    import matplotlib

    with matplotlib.rc_context(_RC):
        yield


def new_figure(width: float = TEXT_WIDTH, height: float = 3.2) -> Figure:
    """A figure without pyplot's global state, constrained layout."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def clear_ticks(axes: Axes) -> None:
    """Ticks of a logarithmic axis that stay apart: decades, or 1-2-5 over less than two."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        axis.set_minor_formatter(NullFormatter())
        if high < 100 * low:
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:g}"))
            axis.set_minor_locator(NullLocator())


def panel_grid(
    figure: Figure, rows: int, columns: int, legend: float
) -> tuple[NDArray[object_], NDArray[object_]]:
    """Axes (rows, columns), and below them a row of empty axes that hold the legends.

    `legend` is the height of that row over the height of a panel.
    """
    ratios = {"height_ratios": [1.0] * rows + [legend]}
    grid = figure.subplots(rows + 1, columns, squeeze=False, gridspec_kw=ratios)
    for empty in grid[-1]:
        empty.axis("off")
    return grid[:-1], grid[-1]


def legend_in(
    place: Axes, axes: Axes, handles: Sequence[Artist] | None = None, **options: object
) -> None:
    """The legend of `axes` in the empty axes `place`, where it covers nothing."""
    place.legend(
        handles=axes.get_legend_handles_labels()[0] if handles is None else handles,
        loc="upper center",
        borderaxespad=0,
        columnspacing=0.8,
        title_fontsize=7.5,
        **options,
    )


def ramp(count: int) -> list[tuple[float, ...]]:
    """`count` ordered colours, dark to bright, distinct in grey too."""
    from matplotlib import colormaps

    shades = colormaps["viridis"]
    return [shades(0.9 * i / max(count - 1, 1)) for i in range(count)]


def rendered(figure: Figure, kind: Format) -> bytes:
    """The figure as a file of this format, without a date: the same data give the same file."""
    from matplotlib.backend_bases import get_registered_canvas_class

    buffer = BytesIO()
    dates = {
        Format.PDF: {"CreationDate": None},
        Format.SVG: {"Date": None},
        Format.PNG: {"Software": None},
    }
    # `savefig` would draw everything twice, once for the layout alone.
    canvas = get_registered_canvas_class(kind)(figure)
    getattr(canvas, f"print_{kind}")(buffer, metadata=dates[kind])
    made = buffer.getvalue()
    return compact(made.decode()).encode() if kind == Format.SVG else made
