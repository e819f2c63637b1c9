"""PROPERTY evidence: a search for counterexamples to every statement that needs it."""

from __future__ import annotations

import pytest

from checks.support.searching import search
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.links import searched
from w2s_theory.regression.outcome import Outcome, Profile, check


@pytest.mark.parametrize("statement_id", [k for k, entry in load().items() if searched(entry)])
@check(None, Evidence.PROPERTY)
def test_search(statement_id: str, statement: Statement, profile: Profile) -> Outcome:
    """Named settings first, then random ones, each decided exactly or in balls."""
    return search(statement, profile)
