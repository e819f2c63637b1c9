"""What a sweep costs: memory that is not exceeded, and time from a few jobs."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.experiments.sweep import cost
from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.cost import (
    check_memory,
    estimate,
    job_memory,
    makespan,
    sweep_memory,
    work,
)
from w2s_theory.experiments.sweep.grid import Job, read_plan

GRID = """
[sweep]
model = "relu"
dim = [8, 16]
teacher_width = [8, 32]
student_width = ["inf", 64, 1024]
activation = ["relu", "erf"]
draws = 4
"""


def jobs(text: str = GRID) -> tuple[Job, ...]:
    return read_plan(text).jobs


def test_memory_grows_with_the_student_and_the_workers() -> None:
    infinite, *_, finite = jobs(GRID.replace("1024", "4096"))
    assert job_memory(infinite) < job_memory(finite)
    assert 4 * 4096**2 < job_memory(finite) < 4 * 4096**2 + 2**30
    assert sweep_memory([infinite, finite], 1) == job_memory(finite)
    assert sweep_memory([infinite, finite], 5) == job_memory(finite) + job_memory(infinite)
    # Beyond the widest Gram matrix that is kept, only the basis grows.
    (wide,) = jobs(GRID.replace('["inf", 64, 1024]', "65536").replace("[8, 16]", "8"))[:1]
    assert job_memory(wide) < 2 * 2**30


def test_what_cannot_fit_is_refused_with_what_would() -> None:
    plan = jobs(GRID.replace("1024", "4096"))
    need = sweep_memory(plan, 2)
    check_memory(plan, 2, available=int(need / 0.9) + 1)
    check_memory([], 8, available=0)
    with pytest.raises(ValueError, match=r"2 workers need .* width 4096, .*--workers 1 would fit"):
        check_memory(plan, 2, available=need)
    with pytest.raises(ValueError, match="narrower student, would fit"):
        check_memory(plan, 1, available=2**20)


@pytest.mark.parametrize("option", [[], ["--dry-run"]])
def test_the_command_refuses_in_one_line(option: list[str], tmp_path: Path) -> None:
    text = GRID.replace('["inf", 64, 1024]', "10_000_000").replace("[8, 16]", "8")
    (tmp_path / "grid.toml").write_text(text)
    store = str(tmp_path / "s.db")
    found = CliRunner().invoke(
        app, ["sweep", str(tmp_path / "grid.toml"), "--store", store, *option]
    )
    assert (found.exit_code, found.stdout) == (2, "")
    assert "sweep must fit in memory: 1 worker needs" in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1


def test_a_schedule_takes_the_next_job_when_a_worker_is_free() -> None:
    assert makespan([3, 1, 1, 1], 2) == 3
    assert makespan([1, 1, 1, 3], 2) == 4
    assert makespan([1.0] * 1000, 1000) == 1
    assert makespan([], 4) == 0
    # Handing out is one after the other: it bounds what any number of workers can do.
    assert makespan([1.0, 1.0], 2, handing=0.25) == 1.5
    assert makespan([0.5] * 1000, 1000, handing=1.0) == 1000.5
    assert makespan([5.0] * 10, 1, handing=1.0) == 60


def test_work_grows_with_everything() -> None:
    small, *_ = jobs()
    for change in ("[8, 32]", "[64, 32]"), ('"inf", ', "32, "):
        assert work(jobs(GRID.replace(*change))[0]) > work(small)


@pytest.mark.slow
def test_a_job_that_does_not_end_makes_a_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "BUDGET", 600.0)  # a worker that starts slowly is no slow job
    monkeypatch.setattr(cost, "PATIENCE", 600.0)
    monkeypatch.setattr(cost, "probe", fails)
    assert estimate(jobs()[:1], 1).probes == 0
    monkeypatch.setattr(cost, "probe", sleeps)
    monkeypatch.setattr(cost, "PATIENCE", 0.2)
    found = estimate(jobs()[:1], 1)
    assert (found.probes, found.at_least) == (1, True)


def fails(job: object) -> None:
    raise ValueError("no such job")


def sleeps(job: object) -> None:
    time.sleep(3600)


@pytest.mark.slow
@pytest.mark.parametrize("changes", [("1024", "4096"), ("[8, 32]", "[1000]")])
def test_a_job_stays_within_its_memory(changes: tuple[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", __name__, *changes], capture_output=True, text=True, check=True
    )
    peak, allowed = json.loads(done.stdout)
    assert allowed / 4 < peak <= allowed


if __name__ == "__main__":
    last = max(jobs(GRID.replace(*sys.argv[1:])), key=job_memory)
    run_job(last)
    # Not ru_maxrss: across fork and exec that keeps the peak of the process that started this one.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    sys.stdout.write(json.dumps([1024 * int(peak), job_memory(last)]))
