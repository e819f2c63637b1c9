"""The ansatz's numbers, by hand in floats; and that another loss is one."""

from dataclasses import replace
from fractions import Fraction
from math import exp, log

import pytest

from tests.making import draws
from w2s_theory.certify import precision, to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.ansatz import AnsatzSetting, named, spectra

SETTING = AnsatzSetting(
    spectrum=((Fraction(1), 2), (Fraction(1, 4), 5)), ridge=Fraction(1, 3), patience=Fraction(3, 2)
)


def test_a_spectrum_of_two_levels_by_hand():
    kappa, loss = 1 / 3, (1 / 3) / (4 / 3)
    weights = [kappa * v / (v + kappa) ** 2 for v in (1, 1 / 4)]
    spread = 2 * weights[0] + 5 * weights[1]
    time = 1.5 * log(1 / loss)
    kept = [1 - exp(-v * time) for v in (1, 1 / 4)]
    # The target's own eigenfunction, another of the same eigenvalue, and five of the other.
    noise = loss * (1 - loss) / spread * (kept[0] ** 2 * weights[0] + 5 * kept[1] ** 2 * weights[1])
    values = SETTING.values()
    assert values[q.L_TE] == to_fmpq(Fraction(1, 4))
    assert values[q.TRACE] == to_fmpq(Fraction(13, 4))
    assert float(to_arb(values[q.SPREAD])) == pytest.approx(spread, rel=1e-14)
    assert float(values[q.L_ST]) == pytest.approx(
        (1 - kept[0] * (1 - loss)) ** 2 + noise, rel=1e-14
    )


def test_a_loss_of_ones_own_leaves_the_spectrum_as_it_is():
    ours, other = SETTING.values(), replace(SETTING, loss=Fraction(1, 2)).values()
    assert other[q.L_TE] == to_fmpq(Fraction(1, 2))
    assert {key for key in ours if str(ours[key]) != str(other[key])} == {q.L_TE, q.L_ST}


def test_settings_have_losses_whatever_is_drawn():
    with precision(128):
        for setting in (*named(), *draws(spectra(), 40)):
            values = setting.values()
            assert values[q.L_ST].is_finite()
            assert values[q.L_TE] != 0
