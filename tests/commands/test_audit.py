"""`w2s audit`: one constant, one statement's, by digits; numbers of one's own."""

import json

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app

RUNNER = CliRunner()


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, ["audit", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("what", "ids"),
    [
        ("beta-32", ["beta-32"]),
        ("cor-1", []),
        ("0.559301", ["chain-ratio-2"]),
        ("0.559", ["chain-ratio-2"]),
        ("1.4559", ["beta-32"]),  # rounded
        ("1.4558", ["beta-32"]),  # cut
        ("1.4e0", ["beta-32", "sharper-beta-32"]),
    ],
)
def test_which_constant_is_it(what: str, ids: list[str]) -> None:
    code, out, _ = invoke(what, "--json")
    found = [row["id"] for row in json.loads(out)["constants"]]
    assert set(ids) <= set(found)
    assert code == 0
    if what != "cor-1":
        assert found == ids or what == "1.4e0"
        assert f"{ids[0]}: " in invoke(what)[1]


def test_digits_that_no_constant_has() -> None:
    code, out, _ = invoke("0.5593012")
    assert code == 1
    assert "no constant has these digits; the nearest is chain-ratio-2" in out
    assert invoke("0.5593012", "--json")[0] == 1


@pytest.mark.parametrize(
    ("expr", "expect", "code"),
    [
        ("1 + 31/(2*34)", "1.4559", 0),
        ("1 + 31/(2*34)", "1.4558", 1),
        ("beta_32", "1.45588", 0),
        ("2*beta_32 - beta_148", "1.421765", 0),
        ("chain_ratio_2", "0.559301105813372487308142597081", 0),
        ("chain_ratio_2", "0.559301105813372487308142597082", 1),
        ("1/2", "0.5", 0),
        ("1/2000", "0.001", 0),  # a tie, of a number that no ball is
        ("1/2000", "0.002", 1),
    ],
)
def test_an_expected_value(expr: str, expect: str, code: int) -> None:
    found = invoke("--expr", expr, "--expect", expect, "--json")
    assert found[0] == code
    assert json.loads(found[1])["agrees"] == (code == 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["betta-32"], "did you mean beta-32"),
        (["0x10"], "WHAT must be a constant, a statement or a decimal number"),
        (["beta-32", "--latex"], "WHAT goes with"),
        (["--expect", "1"], "--expect goes with --expr"),
        (["--expr", "2", "--expect", "two"], "--expect must be a decimal number"),
        (["--expr", "betta_32"], "got 'betta_32'"),
        (["beta-32", "--expr", "2"], "--expr goes with"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], message: str) -> None:
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1
