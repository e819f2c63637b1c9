from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from w2s_theory.models.linear_features import LinearTarget
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.parallel import product, silent
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import Teacher, fit_teacher, teacher_from_weights
from w2s_theory.students import finite
from w2s_theory.students.ball_finite import certified_finite
from w2s_theory.students.filters import (
    Chain,
    GradientDescent,
    GradientFlow,
    HeavyBall,
    Ridge,
    SpectralCutoff,
)
from w2s_theory.students.finite import FiniteSweep, finite_students
from w2s_theory.students.infinite import infinite_student
from w2s_theory.students.operators import TiledOperator, build_kept
from w2s_theory.students.spectral import SpectralFilter, flow_resolvent

ERROR_RATE = 1e-6


def _sphere(
    dim: int, width: int, widths: tuple[int, ...], seed: int = 0
) -> tuple[ReluSphere, np.ndarray, list[Teacher]]:
    model, rng = ReluSphere(dim), np.random.default_rng(seed)
    student = model.sample_features(width, rng)
    target = harmonic_target(Harmonic(1, np.eye(dim)[0]))
    teachers = [fit_teacher(model, model.sample_features(m, rng), target) for m in widths]
    return model, student, teachers


def _dense(
    model: ReluSphere, student: np.ndarray, teachers: list[Teacher]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """G/M, b/sqrt(M) and the columns h/sqrt(M), from their definitions."""
    width = len(student)
    labels = [model.cross_gram(student, t.features) @ t.weights for t in teachers]
    overlaps = model.target_overlaps(teachers[0].target, student)
    return (
        model.gram(student) / width,
        overlaps / np.sqrt(width),
        np.stack(labels, axis=1) / np.sqrt(width),
    )


def _dense_losses(
    system: tuple[np.ndarray, np.ndarray, np.ndarray], resolvents: object
) -> np.ndarray:
    gram, overlaps, labels = system
    values, vectors = np.linalg.eigh(gram)
    values = np.maximum(values, 0)
    phi = resolvents(values)  # type: ignore[operator]
    h, b = vectors.T @ labels, vectors.T @ overlaps
    return (1 - 2 * phi @ (h * b[:, None]) + (phi**2 * values) @ h**2).T


def _losses(sweep: FiniteSweep) -> np.ndarray:
    return np.stack([curve.losses for curve in sweep.curves])


@pytest.mark.parametrize(
    ("dim", "width", "widths"),
    [(32, 1024, (16, 64, 256)), (8, 512, (16, 100, 100)), (3, 200, (10, 40)), (4, 30, (10, 20))],
)
def test_curves_match_dense_eigh(dim: int, width: int, widths: tuple[int, ...]) -> None:
    model, student, teachers = _sphere(dim, width, widths)
    sweep = finite_students(model, student, teachers, tolerance=1e-9, max_blocks=200)
    times = sweep.curves[0].times
    exact = _dense_losses(_dense(model, student, teachers), lambda v: flow_resolvent(v, times))
    assert np.abs(_losses(sweep) - exact).max() < 1e-8
    best = np.array([curve.best_loss for curve in sweep.curves])
    assert all(curve.best_error <= 1e-9 for curve in sweep.curves)
    assert (np.abs(_losses(sweep) - exact).max(axis=1) <= 1e-6 * best + 1e-13).all()
    # the ceiling is the least-squares loss of the student's own features on the truth
    own = fit_teacher(model, student, teachers[0].target, rank_revealing=True)
    assert abs(sweep.ceiling - own.loss) <= sweep.ceiling_estimate + own.error_bound
    assert sweep.ceiling_estimate < 1e-12


@pytest.mark.parametrize("tolerance", [1e-4, 1e-6, 1e-8])
@pytest.mark.parametrize(("dim", "width"), [(32, 700), (16, 500), (5, 300), (3, 300)])
def test_the_error_estimate_covers_the_error(dim: int, width: int, tolerance: float) -> None:
    for seed in range(3):
        model, student, teachers = _sphere(dim, width, (16, 48), seed)
        sweep = finite_students(model, student, teachers, tolerance=tolerance, max_blocks=200)
        times = sweep.curves[0].times
        exact = _dense_losses(
            _dense(model, student, teachers), lambda v, at=times: flow_resolvent(v, at)
        )
        error = np.abs(_losses(sweep) - exact).max()
        assert error <= sweep.estimate + 1e-14  # the dense reference rounds, too
        assert sweep.converged
        for curve in sweep.curves:
            assert curve.error_bound.max() <= tolerance * curve.best_loss


@dataclass
class _Slow:
    """A projection whose forms err by 1/steps, as slowly as the estimate is made for."""

    steps: int

    def losses(self, _resolvents: object) -> np.ndarray:
        return np.array([[1 + 2 / self.steps]])

    def forms(self, _resolvents: object) -> np.ndarray:
        return np.full((3, 1, 1), 1 / self.steps)

    def ceiling(self) -> float:
        return 0.5 + 1 / self.steps

    def rounding(self, _resolvents: object) -> np.ndarray:
        return np.zeros((1, 1))


@pytest.mark.parametrize("tolerance", [0.3, 0.03, 0.003])
def test_the_estimate_is_that_of_the_slowest_errors_and_not_far_above(
    tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of h.phi g by Cauchy-Schwarz and of the part kept: 1/steps each; of the ceiling 1/steps."""
    taken: list[int] = []
    lanczos = SimpleNamespace(step=lambda: taken.append(1), exhausted=False)
    monkeypatch.setattr(finite, "project", lambda *_: _Slow(len(taken)))
    question = SimpleNamespace(resolvents=lambda _: None)
    end = finite._iterate(lanczos, None, question, tolerance, 10_000, progress=silent)
    assert end.converged
    assert not end.spent
    assert end.steps == len(taken)
    assert (
        2 / end.steps
        <= end.estimates[0, 0]
        <= min(3.5 / end.steps, tolerance * (1 + 2 / end.steps))
    )
    assert 1 / end.steps <= end.ceiling_estimate <= 5 / end.steps
    taken.clear()
    early = finite._iterate(lanczos, None, question, 1e-3, 5, progress=silent)
    assert (early.steps, early.spent, early.converged) == (5, True, False)


def test_labels_of_weights_that_cancel_are_rounded_as_such() -> None:
    """Of three pairs of neighbours: entries of 1e6 make up a label of about 1."""
    model, rng = ReluSphere(3), np.random.default_rng(5)
    rows = model.sample_features(3, rng)
    near = rows + 1e-6 * model.sample_features(3, rng)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    features, signs = np.concatenate([rows, near]), np.repeat([1e6, -1e6], 3)
    target = harmonic_target(Harmonic(1, np.eye(3)[0]))
    teacher = teacher_from_weights(model, features, target, signs)
    student = model.sample_features(40, rng)
    (curve,) = finite_students(model, student, [teacher], [1.0, 100.0], required=False).curves
    exact = certified_finite(model, student, teacher)
    errors = [
        float(abs(exact.loss(float(time)) - float(loss)).upper())
        for time, loss in zip(curve.times, curve.losses, strict=True)
    ]
    assert (np.array(errors) <= curve.error_bound).all()
    plain = 16 * 1.2e-16 * (1 + float(curve.losses.max()))
    assert max(errors) > plain  # what an estimate from the labels alone would say


def test_early_stops_need_no_more_than_early_losses() -> None:
    model, student, teachers = _sphere(32, 700, (16, 48))
    rate = teachers[0].spaces.eigenvalues[1]
    early = finite_students(model, student, teachers, [1 / rate, 6 / rate])
    full = finite_students(model, student, teachers)
    assert early.steps < full.steps


RULES: list[SpectralFilter] = [
    GradientFlow(1e4),
    GradientFlow(np.inf),
    Ridge(1e-4),
    GradientDescent(40.0, 300),
    HeavyBall(50.0, 0.9, 200),
    SpectralCutoff(1e-3),
    Chain((GradientFlow(2e4), Ridge(1e-5))),
]


def test_rules_match_their_own_iterations_on_the_dense_gram() -> None:
    model, student, teachers = _sphere(8, 300, (20, 60))
    sweep = finite_students(model, student, teachers, RULES, tolerance=1e-9, max_blocks=200)
    sweep_with_basis = finite_students(
        model, student, teachers, RULES, tolerance=1e-9, max_blocks=200, keep_basis=True
    )
    system = _dense(model, student, teachers)
    gram, overlaps, labels = system

    def loss(v: np.ndarray) -> np.ndarray:
        return 1 - 2 * overlaps @ v + np.einsum("ij,ij->j", v, gram @ v)

    v = old = np.zeros_like(labels)
    for _ in range(300):
        v = v + 40.0 * (labels - gram @ v)
    ball = old = np.zeros_like(labels)
    for _ in range(200):
        ball, old = ball + 50.0 * (labels - gram @ ball) + 0.9 * (ball - old), ball
    ridge = np.linalg.solve(gram + 1e-4 * np.eye(300), labels)
    flow = _dense_losses(system, lambda w: np.stack([GradientFlow(2e4).resolvent(w)]))
    weights = sweep_with_basis.weights(1, RULES[3])
    # A loss good to 1e-9 bounds no weight; this rule damps what the sweep has not found.
    assert weights == pytest.approx(v[:, 1] / np.sqrt(300), rel=1e-6, abs=1e-9)
    with pytest.raises(ValueError, match="keep_basis"):
        sweep.weights(1, RULES[3])
    chain = _dense_losses(
        system, lambda w: np.stack([GradientFlow(2e4).resolvent(w) * w / (w + 1e-5)])
    )
    computed = _losses(sweep).T
    # The tolerance asked of the sweep; ten times it for the chain, whose filter is steeper.
    assert computed[3] == pytest.approx(loss(v), abs=1e-9)
    assert computed[4] == pytest.approx(loss(ball), abs=1e-9)
    assert computed[2] == pytest.approx(loss(ridge), abs=1e-9)
    assert computed[6] == pytest.approx(chain[:, 0], abs=1e-8)
    assert np.abs(flow - chain).max() > 1e-4
    for curve in sweep.curves:
        best = int(curve.losses.argmin())
        assert curve.best_loss == curve.losses[best]
        assert curve.best_time == RULES[best].time


def test_infinite_time_is_the_projection_of_the_teacher() -> None:
    model, student, teachers = _sphere(6, 80, (30,))
    sweep = finite_students(
        model, student, teachers, [1.0, 1e9, np.inf], tolerance=1e-10, max_blocks=200
    )
    gram, overlaps, labels = _dense(model, student, teachers)
    v = np.linalg.solve(gram, labels[:, 0])
    assert sweep.curves[0].losses[2] == pytest.approx(1 - 2 * v @ overlaps + v @ gram @ v, abs=1e-9)
    # a student on the teacher's own features ends at the teacher
    same = finite_students(
        model, teachers[0].features, teachers, [np.inf], tolerance=1e-10, max_blocks=200
    )
    assert same.curves[0].losses[0] == pytest.approx(teachers[0].loss, abs=1e-9)


@pytest.mark.parametrize(("dim", "width"), [(32, 600), (4, 200)])
def test_no_curve_crosses_the_floor(dim: int, width: int) -> None:
    model, student, teachers = _sphere(dim, width, (8, 16, 64, 128))
    sweep = finite_students(model, student, teachers, tolerance=1e-9, max_blocks=200)
    for curve in sweep.curves:
        loss = curve.teacher_loss
        floor = (1 + loss - np.sqrt((1 + 3 * loss) * (1 - loss))) / 2
        assert (curve.losses > floor - curve.error_bound).all()
        assert curve.best_loss > floor
        assert curve.best_loss > sweep.ceiling - sweep.estimate


def test_matrix_free_and_float32_agree_with_dense() -> None:
    model, student, teachers = _sphere(16, 1300, (16, 64))  # three tiles a side
    kept = finite_students(model, student, teachers)
    free = finite_students(model, student, teachers, mode="matrix-free")
    assert kept.plan is not None
    assert free.plan is not None
    assert (kept.plan.mode, free.plan.mode) == ("dense", "matrix-free")
    assert np.abs(_losses(kept) - _losses(free)).max() < 1e-10
    single = finite_students(model, student, teachers, dtype=np.float32)
    assert kept.storage_error is None
    assert single.storage_error is not None
    moved = max(
        abs(a.best_loss - b.best_loss) for a, b in zip(kept.curves, single.curves, strict=True)
    )
    assert 1e-12 < single.storage_error < 1e-5
    assert moved < 20 * single.storage_error + 1e-9
    assert np.abs(_losses(kept) - _losses(single)).max() < 1e-5


def test_every_operator_is_the_gram_matrix_to_the_last_digits() -> None:
    # the step function: a diagonal cosine of 1 - 1e-16 would cost half the digits
    model = ReluSphere(4, "step")
    student = model.sample_features(1100, np.random.default_rng(0))
    exact = model.gram(student) / 1100
    block = np.random.default_rng(1).standard_normal((1100, 3))
    kept = build_kept(model, student)
    whole = kept.matrix()
    assert np.abs(whole - exact).max() < 1e-15
    assert (whole == whole.T).all()
    image = kept.apply(block)
    assert np.abs(image - exact @ block).max() < 1e-13
    assert (image == TiledOperator(model, student).apply(block)).all()
    single = build_kept(model, student, np.float32)
    assert 1e-9 < np.abs(single.apply(block) - exact @ block).max() < 1e-5


@pytest.mark.parametrize("number", [1, 3, 40])
def test_the_number_of_cores_changes_no_bit(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    model, student, _ = _sphere(6, 1300, (8,))
    block = np.random.default_rng(1).standard_normal((1300, 4))
    flat = np.random.default_rng(2).standard_normal((1300, 1300))

    def products() -> list[np.ndarray]:
        operators = build_kept(model, student), TiledOperator(model, student)
        return [*(operator.apply(block) for operator in operators), product(flat, block)]

    here = products()
    for module in ("models.parallel", "students.operators"):
        monkeypatch.setattr(f"w2s_theory.{module}.cores", lambda: number)
    assert all((a == b).all() for a, b in zip(here, products(), strict=True))


def test_a_product_that_is_interrupted_ends_within_a_tile(monkeypatch: pytest.MonkeyPatch) -> None:
    model, student, _ = _sphere(6, 4000, (8,))
    monkeypatch.setattr("w2s_theory.students.operators.TILE", 100)
    monkeypatch.setattr("w2s_theory.students.operators.cores", lambda: 2)
    seen = []

    def interrupted(stage: str, done: int, total: int) -> None:
        seen.append((done, total))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        TiledOperator(model, student, interrupted).apply(np.ones((4000, 1)))
    assert seen == [(done, 820) for done in (1, 2, 3)]


def test_linear_students_match_their_dense_kernel() -> None:
    model = LinearGaussian((1.0, 0.05), (2, 2000))
    features = model.sample_features(160, np.random.default_rng(0))
    target = LinearTarget((1.0, 0.0))
    teachers = [
        fit_teacher(model, features[:20], target),
        fit_teacher(model, features[20:60], target),
    ]
    student = features[60:]
    sweep = finite_students(model, student, teachers, tolerance=1e-9)
    system = _dense(model, student, teachers)  # type: ignore[arg-type]
    times = sweep.curves[0].times
    exact = _dense_losses(system, lambda v: flow_resolvent(v, times))
    assert np.abs(_losses(sweep) - exact).max() < 1e-8
    assert sweep.plan is None


@pytest.mark.slow
def test_finite_losses_approach_the_infinite_one_like_one_over_the_width() -> None:
    model, rng = ReluSphere(8), np.random.default_rng(7)
    target = harmonic_target(Harmonic(1, np.eye(8)[0]))
    teacher = fit_teacher(model, model.sample_features(32, rng), target)
    time = infinite_student(teacher).best_time
    limit = infinite_student(teacher, [time]).losses[0]
    widths = np.array([128, 256, 512, 1024])
    means, errors = [], []
    for width in widths:
        gaps = [
            finite_students(model, model.sample_features(int(width), rng), [teacher], [time])
            .curves[0]
            .losses[0]
            - limit
            for _ in range(40)
        ]
        means.append(np.mean(gaps))
        errors.append(np.std(gaps, ddof=1) / np.sqrt(40))
    relative = np.array(errors) / means
    x, y, weight = np.log(widths), np.log(means), relative**-2
    centre = (weight @ x) / weight.sum()
    slope = (weight @ ((x - centre) * y)) / (weight @ (x - centre) ** 2)
    spread = stats.t.ppf(1 - ERROR_RATE / 2, 39) / np.sqrt(weight @ (x - centre) ** 2)
    # the next term, of relative size 40/width or less, tilts the fit by at most this much
    tilt = 40 / widths[0] / np.log(widths[-1] / widths[0])
    assert abs(slope + 1) < spread + tilt
    assert spread + tilt < 0.5


def test_sampled_gradient_descent_agrees_within_its_sampling_error() -> None:
    model, student, teachers = _sphere(8, 64, (16,))
    teacher, rng = teachers[0], np.random.default_rng(11)
    gram, overlaps, _ = _dense(model, student, teachers)
    step, steps = 0.2 / np.linalg.eigvalsh(gram)[-1], 1500
    exact = (
        finite_students(
            model, student, teachers, [GradientDescent(step, steps)], tolerance=1e-11, max_blocks=64
        )
        .curves[0]
        .losses[0]
    )

    def trained(inputs: np.ndarray) -> float:
        phi = np.maximum(inputs @ student.T, 0) / np.sqrt(64)
        labels = np.maximum(inputs @ teacher.features.T, 0) @ teacher.weights
        second, first = phi.T @ phi / len(inputs), phi.T @ labels / len(inputs)
        v = np.zeros(64)
        for _ in range(steps):
            v += step * (first - second @ v)
        return float(1 - 2 * v @ overlaps + v @ gram @ v)

    gaps = []
    for _ in range(12):
        inputs = model.sample_features(20_000, rng)
        halves = (trained(inputs[:10_000]) + trained(inputs[10_000:])) / 2
        gaps.append(2 * trained(inputs) - halves - exact)  # jackknife: the 1/n bias cancels
    spread = np.std(gaps, ddof=1) / np.sqrt(12)
    assert abs(np.mean(gaps)) < stats.t.ppf(1 - ERROR_RATE / 2, 11) * spread
    assert spread < 0.01 * exact


def test_the_loss_formula_matches_sampled_inputs() -> None:
    model, student, teachers = _sphere(8, 64, (16,))
    gram, _, labels = _dense(model, student, teachers)
    ridge = Ridge(1e-3)
    sweep = finite_students(model, student, teachers, [ridge], tolerance=1e-11, max_blocks=64)
    v = np.linalg.solve(gram + 1e-3 * np.eye(64), labels[:, 0])
    inputs = model.sample_features(400_000, np.random.default_rng(3))
    outputs = np.maximum(inputs @ student.T, 0) @ v / np.sqrt(64)
    squares = (outputs - np.sqrt(8) * inputs[:, 0]) ** 2
    error = squares.std() / np.sqrt(len(squares))
    assert abs(squares.mean() - sweep.curves[0].losses[0]) < 4.9 * error  # two-sided 1e-6
    assert error < 0.01 * squares.mean()


def test_progress_reports_every_stage_to_its_end() -> None:
    model, student, teachers = _sphere(4, 600, (8,))
    seen: dict[str, list[tuple[int, int]]] = {}

    def record(stage: str, done: int, total: int) -> None:
        seen.setdefault(stage, []).append((done, total))

    finite_students(model, student, teachers, progress=record)
    assert set(seen) == {"labels", "gram", "lanczos"}
    for stage in ("labels", "gram"):
        assert seen[stage][-1][0] == seen[stage][-1][1]
        assert [done for done, _ in seen[stage]] == list(range(1, len(seen[stage]) + 1))


def test_memory_is_refused_with_the_estimate_and_what_fits() -> None:
    model, student, teachers = _sphere(4, 3000, (8,))
    kwargs = {"max_blocks": 3}
    with pytest.raises(ValueError, match=r"width 3000 needs 0\.2\d GiB \(dense\).*matrix-free"):
        finite_students(
            model, student, teachers, mode="dense", available_memory=250 * 2**20, **kwargs
        )
    with pytest.raises(ValueError, match=r"\(matrix-free\).*fewer teachers"):
        finite_students(model, student, teachers, available_memory=2**20, **kwargs)
    sweep = finite_students(
        model, student, teachers, [1.0], available_memory=245 * 2**20, max_blocks=9
    )
    assert sweep.plan is not None
    assert sweep.plan.mode == "matrix-free"
    assert "Gram in memory 0.2" in str(sweep.plan)


def test_bad_input() -> None:
    model, student, teachers = _sphere(4, 60, (8,))
    other = fit_teacher(
        model,
        model.sample_features(8, np.random.default_rng(0)),
        harmonic_target(Harmonic(2, np.ones(4))),
    )
    with pytest.raises(ValueError, match="share one target"):
        finite_students(model, student, [*teachers, other])
    with pytest.raises(ValueError, match="non-empty"):
        finite_students(model, student, [])
    with pytest.raises(ValueError, match="tolerance"):
        finite_students(model, student, teachers, tolerance=0.0)
    with pytest.raises(ValueError, match="dtype"):
        finite_students(model, student, teachers, dtype=np.int64)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="mode"):
        finite_students(model, student, teachers, mode="sparse")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="max_blocks = 4"):
        finite_students(model, student, teachers, max_blocks=4, tolerance=1e-9)
    marked = finite_students(model, student, teachers, max_blocks=4, tolerance=1e-9, required=False)
    assert not marked.converged
    assert marked.estimate > 1e-9 * marked.curves[0].best_loss
