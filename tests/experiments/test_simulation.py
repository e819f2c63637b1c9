"""A simulation's numbers have a digit at least, where balls can follow what floats lose."""

import pytest

from w2s_theory.experiments import simulation
from w2s_theory.experiments.named import simulate


def test_a_loss_that_floats_nearly_lose_is_followed_in_balls(monkeypatch: pytest.MonkeyPatch):
    asked = {"dim": 3, "teacher_width": 256, "draws": 1, "seed": 1}
    followed = simulate(**asked)
    monkeypatch.setattr(simulation, "IN_BALLS_TO", 255)
    floats = simulate(**asked)
    share = floats.student_error / floats.student_loss
    assert 0.1 < share < 1  # not lost whole, but not one digit
    assert followed.student_error < 1e-4 * followed.student_loss
    assert abs(followed.student_loss - floats.student_loss) <= floats.student_error
