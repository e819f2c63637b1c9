"""A report of the Coq build counts only for the sources and the ledger it was made from."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.formal import (
    RECORD,
    REPORT,
    StaleReportError,
    formal_theorems,
    known_theorems,
)
from w2s_theory.regression.report import fingerprint

LEDGER = {key: s for key, s in load().items() if Evidence.FORMAL in s.needs}


def built(root: Path, **changes: Any) -> Path:
    """A folder with one source and a report on it, as the build of `proofs/coq` leaves them."""
    source = root / "proofs" / "coq" / "Limits.v"
    source.parent.mkdir(parents=True)
    source.write_text("Theorem thm_4_1 : True.")
    entry = {"id": "thm-4.1", "statement": "forall x, x = x", "hash": "0" * 16}
    theorem = {**entry, "name": "thm_4_1", "link": "printed", "assumptions": ["classic"]}
    claim = {**entry, "name": "claim_thm_4_1", "statement": "1 = 1", "assumptions": ["funext"]}
    report: dict[str, Any] = {
        "sources": {"Limits.v": sha256(source.read_bytes()).hexdigest()},
        "ledger": {key: fingerprint(s) for key, s in LEDGER.items()},
        "theorems": [theorem],
        "claims": [claim],
    }
    target = root / REPORT
    target.parent.mkdir()
    target.write_text(json.dumps(report | changes))
    return root


def test_a_theorem_comes_with_its_claim_and_the_axioms_of_both(tmp_path: Path) -> None:
    (theorem,) = formal_theorems(built(tmp_path), LEDGER)["thm-4.1"]
    assert (theorem.link, theorem.claim) == ("printed", "1 = 1")
    assert theorem.assumptions == ("classic", "funext")


def test_a_theorem_without_a_claim_is_only_pinned(tmp_path: Path) -> None:
    (theorem,) = formal_theorems(built(tmp_path, claims=[]), LEDGER)["thm-4.1"]
    assert (theorem.link, theorem.claim) == ("pinned", None)


def test_no_build_is_not_stale(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        formal_theorems(tmp_path, LEDGER)


@pytest.mark.parametrize("name", ["Limits.v", "New.v", "claims.py", "statements.json"])
def test_a_source_that_changed_or_appeared_makes_it_stale(name: str, tmp_path: Path) -> None:
    root = built(tmp_path)
    (root / "proofs" / "coq" / name).write_text("(* other *)")
    with pytest.raises(StaleReportError, match=f"{name} changed"):
        formal_theorems(root, LEDGER)


@pytest.mark.parametrize("statement", LEDGER.values(), ids=LEDGER)
def test_every_mutant_of_a_formal_statement_makes_it_stale(
    statement: Statement, tmp_path: Path
) -> None:
    root = built(tmp_path, ledger={statement.id: fingerprint(statement)})
    for mutant in statement.mutants:
        changed = replace(statement.mutated(mutant), id=statement.id)
        with pytest.raises(StaleReportError, match=statement.id):
            formal_theorems(root, {statement.id: changed})


def test_a_report_that_knows_no_ledger_is_stale(tmp_path: Path) -> None:
    with pytest.raises(StaleReportError, match="lem-1"):
        formal_theorems(built(tmp_path, ledger={}), LEDGER)


def test_a_record_serves_where_nothing_was_built(tmp_path: Path) -> None:
    root = built(tmp_path)
    (root / RECORD).write_bytes((root / REPORT).read_bytes())
    assert known_theorems(root, LEDGER)[1] is False
    (root / REPORT).unlink()
    theorems, recorded = known_theorems(root, LEDGER)
    assert recorded
    assert theorems["thm-4.1"][0].name == "thm_4_1"
    (root / "proofs" / "coq" / "Limits.v").write_text("(* other *)")
    with pytest.raises(FileNotFoundError):
        known_theorems(root, LEDGER)


def test_a_fresh_build_comes_before_the_record_and_a_stale_one_after(tmp_path: Path) -> None:
    root = built(tmp_path)
    (root / RECORD).write_bytes((root / REPORT).read_bytes())
    (root / REPORT).write_text(
        json.dumps(json.loads((root / REPORT).read_text()) | {"sources": {}})
    )
    assert known_theorems(root, LEDGER)[1] is True
    (root / RECORD).unlink()
    with pytest.raises(StaleReportError):
        known_theorems(root, LEDGER)
