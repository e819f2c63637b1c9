"""`w2s ceiling`: the bound beside the measurement, JSON, and bad input."""

import json

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.commands import ceiling as command
from w2s_theory.models.teacher import DependentFeaturesError
from w2s_theory.theorems.leverage import ceiling

RUNNER = CliRunner()


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, ["ceiling", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_bound_and_measurement() -> None:
    arguments = ("relu", "--dim", "2", "--teacher-width", "128", "--delta", "0.1", "--draws", "2")
    code, out, err = invoke(*arguments)
    assert (code, err) == (0, "")
    found = json.loads(invoke(*arguments, "--json")[1])
    bound = ceiling(2, 128, 0.1)
    assert found["student"] == bound.student < 1
    assert found["measured"]["student"] < bound.student
    assert found["measured"]["floor"] <= found["measured"]["student"]
    assert f"L_ST at most             {bound.student:.3g}" in out
    assert f"from M = {bound.width_from} on" in out


def test_what_floats_cannot_measure_is_bounded_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def dependent(*_: object) -> None:
        raise DependentFeaturesError("features must be independent, got 0 of 3 (--rank-revealing)")

    monkeypatch.setattr(command, "_simulated", dependent)
    code, out, err = invoke("relu", "--dim", "2", "--teacher-width", "128")
    assert (code, err) == (0, "")
    assert "L_TE at most  " in out
    assert out.endswith("not measured: features must be independent, got 0 of 3\n")
    told = json.loads(invoke("relu", "--dim", "2", "--teacher-width", "128", "--json")[1])
    assert told["measured"] is None


@pytest.mark.parametrize(
    ("delta", "said"),
    [("0.05", "0.95"), ("1e-300", "1 - 1e-300"), ("1", "0"), ("1e-7", "1 - 1e-07")],
)
def test_the_probability_is_not_rounded_up(delta: str, said: str) -> None:
    out = invoke("relu", "--dim", "3", "--delta", delta, "--draws", "0")[1]
    assert f"with probability at least {said} over the features" in out


def test_a_bound_that_says_nothing_says_so() -> None:
    code, out, _ = invoke("relu", "--dim", "8", "--teacher-width", "64", "--draws", "0")
    assert code == 0
    assert "L_ST at most             1, which says nothing" in out
    assert "measured" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("linear",), "model must be relu"),
        (("relu", "--dim", "1"), "dim must be"),
        (("relu", "--delta", "0"), "--delta must be in (0, 1], got 0.0"),
        (("relu", "--delta", "nan"), "--delta must be in (0, 1], got nan"),
        (("relu", "--target", "3"), "--target must be even or 1, got 3"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, message) -> None:
    code, out, err = invoke(*arguments, "--draws", "0")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
