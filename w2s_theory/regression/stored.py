"""Where the proofs and checks are, and where runs leave what they found."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from w2s_theory.ledger.registry import Ledger
from w2s_theory.regression.lasting import Lasting, lasting

JSON_NAME = "checks-report.json"


def project_root(start: Path | None = None) -> Path:
    """The nearest checkout of this project, from `start` upwards, else the package's own.

    An installed package has the proofs and checks in its folder `tree`. Raises `FileNotFoundError`
    where there is neither.
    """
    here = (start or Path.cwd()).resolve()
    package = Path(__file__).resolve().parents[1]
    for folder in (here, *here.parents, package.parent, package / "tree"):
        if _is_project(folder):
            return folder
    raise FileNotFoundError(f"no checks in {here}, nor in {package}: install the package again")


def _is_project(folder: Path) -> bool:
    """Whether its pyproject.toml has this project's name: reports of others are not ours."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
        name = project["project"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(name == "w2s_theory") and (folder / "checks").is_dir()


def results_folder() -> Path:
    """Where runs leave what they found: the checkout that this is in, else the current folder."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if _is_project(folder)), here)


def is_report(path: Path) -> bool:
    """Whether the file is a report of the regression: others are not overwritten."""
    try:
        found = json.loads(path.read_bytes())
        return isinstance(found["statements"], list) and "verdict" in found
    except (OSError, ValueError, KeyError, TypeError):
        return False


def known(ledger: Ledger, *about: str) -> dict[str, Lasting]:
    """What the runs so far have found of these statements, or of all."""
    return lasting(results_folder(), ledger, project_root(), about)
