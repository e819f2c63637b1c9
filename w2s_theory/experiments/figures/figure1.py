"""Figure 1: the setup, drawn; and why there is a floor, in the plane of f* and f_T."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.experiments.figures import style
from w2s_theory.experiments.figures.drawing import Drawing
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.ledger.section4 import GRADIENT_FLOW
from w2s_theory.models.parallel import Progress
from w2s_theory.students.floats import numpy_function

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NUMBER = 1
CAPTION = (
    "The setup. A teacher of few random features is fitted to the target f*; a student of many "
    "is trained on the teacher's labels alone, and stopped early. In the plane of f* and f_T a "
    "shrinkage-optimal student lies in the ball with diameter [0, f_T], which is why its loss "
    "cannot fall below the floor of Theorem 4.1."
)
TEACHER_LOSS = 0.35
_SLOW = 1 / 60  # the small eigenvalue over the large one


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Points of the plane of f* and f_T, the first axis along f_T, shape (2,).

    `path` is a student's training by gradient flow with two eigenvalues, shape (times, 2).
    """

    target: FloatArray
    teacher: FloatArray
    nearest: FloatArray
    path: FloatArray


def compute(scale: Scale, progress: Progress) -> Plane:
    """The plane at L_TE = `TEACHER_LOSS`; scale and progress are not needed."""
    angle = np.arcsin(np.sqrt(TEACHER_LOSS))
    teacher = np.array([np.cos(angle), 0.0])
    target = np.array([np.cos(angle), np.sin(angle)])
    centre = teacher / 2
    nearest = centre + np.linalg.norm(centre) * (target - centre) / np.linalg.norm(target - centre)
    fast = nearest / np.linalg.norm(nearest)
    slow = np.array([-fast[1], fast[0]])
    times = np.geomspace(1e-3, 1e4, 400)[:, None]
    kept = numpy_function(GRADIENT_FLOW)
    path = kept(1, times) * (teacher @ fast) * fast + kept(_SLOW, times) * (teacher @ slow) * slow
    return Plane(target=target, teacher=teacher, nearest=nearest, path=path)


def draw(plane: Plane) -> Drawing:
    """Left the pipeline, right the plane."""
    figure = style.new_figure(height=2.6)
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1.15, 1]})
    _pipeline(left)
    _geometry(right, plane)
    rows = [
        {"figure": NUMBER, "point": name, "x": float(x), "y": float(y)}
        for name, points in (
            ("target", plane.target[None]),
            ("teacher", plane.teacher[None]),
            ("nearest", plane.nearest[None]),
            ("student_path", plane.path),
        )
        for x, y in points
    ]
    return Drawing(figure=figure, tables={"": rows})


def _pipeline(axes: Axes) -> None:
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 10)
    axes.axis("off")
    boxes = (
        (8.6, style.BLACK, r"target $f^*$,  $\|f^*\| = 1$"),
        (
            5.2,
            style.BLUE,
            "teacher (weak): "
            r"$M_{\mathrm{TE}}$ random features"
            "\n"
            r"least squares:  $f_T$,  $\mathcal{L}_{\mathrm{TE}} = \|f_T - f^*\|^2$",
        ),
        (
            1.3,
            style.VERMILION,
            "student (strong): "
            r"$M_{\mathrm{ST}} \gg M_{\mathrm{TE}}$ features"
            "\n"
            r"gradient flow from 0, stopped at $t$:"
            "\n"
            r"$f_S$,  $\mathcal{L}_{\mathrm{ST}} = \|f_S - f^*\|^2$",
        ),
    )
    for height, colour, text in boxes:
        axes.text(
            5,
            height,
            text,
            ha="center",
            va="center",
            fontsize=8,
            linespacing=1.5,
            bbox={"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": colour},
        )
    for start, stop, label in ((7.8, 6.55, "true labels"), (3.9, 2.85, "teacher's labels only")):
        axes.annotate(
            "", (5, stop), (5, start), arrowprops={"arrowstyle": "-|>", "color": style.GRAY}
        )
        axes.text(5.3, (start + stop) / 2, label, va="center", fontsize=8, color=style.GRAY)


def _geometry(axes: Axes, plane: Plane) -> None:
    from matplotlib.patches import Circle

    centre, radius = plane.teacher / 2, float(np.linalg.norm(plane.teacher)) / 2
    axes.add_patch(Circle(tuple(centre), radius, facecolor="#e8f1f8", edgecolor=style.SKY))
    axes.plot(*zip(np.zeros(2), plane.teacher, strict=True), color=style.BLUE, linewidth=0.8)
    axes.plot(*plane.path.T, color=style.VERMILION, label="student along its training")
    axes.plot(
        *zip(plane.nearest, plane.target, strict=True),
        color=style.BLACK,
        linestyle=(0, (1, 1)),
        label=r"floor of Theorem 4.1: distance$^2$",
    )
    points = (
        (np.zeros(2), style.BLACK, "0", (-8, -3)),
        (plane.teacher, style.BLUE, r"$f_T$", (4, -3)),
        (plane.target, style.BLACK, r"$f^*$", (4, -2)),
        (plane.nearest, style.VERMILION, r"best $f_S$", (-30, 18)),
    )
    for point, colour, name, shift in points:
        axes.plot(*point, marker="o", color=colour, linestyle="none", zorder=4)
        axes.annotate(name, tuple(point), shift, textcoords="offset points", fontsize=8)
    axes.annotate("ball: shrinkage optimal", (centre[0], -radius * 0.55), ha="center", fontsize=7.5)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_xlim(-0.12, float(plane.teacher[0]) + 0.12)
    axes.set_ylim(-radius - 0.03, float(plane.target[1]) + 0.32)
    axes.legend(loc="upper left")
