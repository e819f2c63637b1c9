"""Jobs on a Dask cluster: workers of this machine, or a scheduler that is there already."""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from w2s_theory.experiments.sweep.cost import gib, job_memory
from w2s_theory.experiments.sweep.grid import Job
from w2s_theory.experiments.sweep.tasks import Outcome, Task, grouped, rest, run_task
from w2s_theory.experiments.sweep.workers import killed_on_error
from w2s_theory.students.memory import RESERVE

if TYPE_CHECKING:
    from distributed import Client, Future

TASK_WORK = 0.25
"""Seconds by `work` that are handed out at once: a task costs some milliseconds."""

WORKER_SECONDS = 60
"""How long a sweep waits when no worker is left that can take a job."""

_AHEAD = 2
_CONNECT_SECONDS = 20
_CHECK_SECONDS = 5.0


def cluster_outcomes(jobs: Sequence[Job], address: str) -> Iterator[list[tuple[Job, Outcome]]]:
    """Each job with its results, or with why there are none, as they come, a task at a time.

    ``address`` is "local:N", or a scheduler's as "tcp://HOST:PORT". The jobs of a worker that is
    lost are run by another. Dask blames all that wait at a worker for its death, so those blamed
    are run last, each with no other job out: one that loses its worker again and again then fails.
    A job goes to workers whose memory limit holds it. Raises `ValueError` for an address without a
    cluster, a job that no worker can hold, and a cluster that is lost or has had no worker for a
    job for `WORKER_SECONDS`: what came before is not lost.
    """
    if not jobs:
        return
    with _connected(address) as client:
        limits = _limits(client)
        _check_limits(jobs, limits)
        tasks = deque(grouped(jobs, TASK_WORK, len(limits)))
        try:
            yield from _gathered(client, tasks, limits, address)
        except (OSError, CancelledError) as error:
            raise ValueError(f"--cluster {address} is lost ({error}): run again") from error


def _gathered(
    client: Client, waiting: deque[Task], limits: dict[str, float], address: str
) -> Iterator[list[tuple[Job, Outcome]]]:
    from distributed import KilledWorker

    def submit(task: Task, *, alone: bool = False) -> None:
        need = max(map(job_memory, task))
        fit = [worker for worker, limit in limits.items() if limit >= need]
        some = fit if len(fit) < len(limits) else None
        future = client.submit(run_task, task, pure=False, workers=some)
        running[str(future.key)] = task, some, alone
        future.add_done_callback(ended.put)

    running: dict[str, tuple[Task, list[str] | None, bool]] = {}
    suspects: deque[Job] = deque()
    ended: SimpleQueue[Future[list[Outcome]]] = SimpleQueue()
    stranded = 0.0
    while waiting or running or suspects:
        while waiting and len(running) < _AHEAD * len(limits):
            submit(waiting.popleft())
        if not running:
            submit((suspects.popleft(),), alone=True)
        try:
            future = ended.get(timeout=_CHECK_SECONDS)
            task, some, alone = running.pop(str(future.key))
            try:
                found = future.result(timeout=_CHECK_SECONDS)
            except TimeoutError:  # what had ended went with its worker: it is run again
                running[str(future.key)] = task, some, alone
                future.add_done_callback(ended.put)
                raise Empty from None
        except Empty:
            alive = _limits(client)
            limits = alive or limits
            lacks = any(not alive.keys() & (some or alive) for _, some, _ in running.values())
            stranded = stranded + _CHECK_SECONDS if lacks else 0.0
            if stranded >= WORKER_SECONDS:
                raise ValueError(
                    f"--cluster {address} has had no worker for a job for {stranded:g} s: rows "
                    "written are kept, start workers and run again"
                ) from None
        except KilledWorker:
            if alone:
                yield [(task[0], "its worker died again and again")]
            else:
                suspects.extend(task)
        else:
            yield [(job, _checked(job, outcome)) for job, outcome in zip(task, found, strict=False)]
            waiting.extendleft(reversed(rest(task, found)))
            stranded = 0.0


def _checked(job: Job, outcome: Outcome) -> Outcome:
    """The outcome, unless a worker of another version made it."""
    if not isinstance(outcome, str) and tuple(found.key for found in outcome) != job.keys:
        return "its worker runs another version of the code"
    return outcome


def _limits(client: Client) -> dict[str, float]:
    """Bytes that each worker may use."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return {name: about["memory_limit"] or float("inf") for name, about in workers.items()}


def _check_limits(jobs: Sequence[Job], limits: dict[str, float]) -> None:
    most, need = max(limits.values()), max(map(job_memory, jobs))
    if need > most:
        raise ValueError(
            f"sweep must fit in memory: a job needs {gib(need)}, the largest worker has "
            f"{gib(int(most))}: fewer and larger workers, or a narrower student, would fit"
        )


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    local = re.fullmatch(r"local:([1-9]\d{0,3})", address)
    if not local and not re.fullmatch(r"(tcp|tls)://\S+:\d+", address):
        raise ValueError(f"--cluster must be local:N or tcp://HOST:PORT, got {address!r}")
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ValueError(
            "--cluster needs distributed: pip install 'w2s_theory[cluster]'"
        ) from error
    if not local:
        try:
            client = Client(address, timeout=_CONNECT_SECONDS)
        except OSError as error:
            raise ValueError(f"--cluster must be a scheduler, {address} does not answer") from error
        with client:
            try:
                client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
            except TimeoutError as error:
                raise ValueError(f"--cluster {address} must have a worker, got none") from error
            yield client
        return
    import psutil

    workers = int(local[1])
    share = int(RESERVE * psutil.virtual_memory().available / workers)
    with (
        killed_on_error(),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=share,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
