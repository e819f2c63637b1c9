"""Tasks: jobs that a worker is handed at once: handing one out costs as much as a small cell."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TypeAlias

from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.cost import work
from w2s_theory.experiments.sweep.grid import Job
from w2s_theory.experiments.sweep.store import Result

Task: TypeAlias = tuple[Job, ...]
Outcome: TypeAlias = list[Result] | str
"""What a job gave: its results, or why there are none."""

PATIENCE = 0.3
"""Seconds of the processor, after the first job, in which others are begun: `work` may be wrong."""

_SHARES = 4
"""Tasks a worker at least, where there are as many jobs."""


def run_task(jobs: Task) -> list[Outcome]:
    """The outcomes of the first of these jobs, of one at least; the others are to be handed out."""
    found = [_outcome(jobs[0])]
    end = time.process_time() + PATIENCE  # from here on: the first may load what every job needs
    for job in jobs[1:]:
        if time.process_time() > end:
            break
        try:
            found.append(_outcome(job))
        except KeyboardInterrupt:  # a terminal sends it to all: what is done is not lost
            break
    return found


def _outcome(job: Job) -> Outcome:
    try:
        return run_job(job)
    except (ValueError, ArithmeticError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"


def rest(task: Task, found: Sequence[Outcome]) -> list[Task]:
    """What is left of a task, in halves: so many jobs that are slower than `work` says spread."""
    left = task[len(found) :]
    middle = (len(left) + 1) // 2
    return [part for part in (left[:middle], left[middle:]) if part]


def grouped(jobs: Sequence[Job], seconds: float, workers: int) -> list[Task]:
    """Jobs in order, in tasks that share a student, of one job or of `seconds` by `work` at most.

    Where there is little to do the tasks are smaller, so that all of the `workers` have some.
    """
    sizes = [work(job) for job in jobs]
    most = min(seconds, sum(sizes) / (_SHARES * workers))
    groups: list[list[Job]] = []
    whole, last = 0.0, None
    for job, size in zip(jobs, sizes, strict=True):
        first = job.cells[0]
        student = (first.activation, first.dim, first.student_width)
        if student != last or whole + size > most:
            groups.append([])
            whole, last = 0.0, student
        groups[-1].append(job)
        whole += size
    return [tuple(group) for group in groups]
