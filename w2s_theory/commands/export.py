"""`w2s export latex`, `w2s export html`: what goes into a paper, what people look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from w2s_theory.commands.output import emit, reports_bad_input
from w2s_theory.commands.theory import Json, TheoryName

app = typer.Typer(
    name="export", help="Export the theory: LaTeX, pictures, a site.", no_args_is_help=True
)
PLACE = 70


@app.callback()
def _group() -> None:
    """Export the theory: LaTeX, pictures, a site."""


@app.command("latex")
@reports_bad_input
def latex(
    statement_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Statements; all by default.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Directory to write, empty or absent; without it the statements alone."),
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
    """Write statements as LaTeX for a paper, or a whole report.

    The report has statements, notation, constants, tables, figures and a bibliography.

    Without --out: the statements named, to put into a paper that loads w2s_theory.sty.
    """
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.export.latex import export_latex, fragment
    from w2s_theory.regression.stored import chosen

    theory = chosen(theory_name)
    if out is None:
        if not statement_ids or figures:
            raise ValueError("--out is needed for the whole report; for a fragment name an ID")
        texts = {key: fragment(key, notation, theory) for key in statement_ids}
        if as_json:
            emit({"fragments": texts})
            return
        typer.echo("% Needs w2s_theory.sty and references.bib of `w2s export latex --out DIR`.")
        typer.echo("\n".join(texts.values()), nl=False)
        return
    with progress_bar(quiet=as_json) as progress:
        written = export_latex(
            out,
            statement_ids or (),
            notation=notation,
            figures=figures,
            theory=theory,
            progress=progress,
        )
    if as_json:
        emit({"out": str(out), "files": written})
        return
    typer.echo(f"{out}: {len(written)} files; compile main.tex with pdflatex and bibtex")


@app.command("formula")
@reports_bad_input
def formula(
    statement_id: Annotated[str, typer.Argument(metavar="ID", help="Whose claim to set.")],
    out: Annotated[Path, typer.Option(help="File to write: .svg, .png or .pdf.")],
    size: Annotated[float, typer.Option(help="Size of the letters, in points.")] = 24.0,
    theory_name: TheoryName = None,
    as_json: Json = False,
) -> None:
    """Set a claim as a picture without background, for slides."""
    from w2s_theory.export.formula import export_formula
    from w2s_theory.regression.stored import chosen

    export_formula(chosen(theory_name).ledger[statement_id], out, size=size)
    if as_json:
        emit({"out": str(out)})
        return
    typer.echo(str(out))


@app.command("html")
@reports_bad_input
def html(
    out: Annotated[Path, typer.Option(help="Directory to write, empty or absent.")],
    figures: Annotated[
        Path | None, typer.Option(help="Directory of `w2s figure N --format svg`.")
    ] = None,
    steps: Annotated[
        Path | None, typer.Option(help="File of `python -m proofs.steps`: the proofs step by step.")
    ] = None,
    docs: Annotated[
        str, typer.Option(help="From the site to the documentation beside it, such as `..`.")
    ] = "",
    theory_name: TheoryName = None,
    as_json: Json = False,
) -> None:
    """Write the theory as a static site that needs no server.

    The graph of what rests on what, a search, a page a statement, constants and figures.
    """
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.export.site import export_site
    from w2s_theory.regression.stored import chosen

    with progress_bar(quiet=as_json) as progress:
        written = export_site(
            out,
            figures=figures,
            theory=chosen(theory_name),
            steps=steps,
            docs=docs,
            progress=progress,
        )
    if as_json:
        emit({"out": str(out), "files": written})
        return
    typer.echo(f"{out}: {len(written)} files; open {out / 'index.html'}")
