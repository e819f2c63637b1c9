"""The tutorial and the how-to run: its Python, its commands, and what it shows of their output."""

import contextlib
import io
import json
import re
import shlex
import sys
import warnings
from pathlib import Path

import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(
    r"^(?:(?:Append to|Insert in) `([\w/.]+)`(?:, before `([^\n`]+)`)?:\n\n)?```(\w+)\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?")


def agree(shown, printed):
    """The same words, and numbers within 2 percent or 0.005: BLAS libraries differ."""
    shown, printed = (re.sub("-{3,}", "", text) for text in (shown, printed))  # rules of tables
    assert NUMBER.sub("#", shown).split() == NUMBER.sub("#", printed).split()
    pairs = zip(NUMBER.findall(shown), NUMBER.findall(printed), strict=True)
    for a, b in pairs:
        assert float(a) == pytest.approx(float(b), rel=0.02, abs=0.005), (a, b)


def edit(path, before, text):
    """What a reader does with a block that goes into a file."""
    head, found, tail = path.read_text().partition(before) if before else (path.read_text(), "", "")
    assert bool(found) == bool(before), before
    path.write_text(head + text + found + tail)


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("diagnose.md", "digits.svg"),
        ("howto.md", ""),
        pytest.param("statement.md", "my-paper/checks-status.json", marks=pytest.mark.slow),
        ("sweeps.md", "runs.db"),
    ],
)
def test_a_page_runs_and_prints_what_it_shows(page, made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])  # a new theory's folder comes onto it
    names, printed = {}, ""
    for edited, before, kind, text in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if edited:
            edit(Path(edited), before, text)
        elif kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # lbfgs has not converged to the last digit
                exec(text, names)
            printed = out.getvalue()
        elif kind == "sh":
            result = CliRunner().invoke(app, shlex.split(text)[1:])
            assert result.exit_code == 0, result.output
            printed = result.stdout
        elif kind == "toml":
            (tmp_path / "grid.toml").write_text(text)
        else:
            agree(text, printed)
    assert (tmp_path / made).exists()


def test_the_notebook_runs_and_prints_what_it_shows():
    notebook = json.loads((DOCS / "first_steps.ipynb").read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4
    names, ran = {}, 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec("".join(cell["source"]), names)
            (shown,) = cell["outputs"]
            agree("".join(shown["text"]), out.getvalue())
            ran += 1
    assert ran > 3


@pytest.mark.parametrize("other", ["L_ST 0.4 is", "L_TE 0.3 is", "L_ST 0.3 was"])
def test_a_difference_is_seen(other):
    agree("L_ST 0.3 is", "L_ST 0.301 is")
    with pytest.raises(AssertionError):
        agree("L_ST 0.3 is", other)
