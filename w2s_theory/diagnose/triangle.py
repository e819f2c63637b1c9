"""The run drawn: 0, f_T, f_S and f* in their planes, and L_ST against L_TE with the floor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import choice
from w2s_theory.diagnose.diagnosis import Diagnosis, Run, diagnose
from w2s_theory.diagnose.kinds import Inputs
from w2s_theory.experiments.figures import style
from w2s_theory.theorems.floors import shrinkage_floor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from w2s_theory.statistics import Interval

_SQUARED = r"$\|\cdot\|^2 / \|f^*\|^2$"


def draw(found: Diagnosis, kind: str, *, exact: bool = False) -> bytes:
    """The figure as a file: png, svg or pdf; with `exact` without intervals, for an example.

    Above the plane of f* and f_T, and that of f_T and f_S, each with the fourth point's projection
    (hollow; how far it is from the plane is in the title), the ball of shrinkage-optimal students
    and, where the plane meets it, the ball around f* that none of them enters. Below the losses,
    and the checkpoints if there are several. With a start, 0 is the start.
    """
    fmt = choice("plot", kind, style.Format)
    many = len(found.runs) > 1
    with style.styled():
        if many:
            figure = style.new_figure(height=5.4)
        else:
            figure = style.new_figure(1.5 * style.TEXT_WIDTH, 2.9)
        panels = figure.subplots(*((2, 2) if many else (1, 3))).ravel()
        run = found.run
        _plane(panels[0], run, of_target=True)
        _plane(panels[1], run, of_target=False)
        _losses(panels[2], found, exact)
        if many:
            _training(panels[3], found)
        return style.rendered(figure, fmt)


def _plane(axes: Axes, run: Run, *, of_target: bool) -> None:
    """One plane through 0 and f_T, in coordinates along its first vector and across."""
    inner = _inner_products(run)
    first, second, off = (
        ("target", "teacher", "student") if of_target else ("teacher", "student", "target")
    )
    points = _coordinates(inner, first, second, off)
    away = math.sqrt(max(inner[off, off] - sum(x * x for x in points[off]), 0.0))
    center = np.array(points["teacher"]) / 2
    radius = math.sqrt(inner["teacher", "teacher"]) / 2
    _circle(axes, center, radius, style.BLUE, "ball of shrinkage-optimal students")
    # The part of the plane that is nearer to the target than the limit: none if it is far off.
    inside = run.limit.estimate - (0.0 if of_target else away**2)
    if inside > 0:
        label = "closer to $f^*$ than any of them"
        _circle(axes, np.array(points["target"]), math.sqrt(inside), style.VERMILION, label)
    axes.plot(0, 0, "k+")
    origin = "$0$" if run.start_loss is None else "$f_0$"
    axes.annotate(origin, (0, 0), textcoords="offset points", xytext=(3, 4))
    names = {"target": "$f^*$", "teacher": "$f_T$", "student": "$f_S$"}
    for name, place in points.items():
        hollow = name == off
        axes.plot(*place, "o", color="k", mfc="w" if hollow else "k")
        apart = (4, -11) if hollow else (4, 4)
        axes.annotate(names[name], place, textcoords="offset points", xytext=apart)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_title(f"plane of {names[first]} and {names[second]}; {names[off]} {away:.2g} off it")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12))


def _inner_products(run: Run) -> dict[tuple[str, str], float]:
    """Of target, teacher and student as seen from the student's start, which is 0 unless given."""

    def size(value: Interval | None, without_start: float) -> float:
        return without_start if value is None else value.estimate

    norm2 = {
        "target": size(run.start_loss, 1.0),
        "teacher": size(run.start_distance, run.teacher_norm2.estimate),
        "student": size(run.moved, run.student_norm2.estimate),
    }
    between = {
        ("target", "teacher"): run.teacher_loss.estimate,
        ("target", "student"): run.student_loss.estimate,
        ("teacher", "student"): run.misfit.estimate,
    }
    inner = {(name, name): value for name, value in norm2.items()}
    for (a, b), distance2 in between.items():
        inner[a, b] = inner[b, a] = (norm2[a] + norm2[b] - distance2) / 2
    return inner


def _coordinates(
    inner: dict[tuple[str, str], float], first: str, second: str, off: str
) -> dict[str, tuple[float, float]]:
    """Projections on the span of two vectors, the first along the axis."""
    length = math.sqrt(inner[first, first]) or 1.0
    along = inner[first, second] / length
    across = math.sqrt(max(inner[second, second] - along**2, 0.0))
    x = inner[first, off] / length
    y = (inner[second, off] - along * x) / across if across > 1e-9 * length else 0.0
    return {first: (inner[first, first] / length, 0.0), second: (along, across), off: (x, y)}


def _circle(axes: Axes, center: np.ndarray, radius: float, color: str, label: str) -> None:
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = center[:, None] + radius * np.stack([np.cos(angle), np.sin(angle)])
    axes.fill(*circle, color=color, alpha=0.15, lw=0)
    axes.plot(*circle, color=color, label=label)


def _losses(axes: Axes, found: Diagnosis, exact: bool) -> None:
    run = found.run
    loss = np.linspace(0, max(1.0, run.teacher_loss.high), 400)
    floor = shrinkage_floor(np.minimum(loss, 1.0))
    axes.fill_between(loss, 0, floor, color=style.GRAY, alpha=0.2, lw=0)
    axes.plot(loss, floor, color="k", label="floor of Theorem 4.1")
    axes.plot(loss, loss, color=style.GRAY, ls=":", label="no gain")
    x, y = run.teacher_loss, run.student_loss
    if not exact:
        corners = np.array([(x.low, y.low), (x.high, y.low), (x.high, y.high), (x.low, y.high)])
        told = f"{found.level:.0%} intervals"
        axes.fill(*corners.T, color=style.BLUE, alpha=0.25, lw=0, label=told)
    for other in found.runs:
        axes.plot(x.estimate, other.student_loss.estimate, ".", color=style.SKY)
    name = "this example" if exact else "this run"
    axes.plot(x.estimate, y.estimate, "o", color=style.BLUE, label=name)
    axes.plot(x.estimate, run.limit.estimate, "_", color=style.VERMILION, ms=12, label="its limit")
    axes.set_xlabel(style.TEACHER_LABEL)
    axes.set_ylabel(r"student loss $\mathcal{L}_{\mathrm{ST}}$")
    axes.legend(loc="upper left")


def _training(axes: Axes, found: Diagnosis) -> None:
    steps = range(len(found.runs))
    for name, color, label in (
        ("student_loss", style.BLUE, r"$\mathcal{L}_{\mathrm{ST}}$"),
        ("misfit", style.ORANGE, "misfit with the teacher"),
    ):
        values: list[Interval] = [getattr(run, name) for run in found.runs]
        axes.fill_between(
            steps, [v.low for v in values], [v.high for v in values], color=color, alpha=0.2, lw=0
        )
        axes.plot(steps, [v.estimate for v in values], ".-", color=color, label=label)
    axes.axhline(found.run.limit.estimate, color=style.VERMILION, ls="--", label="limit")
    axes.axvline(found.best, color=style.BLUE, ls=":", label="least loss")
    axes.axvline(found.agreement, color=style.ORANGE, ls=":", label="best agreement")
    few = list(steps)[:: max(1, len(found.runs) // 6)]
    axes.set_xticks(few, [found.runs[step].checkpoint for step in few])
    axes.set_xlabel("checkpoint")
    axes.set_ylabel(_SQUARED)
    axes.legend(loc="best")


def draw_example(
    kind: str,
    target: ArrayLike,
    teacher: ArrayLike,
    student: ArrayLike,
    start: ArrayLike | None = None,
) -> bytes:
    """The same of one example in coordinates."""
    found = diagnose(target, teacher, student, start=start, inputs=Inputs.TRAINING)
    return draw(found, kind, exact=True)
