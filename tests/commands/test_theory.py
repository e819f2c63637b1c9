"""`w2s list, show, floor, falsify`: output, JSON and bad input."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.ledger.registry import load
from w2s_theory.regression.links import check_files

RUNNER = CliRunner()


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_list_json() -> None:
    code, out, _ = invoke("list", "--json")
    assert code == 0
    rows = json.loads(out)["statements"]
    assert [row["id"] for row in rows] == list(load())
    assert set(rows[0]) == {"id", "kind", "title", "source", "uses", "needs", "status"}


@pytest.mark.parametrize("key", list(load()))
def test_show_says_source_and_links(key: str) -> None:
    code, out, _ = invoke("show", key)
    assert code == 0
    entry = load()[key]
    for said in (
        entry.source.value,
        entry.title,
        *check_files(entry),
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
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], message: str) -> None:
    code, out, err = invoke(*arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert len(err.strip().splitlines()) == 1


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
        ("L_ST >= 0.75*L_TE^2", "NOT_REFUTED", 0),
        ("student_norm2 <= student_teacher", "NOT_REFUTED", 0),
        ("4*L_ST >= (sqrt(1 + 3*L_TE) - sqrt(1 - L_TE))^2", "NOT_REFUTED", 0),
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
        ([], "give either the ID of a statement or --claim"),
        (["thm-4.1", "--claim", "L_ST >= 0"], "give either"),
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


def test_help_loads_no_heavy_library() -> None:
    heavy = "('sympy', 'numpy', 'scipy', 'flint', 'matplotlib')"
    code = f"import sys, w2s_theory.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
