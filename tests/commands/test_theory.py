"""`w2s list, show, floor`: output, JSON and bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.ledger.registry import load
from w2s_theory.regression.links import check_files
from w2s_theory.regression.stored import ours

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _nothing_was_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_list_json() -> None:
    code, out, _ = invoke("list", "--json")
    assert code == 0
    rows = json.loads(out)["statements"]
    assert [row["id"] for row in rows] == list(load())
    keys = {"id", "kind", "title", "source", "uses", "needs", "status", "inherited", "when"}
    assert set(rows[0]) == keys
    assert {row["status"] for row in rows} == {"not run"}


@pytest.mark.parametrize("key", list(load()))
def test_show_says_source_and_links(key: str) -> None:
    code, out, _ = invoke("show", key)
    assert code == 0
    entry = load()[key]
    for said in (
        entry.source.value,
        entry.title,
        *check_files(entry, ours()),
        *(m.change for m in entry.mutants),
    ):
        assert said in out
    assert invoke("show", key, "--latex")[1].strip() == entry.latex
    assert json.loads(invoke("show", key, "--json")[1])["id"] == key


def test_floor_json_keys_and_values() -> None:
    code, out, _ = invoke("floor", "0.1", "--chain", "4", "--json")
    assert code == 0
    found = json.loads(out)
    assert list(found) == [
        "teacher_loss",
        "teacher_loss_exact",
        "floor",
        "quadratic_floor",
        "bounded_floor",
        "chain",
        "chain_floor",
    ]
    assert found["chain"] == 4
    assert found["bounded_floor"] < found["chain_floor"] < found["floor"]
    certified = json.loads(invoke("floor", "1/10", "--digits", "30", "--json")[1])
    assert set(certified["floor"]) == {"mid", "rad", "digits"}
    assert certified["floor"]["digits"] >= 30


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "thm-4.3"], "did you mean"),
        (["floor", "1e-999999999"], "must be above 1e-100000 or 0"),
        (["floor", "1.5"], "must be in [0, 1], got 1.5"),
        (["floor", "nan"], "must be a number in [0, 1]"),
        (["floor", "inf"], "must be a number in [0, 1]"),
        (["floor", "0.1", "--chain", "0"], "chain must be an integer >= 1"),
        (["floor", "0.1", "--digits", "0"], "digits must be an integer >= 1"),
        (["falsify", "thm-4.1", "--mutant", "nope"], "mutant must be one of"),
        (["falsify", "thm-4.1", "--tries", "0"], "tries must be an integer >= 1"),
        (["check", "thm-4.3"], "did you mean"),
        (["falsify", "kappa-width"], "cannot be attacked: no setting that can be drawn determines"),
        (["show", "thm-4.1", "--latex", "--json"], "--latex prints no JSON object"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], message: str) -> None:
    code, out, err = invoke(*arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_help_loads_no_heavy_library() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "w2s_theory.cli", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"sympy", "numpy", "scipy", "flint", "matplotlib", "hypothesis", "pytest"}
