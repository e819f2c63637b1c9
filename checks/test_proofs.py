"""Every proof that the ledger names: its steps, each discharged exactly."""

from __future__ import annotations

from importlib import import_module

import pytest

from proofs.steps import Proof
from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check


@pytest.mark.parametrize("statement_id", [key for key, entry in load().items() if entry.proof])
@check(None, Evidence.SYMBOLIC)
def test_proof(statement_id: str, statement: Statement, profile: Profile) -> Outcome:
    """Run the function `prove_<id>` of the module `proof`.

    A claim of another shape than the proof's is UNDECIDED.
    """
    real = load()[statement_id]
    if len(statement.claim) != len(real.claim):
        return Outcome(verdict=Verdict.UNDECIDED, detail="the proof is of another claim")
    module = import_module(str(real.proof).removesuffix(".py").replace("/", "."))
    name = "prove_" + real.id.replace("-", "_").replace(".", "_")
    proof: Proof = getattr(module, name)(statement)
    return proof.run()
