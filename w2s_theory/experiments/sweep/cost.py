"""What a sweep will cost: memory by what is kept, time by a model that a few cells calibrate."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from statistics import median
from typing import TypeAlias

from w2s_theory.experiments.named import ModelName
from w2s_theory.experiments.sweep.cells import WIDEST_KEPT, run_job
from w2s_theory.experiments.sweep.grid import Job, SweepCell
from w2s_theory.experiments.sweep.workers import worker_pool
from w2s_theory.models.parallel import cores
from w2s_theory.students.finite import default_blocks
from w2s_theory.students.memory import RESERVE, Mode, plan_memory

PROCESS = 160 * 2**20
"""A worker that has loaded its libraries: 113 MiB, and room for what it draws."""

FACTOR = 3.0
"""What an estimated time was found right to, either way (`benchmarks/sweep_speed.py estimate`)."""

JOB_SECONDS = 0.0005
"""Handing a job to a worker, in a task with others, and writing its rows."""

_STEPS = 25
"""Block Lanczos steps that the targets of the figures take: 16 to 28."""

_PROBE_WIDTHS = 256, 2048
"""Calibrating jobs have no wider teachers and students, and no more cells than `_PROBE_CELLS`."""

_PROBE_CELLS, _MOST_KINDS = 12, 8
_UNBOUNDED = 2**80

PATIENCE, BUDGET = 10.0, 30.0
"""Seconds for one calibrating job (one may be followed in balls), and for all."""

_Kind: TypeAlias = tuple[str, str, str, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepCost:
    """Seconds on the clock and of one worker, and bytes of all workers at their fullest.

    ``seconds`` is an estimate from `probes` calibrating jobs: right to `FACTOR` on a quiet machine,
    and a lower bound if `at_least`, where one did not end within `PATIENCE`.
    """

    seconds: float
    worker_seconds: float
    memory: int
    probes: int
    at_least: bool


# --- memory ---------------------------------------------------------------------------------------


def job_memory(job: Job) -> int:
    """Bytes that a worker needs for a job, at most: its own, the teachers' and the student's."""
    first = job.cells[0]
    at_once = min(len(job.cells), cores())
    widest = max(cell.teacher_width for cell in job.cells)
    teachers = 64 * widest**2 * at_once  # three float64 and two extended matrices
    return PROCESS + teachers + _student_memory(first, len(job.cells) + 1)


def _student_memory(cell: SweepCell, columns: int) -> int:
    if cell.student_width is None:
        return 0
    if cell.model == ModelName.LINEAR:  # its kernel stays factored
        drawn = 24 * (cell.student_width + cell.teacher_width) * cell.dim
        basis = min(cell.student_width, cell.dim, columns * (default_blocks(columns) + 1))
        return drawn + 8 * (cell.student_width * basis + 3 * basis**2)
    plan = plan_memory(
        cell.student_width,
        columns,
        max_blocks=default_blocks(columns),
        mode=Mode.DENSE if cell.student_width <= WIDEST_KEPT else Mode.MATRIX_FREE,
        available=_UNBOUNDED,
    )
    return plan.dense if plan.mode is Mode.DENSE else plan.matrix_free


def sweep_memory(jobs: Sequence[Job], workers: int) -> int:
    """Bytes of all workers together, each with one of the largest jobs."""
    return sum(heapq.nlargest(workers, map(job_memory, jobs)))


def check_memory(jobs: Sequence[Job], workers: int, available: int | None = None) -> None:
    """ValueError if `workers` jobs at a time cannot fit into what is free (`available` bytes)."""
    if not jobs:
        return
    if available is None:
        import psutil

        available = int(psutil.virtual_memory().available)
    need, budget = sweep_memory(jobs, workers), RESERVE * available
    if need <= budget:
        return
    largest = max(jobs, key=job_memory)
    one = job_memory(largest)
    fit = next((n for n in range(workers - 1, 0, -1) if sweep_memory(jobs, n) <= budget), 0)
    many = f"{workers} workers need" if workers > 1 else "1 worker needs"
    advice = (
        f"--workers {fit} would fit"
        if fit
        else "fewer draws or teacher widths, or a narrower student, would fit"
    )
    raise ValueError(
        f"sweep must fit in memory: {many} {gib(need)}, "
        f"{gib(available)} is free (largest: {gib(one)} for student width "
        f"{largest.cells[0].student_width or 'inf'}, {len(largest.cells)} cells): {advice}"
    )


def gib(size: int) -> str:
    """Bytes as text."""
    return f"{size / 2**30:.2f} GiB"


# --- time -----------------------------------------------------------------------------------------


def work(job: Job) -> float:
    """Seconds of one core by the operations counted, at the speeds of one machine (10 Gflop/s).

    Only ratios count: `estimate` multiplies by what the calibrating jobs took.
    """
    first = job.cells[0]
    widths = [cell.teacher_width for cell in job.cells]
    teachers = sum(6e-3 + 5e-7 * width**2 + 2e-10 * width**3 for width in widths)
    student = first.student_width
    if student is None:
        return teachers
    columns = len(widths) + 1
    side = min(student, first.dim) if first.model == ModelName.LINEAR else student
    basis = min(side, columns * _STEPS)
    sides = 2e-8 * student * sum(widths)
    if first.model == ModelName.LINEAR:
        return teachers + sides + 1e-9 * student * first.dim * (basis + 10) + 4e-10 * basis**3
    kernel = student**2 * (2.5e-8 if student <= WIDEST_KEPT else 2e-8 * _STEPS)
    products = 2e-10 * student**2 * basis + 4e-10 * student * basis**2
    return teachers + sides + kernel + products + 1e-9 * basis**3


def makespan(seconds: Iterable[float], workers: int, handing: float = 0.0) -> float:
    """When the last of `workers` ends, each taking the next job in order as it gets free.

    One scheduler hands the jobs out, one after the other, each in `handing` seconds.
    """
    free, ready = [0.0] * workers, 0.0
    for job in seconds:
        ready = max(ready, free[0]) + handing
        heapq.heapreplace(free, ready + job)
    return max(free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Seconds on the clock and of the processor that a job took, or was given if not `ended`."""

    wall: float
    used: float
    ended: bool = True


def probe(job: Job) -> Probe:
    """Run a job, after a smaller one that loads what every job loads once."""
    run_job(_small(job, (8, 16), 1))
    started, used = time.perf_counter(), time.process_time()
    run_job(job)
    return Probe(wall=time.perf_counter() - started, used=time.process_time() - used)


def estimate(jobs: Sequence[Job], workers: int) -> SweepCost:
    """Run a few small jobs of the kinds in `jobs` on a worker of its own, and scale by `work`.

    Takes some seconds and writes nothing. A kind whose jobs fail is as fast as the others.
    """
    kinds: dict[_Kind, list[Job]] = {}
    for job in jobs:
        kinds.setdefault(_kind(job.cells[0]), []).append(job)
    kept = list(kinds)[:: -(-len(kinds) // _MOST_KINDS) or 1]
    chosen = [pick(kinds[kind], key=work) for kind in kept for pick in (min, max)]
    small = [_small(job, _PROBE_WIDTHS, _PROBE_CELLS) for job in chosen]
    probes, start = _probed(list(dict.fromkeys(small)))
    rates: dict[_Kind, dict[float, float]] = {}
    for job, found in probes.items():
        rates.setdefault(_kind(job.cells[0]), {})[work(job)] = found.wall / work(job)
    common = median(rate for kind in rates.values() for rate in kind.values()) if rates else 1.0
    seconds = [_scaled(job, rates.get(_kind(job.cells[0])) or {1.0: common}) for job in jobs]
    # Workers that fill the cores wait for each other.
    share = median(found.used / found.wall for found in probes.values()) if probes else 1.0
    crowd = max(1.0, share * min(workers, len(jobs)) / cores())
    return SweepCost(
        seconds=start + makespan(seconds, workers) * crowd,
        worker_seconds=sum(seconds),
        memory=sweep_memory(jobs, workers),
        probes=len(probes),
        at_least=any(not found.ended for found in probes.values()),
    )


def _scaled(job: Job, rates: Mapping[float, float]) -> float:
    """Seconds of a job: its work at the rate between those of a smaller and a larger one."""
    import numpy as np

    known = sorted(rates)
    rate = np.interp(np.log(work(job)), np.log(known), [rates[size] for size in known])
    return work(job) * float(rate) + JOB_SECONDS


def _probed(jobs: Sequence[Job]) -> tuple[dict[Job, Probe], float]:
    """What the jobs that do not fail took, and how long a worker takes to start."""
    found: dict[Job, Probe] = {}
    waiting, start = deque(jobs), 0.0
    deadline = time.monotonic() + BUDGET
    while waiting and time.monotonic() < deadline:
        with suppress(TimeoutError), worker_pool(1) as pool:
            started = time.perf_counter()
            pool.submit(work, waiting[0]).result()  # loads this module, outside any patience
            start = time.perf_counter() - started
            while waiting and time.monotonic() < deadline:
                job = waiting.popleft()
                running = pool.submit(probe, job)
                try:
                    found[job] = running.result(timeout=PATIENCE)
                except TimeoutError:
                    found[job] = Probe(wall=PATIENCE, used=PATIENCE, ended=False)
                    raise
                except BrokenProcessPool:
                    break
                except (ValueError, ArithmeticError, MemoryError):
                    continue
    return found, start


def _kind(cell: SweepCell) -> _Kind:
    """Jobs of one kind take time in proportion to `work`."""
    return cell.model, cell.activation, cell.target, cell.rule, cell.student_width is None


def _small(job: Job, widths: tuple[int, int], cells: int) -> Job:
    """The job with its widths and cells cut down to these."""
    teacher, student = widths
    most = job.cells[0].student_width
    step = -(-len(job.cells) // cells)
    return Job(
        tuple(
            replace(
                cell,
                teacher_width=min(cell.teacher_width, teacher),
                student_width=None if most is None else min(most, student),
            )
            for cell in job.cells[::step]
        )
    )
