"""Running the cells of a job: the same bits wherever, whenever and with whomever they are run."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from w2s_theory.experiments.draws import draw_together
from w2s_theory.experiments.named import ModelName, named_experiment
from w2s_theory.experiments.simulation import Simulation, trained
from w2s_theory.experiments.sweep.grid import Job, SweepCell, generator_entropy
from w2s_theory.experiments.sweep.store import Result
from w2s_theory.models.base import Features, Goal, Model
from w2s_theory.models.parallel import one_thread_blas

_PER_CELL = (
    "teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa",
    "teacher_error", "student_error",
)  # fmt: skip


def run_job(job: Job) -> list[Result]:
    """The results of a job's cells, on one BLAS thread: more would add up in another order.

    Raises `ValueError` as `simulate`, and for a loss that is no number.
    """
    started = time.perf_counter()
    with one_thread_blas():
        found = _simulated(job)
    seconds = (time.perf_counter() - started) / len(job.cells)
    return [
        Result(
            key,
            cell,
            {name: float(getattr(found, name)[place]) for name in _PER_CELL}
            | {"ceiling": found.ceiling, "seconds": seconds},
        )
        for place, (key, cell) in enumerate(zip(job.keys, job.cells, strict=True))
    ]


def _simulated(job: Job) -> Simulation:
    first = job.cells[0]
    shared = replace(first, teacher_width=1, student_width=None, rule="", draw=0)
    model, target, most = _experiment(shared)
    if first.student_width is not None and model.joint:
        widths = [first.teacher_width, first.student_width]
        batch, units = draw_together(model, widths, generator_entropy(first, "teacher"))
        return trained(model, target, [batch], units, rule=first.rule, max_degree=most)
    batches = [_drawn(model, cell.teacher_width, cell, "teacher") for cell in job.cells]
    units = None
    if first.student_width is not None:
        units = _drawn(model, first.student_width, first, "student")
    return trained(model, target, batches, units, rule=first.rule, max_degree=most)


@lru_cache(maxsize=4)
def _experiment(cell: SweepCell) -> tuple[Model[Any, Any], Any, int]:
    """`named_experiment`, kept from job to job: a random target costs more than a small cell."""
    own: dict[str, object] = {"activation": cell.activation, "target": cell.target}
    if cell.model == ModelName.LINEAR:
        own = {"top": cell.top, "psi": cell.psi}
    return named_experiment(cell.model, cell.dim, own, cell.seed)


def _drawn(model: Model[Features, Goal], width: int, cell: SweepCell, role: str) -> Features:
    return model.sample_features(width, np.random.default_rng(generator_entropy(cell, role)))
