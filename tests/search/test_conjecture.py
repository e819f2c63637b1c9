"""A typed claim as a statement: what it claims, assumes, and how its one mutant turns it round."""

import pytest
from sympy import Rational

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.limits import SHRINKAGE_LIMIT
from w2s_theory.search.conjecture import SYMBOLS, conjecture


@pytest.mark.parametrize(
    ("relation", "reverse"), [(">=", "<"), ("<=", ">"), (">", "<="), ("<", ">=")]
)
def test_the_claim_and_its_reverse(relation, reverse):
    found = conjecture(f"L_ST {relation} 0.8*L_TE^2")
    (claim,), (mutant,) = found.claim, found.mutants
    assert (claim.lhs, claim.rel_op, claim.rhs) == (q.L_ST, relation, Rational(4, 5) * q.L_TE**2)
    assert mutant.claim[0].rel_op == reverse
    assert mutant.claim[0].args == claim.args
    assert found.assumes == SHRINKAGE_LIMIT


def test_it_may_speak_of_losses_and_inner_products():
    claim = conjecture(" + ".join(SYMBOLS) + " > 0").claim[0]
    assert claim.free_symbols == set(SYMBOLS.values())


@pytest.mark.parametrize("text", ["L_ST", "0 <= L_ST <= 1", "L_ST == L_TE", "2 >= 1", "L >= 0", ""])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"claim must|expression must|got 'L'"):
        conjecture(text)
