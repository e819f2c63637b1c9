"""The project is known by its name: no folder of another project is taken for it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.regression import stored
from w2s_theory.regression.stored import JSON_NAME, project_root

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
    monkeypatch.setattr(stored, "__file__", str(tmp_path / "site" / "w2s_theory" / "x" / "y.py"))
    folder = look_alike(tmp_path / "theirs", '[project]\nname = "other"')
    with pytest.raises(FileNotFoundError, match="no checks in"):
        project_root(folder)


def test_a_foreign_report_is_not_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "__file__", str(tmp_path / "site" / "w2s_theory" / "x" / "y.py"))
    folder = look_alike(tmp_path / "theirs", '[project]\nname = "other"')
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, ["check", "thm-4.1"])
    assert result.exit_code == 2
    assert (folder / JSON_NAME).read_text() == "theirs"
