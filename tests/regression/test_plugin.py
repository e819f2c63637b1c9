"""The regression as its user runs it: selection, errors, and a broken theorem that must fail."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from w2s_theory.regression.gathering import Gathering
from w2s_theory.regression.outcome import QUICK
from w2s_theory.regression.plugin import choose_seed
from w2s_theory.regression.stored import ours

ROOT = Path(__file__).parents[2]


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *([] if any(a.startswith("checks/") for a in arguments) else ["checks/"]),
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={tmp_path / 'report.xml'}",
            f"--report={tmp_path / 'report.json'}",
            *arguments,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_one_statement_with_its_mutants(tmp_path: Path) -> None:
    done = run(tmp_path, "--statement", "thm-4.1-best")
    assert done.returncode == 0, done.stdout
    report = json.loads((tmp_path / "report.json").read_text())
    assert [entry["id"] for entry in report["statements"]] == ["thm-4.1-best"]
    assert all(kill["killed_by"] for kill in report["mutants"])
    assert len(report["mutants"]) == 3
    assert "thm-4.1-best" in (tmp_path / "report.xml").read_text()


@pytest.mark.slow
def test_one_file_speaks_of_its_own_statements_only(tmp_path: Path) -> None:
    done = run(tmp_path, "checks/test_networks.py", "--mutants", "with")
    assert done.returncode == 0, done.stdout
    report = json.loads((tmp_path / "report.json").read_text())
    assert [entry["id"] for entry in report["statements"]] == ["lem-ls", "thm-4.1", "cor-1"]
    assert report["partial"]
    assert f"seed {report['seed']})" in done.stdout
    # All have checks in another file too, so their mutants are not judged by this one.
    assert report["mutants"] == []


def test_one_kind_of_evidence(tmp_path: Path) -> None:
    done = run(tmp_path, "--evidence", "symbolic", "--statement", "lem-ls", "--seed", "7")
    assert done.returncode == 0, done.stdout
    assert "partial run" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["seed"] == 7


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [(None, {"CI": "1"}, {0}), (None, {"W2S_DERANDOMIZE": "1"}, {0}), (5, {"CI": "1"}, {5})],
)
def test_the_seed_is_fixed_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    given: int | None,
    environment: dict[str, str],
    expected: set[int],
) -> None:
    assert _seeds(monkeypatch, given, environment) == expected


def test_the_seed_is_fresh_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(_seeds(monkeypatch, None, {}) | _seeds(monkeypatch, None, {})) == 2


def _seeds(
    monkeypatch: pytest.MonkeyPatch, given: int | None, environment: dict[str, str]
) -> set[int]:
    for name in ("CI", "W2S_DERANDOMIZE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return {choose_seed(given)}


CHECK = """
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.outcome import check

@check("lem-ls", Evidence.PROPERTY)
def test_one(statement, profile):
    return True
"""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--statement", "thm-4.3"], "did you mean thm-4.2"),
        (["--evidence", "hearsay"], "must be one of formal, symbolic"),
        (["--profile", "slow"], "must be one of quick, full"),
        (["--mutants", "maybe"], "must be with, without or only"),
        (["--statement", "spec-rodrigues", "--evidence", "formal"], "no check is selected"),
    ],
)
def test_bad_selection_is_an_error(
    pytester: pytest.Pytester, arguments: list[str], message: str
) -> None:
    pytester.makeconftest('pytest_plugins = ["w2s_theory.regression.plugin"]')
    pytester.makepyfile(test_made=CHECK)
    done = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--report=r.json", *arguments)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"*{message}*"])
    assert not (pytester.path / "r.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "statement"),
    [
        (
            "QUADRATIC_CONSTANT = Rational(3, 4)",
            "QUADRATIC_CONSTANT = Rational(7501, 10000)",
            "thm-4.1",
        ),
        ("QUADRATIC_EXPONENT = Integer(2)", "QUADRATIC_EXPONENT = Rational(199, 100)", "thm-4.1"),
        (
            "SHRINKAGE_LIMIT = (s.UNIT_TARGET, s.TEACHER_SHRINKS, s.STUDENT_SHRINKS)",
            "SHRINKAGE_LIMIT = (s.UNIT_TARGET, s.STUDENT_SHRINKS)",
            "thm-4.1",
        ),
    ],
)
def test_a_broken_theorem_fails(tmp_path: Path, old: str, new: str, statement: str) -> None:
    """The repository with one line of the ledger changed: `pytest checks/` must say REFUTED."""
    copy = tmp_path / "copy"
    # Not what other processes write and take away meanwhile: byte code, caches, reports.
    skip = shutil.ignore_patterns("__pycache__", "*.vo*", "*.glob", ".*")
    for folder in ("w2s_theory", "proofs", "checks"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=skip)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    changed = 0
    for path in (copy / "w2s_theory" / "ledger").glob("*.py"):
        text = path.read_text()
        if old in text:
            changed += 1
            text = text.replace(old, new).replace(
                "assumes=dropped(SHRINKAGE_LIMIT, s.TEACHER_SHRINKS)", "assumes=()"
            )
            path.write_text(text)
    assert changed == 1
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "checks/", "-q", "--statement", statement,
         "--mutants", "without", "-p", "no:cacheprovider"],
        cwd=copy,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "verdict: REFUTED" in done.stdout


def test_a_check_that_returns_no_outcome_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["w2s_theory.regression.plugin"]')
    pytester.makepyfile(test_made=CHECK)
    result = pytester.runpytest("-p", "no:cacheprovider", "--mutants=without")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a check must return an Outcome, test_one returned True"])


@pytest.mark.parametrize(
    ("most", "failures", "broken", "end"),
    [(0, "b", "", None), (1, "b", "", 2), (1, "", "", None), (2, "ac", "", 3), (2, "a", "x", 1)],
)
def test_a_run_in_order_ends_with_the_failure_that_is_one_too_many(most, failures, broken, end):
    config = SimpleNamespace(getoption={"maxfail": most}.get)
    gathering = Gathering(config, QUICK, ours(), order=("a", "b", "c"))
    gathering.failures.update(failures)
    gathering.broken.update(dict.fromkeys(broken))
    assert gathering._end() == end


PROVES_ALL = """
from w2s_theory.certify import Verdict
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.outcome import Outcome, check

@check("lem-ls", Evidence.SYMBOLIC)
def test_proof(statement, profile):
    return Outcome(verdict=Verdict.PROVED)

@check("lem-ls", Evidence.PROPERTY)
def test_search(statement, profile):
    return Outcome(verdict=Verdict.REFUTED if statement.mutant_of else Verdict.PROVED)
"""


def test_a_mutant_that_is_proved_survives_whatever_refutes_it(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["w2s_theory.regression.plugin"]')
    pytester.makepyfile(test_made=PROVES_ALL)
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=len(ours().ledger["lem-ls"].mutants))
    result.stdout.fnmatch_lines(["*mutant is proved: lem-ls~*"])
