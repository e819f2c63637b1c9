"""The rate of the gain on real networks: every scale at once, in balls."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial

import numpy as np
from flint import arb, arb_mat

from checks.support.judging import assumed, combine, judge_all, limits, part
from checks.support.sampling import means, sample_all, sampled
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import ball, lower, precision
from w2s_theory.experiments.draws import draw_features
from w2s_theory.experiments.gains import mixed_target
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.rate import LEVEL_AT
from w2s_theory.ledger.section4 import GRADIENT_FLOW
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.ball_sphere import unit_ball
from w2s_theory.models.legendre import iterate_exactly
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import SphereTeacher, fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting, NumberSetting
from w2s_theory.spectra.harmonics import multiplicity
from w2s_theory.statistics import bounded_mean_interval
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.floats import field_function
from w2s_theory.theorems.ball_kappa import certified_kappa
from w2s_theory.theorems.kappa import kappa
from w2s_theory.theorems.leverage import ceiling, freedom

NETWORKS = ((3, 24, 1), (3, 32, 2), (5, 24, 1), (8, 40, 1))
"""Dimension, width, degree of the target."""
_LAST = 4


@check("master-bound-multiscale", Evidence.CERTIFIED)
def test_multiscale_on_relu_networks(statement: Statement, profile: Profile) -> Outcome:
    """Linear and quadratic targets; S the target's degree, then degree after degree, in Arb."""
    with one_thread_blas():
        settings = [
            setting
            for dim, width, degree in NETWORKS
            for setting in _over_times(statement, profile, dim, width, degree)
        ]
    return judge_all(statement, settings, least=3 * len(NETWORKS), digits=None)


def _over_times(
    statement: Statement, profile: Profile, dim: int, width: int, degree: int
) -> Iterator[BallSetting]:
    model, target = ReluSphere(dim), mixed_target(dim, {degree: 1.0})
    features = model.sample_features(width, profile.rng("multiscale", dim, width))
    teacher = fit_teacher(model, features, target)
    student = certified_student(model, teacher)
    aligned = scales(model, teacher)
    spaces, lowest = teacher.spaces, student.eigenvalues[degree]
    for clock in (1.0, 4.0, 10.0, 30.0):
        time = clock / float(lowest)
        leaked, before = _leaked(aligned, spaces.beyond, time)
        gap = arb(0).union(arb(teacher.optimality_gap))
        values = (
            (q.L_ST, student.loss(time)),
            (q.L_TE, student.teacher_loss - gap),
            (q.KAPPA, aligned[0][1]),
            (q.LAMBDA_TARGET, lowest),
            (q.LAMBDA_OUT, arb(aligned[1][0])),
            (q.TIME, arb(time)),
            (q.LEAKED, leaked),
            (q.LEAKED_BEFORE, before),
        )
        yield BallSetting(values, assumed(statement), f"dim {dim}, width {width}, t = {time:.3g}")


def scales(model: ReluSphere, teacher: SphereTeacher) -> list[tuple[float, arb]]:
    """(largest eigenvalue of the degree added, kappa of the set with it), S first."""
    spaces = teacher.spaces
    inside = [int(k) for k in np.flatnonzero(teacher.target_energies > 0)]
    order = [int(k) for k in np.argsort(-spaces.eigenvalues, kind="stable")]
    found, low = [], float(spaces.eigenvalues[inside].min())
    found.append((low, certified_kappa(model, teacher.features, inside)))
    for degree in order:
        if degree not in inside and spaces.eigenvalues[degree] > 0 and len(found) <= _LAST:
            inside = [*inside, degree]
            value = float(spaces.eigenvalues[degree])
            found.append((value, certified_kappa(model, teacher.features, inside)))
    return found


def _leaked(aligned: list[tuple[float, arb]], beyond: float, time: float) -> tuple[arb, arb]:
    """By parts over the sets; what lies beyond the last at once."""
    flow = field_function(GRADIENT_FLOW)
    levels = [ball(value, 1e-14 * value) for value, _ in aligned[1:]]
    passed = [flow(level, arb(time)) ** 2 for level in levels]
    leaked = before = arb(0)
    for place, high in enumerate(passed):
        low = passed[place + 1] if place + 1 < len(passed) else high
        leaked += (high - low) * aligned[place + 1][1]
        before += (high - low) * aligned[place][1]
    return leaked + passed[-1], before + passed[-1] * aligned[-1][1]


@check("gain-rate", Evidence.CERTIFIED)
def test_gain_rate_on_relu_networks(statement: Statement, profile: Profile) -> Outcome:
    """At Delta's upper bound tr K - tr(G^-1 G_2), G_2 the Gram matrix of K^(1/2) sigma, in Arb.

    The bounds grow with Delta, so they hold there if they hold at Delta.
    """
    settings = []
    for dim, width, degree in NETWORKS:
        model, target = ReluSphere(dim), mixed_target(dim, {degree: 1.0})
        features = model.sample_features(width, profile.rng("gain-rate", dim, width))
        teacher = fit_teacher(model, features, target)
        student, spaces = certified_student(model, teacher), teacher.spaces
        inside = [k for k in range(degree + 1) if spaces.eigenvalues[k] > 0]
        lowest = min((student.eigenvalues[k] for k in inside), key=float)
        out = max((student.eigenvalues[k] for k in range(degree + 1, 12)), key=float)
        gap = arb(0).union(arb(teacher.optimality_gap))
        most = hidden_trace(model, features)
        for clock in (1.0, 4.0, 10.0, 30.0):
            time = clock / float(lowest)
            values = (
                (q.L_ST, student.loss(time)),
                (q.L_TE, student.teacher_loss - gap),
                (q.HIDDEN, most),
                (q.LAMBDA_TARGET, lowest),
                (q.LAMBDA_OUT, out),
                (q.TIME, arb(time)),
            )
            label = f"dim {dim}, width {width}, t = {time:.3g}"
            settings.append(BallSetting(values, assumed(statement), label))
    return judge_all(statement, settings, least=3 * len(NETWORKS), digits=None)


def hidden_trace(model: ReluSphere, features: FloatArray, last: int = 24) -> arb:
    """tr((I - P_T) K (I - P_T)), from above: degrees beyond `last` are left out of G_2."""
    with precision(256):
        rows = arb_mat([unit_ball(row) for row in features])
        cosines, size = rows * rows.transpose(), len(features)
        gram = arb_mat(model.ball_gram(features))
        flat = [cosines[i, j] for i in range(size) for j in range(size)]
        total = arb_mat(size, size)
        for degree, values in zip(
            range(last + 1), iterate_exactly(np.array(flat, dtype=object), model.dim), strict=False
        ):
            scale = model.sigma.certified(degree, model.dim, digits=60) ** 4
            scale *= multiplicity(degree, model.dim)
            total += arb_mat(size, size, [scale * value for value in values])
        seen = gram.solve(total)
        trace = arb(1) / (2 * model.dim)
        return trace - sum((seen[i, i] for i in range(size)), arb(0))


@check("leverage", Evidence.MONTE_CARLO)
def test_leverage_over_draws(statement: Statement, profile: Profile) -> Outcome:
    """How often some kappa_K exceeds mu/lambda_K, all degrees K at once; never more than delta.

    The first cells are at the width that is claimed; the last at a sixth of d(mu), which no
    clause speaks of but those of mutants.
    """
    cells = [(3, 64), (8, 64)] if profile.name == "quick" else [(3, 64), (3, 256), (8, 256)]
    drawn = [partial(_far, profile, cell, None) for cell in cells]
    drawn.append(partial(_far, profile, (3, 20), 120.0))
    claim = statement_part(statement)
    return sample_all(claim, drawn, first=DRAWS, least=len(cells), resolves=means(2, 0.25))


@check("gain-rate-limit", Evidence.CERTIFIED)
def test_gain_rate_limit_certified(statement: Statement, profile: Profile) -> Outcome:
    """Shares from 1 to 10^-12, and one above 1 for the assumption to exclude."""
    shares = ["1", "1/2", "1/50", "1/1000", "1/1000000000000", "3"]
    settings = [
        NumberSetting(
            (
                (q.HIDDEN, Fraction(share) * Fraction(1, 36)),
                (q.LAMBDA_TARGET, Fraction(1, 36)),
                (q.LAMBDA_OUT, Fraction(out)),
            )
        )
        for share in shares
        for out in ("0", "1/256", "1")
    ]
    held = judge_all(part(statement, 0), settings, least=12, digits=None)
    return combine(held, limits(statement, 1))


@check("leverage-power", Evidence.CERTIFIED)
def test_leverage_power_certified(statement: Statement, profile: Profile) -> Outcome:
    """d(mu) in balls at the level that K is for, and at ten times and a tenth of it.

    At d = 40, K = 40 the bound is within a factor 3; it is far from sharp where d exceeds K.
    """
    cells = itertools.product((2, 3, 5, 8, 32), (2, 4, 10, 40), (0.1, 1.0, 10.0))
    settings = [_cut(dim, cut, share) for dim, cut, share in cells]
    held = judge_all(part(statement, 0, 1), settings, least=40, digits=None)
    return combine(held, limits(statement, 3, SPACE_DIM=(2, 3, 8, 33), RISK=("1/20", 1)))


def _cut(dim: int, cut: int, share: float) -> BallSetting:
    level = share * float(lower(LEVEL_AT.expr)({q.CUT: arb(cut), q.SPACE_DIM: arb(dim)}))
    values = (
        *((q.SPACE_DIM, arb(dim)), (q.CUT, arb(cut)), (q.LEVEL, arb(level))),
        *((q.FREEDOM, freedom(dim, level)), (q.RISK, arb(_RISK))),
    )
    return BallSetting(values, (), f"dim {dim}, K = {cut}, mu = {level:.3g}")


DRAWS = 300
_RISK = 0.25


def statement_part(statement: Statement) -> Statement:
    """The clauses on risks, and no assumption of a single teacher."""
    return replace(part(statement, 3, 4), assumes=statement.assumes[4:])


def _far(
    profile: Profile, cell: tuple[int, int], count: float | None, draws: int, rate: float
) -> BallSetting:
    dim, width = cell
    level = ceiling(dim, width, _RISK).level if count is None else _level(dim, count)
    seen = freedom(dim, level)
    far, farther = _counted(profile.stream("leverage", dim), cell, level, draws)
    return sampled(
        {
            q.LEVERAGE_RISK: bounded_mean_interval(far, 0, 1, error_rate=rate / 2),
            q.FAR_RISK: bounded_mean_interval(farther, 0, 1, error_rate=rate / 2),
        },
        *((q.WIDTH, arb(width)), (q.FREEDOM, seen), (q.RISK, arb(_RISK))),
        label=f"dim {dim}, width {width}, mu = {level:.3g}",
    )


@cache
def _counted(seed: int, cell: tuple[int, int], level: float, draws: int) -> FloatArray:
    """Which draws are farther than the level, and than four times it: shape (2, draws)."""
    dim, width = cell
    model = ReluSphere(dim)
    with one_thread_blas():
        drawn = [
            [_exceeds(model, features, bound) for bound in (level, 4 * level)]
            for features in draw_features(model, width, range(draws), (seed, width))
        ]
    return np.array(drawn, dtype=float).T


def _level(dim: int, count: float) -> float:
    """A level with about so many degrees of freedom."""
    low, high = -60.0, 0.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if freedom(dim, np.exp(middle)) > count else (low, middle)
    return float(np.exp(low))


def _exceeds(model: ReluSphere, features: FloatArray, level: float) -> bool:
    """Whether kappa_K > mu/lambda_K for some K, as far as floats tell."""
    spaces = model.eigenspaces(40)
    inside: list[int] = []
    for degree in (0, 1, *range(2, 41, 2)):
        inside.append(degree)
        lowest = min(float(spaces.eigenvalues[k]) for k in inside)
        if lowest <= level:
            return False
        found = kappa(model, features, inside)
        if found.kappa + found.error_bound > level / lowest:
            return True
    return False
