"""FORMAL evidence: what the build of `proofs/coq` reported, theorem by theorem."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.formal import StaleReportError, formal_theorems, known_theorems
from w2s_theory.regression.outcome import Outcome, PendingError, Profile, check, first_line

ROOT = Path(__file__).parent.parent
DECLARED = [key for key, entry in load().items() if Evidence.FORMAL in entry.needs]


@pytest.mark.parametrize("statement_id", DECLARED)
@check(None, Evidence.FORMAL)
def test_formal(statement_id: str, statement: Statement, profile: Profile) -> Outcome:
    """Without a build here (`make formal`) of the record; W2S_FORMAL=require asks for the build.

    Pending where the record is of other sources or of another ledger.
    """
    recorded = False
    try:
        if os.environ.get("W2S_FORMAL") == "require":
            theorems = formal_theorems(ROOT, load())
        else:
            theorems, recorded = known_theorems(ROOT, load())
    except (FileNotFoundError, StaleReportError) as error:
        if os.environ.get("W2S_FORMAL") == "require":
            raise
        raise PendingError(f"run make formal ({first_line(error)})") from None
    found = {theorem.name: theorem for theorem in theorems.get(statement_id, ())}
    if statement.formal not in found:
        detail = f"no theorem {statement.formal!r} among {', '.join(found) or 'none'}"
        return Outcome(verdict=Verdict.UNDECIDED, detail=detail)
    theorem = found[str(statement.formal)]
    margin = f"{theorem.link}, {len(theorem.assumptions)} axioms"
    return Outcome(verdict=Verdict.PROVED, margin=margin, effective=len(found), recorded=recorded)
