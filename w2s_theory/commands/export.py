"""`w2s export latex`, `w2s export html`: what goes into a paper, what people look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from w2s_theory.commands.output import emit, reports_bad_input
from w2s_theory.commands.theory import Json, TheoryName

app = typer.Typer(name="export", help="Export the ledger.", no_args_is_help=True)
PLACE = 70


@app.callback()
def _group() -> None:
    """Export the ledger."""


@app.command("latex")
@reports_bad_input
def latex(
    out: Annotated[Path, typer.Option(help="Directory to write, empty or absent.")],
    statement_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Statements; all by default.")
    ] = None,
    notation: Annotated[
        Path | None, typer.Option(help="TOML or JSON: name of a symbol -> its LaTeX.")
    ] = None,
    figures: Annotated[
        Path | None, typer.Option(help="Directory of `w2s figure N --format pdf`.")
    ] = None,
    theory_name: TheoryName = None,
    as_json: Json = False,
) -> None:
    """Write a LaTeX report: statements, notation, constants, tables, figures, bibliography."""
    from w2s_theory.export.latex import export_latex
    from w2s_theory.regression.stored import chosen

    theory = chosen(theory_name)
    written = export_latex(
        out, statement_ids or (), notation=notation, figures=figures, theory=theory
    )
    if as_json:
        emit({"out": str(out), "files": written})
        return
    typer.echo(f"{out}: {len(written)} files; compile main.tex with pdflatex and bibtex")


@app.command("html")
@reports_bad_input
def html(
    out: Annotated[Path, typer.Option(help="Directory to write, empty or absent.")],
    figures: Annotated[
        Path | None, typer.Option(help="Directory of `w2s figure N --format svg`.")
    ] = None,
    theory_name: TheoryName = None,
    as_json: Json = False,
) -> None:
    """Write the theory as a static site: graph, search, a page a statement, constants, figures."""
    from w2s_theory.export.site import export_site
    from w2s_theory.regression.stored import chosen

    written = export_site(out, figures=figures, theory=chosen(theory_name))
    if as_json:
        emit({"out": str(out), "files": written})
        return
    typer.echo(f"{out}: {len(written)} files; open {out / 'index.html'}")
