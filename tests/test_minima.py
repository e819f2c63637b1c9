"""`make lowest` installs what pyproject.toml declares: every minimum, and nothing else."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def pins(declared):
    """The lowest versions as pip's constraints, sorted."""
    names = [re.fullmatch(r"([a-z-]+)>=([\d.]+)", entry) for entry in declared]
    assert all(names), declared
    return sorted(f"{name[1]}=={name[2]}" for name in names)


def test_the_lowest_versions_are_those_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kept = (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert kept == pins(project["dependencies"])
    assert kept != pins([*project["dependencies"][1:], "sympy>=1.13"])
