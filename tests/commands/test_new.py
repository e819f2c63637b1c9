"""A theory of one's own: `w2s new` makes one, pytest judges it, and every command speaks of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app

ROOT = Path(__file__).parents[2]


def invoke(*arguments):
    result = CliRunner().invoke(app, [*arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The folder of a new theory, in which the commands are run."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    code, out, _ = invoke("new", str(tmp_path / "misfit-paper"), "--json")
    assert code == 0
    assert "misfit_paper/statements.py" in json.loads(out)["files"]
    monkeypatch.chdir(tmp_path / "misfit-paper")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("CI", "1")
    yield tmp_path / "misfit-paper"
    for name in [n for n in sys.modules if n.partition(".")[0] in ("misfit_paper", "second")]:
        del sys.modules[name]


def pytest_in(folder, *arguments, before=()):
    """What pytest prints in the folder, and its exit code."""
    command = [*before, sys.executable, "-B", "-m", "pytest", "-q", *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr, done.returncode


# --- a new one ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["3d", "a b", "class", "checks", "json", "π", "w2s-theory"])
def test_a_folder_whose_name_no_package_can_have_is_refused(tmp_path, name):
    code, _, err = invoke("new", str(tmp_path / name))
    assert code == 2
    assert "DIR must end in a name that a package of your own can have" in err
    assert not (tmp_path / name).exists()


def test_a_folder_that_is_not_empty_is_refused(project):
    kept = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    code, _, err = invoke("new", str(project))
    assert (code, "must be empty or absent" in err) == (2, True)
    assert kept == {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


def test_every_command_speaks_of_it(project):
    code, out, _ = invoke("list", "--json")
    rows = json.loads(out)["statements"]
    assert [row["id"] for row in rows] == ["misfit", "misfit-inequality"]
    assert {row["status"] for row in rows} == {"not run"}
    assert "checks   tests/test_evidence.py" in invoke("show", "misfit-inequality")[1]
    assert "unknown statement 'thm-4.1'" in invoke("show", "thm-4.1")[2]
    assert invoke("show", "thm-4.1", "--theory", "w2s_theory")[0] == 0
    code, out, _ = invoke("falsify", "misfit-inequality", "--mutant", "twice", "--seed", "0")
    assert (code, "REFUTED" in out) == (1, True)
    code, out, _ = invoke("falsify", "misfit-inequality", "--seed", "0", "--tries", "50")
    assert (code, "NOT_REFUTED" in out) == (0, True)
    assert json.loads(invoke("audit", "--json")[1]) == {"constants": []}
    assert invoke("export", "latex", "--out", "report")[0] == 0
    main = Path("report/main.tex").read_text()
    assert r"\input{statements/misfit-inequality}" in main
    assert "random feature networks" not in main
    assert invoke("export", "html", "--out", "site")[0] == 0
    assert sorted(p.stem for p in Path("site/statements").iterdir()) == [row["id"] for row in rows]
    assert "prove_misfit_inequality" in Path("site/statements/misfit-inequality.html").read_text()
    assert sorted(p.name for p in Path("site").glob("*.html")) == ["index.html"]
    index = Path("site/index.html").read_text()
    for of_the_package in ("Theorem 4.1", "thm-", "errata", "constants", "figures", "monte-carlo"):
        assert of_the_package not in index


SECOND = """
from pathlib import Path

from sympy import Ge, Integer, Rational

from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.statement import Evidence, Kind, Mutant, Source, Statement
from w2s_theory.ledger.theories import Theory

STATEMENTS = (
    Statement(
        id="half", kind=Kind.COROLLARY, title="Half of the square", source=Source.EXTENSION,
        text="L_ST >= L_TE^2 / 2.", claim=(Ge(q.L_ST, q.L_TE**2 / 2),),
        assumes=(s.UNIT_TARGET, s.TEACHER_SHRINKS, s.STUDENT_SHRINKS), uses=("thm-4.1",),
        needs=(Evidence.PROPERTY,), reference="Corollary 1", checks=("tests/test_half.py",),
        mutants=(Mutant("all", "1/2 -> 1", claim=(Ge(q.L_ST, q.L_TE**2),)),),
    ),
)


def declared():
    return [Constant(
        id="half-of-it", latex="c", meaning="the constant", expr=Rational(1, 2), home="second",
        source=Source.EXTENSION, reference="Corollary 1", sharpness=Sharpness.IMPROVABLE,
        remark="to 3/4", statements=("half",),
    )]


THEORY = Theory(
    name="second", parts=("second",), root=Path(__file__).parent, constants=("second",),
    on_top=True,
)
"""


def test_a_theory_on_top_of_the_packages(project):
    Path("second.py").write_text(SECOND)
    of_it = ("--theory", "second:THEORY")
    code, out, _ = invoke("list", "--json", *of_it)
    rows = json.loads(out)["statements"]
    assert (code, rows[0]["id"], rows[-1]["id"]) == (0, "def-1", "half")
    shown = json.loads(invoke("show", "half", "--json", *of_it)[1])
    assert "thm-4.1" in shown["ancestors"]
    assert shown["checks"] == ["tests/test_half.py"]
    below = json.loads(invoke("show", "thm-4.1", "--json", *of_it)[1])
    assert "checks/test_limits.py" in below["checks"]
    constants = json.loads(invoke("audit", "half", "--json", *of_it)[1])["constants"]
    assert [(row["id"], row["evidence"]) for row in constants] == [("half-of-it", ["property"])]
    assert invoke("falsify", "half", "--mutant", "all", "--seed", "0", *of_it)[0] == 1


# --- judged by pytest -----------------------------------------------------------------------------


def verdict(said):
    return next(line for line in said.splitlines() if line.startswith("verdict: "))


@pytest.mark.slow
def test_pytest_at_once_ends_in_the_table_and_a_verdict(project):
    (project / "tests/test_ordinary.py").write_text("def test():\n    assert True\n")
    said, code = pytest_in(project, "-n2")
    assert code == 0, said
    assert "2 of 2 statements held; 3 of 3 mutants killed" in verdict(said)
    assert "8 passed" in said
    assert "misfit-inequality  extension  held (12)  held" in said
    code, out, _ = invoke("list", "--json")
    assert {row["status"] for row in json.loads(out)["statements"]} == {"held"}
    proofs = project / "misfit_paper/proofs.py"
    proofs.write_text(proofs.read_text() + "\n")
    code, out, _ = invoke("list", "--json")
    assert {row["status"] for row in json.loads(out)["statements"]} == {"stale"}
    code, out, _ = invoke("check", "misfit", "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "held")
    code, out, _ = invoke("list", "--json")
    assert [row["status"] for row in json.loads(out)["statements"]] == ["held", "stale"]


@pytest.mark.slow
def test_parts_of_a_run(project):
    (project / "tests/test_ordinary.py").write_text("def test_it():\n    assert True\n")
    said, code = pytest_in(project, "-k", "test_it or (proof and not inequality)", "--lf")
    assert (code, "2 passed" in said, "mutants" in said) == (0, True, False), said
    assert "partial run" in verdict(said)
    said, code = pytest_in(project, "-p", "no:cacheprovider", "-k", "test_it")
    assert (code, "verdict" in said) == (0, False), said
    said, code = pytest_in(project, "--statement", "thm-4.1")
    assert (code, "unknown statement 'thm-4.1'" in said) == (4, True), said
    lower = []
    if os.geteuid() == 0:
        lower = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    project.chmod(0o555)
    try:
        said, code = pytest_in(
            project, "--statement", "misfit", "-p", "no:cacheprovider", before=lower
        )
    finally:
        project.chmod(0o755)
    assert code == 1
    assert "1 of 1 statements held" in verdict(said)
    (line,) = [line for line in said.splitlines() if "Permission denied" in line]
    assert line.endswith("checks-report.json: Permission denied")


EDITS = {
    "no fact": ("proofs.py", "(defining(d.FIT),)", "()", "undecided"),
    "no proof": ("proofs.py", "def prove_misfit(", "def prove_nothing(", "error"),
    "a proof of something else": ("proofs.py", "defining(d.FIT),)", "defining(d.TEACHER_LOSS),)",
                                  "undecided"),
    "a mutant that is true": ("statements.py", "Le(2 * q.FIT, GAIN)", "Le(q.FIT / 2, GAIN)",
                              "refuted"),
    "a claim that is false": ("statements.py", "claim=(Le(q.FIT, GAIN)", "claim=(Le(3*q.FIT, GAIN)",
                              "refuted"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS)
def test_what_is_false_is_not_held(project, edit):
    name, old, new, expected = EDITS[edit]
    path = project / "misfit_paper" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    said, code = pytest_in(project, "-p", "no:cacheprovider")
    assert code == 1
    assert verdict(said).startswith(f"verdict: {expected.upper()}"), said


@pytest.mark.slow
def test_checks_and_mutants_of_what_it_is_on_top_of_are_not_its_own(project):
    (project / "second.py").write_text(SECOND)
    half = """
from checks.support.searching import search
from second import THEORY
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.outcome import check

@check("half", Evidence.PROPERTY)
def test_half(statement, profile):
    return search(statement, profile, THEORY.ledger)
"""
    (project / "tests/test_half.py").write_text(half)
    arguments = ("tests/test_half.py", "--theory=second:THEORY", "-p", "no:cacheprovider")
    said, code = pytest_in(project, *arguments)
    assert code == 0, said
    assert "1 of 1 statements held; 1 of 1 mutants killed" in verdict(said)
    (project / "tests/test_half.py").write_text(half.replace('"half"', '"thm-4.1"'))
    said, code = pytest_in(project, *arguments)
    assert (code, "'thm-4.1' is beneath the theory second, not of it" in said) == (4, True), said
