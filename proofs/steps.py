"""The steps of every proof as JSON, for the site: `python -m proofs.steps FILE`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from proofs.domains import RefusedError
from proofs.proof import ancestors, proof_of
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.render import latex


def listed(key: str) -> dict[str, Any]:
    """The named facts of a proof and its clauses' facts, the rules behind them, and its gaps."""
    proof = proof_of(key)
    every = list(ancestors(proof.facts))
    shown = [fact for fact in every if fact.name or fact in proof.facts]
    steps = [
        {
            "name": fact.name or "clause",
            "claim": latex(fact.relation),
            "because": fact.because.replace("**", "^"),
            "rule": (*fact.parents, fact)[0].rule if fact.rule == "named" else fact.rule,
            "gaps": list(fact.gaps),
        }
        for fact in shown
    ]
    rules = Counter(fact.rule for fact in every if fact.rule != "named")
    return {"steps": steps, "facts": len(every), "rules": dict(sorted(rules.items()))}


def all_steps() -> dict[str, Any]:
    """Statement -> its steps; a proof that a rule refuses has none, and says why."""
    found: dict[str, Any] = {}
    for key, statement in load().items():
        if statement.proof is None:
            continue
        try:
            found[key] = listed(key)
        except RefusedError as refusal:
            found[key] = {"steps": [], "facts": 0, "rules": {}, "refused": str(refusal)}
    return found


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(all_steps(), indent=1), encoding="utf-8")
