"""`w2s simulate relu|linear`: teachers, students, and the numbers the paper reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from w2s_theory.commands.output import echo_table, emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json

if TYPE_CHECKING:
    from w2s_theory.experiments.simulation import Simulation

_COLUMNS = ("teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa")
_ERRORS = (
    "teacher_error",
    "student_error",
    "pgr_error",
    "kappa_error",
    "ceiling",
    "ceiling_error",
    "converged",
)
_FORMATS = (".png", ".pdf", ".svg")

app = typer.Typer()
PLACE = 30


@app.command()
@reports_bad_input
def simulate(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="relu, linear, ...")],
    dim: Annotated[
        int | None, typer.Option(help="Dimension of the inputs: 32, linear 1024.")
    ] = None,
    teacher_width: Annotated[int, typer.Option(help="Random features of the teacher.")] = 64,
    student_width: Annotated[str, typer.Option(help="Random features, or inf.")] = "inf",
    target: Annotated[
        str | None,
        typer.Option(
            help="relu: degree (1), degree:energy,..., network:WIDTH, or f(t) like exp(-4*(1-t)^2)."
        ),
    ] = None,
    activation: Annotated[
        str | None, typer.Option(help="relu: erf, tanh, ..., or sigma(t) like t/(1+exp(-t)).")
    ] = None,
    top: Annotated[int | None, typer.Option(help="linear: eigenvalues equal to 1 (1).")] = None,
    psi: Annotated[
        float | None, typer.Option(help="linear: all other eigenvalues (dim^(-2/3)).")
    ] = None,
    draws: Annotated[int, typer.Option(help="Teachers, each with features of its own.")] = 10,
    rule: Annotated[
        str,
        typer.Option(help="flow, ridge, gd[:STEP], cutoff, average, heavy-ball[:MU] or nesterov."),
    ] = "flow",
    seed: Annotated[int, typer.Option(help="Seed of the features.")] = 0,
    rank_revealing: Annotated[
        bool, typer.Option("--rank-revealing", help="Fit dependent features on their span.")
    ] = False,
    allow_unlearnable: Annotated[
        bool, typer.Option("--allow-unlearnable", help="Fit what the kernel has of the target.")
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw L_ST/L_TE against t.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    as_json: Json = False,
) -> None:
    """Draw teachers, train students, and print what they lose.

    For each draw L_TE, the best L_ST, its time, PGR and kappa_S.
    """
    if plot is not None and (plot.suffix not in _FORMATS or not plot.parent.is_dir()):
        fail(f"plot must be a {', '.join(_FORMATS)} file in an existing folder, got '{plot}'")
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.experiments.named import dimension
    from w2s_theory.experiments.named import simulate as run

    width = _student_width(student_width)
    with progress_bar(quiet=quiet or as_json) as progress:
        found = run(
            model,
            dim,
            target=target,
            activation=activation,
            top=top,
            psi=psi,
            teacher_width=teacher_width,
            student_width=width,
            draws=draws,
            seed=seed,
            rule=rule,
            rank_revealing=rank_revealing,
            allow_unlearnable=allow_unlearnable,
            progress=progress,
        )
    if plot is not None:
        _draw(found, plot)
    payload: dict[str, object] = {
        "model": model,
        "dim": dimension(model, dim),
        "teacher_width": teacher_width,
        "student_width": "inf" if width is None else width,
        "draws": draws,
        "seed": seed,
        **({} if rule == "flow" else {"rule": rule}),
        **({} if target is None else {"target": target}),
        **({} if activation is None else {"activation": activation}),
        "eigenvalue_target": found.eigenvalue_target,
        **{name: getattr(found, name) for name in (*_COLUMNS, *_ERRORS)},
    }
    if as_json:
        emit(payload)
        return
    import numpy as np

    from w2s_theory.text.with_error import with_error

    if found.memory:
        typer.echo(found.memory)
    if min(found.rank) < teacher_width:
        typer.echo(f"dependent features: teachers fitted on spans of dimension {found.rank}")
    table = found.shown()
    echo_table([list(table), *map(list, zip(*table.values(), strict=True))])
    if np.isnan(found.pgr).any():
        ceiling = with_error(found.ceiling, found.ceiling_error)
        typer.echo(f"pgr: undefined where the teacher loses no more than the ceiling, {ceiling}")
    if np.isnan(found.floor).any():
        typer.echo("floor: Theorem 4.1 has none where the best student overshot")
    if not found.converged:
        worst = float((found.student_error / found.student_loss).max())
        typer.echo(f"not converged: an estimated error of up to {worst:.2g} of the student's loss")
    teacher = with_error(found.teacher_loss.mean(), found.teacher_error.mean())
    student = with_error(found.student_loss.mean(), found.student_error.mean())
    typer.echo(
        f"mean L_TE {teacher}, mean best L_ST {student}, "
        f"target eigenvalue {found.eigenvalue_target:.6g}"
    )


def _student_width(text: str) -> int | None:
    if text == "inf":
        return None
    if not text.isdecimal() or int(text) < 1:
        fail(f"student-width must be an integer >= 1 or inf, got {text!r}")
    return int(text)


def _draw(found: Simulation, path: Path) -> None:
    """L_ST/L_TE along the training of every student, and Theorem 4.1's floor for the best."""
    from matplotlib.figure import Figure

    from w2s_theory.experiments.figures import style
    from w2s_theory.text.files import replace_files

    with style.styled():
        figure = Figure(figsize=(style.TEXT_WIDTH * 0.8, 3.4), layout="constrained")
        axes = figure.subplots()
        for index, curve in enumerate(found.curves):
            axes.loglog(
                found.eigenvalue_target * curve.times,
                curve.losses / curve.teacher_loss,
                color=style.BLUE,
                alpha=0.6,
                label="students, one line a draw" if index == 0 else None,
            )
        floor = (found.floor / found.teacher_loss).min()
        said = "smallest floor (Theorem 4.1)"
        axes.axhline(floor, color=style.BLACK, linestyle="--", label=said)
        axes.set_xlabel(style.TIME_LABEL)
        axes.set_ylabel(r"$\mathcal{L}_{\mathrm{ST}} / \mathcal{L}_{\mathrm{TE}}$")
        axes.legend()
        picture = style.rendered(figure, style.Format(path.suffix[1:]))
    replace_files(path.parent, {path.name: picture})
