"""FORMAL evidence: read from what the Coq build printed, never from a name that merely exists."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPORT = Path("proofs/coq/build/formal-report.json")


@dataclass(frozen=True, slots=True)
class FormalTheorem:
    """A theorem as the Coq build reported it."""

    name: str
    statement: str
    assumptions: tuple[str, ...]


class StaleReportError(RuntimeError):
    """The report is of other sources than those on disk."""


def formal_theorems(root: Path) -> dict[str, tuple[FormalTheorem, ...]]:
    """Ledger id -> the theorems that the last build of `proofs/coq` checked for it.

    Raises `FileNotFoundError` if there was no build, and `StaleReportError` if a source has
    changed, appeared or vanished since.
    """
    report: dict[str, Any] = json.loads((root / REPORT).read_text(encoding="utf-8"))
    folder = root / "proofs" / "coq"
    current = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.v")
    }
    generated = dict(report["sources"])
    if current != generated:
        changed = sorted(
            name
            for name in current.keys() | generated.keys()
            if current.get(name) != generated.get(name)
        )
        raise StaleReportError(f"{', '.join(changed)} changed since the last build")
    found: dict[str, tuple[FormalTheorem, ...]] = {}
    for entry in report["theorems"]:
        theorem = FormalTheorem(entry["name"], entry["statement"], tuple(entry["assumptions"]))
        found[entry["id"]] = (*found.get(entry["id"], ()), theorem)
    return found
