"""Settings of the linear model with strong directions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from w2s_theory.certify import precision, to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.spiked import BlockSetting, _oblique, named_blocks, named_linear


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


def test_the_slope_is_the_derivative_of_the_loss():
    for setting in named_linear()[:5]:
        step = Fraction(1, 10**12)
        with precision(256):
            ahead, behind = (
                to_arb(replace(setting, time=setting.time + x).values()[q.L_ST])
                for x in (step, -step)
            )
            slope = to_arb(setting.values()[q.STUDENT_SLOPE])
            assert abs((ahead - behind) / to_arb(2 * step) - slope) < to_arb(Fraction(1, 10**22))


def test_blocks_are_drawn_at_which_one_direction_would_do_better():
    oblique, *_ = named_blocks()
    axis = (Fraction(1), Fraction(0))  # one feature along the target: as if k were 1
    along = replace(oblique, strong=(axis,), weak=((Fraction(1),),), target=axis)
    assert _oblique(oblique)
    assert not _oblique(along)
    assert not _oblique(replace(oblique, root=Fraction(1)))
