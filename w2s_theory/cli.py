"""`w2s`: the command line.

A module of `commands/` adds what its `app` holds.
Exit codes: 0 held or done, 1 refuted, missing or drifted, 2 bad input, 3 undecided.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import typer

from w2s_theory import commands

app = typer.Typer(
    name="w2s",
    help="Weak-to-strong generalization in random feature networks, as executable theory.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _found in pkgutil.iter_modules(commands.__path__):
    _module = import_module(f"{commands.__name__}.{_found.name}")
    if hasattr(_module, "app"):
        app.add_typer(_module.app)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
