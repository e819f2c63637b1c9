"""kappa_S and the master bound: proofs, searches, certified networks, and the mean over draws."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

import numpy as np
import pytest
from flint import arb, arb_mat

from checks.support.judging import assumed, combine, judge_all
from checks.support.sampling import means, sample_all, sampled
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import ball, precision
from w2s_theory.experiments.draws import draw_teachers
from w2s_theory.experiments.gains import mixed_target
from w2s_theory.experiments.networks import relu_runs
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.base import Features, Goal, Model
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.roundoff import DOUBLE_EPS
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import Teacher, fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.spectra import get_activation
from w2s_theory.statistics import bounded_mean_interval
from w2s_theory.students.infinite import infinite_student
from w2s_theory.theorems.ball_kappa import certified_kappa, pencil
from w2s_theory.theorems.kappa import kappa

_DIGITS, _BITS = 12, 256
BLOCK = 250
"""Draws that are made together."""


@check("kappa-forms", Evidence.CERTIFIED)
def test_kappa_forms_certified(statement: Statement, profile: Profile) -> Outcome:
    """ReLU, S = degree 1, four ways in Arb: the pencil's inertia, an explicit basis, a teacher.

    sqrt(d) x_i is an orthonormal basis of degree 1; the worst target is the eigenvector's, so its
    teacher loss is the largest to second order in the eigenvector's rounding.
    """
    cases = [(3, 8), (4, 16), (8, 24)]
    settings = []
    for dim, width in cases:
        model = ReluSphere(dim)
        features = model.sample_features(width, profile.rng("kappa-forms", dim, width))
        by_pencil = certified_kappa(model, features, [1], digits=_DIGITS)
        with precision(_BITS):
            rows = _normalised(features)
            gram = arb_mat(pencil(model, features, [1]).whole)
            scale = get_activation("relu").certified(1, dim, digits=60) * arb(dim).sqrt()
            overlaps = arb_mat([[scale * x for x in row] for row in rows])
            compressed = overlaps.transpose() * gram.solve(overlaps)
            cosines = sorted((z.real for z in compressed.eig()), key=lambda x: float(x.mid()))
        matrix = np.array([[float(compressed[i, j].mid()) for j in range(dim)] for i in range(dim)])
        worst = np.linalg.eigh((matrix + matrix.T) / 2)[1][:, 0]
        target = harmonic_target(Harmonic(1, worst))
        loss = certified_loss(model, features, target, bits=_BITS)
        values = (
            (q.KAPPA, by_pencil),
            (q.PENCIL, 1 - by_pencil),
            (q.PENCIL_BEFORE, cosines[1]),
            (q.SIGMA2_MIN, cosines[0]),
            (q.WORST_LOSS, loss),
        )
        settings.append(BallSetting(values, (), f"dim {dim}, width {width}"))
    return judge_all(statement, settings, least=len(cases), digits=_DIGITS - 2)


def _normalised(features: FloatArray) -> list[list[arb]]:
    rows = [[arb(float(x)) for x in row] for row in features]
    norms = [sum((x * x for x in row), arb(0)).sqrt() for row in rows]
    return [[x / norm for x in row] for row, norm in zip(rows, norms, strict=True)]


@check("kappa-linear", Evidence.CERTIFIED)
def test_kappa_linear_certified(statement: Statement, profile: Profile) -> Outcome:
    """Gaussian features, k = 1, 2, 5: the pencil's inertia against A W^-1 A^T, in Arb."""
    settings = []
    for strong, width, weak in ((1, 6, 40), (2, 12, 90), (5, 16, 30)):
        model = LinearGaussian([1.0, 0.0625], [strong, weak])
        features = model.sample_features(width, profile.rng("kappa-linear", strong, width))
        by_pencil = certified_kappa(model, features, [0], digits=_DIGITS)
        with precision(_BITS):
            noise = arb_mat(pencil(model, features, [1]).part)
            rows = arb_mat([[arb(float(x)) for x in row] for row in features.blocks[0]])
            product = rows.transpose() * noise.solve(rows)
            least = min((z.real for z in product.eig()), key=lambda x: float(x.mid()))
        values = ((q.KAPPA, by_pencil), (q.BLOCK_MIN, least))
        settings.append(BallSetting(values, (), f"k {strong}, width {width}"))
    return judge_all(statement, settings, least=3, digits=_DIGITS - 2)


@check("kappa-width", Evidence.MONTE_CARLO)
def test_kappa_width_means(statement: Statement, profile: Profile) -> Outcome:
    """Means of kappa_S and L_TE, S one degree that carries the target, by empirical Bernstein.

    Both lie in [0, 1]; only settings whose bounds are below 1 are effective.
    """
    cells = [partial(_means, profile, cell) for cell in ((3, 32, 1), (5, 8, 0), (8, 8, 0))]
    return sample_all(statement, cells, first=BLOCK, resolves=means(2, 0.25))


def _means(profile: Profile, cell: tuple[int, int, int], draws: int, rate: float) -> BallSetting:
    dim, width, degree = cell
    seeds = [profile.stream("kappa-width", i) for i in range(draws // BLOCK)]
    blocks = [_block(seed, dim, width, degree) for seed in seeds]
    aligned, losses = np.concatenate(blocks, axis=1)
    eigenvalue = float(ReluSphere(dim).spectrum(1).eigenvalues[degree])
    count = dim if degree else 1
    inverse = count / eigenvalue
    return sampled(
        {
            q.MEAN_KAPPA: bounded_mean_interval(aligned, 0, 1, error_rate=rate / 2),
            q.MEAN_LOSS: bounded_mean_interval(losses, 0, 1, error_rate=rate / 2),
        },
        (q.TRACE, ball(1 / (2 * dim), DOUBLE_EPS)),
        (q.LAMBDA_TARGET, ball(eigenvalue, eigenvalue * 1e-14)),
        (q.INVERSE_SUM, ball(inverse, inverse * 1e-14)),
        (q.SIZE, arb(count)),
        (q.WIDTH, arb(width)),
        label=f"dim {dim}, width {width}, degree {degree}",
    )


@cache
def _block(seed: int, dim: int, width: int, degree: int) -> FloatArray:
    """kappa_S and L_TE of `BLOCK` draws, shape (2, BLOCK)."""
    model, target = ReluSphere(dim), mixed_target(dim, {degree: 1.0})
    entropy = (seed, dim, width, degree)
    with one_thread_blas():
        found = [
            (kappa(model, teacher.features, [degree]).kappa, min(teacher.loss, 1.0))
            for teacher in draw_teachers(model, target, width, range(BLOCK), entropy)
        ]
    return np.array(found).T


@pytest.mark.parametrize("dim", [3, 8, 32])
@check("master-bound", Evidence.PROPERTY)
def test_master_bound_on_relu_networks(statement: Statement, profile: Profile, dim: int) -> Outcome:
    """Every draw, three sets S, times across training; balls hold rounding and truncation.

    In d = 3 Gram matrices are so ill-conditioned that kappa_S is enclosed in Arb (width <= 64).
    The margin is the least slack, relative to the bound.
    """
    widths = tuple(w for w in profile.widths if dim > 3 or w <= 64)
    settings = (
        setting
        for run in relu_runs(dim, widths, profile.draws, seed=profile.stream("master-bound"))
        for setting in _over_sets(statement, ReluSphere(dim), run.teacher, _DEGREES)
    )
    with one_thread_blas():
        return judge_all(statement, settings, least=50, digits=None)


@check("master-bound", Evidence.PROPERTY)
def test_master_bound_on_linear_networks(statement: Statement, profile: Profile) -> Outcome:
    """Two and three levels, k = 2 strong directions, S the strong ones with and without others."""
    outcomes = []
    for levels, counts in (((1.0, 0.05), (2, 300)), ((1.0, 0.25, 0.02), (2, 10, 200))):
        model = LinearGaussian(levels, counts)
        direction = np.zeros(model.dim)
        direction[0] = 1.0
        sets = ((0,), (0, 1)) if len(levels) > 2 else ((0,),)
        for width in profile.widths[:2]:
            features = model.sample_features(width, profile.rng("master-bound", levels, width))
            teacher = fit_teacher(model, features, model.target(direction))
            settings = _over_sets(statement, model, teacher, sets)
            outcomes.append(judge_all(statement, settings, least=8, digits=None))
    return combine(*outcomes)


_DEGREES = ((1,), (0, 1), (0, 1, 2))


def _over_sets(
    statement: Statement,
    model: Model[Features, Goal],
    teacher: Teacher[Features, Goal],
    sets: tuple[tuple[int, ...], ...],
) -> Iterator[BallSetting]:
    spaces = teacher.spaces
    target = int(np.flatnonzero(teacher.target_energies > 0)[0])
    lowest = float(spaces.eigenvalues[target])
    times = np.geomspace(0.3, 300, 9) / lowest
    curve = infinite_student(teacher, times)
    loss = ball(teacher.loss, teacher.error_bound + teacher.optimality_gap)
    for inside in sets:
        aligned = _alignment(model, teacher.features, inside)
        out = [k for k in range(spaces.eigenvalues.size) if k not in inside]
        leak = max(float(spaces.eigenvalues[out].max()), spaces.beyond)
        for i, time in enumerate(times):
            student = ball(
                float(curve.losses[i] + curve.truncation[i] / 2),
                float(curve.error_bound[i] + curve.truncation[i] / 2),
            )
            values = (
                (q.L_ST, student),
                (q.L_TE, loss),
                (q.KAPPA, aligned),
                (q.LAMBDA_TARGET, ball(lowest, lowest * 1e-14)),
                (q.LAMBDA_OUT, ball(leak, leak * 1e-14)),
                (q.TIME, arb(float(time))),
            )
            yield BallSetting(values, assumed(statement), f"S = {inside}, t = {time:.3g}")


def _alignment(model: Model[Features, Goal], features: Features, inside: tuple[int, ...]) -> arb:
    if model.dim == 3:
        return certified_kappa(model, features, inside, digits=7)
    found = kappa(model, features, inside)
    low = max(found.kappa - found.error_bound, 0.0)
    return arb(low).union(arb(min(found.kappa + found.error_bound, 1.0)))
