"""`w2s sweep`, `w2s results`: a grid of simulations that survives, and what it found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from w2s_theory.commands.output import check_plot, echo_table, emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json

if TYPE_CHECKING:
    from w2s_theory.experiments.sweep.grid import Plan
    from w2s_theory.experiments.sweep.results import StoredRow
    from w2s_theory.experiments.sweep.run import Swept

PLACE = 38
app = typer.Typer()
StorePath = Annotated[Path, typer.Option("--store", help="File of the results; made if absent.")]


@app.command()
@reports_bad_input
def sweep(
    grid: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The grid; docs/sweeps.md.")],
    store: StorePath,
    workers: Annotated[int, typer.Option(help="Processes.")] = 1,
    cluster: Annotated[
        str | None, typer.Option(help="Dask workers instead: tcp://HOST:PORT, or local:N.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be run and its cost; store nothing.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
    as_json: Json = False,
) -> None:
    """Run a grid of simulations, into a store that lasts.

    What the store holds already is not run again. Interrupt it whenever you like: finished cells
    are kept, and the same command goes on. Exit code 3 if some cells failed (`w2s results
    --failures`).
    """
    from w2s_theory.experiments.sweep.grid import read_plan
    from w2s_theory.experiments.sweep.run import sweep as run
    from w2s_theory.experiments.sweep.store import Store

    plan = read_plan(grid.read_text(encoding="utf-8-sig"))
    if dry_run:
        _foresee(plan, store, workers, as_json=as_json)
        return
    from w2s_theory.commands.progress import progress_bar

    with progress_bar(quiet=quiet or as_json) as progress:

        def watch(found: Swept) -> None:
            margin = found.worst_margin
            said = "" if margin is None else f": worst L_ST/floor {1 + margin:.4g}"
            ended = found.done + found.failed
            progress(f"cells{said}", ended, found.cells - found.reused)

        found = run(plan, Store(store), workers=workers, cluster=cluster, watch=watch)
    if as_json:
        emit(asdict(found) | {"store": str(store)})
    else:
        margin = found.worst_margin
        told = "" if margin is None else f"; smallest L_ST over the floor {1 + margin:.4g}"
        typer.echo(
            f"{found.cells} cells: {found.done} done, {found.reused} reused, "
            f"{found.failed} failed{told}"
        )
    raise typer.Exit(3 if found.failed else 0)


def _foresee(plan: Plan, store: Path, workers: int, *, as_json: bool) -> None:
    """Say what a sweep would run, and its cost; ValueError if it cannot fit."""
    from w2s_theory.experiments.sweep.cost import FACTOR, check_memory, estimate, gib
    from w2s_theory.experiments.sweep.store import Store

    known = Store(store).known(plan.keys) if store.exists() else set()
    missing = plan.missing(known)
    reused = plan.cells - sum(len(job.cells) for job in missing)
    check_memory(missing, workers)
    cost = estimate(missing, workers)
    if as_json:
        counts = {"cells": plan.cells, "reused": reused, "jobs": len(plan.jobs)}
        emit(counts | {"estimate": asdict(cost)} | {"store": str(store)})
        return
    typer.echo(f"{plan.cells} cells in {len(plan.jobs)} jobs, {reused} in {store} already")
    many = f"{workers} worker{'s' * (workers > 1)}"
    most = "at least " if cost.at_least else ""
    typer.echo(
        f"estimate, from {cost.probes} small jobs run now: {most}{_clock(cost.seconds)} on {many} "
        f"(right to a factor of {FACTOR:g} or so), {gib(cost.memory)} of memory at most"
    )


def _clock(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.0f} s"


@app.command()
@reports_bad_input
def results(
    store: Annotated[Path, typer.Option("--store", help="File of the results.")],
    where: Annotated[
        list[str] | None, typer.Option(help="Only these, e.g. dim=8; more narrow further.")
    ] = None,
    medians: Annotated[
        bool, typer.Option("--medians", help="Medians over draws, with intervals.")
    ] = False,
    exponents: Annotated[
        bool, typer.Option("--exponents", help="Fits of L_ST ~ c L_TE^b, with intervals.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the losses: a .pdf, .png or .svg file.")
    ] = None,
    failures: Annotated[bool, typer.Option("--failures", help="The cells that failed.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write .csv, .parquet or .json instead of a table.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Another store: exit 1 where the two differ.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show, draw, export or compare what a sweep has stored."""
    from w2s_theory.experiments.sweep import results as read
    from w2s_theory.experiments.sweep.store import Store

    chosen = {"--medians": medians, "--exponents": exponents, "--failures": failures}
    chosen |= {"--against": against is not None}
    modes = [name for name, given in chosen.items() if given]
    if len(modes) > 1 or (out is not None and as_json):
        fail(f"{' and '.join(modes or ('--out', '--json'))} exclude each other")
    if modes and (failures or against is not None) and (out is not None or plot is not None):
        fail(f"{modes[0]} excludes --out and --plot")
    check_plot(plot)
    kept = Store(store, create=False)
    rows = read.narrowed(kept.rows(), where or ())
    if failures:
        _failures(kept.failures(), as_json=as_json)
        return
    if against is not None:
        lines = read.differences(
            rows, read.narrowed(Store(against, create=False).rows(), where or ())
        )
        if as_json:
            emit({"differences": lines})
        else:
            typer.echo("\n".join([*lines, f"{len(lines)} differences"]))
        raise typer.Exit(1 if lines else 0)
    if plot is not None:
        _plot(rows, plot)
    rows = read.medians(rows) if medians else read.exponents(rows) if exponents else rows
    if out is not None:
        read.write(rows, out)
        typer.echo(f"{out}: {len(rows)} rows")
    elif as_json:
        emit({"rows": rows})
    elif rows:
        typer.echo(read.heading(rows))
        echo_table(read.table(rows))
    else:
        lost = len(kept.failures())
        typer.echo("no rows" + (f"; {lost} cells failed (--failures)" if lost else ""))


def _failures(found: Sequence[tuple[str, str]], *, as_json: bool) -> None:
    if as_json:
        emit({"failures": [{"cell": json.loads(cell), "error": error} for cell, error in found]})
        return
    for cell, error in found:
        typer.echo(f"{cell}: {error}")
    if not found:
        typer.echo("no cell failed")


def _plot(rows: Sequence[StoredRow], out: Path) -> None:
    from w2s_theory.experiments.figures import style
    from w2s_theory.experiments.figures.sweep_plot import losses_figure
    from w2s_theory.text.files import replace_files

    with style.styled():
        drawn = style.rendered(losses_figure(rows), style.Format(out.suffix[1:]))
    replace_files(out.parent, {out.name: drawn})
