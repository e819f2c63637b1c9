"""What is taken without proof is pinned, word for word: a changed claim cannot change it unseen.

`python -m tests.proofs.test_gaps` writes the pins anew, for a gap that is meant to be another.
"""

from pathlib import Path

import pytest
from sympy import sstr

from proofs.proof import ancestors, proof_of
from w2s_theory.ledger.registry import load

PINS = Path(__file__).with_name("gaps.txt")


def gaps():
    """Relation and assumptions of every gap, and the statements that rest on it."""
    found = {}
    for key, entry in load().items():
        facts = ancestors(proof_of(key).facts) if entry.proof else ()
        for fact in facts:
            if fact.rule == "gap":
                assumed = ", ".join(one.id for one in fact.assumes)
                users = found.setdefault(f"{sstr(fact.relation)} [{assumed}]", {})
                users[key] = None
    return [f"{', '.join(users)}: {said}" for said, users in found.items()]


@pytest.mark.slow
def test_no_gap_is_another_than_the_pinned_ones():
    assert gaps() == PINS.read_text("utf-8").splitlines()


if __name__ == "__main__":
    PINS.write_text("\n".join(gaps()) + "\n", "utf-8")
