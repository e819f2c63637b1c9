"""The status of statements according to the last report on disk, never for another claim."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.report import fingerprint

JSON_NAME = "checks-report.json"


def project_root(start: Path | None = None) -> Path:
    """The nearest checkout of this project, from `start` upwards, else the package's own.

    Raises `FileNotFoundError` where there is none: the regression lives in the repository.
    """
    here = (start or Path.cwd()).resolve()
    package = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, package):
        if _is_project(folder):
            return folder
    raise FileNotFoundError(
        f"no checks/ in {here} or above: run this in a checkout of the repository"
    )


def _is_project(folder: Path) -> bool:
    """Whether its pyproject.toml has this project's name: reports of others are not ours."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
        name = project["project"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(name == "w2s_theory") and (folder / "checks").is_dir()


def stored_report() -> dict[str, Any]:
    """The last report, or an empty one where there is none, or what is there is no report."""
    try:
        report = json.loads((project_root() / JSON_NAME).read_text(encoding="utf-8"))
        for entry in report["statements"]:
            entry["id"], entry["fingerprint"], entry["inherited"], entry["evidence"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"statements": []}
    return dict(report)


def stored_status() -> Callable[[Statement], str]:
    """A function from a statement to its inherited status in the last report.

    "unchecked" if the report lacks it, "stale" if its claim or assumptions have changed since.
    """
    entries = {entry["id"]: entry for entry in stored_report()["statements"]}

    def status(statement: Statement) -> str:
        entry = entries.get(statement.id)
        if entry is None:
            return "unchecked"
        fresh = entry["fingerprint"] == fingerprint(statement)
        return str(entry["inherited"]) if fresh else "stale"

    return status


def stored_evidence(statement: Statement) -> dict[str, Any]:
    """Evidence by kind in the last report; empty if unchecked or stale."""
    for entry in stored_report()["statements"]:
        if entry["id"] == statement.id and entry["fingerprint"] == fingerprint(statement):
            evidence: dict[str, Any] = entry["evidence"]
            return evidence
    return {}
