"""Printing and errors of the command line: one JSON object or plain text, one line for an error."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_type_hints

import typer
from typer.models import ArgumentInfo

BAD_INPUT, UNDECIDED = 2, 3
CLOSED_PIPE = 141
"""What the shell reports of a command that a closed pipe ended."""
Command = TypeVar("Command", bound=Callable[..., Any])


def emit(payload: object) -> None:
    """One JSON object on standard output, NaN and infinity as null."""
    typer.echo(json.dumps(_plain(payload), indent=1, allow_nan=False))


def echo_table(lines: Sequence[Sequence[str]]) -> None:
    """A table as wide as the terminal, verdicts in colour there unless NO_COLOR is set."""
    from w2s_theory.text.columns import columns

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    for line in columns(lines, width):
        typer.echo(painted(line))


def painted(line: str) -> str:
    """The verdicts in a line coloured, where it goes to a terminal and NO_COLOR is not set."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return line
    return _VERDICT.sub(lambda m: typer.style(m[0], fg=_COLOURS[m[0].lower()]), line)


_COLOURS = {
    **dict.fromkeys(("held", "proved"), "green"),
    **dict.fromkeys(("refuted", "failed"), "red"),
    **dict.fromkeys(("undecided", "vacuous", "stale"), "yellow"),
}
_VERDICT = re.compile(rf"\b({'|'.join(_COLOURS)})\b", re.IGNORECASE)


FORMATS = (".png", ".pdf", ".svg")


def check_plot(plot: Path | None) -> None:
    """End in one line unless a figure can be written there; None is no plot."""
    if plot is not None and (plot.suffix not in FORMATS or not plot.parent.is_dir()):
        fail(f"plot must be a {', '.join(FORMATS)} file in an existing folder, got '{plot}'")


def fail(message: str, code: int = BAD_INPUT) -> NoReturn:
    """One line on standard error, then exit."""
    typer.echo(f"w2s: {' '.join(message.split())}", err=True)
    raise typer.Exit(code)


def reports_bad_input(command: Command) -> Command:
    """Turn a `ValueError` or `OSError` of the library into one line and exit code 2.

    An `ArithmeticError` says that no enclosure was narrow enough: one line, exit code 3.
    """

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            # Whoever reads has seen enough; the rest, and Python's last flush, go nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(CLOSED_PIPE) from None
        except (ValueError, OSError) as error:
            if isinstance(error, OSError) and error.filename and error.strerror:
                fail(f"{error.filename}: {error.strerror.lower()}")
            fail(_typed(str(error), kwargs, command))
        except ArithmeticError as error:
            if isinstance(error, ZeroDivisionError | OverflowError | FloatingPointError):
                raise
            fail(f"undecided: {error}", UNDECIDED)
        except MemoryError as error:
            fail(f"not enough memory: {error}")
        except KeyboardInterrupt:
            typer.echo("w2s: interrupted", err=True)
            sys.exit(130)

    return wrapped  # type: ignore[return-value]


def _typed(message: str, given: Iterable[str], command: Command) -> str:
    """The message in the words of who typed: an option of the command has its dashes."""
    name, space, rest = message.partition(" ")
    if name not in given or not space:
        return message
    hints = get_type_hints(command, include_extras=True)[name].__metadata__
    if any(isinstance(hint, ArgumentInfo) for hint in hints):
        return message
    return f"--{name.replace('_', '-')} {rest}"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value
