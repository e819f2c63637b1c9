"""The recipes of CONTRIBUTING.md, carried out in a copy of the tree: they work, at their price."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FOLDERS = ("w2s_theory", "proofs", "checks", "docs")
FILES = ("conftest.py", "pyproject.toml", "README.md", "CONTRIBUTING.md", "audit.json")
EDIT = re.compile(
    r"^(New|Append to|Insert in) `([\w/.]+)`(?:, before `([^\n`]+)`)?:\n\n```python\n(.*?)^```$",
    re.M | re.S,
)
PRICES = {
    "A theorem": 3,
    "A constant of the audit": 1,
    "An activation": 1,
    "A learning rule": 1,
    "A model": 2,
    "A figure": 1,
    "A command": 1,
}


def recipe(title):
    """The edits of a section: (verb, path, the line before which, code)."""
    (section,) = re.findall(rf"^## {title}$(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return EDIT.findall(section)


def touched(copy):
    """Files of the copy that the tree does not have, or has otherwise."""
    found = []
    for folder in FOLDERS:
        for path in sorted((copy / folder).rglob("*")):
            name = path.relative_to(copy)
            if path.is_file() and "__pycache__" not in name.parts:
                kept = ROOT / name
                if not kept.exists() or kept.read_bytes() != path.read_bytes():
                    found.append(str(name))
    return found


class Copy:
    """A copy of the tree in which a recipe was carried out."""

    def __init__(self, root, title):
        self.root = root
        skip = shutil.ignore_patterns("__pycache__", "api", "build", "*.vo*", "*.glob", ".*")
        for folder in FOLDERS:
            shutil.copytree(ROOT / folder, root / folder, ignore=skip)
        for name in FILES:
            shutil.copy(ROOT / name, root / name)
        for verb, name, line, code in recipe(title):
            path = root / name
            assert path.exists() == (verb != "New"), name
            old = path.read_text() if path.exists() else ""
            before, found, after = old.partition(line) if line else (old, "", "")
            assert bool(found) == (verb == "Insert in"), line
            apart = "\n\n" if verb == "Append to" and code[0] == "@" else ""
            path.write_text(before + apart + code + found + after)
        self.touched = touched(root)
        assert 0 < len(self.touched) <= PRICES[title], self.touched
        self.run("ruff", "check", *self.touched)
        self.run("ruff", "format", "--check", *self.touched)

    def run(self, module, *arguments, code=0):
        """Standard output of `python -m module` in the copy."""
        environment = os.environ | {"PYTHONPATH": str(self.root), "CI": "1"}
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def w2s(self, *arguments, code=0):
        """The object that `w2s ... --json` prints."""
        return json.loads(self.run("w2s_theory.cli", *arguments, "--json", code=code))


@pytest.fixture
def carried_out(tmp_path):
    return lambda title: Copy(tmp_path / "copy", title)


def test_there_is_a_recipe_for_each_row_of_the_price_list_at_its_price():
    rows = re.findall(r"^\| (an? .+?) \| (\d) \|$", PAGE, re.M)
    assert [int(price) for _, price in rows] == list(PRICES.values())
    for (row, _), title in zip(rows, PRICES, strict=True):
        assert row.startswith(title.lower())
        assert len({path for _, path, *_ in recipe(title)}) <= PRICES[title]
        assert recipe(title)


@pytest.mark.slow
def test_a_theorem(carried_out):
    copy = carried_out("A theorem")
    said = copy.run("pytest", "checks/", "--statement", "floor-small", "-q")
    report = json.loads((copy.root / "checks-report.json").read_text())
    assert report["verdict"] == "held", said
    (row,) = [row for row in report["statements"] if row["id"] == "floor-small"]
    assert row["status"] == "held"
    assert {kind: found["status"] for kind, found in row["evidence"].items()} == {
        "certified": "held",
        "symbolic": "held",
    }
    kills = [kill for kill in report["mutants"] if kill["killed_by"]]
    assert sorted(kill["mutant"] for kill in kills) == ["slope-0.9", "strict"]
    assert sorted(copy.w2s("show", "floor-small")["evidence"]) == ["certified", "symbolic"]
    copy.run("w2s_theory.cli", "export", "latex", "floor-small", "--out", "report")
    assert (copy.root / "report/statements/floor-small.tex").exists()


def test_an_activation(carried_out):
    found = carried_out("An activation").w2s(
        *("spectrum", "--activation", "leaky-relu", "--dim", "3", "--max-degree", "1")
    )
    # E[leaky(t)] and E[leaky(t) t] on S^2, slopes 1 and 1/10.
    assert [row["coefficient"] for row in found["degrees"]] == pytest.approx([0.9 / 4, 1.1 / 6])


def test_a_constant(carried_out):
    found = carried_out("A constant of the audit").w2s("audit")["constants"]
    (row,) = [row for row in found if row["id"] == "floor-at-half"]
    assert float(row["enclosure"]["mid"]) == pytest.approx((3 - 5**0.5) / 4, rel=1e-15)


def test_a_learning_rule(carried_out):
    copy = carried_out("A learning rule")
    common = ("simulate", "relu", "--dim", "3", "--teacher-width", "8", "--draws", "2")
    new, flow = copy.w2s(*common, "--rule", "iterated-ridge"), copy.w2s(*common)
    assert new["teacher_loss"] == flow["teacher_loss"]
    for loss, floor in zip(new["student_loss"], new["floor"], strict=True):
        assert floor <= loss
    assert new["student_loss"] != flow["student_loss"]


def test_a_model(carried_out):
    found = carried_out("A model").w2s(
        *("simulate", "power-law", "--dim", "8", "--teacher-width", "4", "--draws", "2")
    )
    for floor, loss in zip(found["floor"], found["student_loss"], strict=True):
        assert floor <= loss


@pytest.mark.slow
def test_a_figure(carried_out):
    copy = carried_out("A figure")
    found = copy.w2s("figure", "8", "--quick", "--out", "drawn")
    assert found["files"] == ["drawn/figure8.pdf", "drawn/figure8.csv"]
    assert (copy.root / "drawn/figure8.pdf").read_bytes().startswith(b"%PDF")


def test_a_command(carried_out):
    copy = carried_out("A command")
    assert copy.w2s("multiplicity", "2", "--dim", "3") == {"degree": 2, "dim": 3, "multiplicity": 5}
    copy.run("w2s_theory.cli", "multiplicity", "--", "-1", code=2)
