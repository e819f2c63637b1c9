"""The steps of every proof as JSON, for the site: `python -m proofs.steps FILE`."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sympy import Basic, Expr, Symbol

from proofs.domains import RefusedError
from proofs.proof import ancestors, proof_of
from w2s_theory.ledger.quantities import CHAIN, NOTATION
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.render import latex
from w2s_theory.ledger.spaces import chain

_WORD = r"(?<![a-z])(?!lambda|kappa|phi|theta)[a-z]{3,}"


def _printed(relation: Basic) -> str:
    """LaTeX; of what only proofs have: chains by index, stars up, words upright, exponents."""
    found: dict[Symbol, str] = {}

    def member(index: Expr) -> Symbol:
        symbol = Symbol(f"f_{index}", commutative=False)
        found[symbol] = {0: "f_T", CHAIN: "f_S"}.get(index, rf"f_{{{latex(index)}}}")
        return symbol

    relation = relation.replace(chain, member)
    for symbol in relation.atoms(Symbol) - set(NOTATION) - set(found):
        name = re.sub(r"\^(?:\(([^)]*)\)|(-?\w+))", r"^{\1\2}", symbol.name.replace("*", "^*"))
        if name != symbol.name or re.search(_WORD, name):
            base, _, index = re.sub(_WORD, r"\\mathrm{\g<0>}", name).partition("_")
            found[symbol] = re.sub(
                "^(lambda|kappa|phi|theta)$", r"\\\1", base
            ) + rf"_{{{index}}}" * bool(index)
    return latex(relation, found)


def listed(key: str) -> dict[str, Any]:
    """The named facts of a proof and its clauses' facts, the rules behind them, and its gaps."""
    proof = proof_of(key)
    every = list(ancestors(proof.facts))
    shown = [fact for fact in every if fact.name or fact in proof.facts]
    steps = [
        {
            "name": fact.name or "clause",
            "claim": _printed(fact.relation),
            "because": fact.because.replace("**", "^"),
            "rule": (*fact.parents, fact)[0].rule if fact.rule == "named" else fact.rule,
            "gaps": list(fact.gaps),
        }
        for fact in shown
    ]
    rules = Counter(fact.rule for fact in every if fact.rule != "named")
    # A lemma used twice gives the same fact twice.
    steps = list({(step["name"], step["claim"]): step for step in steps[::-1]}.values())[::-1]
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
