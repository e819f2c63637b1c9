"""What a search draws depends on its seed and its strategy alone.

Recent versions of Hypothesis mix literals of the modules that happen to be loaded into what they
draw, and no setting turns that off: a search in a process of its own would see other settings than
the same search in a longer run. Within `without_literals` none are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

_DRAWN = ContextVar("literals are drawn", default=True)


@contextmanager
def without_literals() -> Iterator[None]:
    """Hypothesis draws no literals in this thread; other threads and other tests do."""
    _install()
    token = _DRAWN.set(False)
    try:
        yield
    finally:
        _DRAWN.reset(token)


@cache
def _install() -> None:
    """Make Hypothesis ask `_DRAWN` first; once, and nothing where it has no such pool."""
    from hypothesis.internal.conjecture import engine

    provider = getattr(engine, "HypothesisProvider", None)
    draw = getattr(provider, "_maybe_draw_constant", None)
    if draw is None:
        return

    def asked(*args: Any, **kwargs: Any) -> Any:
        return draw(*args, **kwargs) if _DRAWN.get() else None

    provider._maybe_draw_constant = asked  # type: ignore[union-attr]
