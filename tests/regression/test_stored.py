"""The project is known by its name: no folder of another project is taken for it."""

import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.regression import stored
from w2s_theory.regression.stored import JSON_NAME, chosen, ours, project_root, results_folder

ROOT = Path(__file__).parents[2]


def look_alike(folder, pyproject):
    """A folder with checks, proofs and a report, of a project with this pyproject.toml."""
    for name in ("checks", "proofs", "deep"):
        (folder / name).mkdir(parents=True)
    (folder / JSON_NAME).write_text("theirs")
    if pyproject is not None:
        (folder / "pyproject.toml").write_text(pyproject)
    return folder


def test_the_project_is_found_from_any_folder_below():
    assert project_root(ROOT / "w2s_theory" / "ledger") == ROOT
    assert project_root(ROOT) == ROOT


@pytest.mark.parametrize(
    "pyproject",
    [
        None,
        "",
        "not toml",
        "project = 3",
        "[project]",
        '[project]\nname = "other"',
        '[tool.w2s_theory]\nname = "w2s_theory"',
    ],
)
def test_another_project_is_not_ours(pyproject, tmp_path):
    folder = look_alike(tmp_path / "theirs", pyproject)
    assert project_root(folder / "deep") == ROOT


def test_a_nearer_checkout_of_this_project_is(tmp_path):
    folder = look_alike(tmp_path / "copy", '[project]\nname = "w2s_theory"')
    assert project_root(folder / "deep") == folder


def test_an_installed_package_without_its_checks_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "_PACKAGE", tmp_path / "site" / "w2s_theory")
    folder = look_alike(tmp_path / "theirs", '[project]\nname = "other"')
    with pytest.raises(FileNotFoundError, match="has no checks: install the package again"):
        project_root(folder)
    tree = look_alike(tmp_path / "site/w2s_theory/tree", '[project]\nname = "w2s_theory"')
    assert project_root(folder) == tree


def test_a_foreign_report_is_not_deleted(tmp_path, monkeypatch):
    folder = look_alike(tmp_path / "theirs", '[project]\nname = "other"')
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, ["check", "thm-4.1"])
    assert result.exit_code == 2
    assert "is no report of w2s check" in result.stderr
    assert (folder / JSON_NAME).read_text() == "theirs"


# --- which theory is meant ------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A function that makes a project whose theory has this name, and a module of its own."""
    monkeypatch.setattr(sys, "path", [*sys.path])

    def make(said, module="", name="mine"):
        (tmp_path / "deep").mkdir(exist_ok=True)
        (tmp_path / "pyproject.toml").write_text(f"[tool.w2s]\n{said}\n")
        (tmp_path / f"{name}.py").write_text(module)
        monkeypatch.chdir(tmp_path / "deep")
        return tmp_path

    yield make
    for name in [n for n in sys.modules if n.startswith("mine")]:
        del sys.modules[name]


MINE = """
from pathlib import Path
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.theories import Theory
STATEMENTS = (load()["def-1"],)
THEORY = Theory(name="mine", parts=("mine",), root=Path(__file__).parent)
"""


def test_the_theory_is_what_pyproject_says_anywhere_below_it(project):
    place = project('theory = "mine:THEORY"', MINE)
    assert chosen().name == "mine"
    assert chosen().own == ("def-1",)
    assert results_folder() == place
    assert chosen("w2s_theory").own == ours().own


def test_without_a_word_it_is_the_packages(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert chosen().name == "w2s_theory"
    assert results_folder() == tmp_path


@pytest.mark.parametrize(
    ("said", "module", "message"),
    [
        ('theory = "mine:THEORY"', "", "must be a w2s_theory.ledger.theories.Theory, got None"),
        ('theory = "mine:THEORY"', "THEORY = 3", "got 3"),
        ('theory = "mine:THEORY"', "import nosuch", "No module named 'nosuch'"),
        ('theory = "mine:THEORY"', "1 / 0", "ZeroDivisionError"),
        ('theory = "other_one:THEORY"', "", "No module named 'other_one'"),
        ('theory = "mine"', MINE, "must be MODULE:NAME, such as mypaper:THEORY, got 'mine'"),
        ('theory = "../mine:THEORY"', MINE, "must be MODULE:NAME"),
        ("theory = 3", MINE, "must say theory ="),
        ('theroy = "mine:THEORY"', MINE, "must say theory ="),
        (
            'theory = "mine:THEORY"',
            MINE.replace('(load()["def-1"],)', "()"),
            "a ledger must hold at least one statement",
        ),
        ('theory = "mine:THEORY"', MINE.replace("STATEMENTS", "CLAIMS"), "must define STATEMENTS"),
        ('theory = "mine:THEORY"', MINE.replace('("mine",)', '"mine"'), "parts must be a tuple"),
    ],
)
def test_what_is_no_theory_is_told_in_one_line(project, said, module, message):
    project(said, module)
    with pytest.raises(ValueError, match=re.escape(message)):
        chosen()
    result = CliRunner().invoke(app, ["list"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
