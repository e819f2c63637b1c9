"""The store: whole rows or none, damaged or foreign files refused with a way out."""

import math
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from w2s_theory.experiments.sweep.cells import run_job
from w2s_theory.experiments.sweep.grid import Job, SweepCell, read_plan
from w2s_theory.experiments.sweep.store import NUMBERS, Result, Store

CELL = SweepCell(
    model="relu",
    dim=3,
    teacher_width=4,
    student_width=None,
    target="1",
    rule="flow",
    draw=0,
    seed=0,
)


def result(key: str = "k", **changes: float) -> Result:
    return Result(key, CELL, dict.fromkeys(NUMBERS, 0.1) | changes)


def test_rows_come_back_bit_for_bit(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    store.add([result("a", student_loss=0.1 + 0.2, pgr=math.nan), result("b")], "code")
    rows = Store(tmp_path / "s.db", create=False).rows()
    assert [row["cell"] for row in rows] == ["a", "b"]
    assert rows[0]["student_loss"] == 0.1 + 0.2
    assert rows[0]["pgr"] is None
    assert rows[0]["student_width"] == "inf"
    assert [rows[0][name] for name in ("seed", "top", "psi")] == [0, 1, None]
    assert store.known(["a", "c"]) == {"a"}


def test_what_is_there_stays_and_a_success_ends_a_failure(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    job = Job((CELL,))
    store.fail([(job, "lost")])
    assert [error for _, error in store.failures()] == ["lost"]
    store.add([result(*job.keys, student_loss=0.5)], "code")
    store.add([result(*job.keys, student_loss=0.6)], "code")
    assert [row["student_loss"] for row in store.rows()] == [0.5]
    assert store.failures() == []


def test_a_document_is_kept_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    assert store.document("k") is None
    store.keep("k", "code", {"of": 1}, "first")
    store.keep("k", "code", {"of": 1}, "second")
    assert Store(tmp_path / "s.db").document("k") == "first"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_no_result(value: float) -> None:
    with pytest.raises(ValueError, match="finite student_loss"):
        result(student_loss=value)


def test_a_teacher_whose_loss_nobody_knows_is_no_result() -> None:
    assert result(teacher_error=1.0)
    with pytest.raises(ValueError, match=r"cell must know L_TE .* got \+-3e\+10"):
        result(teacher_error=3e10)
    # Its Gram matrix is singular but for rounding: the weights are large, their roundings too.
    text = '[sweep]\nmodel = "relu"\nactivation = "erf"\ndim = 2\nteacher_width = 32\n'
    (job,) = read_plan(text + 'student_width = "inf"\ndraws = 1\n').jobs
    with pytest.raises(ValueError, match="cell must know L_TE"):
        run_job(job)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    store.add([result(f"{n:040}") for n in range(2000)], "code")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[8192:12288] = os.urandom(4096)
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"is damaged .*\.recover"):
        Store(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but long enough to look like one" * 100)
    with pytest.raises(ValueError, match=r"must be a store .*no SQLite file"):
        Store(tmp_path / "text.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as db, db:
        db.execute("CREATE TABLE t (x)")
    with pytest.raises(ValueError, match="must be a store of w2s sweep"):
        Store(tmp_path / "other.db")
    with pytest.raises(ValueError, match="got the folder"):
        Store(tmp_path)
    with pytest.raises(ValueError, match="must be an existing file"):
        Store(tmp_path / "none.db", create=False)


def test_an_older_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    Store(tmp_path / "s.db")
    with closing(sqlite3.connect(tmp_path / "s.db")) as db, db:
        db.execute("PRAGMA user_version = 0")
    with pytest.raises(ValueError, match=r"must have version 2, got 0 .*export it"):
        Store(tmp_path / "s.db")


@pytest.mark.parametrize("begun", range(4))
def test_a_kill_while_the_file_is_made_does_no_harm(begun: int, tmp_path: Path) -> None:
    steps = ("journal_mode = WAL", "application_id = 0x77327374", "user_version = 2")
    with closing(sqlite3.connect(tmp_path / "s.db")) as db, db:
        for step in steps[:begun]:
            db.execute(f"PRAGMA {step}")
    store = Store(tmp_path / "s.db")
    store.add([result("a")], "code")
    assert store.known(["a"]) == {"a"}


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Store(path).add([result("a")], "code")
    full = (
        "import resource, sys; from pathlib import Path;"
        "from tests.experiments.sweep.test_store import Store, result;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "store = Store(Path(sys.argv[1]));"
        "[store.add([result(f'{n}-{m}') for m in range(500)], 'code') for n in range(9)]"
    )
    done = subprocess.run(
        [sys.executable, "-c", full, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    rows = Store(path).rows()
    assert rows[-1]["cell"] == "a" or "a" in [row["cell"] for row in rows]
    assert (len(rows) - 1) % 500 == 0  # whole jobs or none


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be used"):
        Store(tmp_path / "no" / "such" / "folder" / "s.db")


def test_a_read_only_folder_is_refused_and_can_be_read() -> None:
    # Permissions do not hold for the superuser: another user tries.
    attempt = (
        "import os, sys; from pathlib import Path; import encodings.idna;"
        "from tests.experiments.sweep.test_store import Store, result;"
        "folder = Path(sys.argv[1]); os.getuid() or os.setuid(65534);"
        "print(len(Store(folder / 's.db', create=False).rows()));"
        "exec(sys.argv[2])"
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        Store(folder / "s.db").add([result("a")], "code")
        folder.chmod(0o555)
        for last in ("Store(folder / 'new.db')", "Store(folder / 's.db').add([result('b')], 'c')"):
            done = subprocess.run(
                [sys.executable, "-c", attempt, name, last],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.stdout == "1\n", done.stderr
            assert "cannot be used" in done.stderr
        folder.chmod(0o755)
        assert [row["cell"] for row in Store(folder / "s.db").rows()] == ["a"]


def test_two_writers_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Store(path)
    write = (
        "import sys; from pathlib import Path;"
        "from tests.experiments.sweep.test_store import Store, result;"
        "store = Store(Path(sys.argv[1]));"
        "[store.add([result(f'k{n}')], 'code') for n in range(200)]"
    )
    running = [subprocess.Popen([sys.executable, "-c", write, str(path)]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert len(Store(path).rows()) == 200
