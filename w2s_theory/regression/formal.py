"""FORMAL evidence: read from what the Coq build printed, never from a name that merely exists."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.report import fingerprint

REPORT = Path("proofs/coq/build/formal-report.json")
RECORD = Path("proofs/coq/formal-report.json")
"""The same of the last build before a change was kept; the repository holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalTheorem:
    """A theorem as the Coq build reported it.

    `link` is "printed" if Coq proved the ledger's claim as printed from SymPy; `claim` is that text
    and `assumptions` are then all axioms of claim and theorem. "pinned" means that only the hash of
    the theorem's statement, with its definitions, is held against the ledger.
    """

    name: str
    statement: str
    hash: str
    link: str
    claim: str | None
    assumptions: tuple[str, ...]


class StaleReportError(RuntimeError):
    """The report is of other sources than those on disk, or of another ledger."""


def formal_theorems(
    root: Path, ledger: Mapping[str, Statement], report_file: Path = REPORT
) -> dict[str, tuple[FormalTheorem, ...]]:
    """Ledger id -> the theorems that the last build of `proofs/coq` checked for it.

    With `RECORD` as `report_file` the build is the one that the repository keeps. Raises
    `FileNotFoundError` if there was no build, and `StaleReportError` if a source has changed,
    appeared or vanished since, or a claim or an assumption of a statement that needs formal
    evidence.
    """
    report: dict[str, Any] = json.loads((root / report_file).read_text(encoding="utf-8"))
    folder = root / "proofs" / "coq"
    sources = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for pattern in ("*.v", "claims.py", "statements.json")
        for path in folder.glob(pattern)
    }
    claims = {s.id: fingerprint(s) for s in ledger.values() if Evidence.FORMAL in s.needs}
    _require_same(sources, report["sources"])
    _require_same(claims, report.get("ledger", {}))
    printed = {entry["id"]: entry for entry in report["claims"]}
    found: dict[str, tuple[FormalTheorem, ...]] = {}
    for entry in report["theorems"]:
        claim = printed.get(entry["id"]) if entry["link"] == "printed" else None
        axioms = {*entry["assumptions"], *(claim["assumptions"] if claim else ())}
        theorem = FormalTheorem(
            name=entry["name"],
            statement=entry["statement"],
            hash=entry["hash"],
            link=entry["link"] if claim else "pinned",
            claim=claim["statement"] if claim else None,
            assumptions=tuple(sorted(axioms)),
        )
        found[entry["id"]] = (*found.get(entry["id"], ()), theorem)
    return found


def known_theorems(
    root: Path, ledger: Mapping[str, Statement]
) -> tuple[dict[str, tuple[FormalTheorem, ...]], bool]:
    """`formal_theorems` of this machine's build, else of the record; and whether of the record.

    Raises `FileNotFoundError` or `StaleReportError`, of the build, where neither is of the sources
    and the ledger as they are.
    """
    try:
        return formal_theorems(root, ledger), False
    except (FileNotFoundError, StaleReportError):
        try:
            return formal_theorems(root, ledger, RECORD), True
        except (FileNotFoundError, StaleReportError):
            pass
        raise


def _require_same(current: Mapping[str, str], reported: Mapping[str, str]) -> None:
    changed = [
        name
        for name in sorted(current.keys() | reported.keys())
        if current.get(name) != reported.get(name)
    ]
    if changed:
        raise StaleReportError(f"{', '.join(changed)} changed since the last build")
