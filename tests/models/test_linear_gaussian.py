from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from w2s_theory.models.linear_features import LinearFeatures, LinearTarget
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.spiked_law import sample_spiked_losses
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.linear_law import student_losses


def test_explicit_rows_give_the_dense_algebra() -> None:
    model = LinearGaussian((2.0, 0.5, 0.1), (2, 3, 20))
    rng = np.random.default_rng(0)
    rows, beta = rng.standard_normal((8, 25)), rng.standard_normal(25)
    psi = np.repeat(model.levels, model.multiplicities)
    beta /= np.sqrt(psi @ beta**2)
    features, target = model.features_from_rows(rows, beta), model.target(beta)
    gram = (rows * psi) @ rows.T
    overlaps = rows @ (psi * beta)
    # The reference here and below is plain float64 algebra on eight well-conditioned rows.
    assert model.gram(features) == pytest.approx(gram, rel=1e-12)
    assert model.target_overlaps(target, features) == pytest.approx(overlaps, rel=1e-12)
    assert sum(model.space_gram(features, k) for k in range(3)) == pytest.approx(gram, rel=1e-12)
    teacher = fit_teacher(model, features, target)
    assert teacher.loss == pytest.approx(1 - overlaps @ np.linalg.solve(gram, overlaps), rel=1e-10)
    coordinates = np.sqrt(psi) * (rows.T @ teacher.weights)
    truth = np.sqrt(psi) * beta
    times = np.geomspace(1e-2, 1e3, 30)
    kept = 1 - np.exp(-np.outer(times, psi))
    losses = ((kept * coordinates - truth) ** 2).sum(axis=1)
    assert infinite_student(teacher, times).losses == pytest.approx(losses, rel=1e-10)
    assert infinite_student(teacher, times).truncation == pytest.approx(0, abs=0)


def test_products_round_as_often_as_their_longest_sums() -> None:
    """B^T w over 3 rows, B of it over 20 columns, a scaling, and the sum over 3 levels."""
    model = LinearGaussian((2.0, 0.5, 0.1), (2, 3, 20))
    rng = np.random.default_rng(1)
    rows, beta = rng.standard_normal((3, 25)), rng.standard_normal(25)
    beta /= np.sqrt(np.repeat(model.levels, model.multiplicities) @ beta**2)
    system = model.extended_system(model.target(beta), model.features_from_rows(rows, beta))
    assert system.roundings >= 3 + 20 + 1 + 3
    weights = rng.standard_normal(3)
    gram = (rows * np.repeat(model.levels, model.multiplicities)) @ rows.T
    assert np.asarray(system.product(weights), float) == pytest.approx(gram @ weights, rel=1e-12)
    assert (system.magnitude(np.abs(weights)) >= np.abs(system.product(weights))).all()


def test_compressed_blocks_have_the_gram_law_of_gaussian_rows() -> None:
    # Wishart(m) in 3 rows: compare a nonlinear statistic, det W = product of independent chi2.
    width, count, draws = 3, 40, 4000
    rng = np.random.default_rng(1)
    model = LinearGaussian((1.0,), (count,))
    sampled = [np.linalg.det(model.gram(model.sample_features(width, rng))) for _ in range(draws)]
    exact = np.prod([rng.chisquare(count - i, draws) for i in range(width)], axis=0)
    assert model.sample_features(width, rng).blocks[0].shape == (3, 4)
    assert stats.ks_2samp(sampled, exact).pvalue > 1e-6
    wrong = np.prod([rng.chisquare(count - 2 - i, draws) for i in range(width)], axis=0)
    assert stats.ks_2samp(sampled, wrong).pvalue < 1e-6  # the test can tell 2 degrees of freedom


def test_the_exact_law_of_the_spiked_teacher() -> None:
    width, dim, psi, draws = 32, 181, 1 / 32, 3000
    rng = np.random.default_rng(2)
    model = LinearGaussian((1.0, psi), (1, dim - 1))
    target = LinearTarget((1.0, 0.0))
    simulated = [
        fit_teacher(model, model.sample_features(width, rng), target).loss for _ in range(draws)
    ]
    exact = sample_spiked_losses(width, dim, psi, draws, rng)
    assert stats.ks_2samp(simulated, exact).pvalue > 1e-6
    wrong = sample_spiked_losses(width, dim, psi * 1.06, draws, rng)
    assert stats.ks_2samp(simulated, wrong).pvalue < 1e-6


def test_spiked_losses_at_extreme_spectra() -> None:
    def draws(psi: float) -> np.ndarray:
        return sample_spiked_losses(2, 5, psi, 9, np.random.default_rng(1))

    odds = draws(1.0) / (1 - draws(1.0))
    for psi in (1e-300, 1e-9, 1e9, 1.7e308):
        assert draws(psi) == pytest.approx(1 / (1 + 1 / odds / psi), rel=1e-14)
    with pytest.raises(ValueError, match="dim"):
        sample_spiked_losses(2, 10**400, 1.0, 9, np.random.default_rng(1))


def test_the_spiked_student_in_closed_form() -> None:
    model = LinearGaussian((1.0, 0.02), (1, 400))
    teacher = fit_teacher(
        model, model.sample_features(50, np.random.default_rng(3)), LinearTarget((1.0, 0.0))
    )
    curve = infinite_student(teacher)
    closed = student_losses([teacher.loss], 0.02, curve.times)[0]
    # The closed form starts from the loss, which float64 holds to 1e-16 absolute.
    assert curve.losses == pytest.approx(closed, rel=1e-9)


def test_a_million_dimensions_need_no_array_of_that_length() -> None:
    model = LinearGaussian((1.0, 1e-4), (1, 10**6 - 1))
    features = model.sample_features(64, np.random.default_rng(4))
    assert [block.shape for block in features.blocks] == [(64, 1), (64, 65)]
    teacher = fit_teacher(model, features, LinearTarget((1.0, 0.0)))
    # psi Y/(psi Y + X) with X ~ chi2_64, Y ~ chi2 close to 1e6: mean near 100/164
    assert 0.4 < teacher.loss < 0.8


def test_reference_ratios_of_the_student_to_the_squared_teacher_loss() -> None:
    times = np.geomspace(1e-2, 1e4, 3000)
    for width, expected in ((16, 1.471), (64, 1.114), (256, 1.0246), (1024, 1.0048)):
        dim = int(width**1.5)
        psi = (dim - 1) ** (-2 / 3)
        losses = sample_spiked_losses(width, dim, psi, 1000, np.random.default_rng(width))
        ratios = student_losses(losses, psi, times).min(axis=1) / losses**2
        spread = 5 * ratios.std() / np.sqrt(1000)  # two-sided 6e-7; the reference is a mean too
        assert abs(ratios.mean() - expected) < np.sqrt(2) * spread + 5e-4


@pytest.mark.parametrize(
    ("levels", "multiplicities"),
    [((), ()), ((1.0, 1.0), (1, 1)), ((1.0, 0.0), (1, 1)), ((1.0,), (0,)), ((1.0,), (1, 2))],
)
def test_bad_levels(levels: tuple[float, ...], multiplicities: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"levels|multiplicities"):
        LinearGaussian(levels, multiplicities)


def test_bad_targets_features_and_laws() -> None:
    model = LinearGaussian((1.0, 0.5), (1, 3))
    with pytest.raises(ValueError, match=r"norm 1, got 0\.5"):
        LinearTarget((0.5, 0.0))
    with pytest.raises(ValueError, match="direction"):
        model.target([0.0] * 4)
    with pytest.raises(ValueError, match="over 2 levels"):
        model.gram(LinearFeatures((np.ones((2, 1)),)))
    with pytest.raises(ValueError, match="over 2 levels"):
        model.unlearnable_energy(LinearTarget((1.0,)))
    with pytest.raises(ValueError, match="share"):
        LinearFeatures((np.ones((2, 1)), np.ones((3, 1))))
    with pytest.raises(ValueError, match=r"dim must be an integer in 5\.\.10\^300, got 4"):
        sample_spiked_losses(4, 4, 0.1, 3, np.random.default_rng(0))
    with pytest.raises(ValueError, match="losses must be in"):
        student_losses([1.5], 0.1, [1.0])
