"""Independent pieces of work on all cores, each with a one-thread BLAS."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Progress = Callable[[str, int, int], None]
"""``progress(stage, done, total)``, called as work completes."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def silent(stage: str, done: int, total: int) -> None:
    """The progress callback that reports nothing."""


@contextmanager
def one_thread_blas() -> Iterator[None]:
    """BLAS on one thread inside: tiles take the cores, never both."""
    import scipy.linalg  # noqa: F401  # SciPy brings a BLAS of its own, limited only once loaded
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_parallel(
    work: Callable[[_Item], _Result], items: Iterable[_Item], stage: str, progress: Progress
) -> list[_Result]:
    """``work`` of every item on all cores, in order: NumPy releases the lock in its kernels.

    An exception (an interrupt too) cancels what has not begun.
    """
    todo = list(items)
    results = []
    with one_thread_blas(), ThreadPoolExecutor(cores()) as pool:
        try:
            for done, result in enumerate(pool.map(work, todo), start=1):
                results.append(result)
                progress(stage, done, len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results
