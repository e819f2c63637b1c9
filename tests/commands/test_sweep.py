"""`w2s sweep` and `w2s results`."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app

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
    import sqlite3

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
    assert b"dim=3: exponent 2.00" in (tmp_path / "p.svg").read_bytes().replace(b"\xc2\xa0", b" ")
    assert "must be png" in invoke(*asked, "--plot", str(tmp_path / "p.gif"))[2]
    none = invoke(*asked, "--plot", str(tmp_path / "p.pdf"), "--where", "dim=9")
    assert (none[0], "got 0: narrow" in none[2]) == (2, True)
    assert invoke(*asked, "--medians")[0] == 2


def test_results_are_written_and_compared(store: Path, tmp_path: Path) -> None:
    for name in ("rows.csv", "rows.json", "rows.parquet"):
        code, out, _ = invoke("results", "--store", str(store), "--out", str(tmp_path / name))
        assert (code, out.split(": ")[1]) == (0, "12 rows\n")
    from pyarrow import parquet

    assert parquet.read_table(tmp_path / "rows.parquet").num_rows == 12
    other = tmp_path / "other.db"
    other.write_bytes(store.read_bytes())
    import sqlite3

    compare = ("results", "--store", str(store), "--against", str(other))
    assert invoke(*compare)[:2] == (0, "0 differences\n")
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("UPDATE cells SET student_loss = 0.25 WHERE draw = 0 AND dim = 3")
    code, out, _ = invoke(*compare)
    assert code == 1
    assert "student_loss" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["results", "--store", "none.db"], "--store must be an existing file"),
        (["sweep", "none.toml", "--store", "s.db"], "No such file"),
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
        ("--out", str(tmp_path / "rows.txt"), "--out must end in .csv"),
    ):
        code, _, err = invoke("results", "--store", str(store), option, value)
        assert code == 2
        assert message in err
