"""A real experiment: scikit-learn's digits, a small teacher, three kinds of student."""

import numpy as np
import pytest

from tests.diagnose import digits
from w2s_theory.diagnose.diagnosis import diagnose
from w2s_theory.diagnose.kinds import Standing

SEEDS = (0, 1, 2)


def judged(seed, student, inputs):
    found = digits.run(seed)
    data = {"training": (found.labels, found.taught), "test": (found.truth, found.teacher)}
    return diagnose(*data[inputs], student, inputs=inputs)


@pytest.mark.parametrize("seed", SEEDS)
def test_early_stopped_random_features(seed):
    """On training inputs every stop is shrinkage optimal; nowhere is a violation reported."""
    curves = {f"{time:.4g}": digits.flow(seed, time) for time in digits.TIMES}
    for inputs in ("training", "test"):
        found = judged(seed, {step: both[inputs] for step, both in curves.items()}, inputs)
        assert {run.verdict for run in found.runs} == {Standing.WITHIN}
        assert 0 < found.best < len(found.runs) - 1  # an interior time
        assert found.agreement > found.best
        assert found.later_loss.low > 0
        run = found.run
        assert run.student_loss.high < run.teacher_loss.estimate
        assert 0 < run.pgr.low < run.pgr.high < run.instance_pgr_ceiling.low
        # Fitted to 600 other images the teacher is not shrinkage optimal here, and it is said.
        assert run.teacher_gap.high < 0
        assert run.instance_floor.estimate < run.floor.estimate < run.student_loss.estimate
        assert any("the teacher's gap is negative" in reason for reason in found.reasons)
        assert not any("assumption fails" in reason for reason in found.reasons)
        if inputs == "training":
            assert all(each.student_gap.estimate >= 0 for each in found.runs)
            misfits = [each.misfit.estimate for each in found.runs]
            assert misfits == sorted(misfits, reverse=True)
            assert found.agreement == len(found.runs) - 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_network_trained_whole_is_shrinkage_optimal_by_its_linear_head(seed):
    both = digits.network(seed)
    training = judged(seed, both["training"], "training")
    assert training.run.student_gap.low > 0
    assert training.verdict is Standing.WITHIN
    assert not any("not shrinkage optimal for these labels" in r for r in training.reasons)
    test = judged(seed, both["test"], "test")
    assert test.verdict is Standing.WITHIN
    assert test.run.gain.estimate > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_momentum_overshoots_and_is_told_though_the_loss_is_within(seed):
    found = judged(seed, digits.heavy_ball(seed, 20)["training"], "training")
    assert found.run.student_gap.high < 0
    assert found.verdict is Standing.WITHIN
    assert any("it is not shrinkage optimal for these labels" in r for r in found.reasons)
    assert found.run.instance_floor.estimate < found.run.limit.estimate
    test = judged(seed, digits.heavy_ball(seed, 20)["test"], "test")
    assert any("gap is negative on these inputs" in reason for reason in test.reasons)


def test_ten_copies_of_an_image_are_one_example():
    """Clusters: the interval with groups is that of the images, not of their copies."""
    found = digits.run(0)
    student = digits.flow(0, 100.0)["test"]
    single = diagnose(found.truth, found.teacher, student).run.student_loss
    copies = [np.repeat(v, 10, axis=0) for v in (found.truth, found.teacher, student)]
    naive = diagnose(*copies).run.student_loss
    grouped = diagnose(*copies, groups=np.repeat(np.arange(597), 10)).run.student_loss
    width = single.high - single.low
    assert naive.high - naive.low < 0.4 * width
    assert grouped.high - grouped.low == pytest.approx(width, rel=0.1)
