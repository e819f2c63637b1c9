"""`w2s sweep` and `w2s results`."""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.experiments.figures.sweep_plot import losses_figure
from w2s_theory.experiments.sweep.store import Store

RUNNER = CliRunner()
GRID = (
    '[sweep]\nmodel = "relu"\ndim = [3, 4]\nteacher_width = 4\nstudent_width = "inf"\ndraws = 6\n'
)


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "grid.toml").write_text(GRID)
    grid, path = str(folder / "grid.toml"), folder / "s.db"
    asked = ("sweep", grid, "--store", str(path), "--json")
    assert json.loads(invoke(*asked, "--dry-run")[1])["cells"] == 12
    assert not path.exists()
    code, out, err = invoke(*asked)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert {k: found[k] for k in ("cells", "done", "reused", "failed")} == {
        "cells": 12, "done": 12, "reused": 0, "failed": 0
    }  # fmt: skip
    assert json.loads(invoke(*asked)[1])["reused"] == 12
    return path


def test_results_list_narrow_and_aggregate(store: Path) -> None:
    rows = json.loads(invoke("results", "--store", str(store), "--json")[1])["rows"]
    wanted = ("cell", "model", "dim", "teacher_width", "student_width", "target", "rule", "draw")
    wanted += ("teacher_loss", "student_loss", "stopping_time", "pgr", "floor")
    assert set(wanted) <= set(rows[0])
    assert len(rows) == 12
    some = invoke("results", "--store", str(store), "--where", "dim=3", "--json")[1]
    assert {row["dim"] for row in json.loads(some)["rows"]} == {3}
    found = json.loads(invoke("results", "--store", str(store), "--medians", "--json")[1])["rows"]
    assert [row["draws"] for row in found] == [6, 6]
    for row in found:
        assert row["teacher_loss_low"] <= row["teacher_loss"] <= row["teacher_loss_high"]
    assert "teacher_loss" in invoke("results", "--store", str(store))[1]


def test_exponents_are_fitted_and_drawn(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(store.read_bytes())
    with closing(sqlite3.connect(path)) as db, db:  # two widths whose losses lie on two power laws
        db.execute("UPDATE cells SET teacher_width = 8 WHERE draw > 2")
        db.execute("UPDATE cells SET student_loss = 0.5 * teacher_loss * teacher_loss")
        db.execute("UPDATE cells SET student_loss = teacher_loss WHERE dim = 4")
    asked = ("results", "--store", str(path), "--exponents")
    rows = json.loads(invoke(*asked, "--json")[1])["rows"]
    assert [row["exponent"] for row in rows] == pytest.approx([2, 1], rel=1e-12)
    assert [row["constant"] for row in rows] == pytest.approx([0.5, 1], rel=1e-12)
    assert [(row["draws"], row["widths"], row["exponent_low"]) for row in rows] == [
        (6, 2, None)
    ] * 2
    for name, start in (("p.pdf", b"%PDF"), ("p.svg", b"<?xml")):
        assert invoke(*asked, "--plot", str(tmp_path / name))[0] == 0
        assert (tmp_path / name).read_bytes().startswith(start)
    (axes,) = losses_figure(Store(path).rows()).axes
    assert axes.get_legend().get_texts()[0].get_text() == "dim=3: exponent 2.00"
    shown = [row["student_loss"] for row in Store(path).rows()]
    assert min(shown) / 20 < axes.get_ylim()[0] < min(shown)
    assert "plot must be a .png" in invoke(*asked, "--plot", str(tmp_path / "p.gif"))[2]
    none = invoke(*asked, "--plot", str(tmp_path / "q.pdf"), "--where", "dim=9")
    assert (none[0], "leaves no row: dim is 3, 4" in none[2]) == (2, True)
    both = invoke(*asked, "--medians", "--plot", str(tmp_path / "q.pdf"))
    assert (both[0], "--medians and --exponents exclude each other" in both[2]) == (2, True)
    assert not (tmp_path / "q.pdf").exists()


def test_results_are_written_and_compared(store: Path, tmp_path: Path) -> None:
    for name in ("rows.csv", "rows.json", "rows.parquet"):
        code, out, _ = invoke("results", "--store", str(store), "--out", str(tmp_path / name))
        assert (code, out.split(": ")[1]) == (0, "12 rows\n")
    from pyarrow import parquet

    assert parquet.read_table(tmp_path / "rows.parquet").num_rows == 12
    other = tmp_path / "other.db"
    other.write_bytes(store.read_bytes())
    compare = ("results", "--store", str(store), "--against", str(other))
    assert invoke(*compare)[:2] == (0, "0 differences\n")
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("UPDATE cells SET student_loss = 0.25 WHERE draw = 0 AND dim = 3")
    code, out, _ = invoke(*compare)
    assert code == 1
    assert out.splitlines()[0].startswith("model=relu, activation=relu, dim=3, teacher_width=4")
    assert "draw=0: student_loss 0." in out
    for narrow, differing in (("dim=4", 0), ("dim=3", 1)):  # both stores are narrowed
        code, out, _ = invoke(*compare, "--where", narrow, "--json")
        assert (code, len(json.loads(out)["differences"])) == (differing, differing)
    assert invoke(*compare, "--out", "rows.csv")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["results", "--store", "none.db"], "--store must be an existing file"),
        (["sweep", "none.toml", "--store", "s.db"], "no such file"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], message: str) -> None:
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_bad_options_of_results(store: Path, tmp_path: Path) -> None:
    for option, value, message in (
        ("--where", "size=3", "--where must be one of model"),
        ("--where", "dim=9", "--where 'dim=9' leaves no row: dim is 3, 4"),
        ("--plot", str(tmp_path / "no" / "p.svg"), "in an existing folder"),
        ("--out", str(tmp_path / "rows.txt"), "--out must end in .csv"),
    ):
        code, _, err = invoke("results", "--store", str(store), option, value)
        assert code == 2
        assert message in err


def test_constant_columns_stand_once_and_a_median_with_its_interval(store: Path) -> None:
    out = invoke("results", "--store", str(store), "--medians")[1].splitlines()
    assert out[0].startswith("model relu, activation relu, teacher_width 4, student_width inf")
    assert out[0].endswith("rule flow, seed 0")  # neither top nor the code of now
    assert out[1].split() == [
        "dim", "draws", "teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa"
    ]  # fmt: skip
    assert out[3].startswith("3    6      0.")
    assert " to 0." in out[3]
    assert max(map(len, out)) < 170


def test_cells_that_failed_are_told(tmp_path: Path) -> None:
    path = str(tmp_path / "s.db")
    Store(tmp_path / "s.db")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("""INSERT INTO failures VALUES ('k', '{"dim": 3}', 'MemoryError: 745 GiB')""")
    assert invoke("results", "--store", path)[1] == "no rows; 1 cells failed (--failures)\n"
    told = json.loads(invoke("results", "--store", path, "--failures", "--json")[1])
    assert told == {"failures": [{"cell": {"dim": 3}, "error": "MemoryError: 745 GiB"}]}
    assert "none.csv" in invoke("results", "--store", path, "--out", "none.csv")[2]


def test_no_failures_and_no_pyarrow_are_said(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("results", "--store", str(store), "--failures")[1] == "no cell failed\n"
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    out = tmp_path / "rows.parquet"
    code, _, err = invoke("results", "--store", str(store), "--out", str(out))
    assert (code, "pip install 'w2s_theory[files]'" in err, out.exists()) == (2, True, False)


def test_a_grid_may_begin_with_a_byte_order_mark(store: Path, tmp_path: Path) -> None:
    (tmp_path / "grid.toml").write_text(GRID, encoding="utf-8-sig")
    code, out, _ = invoke("sweep", str(tmp_path / "grid.toml"), "--store", str(store))
    assert (code, out) == (0, "12 cells: 0 done, 12 reused, 0 failed\n")
