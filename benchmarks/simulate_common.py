"""Shared by the simulate benchmarks: one measured child process, one JSON line."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, Target, harmonic_target
from w2s_theory.models.teacher import SphereTeacher, fit_teachers

Result = dict[str, Any]
"""The JSON object that a benchmark prints."""

DIM = 32
TEACHER_WIDTHS = (16, 32, 64, 128, 256)


def linear_target(dim: int = DIM) -> Target:
    """The linear target of the paper's Figure 2."""
    return harmonic_target(Harmonic(1, np.eye(dim)[0]))


def figure_teachers(model: ReluSphere, draws: int, rng: np.random.Generator) -> list[SphereTeacher]:
    """``draws`` teachers at each width of Figure 2."""
    widths = [width for width in TEACHER_WIDTHS for _ in range(draws)]
    batches = [model.sample_features(width, rng) for width in widths]
    return fit_teachers(model, batches, linear_target(model.dim))


def measured(work: Callable[[], Result]) -> Result:
    """Run ``work``; add wall time, CPU time (all threads) and this process's peak memory."""
    start, cpu = time.perf_counter(), time.process_time()
    result = work()
    result["seconds"] = round(time.perf_counter() - start, 3)
    result["cpu_seconds"] = round(time.process_time() - cpu, 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result["peak_gib"] = round(peak / 2**20, 3)
    return result


def child(script: str, *arguments: str) -> Result:
    """Run ``script`` with ``arguments`` in a fresh process; its last line is one JSON object."""
    command = [sys.executable, script, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def report(result: Result) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(result))
