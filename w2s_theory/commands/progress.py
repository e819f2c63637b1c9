"""A progress bar for anything over a second: on a terminal only, never with --quiet or --json."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2s_theory.models.parallel import Progress

_PATIENCE = 1.0
_NARROW = 100


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress]:
    """A callback `(stage, done, total)` that draws a bar once a second has passed.

    It says what is done of how much, and the time left; where `total` is 0, not known, what is done
    alone. A stage "name: what is known so far" keeps its line while what follows the colon changes.
    """
    if quiet or not sys.stderr.isatty():
        from w2s_theory.models.parallel import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    started = time.monotonic()
    tasks: dict[str, TaskID] = {}
    console = Console(stderr=True)
    narrow = console.width < _NARROW
    parts = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None if narrow else 40),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Bar(*parts, console=console, transient=True, expand=narrow) as bar:

        def report(stage: str, done: int, total: int) -> None:
            if time.monotonic() - started < _PATIENCE:
                return
            name = stage.partition(":")[0]
            if name not in tasks:
                tasks[name] = bar.add_task(stage, total=total or None)
            bar.update(tasks[name], completed=done, total=total or None, description=stage)

        yield report
