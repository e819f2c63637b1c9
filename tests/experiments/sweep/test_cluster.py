"""Dask: the bits of the local run, with a worker killed in the middle; nothing lost."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.experiments.sweep.test_run import GRID, dies_at_ridge, numbers, polled
from w2s_theory.experiments.sweep import cluster
from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.cluster import cluster_outcomes
from w2s_theory.experiments.sweep.grid import Plan, read_plan
from w2s_theory.experiments.sweep.results import differences
from w2s_theory.experiments.sweep.run import Swept, sweep
from w2s_theory.experiments.sweep.store import Store


@pytest.mark.parametrize("address", ["local", "local:0", "127.0.0.1:8786", "tcp://host", ""])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ValueError, match="--cluster must be local:N or tcp"):
        next(cluster_outcomes(read_plan(GRID).jobs, address))
    assert list(cluster_outcomes([], address)) == []


def test_a_job_that_no_worker_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the largest worker has 0\.10 GiB"):
        cluster._check_limits(read_plan(GRID).jobs, {"a": 1e6, "b": 0.1 * 2**30})


def test_a_worker_of_another_version_makes_no_row() -> None:
    one, other, *_ = read_plan(GRID).jobs
    found = run_job(one)
    assert cluster._checked(one, found) == found
    assert cluster._checked(other, found) == "its worker runs another version of the code"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("whole") / "s.db")
    sweep(read_plan(GRID), store)
    return store


Processes: TypeAlias = "list[subprocess.Popen[bytes]]"


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, Processes]]:
    """The address of a scheduler on loopback; two workers without keepers, and the scheduler."""
    place = tmp_path / "scheduler.json"  # it takes a free port itself: nobody else can meanwhile
    with ExitStack() as ends:

        def start(*words: str) -> "subprocess.Popen[bytes]":
            command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
            process = subprocess.Popen([*command, "--no-dashboard"], stderr=subprocess.DEVNULL)
            ends.callback(process.wait)
            ends.callback(process.kill)
            return process

        at = "--scheduler-file", str(place)
        last = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", *at)
        for _ in polled():
            assert last.poll() is None
            with suppress(FileNotFoundError, json.JSONDecodeError):
                address = json.loads(place.read_text())["address"]
                break
        workers = [start("dask_worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
        yield address, [*workers, last]


def wait_for_workers(address: str) -> None:
    from distributed import Client

    with Client(address, timeout=300) as client:
        client.wait_for_workers(2, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("killed", "said"),
    [(slice(2), "has had no worker for a job for 2 s"), (slice(2, 3), "is lost")],
)
def test_a_cluster_that_dies_ends_the_sweep_and_keeps_the_rows(
    killed: slice,
    said: str,
    scheduler: tuple[str, Processes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, processes = scheduler
    wait_for_workers(address)
    for name, value in {"TASK_WORK": 0.0, "WORKER_SECONDS": 2, "_CHECK_SECONDS": 0.5}.items():
        monkeypatch.setattr(cluster, name, value)
    store = Store(tmp_path / "s.db")

    def watch(state: Swept) -> None:
        for process in processes[killed]:
            process.kill()
            process.wait()

    with pytest.raises(ValueError, match=said):
        sweep(read_plan(GRID), store, cluster=address, watch=watch)
    assert 0 < len(store.rows()) < 32


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(
    whole: Store, scheduler: tuple[str, Processes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, workers = scheduler
    wait_for_workers(address)
    monkeypatch.setattr(cluster, "TASK_WORK", 0.0)
    store = Store(tmp_path / "s.db")
    streamed = []

    def watch(state: Swept) -> None:
        streamed.append(len(store.rows()))
        assert streamed[-1] == state.done
        if state.done >= 4 and workers[0].poll() is None:
            os.kill(workers[0].pid, signal.SIGKILL)
            workers[0].wait()

    found = sweep(read_plan(GRID), store, cluster=address, watch=watch)
    assert (found.done, found.failed) == (32, 0)
    assert workers[0].returncode == -signal.SIGKILL
    assert len(streamed) == 20
    assert numbers(store) == numbers(whole)
    assert differences(store.rows(), whole.rows()) == []


@pytest.mark.slow
def test_local_workers_give_the_same_bits(whole: Store, tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    found = sweep(read_plan(GRID), store, cluster="local:2")
    assert (found.done, found.failed) == (32, 0)
    assert numbers(store) == numbers(whole)


@pytest.mark.slow
def test_a_job_that_kills_every_worker_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dask
    import distributed  # noqa: F401 - or its other defaults would go with the one set below

    monkeypatch.setattr(cluster, "run_task", dies_at_ridge)
    flow, ridge = read_plan(GRID.replace("[3, 4]", "3").replace('["inf", 24]', "24")).jobs
    store = Store(tmp_path / "s.db")
    innocent_behind = Plan((ridge, flow))
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}):  # by default 3
        found = sweep(innocent_behind, store, cluster="local:1")
    assert (found.done, found.failed) == (4, 4)
    assert {"its worker died again and again"} == {error for _, error in store.failures()}
