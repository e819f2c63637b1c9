"""Settings of the linear model with strong directions."""

from __future__ import annotations

from fractions import Fraction

from w2s_theory.certify import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.spiked import BlockSetting


def test_one_feature_with_two_strong_directions_by_hand():
    # G = |a|^2 + psi |w|^2 is a number: L = 1 - (a.b)^2/G.
    setting = BlockSetting(
        strong=((Fraction(1), Fraction(2)),),
        weak=((Fraction(3), Fraction(0)),),
        target=(Fraction(3, 5), Fraction(4, 5)),
        root=Fraction(1, 3),
        time=Fraction(0),
    )
    values = setting.values()
    gram, overlap = 1 + 4 + 1, Fraction(11, 5)
    assert values[q.BLOCK_LOSS] == values[q.L_TE] == to_fmpq(1 - overlap**2 / gram)
    assert values[q.WEAK_ENERGY] == to_fmpq(overlap**2 / gram**2)
    assert values[q.L_ST] == 1
