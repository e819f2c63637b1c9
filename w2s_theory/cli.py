"""`w2s`: the command line.

Exit codes: 0 held or done, 1 refuted, missing or drifted, 2 bad input, 3 undecided.
"""

from __future__ import annotations

import typer

from w2s_theory.commands import audit, export, figure, regression, simulate, spectrum, theory

app = typer.Typer(
    name="w2s",
    help="Weak-to-strong generalization in random feature networks, as executable theory.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("list")(theory.list_statements)
app.command("show")(theory.show)
app.command("floor")(theory.floor)
app.command("falsify")(theory.falsify)
app.command("check")(regression.check)
app.command("simulate")(simulate.simulate)
app.command("spectrum")(spectrum.spectrum)
app.command("audit")(audit.audit)
app.command("figure")(figure.figure)
app.add_typer(export.app, name="export")


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
