"""A sweep: what is missing in the store is run, in processes of its own, and kept as it comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from w2s_theory.arguments import integer
from w2s_theory.experiments.sweep.cluster import cluster_outcomes
from w2s_theory.experiments.sweep.cost import check_memory
from w2s_theory.experiments.sweep.grid import Job, Plan, code_version
from w2s_theory.experiments.sweep.store import Result, Store
from w2s_theory.experiments.sweep.tasks import Outcome, Task, grouped, rest, run_task
from w2s_theory.experiments.sweep.workers import worker_pool

MOST_LOSSES = 3
"""How often a job may lose its worker before it counts as failed."""

TASK_WORK = 0.1
"""Seconds by `work` that a process is handed at once: what a kill may have to run again."""

_AHEAD = 2
_GRACE = 0.5
"""Seconds in which small jobs that are under way end, after an interrupt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How a sweep ended. `reused` cells were in the store, `failed` ones may be tried again."""

    cells: int
    done: int
    reused: int
    failed: int
    worst_margin: float | None


Watch: TypeAlias = Callable[[Swept], None]


def sweep(
    plan: Plan,
    store: Store,
    *,
    workers: int = 1,
    cluster: str | None = None,
    watch: Watch = lambda _: None,
) -> Swept:
    """Run every cell of `plan` that `store` lacks; `watch` is told of each job.

    The result has the same bits for any number of `workers`, and on a `cluster` of machines of one
    kind (an address, `cluster_outcomes`), which has its own workers. A job whose worker dies is run
    again, three times at most. On an interrupt the workers end within a second and finished cells
    are kept; a kill may lose those of the tasks in flight (`TASK_WORK`). Raises `ValueError` if
    `workers` < 1, the jobs cannot fit in memory, the cluster is none or lost, or the store cannot
    be written.
    """
    workers = integer("--workers", workers, 1)
    missing = plan.missing(store.known(plan.keys))
    if cluster is None:
        check_memory(missing, workers)
        outcomes = _outcomes(missing, workers)
    else:
        outcomes = cluster_outcomes(missing, cluster)
    todo = sum(len(job.cells) for job in missing)
    state = Swept(cells=plan.cells, done=0, reused=plan.cells - todo, failed=0, worst_margin=None)
    code = code_version()
    with store.held():
        for ended in outcomes:
            good = [found for _, found in ended if not isinstance(found, str)]
            store.add(list(chain.from_iterable(good)), code)
            store.fail([(job, error) for job, error in ended if isinstance(error, str)])
            for job, found in ended:
                if isinstance(found, str):
                    state = _more(state, failed=len(job.cells))
                else:
                    state = _more(state, done=len(job.cells), margin=_margin(found))
                watch(state)
    return state


def _more(state: Swept, *, done: int = 0, failed: int = 0, margin: float | None = None) -> Swept:
    known = [m for m in (state.worst_margin, margin) if m is not None]
    return Swept(
        cells=state.cells,
        done=state.done + done,
        reused=state.reused,
        failed=state.failed + failed,
        worst_margin=min(known, default=None),
    )


def _margin(results: Sequence[Result]) -> float | None:
    """The smallest L_ST over the floor of Theorem 4.1, less 1."""
    pairs = [(r.numbers["student_loss"], r.numbers["floor"]) for r in results]
    return min((loss / floor - 1 for loss, floor in pairs if floor > 0), default=None)


def _outcomes(jobs: Sequence[Job], workers: int) -> Iterator[list[tuple[Job, Outcome]]]:
    """Each job with its results, or with why there are none, as they come, a task at a time."""
    waiting = deque((task, 0) for task in grouped(jobs, TASK_WORK, workers))
    while waiting:
        lost: list[tuple[Task, int]] = []
        with worker_pool(workers) as pool:
            running: dict[Future[list[Outcome]], tuple[Task, int]] = {}
            while (waiting or running) and not lost:
                while waiting and len(running) < _room([*running.values(), waiting[0]], workers):
                    task, losses = waiting.popleft()
                    try:
                        running[pool.submit(run_task, task)] = task, losses
                    except BrokenProcessPool:  # a worker died while rows were written
                        lost.append((task, losses + 1))
                        break
                try:
                    ended, _ = wait(running, return_when=FIRST_COMPLETED)
                except KeyboardInterrupt:
                    yield _last(running)
                    raise
                for future in ended:
                    task, losses = running.pop(future)
                    try:
                        found = future.result()
                    except BrokenProcessPool:
                        lost.append((task, losses + 1))
                    else:
                        yield list(zip(task, found, strict=False))
                        waiting.extendleft((part, 0) for part in reversed(rest(task, found)))
            lost += running.values()
        alone = [(job, losses) for task, losses in lost for job in task]
        yield [(job, f"its worker died {n} times") for job, n in alone if n > MOST_LOSSES]
        waiting.extendleft(((job,), n) for job, n in reversed(alone) if n <= MOST_LOSSES)


def _last(running: Mapping[Future[list[Outcome]], tuple[Task, int]]) -> list[tuple[Job, Outcome]]:
    """What ends now, so that no finished cell is lost; what has not begun does not begin."""
    for future in running:
        future.cancel()
    ended, _ = wait(running, timeout=_GRACE)
    good = [future for future in ended if not future.cancelled() and future.exception() is None]
    pairs = [zip(running[future][0], future.result(), strict=False) for future in good]
    return list(chain.from_iterable(pairs))


def _room(tasks: Sequence[tuple[Task, int]], workers: int) -> int:
    """How many tasks may be out: after a loss one job, for what dies again is at fault."""
    return 1 if any(losses for _, losses in tasks) else _AHEAD * workers
