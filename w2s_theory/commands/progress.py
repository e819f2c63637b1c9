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


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress]:
    """A callback `(stage, done, total)` that draws a bar once a second has passed."""
    if quiet or not sys.stderr.isatty():
        from w2s_theory.models.parallel import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    started = time.monotonic()
    tasks: dict[str, TaskID] = {}
    with Bar(console=Console(stderr=True), transient=True) as bar:

        def report(stage: str, done: int, total: int) -> None:
            if time.monotonic() - started < _PATIENCE:
                return
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report
