"""Draws: seeds, joint draws, gains from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from w2s_theory.experiments.draws import draw_features, draw_together
from w2s_theory.experiments.gains import Gains, finite_gains, mixed_target, relu_gains
from w2s_theory.experiments.simulation import simulate
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.linear_features import LinearTarget
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.theorems.ball_kappa import certified_kappa
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent
from w2s_theory.theorems.kappa import kappa


class Plain:
    """A model known by the members of the protocol alone."""

    def __init__(self, model):
        self._model = model

    def __getattr__(self, name):
        return getattr(self._model, name)


def test_a_draw_does_not_depend_on_the_others():
    model = ReluSphere(4)
    few, more = (list(draw_features(model, 5, numbers, (7, 4))) for numbers in ([2], range(4)))
    assert (few[0] == more[2]).all()
    assert (more[0] == model.sample_features(5, np.random.default_rng([7, 4, 0]))).all()


def test_one_draw_is_cut_into_its_parts():
    model = LinearGaussian([1.0, 0.1], [1, 30])
    whole = model.sample_features(12, np.random.default_rng([7, 2]))
    parts = draw_together(model, [3, 3, 6], (7, 2))
    assert [len(part) for part in parts] == [3, 3, 6]
    for place, block in enumerate(whole.blocks):
        assert (np.concatenate([part.blocks[place] for part in parts]) == block).all()


@pytest.mark.parametrize(
    ("model", "target"),
    [
        (ReluSphere(4), mixed_target(4, {1: 1.0})),
        (LinearGaussian([1.0, 0.1], [1, 30]), LinearTarget((1.0, 0.0))),
    ],
    ids=["sphere", "linear"],
)
def test_no_one_asks_for_the_type_of_a_model(model, target):
    options = {"teacher_width": 6, "student_width": 40, "draws": 2, "seed": 1}
    known, plain = (simulate(m, target, **options) for m in (model, Plain(model)))
    assert known.student_loss.tolist() == plain.student_loss.tolist()
    assert known.kappa.tolist() == plain.kappa.tolist()
    assert (known.memory == "") == model.joint
    (features,) = draw_features(model, 6, [0], (1,))
    assert certified_loss(Plain(model), features, target).overlaps(
        certified_loss(model, features, target)
    )
    assert certified_kappa(Plain(model), features, [1]).contains(kappa(model, features, [1]).kappa)
    predicted = (deterministic_equivalent(m, target, 6).loss for m in (model, Plain(model)))
    assert len(set(predicted)) == 1


def test_gains():
    found = relu_gains(8, mixed_target(8, {1: 1.0}), 32, 4)
    assert found.pgr == pytest.approx(1 - found.ratios, rel=1e-14)
    assert (found.square_ratios > 0.75).all()


def test_finite_students_teach_the_same_teachers_and_approach_the_infinite_one():
    target = mixed_target(8, {1: 1.0})
    infinite = relu_gains(8, target, 16, 4)
    narrow, wide = (finite_gains(8, target, 16, 4, width) for width in (64, 1024))
    for found in (narrow, wide):
        assert found.teacher_losses == pytest.approx(infinite.teacher_losses, rel=1e-12)
        assert 0 < found.ceiling < 1
        assert found.estimate < 1e-5
    gaps = [np.abs(found.student_losses - infinite.student_losses) for found in (narrow, wide)]
    assert np.all(gaps[1] < gaps[0])


def test_recovered_gap_is_measured_from_the_ceiling():
    found = Gains(
        dim=3, width=1, teacher_losses=np.array([0.5]), student_losses=np.array([0.3]), ceiling=0.1
    )
    assert found.pgr == pytest.approx([0.5], rel=1e-14)


class Flattered(Plain):
    """A model that overstates how much of the target its teachers hold."""

    def expand(self, target, features, weights, max_degree):
        found = self._model.expand(target, features, weights, max_degree)
        return replace(found, overlaps=1.2 * found.overlaps)


def test_a_loss_below_the_floor_is_an_error_of_the_model():
    target = mixed_target(8, {1: 1.0})
    options = {"teacher_width": 24, "student_width": None, "draws": 2, "seed": 0}
    honest = simulate(ReluSphere(8), target, **options)
    assert (honest.floor <= honest.student_loss).all()
    with pytest.raises(ValueError, match=r"must respect Theorem 4.1's floor 0.00\d+ at L_TE"):
        simulate(Flattered(ReluSphere(8)), target, **options)
