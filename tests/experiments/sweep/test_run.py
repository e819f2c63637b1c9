"""Sweeps: the same bits in any order and with any workers; nothing lost to a kill."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from w2s_theory.experiments.sweep import cells, tasks
from w2s_theory.experiments.sweep import run as running
from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.grid import Job, Plan, code_version, read_plan
from w2s_theory.experiments.sweep.results import differences
from w2s_theory.experiments.sweep.run import sweep
from w2s_theory.experiments.sweep.store import Result, Store
from w2s_theory.experiments.sweep.tasks import Outcome, Task, grouped, run_task
from w2s_theory.experiments.sweep.workers import worker_pool
from w2s_theory.students.operators import build_kept

pytestmark = pytest.mark.slow

GRID = """
[sweep]
model = "relu"
dim = [3, 4]
teacher_width = [4, 6]
student_width = ["inf", 24]
rule = ["flow", "ridge"]
draws = 2
seed = 7
"""


def numbers(store: Store) -> list[dict[str, object]]:
    return [{k: v for k, v in row.items() if k != "seconds"} for row in store.rows()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("whole") / "s.db")
    found = sweep(read_plan(GRID), store)
    assert (found.cells, found.done, found.reused, found.failed) == (32, 32, 0, 0)
    assert found.worst_margin is not None
    assert found.worst_margin > 0
    return store


def test_nothing_is_run_twice(whole: Store) -> None:
    found = sweep(read_plan(GRID), whole)
    assert (found.done, found.reused) == (0, 32)


def test_the_bits_are_those_of_any_order_and_number_of_workers(
    whole: Store, tmp_path: Path
) -> None:
    jobs = list(read_plan(GRID).jobs)
    random.Random(1).shuffle(jobs)
    other = Store(tmp_path / "s.db")
    sweep(Plan(tuple(jobs[:5])), other)
    sweep(Plan(tuple(jobs)), other, workers=2)
    assert numbers(other) == numbers(whole)
    assert differences(other.rows(), whole.rows()) == []


def test_the_bits_are_those_of_two_blas_threads(whole: Store) -> None:
    from threadpoolctl import threadpool_limits

    kept = {row["cell"]: row for row in whole.rows()}
    for job in read_plan(GRID).jobs[::7]:
        with threadpool_limits(2, user_api="blas"):
            for found in run_job(job):
                assert kept[found.key]["student_loss"] == found.numbers["student_loss"]


def test_a_gram_matrix_is_built_once_for_all_rules(
    whole: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def counted(model: object, units: object) -> object:
        built.append(units)
        return build_kept(model, units)  # type: ignore[type-var, arg-type]

    monkeypatch.setattr(cells, "build_kept", counted)
    kept = {row["cell"]: row["student_loss"] for row in whole.rows()}
    finite = [job for job in read_plan(GRID).jobs if len(job.cells) > 1]
    for job in finite:
        assert [kept[r.key] for r in run_job(job)] == [
            r.numbers["student_loss"] for r in run_job(job)
        ]
    assert (len(finite), len(built)) == (4, 2)


def test_a_cell_that_fails_is_told_and_tried_again(tmp_path: Path) -> None:
    text = GRID.replace("[3, 4]", "3").replace("[4, 6]", "4").replace('["inf", 24]', '"inf"')
    text = text.replace('["flow", "ridge"]', '"flow"\ntarget = [1, 3]')  # 3 cannot be learnt
    store = Store(tmp_path / "s.db")
    first = sweep(read_plan(text), store)
    assert (first.done, first.failed) == (2, 2)
    assert len(store.failures()) == 2
    again = sweep(read_plan(text), store)
    assert (again.reused, again.failed) == (2, 2)


def dies(task: Task) -> list[Outcome]:
    """As `run_task`, but its first two processes die."""
    mark = Path(os.environ["W2S_DEATHS"])
    if len(list(mark.iterdir())) < 2:
        (mark / str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_task(task)


def always_dies(task: Task) -> list[Outcome]:
    os.kill(os.getpid(), signal.SIGKILL)
    return [""]


def dies_at_ridge(task: Task) -> list[Outcome]:
    """As `run_task`, but a job with ridge regression kills its worker."""
    return (always_dies if any(job.cells[0].rule == "ridge" for job in task) else run_task)(task)


def test_a_worker_that_dies_is_replaced(
    whole: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deaths").mkdir()
    monkeypatch.setenv("W2S_DEATHS", str(tmp_path / "deaths"))
    monkeypatch.setattr(running, "run_task", dies)
    store = Store(tmp_path / "s.db")
    found = sweep(read_plan(GRID), store, workers=2)
    assert (found.done, found.failed) == (32, 0)
    assert numbers(store) == numbers(whole)


def test_a_job_that_kills_every_worker_fails_and_the_sweep_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "run_task", always_dies)
    store = Store(tmp_path / "s.db")
    plan = Plan(read_plan(GRID).jobs[:1])
    found = sweep(plan, store)
    assert (found.done, found.failed) == (0, 1)
    assert "its worker died" in store.failures()[0][1]


def test_the_job_at_fault_is_found_in_its_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "run_task", dies_at_ridge)
    text = GRID.replace("[3, 4]", "3").replace('["inf", 24]', "24")
    plan, store = read_plan(text), Store(tmp_path / "s.db")
    monkeypatch.setattr(tasks, "_SHARES", 1)
    assert len(grouped(plan.jobs, running.TASK_WORK, 1)) == 1
    found = sweep(plan, store)
    assert (found.done, found.failed) == (4, 4)
    assert {row["rule"] for row in store.rows()} == {"flow"}
    assert {error for _, error in store.failures()} == {"its worker died 4 times"}


def test_a_worker_that_dies_while_rows_are_written_is_replaced(
    whole: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, pools, killed = Store.add, [], []

    @contextmanager
    def seen(workers: int) -> Iterator[ProcessPoolExecutor]:
        with worker_pool(workers) as pool:
            pools.append(pool)
            yield pool

    def adds(store: Store, *found: object) -> None:
        add(store, *found)  # type: ignore[arg-type]
        if not killed:
            (pool,) = pools
            killed.extend(process.kill() for process in [*pool._processes.values()])
            for _ in polled():
                if pool._broken:  # a task that is handed out now finds no pool
                    break

    monkeypatch.setattr(running, "worker_pool", seen)
    monkeypatch.setattr(Store, "add", adds)
    store = Store(tmp_path / "s.db")
    found = sweep(read_plan(GRID), store)
    assert (found.done, found.failed, len(killed)) == (32, 0, 1)
    assert numbers(store) == numbers(whole)


def test_a_sweep_that_is_killed_goes_on_where_it_was(whole: Store, tmp_path: Path) -> None:
    grid, store = tmp_path / "grid.toml", tmp_path / "s.db"
    grid.write_text(GRID)
    command = [sys.executable, "-m", "w2s_theory.cli", "sweep", str(grid), "--store", str(store)]
    delay = random.Random(2)
    for _ in range(2):
        process = subprocess.Popen([*command, "--workers", "2"], start_new_session=True)
        time.sleep(delay.uniform(1.0, 6.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    before = len(Store(store).rows())
    found = sweep(read_plan(GRID), Store(store))
    assert found.reused == before
    assert numbers(Store(store)) == numbers(whole)


def test_twenty_kills_at_random_points_lose_nothing(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"kills seeded by {seed}\n")  # shown where the test fails
    point = random.Random(seed)
    text = GRID.replace("draws = 2", "draws = 8")
    grid, path = tmp_path / "grid.toml", tmp_path / "s.db"
    grid.write_text(text)
    whole = Store(tmp_path / "whole.db")
    sweep(read_plan(text), whole)
    right = {row["cell"]: row for row in numbers(whole)}
    command = [sys.executable, "-m", "w2s_theory.cli", "sweep", str(grid), "--store", str(path)]
    before = 0
    for number in range(20):
        process = subprocess.Popen(
            [*command, "--workers", str(1 + number % 2)], start_new_session=True
        )
        if number % 2:  # at any time from the start on, else about when a row is written
            time.sleep(point.uniform(0.0, 4.0))
        else:
            for _ in polled():
                written = path.exists() and path.stat().st_size and count(path) > before
                if written or process.poll() is not None:
                    break
            time.sleep(point.uniform(0.0, 0.05))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        rows = numbers(Store(path))
        assert all(row == right[row["cell"]] for row in rows)
        assert len(rows) >= before
        before = len(rows)
    assert before > 0
    found = sweep(read_plan(text), Store(path))
    assert (found.reused, found.failed) == (before, 0)
    assert numbers(Store(path)) == numbers(whole)


def polled() -> Iterator[None]:
    """For as long as what must come may take on a machine that is slow and busy."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        yield
        time.sleep(0.01)
    pytest.fail("waited in vain")


def count(path: Path) -> int:
    """Rows of a store that another process may be making just now."""
    try:
        return len(Store(path, create=False).rows())
    except ValueError:
        return 0


def test_clocks_that_go_backwards_change_nothing(
    whole: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count(10**9, -7)
    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(time, name, lambda: float(next(ticks)))
    store = Store(tmp_path / "s.db")
    for job in read_plan(GRID).jobs:
        store.add(run_job(job), code_version())
    assert next(ticks) < 10**9 - 7 * len(read_plan(GRID).jobs)
    monkeypatch.undo()
    assert numbers(store) == numbers(whole)
    assert {row["seconds"] for row in store.rows()} == {0.0}


def test_an_interrupt_loses_no_cell_that_small_jobs_have_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, store = read_plan(GRID.replace('["inf", 24]', '"inf"')), Store(tmp_path / "s.db")
    ended: list[int] = []

    def waited(futures: Iterable[Future[list[Outcome]]], **options: object) -> object:
        if "return_when" in options:
            raise KeyboardInterrupt
        found = wait(futures)
        ended.extend(len(future.result()) for future in found.done if not future.cancelled())
        return found

    monkeypatch.setattr(running, "wait", waited)
    with pytest.raises(KeyboardInterrupt):
        sweep(plan, store)
    assert 0 < sum(ended) == len(store.rows()) < plan.cells


def test_a_worker_that_is_interrupted_returns_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, ran = read_plan(GRID).jobs[:4], []

    def interrupted(job: Job) -> list[Result]:
        ran.append(job)
        if len(ran) == 3:
            raise KeyboardInterrupt
        return run_job(job)

    monkeypatch.setattr(tasks, "run_job", interrupted)
    assert [found[0].key for found in run_task(jobs) if not isinstance(found, str)] == [
        job.keys[0] for job in jobs[:2]
    ]


def test_an_interrupt_ends_at_once_and_keeps_what_is_finished(tmp_path: Path) -> None:
    grid, store = tmp_path / "grid.toml", tmp_path / "s.db"
    grid.write_text(
        GRID.replace('["inf", 24]', "[24, 40000]")
    )  # the wider takes a quarter of an hour
    command = [sys.executable, "-m", "w2s_theory.cli", "sweep", str(grid), "--store", str(store)]
    # Where these tests run in the background the signal is ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    for _ in polled():
        if (store.exists() and count(store)) or process.poll() is not None:
            break
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=100)  # a second, on a machine with nothing else to do
    assert (process.returncode, said.strip()) == (130, "w2s: interrupted")
    assert Store(store).rows()
