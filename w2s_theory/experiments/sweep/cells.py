"""Running the cells of a job: the same bits wherever, whenever and with whomever they are run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import numpy as np

from w2s_theory.arguments import FloatArray
from w2s_theory.experiments.draws import draw_together
from w2s_theory.experiments.named import ModelName, named_experiment
from w2s_theory.experiments.simulation import Simulation, trained
from w2s_theory.experiments.sweep.grid import Job, SweepCell, generator_entropy
from w2s_theory.experiments.sweep.store import Result
from w2s_theory.models.base import Model, Operator
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.students.operators import TiledOperator, build_kept

WIDEST_KEPT = 16_384
"""The widest student whose Gram matrix is kept (1 GiB); the tiles of a wider one are computed anew.

The bits are the same either way.
"""

_PER_CELL = (
    "teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa",
    "teacher_error", "student_error",
)  # fmt: skip


def run_job(job: Job) -> list[Result]:
    """The results of a job's cells, on one BLAS thread: more would add up in another order.

    Raises `ValueError` as `simulate`, and for a loss that is no number.
    """
    started = time.perf_counter()
    with _bench().lock, one_thread_blas():
        found = _simulated(job)
    seconds = max(time.perf_counter() - started, 0.0) / len(job.cells)
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
    if first.student_width is None:
        return trained(model, target, batches, None, rule=first.rule, max_degree=most)
    units, operator = _bench().student(first, model)
    return trained(
        model, target, batches, units, operator=operator, rule=first.rule, max_degree=most
    )


@lru_cache(maxsize=4)
def _experiment(cell: SweepCell) -> tuple[Model[Any, Any], Any, int]:
    """`named_experiment`, kept from job to job: a random target costs more than a small cell."""
    own: dict[str, object] = {"activation": cell.activation, "target": cell.target}
    if cell.model == ModelName.LINEAR:
        own = {"top": cell.top, "psi": cell.psi}
    return named_experiment(cell.model, cell.dim, own, cell.seed)


@dataclass(slots=True)
class _Bench:
    """What a process keeps from job to job: the last finite student's kernel.

    One job at a time, for the number of BLAS threads is the whole process's.
    """

    lock: Lock = field(default_factory=Lock)
    _cell: SweepCell | None = None
    _student: tuple[FloatArray, Operator] | None = None

    def student(
        self, cell: SweepCell, model: Model[FloatArray, Any]
    ) -> tuple[FloatArray, Operator]:
        """The units of a cell's student and their kernel, built if it is not the last one's."""
        own = replace(cell, teacher_width=1, target="", rule="", draw=0)
        if self._student is None or self._cell != own:
            self._student = None  # before the next one takes its place in the memory
            units = _drawn(model, cell.student_width or 0, cell, "student")
            kept = len(units) <= WIDEST_KEPT
            self._student = units, (build_kept if kept else TiledOperator)(model, units)
            self._cell = own
        return self._student


@cache
def _bench() -> _Bench:
    return _Bench()


def _drawn(model: Model[Any, Any], width: int, cell: SweepCell, role: str) -> FloatArray:
    drawn: FloatArray = model.sample_features(
        width, np.random.default_rng(generator_entropy(cell, role))
    )
    return drawn
