"""`w2s`: the command line.

A module of `commands/` adds what its `app` holds, at its `PLACE` in the help.
Exit codes: 0 held or done, 1 refuted, missing or drifted, 2 bad input, 3 undecided.
"""

from __future__ import annotations

import typer

from w2s_theory.ledger.parts import parts

app = typer.Typer(
    name="w2s",
    help="Weak-to-strong generalization in random feature networks, as executable theory.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _module in parts("w2s_theory.commands", "app"):
    app.add_typer(_module.app)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
