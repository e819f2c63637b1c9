"""The linear model's law and the deterministic equivalent, against independent oracles."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad
from sympy import lambdify

from w2s_theory.certify import to_fmpq
from w2s_theory.experiments.gains import Gains, finite_gains, mixed_target, relu_gains
from w2s_theory.experiments.networks import deviations
from w2s_theory.ledger import linear as ledger
from w2s_theory.ledger import quantities as q
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.spiked_law import sample_spiked_losses
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.search.spiked import BlockSetting
from w2s_theory.theorems.deterministic_equivalent import (
    deterministic_equivalent,
    effective_ridge,
    kernel_levels,
)
from w2s_theory.theorems.linear_law import (
    loss_cdf,
    loss_quantile,
    mean_ratio,
    optimal_time,
    student_losses,
)

CASES = [(4, 16, 0.25), (8, 40, 0.0625), (32, 181, 0.03125)]


@pytest.mark.parametrize(("width", "dim", "psi"), CASES)
def test_density_integrates_to_the_distribution(width, dim, psi):
    formula = ledger.LOSS_DENSITY
    density = lambdify(formula.args, formula.expr, modules="scipy")
    for end in (0.2, 0.5):
        area = quad(lambda x: density(x, width, dim, psi), 0, end, limit=200)[0]
        # quad's own tolerance is 1.5e-8.
        assert area == pytest.approx(float(loss_cdf(end, width, dim, psi)), rel=1e-7)


@pytest.mark.parametrize(("width", "dim", "psi"), CASES)
def test_quantiles_invert_the_distribution(width, dim, psi):
    levels = np.array([0.0, 1e-3, 0.3, 0.5, 0.99, 1.0])
    # Both are float64 incomplete beta functions; a level is at most 1.
    assert loss_cdf(loss_quantile(levels, width, dim, psi), width, dim, psi) == pytest.approx(
        levels, abs=1e-12
    )


@pytest.mark.parametrize(("width", "dim", "psi"), CASES)
def test_symbolic_mean_against_quadrature(width, dim, psi):
    a, b = mpmath.mpf(dim - width) / 2, mpmath.mpf(width) / 2
    weight = mpmath.beta(a, b)
    integral = mpmath.quad(
        lambda z: psi * z / (1 - z + psi * z) * z ** (a - 1) * (1 - z) ** (b - 1) / weight,
        [0, 0.5, 0.9, 1],
    )
    mean = ledger.MEAN_LOSS(width, dim, Fraction(psi)).evalf(20)
    assert float(mean) == pytest.approx(float(integral), rel=1e-10)


@pytest.mark.parametrize("loss", [1e-4, 0.1, 0.9])
@pytest.mark.parametrize("psi", [1e-4, 0.03, 0.5])
def test_the_optimal_time_beats_its_neighbours(loss, psi):
    time = optimal_time(loss, psi)
    before, at, after = student_losses([loss], psi, [0.99 * time, time, 1.01 * time])[0]
    assert at <= before
    assert at <= after


@pytest.mark.parametrize(("loss", "psi"), [(0, 0.5), (1, 0.5), (0.5, 0), (0.5, 1)])
def test_optimal_time_refusals(loss, psi):
    with pytest.raises(ValueError, match="must be"):
        optimal_time(loss, psi)


@pytest.mark.parametrize(
    ("width", "reference"),
    [(16, "1.471"), (64, "1.114"), (256, "1.0246"), (1024, "1.0048"), (4096, "1.00087")],
)
def test_mean_ratio_meets_the_reference(width, reference):
    """Reference: means of 1000 draws, d = floor(M^1.5), psi = (d-1)^(-2/3).

    Five standard errors, and half a unit of the digits the reference is given to.
    """
    dim = int(width**1.5 + 1e-9)
    psi = Fraction((dim - 1) ** (-2 / 3))
    found = mean_ratio(width, dim, psi)
    rng = np.random.default_rng(width)
    losses = sample_spiked_losses(width, dim, float(psi), 1000, rng)
    times = np.linspace(0, 5 * np.log(width), 3001)
    draws = student_losses(losses, float(psi), times).min(axis=1) / losses**2
    error = draws.std() / np.sqrt(1000)
    slack = 5 * error + 0.5 * 10.0 ** -len(reference.split(".")[1])
    assert float(found.low) - slack <= float(reference) <= float(found.high) + slack
    assert float(found.low) - 5 * error <= draws.mean() <= float(found.high) + 5 * error
    assert (found.high - found.low) / (found.low - 1) < 0.02


def test_mean_ratio_refuses_a_mean_that_is_infinite():
    with pytest.raises(ValueError, match=r"dim must be > width \+ 4"):
        mean_ratio(10, 14, Fraction(1, 2))


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


def test_deviation_rows_and_gains():
    (row,) = deviations((8,), (32,), 4)
    assert (row.dim, row.width, row.draws) == (8, 32, 4)
    assert row.predicted_student_loss < row.predicted_teacher_loss
    found = relu_gains(8, mixed_target(8, {1: 1.0}), 32, 4)
    assert found.pgr == pytest.approx(1 - found.ratios, rel=1e-14)
    assert (found.square_ratios > 0.75).all()


def test_one_feature_with_two_strong_directions_by_hand():
    # G = |a|^2 + psi |w|^2 is a number: L = 1 - (a.b)^2/G.
    setting = BlockSetting(
        strong=((Fraction(1), Fraction(2)),),
        weak=((Fraction(3), Fraction(0)),),
        target=(Fraction(3, 5), Fraction(4, 5)),
        root=Fraction(1, 3),
        time=Fraction(0),
    )
    values = setting.values()
    gram, overlap = 1 + 4 + 1, Fraction(11, 5)
    assert values[q.BLOCK_LOSS] == values[q.L_TE] == to_fmpq(1 - overlap**2 / gram)
    assert values[q.WEAK_ENERGY] == to_fmpq(overlap**2 / gram**2)
    assert values[q.L_ST] == 1


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
        dim=3,
        width=1,
        teacher_losses=np.array([0.5]),
        student_losses=np.array([0.3]),
        ceiling=0.1,
    )
    assert found.pgr == pytest.approx([0.5], rel=1e-14)
