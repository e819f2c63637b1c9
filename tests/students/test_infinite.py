from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

from w2s_theory.models.linear_features import LinearTarget
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import Teacher, fit_teacher
from w2s_theory.spectra import get_activation
from w2s_theory.students.curve import default_times
from w2s_theory.students.filters import (
    Chain,
    GradientDescent,
    GradientFlow,
    HeavyBall,
    IterateAveraging,
    Ridge,
    SpectralCutoff,
)
from w2s_theory.students.infinite import infinite_student


def _teacher(dim: int, degree: int, width: int, seed: int = 0, max_degree: int = 40) -> Teacher:
    model = ReluSphere(dim)
    units = model.sample_features(width, np.random.default_rng(seed))
    target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
    return fit_teacher(model, units, target, max_degree=max_degree)


def _floor(loss: float) -> float:
    return (1 + loss - np.sqrt((1 + 3 * loss) * (1 - loss))) / 2


def _mp_losses(teacher: Teacher, degree: int, times: list[float]) -> list[float]:
    """The definition, in 40 digits, from the same float weights and units."""
    dim, width = teacher.features.shape[1], teacher.features.shape[0]
    top = teacher.energies.size - 1
    relu = get_activation("relu")
    with mp.workdps(40):
        rows = [[mp.mpf(float(value)) for value in row] for row in teacher.features]
        norms = [mp.sqrt(mp.fdot(row, row)) for row in rows]
        rows = [[value / norm for value in row] for row, norm in zip(rows, norms, strict=True)]
        weights = [mp.mpf(float(value)) for value in teacher.weights]
        size, slope = mp.mpf(dim), []
        energies, overlap = [mp.mpf(0)] * (top + 1), mp.mpf(0)
        counts = [mp.mpf(1), size] + [
            mp.binomial(dim + k - 1, k) - mp.binomial(dim + k - 3, k - 2) for k in range(2, top + 1)
        ]
        ball = [relu.certified(k, dim, digits=30) for k in range(top + 1)]
        slope = [mp.mpf(value.mid().str(35, radius=False)) for value in ball]
        for i in range(width):
            overlap += weights[i] * _legendre(degree, dim, rows[i][0])[degree]
            for j in range(i + 1):
                both = weights[i] * weights[j] * (1 if i == j else 2)
                cosine = mp.mpf(1) if i == j else mp.fdot(rows[i], rows[j])
                for k, value in enumerate(_legendre(top, dim, cosine)):
                    energies[k] += both * value
        energies = [e * slope[k] ** 2 * counts[k] for k, e in enumerate(energies)]
        overlap *= slope[degree] * mp.sqrt(counts[degree])
        results = []
        for time in times:
            kept = [1 - mp.exp(-(a**2) * mp.mpf(time)) for a in slope]
            total = 1 - 2 * kept[degree] * overlap
            total += sum(s**2 * e for s, e in zip(kept, energies, strict=True))
            results.append(total)
        return results


def _legendre(top: int, dim: int, t: object) -> list[object]:
    values = [mp.mpf(1), t]
    for k in range(1, top):
        above = (2 * k + dim - 2) * t * values[k] - k * values[k - 1]
        values.append(above / (k + dim - 2))
    return values[: top + 1]


@pytest.mark.parametrize(("dim", "degree", "width"), [(3, 1, 60), (5, 2, 40), (32, 1, 40)])
def test_losses_match_the_definition_in_forty_digits(dim: int, degree: int, width: int) -> None:
    teacher = _teacher(dim, degree, width, max_degree=8)
    rate = teacher.spaces.eigenvalues[degree]
    times = [0.1 / rate, 1 / rate, 8 / rate, 1e3 / rate]
    curve = infinite_student(teacher, times)
    exact = _mp_losses(teacher, degree, times)
    for i, value in enumerate(exact):
        error = abs(mp.mpf(float(curve.losses[i])) - value)
        assert error <= curve.error_bound[i]
    assert (curve.error_bound < 1e-10).all()


def test_small_losses_keep_four_digits() -> None:
    teacher = _teacher(3, 1, 100, max_degree=8)
    time = 20 / teacher.spaces.eigenvalues[1]
    curve = infinite_student(teacher, [time])
    exact = _mp_losses(teacher, 1, [time])[0]
    assert 1e-10 < exact < 2e-9
    assert abs(float(curve.losses[0]) - float(exact)) <= curve.error_bound[0]
    assert float(curve.losses[0]) == pytest.approx(float(exact), rel=1e-6)  # what the docs claim
    assert curve.error_bound[0] < 1e-3 * float(exact)


@pytest.mark.parametrize(
    ("dim", "degree", "width", "teacher_loss", "student_loss"),
    [
        (32, 1, 16, 0.714, 0.628),
        (32, 1, 64, 0.229, 0.079),
        (32, 1, 128, 0.0914, 0.0119),
        (5, 2, 128, 4.6e-3, 4.6e-5),
        (8, 1, 128, 2.4e-3, 1.4e-5),
    ],
)
def test_reference_losses(
    dim: int, degree: int, width: int, teacher_loss: float, student_loss: float
) -> None:
    teachers = [_teacher(dim, degree, width, seed, max_degree=20) for seed in range(24)]
    curves = [infinite_student(teacher) for teacher in teachers]
    for values, reference in (
        ([teacher.loss for teacher in teachers], teacher_loss),
        ([curve.best_loss for curve in curves], student_loss),
    ):
        # Ours is a mean of 24, the reference a mean of 8 to 10 draws, given to two or three digits.
        spread = np.std(values, ddof=1) * np.sqrt(1 / 24 + 1 / 8)
        assert abs(np.mean(values) - reference) < 6 * spread + 0.01 * reference
    assert all(curve.best_loss > _floor(curve.teacher_loss) for curve in curves)
    if dim == 32:
        best = [
            c.best_time * t.spaces.eigenvalues[1] for c, t in zip(curves, teachers, strict=True)
        ]
        # The reference is given to one decimal.
        spread = np.std(best, ddof=1) * np.sqrt(1 / 24 + 1 / 8)
        assert abs(np.mean(best) - 6.4) < 6 * spread + 0.05


def test_the_whole_curve_lies_above_the_floor_and_ends_at_the_teacher() -> None:
    for teacher in (_teacher(32, 1, 64), _teacher(5, 2, 100), _teacher(4, 1, 200)):
        curve = infinite_student(teacher, np.geomspace(1, 1e80, 2000))
        top = curve.losses + curve.truncation
        assert (top > _floor(teacher.loss)).all()
        # At t = 1 the target's share learnt is at most lambda.
        carried = float(teacher.spaces.eigenvalues[teacher.target_energies > 0].max())
        assert (1 - carried) ** 2 <= curve.losses[0] < 1
        end = np.array([curve.losses[-1], top[-1]])
        assert end[0] <= teacher.loss + 1e-12
        assert end[1] >= teacher.loss - 1e-12


def test_the_truncation_covers_a_longer_expansion() -> None:
    short, long = _teacher(3, 1, 50, max_degree=6), _teacher(3, 1, 50, max_degree=200)
    times = default_times(short.spaces, short.target_energies)
    near, far = infinite_student(short, times), infinite_student(long, times)
    slack = near.error_bound + far.error_bound
    assert (far.losses >= near.losses - slack).all()
    assert (far.losses <= near.losses + near.truncation + slack).all()
    assert near.truncation[-1] > 100 * far.truncation[-1]
    assert near.truncation[-1] > 1e-6


def test_infinite_time_and_zero_time() -> None:
    model = LinearGaussian((1.0, 0.1), (1, 60))
    features = model.sample_features(20, np.random.default_rng(0))
    teacher = fit_teacher(model, features, LinearTarget((1.0, 0.0)))
    curve = infinite_student(teacher, [0.0, 1.0, np.inf])
    assert curve.losses[0] == 1
    assert curve.losses[2] == pytest.approx(teacher.loss, rel=1e-12)


def test_the_best_time_is_refined_between_grid_points() -> None:
    teacher = _teacher(32, 1, 64)
    coarse = infinite_student(teacher, default_times(teacher.spaces, teacher.target_energies, 9))
    fine = infinite_student(teacher, default_times(teacher.spaces, teacher.target_energies, 20001))
    assert coarse.best_loss <= fine.losses.min() * (1 + 1e-12)
    assert coarse.best_loss == pytest.approx(fine.losses.min(), rel=1e-6)
    # The fine grid steps by a factor 1e8^(1/20000) = 1.0009.
    assert coarse.best_time == pytest.approx(fine.times[fine.losses.argmin()], rel=1e-3)
    assert coarse.losses.min() > 1.01 * coarse.best_loss


def test_pgr() -> None:
    curve = infinite_student(_teacher(8, 1, 128))
    expected = (curve.teacher_loss - curve.best_loss) / curve.teacher_loss
    assert curve.pgr() == expected
    assert 0.98 < curve.pgr() < 1
    assert curve.pgr(ceiling=1e-5) > expected
    for bad in (-1.0, curve.teacher_loss, float("nan")):
        with pytest.raises(ValueError, match="ceiling"):
            curve.pgr(bad)


def test_filters_agree_with_their_limits() -> None:
    teacher = _teacher(32, 1, 64)
    top = teacher.spaces.eigenvalues.max()
    time = 6.4 / teacher.spaces.eigenvalues[1]
    flow = infinite_student(teacher, [time])
    step = 0.01 / top
    rules = [
        GradientFlow(time),
        GradientDescent(step, round(time / step)),
        Chain((GradientFlow(time), GradientFlow(np.inf))),
        SpectralCutoff(teacher.spaces.eigenvalues[1]),
        Ridge(1 / time),
        IterateAveraging(step, 50),
        HeavyBall(step, 0.5, 500),
    ]
    curve = infinite_student(teacher, rules)
    assert curve.losses[0] == pytest.approx(flow.losses[0], rel=1e-12)
    # Euler with step x = lambda_1 eta differs from the flow by a share x/2 of its time.
    assert curve.losses[1] == pytest.approx(flow.losses[0], rel=1e-3)
    assert curve.losses[2] == pytest.approx(flow.losses[0], rel=1e-12)
    miss = 1 - teacher.overlaps[1]
    kept = miss**2 + teacher.noise[1] + teacher.energies[0]
    assert curve.losses[3] == pytest.approx(kept, rel=1e-10)
    best = int(curve.losses.argmin())
    assert (curve.best_loss, curve.best_time) == (curve.losses[best], rules[best].time)
    assert infinite_student(teacher, rules[4]).losses[0] == curve.losses[4]


def test_bad_times_and_targets() -> None:
    teacher = _teacher(4, 1, 10)
    for times in ([], [2.0, 1.0], [-1.0], [float("nan")], [[1.0]]):
        with pytest.raises(ValueError, match="times"):
            infinite_student(teacher, times)
    with pytest.raises(ValueError, match="not both"):
        infinite_student(teacher, [1.0, Ridge(0.1)])
    with pytest.raises(ValueError, match="positive eigenvalue"):
        default_times(teacher.spaces, np.zeros_like(teacher.target_energies))
    with pytest.raises(ValueError, match="count"):
        default_times(teacher.spaces, teacher.target_energies, 1)
