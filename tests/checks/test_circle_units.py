"""Equal angles on the circle in closed form, against dense linear algebra in floats."""

from fractions import Fraction

import numpy as np
import pytest

from checks.support.circle_units import Circle
from w2s_theory.ledger import quantities as q

TOP = 300
"""What is left out is about (2 M/TOP)^3 of the losses."""


def coefficients():
    sizes = np.abs(np.arange(-TOP, TOP + 1)).astype(float)
    found = np.zeros(len(sizes))
    even = sizes % 2 == 0
    found[even] = (-1) ** (sizes[even] // 2 + 1) / (np.pi * (sizes[even] ** 2 - 1))
    found[sizes == 1] = 0.25
    return found


def dense(setting, time):
    """L_TE, L_ST and Delta from the features' Fourier coefficients."""
    a, numbers = coefficients(), np.arange(-TOP, TOP + 1)
    angles = 2 * np.pi * np.arange(setting.width) / setting.width
    basis = np.linalg.qr(a[:, None] * np.exp(-1j * numbers[:, None] * angles))[0]
    target = np.zeros(len(a))
    for degree, share in ((setting.degree, 1 - setting.stray), (setting.beyond, setting.stray)):
        if share:
            target[[TOP - degree, TOP + degree]] = np.sqrt(float(share * setting.norm2) / 2)
    taught = (1 + float(setting.shift)) * basis @ (basis.conj().T @ target)
    learnt = (1 - np.exp(-(a**2) * time)) * taught
    missed = np.diag(np.abs(a)) - basis @ (basis.conj().T * np.abs(a))
    losses = (float((abs(f - target) ** 2).sum()) for f in (taught, learnt))
    return (*losses, np.linalg.norm(missed, 2) ** 2)


@pytest.mark.parametrize(
    "setting",
    [
        Circle(width=11),
        Circle(width=13, degree=4, early=Fraction(1, 10)),
        Circle(width=15, shift=Fraction(1, 100)),
        Circle(width=13, norm2=Fraction(9)),
        Circle(width=21, stray=Fraction(1, 200), beyond=8, early=Fraction(1, 10**6)),
    ],
    ids=str,
)
def test_closed_form(setting):
    values = setting.values()
    teacher, student, hidden = dense(setting, float(values[q.TIME]))
    left_out = (2 * setting.width / TOP) ** 3
    assert float(values[q.L_TE]) == pytest.approx(teacher, rel=left_out)
    assert float(values[q.L_ST].mid()) == pytest.approx(student, rel=left_out)
    assert hidden < float(values[q.HIDDEN].upper()) < 3 * hidden


def test_opposite_units_see_linear_targets():
    values = Circle(width=12, degree=1).values()
    assert values[q.L_TE] == 0
    assert values[q.L_ST] > 0


def test_widths_that_mix_known_degrees_are_refused():
    for arguments in ({"width": 7}, {"width": 20, "beyond": 9}):
        with pytest.raises(ValueError, match="width must be far above"):
            Circle(**arguments)
