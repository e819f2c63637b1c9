"""What a setting with scales says: alignments that grow, and what they let through."""

from __future__ import annotations

from itertools import pairwise

from w2s_theory.certify import to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.search.scales import named


def test_alignments_grow_with_the_set_and_the_leak_is_below_all_that_passes():
    for setting in named():
        kappas = [to_arb(value) for value in setting.alignments()]
        assert len(kappas) == len(setting.order()) + 1
        assert not any(low > high for low, high in pairwise(kappas))
        values = setting.values()
        out = 1 - (-to_arb(values[q.LAMBDA_OUT]) * to_arb(setting.time)).exp()
        assert not values[q.LEAKED] > out**2
        assert not values[q.LEAKED_BEFORE] > values[q.LEAKED]


def test_the_sharp_setting_by_hand():
    """One feature sees e_1 and half of e_2: noise 4/25 at the first scale, little beyond."""
    *_, sharp = named()
    values = sharp.values()
    first, second = sharp.alignments()[0], sharp.alignments()[1]
    assert abs(to_arb(first) - 0.2) < 0.01
    assert to_arb(second) > 0.9
    passed = (1 - to_arb(-9).exp()) ** 2
    assert 0.9 * passed < values[q.LEAKED] < passed
