"""`w2s falsify`: statements and mutants attacked, conjectures answered, bad input in one line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app

RUNNER = CliRunner()


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_falsify_refutes_a_mutant_and_not_the_theorem() -> None:
    code, out, _ = invoke("falsify", "thm-4.1", "--mutant", "c-0.76", "--seed", "0", "--json")
    assert code == 1
    assert json.loads(out)["verdict"] == "REFUTED"
    code, out, _ = invoke("falsify", "thm-4.1", "--tries", "30", "--seed", "0", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["verdict"] == "NOT_REFUTED"
    assert found["counterexample"] is None


@pytest.mark.parametrize(
    ("key", "mutant", "attacked"),
    [
        ("spec-kernel", "sign", ""),  # a sum over degrees
        ("spec-coefficients", "two", ""),  # an integral
        ("spec-limit", "scale", ""),  # a limit
        ("spec-rodrigues", "two", ""),  # a derivative
        ("optimality", "no-noise", "counterexample"),
    ],
)
def test_falsify_attacks_whatever_a_claim_contains(key: str, mutant: str, attacked: str) -> None:
    common = ("--seed", "0", "--tries", "10")
    code, out, _ = invoke("falsify", key, "--mutant", mutant, *common)
    assert code == 1
    assert "REFUTED in" in out
    assert attacked in out
    code, out, _ = invoke("falsify", key, *common)
    assert (code, "NOT_REFUTED in" in out) == (0, True)


@pytest.mark.parametrize(
    ("claim", "verdict", "code"),
    [
        ("L_ST >= 0.8*L_TE^2", "REFUTED", 1),
        ("L_ST >= L_TE**2.1", "REFUTED", 1),
        ("L_ST <= L_TE", "REFUTED", 1),
        ("L_ST >= 0.75*L_TE^2", "PROVED", 0),
        ("student_norm2 <= student_teacher", "NOT_REFUTED", 0),
        ("4*L_ST >= (sqrt(1 + 3*L_TE) - sqrt(1 - L_TE))^2", "PROVED", 0),
        ("sqrt(L_TE - 1/2) >= 0", "NOT_REFUTED", 0),
        ("1/(L_TE - L_ST) <= 3", "REFUTED", 1),
        ("log(L_TE - 1) <= 1", "VACUOUS", 3),
    ],
)
def test_a_conjecture_of_ones_own(claim: str, verdict: str, code: int) -> None:
    found = invoke("falsify", "--claim", claim, "--seed", "0", "--tries", "40", "--json")
    assert found[0] == code
    payload = json.loads(found[1])
    assert payload["verdict"] == verdict
    assert (payload["counterexample"] is not None) == (verdict == "REFUTED")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of ID, --claim and --recheck"),
        (["thm-4.1", "--claim", "L_ST >= 0"], "give one of"),
        (["--claim", "L_ST"], "claim must be one inequality"),
        (["--claim", "0 <= L_ST <= 1"], "claim must be one inequality"),
        (["--claim", "2 >= 1"], "claim must speak of L_TE, L_ST"),
        (["--claim", "L_ST >= L"], "got 'L'"),
        (["--claim", "L_SS >= 0"], "got 'L_SS'; did you mean L_ST"),
        (["--claim", "sqrt(-1 - L_TE^2) >= 0"], "real and finite throughout"),
        (["--claim", "__import__('os') >= L_ST"], "expression must"),
        (["--claim", "L_ST >= 9**9**9"], "powers must stay within"),
    ],
    ids=str,
)
def test_a_bad_conjecture_is_one_line_and_exit_2(arguments: list[str], message: str) -> None:
    code, out, err = invoke("falsify", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_a_counterexample_can_be_read_and_rechecked(tmp_path: Path) -> None:
    asked = ("--claim", "L_ST >= 0.92*L_TE^2", "--when", "L_TE <= 1/10")
    code, out, _ = invoke("falsify", *asked)
    assert code == 1
    for said in ("REFUTED", "L_TE  = 0.1", "L_ST  = 0.0091673086804", "f_S   = (0.907627662"):
        assert said in out
    stored = tmp_path / "found.json"
    stored.write_text(invoke("falsify", *asked, "--json")[1])
    assert invoke("falsify", "--recheck", str(stored))[0] == 1
    payload = json.loads(stored.read_text()) | {"claims": ["L_ST >= 0.91*L_TE^2"]}
    stored.write_text(json.dumps(payload))
    code, out, _ = invoke("falsify", "--recheck", str(stored))
    assert (code, out) == (0, "PROVED: the claims hold there\n")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("L_ST >= 0.75*L_TE^2", "PROVED: for every setting\n"),
        ("L_TE/L_TE >= 1", "PROVED: for every setting in which it has a value\n"),
        ("L_ST >= sqrt(L_TE - 1/2) - 10", "PROVED: for every setting in which it has a value\n"),
    ],
)
def test_a_proof_says_of_which_settings_it_speaks(claim: str, said: str) -> None:
    assert said in invoke("falsify", "--claim", claim)[1]


def test_a_search_says_how_much_was_tested() -> None:
    asked = ("--claim", "student_norm2 <= student_teacher", "--when", "misfit >= 9/10")
    code, out, _ = invoke("falsify", *asked, "--seed", "0", "--tries", "4000")
    assert code == 0
    assert "NOT_REFUTED: " in out
    assert "warning: under a fifth" in out


def test_options_that_do_not_apply_are_refused() -> None:
    for arguments, message in (
        (("thm-4.1", "--when", "L_TE <= 1/2"), "--when and --assume go with --claim"),
        (("--claim", "L_ST >= 0", "--mutant", "strict"), "--mutant goes with an ID"),
        (("--recheck", "no-such-file.json"), "no such file"),
        (("--claim", "L_ST >= 0", "--assume", "chian:2"), "did you mean chain:N"),
    ):
        code, out, err = invoke("falsify", *arguments)
        assert (code, out) == (2, "")
        assert message in err
        assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "asked",
    [
        ("--claim", "L_ST >= 0.92*L_TE^2", "--when", "L_TE <= 1/10"),
        ("thm-4.1", "--mutant", "c-0.76", "--seed", "0"),
    ],
)
def test_a_counterexample_is_drawn(tmp_path, asked):
    plot = tmp_path / "example.svg"
    code, _, _ = invoke("falsify", *asked, "--plot", str(plot))
    assert code == 1
    drawn = plot.read_text()
    assert "<svg" in drawn
    assert "this example" in drawn
    assert "intervals" not in drawn


@pytest.mark.parametrize(
    ("asked", "plot", "message"),
    [
        (("--claim", "L_ST >= 0.75*L_TE^2"), "a.svg", "none was found"),
        (("--claim", "L_ST >= L_TE^2", "--assume", "chain:2"), "a.svg", "is a chain"),
        (("thm-4.1", "--mutant", "c-0.76"), "a.txt", "plot must be a .png, .pdf, .svg file"),
        (("thm-4.1", "--mutant", "c-0.76"), "no/a.svg", "in an existing folder"),
    ],
)
def test_what_cannot_be_drawn_is_told(tmp_path, asked, plot, message):
    code, _, err = invoke("falsify", *asked, "--plot", str(tmp_path / plot))
    assert code == 2
    assert message in err
    assert not (tmp_path / plot).exists()
