"""`w2s figure N`: the figures of the paper, drawn from experiments run now."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from w2s_theory.commands.output import emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json

app = typer.Typer()
PLACE = 40


@app.command()
@reports_bad_input
def figure(
    figure_number: Annotated[
        str, typer.Argument(metavar="N", help="As in the paper; 6 is reconstructed.")
    ],
    quick: Annotated[bool, typer.Option("--quick", help="Smaller and faster (default).")] = False,
    full: Annotated[bool, typer.Option("--full", help="The paper's scale: minutes.")] = False,
    out: Annotated[Path, typer.Option(help="Directory for figure and CSV.")] = Path("figures"),
    kind: Annotated[str, typer.Option("--format", help="png, svg or pdf.")] = "pdf",
    store: Annotated[
        Path | None, typer.Option(help="Figures 2 to 6: take cells from this file, and keep them.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    as_json: Json = False,
) -> None:
    """Draw a figure of the paper, its numbers as CSV beside it."""
    if quick and full:
        fail("only one of --quick and --full may be given")
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.experiments.figures.make import NUMBERS, check, make
    from w2s_theory.experiments.figures.scale import FULL, QUICK
    from w2s_theory.experiments.sweep.store import Store

    number = (
        int(figure_number)
        if figure_number in map(str, NUMBERS)
        else fail(f"figure must be one of {', '.join(map(str, NUMBERS))}, got {figure_number!r}")
    )
    check(number, kind, out)
    started = time.monotonic()
    try:
        with progress_bar(quiet=quiet or as_json) as progress:
            written = make(
                number,
                FULL if full else QUICK,
                out,
                kind=kind,
                progress=progress,
                store=None if store is None else Store(store),
            )
    except RuntimeError as error:  # a student's iteration that did not converge
        fail(str(error), 1)
    seconds = time.monotonic() - started
    if as_json:
        emit({"figure": number, "files": [str(path) for path in written], "seconds": seconds})
        return
    names = ", ".join(path.name for path in written)
    typer.echo(f"figure {number}: {names} in {out} ({seconds:.0f} s)")
