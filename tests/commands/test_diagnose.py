"""`w2s diagnose`: the keys of its JSON, what it prints, exit codes and the plot."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.diagnose.test_judgement import least_squares_teacher, noisy, plane
from w2s_theory.cli import app

RUNNER = CliRunner()
KEYS = [
    *("examples", "outputs", "teacher_loss", "student_loss", "pgr", "pgr_ceiling", "floor"),
    *("instance_floor", "misfit", "teacher_gap", "student_gap", "student_norm2", "teacher_norm2"),
    *("target_norm2", "verdict", "reasons"),
]


@pytest.fixture
def saved(tmp_path):
    def save(**columns):
        np.savez(tmp_path / "run.npz", **columns)
        return str(tmp_path / "run.npz")

    return save


def invoke(*arguments):
    result = RUNNER.invoke(app, ["diagnose", *arguments])
    return result.exit_code, result.stdout, result.stderr


def within(count=200):
    f = plane(count)
    return {
        "target": f(1, 0),
        "teacher": least_squares_teacher(f, 0.3),
        "student": f(0.7, 0.3),
        "gold": f(0.99, 0),
        "zero": f(0.01, 0.01),
    }


def test_json_has_the_stated_keys_and_is_alone_on_standard_output(saved):
    code, out, err = invoke(saved(**within()), "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert set(KEYS) <= set(found)
    assert (found["examples"], found["outputs"], found["verdict"]) == (200, 1, "within the limit")
    assert found["teacher_loss"]["estimate"] == pytest.approx(0.3)
    assert found["ceiling_loss"] is found["start_loss"] is None
    for key in ("pgr", "student_gap", "target_norm2"):
        assert list(found[key]) == ["estimate", "low", "high"]
        assert found[key]["low"] <= found[key]["estimate"] <= found[key]["high"]


def test_every_figure_is_printed_with_its_interval_and_the_verdict_with_reasons(saved):
    path = saved(**within())
    code, out, _ = invoke(path, "--ceiling", "gold", "--start", "zero", "--level", "0.9")
    assert code == 0
    for name in ("L_TE", "L_ST", "L_ceiling", "PGR", "thm-4.1-instance", "pretrained", "misfit"):
        assert name in out
    assert "200 examples; relative to ||f*||^2 = 1; 90% intervals" in out
    assert "verdict: within the limit\n  - L_ST 0.18 is " in out
    code, out, _ = invoke(path, "--ceiling", "teacher", "--teacher", "gold")
    assert (code, "undefined" in out) == (0, True)


@pytest.mark.parametrize(
    ("columns", "code", "verdict"),
    [
        (within() | {"student": within()["gold"]}, 1, "below the limit"),
        (dict(zip(("target", "teacher", "student"), noisy(60, 1), strict=True)), 3, "undecided"),
    ],
    ids=["below", "undecided"],
)
def test_the_exit_code_tells_the_verdict(saved, columns, code, verdict):
    found, out, _ = invoke(saved(**columns), "--json")
    assert (found, json.loads(out)["verdict"]) == (code, verdict)


def test_checkpoints_have_a_table_and_a_plot(saved, tmp_path):
    f = plane(400)
    steps = {f"step_{k}": f(0.7 * (1 - 0.1**k), 0.4 * (1 - 0.9**k)) for k in (1, 2, 10)}
    columns = within(400) | steps
    del columns["student"]
    plot = tmp_path / "run.svg"
    code, out, _ = invoke(saved(**columns), "--student", "step_*", "--plot", str(plot))
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if line[:2] in ("1 ", "2 ", "10")] == [
        *("1", "2", "10")
    ]
    assert "agreement with the teacher would have chosen the last, 10" in out
    assert plot.read_text().rstrip().endswith("</svg>")
    code, out, _ = invoke(saved(**columns), "--student", "step_*", "--json")
    found = json.loads(out)
    assert [row["checkpoint"] for row in found["checkpoints"]] == ["1", "2", "10"]
    assert (found["best_checkpoint"], found["agreement_checkpoint"]) == ("2", "10")
    assert found["student_loss"] == found["checkpoints"][1]["student_loss"]


def test_groups_weights_and_drop(saved):
    columns = within()
    columns["target"] = columns["target"].copy()
    columns["target"][0] = np.nan
    columns |= {"w": np.ones(200), "g": np.arange(200) // 2}
    path = saved(**columns)
    code, _, err = invoke(path)
    assert (code, err.count("\n")) == (2, 1)
    assert "1 of 200 rows have NaN" in err
    code, out, _ = invoke(path, "--drop", "--weights", "w", "--groups", "g", "--json")
    found = json.loads(out)
    assert (code, found["examples"], found["dropped"], found["groups"]) == (0, 199, 1, 100)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--plot", "/nowhere/x.png"], "plot must be"),
        (["--plot", "x.gif"], "plot must be"),
        (["--level", "1.5"], "level must be in [0.5, 0.999], got 1.5"),
        (["--inputs", "new"], "inputs must be test or training, got 'new'"),
        (["--seed", "-1"], "seed must be an integer >= 0"),
        (["--teacher", "nobody"], "teacher: no column 'nobody'; there are 'target', 'teacher'"),
    ],
    ids=str,
)
def test_bad_options_are_one_line_and_exit_2(saved, options, message):
    code, out, err = invoke(saved(**within()), *options)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1
