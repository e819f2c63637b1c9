"""Draws on the circle whose loss floats cannot tell widen the median's interval, on both sides."""

import math

import numpy as np
import pytest

from checks import test_teacher_forms as forms
from w2s_theory.regression.outcome import QUICK
from w2s_theory.statistics import median_interval

DRAWN = np.random.default_rng(3).random(201)


def test_lost_draws_count_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    def median(*lost: float) -> tuple[float, float]:
        monkeypatch.setattr(forms, "_losses", lambda *_: (*DRAWN, *lost))
        found = forms._median(QUICK, 8, 201, 1e-3)
        return found.low, found.high

    plain = median_interval(DRAWN, error_rate=1e-3)
    assert median() == (plain.low, plain.high)
    low, high = median(*[math.nan] * 20)
    assert low == median(*[0.0] * 20)[0] < plain.low
    assert high == median(*[1.0] * 20)[1] > plain.high


def test_units_nearer_than_floats_tell_have_no_loss() -> None:
    units = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 1e-13]])
    assert math.isnan(forms.circle_loss_or_nan(units))
    assert forms.circle_loss_or_nan(units[:2]) == forms.circle_loss(units[:2])
