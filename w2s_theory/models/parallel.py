"""Independent pieces of work on all cores, each with a one-thread BLAS."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from w2s_theory.arguments import FloatArray

Progress = Callable[[str, int, int], None]
"""``progress(stage, done, total)``, called as work completes."""

_SMALL = 2**22  # multiply-adds below which threads cost more than they bring
_SHARES = 16  # pieces, not by the number of cores: a BLAS may add up rows of another size otherwise

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
Floats: TypeAlias = "FloatArray | NDArray[np.float32]"


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

    An exception (an interrupt too) cancels what has not begun. A thread that holds the precision of
    balls does all of it itself: the others would wait for it.
    """
    from w2s_theory.certify.balls import precision_is_held

    todo = list(items)
    results = []
    if precision_is_held():
        for item in todo:
            results.append(work(item))
            progress(stage, len(results), len(todo))
        return results
    with one_thread_blas(), ThreadPoolExecutor(cores()) as pool:
        try:
            for done, result in enumerate(pool.map(work, todo), start=1):
                results.append(result)
                progress(stage, done, len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results


def product(left: Floats, right: Floats) -> Floats:
    """``left @ right``, the rows shared out among the cores: the same bits on any number of them.

    Meant for use inside :func:`one_thread_blas`: a BLAS of several threads busy-waits at every
    call, which costs a multiple of the time as soon as a core is taken by another process.
    """
    rows, inner = left.shape
    if rows * inner * right.shape[1] < _SMALL:
        return left @ right
    result = np.empty((rows, right.shape[1]), dtype=np.result_type(left, right))
    step = -(-rows // _SHARES)

    def share(start: int) -> None:
        np.matmul(left[start : start + step], right, out=result[start : start + step])

    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(share, range(0, rows, step)))
    return result
