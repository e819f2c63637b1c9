"""`w2s ceiling relu`: what a student is certified to reach, and what it does reach."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Annotated

import typer

from w2s_theory.commands.output import emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json

app = typer.Typer()
PLACE = 33
MEASURED_TO = 1024
"""Widths beyond are bounded and not simulated unless draws are asked for."""


@app.command()
@reports_bad_input
def ceiling(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="relu")],
    dim: Annotated[int, typer.Option(help="Dimension of the inputs.")] = 32,
    teacher_width: Annotated[int, typer.Option(help="Random features of the teacher.")] = 1024,
    delta: Annotated[float, typer.Option(help="Risk, over the teacher's features.")] = 0.05,
    target: Annotated[int, typer.Option(help="Degree of the target.")] = 1,
    draws: Annotated[int | None, typer.Option(help="Teachers to simulate beside it.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of their features.")] = 0,
    as_json: Json = False,
) -> None:
    """Bound L_TE and L_ST from above, beside floor and simulation.

    The bounds hold with probability at least 1 - delta over the features.
    """
    if model != "relu":
        fail(f"model must be relu, got {model!r}")
    from w2s_theory.models.teacher import DependentFeaturesError
    from w2s_theory.theorems.leverage import ceiling as certified

    if not 0 < delta <= 1:
        fail(f"--delta must be in (0, 1], got {delta!r}")
    if target < 0 or (target != 1 and target % 2):
        fail(f"--target must be even or 1, got {target}: the kernel vanishes at other odd degrees")
    found = certified(dim, teacher_width, delta, target)
    count = draws if draws is not None else 3 * (teacher_width <= MEASURED_TO)
    measured, unmeasured = None, ""
    try:
        if count:
            measured = _simulated(dim, teacher_width, target, count, seed, as_json)
    except DependentFeaturesError as error:
        unmeasured = str(error).partition(" (")[0]
    safe = f"{1 - delta:g}"
    if Fraction(safe) != 1 - Fraction(repr(delta)):  # rounded up it would say more
        safe = f"1 - {delta}"
    if as_json:
        emit({"model": model, **asdict(found), "measured": measured})
        return
    typer.echo(
        f"d = {dim}, target of degree {target}, M = {teacher_width}: with probability at least "
        f"{safe} over the features"
    )
    typer.echo(f"hidden from the teacher  {found.level:.3g}  (d(mu) = {found.freedom:.4g})")
    typer.echo(f"L_TE at most             {_said(found.teacher)}")
    typer.echo(f"L_ST at most             {_said(found.student)}  at t = {found.time:.4g}")
    typer.echo(f"it says something of L_ST from M = {found.width_from} on")
    if unmeasured:
        typer.echo(f"not measured: {unmeasured}")
    if measured is not None:
        typer.echo(
            f"measured, {count} draws: mean L_TE {measured['teacher']:.3g}, "
            f"mean best L_ST {measured['student']:.3g}, mean floor {measured['floor']:.3g}"
        )


def _said(bound: float) -> str:
    return f"{bound:.3g}" if bound < 1 else "1, which says nothing"


def _simulated(
    dim: int, width: int, degree: int, draws: int, seed: int, quiet: bool
) -> dict[str, float]:
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.experiments.named import simulate

    with progress_bar(quiet=quiet) as progress:
        found = simulate(
            dim=dim, target=degree, teacher_width=width, draws=draws, seed=seed, progress=progress
        )
    return {
        "draws": draws,
        "teacher": float(found.teacher_loss.mean()),
        "student": float(found.student_loss.mean()),
        "floor": float(found.floor.mean()),
    }
