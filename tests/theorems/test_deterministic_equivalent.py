"""The deterministic equivalent: its ridge, its energies, its limits."""

from __future__ import annotations

import numpy as np
import pytest

from w2s_theory.experiments.gains import mixed_target
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.theorems.deterministic_equivalent import (
    deterministic_equivalent,
    effective_ridge,
    kernel_levels,
)
from w2s_theory.theorems.linear_law import loss_quantile


def test_effective_ridge_solves_its_equation():
    levels = kernel_levels(LinearGaussian([1.0, 0.1], [3, 50]))
    ridge = effective_ridge(levels, 7)
    # The root is found to float64, and the count is well conditioned in it.
    assert 3 / (1 + ridge) + 50 * 0.1 / (0.1 + ridge) == pytest.approx(7, rel=1e-12)


def test_effective_ridge_refuses_a_perfect_teacher():
    levels = kernel_levels(LinearGaussian([1.0, 0.1], [3, 5]))
    with pytest.raises(ValueError, match=r"width must be < 8\.0"):
        effective_ridge(levels, 8)


def test_the_tail_counts():
    model = ReluSphere(3)
    short, long = kernel_levels(model, 200), kernel_levels(model, 4000)
    assert short.tail > 100 * long.tail
    ridge = effective_ridge(long, 64)
    # The tail enters as tail/ridge, an eigenvalue in it too high by its square over ridge^2; the
    # count falls by sum s (1 - s) > 1 in log ridge.
    slack = short.tail * long.eigenvalues[201:].max() / ridge**2
    assert effective_ridge(short, 64) == pytest.approx(ridge, rel=slack)


def test_predicted_energies_add_up():
    model = ReluSphere(5)
    target = mixed_target(5, {1: 0.4, 2: 0.6})
    found = deterministic_equivalent(model, target, 40)
    total = found.target_energies @ found.learned**2 + found.noise.sum()
    # Missing: the noise beyond the degrees listed.
    assert total == pytest.approx(1 - found.loss, abs=1e-9)
    assert found.curve([0.0])[0] == 1.0


def test_the_teacher_decays_as_its_spectrum_in_the_limit():
    for dim in (3, 8):
        target = harmonic_target(Harmonic(1, np.eye(dim)[0]))
        near, far = (deterministic_equivalent(ReluSphere(dim), target, m) for m in (10**5, 10**6))
        slope = np.log10(far.loss / near.loss)
        # A width of M resolves degrees up to K ~ M^(1/(d-1)); sums over them err by O(K^-2).
        assert slope == pytest.approx(-(1 + 3 / (dim - 1)), rel=1e5 ** (-2 / (dim - 1)))


def test_an_unlearnable_target_is_refused():
    with pytest.raises(ValueError, match="no energy in eigenspaces of eigenvalue 0"):
        deterministic_equivalent(ReluSphere(4), mixed_target(4, {3: 1.0}), 10)


def test_linear_model_equivalent_against_its_law():
    """psi (d - M)/M = 1: both give L_TE near 1/2, the equivalent up to O(1/M)."""
    width, dim = 200, 200 + 4000
    psi = width / (dim - width)
    model = LinearGaussian([1.0, psi], [1, dim - 1])
    target = model.target(np.eye(dim)[0])
    mean = float(loss_quantile(0.5, width, dim, psi))
    assert deterministic_equivalent(model, target, width).loss == pytest.approx(mean, rel=1 / width)


def test_a_target_of_endless_degrees_is_refused():
    class Endless(ReluSphere):
        def target_tail(self, target):
            return 0.1

    with pytest.raises(ValueError, match="finitely many degrees"):
        deterministic_equivalent(Endless(3), harmonic_target(Harmonic(1, [1.0, 0, 0])), 8)


@pytest.mark.parametrize("width", [4, 40, 1000])
def test_the_best_time_is_that_of_the_whole_grid(width):
    target = mixed_target(5, {1: 0.4, 2: 0.6})
    found = deterministic_equivalent(ReluSphere(5), target, width, 400)
    slowest = float(found.levels.eigenvalues[found.target_energies > 0].min())
    losses = found.curve(np.geomspace(1e-2, 1e6, 4001) / slowest)
    assert found.best()[1] == pytest.approx(losses.min(), rel=1e-14)
