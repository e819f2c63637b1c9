"""Processes that run jobs, and that end with the one that started them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def worker_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that import nothing of the caller's; killed where the body is left by an error."""
    with killed_on_error():
        pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def killed_on_error() -> Iterator[None]:
    """Kill the processes that the body has started, if it is left by an error."""
    before = _children()
    try:
        yield
    except BaseException:
        for child in _children() - before:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        raise


def _children() -> set[psutil.Process]:
    """The processes below this one, but for the keeper of shared names, which outlives them."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if not any("resource_tracker" in word for word in child.cmdline()):
                found.add(child)
    return found
