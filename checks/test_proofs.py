"""Every proof that the ledger names: its facts or steps, each discharged exactly."""

from __future__ import annotations

import pytest

from proofs.proof import prove
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check


@pytest.mark.parametrize("statement_id", [key for key, entry in load().items() if entry.proof])
@check(None, Evidence.SYMBOLIC)
def test_proof(statement_id: str, statement: Statement, profile: Profile) -> Outcome:
    """The statement's proof; what it takes without proof is counted."""
    return prove(statement)
