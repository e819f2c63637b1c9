"""The circle's spline against balls, at few units and at many, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.theorems.circle import circle_loss, circle_losses, energy_form

MODEL = ReluSphere(2)


@pytest.mark.parametrize("width", [2, 3, 4, 5, 16, 17, 64])
def test_the_loss_is_that_of_the_gram_matrix(width):
    for seed in range(3):
        units = MODEL.sample_features(width, np.random.default_rng([seed, width]))
        axis = np.array([np.cos(seed), np.sin(seed)])
        exact = certified_loss(MODEL, units, harmonic_target(Harmonic(1, axis)), bits=320)
        assert circle_loss(units, axis) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize("width", [4, 9, 17])
def test_both_losses_are_those_of_the_gram_matrix(width):
    units = MODEL.sample_features(width, np.random.default_rng(width))
    targets = [harmonic_target(Harmonic(degree, [1.0, 0.0])) for degree in (1, 2)]
    exact = [float(certified_loss(MODEL, units, target, bits=320)) for target in targets]
    assert circle_losses(units) == pytest.approx(exact, rel=1e-7)


def test_medians_of_theory_and_the_exponent_that_is_not_four():
    """Medians in 300 bits: 4.3e-7, 7.6e-9, 2.3e-10 at M = 32, 64, 128."""
    medians = {}
    for width in (32, 64, 128, 1024):
        draws = [
            circle_loss(MODEL.sample_features(width, np.random.default_rng([9, width, i])))
            for i in range(200)
        ]
        medians[width] = float(np.median(draws))
    for width, expected in ((32, 4.3e-7), (64, 7.6e-9), (128, 2.3e-10)):
        assert abs(np.log(medians[width] / expected)) < 0.5
    assert 4.6 < -np.log(medians[1024] / medians[128]) / np.log(8) < 5.6


def test_a_turn_of_everything_changes_nothing_and_a_unit_turned_round_does():
    units = MODEL.sample_features(20, np.random.default_rng(0))
    c, s = np.cos(0.7), np.sin(0.7)
    turn = np.array([[c, -s], [s, c]])
    assert circle_loss(units @ turn.T, turn @ [1.0, 0.0]) == pytest.approx(circle_loss(units))
    other = units.copy()
    other[3] *= -1
    assert abs(circle_loss(other) / circle_loss(units) - 1) > 1e-4
    assert np.allclose(energy_form(units), energy_form(units).T)


@pytest.mark.parametrize("unit", [(-1.0, 0.0), (-1.0, -0.0), (1.0, -0.0), (0.0, -1.0)])
def test_units_on_an_axis_are_on_its_line(unit):
    units = np.concatenate([MODEL.sample_features(5, np.random.default_rng(2)), [unit]])
    exact = certified_loss(MODEL, units, harmonic_target(Harmonic(1, [1.0, 0.0])), bits=320)
    assert circle_loss(units, [1.0, 0.0]) == pytest.approx(float(exact), rel=1e-9)


def test_refusals():
    units = MODEL.sample_features(5, np.random.default_rng(0))
    for bad in (units[:1], np.ones((3, 3)), np.concatenate([units, -units[:1]])):
        with pytest.raises(ValueError, match="units must be"):
            circle_loss(bad)
    with pytest.raises(ValueError, match="direction"):
        circle_loss(units, [0.0, 0.0])
