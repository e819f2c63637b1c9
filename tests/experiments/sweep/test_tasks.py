"""Tasks: jobs that are handed out together, none of them lost."""

import itertools
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.experiments.sweep.test_run import GRID
from w2s_theory.experiments.sweep import run as running
from w2s_theory.experiments.sweep import tasks
from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.grid import Plan, read_plan
from w2s_theory.experiments.sweep.run import sweep
from w2s_theory.experiments.sweep.store import Result, Store
from w2s_theory.experiments.sweep.tasks import grouped, rest, run_task


def test_jobs_that_share_a_student_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_SHARES", 1)
    jobs = read_plan(GRID).jobs
    groups = grouped(jobs, 0.25, 1)
    assert [job for group in groups for job in group] == list(jobs)
    assert [len(group) for group in groups] == [8, 2, 8, 2]
    assert [len(group) for group in grouped(jobs, 0.0, 1)] == [1] * len(jobs)
    assert grouped([], 0.25, 1) == []


def test_where_there_is_little_to_do_every_worker_has_some() -> None:
    jobs = read_plan(GRID.replace('["inf", 24]', '"inf"').replace("draws = 2", "draws = 20")).jobs
    assert len(grouped(jobs, 1e3, 2)) >= 8


@pytest.mark.parametrize("done", range(1, 7))
def test_a_task_that_takes_long_gives_the_rest_back(
    done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = read_plan(GRID).jobs[:6]
    ticks = itertools.chain([0.0] * done, itertools.repeat(1.0))
    monkeypatch.setattr(tasks, "run_job", lambda job: [])
    monkeypatch.setattr(time, "process_time", lambda: next(ticks))
    found = run_task(task)
    assert len(found) == done
    assert [job for part in rest(task, found) for job in part] == list(task[len(found) :])
    assert len(rest(task, found)) == min(2, 6 - len(found))


def test_a_job_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    task = read_plan(GRID).jobs[:3]

    def fails(job: object) -> object:
        if job == task[1]:
            raise ValueError("no number")
        return run_job(job)  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "run_job", fails)
    first, second, third = run_task(task)
    assert second == "ValueError: no number"
    assert [
        found.key for part in (first, third) for found in part if not isinstance(found, str)
    ] == [*task[0].keys, *task[2].keys]


def test_rows_of_a_task_are_written_at_once_and_told_by_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(read_plan(GRID).jobs[:4])
    outcomes = [run_task((job,))[0] for job in plan.jobs]
    outcomes[2] = "ValueError: no number"
    add, sizes, told = Store.add, [], []

    def counted(store: Store, results: Sequence[Result], code: str) -> None:
        sizes.append(len(results))
        add(store, results, code)

    monkeypatch.setattr(Store, "add", counted)
    ended = list(zip(plan.jobs, outcomes, strict=True))
    monkeypatch.setattr(running, "_outcomes", lambda *_: [ended])
    sweep(
        plan, Store(tmp_path / "s.db"), watch=lambda state: told.append((state.done, state.failed))
    )
    assert sizes == [3]
    assert told == [(1, 0), (2, 0), (2, 1), (3, 1)]
    assert [error for _, error in Store(tmp_path / "s.db").failures()] == [outcomes[2]]
