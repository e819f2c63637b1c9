"""kappa_S against explicit bases, teacher losses and balls; its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from w2s_theory.experiments.gains import mixed_target
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.ball_kappa import certified_kappa, count_above, pencil
from w2s_theory.theorems.kappa import best_master_bound, kappa, master_bound


def drawn(dim, width, seed=0):
    model = ReluSphere(dim)
    return model, model.sample_features(width, np.random.default_rng([seed, dim, width]))


def by_basis(model, features):
    """Degree 1 through its orthonormal basis sqrt(d) x_i."""
    scale = float(model.spectrum(1).coefficients[1]) * np.sqrt(model.dim)
    overlaps = scale * features
    cosines = overlaps.T @ np.linalg.solve(model.gram(features), overlaps)
    return 1 - np.linalg.eigvalsh(cosines)[0]


@pytest.mark.parametrize(("dim", "width"), [(2, 5), (3, 10), (8, 30), (32, 64)])
def test_degree_one_agrees_with_its_basis(dim, width):
    model, features = drawn(dim, width)
    found = kappa(model, features, [1])
    assert found.size == dim
    assert abs(found.kappa - by_basis(model, features)) <= found.error_bound + 1e-12


def test_it_is_the_worst_loss_over_targets():
    model, features = drawn(4, 20)
    found = kappa(model, features, [2]).kappa
    rng = np.random.default_rng(1)
    targets = [harmonic_target(Harmonic(2, rng.standard_normal(4))) for _ in range(50)]
    losses = [fit_teacher(model, features, target).loss for target in targets]
    assert max(losses) <= found <= 1
    assert found < 4 * max(losses)


def test_more_spaces_and_fewer_units_make_it_worse():
    model, features = drawn(5, 60)
    sets = ([1], [0, 1], [0, 1, 2])
    values = [kappa(model, features, spaces).kappa for spaces in sets]
    assert values == sorted(values)
    fewer = kappa(model, features[:30], [1]).kappa
    assert fewer >= values[0]


def test_it_does_not_change_under_rotation():
    model, features = drawn(6, 40)
    turn = np.linalg.qr(np.random.default_rng(2).standard_normal((6, 6)))[0]
    turned = features @ turn
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    before, after = (kappa(model, f, [0, 2]) for f in (features, turned))
    assert abs(before.kappa - after.kappa) <= before.error_bound + after.error_bound


def test_blind_teachers():
    model, features = drawn(5, 10)
    assert kappa(model, features, [2]).kappa == 1.0  # 14 harmonics, 10 units
    assert kappa(model, features, [3]).kappa == 1.0  # a_3 = 0
    assert kappa(model, features, [1]).kappa < 1.0


@pytest.mark.parametrize(
    ("spaces", "message"),
    [([], "at least one"), ([1, 1], "distinct"), ([-1], "spaces must be an integer >= 0")],
)
def test_refused_spaces(spaces, message):
    model, features = drawn(3, 4)
    with pytest.raises(ValueError, match=message):
        kappa(model, features, spaces)


def test_dependent_features_are_refused():
    model, features = drawn(3, 6)
    features[1] = features[0]
    with pytest.raises(ValueError, match="linearly independent"):
        kappa(model, features, [1])


def test_levels_that_do_not_exist_are_refused():
    model = LinearGaussian([1.0, 0.1], [2, 30])
    features = model.sample_features(6, np.random.default_rng(0))
    with pytest.raises(ValueError, match="spaces must be < 2, got 2"):
        kappa(model, features, [2])


def matrix_form(strong, weak):
    """1/(1 + lambda_min(A W^-1 A^T)): A the strong coordinates (k, M), W the weak ones' Gram."""
    blocks = strong.T @ np.linalg.solve(weak, strong)
    return 1 / (1 + np.linalg.eigvalsh(blocks)[0])


@pytest.mark.parametrize("strong", [1, 2, 5])
def test_linear_model_by_its_matrix_form(strong):
    model = LinearGaussian([1.0, 0.05], [strong, 80])
    features = model.sample_features(12, np.random.default_rng(strong))
    weak = 0.05 * features.blocks[1] @ features.blocks[1].T
    # Two float64 routes to a number in [0, 1]; the weak block has a condition below 10.
    assert matrix_form(features.blocks[0], weak) == pytest.approx(
        kappa(model, features, [0]).kappa, abs=1e-12
    )


@pytest.mark.parametrize(("dim", "width", "spaces"), [(3, 10, [1]), (4, 24, [0, 1, 2])])
def test_the_enclosure_holds_the_float(dim, width, spaces):
    model, features = drawn(dim, width)
    ball = certified_kappa(model, features, spaces, digits=9)
    assert ball.contains(kappa(model, features, spaces).kappa)
    assert float(ball.rad()) < 2e-9


def test_the_enclosure_of_the_linear_model():
    model = LinearGaussian([1.0, 0.05], [2, 40])
    features = model.sample_features(10, np.random.default_rng(3))
    ball = certified_kappa(model, features, [0])
    weak = 0.05 * features.blocks[1] @ features.blocks[1].T
    assert ball.overlaps(ball * 0 + matrix_form(features.blocks[0], weak))


def test_inertia_counts_eigenvalues():
    model, features = drawn(3, 8)
    found = pencil(model, features, [1])
    whole, part = (
        np.array([[float(x) for x in row] for row in m]) for m in (found.whole, found.part)
    )
    shares = np.sort(np.linalg.eigvals(np.linalg.solve(whole, part)).real)
    from flint import fmpq

    for place in range(1, 4):
        middle = (shares[-place] + shares[-place - 1]) / 2
        assert count_above(found, fmpq(*float(middle).as_integer_ratio())) == place


def test_enclosures_are_refused_where_they_would_lie_or_take_long():
    model, features = drawn(3, 70)
    with pytest.raises(ValueError, match="at most 64"):
        certified_kappa(model, features, [1])
    with pytest.raises(ArithmeticError, match="not within"):
        certified_kappa(*drawn(3, 60), [1], digits=18)


def test_the_best_bound_lies_above_the_student():
    for dim, width in ((8, 64), (32, 128)):
        model, features = drawn(dim, width)
        target = harmonic_target(Harmonic(1, np.eye(dim)[0]))
        teacher = fit_teacher(model, features, target)
        best = best_master_bound(model, teacher)
        assert best.best_loss <= best.student_loss <= best.bound < teacher.loss
        assert 1 in best.spaces


def test_the_bound_at_the_ends_of_training():
    start = master_bound(0.2, 0.3, 1.0, 0.1, [0.0])[0]
    assert start == pytest.approx((np.sqrt(0.06) + np.sqrt(0.7)) ** 2, rel=1e-14)
    assert master_bound(0.2, 0.3, 1.0, 0.1, [1e9])[0] == pytest.approx(0.06 + 0.3, rel=1e-14)


def test_the_bound_is_above_the_curve():
    model, features = drawn(5, 40)
    target = harmonic_target(Harmonic(2, np.eye(5)[0]))
    teacher = fit_teacher(model, features, target)
    curve = infinite_student(teacher)
    found = kappa(model, features, [0, 1, 2])
    lowest, outside = (float(teacher.spaces.eigenvalues[k]) for k in (2, 4))
    bounds = master_bound(found.kappa, teacher.loss, lowest, outside, curve.times)
    assert (curve.losses <= bounds * (1 + 1e-9)).all()


def test_what_few_bits_do_not_decide_more_do():
    model, features = drawn(3, 12)
    assert certified_kappa(model, features, [1], bits=2).overlaps(
        certified_kappa(model, features, [1])
    )


def test_a_target_where_the_kernel_vanishes_is_refused():
    model, features = drawn(4, 20)
    target = mixed_target(4, {1: 0.8, 3: 0.2})
    teacher = fit_teacher(model, features, target, allow_unlearnable=True)
    with pytest.raises(ValueError, match="no energy in eigenspaces of eigenvalue 0"):
        best_master_bound(model, teacher)
