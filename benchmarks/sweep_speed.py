"""What a sweep costs beside its cells: overhead, two workers against one, a figure, a wide student.

Run: python benchmarks/sweep_speed.py overhead|workers|estimate|figure|schedule|wide [width] [steps]
Goals: overhead a cell under 5 ms on one worker; two workers at least 1.7 times one on small cells;
Figure 2 at full scale from an empty store within 1.35 times its BLAS products alone, under 3 s from
a full one; a student of width 65,536 matrix-free within 2 GiB. Ratios are within one run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from simulate_common import DIM, Result, figure_teachers, measured, report
from simulate_figure2 import timed

from w2s_theory.experiments.figures import make, style
from w2s_theory.experiments.figures.scale import FULL
from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.cluster import TASK_WORK
from w2s_theory.experiments.sweep.cost import estimate, makespan
from w2s_theory.experiments.sweep.grid import Plan, read_plan
from w2s_theory.experiments.sweep.run import sweep
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.experiments.sweep.tasks import grouped
from w2s_theory.models.parallel import silent
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.students import finite
from w2s_theory.students.lanczos import BlockLanczos
from w2s_theory.students.memory import Mode

ROUNDS = 2
GRID = """
[sweep]
model = "relu"
dim = 8
teacher_width = {width}
student_width = "inf"
draws = {draws}
"""


def spent() -> float:
    """Seconds of the processor of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def swept(plan: Plan, workers: int) -> tuple[float, float]:
    """Seconds on the clock and of the processor for a sweep into a new store."""
    with tempfile.TemporaryDirectory() as folder:
        start, used = time.perf_counter(), spent()
        sweep(plan, Store(Path(folder) / "s.db"), workers=workers)
        return time.perf_counter() - start, spent() - used


def overhead() -> Result:
    """Many small cells against few, and against the same cells run here: what a cell adds."""
    few, many = (read_plan(GRID.format(width=4, draws=draws)) for draws in (20, 420))
    clocks, processors = [], []
    for _ in range(ROUNDS):
        (short, little), (long, much) = swept(few, 1), swept(many, 1)
        start, used = time.perf_counter(), spent()
        for job in many.jobs[20:]:
            run_job(job)
        alone, busy = time.perf_counter() - start, spent() - used
        clocks.append((long - short - alone) / 400)
        processors.append((much - little - busy) / 400)
    return {
        "benchmark": "overhead",
        "milliseconds": (1e3 * np.array(clocks)).round(2).tolist(),
        "processor_milliseconds": (1e3 * np.array(processors)).round(2).tolist(),
    }


def workers() -> Result:
    """One worker against two, turn by turn, on cells of a hundredth of a second."""
    few, many = (read_plan(GRID.format(width=64, draws=draws)) for draws in (20, 420))
    ratios = []
    for _ in range(ROUNDS):
        one, two = (swept(many, n)[0] - swept(few, n)[0] for n in (1, 2))
        ratios.append(one / two)
    return {"benchmark": "workers", "ratios": np.round(ratios, 2).tolist()}


def estimated() -> Result:
    """What `--dry-run` foretells of a mixed grid over what the sweep then takes."""
    text = GRID.format(width="[8, 32]", draws=4).replace('"inf"', '["inf", 64, 1024]')
    plan, ratios = read_plan(text + 'activation = ["relu", "erf"]\n'), []
    for _ in range(ROUNDS):
        foretold = estimate(plan.jobs, 1).seconds
        ratios.append(foretold / swept(plan, 1)[0])
    return {"benchmark": "estimate", "ratios": np.round(ratios, 2).tolist()}


def figure() -> Result:
    """Figure 2 at full scale from an empty store, the BLAS products in it, and from a full one."""
    blas = [0.0]
    step, project = BlockLanczos.step, finite.project
    BlockLanczos.step = timed(step, blas)  # type: ignore[method-assign]
    finite.project = timed(project, blas)
    with tempfile.TemporaryDirectory() as folder, style.styled():
        store = Store(Path(folder) / "s.db")

        def drawn() -> None:
            style.rendered(make.drawing(2, FULL, silent, store).figure, style.Format.PDF)

        (first, used), (second, again) = clocked(drawn), clocked(drawn)
    return {
        "benchmark": "figure2 from a store",
        "empty_seconds": round(first, 2),
        "empty_processor_seconds": round(used, 2),
        "blas_seconds": round(blas[0], 2),
        "ratio": round(first / blas[0], 3),
        "full_seconds": round(second, 2),
        "full_processor_seconds": round(again, 2),
    }


def clocked(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    start, used = time.perf_counter(), spent()
    work()
    return time.perf_counter() - start, spent() - used


def schedule() -> Result:
    """10^6 cells on 1,000 workers: measured cells, in tasks as a cluster is handed them."""
    plan = read_plan(GRID.format(width=64, draws=200))
    cells = []
    for job in plan.jobs:
        used = time.thread_time()
        run_job(job)
        cells.append(time.thread_time() - used)
    size = len(grouped(plan.jobs, TASK_WORK, 1)[0])
    drawn = np.random.default_rng(0).choice(cells[10:], 10**6)
    tasks = np.add.reduceat(drawn, np.arange(0, drawn.size, size))
    found = {}
    for handing in (0.0, 1e-3, 1e-2, size * 1e-3):
        found[f"{handing:.3f}"] = {n: round(makespan(tasks, n, handing), 1) for n in (1, 2, 1000)}
    return {
        "benchmark": "schedule",
        "cell_milliseconds": round(1e3 * float(np.mean(cells[10:])), 2),
        "cells_a_task": size,
        "seconds_by_handing_and_workers": found,
    }


def wide(width: int, steps: int) -> Result:
    """A matrix-free student: the memory does not depend on how many steps are taken."""
    model, rng = ReluSphere(DIM), np.random.default_rng(1)
    (teacher,) = figure_teachers(model, 1, rng)[2:3]
    units = model.sample_features(width, rng)
    times = np.geomspace(1e-2, 1e2, 9) / float(teacher.spaces.eigenvalues[1])
    found = finite.finite_students(
        model, units, [teacher], times, mode=Mode.MATRIX_FREE, max_blocks=steps, required=False
    )
    planned = 0 if found.plan is None else found.plan.matrix_free
    return {
        "benchmark": "wide",
        "student_width": width,
        "steps": found.steps,
        "converged": found.converged,
        "planned_gib": round(planned / 2**30, 3),
    }


if __name__ == "__main__":
    which = sys.argv[1] if len(sys.argv) > 1 else "overhead"
    units = int(sys.argv[2]) if len(sys.argv) > 2 else 65536
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    parts = {
        "overhead": overhead,
        "workers": workers,
        "estimate": estimated,
        "figure": figure,
        "schedule": schedule,
    }
    report(measured(parts.get(which, lambda: wide(units, most))))
