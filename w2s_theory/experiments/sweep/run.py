"""A sweep: what is missing in the store is run, in processes of its own, and kept as it comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeAlias

from w2s_theory.arguments import integer
from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.cluster import cluster_outcomes
from w2s_theory.experiments.sweep.cost import check_memory
from w2s_theory.experiments.sweep.grid import Job, Plan, code_version
from w2s_theory.experiments.sweep.store import Result, Store
from w2s_theory.experiments.sweep.workers import worker_pool

MOST_LOSSES = 3
"""How often a job may lose its worker before it counts as failed."""

_AHEAD = 2


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
    """Run every cell of `plan` that `store` lacks; `watch` is told after each job.

    The result has the same bits for any number of `workers`, and on a `cluster` of machines of one
    kind (an address, `cluster_outcomes`), which has its own workers. A job whose worker dies is run
    again, three times at most. On an interrupt the workers end at once and what is finished is
    kept. Raises `ValueError` if `workers` < 1, the jobs cannot fit in memory, the cluster is none
    or lost, or the store cannot be written.
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
        for job, outcome in outcomes:
            if isinstance(outcome, str):
                store.fail(job.keys, job.cells, outcome)
                state = _more(state, failed=len(job.cells))
            else:
                store.add(outcome, code)
                state = _more(state, done=len(job.cells), margin=_margin(outcome))
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


def _outcomes(jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, list[Result] | str]]:
    """Each job with its results, or with why there are none, as they come."""
    waiting = deque((job, 0) for job in jobs)
    while waiting:
        lost: list[tuple[Job, int]] = []
        # After a loss one job at a time: the one whose worker dies again is the one at fault.
        careful = any(losses for _, losses in waiting)
        with worker_pool(workers) as pool:
            running: dict[Future[list[Result]], tuple[Job, int]] = {}
            while (waiting or running) and not lost:
                room = 1 if careful else _AHEAD * workers
                while waiting and len(running) < room:
                    job, losses = waiting.popleft()
                    running[pool.submit(run_job, job)] = job, losses
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    job, losses = running.pop(future)
                    try:
                        yield job, future.result()
                    except BrokenProcessPool:
                        lost.append((job, losses + 1))
                    except (ValueError, ArithmeticError, MemoryError) as error:
                        yield job, f"{type(error).__name__}: {error}"
            lost += running.values()
        for job, losses in lost:
            if losses > MOST_LOSSES:
                yield job, f"its worker died {losses} times"
            else:
                waiting.appendleft((job, losses))
