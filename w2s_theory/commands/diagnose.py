"""`w2s diagnose FILE`: somebody's own weak-to-strong run against the theory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from w2s_theory.commands.output import UNDECIDED, check_plot, echo_table, emit, reports_bad_input
from w2s_theory.commands.theory import Json

if TYPE_CHECKING:
    from w2s_theory.diagnose.diagnosis import Diagnosis, Run
    from w2s_theory.statistics import Interval

_LINES = (
    ("teacher_loss", "L_TE, the teacher's loss"),
    ("student_loss", "L_ST, the student's loss"),
    ("ceiling_loss", "L_ceiling"),
    ("start_loss", "loss of the student's start"),
    ("pgr", "PGR, performance gap recovered"),
    ("pgr_ceiling", "  its ceiling by Theorem 4.1 (pgr-ceiling)"),
    ("instance_pgr_ceiling", "  its ceiling by the instance floor"),
    ("teacher_gap", "teacher's shrinkage gap <f_T, f* - f_T>"),
    ("student_gap", "student's shrinkage gap <f_S, f_T - f_S>"),
    ("start_gap", "the same from the start"),
    ("floor", "floor of Theorem 4.1 (thm-4.1)"),
    ("instance_floor", "floor of this teacher (thm-4.1-instance)"),
    ("pretrained_floor", "floor from this start (pretrained)"),
    ("room", "distance to the limit"),
    ("ratio", "L_ST over the limit"),
    ("misfit", "misfit ||f_T - f_S||^2"),
    ("gain", "gain L_TE - L_ST = misfit + cross term"),
    ("cross_term", "cross term 2<f_T - f_S, f_S - f*>"),
    ("rescaled_loss", "L_ST after the best rescaling"),
    ("best_scale", "  the scale"),
)

PLACE = 35
app = typer.Typer()


@app.command()
@reports_bad_input
def diagnose(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=".csv, .parquet, .npz, .npy, or a folder of .npy")
    ],
    target: Annotated[str, typer.Option(help="Column of the true labels; 'y_*' for a vector.")] = (
        "target"
    ),
    teacher: Annotated[str, typer.Option(help="Column of the teacher's outputs.")] = "teacher",
    student: Annotated[
        str, typer.Option(help="Column of the student's; 'step_*' for checkpoints.")
    ] = "student",
    ceiling: Annotated[str | None, typer.Option(help="A student of the true labels.")] = None,
    start: Annotated[str | None, typer.Option(help="The student before training.")] = None,
    weights: Annotated[str | None, typer.Option(help="Weights of the examples.")] = None,
    groups: Annotated[str | None, typer.Option(help="Ids of dependent examples.")] = None,
    level: Annotated[float, typer.Option(help="Of the intervals.")] = 0.95,
    inputs: Annotated[
        str, typer.Option(help="test, or training: the student's own training inputs.")
    ] = "test",
    drop: Annotated[bool, typer.Option("--drop", help="Omit rows that are not finite.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 0,
    plot: Annotated[Path | None, typer.Option(help="Draw the run and its limits.")] = None,
    as_json: Json = False,
) -> None:
    """Hold a run of your own against the theory.

    Prints losses, PGR, gaps, floors, and a verdict with reasons.

    Exit code 0 within or at the limit, 1 below it, 3 undecided.
    """
    check_plot(plot)
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.diagnose.diagnosis import diagnose_file
    from w2s_theory.diagnose.kinds import Standing
    from w2s_theory.diagnose.roles import Patterns

    patterns = Patterns(
        target=target,
        teacher=teacher,
        student=student,
        ceiling=ceiling,
        start=start,
        weights=weights,
        groups=groups,
    )
    with progress_bar(quiet=as_json) as progress:
        found = diagnose_file(
            file,
            patterns=patterns,
            level=level,
            inputs=inputs,
            drop=drop,
            seed=seed,
            progress=progress,
        )
    if plot is not None:
        from w2s_theory.diagnose.triangle import draw
        from w2s_theory.text.files import replace_files

        replace_files(plot.parent, {plot.name: draw(found, plot.suffix[1:])})
    if as_json:
        emit(found.as_dict())
    else:
        _print(found)
    code = {Standing.BELOW: 1, Standing.UNDECIDED: UNDECIDED}.get(found.verdict, 0)
    raise typer.Exit(code)


def _print(found: Diagnosis) -> None:

    run, kind = found.run, "examples" if found.groups is None else f"in {found.groups} groups"
    many = f", {found.outputs} outputs" if found.outputs > 1 else ""
    typer.echo(
        f"{found.examples} {kind}{many}; relative to ||f*||^2 = {run.target_norm2.estimate:.4g}; "
        f"{100 * found.level:.4g}% intervals{', in blocks' if found.blocks else ''}"
    )
    head = ["", "estimate", "low", "high"]
    rows = [[label, *_cells(getattr(run, name))] for name, label in _LINES if _told(run, name)]
    echo_table([head, *rows])
    if len(found.runs) > 1:
        typer.echo("")
        names = ("student_loss", "misfit", "student_gap", "pgr")
        table = [["checkpoint", *names, "verdict"]]
        for each in found.runs:
            cells = [_short(getattr(each, name)) for name in names]
            table.append([each.checkpoint, *cells, each.verdict.value])
        echo_table(table)
    typer.echo(f"\nverdict: {found.verdict.value}")
    for reason in found.reasons:
        typer.echo(f"  - {reason}")


def _told(run: Run, name: str) -> bool:
    """Whether a line is for this run: what was not given is not shown, what is undefined is."""
    optional = ("ceiling_loss", "start_loss", "start_gap", "pretrained_floor")
    return name not in optional or getattr(run, name) is not None


def _cells(value: Interval | None) -> list[str]:
    if value is None:
        return ["undefined", "", ""]
    return [f"{number:.4g}" for number in (value.estimate, value.low, value.high)]


def _short(value: Interval | None) -> str:
    return "undefined" if value is None else f"{value.estimate:.4g}"
