"""Networks trained whole: their gradients are right, and what is false of them is noticed."""

import numpy as np
import pytest

from checks.support.relu_networks import (
    fitted_to_target,
    half_gradient,
    initial,
    measured,
    nearly,
    outputs,
    task,
    trained,
)
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load

GIVEN = task(0)
STATEMENT = load()["homogeneous"]


@pytest.mark.parametrize("sizes", [(4, 7, 1), (4, 5, 6, 1)])
def test_gradients_agree_with_differences(sizes):
    weights = initial(1, sizes, 0.7)
    found = half_gradient(weights, GIVEN.inputs, GIVEN.teacher)
    for layer, slope in zip(weights, found, strict=True):
        for place in ((0, 0), (sizes[1] // 2 if layer.shape[0] > 4 else 2, 0)):
            kept, step, losses = layer[place], 1e-6, []
            for side in (1, -1):
                layer[place] = kept + side * step
                miss = outputs(weights, GIVEN.inputs) - GIVEN.teacher
                losses.append(np.mean(miss**2))
            layer[place] = kept
            assert slope[place] == pytest.approx((losses[0] - losses[1]) / (4 * step), abs=1e-7)


def step(weights, decay=0.0):
    at = next(trained(weights, GIVEN, step=0.01, steps=1, decay=decay))
    return measured(GIVEN, at, len(weights), decay)


@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_the_identity_holds_and_a_part_in_a_billion_is_noticed(decay):
    numbers = step(initial(2, (4, 8, 8, 1), 0.7), decay)
    identity = STATEMENT.unfolded[0]
    assert nearly(identity, numbers)
    assert not nearly(identity, numbers | {q.NORM_RATE: numbers[q.NORM_RATE] + 1e-9})
    assert not nearly(identity, numbers | {q.HOMOGENEITY: 2.0})


def test_a_loss_below_the_floor_is_noticed_while_the_norm_grows():
    numbers = step(initial(3, (4, 8, 1), 0.3))
    assert numbers[q.NORM_RATE] > 0
    limit = STATEMENT.unfolded[2]
    assert nearly(limit, numbers)
    assert not nearly(limit, numbers | {q.L_ST: 0.0})
    assert nearly(limit, numbers | {q.L_ST: 0.0, q.NORM_RATE: -1e-3})


def test_the_witness_starts_at_the_target_and_its_norm_falls():
    numbers = step(fitted_to_target(5, GIVEN, 80))
    assert numbers[q.L_ST] < 1e-20
    assert numbers[q.NORM_RATE] < -0.1
    assert not nearly(load()["thm-4.1"].claim[0], numbers)
