"""`w2s`: the command line.

A module of `commands/` adds what its `app` holds, at its `PLACE` in the help.
Exit codes: 0 held or done, 1 refuted, missing or drifted, 2 bad input, 3 undecided.
"""

from __future__ import annotations

from typing import Annotated

import typer

from w2s_theory import __version__
from w2s_theory.ledger.parts import parts

app = typer.Typer(
    name="w2s",
    help="Weak-to-strong generalization in random feature networks, as executable theory.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _module in parts("w2s_theory.commands", "app"):
    app.add_typer(_module.app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"w2s {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
